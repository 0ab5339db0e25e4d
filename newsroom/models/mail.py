"""What came in by mail, and where it was found."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.people import Contributor, Person
from newsroom.waiting import Waiting, WaitingQuerySet


class MailboxQuerySet(WaitingQuerySet):
    def undecided(self) -> Self:
        """Keep the mailboxes that wait for a person to say how far back to go."""
        return self.filter(start_at=None).exclude(survey={})

    def unmoved(self) -> Self:
        """Keep the mailboxes where mails that are kept cannot be marked or moved."""
        return self.filter(name__in=Sighting.objects.unmoved().values("mailbox"))

    def due(self) -> Self:
        names = [mailbox.name for mailbox in settings.REDAKSI.mailboxes]
        return self.ready().filter(name__in=names).order_by("next_attempt_at")


class Mailbox(Waiting):
    """The heartbeat of one mailbox of settings.yaml."""

    name = models.CharField(max_length=60, unique=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    """The last look that succeeded."""
    new = models.PositiveIntegerField(default=0)
    """New mails found by that look."""
    start_at = models.DateTimeField(null=True, blank=True)
    """Mail that arrived earlier is left where it is; None: a person has not chosen yet."""
    survey = models.JSONField(default=dict, blank=True)
    """What the first look found, for the person who chooses: mails and bytes for each answer."""
    reconciled_at = models.DateTimeField(null=True, blank=True)
    """When the server's whole list was last compared with the ledger."""

    objects = MailboxQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Disposition(models.TextChoices):
    UNREAD = "", _("Belum dibaca")
    ACCEPTED = "accepted", _("Diterima")
    HELD = "held", _("Ditahan")
    PROPOSED = "proposed", _("Usulan perubahan")
    IGNORED = "ignored", _("Dikesampingkan")
    FAILED = "failed", _("Gagal dibaca")


class Trust(models.TextChoices):
    """How far the sender is to be believed. It sets the badge and the order, and never publishes."""

    UNKNOWN = "", _("Belum dinilai")
    VERIFIED = "verified", _("Terverifikasi")
    KNOWN = "known", _("Dikenal")
    NEW = "new", _("Baru")
    SUSPICIOUS = "suspicious", _("Mencurigakan")
    BLOCKED = "blocked", _("Diblokir")


class SubmissionQuerySet(WaitingQuerySet):
    def unread(self) -> Self:
        return self.ready().filter(disposition=Disposition.UNREAD).order_by("id")

    def attention(self) -> Self:
        """Keep what editors must look at: held, failed, or stumbling."""
        return self.filter(
            Q(disposition__in=(Disposition.HELD, Disposition.FAILED))
            | (Q(disposition=Disposition.UNREAD) & ~Q(error=""))
            | (Q(reread_at__isnull=False) & ~Q(error=""))
        )

    def to_reread(self) -> Self:
        """Keep the mails a person wants read again."""
        return self.ready().filter(reread_at__isnull=False).order_by("reread_at")

    def most_trusted_first(self) -> Self:
        """Order by how far the senders are believed, the newest of each first."""
        rungs = (Trust.VERIFIED, Trust.KNOWN, Trust.NEW, Trust.UNKNOWN, Trust.SUSPICIOUS, Trust.BLOCKED)
        place = Case(*(When(trust=rung, then=Value(at)) for at, rung in enumerate(rungs)), default=Value(9))
        return self.order_by(place, "-received_at", "-pk")


class Submission(Waiting):
    """One mail as it reached us. What came in is never edited; what became of it is written beside it."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    mailbox = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)

    disposition = models.CharField(max_length=10, choices=Disposition.choices, blank=True, db_index=True)
    reason = models.TextField(blank=True)
    admitted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL)
    """Who vouched for a mail that was held or ignored."""

    message_id = models.CharField(max_length=998, blank=True, db_index=True)
    references = models.TextField(blank=True)
    """Message-IDs of the thread, oldest first, space-separated."""
    sender_address = models.CharField(max_length=254, blank=True, db_index=True)
    sender_name = models.CharField(max_length=300, blank=True)
    subject = models.TextField(blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    trust = models.CharField(max_length=10, choices=Trust.choices, blank=True)
    trust_reason = models.TextField(blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    """What spoke for or against the sender when the mail arrived: DKIM keys and results, our server's word."""
    reader = models.PositiveSmallIntegerField(default=0)
    """The version of the reader that read it; an older one is read again after an upgrade."""
    reread_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """When a person asked that it be read again; None once it was."""
    source_text = models.TextField(blank=True)
    segments = models.JSONField(default=list, blank=True)
    """`source_text` cut into what is the story and what was set aside, as ingest.Segment."""
    others = models.JSONField(default=list, blank=True)
    """Other texts of the mail that may be the story instead, as ingest.Other."""
    links = models.JSONField(default=list, blank=True)
    """Shared folders and files elsewhere; nothing is fetched from them."""
    note = models.TextField(blank=True)
    parts = models.JSONField(default=list, blank=True)
    """Every part of the mail with its fate, as ingest.Part."""
    defects = models.JSONField(default=list, blank=True)
    contributor = models.ForeignKey(Contributor, null=True, blank=True, on_delete=models.SET_NULL)
    story = models.ForeignKey(
        "Story", null=True, blank=True, on_delete=models.PROTECT, related_name="submissions"
    )
    revision_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="revisions"
    )
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates"
    )
    likeness = models.JSONField(default=dict, blank=True)
    """The mail that was found to hold the same story (`mail`, its row) and the photos they share (`photos`);
    it stays when an editor says they differ."""
    sketch = models.BinaryField(default=bytes, blank=True)
    """What of the story's text can be compared with a thousand others at once, as pipeline.likeness makes it."""

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        # Every page counts the mails somebody must look at; their texts are long, and are not read for that.
        indexes = (models.Index(fields=("disposition", "error", "reread_at"), name="submission_stuck"),)

    def __str__(self) -> str:
        return self.subject or self.sha256[:12]


class SightingQuerySet(models.QuerySet["Sighting"]):
    def unfetched(self) -> Self:
        """Keep the mails that were seen and are not kept yet."""
        return self.filter(submission=None)

    def waiting(self) -> Self:
        """Keep the mails whose turn to be fetched has come."""
        due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=timezone.now())
        return self.unfetched().filter(due, parked=False)

    def unsettled(self) -> Self:
        """Keep the mails that are kept, and whose turn to be marked or moved has come."""
        due = Q(settle_at=None) | Q(settle_at__lte=timezone.now())
        return self.filter(due, settled=False).exclude(submission=None)

    def attention(self) -> Self:
        """Keep the mails that wait for a person, and those that fail again and again."""
        return self.unfetched().filter(Q(parked=True) | Q(attempts__gt=1))

    def unmoved(self) -> Self:
        """Keep the mails that were tried to be marked or moved more than once, in vain."""
        return self.filter(settled=False, settle_attempts__gt=1).exclude(settle_error="")


class Sighting(models.Model):
    """The ledger of a mailbox: this UID was seen there, and has become this submission.

    The row is written before the mail is fetched: a worker that dies leaves it without a submission, and
    the next look fetches the mail.
    """

    mailbox = models.CharField(max_length=60)
    uidvalidity = models.BigIntegerField(default=0)
    uid = models.CharField(max_length=255)
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="sightings"
    )
    seen_at = models.DateTimeField(default=timezone.now)
    size = models.PositiveBigIntegerField(null=True, blank=True)
    """In bytes, as the server says."""
    arrived_at = models.DateTimeField(null=True, blank=True)
    """When the server took the mail in."""
    sender = models.CharField(max_length=300, blank=True)
    subject = models.TextField(blank=True)
    """With `sender`: read from the headers of a mail that could not be taken in, for the person who decides."""
    wanted = models.BooleanField(default=False)
    """A person wants it in spite of its size."""

    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    parked = models.BooleanField(default=False)
    """A person must look before it is fetched."""

    settled = models.BooleanField(default=False)
    """The mailbox has been marked or moved as the settings ask."""
    settle_attempts = models.PositiveIntegerField(default=0)
    settle_at = models.DateTimeField(null=True, blank=True)
    """When marking or moving is tried again."""
    settle_error = models.TextField(blank=True)

    objects = SightingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("mailbox", "uidvalidity", "uid"), name="one_sighting_per_uid"),
        )

    def __str__(self) -> str:
        return self.subject or f"{self.mailbox}:{self.uidvalidity}:{self.uid}"


class Attachment(models.Model):
    """A file that came with a mail and is no photo: kept, never published."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="attachments")
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    words = models.TextField(blank=True)
    """What a document says, for search; empty where it says nothing, or was not read yet."""
    words_read = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("id",), name="attachment_unread", condition=Q(words_read=False)),)

    def __str__(self) -> str:
        return self.filename


class Proposal(models.Model):
    """A story as a later mail would have it (REVISI, RALAT, a reply): an editor takes it up or not."""

    class Answer(models.TextChoices):
        OPEN = "", _("Menunggu")
        TAKEN = "taken", _("Dipakai")
        DECLINED = "declined", _("Tidak dipakai")
        SEPARATE = "separate", _("Dijadikan berita sendiri")

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="proposal")
    story = models.ForeignKey("Story", on_delete=models.PROTECT, related_name="proposals")
    why = models.TextField()
    """What made us think the mail is about this story."""
    text = models.JSONField(default=dict)
    """The fields of Revision.TEXT as the mail has them."""
    photos = models.JSONField(default=list, blank=True)
    """The mail's photos, kept as originals: sha256, filename, caption, credit, and what was found in them."""
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, db_index=True)
    answered_by = models.ForeignKey("Person", null=True, blank=True, on_delete=models.SET_NULL)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.submission} → {self.story_id}"


class UploadQuerySet(WaitingQuerySet):
    def sent(self) -> Self:
        """Keep what its writer has sent and is no mail yet."""
        return self.ready().exclude(sent_at=None).filter(submission=None).order_by("sent_at")

    def attention(self) -> Self:
        """Keep what was sent and cannot be made a mail."""
        return self.exclude(sent_at=None).filter(submission=None).stuck()


class Upload(Waiting):
    """Coverage sent by the form instead of by mail; once sent it becomes a mail and goes the same road."""

    key = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="uploads")
    created_at = models.DateTimeField(default=timezone.now)
    headline = models.TextField(blank=True)
    text = models.TextField(blank=True)
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.SET_NULL, related_name="uploads"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    """When its writer sent it; from then on it is not changed any more."""

    objects = UploadQuerySet.as_manager()

    def __str__(self) -> str:
        return self.headline or self.key


class UploadedFile(models.Model):
    """One file of an upload, and how much of it has arrived."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    key = models.CharField(max_length=40, unique=True)
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120, blank=True)
    caption = models.TextField(blank=True)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.filename
