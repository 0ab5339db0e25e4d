"""A story as one site's readers will see it: its fields written by that site's templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

import prose
from config import Site, Style
from newsroom.models import Revision, Story
from prose import Dressed, Fields, Known, dates, dressing


@dataclass(frozen=True)
class Outfit:
    """One text in one site's style, its pictures' words too."""

    text: Dressed
    style: Style
    known: Known

    @property
    def lead(self) -> str:
        """The first paragraph as plain text, without the dateline."""
        return next(iter(prose.paragraphs(self.text.body)), "")

    @property
    def byline(self) -> str:
        """Outlet and writer, as the site calls them."""
        outlet = dressing.named(self.text.fields.byline_outlet, self.style)
        return "/".join(part for part in (outlet, self.text.fields.byline_writer) if part)

    def caption(self, photo: Mapping[str, Any]) -> str:
        return dressing.caption(photo["caption"], self.text.fields, self.style, self.known)

    def credit(self, photo: Mapping[str, Any]) -> str:
        """The photo's credit; where it has none, that of the outlet, else of the office."""
        fields = self.text.fields
        told = photo["credit"] or fields.byline_outlet or settings.REDAKSI.office.name
        return dressing.credit(told, fields, self.style)


def outfit(text: Story | Revision, site: Site) -> Outfit:
    """Dress a story's or a sealed revision's text for `site`."""
    return dressed(text, site.style)


def dressed(text: Story | Revision, style: Style) -> Outfit:
    """Dress a story's or a sealed revision's text in a style."""
    office = settings.REDAKSI.office.name
    known = Known(offices=(office,), outlets=tuple(filter(None, (office, text.byline_outlet))))
    fields = Fields(
        dateline_office=office,
        dateline_city=text.dateline_city,
        byline_outlet=text.byline_outlet,
        byline_writer=text.byline_writer,
        body=text.body,
        byline_editor=text.byline_editor,
        photographer=text.photographer,
    )
    return Outfit(prose.dress(fields, style, known), style, known)


def notice_line(sealed: Revision) -> str:
    """Say to readers what this version changed, with its time and zone; empty for a first version."""
    if not sealed.notice:
        return ""
    word = {"correct": "Ralat", "restore": "Ditayangkan kembali"}.get(sealed.why, "Ditarik")
    return f"{word} ({dates.short(sealed.at, settings.REDAKSI.office.tz)}): {sealed.notice}"


def notice_lines(sealed: Revision) -> list[tuple[datetime, str]]:
    """Return when and what readers were told of each version up to this one, oldest first."""
    earlier = sealed.story.revisions.filter(sealed=True, version__lte=sealed.version).order_by(
        "version", "id"
    )
    lines: list[tuple[datetime, str]] = []
    for one in {revision.version: revision for revision in earlier}.values():
        if one.why == "explain" and lines:  # the withdrawal is the same, its first words are not
            lines[-1] = (lines[-1][0], notice_line(one))
        elif one.notice:
            lines.append((one.at, notice_line(one)))
    return lines
