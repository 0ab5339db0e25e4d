"""What editors share at the queue: clocks that stand still, who has a story open, views kept by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from newsroom.models.people import Person
from newsroom.models.story import Story

PRESENT_FOR = timedelta(minutes=2)
"""How long somebody counts as being at a story after their page was last heard of."""


class Pause(models.Model):
    """A clock that stands still: since when, why, and by whom. Rows are added and ended, never taken away."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="pauses")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("story",), condition=Q(ended_at=None), name="one_open_pause"),
        )

    def __str__(self) -> str:
        return f"{self.story_id}: {self.reason}"


class PresenceQuerySet(models.QuerySet["Presence"]):
    def now(self) -> Self:
        """Keep those whose page was heard of a moment ago."""
        return self.filter(at__gt=timezone.now() - PRESENT_FOR)


class Presence(models.Model):
    """Somebody has this story's page open. A courtesy to the others: it locks nobody out, and it expires."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("story", "person"), name="one_presence"),)

    def __str__(self) -> str:
        return f"{self.story_id} {self.person}"


class SavedView(models.Model):
    """A way somebody looks at the queue, kept under a name."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    """What stands in the address after the question mark."""
    shared = models.BooleanField(default=False)
    """All editors see it."""
    first = models.BooleanField(default=False)
    """What its person sees when the queue is opened."""

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=("person", "name"), name="one_view_of_a_name"),
            models.UniqueConstraint(fields=("person",), condition=Q(first=True), name="one_first_view"),
        )

    def __str__(self) -> str:
        return self.name
