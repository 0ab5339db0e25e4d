"""The editors' lists for the checks of a text, and what they have told the checks to leave alone."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from newsroom.models.people import Person
from newsroom.models.story import Story


class Pair(models.Model):
    """A line of such a list. It is taken out of use, never deleted: old stories were checked by it."""

    active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Spelling(Pair):
    """A word as it comes, and as this office writes it."""

    wrong = models.CharField(max_length=80, unique=True)
    right = models.CharField(max_length=80)

    class Meta:
        ordering = ("wrong",)

    def __str__(self) -> str:
        return f"{self.wrong} → {self.right}"


class Abbreviation(Pair):
    """An abbreviation and the words it stands for."""

    short = models.CharField(max_length=30, unique=True)
    long = models.CharField(max_length=200)

    class Meta:
        ordering = ("short",)

    def __str__(self) -> str:
        return f"{self.short} = {self.long}"


class Ignored(models.Model):
    """A finding an editor does not want to hear again in this story."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="ignored_findings")
    found = models.CharField(max_length=64)
    """SHA-256 of the finding's subject."""
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("story", "found"), name="one_ignored_finding"),)

    def __str__(self) -> str:
        return f"{self.story_id} {self.found[:12]}"
