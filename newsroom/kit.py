"""All a person needs to bring a verified text to a portal by hand, in that portal's style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import prose
from config import Site
from newsroom.dressing import Outfit, outfit
from newsroom.models import Delivery, Revision


@dataclass(frozen=True)
class KitPhoto:
    number: int
    """From 1, in the order to post."""
    caption: str
    credit: str
    alt: str
    new: bool
    """Not among the photos the portal has."""


@dataclass(frozen=True)
class Kit:
    headline: str
    lead: str
    markdown: str
    """The whole text, dateline and code included."""
    byline: str
    category: str
    photos: Sequence[KitPhoto]
    dropped: Sequence[str]
    """Captions of photos the portal has and readers shall no longer see."""

    @property
    def plain(self) -> str:
        return prose.to_text(self.markdown)

    @property
    def captions(self) -> str:
        """The photos' words as lines."""
        return "\n".join(
            f"{photo.number}. " + " ".join(filter(None, (photo.caption, photo.credit)))
            for photo in self.photos
        )


def make_kit(sealed: Revision, site: Site, before: Revision | None = None) -> Kit:
    """Dress a sealed text for `site`; `before` is the text the portal has."""
    worn = outfit(sealed, site)
    had = [_same(photo) for photo in before.photos] if before else []
    has = [_same(photo) for photo in sealed.photos]
    photos = [
        KitPhoto(number, *_words(photo, worn), new=before is not None and _same(photo) not in had)
        for number, photo in enumerate(sealed.photos, start=1)
    ]
    dropped = [
        photo["caption"] or photo["filename"] or photo["sha256"][:12]
        for photo in (before.photos if before else [])
        if _same(photo) not in has
    ]
    return Kit(sealed.headline, worn.lead, worn.text.whole, worn.byline, sealed.category, photos, dropped)


def text_the_portal_has(task: Delivery) -> Revision | None:
    """Return the sealed text readers find there now; None when there is none."""
    if task.state != "live" or not task.sent_version:
        return None
    found: Revision | None = (
        task.story.revisions.filter(sealed=True, version=task.sent_version).order_by("-id").first()
    )
    return found


def _words(photo: Mapping[str, Any], worn: Outfit) -> tuple[str, str, str]:
    return worn.caption(photo), worn.credit(photo), photo["alt"] or photo["caption"]


def _same(photo: Mapping[str, Any]) -> tuple[str, str]:
    """A photo edited anew is another to its readers."""
    return photo["sha256"], str(sorted((photo.get("edits") or {}).items()))
