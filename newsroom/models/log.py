"""Who did what, and who is at work."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from newsroom.models.archive import Package
from newsroom.models.mail import Submission
from newsroom.models.people import Person
from newsroom.models.story import Story
from prose.personal import hide

LATE = ("keep_theirs", "take_theirs", "put_ours_back")
"""Deeds that belong to a version long after it was packaged: they make the next revision of its package."""


class LogEntry(models.Model):
    """Who did what, when, to which story or mail. Rows are only ever added."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT)
    """None: the program itself."""
    verb = models.CharField(max_length=30, db_index=True)
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="log")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="log"
    )
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="told_in_log"
    )
    """Whom it is about: an account, a role."""
    version = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "log entries"
        # A month's figures ask for one deed between two moments, among years of others.
        indexes = (models.Index(fields=("verb", "at"), name="log_deed_time"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by or 'Redaksi'} {self.verb}"


class Heartbeat(models.Model):
    """A worker that is alive."""

    worker = models.CharField(max_length=100, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.worker


def log(verb: str, *, by: Person | None = None, **subject: Any) -> LogEntry:
    """Add one line to the log. Identity and bank numbers in its note are masked: a log is kept for good."""
    note = hide(subject.pop("note", ""))
    if verb in LATE and subject.get("version"):
        Package.objects.question(subject["story"], subject["version"])
    return LogEntry.objects.create(verb=verb, by=by, note=note, **subject)
