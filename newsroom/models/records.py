"""What the law on archives wants known of each story, and what was decided about keeping it."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.people import Person
from newsroom.models.story import Story


class FinalDisposition(models.TextChoices):
    DESTROY = "destroy", _("Musnah")
    KEEP = "keep", _("Permanen")
    REVIEW = "review", _("Dinilai kembali")


class Security(models.TextChoices):
    ORDINARY = "ordinary", _("Biasa")
    RESTRICTED = "restricted", _("Terbatas")
    SECRET = "secret", _("Rahasia")
    TOP_SECRET = "top_secret", _("Sangat rahasia")


class InfoClass(models.TextChoices):
    """Classes of UU 14/2008: articles 9, 10, 11 and 17."""

    PERIODIC = "periodic", _("Berkala")
    IMMEDIATE = "immediate", _("Serta merta")
    ANY_TIME = "any_time", _("Setiap saat")
    EXEMPT = "exempt", _("Dikecualikan")


CLASSIFICATION_CODE = 30


class RetentionQuerySet(models.QuerySet["Retention"]):
    def in_force(self) -> Self:
        return self.filter(replaced_at=None)


class Retention(models.Model):
    """One line of the office's own schedule (JRA). A line that changes is replaced by a new row, never overwritten."""

    code = models.CharField(max_length=CLASSIFICATION_CODE)
    title = models.CharField(max_length=300)
    active_years = models.PositiveSmallIntegerField()
    inactive_years = models.PositiveSmallIntegerField()
    final_disposition = models.CharField(
        max_length=10, choices=FinalDisposition.choices, default=FinalDisposition.REVIEW
    )
    note = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=100, blank=True)
    """The sheet it came by."""
    replaced_at = models.DateTimeField(null=True, blank=True)
    """None: it is in force."""

    objects = RetentionQuerySet.as_manager()

    class Meta:
        ordering = ("code", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("code",), condition=Q(replaced_at=None), name="one_retention_of_a_code_in_force"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def years(self) -> int:
        return int(self.active_years + self.inactive_years)

    def ends(self, closed_on: date) -> date:
        """Return the day on which what was closed then may be reviewed."""
        return _in_years(closed_on, self.years)


class FilingRule(models.Model):
    """What the stories of a category are filed as, where nobody has said otherwise; the empty category is all others."""

    category = models.CharField(max_length=60, unique=True, blank=True)
    code = models.CharField(max_length=CLASSIFICATION_CODE, blank=True)
    security = models.CharField(max_length=10, choices=Security.choices, default=Security.ORDINARY)
    info_class = models.CharField(max_length=10, choices=InfoClass.choices, default=InfoClass.ANY_TIME)

    class Meta:
        ordering = ("category",)

    def __str__(self) -> str:
        return self.category or "*"


class Destruction(models.Model):
    """A proposal to destroy what its schedule no longer keeps, and the answer of a second person."""

    class State(models.TextChoices):
        OPEN = "open", _("Menunggu persetujuan")
        APPROVED = "approved", _("Disetujui")
        REFUSED = "refused", _("Tidak disetujui")

    number = models.CharField(max_length=100, unique=True)
    """Of the berita acara, as the office numbers its letters."""
    reason = models.TextField()
    committee = models.TextField()
    """Who stands in the committee, one a line."""
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("proposed_by"))),
                name="a_destruction_needs_two_people",
            ),
        )

    def __str__(self) -> str:
        return self.number


class Destroyed(models.Model):
    """What one story was when its destruction was proposed. Rows are only ever added."""

    destruction = models.ForeignKey(Destruction, on_delete=models.PROTECT, related_name="items")
    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="+")
    headline = models.TextField()
    code = models.CharField(max_length=CLASSIFICATION_CODE, blank=True)
    retention = models.CharField(max_length=200, blank=True)
    closed_on = models.DateField()
    files = models.JSONField(default=list)
    """Each file that is its own: `kind`, `name`, `sha256` or `path`, `size`, and who else holds it as `held_by`."""

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "destroyed"

    def __str__(self) -> str:
        return self.headline


class RecordQuerySet(models.QuerySet["Record"]):
    def kept(self) -> Self:
        """Keep what was published and whose destruction nobody has approved."""
        return self.filter(closed_on__isnull=False).exclude(destruction__state=Destruction.State.APPROVED)

    def due(self, today: date) -> Self:
        """Keep what its schedule no longer keeps, and what was to be looked at again by now."""
        rows = self.filter(closed_on__isnull=False, destruction=None, for_good=False)
        used = Record.objects.order_by().values_list("code", flat=True).distinct()
        over = Q(pk__in=[])
        for line in Retention.objects.all().in_force().filter(code__in=used):
            over |= Q(code=line.code, closed_on__lte=_in_years(today, -line.years))
        return rows.filter(over).filter(Q(again_on=None) | Q(again_on__lte=today))


class Record(models.Model):
    """A story as the archive's law sees it: no part of the verified text."""

    story = models.OneToOneField(Story, on_delete=models.PROTECT, related_name="record")
    code = models.CharField(max_length=CLASSIFICATION_CODE, blank=True)
    """Of the schedule in force; empty: not classified yet, and then never due."""
    security = models.CharField(max_length=10, choices=Security.choices, default=Security.ORDINARY)
    info_class = models.CharField(max_length=10, choices=InfoClass.choices, default=InfoClass.ANY_TIME)
    exempt_article = models.CharField(max_length=150, blank=True)
    exempt_number = models.CharField(max_length=150, blank=True)
    exempt_term = models.CharField(max_length=150, blank=True)
    by_hand = models.BooleanField(default=False)
    """Somebody has said it of this story: rules for its category no longer change it."""
    changed_at = models.DateTimeField(default=timezone.now)
    closed_on = models.DateField(null=True, blank=True)
    """The day of its first release, in the office's zone: retention runs from here."""
    for_good = models.BooleanField(default=False)
    """Reviewed: it is kept permanently."""
    again_on = models.DateField(null=True, blank=True)
    """Reviewed: to be looked at again on this day."""
    destruction = models.ForeignKey(
        Destruction, null=True, blank=True, on_delete=models.PROTECT, related_name="records"
    )
    """The proposal it stands in, open or approved."""

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("code", "closed_on"), name="record_code_closed"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(info_class="exempt")
                | (~Q(exempt_article="") & ~Q(exempt_number="") & ~Q(exempt_term="")),
                name="an_exemption_has_its_basis",
            ),
        )

    def __str__(self) -> str:
        return f"{self.story_id} {self.code}"


def _in_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
