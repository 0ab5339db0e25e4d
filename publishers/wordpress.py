"""WordPress, so that a story is there exactly once: reserve, photos, fill, publish, read back.

A story is first an empty draft that no reader sees, found again by a key of our own; so whatever an answer that
never came may have done, the worst is a second empty draft. Each request that may have two outcomes is written
into the ledger before it is sent and settled after. While one is open and younger than the site's quarantine (the
longest a server may still be working on it) no other request is sent that it could overtake: `Unanswered` then
says when to come back. The status never rides along with the text, or a late update could hide a published story.

WordPress answers a write, after all of it is done, with what it then holds; so a whole answer is itself the reading
back, and that of the publication, a request of its own, reads the text a second time. Only an answer that was lost
is made up for by a request that reads. See docs/decisions.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from config import Finding, secret
from publishers.base import (
    Held,
    Ledger,
    Post,
    Receipt,
    Refused,
    Seen,
    SiteRefused,
)
from publishers.wordpress_api import Api, SiteFault
from publishers.wordpress_check import findings
from publishers.wordpress_drift import GONE_CODE, Looker, ask_if_changed, begin_anew, is_ours, record_of
from publishers.wordpress_equal import differences, sum_of, text_sum
from publishers.wordpress_markup import (
    Shown,
    compose,
    is_wide,
    marker,
    narrow,
    read_mark,
    readable,
    sealed,
    title,
    words,
)
from publishers.wordpress_objects import Me, RemotePost
from publishers.wordpress_options import WordPressOptions
from publishers.wordpress_photos import Photos
from publishers.wordpress_search import Search
from publishers.wordpress_steady import SteadyPublisher
from publishers.wordpress_tags import Tags
from publishers.wordpress_words import (
    ALTERED,
    ANOTHERS,
    CATEGORY,
    FOREIGN,
    HELD_BACK,
    ROLE,
)

JUST_NOW = timedelta(seconds=60)
TIMES = 3
"""How often a text is sent until what is read back equals it."""


class WordPressPublisher(SteadyPublisher):
    Options: ClassVar[type[WordPressOptions]] = WordPressOptions

    def __init__(
        self,
        name: str,
        title: str,
        options: WordPressOptions,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(name, title, options)
        self.now = now
        self.api = Api(
            title,
            options.url,
            options.user,
            lambda: secret(options.password_env, options.password_file),
            options.timeout,
            options.quarantine,
            now,
        )
        self._told: dict[int, RemotePost] = {}
        """What the site's answer to our last write said of a post, until it is used."""
        self._absent = ("", now())
        """The story that was last looked for in vain, and when."""
        self._search = Search(self.api)
        self._terms = Tags(self.api, now, self.wait_out)

    def site_key(self, key: str) -> str:
        """Return the name under which the site holds the story `key`: opaque, because visitors can search it."""
        return "r" + hashlib.sha256(f"{key} {self.name}".encode()).hexdigest()[:14]

    def find(self, key: str) -> Receipt | None:
        held = self._look(self.site_key(key))
        self._absent = ("" if held else self.site_key(key), self.now())
        return self._receipt(held[0]) if held else None

    def create(self, post: Post, ledger: Ledger) -> Receipt:
        self._told.clear()
        if "id" not in ledger.get("post", {}):
            self._reserve(post, ledger)
        return self._bring(ledger["post"]["id"], post, ledger)

    def update(self, remote_id: str, post: Post, ledger: Ledger) -> Receipt:
        number = self._number(remote_id)
        self._told.clear()
        if ledger.get("anew") == number:
            return self.create(post, ledger)
        try:
            self._told[number] = self._read(number)
        except SiteFault as fault:
            if fault.code != GONE_CODE:
                raise
            begin_anew(number, post, ledger, fault)
            return self.create(post, ledger)
        mark = read_mark(self._told[number].content.raw)
        if mark and mark.key != self.site_key(post.key):
            link = self._told[number].link
            raise Refused(ANOTHERS.format(title=self.title, number=number, link=link))
        if ledger.get("post", {}).get("id") != number:
            ledger["post"] = {"id": number}
        return self._bring(number, post, ledger)

    def retract(self, remote_id: str, notice: str, ledger: Ledger) -> Receipt:
        number = self._number(remote_id)
        try:
            stored = self._read(number)
        except SiteFault as fault:
            if fault.code != "rest_post_invalid_id":
                raise
            stored = None  # deleted by hand: what is left to do is the photo files
        ours = stored is not None and is_ours(stored, ledger)
        if ledger.get("seen", {}).get("shown"):
            ledger["seen"] = {**ledger["seen"], "shown": False}
        if stored and stored.status not in ("draft", "trash"):
            if not ours:
                raise Refused(ANOTHERS.format(title=self.title, number=number, link=stored.link))
            stored = self._hide(number, ledger)
        mark = read_mark(stored.content.raw) if stored and ours else None
        key = ledger.get("key") or (mark.key if mark else "")
        if ledger.get("post", {}).get("clean"):
            ledger["post"] = {**ledger["post"], "clean": False}  # what must be gone is looked for
        self._photos(ledger, number, key or "-").drop_unused((), sure=ours)
        self._close_reservation(number, mark.key if mark else "", ledger)
        for name in ("change", "late"):
            # A request sent before could still arrive and show the story again: come back and look.
            if name in ledger:
                self.wait_out(ledger[name]["sent"])
                del ledger[name]
        seen = self.api.visit(ledger["url"]) if ledger.get("url") else None
        return Receipt(
            remote_id=remote_id,
            url=ledger.get("url", ""),
            state="hidden",
            sha256=text_sum(stored) if stored else "",
            detail={
                "status": stored.status if stored else "deleted",
                "public": seen.status if seen else None,
            },
        )

    def late(self, ledger: Ledger) -> bool:
        before = ledger.get("post", {})
        if "sent" not in before:
            return False
        self.wait_out(before["sent"])
        del ledger["post"]
        return True

    def compare(self, held: Sequence[Held]) -> Iterator[Seen]:
        return Looker(self.api).compare(held)

    def check(self) -> list[Finding]:
        return findings(self.name, self.api, self.options, self.now)

    # The steps

    def _reserve(self, post: Post, ledger: Ledger) -> None:
        """Make the empty draft that will be the story, or find the one an earlier attempt has made."""
        site_key = self.site_key(post.key)
        if not self.api.memory.recall("role", self._may_publish):
            self.api.memory.clear()
            raise SiteRefused(ROLE.format(title=self.title))
        before = ledger.get("post", {})
        key, looked = self._absent
        # What was just looked for in vain, and never asked for, cannot have come: a site has one writer.
        absent = key == site_key and not before and abs(self.now() - looked) < JUST_NOW
        self._absent = ("", looked)
        held = [] if absent else self._look(site_key, post.slug)
        if held:
            ledger["post"] = {"id": held[0].id, "tries": max(before.get("tries", 0), len(held))}
            return
        if before:
            self.wait_out(before["sent"])
        tries = before.get("tries", 0) + 1
        body = {"status": "draft", "slug": site_key, "content": marker(site_key)}
        number = self.attempt(ledger, "post", {"tries": tries}, lambda: self._make(body))
        ledger["post"] = {"id": number, "tries": tries, "clean": tries == 1}

    def _close_reservation(self, number: int, site_key: str, ledger: Ledger) -> None:
        """Settle what a reservation that was never answered may have left beside the draft that was found."""
        before = ledger.get("post", {})
        if "sent" in before:
            if before["tries"] > 1:
                self.wait_out(before["sent"])
            ledger["post"] = {"id": number, "tries": before["tries"]}
        if site_key:
            self._drop_strays(site_key, number, ledger)

    def _bring(self, number: int, post: Post, ledger: Ledger) -> Receipt:
        """Take a reserved or published story to what `post` says. Every step may be repeated."""
        if ledger.get("narrow"):
            return self._steps(number, narrow(post), ledger)
        try:
            return self._steps(number, post, ledger)
        except SiteFault as fault:
            if fault.code not in ("db_insert_error", "db_update_error") or not is_wide(post):
                raise
        ledger["narrow"] = True
        return self._steps(number, narrow(post), ledger)

    def _steps(self, number: int, post: Post, ledger: Ledger) -> Receipt:
        site_key = self.site_key(post.key)
        stored = self._stored(number)
        ask_if_changed(stored, post, ledger, self.title)
        photos = self._photos(ledger, number, site_key)
        shown = photos.bring(post)
        payload = self._payload(post, shown)
        stored = self._fill(stored, payload, ledger)
        stored = self._publish(stored, post, ledger)
        if differences(stored, payload):
            # Something at the site changed it behind the answer: the second reading says so.
            stored = self._fill(stored, payload, ledger)
        self._search.shown = site_key
        ledger["seen"] = record_of(stored)
        ledger["url"] = stored.link
        if ledger.get("key") != site_key:
            ledger["key"] = site_key
        photos.drop_unused({photo.number for photo in shown})
        self._drop_strays(site_key, number, ledger)
        return self._receipt(stored, headline=post.headline)

    def _fill(self, stored: RemotePost, payload: dict[str, Any], ledger: Ledger) -> RemotePost:
        """Bring text, photos and terms, never the status, and read back until the site holds them."""
        for _ in range(TIMES):
            if not differences(stored, payload):
                self._settled(ledger, "fill", payload)
                return stored
            # Until it is read back, what the site holds is not what we have seen there.
            ledger.pop("seen", None)
            self._change(stored.id, "fill", payload, ledger)
            stored = self._stored(stored.id)
        lacking = differences(stored, payload)
        if "kategori" in lacking:
            raise Refused(CATEGORY.format(title=self.title, number=payload["categories"][0]))
        if lacking:
            raise Refused(ALTERED.format(title=self.title, what=" dan ".join(lacking)))
        return stored

    def _payload(self, post: Post, shown: list[Shown]) -> dict[str, Any]:
        payload: dict[str, Any] = {
            "title": title(post.headline),
            "content": compose(
                post, shown, self.options.markup, first_photo=self.options.first_photo == "both"
            ),
            "excerpt": title(post.text_lead),
            "featured_media": shown[0].number if shown else 0,
            "tags": self._tags(post.tags),
        }
        if number := self.options.categories.get(post.category) or self.options.categories.get("default"):
            payload["categories"] = [number]
        mark = marker(self.site_key(post.key), post.version, sum_of(payload))
        return {**payload, "content": sealed(payload["content"], mark, self.options.markup)}

    def _publish(self, stored: RemotePost, post: Post, ledger: Ledger) -> RemotePost:
        """Show the filled story to readers, and read back that it is shown."""
        for _ in range(TIMES):
            if stored.status == "publish":
                self._settled(ledger, "publish")
                return stored
            if stored.status == "future":
                ledger.pop(
                    "date", None
                )  # the site's clock is behind: it would wait for a moment we think past
            body = {"status": "publish", "date_gmt": self._date(post, ledger)}
            if stored.slug.startswith(self.site_key(post.key)):
                body["slug"] = post.slug
            self._change(stored.id, "publish", body, ledger)
            stored = self._stored(stored.id)
        if stored.status != "publish":
            raise Refused(HELD_BACK.format(title=self.title, status=stored.status))
        return stored

    def _hide(self, number: int, ledger: Ledger) -> RemotePost:
        """Make the story a draft now, even while an earlier request is open; that one is waited out after."""
        pending = ledger.get("change")
        if pending and pending["what"] != "hide":
            ledger["late"] = pending
            del ledger["change"]
        self._change(number, "hide", {"status": "draft"}, ledger)
        stored = self._stored(number)
        if stored.status != "draft":
            raise Refused(ALTERED.format(title=self.title, what="keadaan berita"))
        return stored

    # What is said to the site; XML-RPC says these in its own way

    def _may_publish(self) -> bool:
        rights = self.api.one(Me, "/wp/v2/users/me").capabilities
        return bool(rights.get("publish_posts") and rights.get("upload_files"))

    def _make(self, body: dict[str, Any]) -> int:
        made = self.api.post(RemotePost, "/wp/v2/posts", body)
        self._told[made.id] = made
        return made.id

    def _read(self, number: int) -> RemotePost:
        return self.api.one(RemotePost, f"/wp/v2/posts/{number}")

    def _write(self, number: int, body: dict[str, Any]) -> None:
        self._told[number] = self.api.post(RemotePost, f"/wp/v2/posts/{number}", body)

    def _stored(self, number: int) -> RemotePost:
        """Return what the site holds: what it has just told, or else what it is asked for."""
        return self._told.pop(number, None) or self._read(number)

    def _drop(self, number: int) -> None:
        self.api.delete(f"/wp/v2/posts/{number}")

    def _photos(self, ledger: Ledger, number: int, site_key: str) -> Photos:
        return Photos(self.api, self, ledger, number, site_key)

    def _number(self, remote_id: str) -> int:
        if not remote_id.isdecimal():
            raise Refused(FOREIGN.format(title=self.title, remote_id=remote_id))
        return int(remote_id)

    def _look(self, site_key: str, slug: str = "") -> list[RemotePost]:
        """Return what the site holds under a key, the published first, then the oldest."""
        return self._search.held(site_key, slug)

    def _tags(self, names: Iterable[str]) -> list[int]:
        return self._terms.numbers(names)

    def _date(self, post: Post, ledger: Ledger) -> str:
        """Return the time of publication, never ahead of the site's own clock: that would wait for wp-cron."""
        if "date" not in ledger:
            when = post.published_at.astimezone(UTC)
            if self.api.server_time:
                when = min(when, self.api.server_time - timedelta(seconds=1))
            ledger["date"] = when.strftime("%Y-%m-%dT%H:%M:%S")
        return str(ledger["date"])

    def _drop_strays(self, site_key: str, number: int, ledger: Ledger) -> None:
        """Delete the empty drafts that late answers of repeated reservations have left."""
        if ledger.get("post", {}).get("tries", 0) < 2:
            return
        for stored in self._look(site_key):
            empty = stored.status == "draft" and stored.content.raw == marker(site_key)
            if empty and stored.id != number:
                self._drop(stored.id)

    def _receipt(self, stored: RemotePost, headline: str = "") -> Receipt:
        """Say what the site holds; with a headline, visit the page as proof that readers see it."""
        mark = read_mark(stored.content.raw)
        reserved = mark is None or mark.version is None or stored.slug.startswith(mark.key)
        state = "live" if stored.status == "publish" else "hidden"
        if reserved and stored.status not in ("publish", "trash"):
            state = "draft"
        detail: dict[str, Any] = {"status": stored.status, "modified_gmt": stored.modified_gmt}
        if headline:
            page = self.api.visit(stored.link)
            text = readable(words(page.body.decode("utf-8", "replace"))) if page else ""
            detail |= {"public": page.status if page else None, "headline_seen": readable(headline) in text}
        return Receipt(
            remote_id=str(stored.id),
            url=stored.link,
            state=state,
            version=mark.version if mark else None,
            sha256=text_sum(stored),
            detail=detail,
        )
