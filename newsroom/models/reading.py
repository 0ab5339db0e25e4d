"""What editors have taught us about a sender's mails, and which pictures keep coming with them."""

from __future__ import annotations

from django.db import models

from newsroom.models.mail import Submission


class Habit(models.Model):
    """How the mails of one address are to be read; made by what editors did with earlier ones."""

    address = models.CharField(max_length=254, unique=True)
    keeps = models.JSONField(default=list, blank=True)
    """Kinds of segment an editor has put back into a story: they are not set aside any more."""
    ignores = models.JSONField(default=list, blank=True)
    """SHA-256 of pictures that are never photos in this sender's mails."""
    uses = models.JSONField(default=list, blank=True)
    """SHA-256 of pictures that are photos, however often they come."""

    def __str__(self) -> str:
        return self.address


class PictureSighting(models.Model):
    """A picture in a mail: what comes with many mails of a sender is their letterhead, no photo."""

    sender_address = models.CharField(max_length=254)
    sha256 = models.CharField(max_length=64)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="pictures")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("submission", "sha256"), name="one_sighting_per_picture"),
        )
        indexes = (models.Index(fields=("sender_address", "-id"), name="pictures_of_sender"),)

    def __str__(self) -> str:
        return f"{self.sender_address} {self.sha256[:12]}"
