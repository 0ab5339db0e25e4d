"""What is kept for good, and the collages made of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.delivery import Delivery
from newsroom.models.describing import Leader, Tag
from newsroom.models.people import Person
from newsroom.models.proof import Proof
from newsroom.models.story import PUBLIC, Story
from newsroom.waiting import Waiting, WaitingQuerySet

DOCUMENT_WITHIN = timedelta(hours=20)
"""A version is packaged this long after it was verified even while a site is still waited for: the
procedure wants coverage documented by the next day."""


def reread_after() -> timedelta:
    """Return how old the last look at a kept file may become."""
    return timedelta(days=settings.REDAKSI.archive.reread_days)


class PackageQuerySet(WaitingQuerySet):
    def unpreserved(self) -> Self:
        """Keep the versions that can be packaged: superseded, settled and proven on every site, or due by the clock."""
        unsettled = Delivery.objects.filter(story=OuterRef("story"), sent_version__lt=OuterRef("version"))
        unproven = Proof.objects.all().awaited().filter(story=OuterRef("story"), version=OuterRef("version"))
        late = timezone.now() - DOCUMENT_WITHIN
        return (
            self.ready()
            .filter(path="")
            .filter(
                (Q(story__state__in=PUBLIC) & ~Exists(unsettled) & ~Exists(unproven))
                | Q(story__state__in=PUBLIC, promised_at__lte=late)
                | Q(story__version__gt=F("version"))
            )
            .order_by("promised_at")
        )

    def unchecked(self) -> Self:
        """Keep the packages whose next look has come, and those a person wants re-read now."""
        now = timezone.now()
        wanted = Q(recheck_at__lte=now) | Q(checked_at__lt=now - reread_after()) | Q(checked_at=None)
        oldest = F("checked_at").asc(nulls_first=True)  # never looked at comes first, on every database
        return self.ready().exclude(path="").filter(wanted).order_by(oldest)

    def questioned(self) -> Self:
        """Keep the packages made before something of their version became known, once its pages are read."""
        unproven = Proof.objects.all().awaited().filter(story=OuterRef("story"), version=OuterRef("version"))
        late = timezone.now() - DOCUMENT_WITHIN
        return (
            self.ready()
            .filter(questioned_at__isnull=False)
            .exclude(path="")
            .filter(~Exists(unproven) | Q(questioned_at__lte=late))
            .order_by("questioned_at")
        )

    def question(self, story: Story | int, version: int) -> None:
        """Have the packages of a version compared once more with what is known of it."""
        self.filter(story=story, version=version).update(questioned_at=timezone.now())

    def attention(self) -> Self:
        return self.filter(~Q(error="") | Q(sound=False))


class Package(Waiting):
    """One version of a story as preserved; the row is made as soon as the version is verified.

    What becomes known of the version after it was packaged makes another row, the next revision; none is changed.
    """

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="packages")
    version = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1)
    promised_at = models.DateTimeField(default=timezone.now)
    path = models.CharField(max_length=300, blank=True)
    """Relative to the packages' folder; empty until the package exists."""
    checked_at = models.DateTimeField(null=True, blank=True)
    recheck_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """When it is to be re-read next; None where only the settings' span counts."""
    sound = models.BooleanField(default=True)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of what may still come to a version after it was packaged; empty in those of older releases."""
    questioned_at = models.DateTimeField(null=True, blank=True)
    """When something of this version last became known, until the package is compared with it."""

    objects = PackageQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("story", "version", "revision"), name="one_package_per_revision"),
        )
        indexes = (
            # What is in trouble is few among very many, and every page counts it.
            models.Index(fields=("story",), name="package_trouble", condition=~Q(error="") | Q(sound=False)),
            models.Index(
                fields=("questioned_at",), name="package_questioned", condition=Q(questioned_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.story_id} v{self.version}" + (f"-r{self.revision}" if self.revision > 1 else "")


class ShelfQuerySet(WaitingQuerySet):
    def unchecked(self) -> Self:
        """Keep the shelves nobody has re-read for as long as the settings say."""
        old = timezone.now() - reread_after()
        return (
            self.ready().filter(Q(checked_at=None) | Q(checked_at__lt=old)).order_by("checked_at", "prefix")
        )


class Shelf(Waiting):
    """The originals whose SHA-256 begins with the same two digits, and when they were last re-read."""

    prefix = models.CharField(max_length=2, unique=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    """Of a shelf nobody has looked at yet, an invented moment that spreads the first looks: see `looks`."""
    looks = models.PositiveIntegerField(default=0)
    """How often it was gone through."""

    objects = ShelfQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "shelves"

    def __str__(self) -> str:
        return self.prefix


class CollageQuerySet(WaitingQuerySet):
    def unmade(self) -> Self:
        return self.ready().filter(state=Collage.State.WANTED).order_by("start", "id")

    def proposals(self) -> Self:
        """Keep what Redaksi has proposed by itself and nobody has decided on."""
        return self.filter(proposed=True, state=Collage.State.DRAFT)

    def attention(self) -> Self:
        """Keep what could not be made."""
        return self.filter(state=Collage.State.WANTED).stuck()


class Collage(Waiting):
    """A collage from its first draft on: of a period, perhaps of one leader, tag or category.

    Its story, once it has one, goes the same road as any other.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Rancangan")
        WANTED = "wanted", _("Sedang dibuat")
        MADE = "made", _("Sudah jadi")
        DROPPED = "dropped", _("Tidak dipakai")

    start = models.DateField()
    end = models.DateField()
    leader = models.ForeignKey(Leader, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    tag = models.ForeignKey(Tag, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=60, blank=True)
    count = models.PositiveIntegerField(default=24)
    """How many photos are proposed."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    proposed = models.BooleanField(default=False)
    """Redaksi's own, for a whole period: one for each, so that none is proposed twice."""
    to_queue = models.BooleanField(default=False)
    """Becomes a story as soon as it is made, without another word."""
    recipe = models.JSONField(default=dict, blank=True)
    """All that decides how it looks (collage.Recipe)."""
    revision = models.PositiveIntegerField(default=0)
    """Rises with each change of the recipe: who changes an older one is told so."""
    past = models.JSONField(default=list, blank=True)
    """Earlier recipes, the latest last: what "undo" goes back to."""
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    progress = models.PositiveIntegerField(default=0)
    """Per cent of what is being made."""
    outputs = models.JSONField(default=dict, blank=True)
    """What was made: `key` of the recipe it was made from, and `files`: name, SHA-256 and size of each."""
    story = models.OneToOneField(Story, null=True, blank=True, on_delete=models.PROTECT)
    left_out = models.JSONField(default=list, blank=True)
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL)

    objects = CollageQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("start", "end"), condition=Q(proposed=True), name="one_proposed_collage_per_period"
            ),
        )
        indexes = (
            models.Index(fields=("start",), name="collage_wanted", condition=Q(state="wanted")),
            models.Index(fields=("-changed_at",), name="collage_changed"),
        )

    def __str__(self) -> str:
        return str(self.recipe.get("title") or f"{self.start}–{self.end}")
