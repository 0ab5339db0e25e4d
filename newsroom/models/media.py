"""The register of storage media: what is kept outside Redaksi, such as 40 GB of video, and where."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.people import Person
from newsroom.models.story import Story


class MediumQuerySet(models.QuerySet["Medium"]):
    def counted(self) -> Self:
        """Say of each medium how many files it holds and how large they are together."""
        return self.annotate(files=Count("holdings"), bytes=Coalesce(Sum("holdings__size"), 0))


class Medium(models.Model):
    """Something files lie on: a server, a disk with its number, a cloud."""

    class Kind(models.TextChoices):
        DISK = "disk", _("Disk lepas")
        SERVER = "server", _("Server")
        CLOUD = "cloud", _("Awan (cloud)")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DISK)
    name = models.CharField(max_length=60, unique=True)
    """As it is written on it: `HDD-07`."""
    stands = models.CharField(max_length=200, blank=True)
    """The place where it stands, or its address."""
    holder = models.CharField(max_length=150, blank=True)
    """Who keeps it, or has the key."""
    note = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    """What lies on it counts as no copy any more."""
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = MediumQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "media"

    def __str__(self) -> str:
        return self.name


class HoldingQuerySet(models.QuerySet["Holding"]):
    def living(self) -> Self:
        return self.filter(medium__retired_at=None)

    def alone(self) -> Self:
        """Keep what lies on one medium only: no other one holds the same bytes, whole, and is in use."""
        twin = (
            Holding.objects.filter(sha256=OuterRef("sha256"), medium__retired_at=None, found_sha256="")
            .exclude(sha256="")
            .exclude(medium=OuterRef("medium"))
        )
        return self.living().exclude(Exists(twin))

    def changed(self) -> Self:
        """Keep what was something else at its last look, and nobody has said what is right."""
        return self.exclude(found_sha256="")


class Holding(models.Model):
    """One file on a medium: its size and checksum as they were measured where it lies."""

    medium = models.ForeignKey(Medium, on_delete=models.PROTECT, related_name="holdings")
    name = models.CharField(max_length=500)
    """Its path on the medium."""
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    """Empty until it was measured."""
    modified_at = models.DateTimeField(null=True, blank=True)
    """The file's own date."""
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="holdings")
    description = models.CharField(max_length=500, blank=True)
    taken_on = models.DateField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    """When its checksum was last measured."""
    found_sha256 = models.CharField(max_length=64, blank=True)
    """What the last look measured instead; empty while the file is what it was."""
    found_size = models.PositiveBigIntegerField(null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = HoldingQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("medium", "name"), name="one_holding_of_a_name"),)
        indexes = (models.Index(fields=("medium",), name="holding_changed", condition=~Q(found_sha256="")),)

    def __str__(self) -> str:
        return self.name
