"""What the second copy is to hold, and where that copy lies."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.archive import reread_after
from newsroom.models.delivery import Lane
from newsroom.models.people import Person
from newsroom.waiting import Waiting, WaitingQuerySet

PLACE = "kedua"
"""The name of the one place a second copy lies at."""
COPY_LANE, LOOK_LANE = f"copy_out:{PLACE}", f"check_copy:{PLACE}"


class CopyPlaceQuerySet(WaitingQuerySet):
    def unscanned(self) -> Self:
        """Keep the place when nobody has looked for foreign files there in the time of the settings."""
        if (
            settings.REDAKSI.archive.second_copy is None
            or Lane.objects.filter(name=LOOK_LANE).shut().exists()
        ):
            return self.none()
        old = timezone.now() - reread_after()
        return self.ready().filter(Q(scanned_at=None) | Q(scanned_at__lt=old))


class CopyPlace(Waiting):
    """The place that was marked as ours: what lies there is known by the mark, whatever its address."""

    name = models.CharField(max_length=20, unique=True, default=PLACE)
    mark = models.CharField(max_length=64)
    title = models.CharField(max_length=300)
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    scanned_at = models.DateTimeField(null=True, blank=True)
    """When all that lies there was last compared with what was copied there."""

    objects = CopyPlaceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class CopyQuerySet(WaitingQuerySet):
    def missing(self) -> Self:
        """Keep what the second copy does not hold yet."""
        return self.filter(kept_at=None)

    def due(self) -> Self:
        return self._reachable(COPY_LANE).missing().order_by("id")

    def unread(self) -> Self:
        """Keep the copies nobody has re-read in the time of the settings, and those a person wants re-read now."""
        old = timezone.now() - reread_after()
        return (
            self._reachable(LOOK_LANE)
            .filter(kept_at__isnull=False, checked_at__lt=old)
            .order_by("checked_at")
        )

    def _reachable(self, lane: str) -> Self:
        """Keep what can be worked on now; nothing while the place was away a moment ago, or there is none."""
        if settings.REDAKSI.archive.second_copy is None:
            return self.none()
        return self.ready().exclude(Exists(Lane.objects.filter(name=lane).shut()))


class Copy(Waiting):
    """A promise: the second copy holds this original, or this package."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", _("Berkas asli")
        PACKAGE = "package", _("Paket")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=300)
    """An original's SHA-256; a package's path below the packages' folder."""
    size = models.PositiveBigIntegerField()
    place = models.CharField(max_length=20, default=PLACE)
    promised_at = models.DateTimeField(default=timezone.now)
    kept_at = models.DateTimeField(null=True, blank=True)
    """When it was written there and read back."""
    checked_at = models.DateTimeField(null=True, blank=True)
    sound = models.BooleanField(default=True)

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "copies"
        constraints = (models.UniqueConstraint(fields=("kind", "name"), name="one_copy_of_each"),)
        indexes = (
            # What waits is few among millions, and asked about on every look at the archive.
            models.Index(fields=("promised_at", "size"), name="copy_missing", condition=Q(kept_at=None)),
            models.Index(fields=("checked_at",), name="copy_looked_at"),
            models.Index(fields=("kind",), name="copy_stuck", condition=~Q(error="")),
            models.Index(fields=("kind",), name="copy_unsound", condition=Q(sound=False)),
        )

    def __str__(self) -> str:
        return self.name[:12] if self.kind == self.Kind.ORIGINAL else self.name
