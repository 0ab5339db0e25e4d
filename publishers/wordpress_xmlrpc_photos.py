"""The photos of one story on one WordPress by XML-RPC: each uploaded once, whole, described, and gone when unused."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property

from publishers.base import Ledger, Picture, Post, Refused
from publishers.captions import caption_line
from publishers.wordpress_api import TooLarge
from publishers.wordpress_markup import Shown, title, words
from publishers.wordpress_photos import Photos, Steady
from publishers.wordpress_smaller import ever_smaller
from publishers.wordpress_words import ALTERED
from publishers.wordpress_xmlrpc_api import XmlRpcApi
from publishers.wordpress_xmlrpc_objects import MediaStruct

TIMES = 3
CORE_SIZES = ("medium", "large", "thumbnail", "medium_large")
"""WordPress makes these before any other size."""


class XmlRpcPhotos(Photos):
    """XML-RPC cannot name an attachment, so a photo is known again by the name of its file.

    It cannot complete half-made ones either: these are deleted and sent anew. Alternative text has no way into the
    library; it stands in the story's own markup.
    """

    api: XmlRpcApi

    def __init__(self, api: XmlRpcApi, steady: Steady, ledger: Ledger, number: int, site_key: str) -> None:
        super().__init__(api, steady, ledger, number, site_key)

    def bring(self, post: Post) -> list[Shown]:
        """Have every photo of `post` at the site, described, with all its sizes; in order."""
        if not post.pictures:
            return []
        slugs = {self._slug(picture): picture for picture in post.pictures}
        for _ in range(TIMES):
            held = self._listed()
            held = {slug: held[slug] for slug in slugs if slug in held and self._settle(slug, held[slug])}
            if missing := [slug for slug in slugs if slug not in held and not self._detached(slug, held)]:
                for slug in missing:
                    self._send(slug, slugs[slug])
                held |= self._listed()
            described = [self._describe(held.get(slug), picture, post) for slug, picture in slugs.items()]
            if all(described):
                # In the order of the story, where one photo may stand twice.
                order = ((held[self._slug(picture)], picture) for picture in post.pictures)
                return [Shown(media.attachment_id, media.address, picture) for media, picture in order]
        raise Refused(ALTERED.format(title=self.api.title, what="keterangan foto"))

    def drop_unused(self, used: Collection[int], *, sure: bool = True) -> None:
        """Delete the files of this story's photos that it does not show, and forget them: by their names in any case."""
        ours = sorted(name for name in self.ledger if name.startswith("photo "))
        for name in ours:
            entry = self.ledger[name]
            if "id" in entry and entry["id"] not in used:
                self._remove(entry["id"], name.removeprefix("photo "))
                del self.ledger[name]
        for media in self.api.library(self.number):
            slug = self._slug_of(media)
            if slug and media.attachment_id not in used:
                self._remove(media.attachment_id, slug)
        for name in ours:
            # An upload never answered may still arrive, after everything else is gone: come back for it.
            if "sent" in self.ledger.get(name, {}):
                self.steady.wait_out(self.ledger[name]["sent"])
                del self.ledger[name]

    def _listed(self) -> dict[str, MediaStruct]:
        """Return the story's photos the site has, by slug; the oldest where one is there twice."""
        newest_first = sorted(self.api.library(self.number), key=lambda media: -media.attachment_id)
        found = {self._slug_of(media): media for media in newest_first}
        found.pop("", None)
        return found

    def _slug_of(self, media: MediaStruct) -> str:
        """Return a photo's slug, empty for what is not ours. WordPress adds to a name that is taken."""
        name = re.escape(self.site_key) + r"-m[0-9a-f]{10}"
        found = re.search(rf"-({name})(-\d+|-scaled|-rotated)*\.jpe?g$", media.link)
        return found[1] if found else ""

    def _settle(self, slug: str, media: MediaStruct) -> bool:
        """Say whether a photo at the site may stay. One whose upload was never answered must prove itself whole."""
        name = f"photo {slug}"
        entry = self.ledger.get(name, {})
        if entry.get("id") == media.attachment_id:
            return True
        if self._is_whole(media):
            self.ledger[name] = {"id": media.attachment_id}
            return True
        if "sent" in entry:
            self.steady.wait_out(entry["sent"])
        self._remove(media.attachment_id, slug)
        return False

    def _detached(self, slug: str, held: dict[str, MediaStruct]) -> bool:
        """Find a photo that somebody took from its story, and say whether it is there."""
        known = self.ledger.get(f"photo {slug}", {}).get("id")
        media = self.api.item(known) if known else None
        if media is None or self._slug_of(media) != slug:
            return False
        held[slug] = media
        return True

    def _is_whole(self, media: MediaStruct) -> bool:
        facts = media.metadata
        needed = [
            name
            for name, (width, height) in self._site_sizes.items()
            if 0 < width < facts.width or 0 < height < facts.height
        ]
        return bool(facts.width) and all(name in facts.sizes for name in needed)

    @cached_property
    def _site_sizes(self) -> dict[str, tuple[int, int]]:
        """The sizes the site makes of each photo, in pixels."""
        told = self.api.options(*(f"{name}_size_{side}" for name in CORE_SIZES for side in "wh"))
        sides = {name: int(value) for name, value in told.items() if value.isdecimal()}
        return {name: (sides.get(f"{name}_size_w", 0), sides.get(f"{name}_size_h", 0)) for name in CORE_SIZES}

    def _send(self, slug: str, picture: Picture) -> None:
        name = f"photo {slug}"
        before = self.ledger.get(name, {})
        if "sent" in before:
            self.steady.wait_out(before["sent"])
        if "id" in before:
            del self.ledger[name]  # deleted at the site
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", picture.filename.rpartition(".")[0])[-80:].strip("-") or "foto"
        refused: Refused | None = None
        for data in ever_smaller(picture):
            try:
                number = self._send_file(name, f"{stem}-{slug}.jpg", data)
            except TooLarge as error:
                refused = error
            else:
                self.ledger[name] = {"id": number}
                return
        raise refused or AssertionError("no size of a photo was tried")

    def _send_file(self, name: str, filename: str, data: bytes) -> int:
        return self.steady.attempt(
            self.ledger, name, {}, lambda: self.api.send_photo(filename, data, self.number)
        )

    def _describe(self, media: MediaStruct | None, picture: Picture, post: Post) -> bool:
        """Say whether a photo is described as wanted; if not, ask for it, to be read back."""
        if media is None:
            return False
        line = title(caption_line(picture.caption, picture.credit))
        wanted = {
            "post_title": title(picture.caption[:150] or post.headline),
            "post_excerpt": line,
            "post_content": line,
        }
        told = (media.title, media.caption, media.description)
        same = [words(one) for one in told] == [words(one) for one in wanted.values()]
        if same and media.parent == self.number:
            return True
        self.api.edit(media.attachment_id, {**wanted, "post_parent": self.number})
        return False

    def _remove(self, number: int, slug: str) -> None:
        """Delete one of our photos with its files, which stay public while it lies in the trash.

        The second `wp.deletePost` is for good, whatever it meets. So before each one the site is asked whether the
        number is still that of our photo; an answer that was lost changes nothing in this.
        """
        for _ in range(2):
            media = self.api.item(number)
            if media is None or f"-{slug}" not in media.link:
                return
            self.api.delete_one(number)
