"""The photos of one story on one WordPress: each uploaded once, whole, described, and gone when unused."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from typing import Any, Protocol, TypeVar

from publishers.base import Ledger, Picture, Post
from publishers.captions import caption_line
from publishers.wordpress_api import Api
from publishers.wordpress_markup import Shown, plain, title, words
from publishers.wordpress_objects import Media, Named

Thing = TypeVar("Thing")


class Steady(Protocol):
    """How a request of two possible outcomes is made, and waited out."""

    def attempt(
        self, ledger: Ledger, name: str, intent: dict[str, Any], request: Callable[[], Thing]
    ) -> Thing: ...

    def wait_out(self, sent: str) -> None: ...


class Photos:
    """A photo's slug is made of the story's key and the photo's own sum, so it is known again without a ledger."""

    def __init__(self, api: Api, steady: Steady, ledger: Ledger, number: int, site_key: str) -> None:
        self.api = api
        self.steady = steady
        self.ledger = ledger
        self.number = number
        self.site_key = site_key

    def bring(self, post: Post) -> list[Shown]:
        """Have every photo of `post` at the site, described, with all its sizes; in order."""
        held = self._held([self._slug(picture) for picture in post.pictures])
        shown = []
        for picture in post.pictures:
            slug = self._slug(picture)
            media = held.get(slug) or self._upload(slug, picture)
            if self.ledger.get(f"photo {slug}") != {"id": media.id}:
                self.ledger[f"photo {slug}"] = {"id": media.id}
            held[slug] = self._healed(media, picture, post)
            shown.append(Shown(media.id, held[slug].address, picture))
        return shown

    def drop_unused(self, used: Collection[int]) -> None:
        """Delete the files of this story's photos that it does not show, and forget them."""
        ours = sorted(name for name in self.ledger if name.startswith("photo "))
        for name in ours:
            entry = self.ledger[name]
            if "id" in entry and entry["id"] not in used:
                self.api.delete(f"/wp/v2/media/{entry['id']}")
                del self.ledger[name]
        attached = self.api.many(Named, "/wp/v2/media", parent=self.number, _fields="id,slug")
        for media in attached:
            if media.slug.startswith(f"{self.site_key}-m") and media.id not in used:
                self.api.delete(f"/wp/v2/media/{media.id}")
        for name in ours:
            # An upload never answered may still arrive, after everything else is gone: come back for it.
            if "sent" in self.ledger.get(name, {}):
                self.steady.wait_out(self.ledger[name]["sent"])
                del self.ledger[name]

    def _slug(self, picture: Picture) -> str:
        """Return a photo's slug. A rendition made anew, say with a face covered, is another photo."""
        both = picture.sha256 + hashlib.sha256(picture.data).hexdigest()
        return f"{self.site_key}-m{hashlib.sha256(both.encode()).hexdigest()[:10]}"

    def _held(self, slugs: list[str]) -> dict[str, Media]:
        """Return the photos the site has, by slug; the oldest where a slug was taken twice."""
        if not slugs:
            return {}
        wanted = sorted({*slugs, *(f"{slug}-2" for slug in slugs)})
        found = self.api.many(Media, "/wp/v2/media", **{"slug[]": wanted, "status": "inherit,private"})
        newest_first = sorted(found, key=lambda media: -media.id)
        return {media.slug.removesuffix("-2"): media for media in newest_first}

    def _upload(self, slug: str, picture: Picture) -> Media:
        name = f"photo {slug}"
        before = self.ledger.get(name, {})
        if "sent" in before:
            self.steady.wait_out(before["sent"])
        if "id" in before:
            del self.ledger[name]  # deleted at the site
        filename = re.sub(r"[^A-Za-z0-9._-]+", "-", picture.filename)[-100:].lstrip(".-") or "foto.jpg"
        return self.steady.attempt(
            self.ledger,
            name,
            {},
            # A title is sent along because WordPress would take one from the file's EXIF.
            lambda: self.api.upload(picture.data, filename, slug=slug, post=self.number, title=slug),
        )

    def _healed(self, media: Media, picture: Picture, post: Post) -> Media:
        """Describe a photo and complete its sizes, where an upload was cut short or a caption corrected."""
        if not media.whole:
            route = f"/wp/v2/media/{media.id}/post-process"
            media = self.api.post(Media, route, {"action": "create-image-subsizes"})
        line = title(caption_line(picture.caption, picture.credit))
        wanted = {
            "alt_text": plain(picture.alt),
            "title": title(picture.caption[:150] or post.headline),
            "caption": line,
            "description": line,
        }
        told = (media.alt_text, media.title.raw, media.caption.raw, media.description.raw)
        differs = [words(one) for one in told] != [words(one) for one in wanted.values()]
        if differs or media.post != self.number:
            media = self.api.post(Media, f"/wp/v2/media/{media.id}", {**wanted, "post": self.number})
        return media
