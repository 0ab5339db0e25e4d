"""Where stories come from that were published before Redaksi, or are folders of old photos."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from newsroom.models.story import Story


class Source(models.Model):
    """A site or a folder that was, or is being, brought into the archive."""

    name = models.CharField(max_length=200, unique=True)
    """The site's address without its scheme, or the folder."""
    cursor = models.JSONField(default=dict, blank=True)
    """How far the import under way has come; empty when there is none."""
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Origin(models.Model):
    """What one thing over there is called, and the story it became. Unique: nothing is brought in twice."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="origins")
    remote_id = models.CharField(max_length=300)
    story = models.OneToOneField(
        Story, null=True, blank=True, on_delete=models.PROTECT, related_name="origin"
    )
    """None while it could not be brought in: `problem` says why."""
    url = models.TextField(blank=True)
    """The address its readers know."""
    modified = models.CharField(max_length=40, blank=True)
    """When it was last changed there, as the source writes it."""
    problem = models.TextField(blank=True)
    """What is lacking of it, such as a photo that could not be fetched."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "remote_id"), name="one_story_per_origin"),)

    def __str__(self) -> str:
        return f"{self.source_id} {self.remote_id}"


class Fetched(models.Model):
    """A file that was fetched from a source, by its address: it is asked for once."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="fetched")
    address_sha256 = models.CharField(max_length=64)
    """SHA-256 of the address: addresses are longer than an index takes."""
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "fetched"
        constraints = (
            models.UniqueConstraint(fields=("source", "address_sha256"), name="one_fetch_per_address"),
        )

    def __str__(self) -> str:
        return self.sha256[:12]
