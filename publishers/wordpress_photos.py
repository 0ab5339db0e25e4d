"""The photos of one story on one WordPress: each uploaded once, whole, described, and gone when unused."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from publishers.base import Ledger, Picture, Post, Refused
from publishers.captions import caption_line
from publishers.wordpress_api import Api, HalfMade, TooLarge, TurnedAway
from publishers.wordpress_markup import Shown, plain, title, words
from publishers.wordpress_objects import Media, Named
from publishers.wordpress_smaller import ever_smaller
from publishers.wordpress_words import UNFINISHED

Thing = TypeVar("Thing")
LONGEST_QUERY = 2000
"""Bytes of words that may ride along with an upload; servers take 8000 for the whole address."""
HEALS = 3
"""How often a site is asked to finish the sizes of a photo."""


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
        slugs = [self._slug(picture) for picture in post.pictures]
        known = not self._all_told or any(f"photo {slug}" in self.ledger for slug in slugs)
        held = self._held(slugs) if known else {}
        shown = []
        for slug, picture in zip(slugs, post.pictures, strict=True):
            media = held.get(slug) or self._upload(slug, picture, post)
            if self.ledger.get(f"photo {slug}", {}).get("id") != media.id:
                self.ledger[f"photo {slug}"] = {"id": media.id}
            held[slug] = self._healed(media, picture, post)
            shown.append(Shown(media.id, held[slug].address, picture))
        return shown

    def drop_unused(self, used: Collection[int], *, sure: bool = True) -> None:
        """Delete the files of this story's photos that it does not show, and forget them.

        Where it is not `sure` that this is the site the numbers are of, only what bears our names is deleted.
        """
        ours = sorted(name for name in self.ledger if name.startswith("photo "))
        named = {} if sure else self._held([name.removeprefix("photo ") for name in ours])
        for name in ours:
            entry = self.ledger[name]
            if "id" in entry and entry["id"] not in used:
                if sure or entry["id"] in {media.id for media in named.values()}:
                    self.api.delete(f"/wp/v2/media/{entry['id']}")
                del self.ledger[name]
        unsure = any("sent" in self.ledger.get(name, {}) for name in ours)
        told = self._all_told and not unsure
        attached = [] if told else self.api.many(Named, "/wp/v2/media", parent=self.number)
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

    @property
    def _all_told(self) -> bool:
        """Whether no photo of this story can be at the site that the ledger does not tell."""
        return bool(self.ledger.get("post", {}).get("clean"))

    def _upload(self, slug: str, picture: Picture, post: Post) -> Media:
        name = f"photo {slug}"
        before = self.ledger.get(name, {})
        if "sent" in before:
            self.steady.wait_out(before["sent"])
            # The same upload twice: should the first arrive yet, it must be looked for.
            self.ledger["post"] = {**self.ledger.get("post", {}), "clean": False}
        if "id" in before:
            del self.ledger[name]  # deleted at the site
        filename = re.sub(r"[^A-Za-z0-9._-]+", "-", picture.filename)[-100:].lstrip(".-") or "foto.jpg"
        told = self._words_along(slug, picture, post)
        refused: Refused | None = None
        for data in ever_smaller(picture):
            try:
                return self._attempt(name, slug, data, filename, told)
            except TooLarge as error:
                refused = error
        raise refused or AssertionError("no size of a photo was tried")

    def _attempt(self, name: str, slug: str, data: bytes, filename: str, told: dict[str, str]) -> Media:
        try:
            return self.steady.attempt(
                self.ledger,
                name,
                {},
                lambda: self.api.upload(data, filename, slug=slug, post=self.number, **told),
            )
        except HalfMade as half:
            # The site has ended its work and said what it left: nothing of it can come late.
            media = self.api.one(Media, f"/wp/v2/media/{half.number}")
            if not media.slug.startswith(slug):
                raise
            return media
        except TurnedAway:
            # Words in an address are what a firewall may have taken offence at.
            self.ledger["bare"] = True
            raise

    def _words_along(self, slug: str, picture: Picture, post: Post) -> dict[str, str]:
        """Return the words that go with an upload; only a title, lest WordPress take one from the file, where
        words are too long for an address, wider than an old table, or where a wall stood in their way."""
        told = self._wanted(picture, post)
        wide = any(char > "\uffff" for char in "".join(told.values()))
        if wide or self.ledger.get("bare") or len(urlencode(told)) > LONGEST_QUERY:
            return {"title": slug}
        return told

    @staticmethod
    def _wanted(picture: Picture, post: Post) -> dict[str, str]:
        line = title(caption_line(picture.caption, picture.credit))
        return {
            "alt_text": plain(picture.alt),
            "title": title(picture.caption[:150] or post.headline),
            "caption": line,
            "description": line,
        }

    def _healed(self, media: Media, picture: Picture, post: Post) -> Media:
        """Describe a photo and complete its sizes, where an upload was cut short or a caption corrected."""
        if not media.whole:
            media = self._finished(media, f"photo {self._slug(picture)}")
        wanted = self._wanted(picture, post)
        told = (media.alt_text, media.title.raw, media.caption.raw, media.description.raw)
        differs = [words(one) for one in told] != [words(one) for one in wanted.values()]
        if differs or media.post != self.number:
            media = self.api.post(Media, f"/wp/v2/media/{media.id}", {**wanted, "post": self.number})
        return media

    def _finished(self, media: Media, name: str) -> Media:
        """Have the site make the sizes that are missing; each try goes on where the last one ended."""
        heals = self.ledger[name].get("heals", 0)
        if heals >= HEALS:
            self.ledger[name] = {"id": media.id}  # a person may have it tried again
            raise Refused(UNFINISHED.format(title=self.api.title))
        self.ledger[name] = {"id": media.id, "heals": heals + 1}
        route = f"/wp/v2/media/{media.id}/post-process"
        return self.api.post(Media, route, {"action": "create-image-subsizes"})
