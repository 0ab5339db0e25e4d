"""What looks at kept files have read and found, for those who must answer for the archive years later."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.people import Person
from newsroom.models.story import Story


class FixityDay(models.Model):
    """How much was re-read on one day of the office."""

    class Kind(models.TextChoices):
        PACKAGE = "package", _("Paket arsip")
        ORIGINAL = "original", _("Berkas asli")
        COPY = "copy", _("Salinan kedua")

    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    looks = models.PositiveIntegerField(default=0)
    """Packages, or shelves of originals, gone through."""
    files = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    problems = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("day", "kind")
        constraints = (models.UniqueConstraint(fields=("day", "kind"), name="one_fixity_day_of_a_kind"),)

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"

    @classmethod
    def count(cls, kind: str, files: int, size: int, problems: int) -> None:
        """Add one look to today's figures."""
        row, _made = cls.objects.get_or_create(day=timezone.localdate(), kind=kind)
        cls.objects.filter(pk=row.pk).update(
            looks=F("looks") + 1,
            files=F("files") + files,
            bytes=F("bytes") + size,
            problems=F("problems") + problems,
        )


class FindingQuerySet(models.QuerySet["FixityFinding"]):
    def open(self) -> Self:
        """Keep what is still not as it was kept."""
        return self.filter(settled_at=None)

    def between(self, start: datetime, end: datetime) -> Self:
        """Keep what was found or settled in a span of time, and what was open all through it."""
        return self.filter(Q(found_at__lt=end) & (Q(settled_at=None) | Q(settled_at__gte=start)))


class FixityFinding(models.Model):
    """One kept file that was not as it was kept, and what became of it. Rows are never deleted."""

    class Outcome(models.TextChoices):
        MENDED = "mended", _("Dipulihkan dari salinan kedua")
        MOVED = "moved", _("Disisihkan dari arsip")
        WHOLE = "whole", _("Ditemukan utuh lagi")
        GONE = "gone", _("Sudah tidak ada di sana")

    KINDS = {  # noqa: RUF012 - words, never changed
        "damaged": _("Berubah"),
        "missing": _("Hilang"),
        "foreign": _("Berkas asing"),
        "unreadable": _("Tidak terbaca"),
    }

    what = models.CharField(max_length=10, choices=FixityDay.Kind)
    path = models.TextField()
    """Relative to the data folder; what lies in the second copy is named below `salinan-kedua/`."""
    kind = models.CharField(max_length=12)
    sentence = models.TextField()
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(null=True, blank=True)
    found_at = models.DateTimeField(default=timezone.now, db_index=True)
    mending_at = models.DateTimeField(null=True, blank=True)
    """When a repair was begun: whoever finds the file whole afterwards knows why."""
    settled_at = models.DateTimeField(null=True, blank=True, db_index=True)
    outcome = models.CharField(max_length=10, blank=True, choices=Outcome)
    aside = models.TextField(blank=True)
    """Where what was wrong is kept, relative to the data folder."""

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("path",), condition=Q(settled_at=None), name="one_open_finding_of_a_file"
            ),
        )

    def __str__(self) -> str:
        return f"{self.path}: {self.kind}"

    @property
    def kind_words(self) -> str:
        return str(self.KINDS.get(self.kind, self.kind))


class FixityReport(models.Model):
    """A report on the looks of a period, as it was given out; its text never changes."""

    start = models.DateField()
    end = models.DateField()
    """The last day, itself included."""
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """None: the command of an operator."""
    text = models.TextField()
    """JSON: what both files are made of."""
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"
