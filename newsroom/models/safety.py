"""When what is kept was last saved elsewhere, and when that was last proven."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Safeguard(models.Model):
    """One backup, or one drill of restoring one. Rows are only ever added."""

    class Kind(models.TextChoices):
        BACKUP = "backup", "cadangan"
        DRILL = "drill", "latihan pemulihan"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    target = models.CharField(max_length=500)
    name = models.CharField(max_length=40, blank=True)
    """Of the backup inside the target."""
    ok = models.BooleanField()
    note = models.TextField(blank=True)
    counts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("kind", "at"), name="safeguard_age"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
