"""Which photos may be taken out of the archive together, and what is written beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.models import Leader, Photo, Revision, State, Story, Tag
from newsroom.photos import barred, barred_as_sealed
from newsroom.tickets import ticket

HEADINGS = (
    *("No", "Berkas", "Jenis", "Judul berita", "Nomor berita", "Tanggal tayang", "Tanggal acara", "Tempat"),
    *("Keterangan foto", "Kredit", "Fotografer", "Pimpinan", "Tag", "Media asal", "SHA-256 berkas asli"),
)
"""Columns of the sheet that lies beside the photos; those who receive it read Indonesian."""


@dataclass(frozen=True)
class Item:
    """One photo as the verified text of its story has it."""

    story: Story
    sealed: Revision
    shown: dict[str, Any]
    row: Photo
    number: int
    """Among the photos of its story, from 1."""
    original_barred: str
    """Why the file itself must not be handed on, though the edited picture may; else empty."""


@dataclass
class Chosen:
    items: list[Item] = field(default_factory=list)
    withheld: list[tuple[str, str]] = field(default_factory=list)
    """What does not come along, and why."""


def chosen_photos(stories: Sequence[Story], photos: Sequence[Photo]) -> Chosen:
    """Return the photos of these stories and these photos, each once, without those readers must not see.

    Asks the database as often for many as for few, collages excepted.
    """
    wanted: dict[int, set[int] | None] = {story.pk: None for story in stories}  # None: all of them
    for photo in photos:
        of_story = wanted.setdefault(photo.story_id, set())
        if of_story is not None:
            of_story.add(photo.pk)
    rows = Story.objects.filter(pk__in=wanted).prefetch_related(
        "photos__leaders", "photos__tags", "leaders", "tags"
    )
    by_pk = {story.pk: story for story in rows}
    sealed = _sealed(by_pk.values())
    found = Chosen()
    for pk, only in wanted.items():
        if pk in by_pk:
            _of_story(found, by_pk[pk], sealed.get(pk), only)
    return found


def _of_story(found: Chosen, story: Story, sealed: Revision | None, only: set[int] | None) -> None:
    if sealed is None or story.state == State.RETRACTED:
        found.withheld.append((str(story), _("Beritanya sudah ditarik, jadi fotonya tidak ikut diunduh.")))
        return
    rows = {row.sha256: row for row in story.photos.all()}
    reasons = barred_as_sealed(story, sealed.photos)
    taken = set()
    for number, shown in enumerate(sealed.photos, start=1):
        row = rows.get(shown["sha256"])
        if row is None or (only is not None and row.pk not in only):
            continue
        taken.add(row.pk)
        name = shown["caption"] or shown["filename"] or str(story)
        if reason := reasons.get(shown["sha256"]) or row.exposed:
            found.withheld.append((name, reason))
            continue
        found.items.append(Item(story, sealed, shown, row, number, _why_no_original(row, shown)))
    for row in rows.values():
        if only is not None and row.pk in only and row.pk not in taken:
            found.withheld.append((str(row), _("Foto ini tidak ada di antara yang tayang.")))


def _why_no_original(row: Photo, shown: dict[str, Any]) -> str:
    """Say why the file as it came must not be handed on: what was hidden in the picture is plain in the file."""
    if (shown.get("edits") or {}).get("blurs"):
        return _("Sebagian foto ini dikaburkan, jadi yang diberikan adalah foto yang sudah dikaburkan.")
    plain = Photo(
        **{name: getattr(row, name) for name in ("sha256", "caption", "filename", "consent", "consent_from")},
        **{flag: getattr(row, flag) for flag in ("child", "victim", "document")},
    )
    if barred(plain, {"edits": {}}):
        return _("Yang ditandai pada foto ini tersembunyi hanya pada foto olahannya.")
    return ""


def _sealed(stories: Iterable[Story]) -> dict[int, Revision]:
    versions = {story.pk: story.version for story in stories}
    rows = Revision.objects.filter(story__in=list(versions), sealed=True).order_by("id").defer("body")
    return {row.story_id: row for row in rows if row.version == versions[row.story_id]}


def sheet_line(item: Item, place: int, filename: str, kind: str) -> list[str]:
    """Return a photo's line of the sheet."""
    story, sealed, row = item.story, item.sealed, item.row
    return [
        str(place),
        filename,
        kind,
        sealed.headline,
        ticket(story.pk),
        timezone.localdate(story.released_at).isoformat() if story.released_at else "",
        story.event_on.isoformat() if story.event_on else "",
        story.event_place or sealed.dateline_city,
        item.shown["caption"],
        item.shown["credit"],
        sealed.photographer,
        ", ".join(_names(row.leaders.all(), story.leaders.all())),
        ", ".join(_names(row.tags.all(), story.tags.all())),
        sealed.byline_outlet,
        row.sha256,
    ]


def _names(*lists: Iterable[Leader | Tag]) -> Iterator[str]:
    yield from dict.fromkeys(str(row) for rows in lists for row in rows)
