"""What each person wants to hear of, by which channel, and what they are still to be told."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.people import Person
from newsroom.models.story import Story
from newsroom.waiting import Waiting, WaitingQuerySet


class Hearing(models.Model):
    """One person's choices. What is not in `wishes` is as newsroom/hearing.py has it for their rights."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="hearing")
    wishes = models.JSONField(default=dict, blank=True)
    """`[when, way]` by kind."""
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    urgent_passes = models.BooleanField(default=False)
    """Troubles of sites and mailboxes are told in the quiet hours, too."""
    digest_at = models.JSONField(default=list, blank=True)
    """Times of the digest in the office's zone, as `07:30`; the usual ones when empty."""

    def __str__(self) -> str:
        return str(self.person)


class ChannelQuerySet(WaitingQuerySet):
    def owing(self) -> Self:
        """Keep the channels with something to tell whose time has come."""
        due = Tiding.objects.filter(channel=OuterRef("pk"), outcome="", due_at__lte=timezone.now())
        return self.ready().filter(Exists(due)).order_by("id")


class Channel(Waiting):
    """A way to one person: the mail address of their account, or an address of their own."""

    class Way(models.TextChoices):
        MAIL = "mail", _("surel")
        OWN = "own", _("alamat sendiri")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="channels")
    way = models.CharField(max_length=4, choices=Way.choices)
    kind = models.CharField(max_length=20, blank=True)
    """Of an address of their own: what it leads to, as Apprise names it. Empty once it was removed."""
    file = models.CharField(max_length=120, blank=True)
    """Name of the file in `secrets/` that holds the address: it is a password."""
    told_at = models.DateTimeField(null=True, blank=True)
    """When something was last taken there."""

    objects = ChannelQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "way"), name="one_channel_a_way"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.way}"


class Tiding(models.Model):
    """One thing one person is told, once. Settled rows stay a while, so that no event is told again."""

    class Outcome(models.TextChoices):
        WAITS = "", _("menunggu")
        TOLD = "told", _("disampaikan")
        DOUBTFUL = "doubtful", _("mungkin sampai")
        MOOT = "moot", _("sudah tidak perlu")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tidings")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="tidings")
    kind = models.CharField(max_length=10)
    twist = models.CharField(max_length=10, blank=True)
    """Which of the kind's sentences it is: `over`, `asked` …"""
    event = models.CharField(max_length=80)
    """What has happened, as `log:123`: the same event is told to a person once."""
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=150, blank=True)
    """Who called, which site, which mailbox."""
    at = models.DateTimeField(default=timezone.now)
    """When it happened; of a clock when it runs out."""
    digest = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    leaving_at = models.DateTimeField(null=True, blank=True)
    """Written just before it is handed over; without an outcome nobody knows whether it left."""
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default=Outcome.WAITS)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("event", "person"), name="told_once"),)
        indexes = (
            models.Index(fields=("channel", "due_at"), name="tidings_owed", condition=Q(outcome="")),
            models.Index(fields=("settled_at",), name="tidings_settled"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.event}"


class Bookmark(models.Model):
    """How far a source of events was read."""

    name = models.CharField(max_length=20, unique=True)
    position = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    def move(self, position: int) -> None:
        """Go forward, never back: of two workers the one that has read further is right."""
        type(self).objects.filter(pk=self.pk, position__lt=position).update(position=position)
