"""What each site holds of each story."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Concat, Greatest
from django.utils import timezone

from newsroom.models.people import Person
from newsroom.models.story import PUBLIC, State, Story
from newsroom.waiting import LEASE, Waiting, WaitingQuerySet

ASSISTED = "assisted"
"""The kind of site whose pages a person makes: what is asked there is a task."""
SITE_LANE = "deliver:"
"""What the name of a site's lane begins with, before the site's."""
COUNTED = timedelta(days=31)
"""How long a lane remembers how often it failed."""


class DeliveryQuerySet(WaitingQuerySet):
    def owed(self) -> Self:
        """Keep the promises not yet kept: the site holds an older version, or none."""
        return self.filter(story__state__in=PUBLIC, story__version__gt=F("sent_version"))

    def due(self) -> Self:
        names = [site.name for site in settings.REDAKSI.sites]
        # What must go from readers' sight goes before what they may wait for.
        urgent = Case(When(story__state=State.RETRACTED, then=0), default=1)
        owed = self.ready().owed().filter(site__in=names).open()
        # What has failed goes behind what has not been tried, or one bad story would be every site's probe.
        return owed.order_by(urgent, "attempts", "story__sealed_at", "id")

    def open(self) -> Self:
        """Keep the rows whose site takes stories now; a pause of people's lets take-downs pass."""
        lane = Lane.objects.filter(name=Concat(Value(SITE_LANE), OuterRef("site")))
        paused = Exists(lane.exclude(paused_at=None))
        return self.exclude(Exists(lane.shut())).exclude(paused & ~Q(story__state=State.RETRACTED))

    def waiting_at(self, site: str) -> Self:
        """Keep what one site owes its readers, in the order it will leave."""
        urgent = Case(When(story__state=State.RETRACTED, then=0), default=1)
        return self.owed().filter(site=site).order_by(urgent, "attempts", "story__sealed_at", "id")

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
        """Keep the rows with a trouble of their own; what the whole site has is told once, by its lane."""
        troubled = Lane.objects.filter(name=Concat(Value(SITE_LANE), OuterRef("site"))).exclude(error="")
        # Where somebody at the site has changed the story, a choice is asked for, and not another try.
        untouched = Q(sight=None) | Q(sight__drift="") | ~Q(sight__choice="")
        # Few have failed, many are published: the story is looked up from the row, and not the other way round.
        owing = Story.objects.filter(
            pk=OuterRef("story_id"), state__in=PUBLIC, version__gt=OuterRef("sent_version")
        )
        return (
            self.filter(Exists(owing)).stuck().exclude(Q(parked=False) & Exists(troubled)).filter(untouched)
        )


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
        indexes = (models.Index(fields=("story",), name="delivery_stuck", condition=~Q(error="")),)
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


class LaneQuerySet(WaitingQuerySet):
    def shut(self) -> Self:
        """Keep those that are not knocked at now: the site was away or refused us a moment ago."""
        return self.filter(next_attempt_at__gt=timezone.now())

    def troubled(self) -> Self:
        """Keep what people should know of: the site is away, refuses us, or was paused by one of us."""
        return self.exclude(error="", paused_at=None)

    def of(self, sites: list[str]) -> Self:
        return self.filter(name__in=[SITE_LANE + site for site in sites])


class Lane(Waiting):
    """Held while one worker writes to one site, so that a site has one writer; and what that site's health is.

    `attempts` counts the failures since its last success, `error` says what keeps every story from the site,
    and until `next_attempt_at` nobody knocks there.
    """

    name = models.CharField(max_length=100, unique=True)
    refused = models.BooleanField(default=False)
    """The site says no to us whatever the story: a person must act."""
    since = models.DateTimeField(null=True, blank=True)
    """When `error` began."""
    tried_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    failures = models.JSONField(default=dict, blank=True)
    """How often a delivery failed, by day (`2026-11-21`)."""
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    paused_reason = models.TextField(blank=True)

    objects = LaneQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def site(self) -> str:
        return self.name.removeprefix(SITE_LANE)

    @classmethod
    def to(cls, site: str) -> Lane:
        """Return the lane to a site."""
        return cls.objects.get_or_create(name=SITE_LANE + site)[0]

    def free(self, **changes: Any) -> None:
        """Write that the site is well as far as anybody knows; what waited for it is due now."""
        well = {"attempts": 0, "error": "", "next_attempt_at": None, "refused": False, "since": None}
        type(self).objects.filter(pk=self.pk).update(**well, **changes)
        if self.error:
            waiting = Delivery.objects.filter(site=self.site, parked=False)
            waiting.exclude(next_attempt_at=None).update(next_attempt_at=None)

    def shut(self, sentence: str, until: datetime, *, refused: bool) -> None:
        """Let nobody knock until then."""
        now = timezone.now()
        type(self).objects.filter(pk=self.pk).update(
            error=sentence, next_attempt_at=until, refused=refused, since=self.since or now
        )

    def count_failure(self, now: datetime) -> None:
        """Count one more failure of today; what is older than a month is forgotten."""
        today, oldest = timezone.localdate(now).isoformat(), timezone.localdate(now - COUNTED).isoformat()
        kept = {day: count for day, count in self.failures.items() if day >= oldest}
        self.failures = {**kept, today: kept.get(today, 0) + 1}
        type(self).objects.filter(pk=self.pk).update(failures=self.failures, tried_at=now)

    @classmethod
    def renew(cls, claim: str) -> None:
        """Renew the lane held under the same claim as the row that is worked on."""
        cls.objects.filter(claim=claim).update(claimed_until=timezone.now() + LEASE)
