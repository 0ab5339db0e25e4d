"""The leadership's word on a verified story: one row for each step of the chain, and the links sent for it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.letters import Letter
from newsroom.models.people import Person, Term
from newsroom.models.story import Revision, Story
from newsroom.roles import Role


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def open(self) -> Self:
        return self.filter(answer=Approval.Answer.OPEN)

    def current(self) -> Self:
        """Keep the steps whose turn it is: nothing before them is open."""
        before = Approval.objects.filter(
            story=models.OuterRef("story"), answer=Approval.Answer.OPEN, step__lt=models.OuterRef("step")
        )
        return self.open().filter(~models.Exists(before))


class Approval(models.Model):
    """One step of the chain for one sealed revision: whose word is wanted, and what it was."""

    class Answer(models.TextChoices):
        OPEN = "", _("Menunggu")
        APPROVED = "approved", _("Disetujui")
        SKIPPED = "skipped", _("Dilewati")
        CHANGES = "changes", _("Minta perubahan")
        REFUSED = "refused", _("Ditolak")
        VOID = "void", _("Tidak berlaku lagi")

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="approvals")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="approvals")
    step = models.PositiveSmallIntegerField()
    """Its place in the chain as the settings had it when the story was verified, from 1."""
    role = models.CharField(max_length=20, choices=Role.choices)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default=Answer.OPEN)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100, blank=True)
    """As what the person answered: `Plh. Kabid`."""
    instead_of = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Whose place an acting person took."""
    note = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("revision", "step"), name="one_answer_per_step"),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False), name="an_answer_has_its_time"
            ),
        )
        indexes = (models.Index(fields=("role", "story"), name="approvals_open", condition=Q(answer="")),)

    def __str__(self) -> str:
        return f"{self.story_id} {self.role} {self.answer or 'open'}"


MOST_WRONG_PINS = 5


class ApprovalLink(models.Model):
    """A link by which one person answers one step without signing in, once, until it expires.

    Only a SHA-256 of its secret is kept. Of a link that goes by mail the secret is drawn from `nonce` and the
    key in the data folder as the letter leaves; whoever has only the database cannot make it.
    """

    class Way(models.TextChoices):
        MAIL = "mail", _("surel")
        WHATSAPP = "whatsapp", _("WhatsApp")

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="approval_links")
    way = models.CharField(max_length=10, choices=Way.choices)
    nonce = models.CharField(max_length=64, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    letter = models.ForeignKey(
        Letter, null=True, blank=True, on_delete=models.SET_NULL, related_name="approval_links"
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    wrong_pins = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(wrong_pins__lte=MOST_WRONG_PINS), name="wrong_pins_kill_the_link"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="a_link_lives_a_while"),
        )

    def __str__(self) -> str:
        return f"{self.approval_id} {self.person}"


class ApprovalPin(models.Model):
    """A number a person has chosen to answer links with; only its hash is kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="approval_pin")
    pin = models.CharField(max_length=128)
    set_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.person)


def ended_since(link: ApprovalLink) -> bool:
    """Say whether the person's hold on the step's role ended after the link was made, even if it began anew."""
    ended = Term.objects.filter(person=link.person_id, role=link.approval.role, ended_at__gte=link.made_at)
    return ended.exists()
