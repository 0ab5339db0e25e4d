"""Stories, their saved texts and their photos. What may happen to one stands in workflow.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.describing import Leader, Tag
from newsroom.models.mail import Submission
from newsroom.models.people import Contributor, Person
from newsroom.waiting import Waiting, WaitingQuerySet


class State(models.TextChoices):
    QUEUED = "queued", _("Antre")
    RETURNED = "returned", _("Dikembalikan")
    VERIFIED = "verified", _("Terverifikasi")
    RELEASED = "released", _("Tayang")
    RETRACTED = "retracted", _("Ditarik")
    SPIKED = "spiked", _("Ditolak")


PUBLIC = (State.RELEASED, State.RETRACTED)
"""States in which sites are held to the story's version."""


VERIFY_WITHIN = timedelta(hours=3)
"""From its arrival, as the procedure asks."""
PUBLISH_WITHIN = timedelta(hours=2)
"""From its verification until the last of its sites has it, as the procedure asks."""
GRACE = timedelta(minutes=1)
"""How long after its time a story may still be on its way before somebody is told."""


class StoryQuerySet(WaitingQuerySet):
    def due(self) -> Self:
        """Keep the verified stories that neither an embargo nor the leadership's chain holds back."""
        return self.ready().filter(state=State.VERIFIED).open().approved().order_by("sealed_at")

    def open(self) -> Self:
        """Keep the stories no embargo holds back now."""
        return self.filter(Q(embargo_until=None) | Q(embargo_until__lte=timezone.now()))

    def approved(self) -> Self:
        """Keep the stories no step of the leadership's chain holds back."""
        return self.exclude(approvals__answer="")

    def overdue(self) -> Self:
        """Keep the verified stories that should have gone out more than a minute ago."""
        before = timezone.now() - GRACE
        return (
            self.filter(state=State.VERIFIED, sealed_at__lte=before)
            .filter(Q(embargo_until=None) | Q(embargo_until__lte=before))
            .approved()
            .exclude(approvals__answered_at__gt=before)
        )

    def public(self) -> Self:
        """Keep what has been released, withdrawn or not: asked by its time, whose index gives the order, too."""
        return self.filter(released_at__isnull=False)

    def unexplained(self) -> Self:
        """Keep the stories withdrawn in an emergency whose reason readers have not been told."""
        return self.filter(state=State.RETRACTED).exclude(reason_due_at=None)

    def visible_to(self, person: Person) -> Self:
        """Keep what `person` may see: contributors see their own stories only."""
        if person.sees:
            return self
        return self.filter(contributor__person=person)


class Story(Waiting):
    key = models.CharField(max_length=40, unique=True)
    """Opaque, and the same on every site."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    version = models.PositiveIntegerField(default=1)
    """Rises on correction, retraction and restoration. A site is due while it holds an older one."""

    headline = models.TextField()
    dateline_city = models.CharField(max_length=120, blank=True)
    byline_outlet = models.CharField(max_length=150, blank=True)
    byline_writer = models.CharField(max_length=150, blank=True)
    byline_editor = models.CharField(max_length=150, blank=True)
    photographer = models.CharField(max_length=150, blank=True)
    body = models.TextField(blank=True)
    category = models.CharField(max_length=60, blank=True)
    revision = models.ForeignKey(
        "Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    """The saved text these fields equal: what an editor must have seen to decide."""

    event_on = models.DateField(null=True, blank=True, db_index=True)
    """When what it tells of took place; None where nobody said."""
    event_place = models.CharField(max_length=150, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="stories")
    leaders = models.ManyToManyField(Leader, blank=True, related_name="stories")
    """Whose activities it covers. These four describe; they are no part of the verified text."""

    sites = models.JSONField(default=list, blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True)
    contributor = models.ForeignKey(Contributor, null=True, blank=True, on_delete=models.SET_NULL)
    author = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="authored"
    )
    """Who made a story that came by no mail, such as a collage."""
    split_from = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="split_stories"
    )
    """The mail this story was taken out of, when that mail held several."""
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    """The story that took this one's photos: both were the same coverage."""

    received_at = models.DateTimeField(db_index=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    """When the present version was verified, corrected or retracted."""
    released_at = models.DateTimeField(null=True, blank=True, db_index=True)
    reason_due_at = models.DateTimeField(null=True, blank=True)
    """Until when readers must be told why the story was withdrawn in an emergency; None when nothing is owed."""

    due_at = models.DateTimeField(null=True, blank=True)
    """Until when it is to be verified, or its version to be on all its sites; None when no clock runs."""
    paused_at = models.DateTimeField(null=True, blank=True)
    """Since when its clock stands still (see Pause); None when it runs."""
    time_left = models.DurationField(null=True, blank=True)
    """Of a rejected story: what its clock still had, should it come back into the queue."""
    trial = models.BooleanField(default=False)
    """The setup's test mail: to be looked at and rejected, never published."""
    findings = models.PositiveIntegerField(null=True, blank=True)
    """How many findings the checks have in its saved text; None until they are counted."""
    personal_findings = models.PositiveIntegerField(null=True, blank=True)
    """How many personal data bar its verification; counted with `findings`."""

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stories"
        constraints = (
            # Without one it would be missing from the queue.
            models.CheckConstraint(
                condition=~Q(state="queued") | Q(due_at__isnull=False), name="a_queued_story_has_a_clock"
            ),
            models.CheckConstraint(
                condition=Q(trial=False) | Q(state__in=("queued", "returned", "spiked")),
                name="a_trial_is_never_published",
            ),
        )
        indexes = (
            models.Index(fields=("state", "received_at"), name="story_state_arrival"),
            # What needs somebody now is few among very many, and is read in this order.
            models.Index(
                fields=("paused_at", "due_at"), name="story_clock", condition=Q(due_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.headline

    def save(self, *args: Any, **how: Any) -> None:
        """Save the row; the clock of a new one in the queue runs from its arrival."""
        if self.pk is None and self.state == State.QUEUED and self.due_at is None:
            self.due_at = self.received_at + VERIFY_WITHIN
        super().save(*args, **how)

    @property
    def mails(self) -> models.QuerySet[Submission]:
        """The mails this story came by, oldest first."""
        wanted = Q(story=self)
        if self.split_from_id:  # asked without need, it would have every mail ever kept read through
            wanted |= Q(pk=self.split_from_id)
        return Submission.objects.filter(wanted).order_by("id")

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

    TEXT = (
        "headline",
        "dateline_city",
        "byline_outlet",
        "byline_writer",
        "byline_editor",
        "photographer",
        "body",
        "category",
    )

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
    byline_editor = models.CharField(max_length=150, blank=True)
    photographer = models.CharField(max_length=150, blank=True)
    body = models.TextField(blank=True)
    category = models.CharField(max_length=60, blank=True)
    photos = models.JSONField(default=list, blank=True)
    """The photos to publish, in order: sha256, filename, caption, credit, alt."""

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.story_id}.{self.version} {self.why}"


class Consent(models.TextChoices):
    OFFICIAL = "official", _("Pejabat publik (tidak perlu)")
    VERBAL = "verbal", _("Lisan")
    WRITTEN = "written", _("Tertulis")
    PUBLIC_PLACE = "public_place", _("Ruang publik")


def _band(number: int) -> models.GeneratedField:
    """Return a quarter of the likeness, kept by the database: what photos that are alike are found by."""
    return models.GeneratedField(
        expression=Substr("dhash", 4 * number + 1, 4),
        output_field=models.CharField(max_length=4),
        db_persist=True,
        db_index=True,
    )


PHOTO_FLAGS = ("child", "victim", "document")
"""What of the people in a photo binds: true of its file, whichever story holds it."""


class Photo(models.Model):
    """One picture of a story. The original lies under its SHA-256; renditions are made, not stored as rows."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="photos")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="photos"
    )
    sha256 = models.CharField(max_length=64, db_index=True)
    dhash = models.CharField(max_length=16, blank=True, db_index=True)
    """Likeness (photos.dhash) in hexadecimal; empty when it was not computed, or says nothing."""
    band_0 = _band(0)
    band_1 = _band(1)
    band_2 = _band(2)
    band_3 = _band(3)
    filename = models.CharField(max_length=255, blank=True)
    """As the sender named it; never used as a path."""
    caption = models.TextField(blank=True)
    credit = models.CharField(max_length=200, blank=True)
    alt = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)
    left_out = models.BooleanField(default=False)
    """Kept with the story and in the archive, but not published."""
    child = models.BooleanField(default=False)
    consent = models.CharField(max_length=40, blank=True, choices=Consent)
    consent_from = models.CharField(max_length=200, blank=True)
    """Who gave the consent, or the number of the form."""
    victim = models.BooleanField(default=False)
    """A victim or a patient can be recognised."""
    document = models.BooleanField(default=False)
    """An identity document or a number plate can be read."""
    edits = models.JSONField(default=dict, blank=True)
    """Crop, blurred areas and focus (photos.Edits), as fractions of the upright original, which stays as it is."""
    masked = models.JSONField(default=dict, blank=True)
    """An editor's word that the blur or crop hides what is flagged: `edits` (their key), `flags` and `parts`."""
    flagged_in = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The story whose flags were carried to this photo, because it holds the same file."""
    told_apart = models.JSONField(default=list, blank=True)
    """`sha256:flag` of flagged photos like this one, of which an editor has said that the flag is not for this one."""
    drawn_from = models.JSONField(default=list, blank=True)
    """The photos drawn into this one when it is a collage: `story`, `sha256`, `name`, `edits`, `masked`."""
    exposed = models.TextField(blank=True)
    """Why the photo must not be shown as the sealed text of a released story has it; else empty."""
    sharpness = models.FloatField(null=True, blank=True)
    exposure = models.FloatField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    """What the file says beyond its size and time: camera, place, IPTC fields."""
    problem = models.TextField(blank=True)
    """Why it cannot be shown, or what is wrong with it; empty for a sound picture."""
    readable = models.BooleanField(default=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="photos")
    leaders = models.ManyToManyField(Leader, blank=True, related_name="photos")
    """Who is shown, where somebody said; whom the story covers is the story's."""

    class Meta:
        ordering = ("order", "id")
        indexes = (models.Index(fields=("story",), name="photo_exposed", condition=~Q(exposed="")),)

    def __str__(self) -> str:
        return self.caption or self.filename or self.sha256[:12]

    def save(self, *args: Any, **how: Any) -> None:
        """Save the row; a new one takes over what is known of the same file, by whatever door it came."""
        if self.pk is None:
            self._take_over()
        super().save(*args, **how)

    def _take_over(self) -> None:
        for other in Photo.objects.filter(sha256=self.sha256).order_by("id").select_related("story"):
            self.drawn_from = self.drawn_from or other.drawn_from
            for flag in PHOTO_FLAGS:
                if getattr(other, flag) and not getattr(self, flag):
                    setattr(self, flag, True)
                    self.flagged_in = self.flagged_in or other.story


class Overrule(models.Model):
    """An editor's word that a finding which bars verification is none. Rows are only ever added."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="overrules")
    rule = models.CharField(max_length=40)
    found = models.CharField(max_length=64)
    """SHA-256 of what was found: a number that must not be published is not kept in a log either."""
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.story_id} {self.rule}"
