"""What each site holds of each story."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, When
from django.db.models.functions import Greatest
from django.utils import timezone

from newsroom.models.people import Person
from newsroom.models.story import PUBLIC, State, Story
from newsroom.waiting import LEASE, Waiting, WaitingQuerySet

ASSISTED = "assisted"
"""The kind of site whose pages a person makes: what is asked there is a task."""


class DeliveryQuerySet(WaitingQuerySet):
    def owed(self) -> Self:
        """Keep the promises not yet kept: the site holds an older version, or none."""
        return self.filter(story__state__in=PUBLIC, story__version__gt=F("sent_version"))

    def due(self) -> Self:
        names = [site.name for site in settings.REDAKSI.sites]
        # What must go from readers' sight goes before what they may wait for.
        urgent = Case(When(story__state=State.RETRACTED, then=0), default=1)
        return self.ready().owed().filter(site__in=names).order_by(urgent, "story__sealed_at", "id")

    def tasks(self) -> Self:
        """Keep what a person is to bring to a site by hand, by the clock; to be shown apart from troubles."""
        names = [site.name for site in settings.REDAKSI.sites if site.kind == ASSISTED]
        tasks = self.owed().filter(asked=True, site__in=names)
        return tasks.annotate(since=Greatest("story__sealed_at", "story__released_at")).order_by(
            "since", "id"
        )

    def stuck(self) -> Self:
        """Keep the rows that have failed; a task that waits for a person has not."""
        return super().stuck().exclude(pk__in=self.model.objects.tasks().order_by().values("pk"))

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
    asked = models.BooleanField(default=False)
    """A person is to bring it to the site: a task, not a trouble."""
    taken_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """Who has said they are at it; others may still do it."""
    taken_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("story", "site"), name="one_delivery_per_site"),)
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.story_id} → {self.site}"

    @property
    def owed(self) -> bool:
        return self.story.state in PUBLIC and self.story.version > self.sent_version

    @property
    def by_hand(self) -> bool:
        """A person is to bring it to the site."""
        site = settings.REDAKSI.site(self.site)
        return self.asked and site is not None and site.kind == ASSISTED

    @property
    def told(self) -> dict[str, Any]:
        """What a person has answered to what is asked now, as the publisher reads it; empty while nothing."""
        answer: dict[str, Any] = self.ledger.get("told", {})
        return answer if answer.get("token") == self.ledger.get("asked", "") else {}


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
