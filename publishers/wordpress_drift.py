"""What somebody at a WordPress did to our stories: looked for by bulk in the night, asked about before it is overwritten.

By the time of the last change alone it is known which texts must be read again, a hundred stories in a request. A
story that a list leaves out is asked for by itself before it is called deleted: lists leave out what an account may
no longer read, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from publishers.base import Changed, Held, Ledger, Post, Seen, consent
from publishers.wordpress_api import Api, SiteFault
from publishers.wordpress_equal import text_sum
from publishers.wordpress_markup import read_mark
from publishers.wordpress_objects import Glance, Named, RemotePost
from publishers.wordpress_search import ALL
from publishers.wordpress_words import EDITED, TRASHED

BATCH = 100
"""Stories in a request: WordPress gives no more."""
SAME_SECOND = timedelta(seconds=5)
"""A time of change as young as this may be that of a later change, too: sites tell whole seconds."""
GONE = "gone"
"""The mark of a story that is not there."""
GONE_CODE = "rest_post_invalid_id"
PUBLIC = ("publish", "future")
TEXT_FIELDS = "id,status,slug,link,modified_gmt,title.raw,content.raw"


Thing = TypeVar("Thing", Glance, RemotePost)


class _Dated(Protocol):
    @property
    def status(self) -> str: ...
    @property
    def modified_gmt(self) -> str: ...


def mark_of(stored: _Dated) -> str:
    return f"{stored.modified_gmt} {stored.status}"


def record_of(stored: RemotePost) -> dict[str, Any]:
    """Return what of a story is compared with the next time it is read, as the ledger's `seen`."""
    return {"text": text_sum(stored), "title": stored.title.raw, "shown": stored.status == "publish"}


def is_ours(stored: RemotePost, ledger: Ledger) -> bool:
    """Say whether the post under our number is our story still, and not one of a site that was moved or made anew."""
    mark, key = read_mark(stored.content.raw), ledger.get("key")
    if mark and key:
        return bool(mark.key == key)
    # A hand may lose the marker, but hardly also address and headline at once.
    told = ledger.get("seen", {}).get("title") or stored.title.raw
    return mark is not None or stored.link == ledger.get("url", stored.link) or stored.title.raw == told


def ask_if_changed(stored: RemotePost, post: Post, ledger: Ledger, title: str) -> None:
    """Raise Changed when the site's people changed the story, until a person wants this version in place of that state.

    Trying again is no answer: a worker that died, or a button for the whole site, tries again too.
    """
    asked = consent(post.version, mark_of(stored))
    if ledger.get("asked") == asked:
        return
    if stored.status == "trash":
        raise Changed(TRASHED.format(title=title), _seen_of(stored, "", "trashed", steady=True))
    known = ledger.get("seen")
    if not known or "change" in ledger:
        return
    what = []
    if _differs(stored, known):
        what.append("naskahnya")
    if known["shown"] and stored.status != "publish":
        what.append("tidak lagi ditayangkan")
    if what:
        kind = "edited" if stored.status == "publish" else "hidden"
        sentence = EDITED.format(title=title, what=", ".join(what))
        raise Changed(sentence, _seen_of(stored, "", kind, steady=True))


def edited(stored: RemotePost) -> Seen:
    """Return what is told of a story whose words were changed by hand."""
    return _seen_of(stored, "", "edited", steady=True)


def begin_anew(number: int, post: Post, ledger: Ledger, fault: SiteFault) -> None:
    """Make ready to publish a deleted story once more. Raises Changed unless a person wants just that.

    Photo files of it that are still there are known by the ledger and used again.
    """
    if ledger.get("asked") != consent(post.version, GONE):
        raise Changed(str(fault), _missing("")) from fault
    for name in ("seen", "date", "url", "change", "late", "lost", "post"):
        ledger.pop(name, None)
    # Last: until it is there, all of this is done again.
    ledger["anew"] = number


class Looker:
    """One look at what a site holds, by the REST interface."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def compare(self, held: Sequence[Held]) -> Iterator[Seen]:
        posts = {int(one.remote_id): one for one in held if one.remote_id.isdecimal()}
        glances = self.glances([number for number, one in posts.items() if one.mark or not one.shown])
        unread = [number for number, one in posts.items() if not _settled(one, glances.get(number))]
        read = self.texts(unread)
        for number in unread:
            if number not in read and (stored := self.single(number)):
                read[number] = stored
        photos = {number: _photos(one) for number, one in posts.items()}
        lost = self.lost({photo for numbers in photos.values() for photo in numbers})
        unread_set = set(unread)
        for number, one in posts.items():
            if number in unread_set:
                seen = self._judged(one, read.get(number))
            else:
                seen = Seen(one.key, mark=one.mark)
            missing = sorted(photos[number] & lost)
            yield _without_photos(one, seen, missing) if missing and not seen.drift else seen

    def _judged(self, one: Held, stored: RemotePost | None) -> Seen:
        known = one.ledger.get("seen") or {"text": one.sha256}
        drift = drift_of(stored, known, shown=one.shown)
        if stored is None:
            return _missing(one.key, drift)
        return _seen_of(stored, one.key, drift, steady=self._is_steady(stored))

    def _is_steady(self, stored: RemotePost) -> bool:
        try:
            changed = datetime.fromisoformat(stored.modified_gmt).replace(tzinfo=UTC)
        except ValueError:
            return False
        now = self.api.server_time
        return now is not None and abs(now - changed) > SAME_SECOND

    # What is asked of the site; XML-RPC asks in its own way

    def glances(self, numbers: Sequence[int]) -> dict[int, Glance]:
        """Return the stories that a list shows, without their texts."""
        return self._listed(Glance, numbers, "id,status,modified_gmt")

    def texts(self, numbers: Sequence[int]) -> dict[int, RemotePost]:
        return self._listed(RemotePost, numbers, TEXT_FIELDS)

    def single(self, number: int) -> RemotePost | None:
        """Read one story; None when the site says that there is none."""
        try:
            return self.api.one(RemotePost, f"/wp/v2/posts/{number}")
        except SiteFault as fault:
            if fault.code != GONE_CODE:
                raise
            return None

    def lost(self, numbers: Collection[int]) -> set[int]:
        """Return the photos that the site has no longer."""
        found: set[int] = set()
        for batch in _batches(sorted(numbers)):
            query = {"include": _list(batch), "status": "inherit,private", "_fields": "id"}
            found |= {one.id for one in self.api.many(Named, "/wp/v2/media", **query)}
        return {number for number in set(numbers) - found if not self._has_photo(number)}

    def _has_photo(self, number: int) -> bool:
        try:
            self.api.one(Named, f"/wp/v2/media/{number}")
        except SiteFault as fault:
            if fault.code != GONE_CODE:
                raise
            return False
        return True

    def _listed(self, kind: type[Thing], numbers: Sequence[int], fields: str) -> dict[int, Thing]:
        found: dict[int, Thing] = {}
        for batch in _batches(numbers):
            query = {"include": _list(batch), "status": ALL, "_fields": fields}
            found |= {one.id: one for one in self.api.many(kind, "/wp/v2/posts", **query)}
        return found


def drift_of(stored: RemotePost | None, known: Mapping[str, Any], *, shown: bool) -> str:
    """Say how a story differs from what is `known` of it (the ledger's `seen`)."""
    if not shown:
        return "shown" if stored and stored.status in PUBLIC else ""
    if stored is None:
        return "" if known.get("gone") else "deleted"
    if stored.status != "publish":
        if not known.get("shown", True):
            return ""
        return "trashed" if stored.status == "trash" else "hidden"
    return "edited" if _differs(stored, known) else ""


def _differs(stored: RemotePost, known: Mapping[str, Any]) -> bool:
    same_title = "title" not in known or stored.title.raw == known["title"]
    return not same_title or (bool(known.get("text")) and text_sum(stored) != known["text"])


def _settled(one: Held, glance: Glance | None) -> bool:
    """Say whether a glance is enough to know that all is as it was."""
    if glance is None:
        return False
    return mark_of(glance) == one.mark if one.shown else glance.status not in PUBLIC


def _seen_of(stored: RemotePost, key: str, drift: str, *, steady: bool) -> Seen:
    return Seen(
        key=key,
        drift=drift,
        mark=mark_of(stored),
        steady=steady,
        title=stored.title.raw,
        text=stored.content.raw,
        record={"seen": record_of(stored)},
    )


def _missing(key: str, drift: str = "deleted") -> Seen:
    record = {"seen": {"text": "", "title": "", "shown": False, "gone": True}}
    return Seen(key, drift, mark=GONE, record=record)


def _photos(one: Held) -> set[int]:
    if not one.shown or not one.photos:
        return set()
    entries = [entry for name, entry in one.ledger.items() if name.startswith("photo ")]
    return {entry["id"] for entry in entries if "id" in entry} - set(one.ledger.get("lost", ()))


def _without_photos(one: Held, seen: Seen, missing: list[int]) -> Seen:
    record = {"lost": sorted({*one.ledger.get("lost", ()), *missing})}
    mark = f"{seen.mark} -{'-'.join(map(str, missing[:5]))}"
    return Seen(one.key, "photos", mark=mark, title=seen.title, text=seen.text, record=record)


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]


def _list(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))
