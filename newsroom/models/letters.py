"""What we send by mail."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.mail import Submission
from newsroom.models.story import Story
from newsroom.waiting import Waiting, WaitingQuerySet


class LetterQuerySet(WaitingQuerySet):
    def unsent(self) -> Self:
        return self.ready().filter(sent_at=None).order_by("id")

    def attention(self) -> Self:
        """Keep the letters that did not leave, and those that came back."""
        return self.stuck()


class Letter(Waiting):
    """A mail of ours to a contributor, in the thread of theirs."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Catatan editor")
        REQUEST = "request", _("Permintaan")
        ACKNOWLEDGEMENT = "acknowledgement", _("Tanda terima")
        ACCOUNT = "account", _("Akun")
        APPROVAL = "approval", _("Permintaan persetujuan")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.NOTE)
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="letters")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="letters"
    )
    """The mail this letter answers."""
    to = models.CharField(max_length=254)
    subject = models.TextField()
    body = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)
    in_reply_to = models.CharField(max_length=998, blank=True)
    references = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    leaving_at = models.DateTimeField(null=True, blank=True)
    """Written just before the letter is handed over; without `sent_at` nobody knows whether it left."""
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    def __str__(self) -> str:
        return self.subject


class NoticeQuerySet(WaitingQuerySet):
    def unsent(self) -> Self:
        return self.ready().filter(sent_at=None).order_by("id")


class Notice(Waiting):
    """Something the people of the office must hear of at once, wherever they are: a silent mailbox."""

    class Kind(models.TextChoices):
        ALARM = "alarm", _("Gangguan")
        CLEAR = "clear", _("Pulih")

    kind = models.CharField(max_length=30, choices=Kind.choices, default=Kind.ALARM)
    about = models.CharField(max_length=100)
    """The trouble, as `mailbox:NAME`. It is told once, and once more when it is over."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """When the trouble was over; None while it lasts."""
    subject = models.TextField()
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    reached = models.JSONField(default=list, blank=True)
    """Fingerprints of the addresses that have taken it, so that a second try tells nobody twice."""

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("about",), condition=models.Q(ended_at=None), name="one_notice_per_trouble"
            ),
        )

    def __str__(self) -> str:
        return self.subject
