"""What people do about the findings of the checks on a story."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.editing import EditRefused, may_edit, rewrite
from newsroom.findings import every, field_of, findings_in, look_over, name_of, tally, texts_of
from newsroom.models import Ignored, Person, Revision, Story, log
from prose.checks import apply
from prose.personal import hide

SHOWN = 40
"""Findings shown at once; the rest follow when these are done."""


def panel(story: Story, person: Person, written: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what the panel shows."""
    rows = {row.found: row for row in story.ignored_findings.select_related("by")}
    all_told = every(story, written)
    told = [item for item in all_told if item.name not in rows]
    return {
        "story": story,
        "writable": may_edit(story, person),
        "findings": told[:SHOWN],
        "findings_left": max(len(told) - SHOWN, 0),
        "findings_count": len(told),
        "ignored": [{"item": item, "row": rows[item.name]} for item in all_told if item.name in rows],
    }


def fix(story: Story, name: str, by: Person, *, seen: int | None) -> None:
    """Make the fix of the findings called `name` in the saved text. Raises EditRefused, Overtaken."""
    if not may_edit(story, by):
        raise EditRefused(_("Berita ini tidak dapat disunting sekarang. Muat ulang halaman."))
    texts = texts_of(story, None)
    found = [item for item in findings_in(story, texts) if name_of(item) == name and item.fix is not None]
    if not found:
        raise EditRefused(_("Kata itu sudah berubah, jadi tidak ada yang diperbaiki."))
    mended = {
        field_of(where): apply(texts[field_of(where)], [item for item in found if item.where == where])
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
            tally(story)


def heed(story: Story, by: Person, name: str = "") -> int:
    """Tell again of what was ignored in this story, or of one finding; return how much that was. Raises EditRefused."""
    if not may_edit(story, by):
        raise EditRefused(_("Berita ini tidak dapat disunting sekarang. Muat ulang halaman."))
    wanted = story.ignored_findings.filter(found=name) if name else story.ignored_findings.all()
    with transaction.atomic():
        count, _rows = wanted.delete()
        if count:
            log("heed_findings", by=by, story=story, version=story.version, note=str(count))
            tally(story)
    return count
