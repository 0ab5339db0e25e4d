"""What each site was last seen to hold of each story, and when a site is looked at next."""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.delivery import Delivery
from newsroom.models.people import Person
from newsroom.waiting import Waiting, WaitingQuerySet

NIGHT = time(1, 0)
SPREAD = timedelta(hours=4)
"""Sites are compared between one and five o'clock of the office, each at a time of its own."""


class Drift(models.TextChoices):
    """How a site differs from what it had confirmed."""

    SHOWN = "shown", _("Berita yang ditarik tampil lagi")
    EDITED = "edited", _("Naskah diubah")
    HIDDEN = "hidden", _("Disembunyikan")
    TRASHED = "trashed", _("Dibuang ke tempat sampah")
    DELETED = "deleted", _("Dihapus")
    PHOTOS = "photos", _("Foto dihapus")


class Choice(models.TextChoices):
    """What a person wants done about it."""

    KEEP = "keep", _("Versi situs dibiarkan")
    TAKE = "take", _("Versi situs diambil")
    RESTORE = "restore", _("Versi kita dikembalikan")


OUT_OF_SIGHT = (Drift.HIDDEN, Drift.TRASHED, Drift.DELETED)


class SightQuerySet(models.QuerySet["Sight"]):
    def open(self) -> Self:
        """Keep what differs and nobody has decided about."""
        return self.exclude(drift="").filter(choice="")


class Sight(models.Model):
    """What a site was last seen to hold of one story."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="sight")
    looked_at = models.DateTimeField(default=timezone.now)
    mark = models.CharField(max_length=200, blank=True)
    """The site's word for the state in which the text was last read and found right; empty to have it read."""
    drift = models.CharField(max_length=10, blank=True, choices=Drift)
    found_at = models.DateTimeField(null=True, blank=True)
    found_mark = models.CharField(max_length=200, blank=True)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    """As found, HTML from outside: sanitised before it is shown."""
    record = models.JSONField(default=dict, blank=True)
    """The entries of the delivery's ledger by which this state becomes the one compared with."""
    choice = models.CharField(max_length=10, blank=True, choices=Choice)
    chosen_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    chosen_at = models.DateTimeField(null=True, blank=True)

    objects = SightQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("drift", "choice"), name="sight_open", condition=~Q(drift="")),)

    def __str__(self) -> str:
        return f"{self.delivery}: {self.drift}"

    @property
    def is_open(self) -> bool:
        return bool(self.drift) and not self.choice

    @property
    def is_let_be(self) -> bool:
        """Whether an editor wants the site's version to stay."""
        return bool(self.drift) and self.choice in (Choice.KEEP, Choice.TAKE)

    @property
    def token(self) -> str:
        """Name what a person has in front of them when they choose."""
        told = "\n".join((self.drift, self.choice, self.found_mark, self.title, self.text))
        return hashlib.sha256(told.encode()).hexdigest()[:20]


class RoundQuerySet(WaitingQuerySet):
    def due(self) -> Self:
        """Keep the sites that were not compared since their time last came."""
        now = timezone.now()
        wanted = Q(pk__in=())
        for site in settings.REDAKSI.sites:
            wanted |= Q(site=site.name, looked_at__lt=last_time(site.name, now))
        return self.ready().filter(wanted).order_by("looked_at")

    def refused(self) -> Self:
        """Keep the sites of the settings that let nobody compare."""
        return self.exclude(refusal="").filter(site__in=[site.name for site in settings.REDAKSI.sites])


class Round(Waiting):
    """The nightly comparison of one site."""

    site = models.CharField(max_length=60, unique=True)
    looked_at = models.DateTimeField(default=timezone.now)
    """When it was last gone through, or the site first known."""
    stories = models.PositiveIntegerField(default=0)
    """How many were compared then."""
    refusal = models.TextField(blank=True)
    """Why the site could not be compared, where a person must act."""

    objects = RoundQuerySet.as_manager()

    def __str__(self) -> str:
        return self.site


def last_time(site: str, now: datetime) -> datetime:
    """Return when a site's turn last came: each night at a minute made of its name, so that they are spread."""
    minutes = int(SPREAD.total_seconds() // 60)
    offset = int.from_bytes(hashlib.sha256(site.encode()).digest()[:4]) % minutes
    local = timezone.localtime(now, settings.REDAKSI.office.tz)
    turn = datetime.combine(local.date(), NIGHT, local.tzinfo) + timedelta(minutes=offset)
    return turn if turn <= local else turn - timedelta(days=1)
