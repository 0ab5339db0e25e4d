"""The checks of prose.checks on a story: its words as they are being written, the office's lists, what is ignored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import prose
from newsroom.editing import EditRefused, may_edit, rewrite
from newsroom.models import Abbreviation, Ignored, Person, Revision, Spelling, Story, log
from prose.checks import Caption, Checked, Finding, Lists, apply, check
from prose.personal import hide

SHOWN = 40
"""Findings shown at once; the rest follow when these are done."""


@dataclass(frozen=True)
class Spot:
    """Where a finding stands in the form, counted as browsers count: in UTF-16 units."""

    field: str
    start: int
    end: int
    old: str
    fix: str | None


@dataclass(frozen=True)
class Told:
    """Findings about the same words, told once."""

    name: str
    """SHA-256 of what they are about."""
    first: Finding
    place: str
    """Where the first stands, in words."""
    spots: tuple[Spot, ...]

    @property
    def fixable(self) -> bool:
        return self.first.fix is not None

    @property
    def data(self) -> str:
        """The spots as JSON, for the page's script."""
        return json.dumps([[spot.field, spot.start, spot.end, spot.old, spot.fix] for spot in self.spots])


def lists() -> Lists:
    """Return the office's lists as they are in use."""
    return Lists(
        tuple(Spelling.objects.filter(active=True).values_list("wrong", "right")),
        tuple(Abbreviation.objects.filter(active=True).values_list("short", "long")),
    )


def look_over(story: Story, written: Mapping[str, str] | None = None) -> list[Told]:
    """Return what the checks say of the story with the fields `written` in its form, the grave first.

    What an editor ignores in this story is left out.
    """
    ignored = set(story.ignored_findings.values_list("found", flat=True))
    return [item for item in _all(story, written) if item.name not in ignored]


def panel(story: Story, person: Person, written: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what the panel shows."""
    rows = {row.found: row for row in story.ignored_findings.select_related("by")}
    every = _all(story, written)
    told = [item for item in every if item.name not in rows]
    return {
        "story": story,
        "writable": may_edit(story, person),
        "findings": told[:SHOWN],
        "findings_left": max(len(told) - SHOWN, 0),
        "findings_count": len(told),
        "ignored": [{"item": item, "row": rows[item.name]} for item in every if item.name in rows],
    }


def fix(story: Story, name: str, by: Person, *, seen: int | None) -> None:
    """Make the fix of the findings called `name` in the saved text. Raises EditRefused, Overtaken."""
    if not may_edit(story, by):
        raise EditRefused(_("Berita ini tidak dapat disunting sekarang. Muat ulang halaman."))
    texts = _texts(story, None)
    found = [item for item in _findings(story, texts) if _name(item) == name and item.fix is not None]
    if not found:
        raise EditRefused(_("Kata itu sudah berubah, jadi tidak ada yang diperbaiki."))
    mended = {
        _field(where): apply(texts[_field(where)], [item for item in found if item.where == where])
        for where in {item.where for item in found}
    }
    with transaction.atomic():
        for photo in story.photos.all():
            if (caption := mended.get(f"foto-{photo.pk}-caption")) is not None:
                story.photos.filter(pk=photo.pk).update(caption=caption)
        text = {key: value for key, value in mended.items() if key in Revision.TEXT}
        rewrite(story, by, "fix" if len(text) == len(mended) else "edit", seen=seen, text=text)


def ignore(story: Story, name: str, by: Person, reason: str = "") -> None:
    """Do not tell of these findings any more in this story. Raises EditRefused."""
    if not may_edit(story, by):
        raise EditRefused(_("Berita ini tidak dapat disunting sekarang. Muat ulang halaman."))
    found = next((item for item in look_over(story) if item.name == name), None)
    reason = hide(" ".join(reason.split())[:200])
    with transaction.atomic():
        _row, made = Ignored.objects.get_or_create(
            story=story, found=name, defaults={"by": by, "reason": reason}
        )
        if made:
            what = f"{found.first.rule}: {found.first.words}"[:200] if found else ""
            note = " – ".join(part for part in (what, reason) if part)
            log("ignore_finding", by=by, story=story, version=story.version, note=note)


def heed(story: Story, by: Person, name: str = "") -> int:
    """Tell again of what was ignored in this story, or of one finding; return how much that was. Raises EditRefused."""
    if not may_edit(story, by):
        raise EditRefused(_("Berita ini tidak dapat disunting sekarang. Muat ulang halaman."))
    wanted = story.ignored_findings.filter(found=name) if name else story.ignored_findings.all()
    with transaction.atomic():
        count, _rows = wanted.delete()
        if count:
            log("heed_findings", by=by, story=story, version=story.version, note=str(count))
    return count


def _all(story: Story, written: Mapping[str, str] | None) -> list[Told]:
    """Return all findings, the grave first."""
    texts = _texts(story, written)
    grouped: dict[str, list[Finding]] = {}
    for finding in _findings(story, texts):
        grouped.setdefault(_name(finding), []).append(finding)
    told = [_told(name, found, texts) for name, found in grouped.items()]
    return sorted(told, key=lambda item: not item.first.grave)


def _texts(story: Story, written: Mapping[str, str] | None) -> dict[str, str]:
    """Return every text that is checked by the name of its field in the form, with line ends as browsers hold them."""
    texts = {"headline": story.headline, "body": story.body, "dateline_city": story.dateline_city}
    for photo in story.photos.filter(left_out=False):
        texts[f"foto-{photo.pk}-caption"] = photo.caption
        texts[f"foto-{photo.pk}-alt"] = photo.alt
    for name in texts:
        texts[name] = (
            (written or {}).get(name, texts[name])[:200_000].replace("\r\n", "\n").replace("\r", "\n")
        )
    return texts


def _findings(story: Story, texts: Mapping[str, str]) -> Iterable[Finding]:
    tz = settings.REDAKSI.office.tz
    pictures = [name.removesuffix("-caption") for name in texts if name.endswith("-caption")]
    checked = Checked(
        headline=texts["headline"],
        body=texts["body"],
        captions=[Caption(name, texts[f"{name}-caption"], texts[f"{name}-alt"]) for name in pictures],
        received=story.received_at.astimezone(tz).date(),
        zone=prose.zone_label(timezone.now(), tz),
        city=texts["dateline_city"],
        lists=lists(),
    )
    return check(checked, off=settings.REDAKSI.checks.off)


def _told(name: str, found: list[Finding], texts: Mapping[str, str]) -> Told:
    spots = []
    for finding in found:
        text = texts[_field(finding.where)]
        start, end = (_utf16(text[:at]) for at in (finding.start, finding.end))
        spots.append(Spot(_field(finding.where), start, end, text[finding.start : finding.end], finding.fix))
    return Told(name, found[0], _place(found[0].where, texts), tuple(spots))


def _place(where: str, texts: Mapping[str, str]) -> str:
    if where == "headline":
        return _("Judul")
    if where == "body":
        return _("Isi berita")
    pictures = [name for name in texts if name.endswith("-caption")]
    number = pictures.index(where.partition(":")[2] + "-caption") + 1
    return _("Foto %(number)d") % {"number": number}


def _field(where: str) -> str:
    """Name the form's field in which a finding stands."""
    kind, _colon, picture = where.partition(":")
    return f"{picture}-{kind}" if picture else kind


def _name(finding: Finding) -> str:
    return hashlib.sha256(finding.subject.encode()).hexdigest()


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
