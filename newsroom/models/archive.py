"""What is kept for good, and the collages made of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from newsroom.models.delivery import Delivery
from newsroom.models.people import Person
from newsroom.models.proof import Proof
from newsroom.models.story import PUBLIC, Story
from newsroom.waiting import Waiting, WaitingQuerySet

DOCUMENT_WITHIN = timedelta(hours=20)
"""A version is packaged this long after it was verified even while a site is still waited for: the
procedure wants coverage documented by the next day."""


REREAD_AFTER = timedelta(days=90)
"""How old the last look at a kept file may become."""


class PackageQuerySet(WaitingQuerySet):
    def unpreserved(self) -> Self:
        """Keep the versions that can be packaged: superseded, settled and proven on every site, or due by the clock."""
        unsettled = Delivery.objects.filter(story=OuterRef("story"), sent_version__lt=OuterRef("version"))
        unproven = Proof.objects.all().awaited().filter(story=OuterRef("story"), version=OuterRef("version"))
        late = timezone.now() - DOCUMENT_WITHIN
        return (
            self.ready()
            .filter(path="")
            .filter(
                (Q(story__state__in=PUBLIC) & ~Exists(unsettled) & ~Exists(unproven))
                | Q(story__state__in=PUBLIC, promised_at__lte=late)
                | Q(story__version__gt=F("version"))
            )
            .order_by("promised_at")
        )

    def unchecked(self) -> Self:
        """Keep the packages nobody has re-read for 90 days, and those a person wants re-read now."""
        old = timezone.now() - REREAD_AFTER
        wanted = Q(checked_at__lt=old) | Q(checked_at=None)
        return self.ready().exclude(path="").filter(wanted).order_by("checked_at")

    def attention(self) -> Self:
        return self.filter(~Q(error="") | Q(sound=False))


class Package(Waiting):
    """One version of a story as preserved; the row is made as soon as the version is verified."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="packages")
    version = models.PositiveIntegerField()
    promised_at = models.DateTimeField(default=timezone.now)
    path = models.CharField(max_length=300, blank=True)
    """Relative to the packages' folder; empty until the package exists."""
    checked_at = models.DateTimeField(null=True, blank=True)
    sound = models.BooleanField(default=True)

    objects = PackageQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("story", "version"), name="one_package_per_version"),)

    def __str__(self) -> str:
        return f"{self.story_id} v{self.version}"


class ShelfQuerySet(WaitingQuerySet):
    def unchecked(self) -> Self:
        """Keep the shelves nobody has re-read for 90 days."""
        old = timezone.now() - REREAD_AFTER
        return (
            self.ready().filter(Q(checked_at=None) | Q(checked_at__lt=old)).order_by("checked_at", "prefix")
        )


class Shelf(Waiting):
    """The originals whose SHA-256 begins with the same two digits, and when they were last re-read."""

    prefix = models.CharField(max_length=2, unique=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = ShelfQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "shelves"

    def __str__(self) -> str:
        return self.prefix


class CollageQuerySet(WaitingQuerySet):
    def unmade(self) -> Self:
        return self.ready().filter(story=None).order_by("start")


class Collage(Waiting):
    """The collage of one period; its story goes the same road as any other."""

    start = models.DateField()
    end = models.DateField()
    story = models.OneToOneField(Story, null=True, blank=True, on_delete=models.PROTECT)
    left_out = models.JSONField(default=list, blank=True)
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL)

    objects = CollageQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("start", "end"), name="one_collage_per_period"),)

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"
