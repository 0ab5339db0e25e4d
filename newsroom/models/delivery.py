"""What each site holds of each story."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from newsroom.models.story import PUBLIC, Story
from newsroom.waiting import LEASE, Waiting, WaitingQuerySet


class DeliveryQuerySet(WaitingQuerySet):
    def owed(self) -> Self:
        """Keep the promises not yet kept: the site holds an older version, or none."""
        return self.filter(story__state__in=PUBLIC, story__version__gt=F("sent_version"))

    def due(self) -> Self:
        names = [site.name for site in settings.REDAKSI.sites]
        return self.ready().owed().filter(site__in=names).order_by("story__sealed_at", "id")

    def attention(self) -> Self:
        return self.owed().stuck()


class Delivery(Waiting):
    """A promise: this site holds this story as of its latest version."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="deliveries")
    site = models.CharField(max_length=60, db_index=True)
    sent_version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, blank=True)
    """What the site was last seen to hold: nothing, `live` or `hidden`."""
    remote_id = models.CharField(max_length=200, blank=True)
    url = models.TextField(blank=True)
    ledger = models.JSONField(default=dict, blank=True)
    receipts = models.JSONField(default=list, blank=True)
    """One for each version the site has confirmed: version, at, state, remote_id, url, sha256, detail."""
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("story", "site"), name="one_delivery_per_site"),)
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.story_id} → {self.site}"

    @property
    def owed(self) -> bool:
        return self.story.state in PUBLIC and self.story.version > self.sent_version


class Lane(Waiting):
    """Held while one worker writes to one site, so that a site has one writer."""

    name = models.CharField(max_length=100, unique=True)

    objects = WaitingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def renew(cls, claim: str) -> None:
        """Renew the lane held under the same claim as the row that is worked on."""
        cls.objects.filter(claim=claim).update(claimed_until=timezone.now() + LEASE)
