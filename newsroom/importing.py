"""Stories that were published before Redaksi: brought into the archive as they were, and sent nowhere.

The one way besides newsroom/workflow.py by which a story comes to be public. Nobody here has verified it, and nothing says
so: its text is sealed by the verb `import`, without a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

import prose
from newsroom import indexing, records
from newsroom.mail import story_key
from newsroom.models import Delivery, Origin, Package, Photo, Revision, Source, State, Story, Tag, log
from newsroom.photos import look_again, photos_to_publish

VERB = "import"


@dataclass(frozen=True)
class Old:
    """One story as it was published, ready to be kept."""

    remote_id: str
    headline: str
    body: str
    published_at: datetime
    event_on: date | None = None
    url: str = ""
    modified: str = ""
    writer: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    photos: tuple[Mapping[str, Any], ...] = ()
    """As `Photo`'s fields."""
    problem: str = ""
    site: str = ""
    """The site of the settings that shows it, by its name: corrections go there, and nowhere else."""


def known(source: Source, remote_id: str) -> Origin | None:
    """Return what became of one thing of a source; None when it was never looked at."""
    return Origin.objects.filter(source=source, remote_id=remote_id).select_related("story").first()


def set_aside(source: Source, remote_id: str, url: str, problem: str) -> None:
    """Write down why something could not be brought in yet."""
    Origin.objects.update_or_create(
        source=source, remote_id=remote_id, defaults={"url": url, "problem": problem}
    )


def add(source: Source, old: Old) -> Story:
    """Keep an old story as released, with its own date; the same one is kept once. Nothing becomes due at any site."""
    with transaction.atomic():
        origin, _ = Origin.objects.select_for_update().get_or_create(
            source=source, remote_id=old.remote_id, defaults={"url": old.url}
        )
        if origin.story is not None:
            return origin.story
        story = _made(source, old)
        _describe(story, old.tags)
        for order, photo in enumerate(old.photos):
            Photo.objects.create(story=story, order=order, **photo)
        _seal(story, old.published_at)
        if old.site:
            _held(story, old)
        Origin.objects.filter(pk=origin.pk).update(
            story=story, url=old.url, modified=old.modified, problem=old.problem
        )
        look_again(story)
        indexing.index(story)
        records.closed(story)
        log(VERB, story=story, version=1, note=" ".join(filter(None, (old.url or str(source), old.problem))))
    return story


def _made(source: Source, old: Old) -> Story:
    return Story.objects.create(
        key=story_key(f"import {source.name} {old.remote_id}"),
        state=State.RELEASED,
        headline=old.headline or "(tanpa judul)",
        body=old.body,
        byline_writer=old.writer[:150],
        category=old.category[:60],
        event_on=old.event_on,
        sites=[old.site] if old.site else [],
        received_at=old.published_at,
        sealed_at=old.published_at,
        released_at=old.published_at,
    )


def _describe(story: Story, names: Iterable[str]) -> None:
    for name in names:
        short = name[:60].strip()
        slug = prose.slug(short)
        if not slug:
            continue
        tag = Tag.objects.filter(slug=slug).first() or Tag.objects.filter(name__iexact=short).first()
        story.tags.add(tag or Tag.objects.create(name=short, slug=slug))


def _seal(story: Story, at: datetime) -> None:
    """Make the text as it was what the archive keeps as its first version."""
    sealed = Revision.objects.create(
        story=story,
        version=1,
        sealed=True,
        at=at,
        why=VERB,
        photos=photos_to_publish(story),
        **{name: getattr(story, name) for name in Revision.TEXT},
    )
    Story.objects.filter(pk=story.pk).update(revision=sealed)
    story.revision = sealed
    Package.objects.create(story=story, version=1)


def _held(story: Story, old: Old) -> None:
    """Write down that the site holds it already: nothing is owed to it until the story is corrected."""
    receipt = {
        "version": 1,
        "at": old.published_at.isoformat(),
        "state": "live",
        "remote_id": old.remote_id,
        "url": old.url,
        "sha256": "",
        "detail": {"imported": True},
    }
    Delivery.objects.create(
        story=story,
        site=old.site,
        sent_version=1,
        state="live",
        remote_id=old.remote_id,
        url=old.url,
        confirmed_at=old.published_at,
        receipts=[receipt],
    )
