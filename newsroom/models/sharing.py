"""That a released story was shared, and where: one line for each person, group and story."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.people import Person
from newsroom.models.story import Story


class ShareQuerySet(models.QuerySet["Share"]):
    def standing(self) -> Self:
        """Keep what was not taken back, the latest first."""
        return self.filter(undone_at=None).order_by("-at", "-id")


class Share(models.Model):
    """Somebody's word that they shared a story. What was marked by mistake is taken back, never deleted."""

    class Way(models.TextChoices):
        COPY = "salin", _("teks disalin")
        WHATSAPP = "whatsapp", _("WhatsApp dibuka")
        PHONE = "ponsel", _("lewat ponsel")
        MARK = "tandai", _("ditandai sendiri")

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="shares")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=Way.choices)
    channel = models.CharField(max_length=80, blank=True)
    """The group or channel as they call it; empty when they did not say."""
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("story", "by", "channel"),
                condition=models.Q(undone_at=None),
                name="one_share_per_person_and_channel",
            ),
        )

    def __str__(self) -> str:
        return f"{self.story_id} {self.by} {self.channel}"
