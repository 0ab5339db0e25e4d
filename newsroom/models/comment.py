"""What the desk says to each other about a story, and whom it calls."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from newsroom.models.people import Person
from newsroom.models.story import Story


class Comment(models.Model):
    """One remark of the desk on a story. Internal: contributors and readers never see it."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    """Its words are gone then; that there were some stays to be seen."""

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.story_id} {self.by}"


class Mention(models.Model):
    """Somebody called by name in a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mentions")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("comment", "person"), name="called_once"),)
        indexes = (models.Index(fields=("person",), name="mention_unread", condition=Q(read_at=None)),)

    def __str__(self) -> str:
        return f"{self.comment_id} {self.person}"
