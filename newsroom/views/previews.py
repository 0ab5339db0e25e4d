"""A story as each site's readers will see it, while it is being written; what differs between sites is marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

import prose
from config import Site
from newsroom.dressing import Outfit, outfit
from newsroom.editing import may_edit
from newsroom.forms import Paper, lay_out
from newsroom.models import Revision, Story
from newsroom.photos import photos_to_publish
from newsroom.views.access import fragment, story_for
from newsroom.views.diff import Piece, compare

# Private characters that stand where a mark begins and ends while Markdown is made HTML; no text keeps them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PRIVATE = dict.fromkeys(map(ord, _OPEN + _CLOSE))


@dataclass(frozen=True)
class PictureWords:
    caption: Sequence[Piece]
    credit: Sequence[Piece]


@fragment
@require_POST
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the text being written as one site will have it, beside buttons for the others."""
    story = story_for(request, pk)
    paper = lay_out(story, request.user, request.POST)
    photos = _written(story, paper) if may_edit(story, request.user) else photos_to_publish(story)
    sites = _sites(story)
    if not sites:
        return render(request, "newsroom/_preview.html", {"body": story.body})
    wanted = request.POST.get("pratinjau_situs")
    site = next((site for site in sites if site.name == wanted), sites[0])
    first, worn = outfit(story, sites[0]), outfit(story, site)
    context = {
        "story": story,
        "sites": sites,
        "site": site,
        "first": sites[0],
        "html": _html(worn, first),
        "absent": _absent(worn, first),
        "pictures": [_picture(photo, worn, first) for photo in photos],
    }
    return render(request, "newsroom/_site_preview.html", context)


def _written(story: Story, paper: Paper) -> list[Mapping[str, Any]]:
    """Put what is being written into `story`, unsaved, as far as it can be; return its photos' words."""
    paper.form.is_valid()
    for name in (*Revision.TEXT, "sites"):
        if name in paper.form.cleaned_data:
            setattr(story, name, paper.form.cleaned_data[name])
    if not all(row.is_valid() for row in paper.photos):
        return list(photos_to_publish(story))
    rows = {row.photo.pk: row.photo for row in paper.photos}
    changes = sorted(paper.changes(), key=lambda change: change.order)
    return [
        {"caption": change.caption, "credit": change.credit}
        for change in changes
        if rows[change.pk].readable and not change.left_out
    ]


def _sites(story: Story) -> list[Site]:
    """Return the story's sites, all while none is chosen."""
    sites: list[Site] = list(settings.REDAKSI.sites)
    return [site for site in sites if site.name in story.sites] or sites


def _html(worn: Outfit, first: Outfit) -> SafeString:
    text, other = worn.text, first.text
    before, body, after = (part.translate(_PRIVATE) for part in (text.before, text.body, text.after))
    whole = (
        (_marked(before) if text.before != other.before else before)
        + body
        + (_marked(after) if text.after != other.after else after)
    )
    html = prose.to_html(whole).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    return mark_safe(html)  # noqa: S308 - nh3 has the last word in prose.to_html; two bare tags are put in


def _marked(part: str) -> str:
    words = part.strip()
    return part.replace(words, f"{_OPEN}{words}{_CLOSE}", 1) if words else part


def _absent(worn: Outfit, first: Outfit) -> list[str]:
    """Say what the first site's readers see around the text and this one's do not."""
    told = []
    if first.text.before.strip() and not worn.text.before.strip():
        told.append(_("Tanpa dateline di situs ini."))
    if first.text.after.strip() and not worn.text.after.strip():
        told.append(_("Tanpa kode penulis di situs ini."))
    return told


def _picture(photo: Mapping[str, Any], worn: Outfit, first: Outfit) -> PictureWords:
    return PictureWords(
        caption=_pieces(first.caption(photo), worn.caption(photo)),
        credit=_pieces(first.credit(photo), worn.credit(photo)),
    )


def _pieces(old: str, new: str) -> list[Piece]:
    return [piece for piece in compare(old, new) if piece.kind != "gone"]
