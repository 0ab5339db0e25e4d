"""What readers of each site will see of a correction, a take-down or a return, before anybody confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

import prose
from config import Site
from newsroom import personal
from newsroom.dressing import notice_line, notice_lines, outfit
from newsroom.models import ASSISTED, Revision, State, Story
from newsroom.workflow import MOVES

ANNOUNCED = tuple(verb for verb, rule in MOVES.items() if rule.public_note or rule.says)
"""The moves readers are told of."""
WITHDRAWN = ("Berita ini telah ditarik", "Naskah dan foto tidak lagi tersedia di situs ini.")
"""What a folder site's page says around the reason (publishers/folder_pages.py); readers' words, in one language."""
UNWRITTEN = "…"
"""Stands where the note is still to be written."""


@dataclass(frozen=True)
class Announcement:
    """What one site's readers will see."""

    title: str
    remark: str
    """What is particular to the site; empty where the page shows all."""
    headline: str = ""
    lines: tuple[str, ...] = ()
    """What stands above the text, or instead of it."""
    after: str = ""
    html: str = ""
    """The text itself, safe; empty when it is taken down."""


def announcements(
    story: Story, verb: str, note: str, now: datetime, words: Mapping[str, Any]
) -> list[Announcement]:
    """Return what each site the story was promised to will show; `words` is the text being written."""
    rule = MOVES[verb]
    told = personal.without(story, note.strip()) or rule.says or UNWRITTEN
    text = {name: words.get(name, getattr(story, name)) for name in Revision.TEXT}
    coming = Revision(story=story, version=story.version + 1, why=verb, at=now, notice=told, **text)
    promised = set(story.deliveries.values_list("site", flat=True))
    sites = [site for site in settings.REDAKSI.sites if site.name in promised]
    if rule.target == State.RETRACTED:
        return [_withdrawn(site, notice_line(coming)) for site in sites]
    earlier = [line for _at, line in notice_lines(story.sealed())]
    return [_corrected(site, coming, earlier) for site in sites]


def _withdrawn(site: Site, line: str) -> Announcement:
    match site.kind:
        case "folder":
            return Announcement(site.title, "", WITHDRAWN[0], (line,), WITHDRAWN[1])
        case kind if kind == ASSISTED:
            words = _("Ditarik dengan tangan di portal ini; alasannya menyertai tugas operator.")
            return Announcement(site.title, words, "", (line,))
    words = _("Halamannya dan semua fotonya tidak ada lagi bagi pembaca. Situs ini tidak menampilkan alasan.")
    return Announcement(site.title, words)


def _corrected(site: Site, coming: Revision, earlier: list[str]) -> Announcement:
    line = notice_line(coming)
    remark = _("Diganti dengan tangan di portal ini, dengan baris ini di atas isi berita.")
    return Announcement(
        site.title,
        remark if site.kind == ASSISTED else "",
        coming.headline,
        (*earlier, line) if site.kind == "folder" else (line,),
        html=prose.to_html(outfit(coming, site).text.whole),
    )
