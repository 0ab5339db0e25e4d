"""An old WordPress by XML-RPC: the same steps as by REST, said in its own way.

What REST lacks is used here: each change names the time of what we have read, and the site itself refuses it when
somebody has changed the story since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from config import Finding, secret
from publishers.base import Changed, Held, Ledger, Post, Receipt, Refused, Seen
from publishers.wordpress import WordPressPublisher
from publishers.wordpress_api import SiteFault
from publishers.wordpress_drift import edited, record_of
from publishers.wordpress_equal import text_sum
from publishers.wordpress_markup import marker, read_mark
from publishers.wordpress_objects import RemotePost
from publishers.wordpress_options import WordPressOptions
from publishers.wordpress_words import CATEGORY, EDITED
from publishers.wordpress_xmlrpc_api import OVERTAKEN_CODE, XmlRpcApi
from publishers.wordpress_xmlrpc_check import TOO_LOW, findings
from publishers.wordpress_xmlrpc_drift import XmlRpcLooker
from publishers.wordpress_xmlrpc_options import WordPressXmlrpcOptions
from publishers.wordpress_xmlrpc_photos import XmlRpcPhotos
from publishers.wordpress_xmlrpc_tags import XmlRpcTags
from publishers.wordpress_xmlrpc_wire import cleaned, moment

NAMES = {
    "title": "post_title",
    "content": "post_content",
    "excerpt": "post_excerpt",
    "slug": "post_name",
    "status": "post_status",
    "featured_media": "post_thumbnail",
}
"""REST's names for a post's fields, and XML-RPC's."""


class WordPressXmlrpcPublisher(WordPressPublisher):
    Options: ClassVar[type[WordPressOptions]] = WordPressXmlrpcOptions
    api: XmlRpcApi

    def __init__(
        self,
        name: str,
        title: str,
        options: WordPressXmlrpcOptions,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(name, title, options, now)
        self.api = XmlRpcApi(
            title,
            options.url,
            options.user,
            lambda: secret(options.password_env, options.password_file),
            options.timeout,
            options.quarantine,
            now,
            options.endpoint,
        )
        self._terms = XmlRpcTags(self.api, now, self.wait_out)
        self._last: dict[int, RemotePost] = {}
        """What was last read of each post."""

    def compare(self, held: Sequence[Held]) -> Iterator[Seen]:
        return XmlRpcLooker(self.api).compare(held)

    def check(self) -> list[Finding]:
        return findings(self.name, self.api, self.options, self.now)

    def _bring(self, number: int, post: Post, ledger: Ledger) -> Receipt:
        """As by REST, without what XML cannot carry: it would be missing from what is read back."""
        return super()._bring(number, _sendable(post), ledger)

    def _may_publish(self) -> bool:
        return bool(set(self.api.roles()) - TOO_LOW)

    def _make(self, body: dict[str, Any]) -> int:
        told = self.api.options("default_comment_status", "default_ping_status")
        # Left out, XML-RPC would close comments whatever the site has chosen.
        defaults = {name.removeprefix("default_"): value for name, value in told.items()}
        return self.api.make({"post_type": "post", "post_title": "", **defaults, **_struct(body)})

    def _read(self, number: int) -> RemotePost:
        self._last[number] = self.api.read(number)
        return self._last[number]

    def _write(self, number: int, body: dict[str, Any]) -> None:
        """Change the post unless it was changed since we read it. Hiding it asks nobody."""
        since = "" if body == {"status": "draft"} else self._last[number].modified_gmt
        try:
            self.api.edit(number, _struct(body), since)
        except SiteFault as fault:
            if fault.code == "403":
                self._need_category(body)
            raise

    def _need_category(self, body: dict[str, Any]) -> None:
        """Raise Refused when a category is what the site does not know: its fault has the number of a bad login."""
        held = {term.term_id for term in self.api.terms("category")}
        for number in body.get("categories", ()):
            if number not in held:
                raise Refused(CATEGORY.format(title=self.title, number=number))

    def _change(self, number: int, what: str, body: dict[str, Any], ledger: Ledger) -> None:
        """Update the post; refuse when the site's people were faster, for a person to choose."""
        before = self._last.get(number)
        try:
            super()._change(number, what, body, ledger)
        except SiteFault as fault:
            if fault.code != OVERTAKEN_CODE or before is None:
                raise
            stored = self._read(number)
            sent = body.get("content", "")
            ours = bool(sent) and sent[sent.rindex("<!-- r") :].partition(" -->")[0] in stored.content.raw
            if not ours and _said(stored) != _said(before):
                ledger["seen"] = record_of(before)
                raise Changed(EDITED.format(title=self.title, what="naskahnya"), edited(stored)) from fault

    def _drop(self, number: int) -> None:
        """Delete an empty draft: into the trash, then for good, each time only while it is still empty."""
        for status in ("draft", "trash"):
            stored = self._read(number)
            mark = read_mark(stored.content.raw)
            if stored.status != status or not mark or stored.content.raw != marker(mark.key):
                return
            self.api.delete_one(number)

    def _photos(self, ledger: Ledger, number: int, site_key: str) -> XmlRpcPhotos:
        return XmlRpcPhotos(self.api, self, ledger, number, site_key)

    def _look(self, site_key: str, slug: str = "") -> list[RemotePost]:
        """Return what the site holds under a key, the published first, then the oldest."""
        found = {}
        for stored in self.api.search(site_key):
            mark = read_mark(stored.content.raw)
            dropped = stored.status == "trash" and stored.content.raw == marker(site_key)
            if mark and mark.key == site_key and not dropped:
                found[stored.id] = stored
        return sorted(found.values(), key=lambda stored: (stored.status != "publish", stored.id))


def _struct(body: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a post as XML-RPC names them: only those that are to change."""
    struct = {NAMES[name]: value for name, value in body.items() if name in NAMES}
    if "date_gmt" in body:
        struct["post_date_gmt"] = moment(body["date_gmt"].replace("-", ""))
    terms = {"post_tag": "tags", "category": "categories"}
    if given := {taxonomy: body[name] for taxonomy, name in terms.items() if name in body}:
        struct["terms"] = given
    return struct


def _sendable(post: Post) -> Post:
    words = {
        name: cleaned(getattr(post, name)) for name in ("headline", "html", "text_lead", "byline", "notice")
    }
    pictures = tuple(
        replace(one, caption=cleaned(one.caption), credit=cleaned(one.credit), alt=cleaned(one.alt))
        for one in post.pictures
    )
    return replace(post, **words, tags=tuple(map(cleaned, post.tags)), pictures=pictures)


def _said(stored: RemotePost) -> tuple[str, str, str]:
    return stored.title.raw, text_sum(stored), stored.status
