"""Rows of the newsroom. What may happen to a story stands in workflow.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.waiting import LEASE, Waiting, WaitingQuerySet

DOCUMENT_WITHIN = timedelta(hours=20)
"""A version is packaged this long after it was verified even while a site is still waited for: the
procedure wants coverage documented by the next day."""


REREAD_AFTER = timedelta(days=90)
"""How old the last look at a kept file may become."""


class Role(models.TextChoices):
    CONTRIBUTOR = "contributor", _("Kontributor")
    EDITOR = "editor", _("Editor")
    CHIEF = "chief", _("Kepala redaksi")
    OPERATOR = "operator", _("Operator")
    ADMIN = "admin", _("Admin")


class Person(AbstractUser):
    """Somebody who signs in. People have one name field: many Indonesians have one name."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CONTRIBUTOR)

    REQUIRED_FIELDS = ["name"]  # noqa: RUF012 - Django's own idiom

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def edits(self) -> bool:
        return self.role in (Role.EDITOR, Role.CHIEF, Role.ADMIN)

    @property
    def operates(self) -> bool:
        """May repair what is stuck: retry deliveries, look at mailboxes and sites."""
        return self.role != Role.CONTRIBUTOR


class Contributor(models.Model):
    """One line of the allow-list: an address, or a whole domain written `@dinas.contoh.go.id`."""

    address = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=150)
    outlet = models.CharField(max_length=150, blank=True)
    initials = models.CharField(max_length=30, blank=True)
    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ("name", "address")

    def __str__(self) -> str:
        return self.name


class MailboxQuerySet(WaitingQuerySet):
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

    objects = MailboxQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Disposition(models.TextChoices):
    UNREAD = "", _("Belum dibaca")
    ACCEPTED = "accepted", _("Diterima")
    HELD = "held", _("Ditahan")
    IGNORED = "ignored", _("Dikesampingkan")
    FAILED = "failed", _("Gagal dibaca")


class SubmissionQuerySet(WaitingQuerySet):
    def unread(self) -> Self:
        return self.ready().filter(disposition=Disposition.UNREAD).order_by("id")

    def attention(self) -> Self:
        """Keep what editors must look at: held, failed, or stumbling."""
        return self.filter(
            Q(disposition__in=(Disposition.HELD, Disposition.FAILED))
            | (Q(disposition=Disposition.UNREAD) & ~Q(error=""))
        )


class Submission(Waiting):
    """One mail as it reached us. What came in is never edited; what became of it is written beside it."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    mailbox = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    kept_at = models.DateTimeField(default=timezone.now)

    disposition = models.CharField(max_length=10, choices=Disposition.choices, blank=True)
    reason = models.TextField(blank=True)
    admitted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL)
    """Who vouched for a mail that was held or ignored."""

    message_id = models.CharField(max_length=998, blank=True, db_index=True)
    references = models.TextField(blank=True)
    """Message-IDs of the thread, oldest first, space-separated."""
    sender_address = models.CharField(max_length=254, blank=True, db_index=True)
    sender_name = models.CharField(max_length=300, blank=True)
    subject = models.TextField(blank=True)
    source_text = models.TextField(blank=True)
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

    objects = SubmissionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.subject or self.sha256[:12]


class Sighting(models.Model):
    """The ledger of a mailbox: this UID has been kept as this submission."""

    mailbox = models.CharField(max_length=60)
    uidvalidity = models.BigIntegerField(default=0)
    uid = models.CharField(max_length=255)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="sightings")
    settled = models.BooleanField(default=False)
    """The mailbox has been marked or moved as the settings ask."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("mailbox", "uidvalidity", "uid"), name="one_sighting_per_uid"),
        )

    def __str__(self) -> str:
        return f"{self.mailbox}:{self.uidvalidity}:{self.uid}"


class State(models.TextChoices):
    QUEUED = "queued", _("Antre")
    RETURNED = "returned", _("Dikembalikan")
    VERIFIED = "verified", _("Terverifikasi")
    RELEASED = "released", _("Tayang")
    RETRACTED = "retracted", _("Ditarik")
    SPIKED = "spiked", _("Ditolak")


PUBLIC = (State.RELEASED, State.RETRACTED)
"""States in which sites are held to the story's version."""


class StoryQuerySet(WaitingQuerySet):
    def due(self) -> Self:
        """Keep the verified stories no embargo holds back."""
        now = timezone.now()
        return (
            self.ready()
            .filter(state=State.VERIFIED)
            .filter(Q(embargo_until=None) | Q(embargo_until__lte=now))
            .order_by("sealed_at")
        )

    def visible_to(self, person: Person) -> Self:
        """Keep what `person` may see: contributors see their own stories only."""
        if person.operates:
            return self
        return self.filter(contributor__person=person)


class Story(Waiting):
    key = models.CharField(max_length=40, unique=True)
    """Opaque, and the same on every site."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    version = models.PositiveIntegerField(default=1)
    """Rises on correction, retraction and restoration. A site is due while it holds an older one."""

    headline = models.TextField()
    dateline_city = models.CharField(max_length=120, blank=True)
    byline_outlet = models.CharField(max_length=150, blank=True)
    byline_writer = models.CharField(max_length=150, blank=True)
    body = models.TextField(blank=True)
    category = models.CharField(max_length=60, blank=True)
    revision = models.ForeignKey(
        "Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    """The saved text these fields equal: what an editor must have seen to decide."""

    sites = models.JSONField(default=list, blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True)
    contributor = models.ForeignKey(Contributor, null=True, blank=True, on_delete=models.SET_NULL)
    author = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="authored"
    )
    """Who made a story that came by no mail, such as a collage."""

    received_at = models.DateTimeField(db_index=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    """When the present version was verified, corrected or retracted."""
    released_at = models.DateTimeField(null=True, blank=True, db_index=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stories"

    def __str__(self) -> str:
        return self.headline

    def sealed(self, version: int | None = None) -> Revision:
        """Return the verified text of `version` (the present one by default). Raises Revision.DoesNotExist."""
        return self.revisions.filter(sealed=True, version=version or self.version).latest("id")

    @property
    def written_by(self) -> set[int]:
        """The people whose story this is: none of them may verify it."""
        people = {self.author_id}
        if self.contributor_id:
            people.add(self.contributor.person_id)
        return {pk for pk in people if pk}


class Revision(models.Model):
    """One saved text of a story. Rows are only ever added."""

    TEXT = ("headline", "dateline_city", "byline_outlet", "byline_writer", "body", "category")

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    sealed = models.BooleanField(default=False)
    """Verified: this, and nothing written later, is what sites and the archive receive as `version`."""
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)
    why = models.CharField(max_length=60)
    """The verb that saved it."""
    notice = models.TextField(blank=True)
    """What readers are told of this version: the correction line or the reason of a retraction."""

    headline = models.TextField()
    dateline_city = models.CharField(max_length=120, blank=True)
    byline_outlet = models.CharField(max_length=150, blank=True)
    byline_writer = models.CharField(max_length=150, blank=True)
    body = models.TextField(blank=True)
    category = models.CharField(max_length=60, blank=True)
    photos = models.JSONField(default=list, blank=True)
    """The photos to publish, in order: sha256, filename, caption, credit, alt."""

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.story_id}.{self.version} {self.why}"


class Photo(models.Model):
    """One picture of a story. The original lies under its SHA-256; renditions are made, not stored as rows."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="photos")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="photos"
    )
    sha256 = models.CharField(max_length=64, db_index=True)
    filename = models.CharField(max_length=255, blank=True)
    """As the sender named it; never used as a path."""
    caption = models.TextField(blank=True)
    credit = models.CharField(max_length=200, blank=True)
    alt = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)
    left_out = models.BooleanField(default=False)
    """Kept with the story and in the archive, but not published."""
    child = models.BooleanField(default=False)
    consent = models.CharField(max_length=40, blank=True)
    problem = models.TextField(blank=True)
    """Why it cannot be shown, or what is wrong with it; empty for a sound picture."""
    readable = models.BooleanField(default=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.caption or self.filename or self.sha256[:12]


class Attachment(models.Model):
    """A file that came with a mail and is no photo: kept, never published."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="attachments")
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.filename


class DeliveryQuerySet(WaitingQuerySet):
    def owed(self) -> Self:
        """Keep the promises not yet kept: the site holds an older version, or none."""
        return self.filter(story__state__in=PUBLIC, story__version__gt=F("sent_version"))

    def due(self) -> Self:
        names = [site.name for site in settings.REDAKSI.sites]
        return self.ready().owed().filter(site__in=names).order_by("story__sealed_at", "id")

    def attention(self) -> Self:
        return self.owed().stuck()


class Delivery(Waiting):
    """A promise: this site holds this story as of its latest version."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="deliveries")
    site = models.CharField(max_length=60, db_index=True)
    sent_version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, blank=True)
    """What the site was last seen to hold: nothing, `live` or `hidden`."""
    remote_id = models.CharField(max_length=200, blank=True)
    url = models.TextField(blank=True)
    ledger = models.JSONField(default=dict, blank=True)
    receipts = models.JSONField(default=list, blank=True)
    """One for each version the site has confirmed: version, at, state, remote_id, url, sha256, detail."""
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("story", "site"), name="one_delivery_per_site"),)
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.story_id} → {self.site}"

    @property
    def owed(self) -> bool:
        return self.story.state in PUBLIC and self.story.version > self.sent_version


class Lane(Waiting):
    """Held while one worker writes to one site, so that a site has one writer."""

    name = models.CharField(max_length=100, unique=True)

    objects = WaitingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def renew(cls, claim: str) -> None:
        """Renew the lane held under the same claim as the row that is worked on."""
        cls.objects.filter(claim=claim).update(claimed_until=timezone.now() + LEASE)


class PackageQuerySet(WaitingQuerySet):
    def unpreserved(self) -> Self:
        """Keep the versions that can be packaged: superseded, settled on every site, or due by the clock."""
        unsettled = Delivery.objects.filter(story=OuterRef("story"), sent_version__lt=OuterRef("version"))
        late = timezone.now() - DOCUMENT_WITHIN
        return (
            self.ready()
            .filter(path="")
            .filter(
                (Q(story__state__in=PUBLIC) & ~Exists(unsettled))
                | Q(story__state__in=PUBLIC, promised_at__lte=late)
                | Q(story__version__gt=F("version"))
            )
            .order_by("promised_at")
        )

    def unchecked(self) -> Self:
        """Keep the packages nobody has re-read for 90 days, and those a person wants re-read now."""
        old = timezone.now() - REREAD_AFTER
        wanted = Q(checked_at__lt=old) | Q(checked_at=None)
        return self.ready().exclude(path="").filter(wanted).order_by("checked_at")

    def attention(self) -> Self:
        return self.filter(~Q(error="") | Q(sound=False))


class Package(Waiting):
    """One version of a story as preserved; the row is made as soon as the version is verified."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="packages")
    version = models.PositiveIntegerField()
    promised_at = models.DateTimeField(default=timezone.now)
    path = models.CharField(max_length=300, blank=True)
    """Relative to the packages' folder; empty until the package exists."""
    checked_at = models.DateTimeField(null=True, blank=True)
    sound = models.BooleanField(default=True)

    objects = PackageQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("story", "version"), name="one_package_per_version"),)

    def __str__(self) -> str:
        return f"{self.story_id} v{self.version}"


class ShelfQuerySet(WaitingQuerySet):
    def unchecked(self) -> Self:
        """Keep the shelves nobody has re-read for 90 days."""
        old = timezone.now() - REREAD_AFTER
        return (
            self.ready().filter(Q(checked_at=None) | Q(checked_at__lt=old)).order_by("checked_at", "prefix")
        )


class Shelf(Waiting):
    """The originals whose SHA-256 begins with the same two digits, and when they were last re-read."""

    prefix = models.CharField(max_length=2, unique=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = ShelfQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "shelves"

    def __str__(self) -> str:
        return self.prefix


class CollageQuerySet(WaitingQuerySet):
    def unmade(self) -> Self:
        return self.ready().filter(story=None).order_by("start")


class Collage(Waiting):
    """The collage of one period; its story goes the same road as any other."""

    start = models.DateField()
    end = models.DateField()
    story = models.OneToOneField(Story, null=True, blank=True, on_delete=models.PROTECT)
    left_out = models.JSONField(default=list, blank=True)
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL)

    objects = CollageQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("start", "end"), name="one_collage_per_period"),)

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"


class LetterQuerySet(WaitingQuerySet):
    def unsent(self) -> Self:
        return self.ready().filter(sent_at=None).order_by("id")

    def attention(self) -> Self:
        return self.filter(sent_at=None).stuck()


class Letter(Waiting):
    """A mail of ours to a contributor, in the thread of theirs."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="letters")
    to = models.CharField(max_length=254)
    subject = models.TextField()
    body = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)
    in_reply_to = models.CharField(max_length=998, blank=True)
    references = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    def __str__(self) -> str:
        return self.subject


class LogEntry(models.Model):
    """Who did what, when, to which story or mail. Rows are only ever added."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT)
    """None: the program itself."""
    verb = models.CharField(max_length=30)
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="log")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="log"
    )
    version = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "log entries"

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
    """Add one line to the log."""
    return LogEntry.objects.create(verb=verb, by=by, **subject)
