"""What somebody is writing on a story and has not saved yet."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from newsroom.models.people import Person
from newsroom.models.story import Story


class Draft(models.Model):
    """One person's unsaved words on one story, sent by their browser while they type. Never shown to others."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="drafts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    seen = models.PositiveBigIntegerField(null=True, blank=True)
    """The revision the words began from."""
    words = models.JSONField(default=dict, blank=True)
    """For each field of the form: `value`, `page` (which window wrote it) and `turn` (how often it was written)."""
    done = models.CharField(max_length=40, blank=True)
    """The window that saved or discarded last: what it sends late is not kept again."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("story", "person"), name="one_draft"),)

    def __str__(self) -> str:
        return f"{self.story_id} {self.person}"
