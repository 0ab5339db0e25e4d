"""A portal without an interface: a person brings each version there, and its public page is the proof.

The ledger holds what is asked of that person (`asked`), their answer (`told`, written by the newsroom's task
page), and what readers were seen to have (`shown`). An answer names the question it answers, so that one
given before a correction is never taken for one given after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from config import Finding
from publishers.assisted_drift import compare
from publishers.assisted_page import Page, blocks, letters
from publishers.assisted_reading import Answer, Visit
from publishers.base import (
    Asked,
    Held,
    Ledger,
    Options,
    Post,
    Publisher,
    PublishError,
    Receipt,
    Seen,
    Unreachable,
)

LOOK_AGAIN = 600.0
"""Seconds until an address is read again by itself: a portal's own editors and caches take their time."""
PATIENCE = timedelta(hours=24)
"""How long after it was told an address is read again by itself."""
LONGEST_ID = 200
"""Characters of a remote_id."""
MOST_TEXTS = 10
MOST_PHOTOS = 60


class AssistedOptions(Options):
    url: str = Field(
        description="The portal's public address; pages must be on this host, with or without www."
    )
    login: str = Field(
        "", description="The page where the operator signs in at the portal, as a link in the task."
    )
    photos_on_page: int | None = Field(
        None,
        ge=0,
        description="The most photos the portal shows with a story; all that are sent when not given.",
    )
    timeout: float = Field(20, gt=0, description="Seconds to wait for a page.")

    @field_validator("url", "login")
    @classmethod
    def _whole_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username):
            raise ValueError("tulis alamatnya lengkap dengan https://")
        return value

    @field_validator("url")
    @classmethod
    def _named(cls, value: str) -> str:
        if not value:
            raise ValueError("tulis alamat portal lengkap dengan https://")
        return value


@dataclass(frozen=True)
class Told:
    """A person's answer."""

    url: str
    by: str
    at: datetime
    unread: str
    """Why the person asks us to take their word; empty when the page is to prove it."""
    never: bool
    """The story was never at the portal."""


class AssistedPublisher(Publisher):
    """Sends nothing. Every act waits for a person's word, and then for what an anonymous reader finds."""

    Options = AssistedOptions
    can_find = False
    assisted = True
    most_looks = 20

    def __init__(
        self,
        name: str,
        title: str,
        options: AssistedOptions,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(name, title, options)
        self.visit = Visit(title, options.url, options.timeout)
        self.now = now

    def find(self, key: str) -> Receipt | None:
        """Return None: only a person can look for a story there."""
        return None

    def create(self, post: Post, ledger: Ledger) -> Receipt:
        return self._publish(post, ledger, f"Menunggu ditayangkan dengan tangan di {self.title}.")

    def update(self, remote_id: str, post: Post, ledger: Ledger) -> Receipt:
        return self._publish(post, ledger, f"Menunggu diperbarui dengan tangan di {self.title}.")

    def retract(self, remote_id: str, notice: str, ledger: Ledger) -> Receipt:
        token = f"tarik:{hashlib.sha256(notice.encode()).hexdigest()[:16]}"
        if ledger.get("gone") and ledger.get("asked") != token:
            # Only what is told of the take-down has changed, and that is not at the portal.
            ledger["told"] = {**ledger["gone"], "token": token}
            ledger["asked"] = token
        told = self._told(ledger, token, f"Menunggu ditarik dengan tangan di {self.title}.")
        if told.never and not remote_id:
            return Receipt("", "", "", detail=self._said(told))
        url = self._known(remote_id, ledger) or self.visit.tidy(told.url)
        # Another address that leads nowhere says nothing of the one readers had.
        addresses = list(dict.fromkeys((url, self.visit.tidy(told.url or url))))
        detail = self._proven(told, lambda: self._are_gone(addresses, told, ledger))
        ledger["gone"] = ledger["told"]
        return Receipt(remote_id or _remote_id(url), url, "hidden", detail=detail)

    def compare(self, held: Sequence[Held]) -> Iterator[Seen]:
        """Read the pages as a reader does; those that cannot be read or were never proven are left out."""
        return compare(self.visit, held)

    def check(self) -> list[Finding]:
        subject = f"situs {self.name}: portal"
        try:
            answer = self.visit.read(self.options.url)
        except PublishError as error:
            return [Finding(subject, False, str(error))]
        if answer.status >= 400:
            sentence = (
                f"{self.options.url} menjawab {answer.status} kepada pembaca tanpa akun, jadi tayangan tidak dapat "
                "dibuktikan sendiri. Periksa url di pengaturan."
            )
            return [Finding(subject, False, sentence)]
        return [Finding(subject, True, f"{self.options.url} terbuka bagi pembaca tanpa akun.")]

    def _publish(self, post: Post, ledger: Ledger, asking: str) -> Receipt:
        pair = [post.headline, post.text_lead]
        if pair not in ledger.get("texts", []):
            # What may be on its page from now on: a take-down is proven by the absence of all of them.
            ledger["texts"] = [*ledger.get("texts", []), pair][-MOST_TEXTS:]
        if "gone" in ledger:
            del ledger["gone"]
        told = self._told(ledger, f"tayang:{post.version}", asking)
        url = self.visit.tidy(told.url)
        seen: dict[str, Any] = {}
        detail = self._proven(told, lambda: self._is_shown(url, told, post, seen, ledger))
        url = seen.get("url", url)
        ledger["shown"] = {"url": url, "photos": seen.get("photos", [])[:MOST_PHOTOS]}
        ledger.pop("seen", None)  # what was let be there is no longer what readers have
        return Receipt(
            _remote_id(url), url, "live", version=post.version, sha256=seen.get("sha256", ""), detail=detail
        )

    def _known(self, remote_id: str, ledger: Ledger) -> str:
        """Return the address readers had; empty where what is known is of a time before the site was this portal."""
        for one in (ledger.get("shown", {}).get("url", ""), remote_id):
            try:
                return self.visit.tidy(one)
            except Asked:
                continue  # the person's own address is asked for
        return ""

    def _told(self, ledger: Ledger, token: str, asking: str) -> Told:
        """Return the answer to this question. Raises Asked, with the question written down, while there is none."""
        told = ledger.get("told", {})
        if token == ledger.get("asked") == told.get("token"):
            at = datetime.fromisoformat(told["at"])
            unread, never = told.get("unread", ""), bool(told.get("never"))
            return Told(told.get("url", ""), told.get("by", ""), at, unread, never)
        if ledger.get("asked") != token:
            if told:
                del ledger["told"]  # two take-downs without a reason ask the same
            ledger["asked"] = token
        raise Asked(f"{asking} Bahan dan langkahnya ada di Tugas situs.")

    def _proven(self, told: Told, prove: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return the proof, or a person's word where they gave it and the page proves nothing."""
        try:
            return {**prove(), "told_by": told.by, "told_at": told.at.isoformat()}
        except (Asked, Unreachable) as error:
            if not told.unread:
                raise
            return {**self._said(told), "unproven": str(error)}

    def _said(self, told: Told) -> dict[str, Any]:
        return {"recorded_by": told.by, "told_at": told.at.isoformat(), "reason": told.unread}

    def _is_shown(
        self, url: str, told: Told, post: Post, seen: dict[str, Any], ledger: Ledger
    ) -> dict[str, Any]:
        """Read the page and return what proves that it shows `post`. Raises Asked with all that is missing."""
        answer = self.visit.read(url)
        if answer.gone:
            raise self._not_yet(
                told,
                f"Halaman itu belum terbuka untuk umum ({answer.status}). Mungkin masih menunggu redaktur "
                f"{self.title}, atau alamatnya keliru.",
            )
        page = self._page(answer)
        rest = [block for block in blocks(post.html) if not _holds_lead(post, block)]
        article = page.article(post.headline, post.text_lead, rest)
        photos = page.photos(article)
        found = sum(page.has_letters(block) for block in rest)
        missing = list(self._missing(page, post, len(photos), bool(rest) and not found))
        if missing:
            raise self._not_yet(told, " ".join(missing))
        final = self._final(url, answer)
        self._stands_once(final, told, ledger)
        seen |= {"url": final, "photos": photos, "sha256": page.text_hash(article)}
        return {
            **self._reading(answer),
            "paragraphs": [found, len(rest)],
            "photos": [len(photos), len(post.pictures)],
        }

    def _stands_once(self, url: str, told: Told, ledger: Ledger) -> None:
        """Raise Asked when the story stands at the address readers had before, too."""
        old = ledger.get("shown", {}).get("url", url)
        if old == url:
            return
        answer = self.visit.read(old)
        if answer.status != 200 or self._final(old, answer) == url:
            return
        page = Page(answer)
        if any(page.names(headline) and page.has(lead) for headline, lead in ledger["texts"]):
            raise self._not_yet(
                told, f"Berita itu juga masih tayang di {old}. Hapus salah satunya di {self.title}."
            )

    def _missing(self, page: Page, post: Post, photos: int, bare: bool) -> list[str]:
        """Say in Indonesian what of `post` the page does not show, and what to do."""
        headline, lead = page.names(post.headline), page.has(post.text_lead)
        if not headline and not lead:
            return [
                "Judul dan paragraf pertama tidak ditemukan di alamat itu. Mungkin alamatnya keliru; tempelkan alamat "
                "halaman beritanya."
            ]
        told = []
        if not headline:
            told.append(f"Judul tidak ditemukan di alamat itu. Samakan judulnya di {self.title}.")
        if not lead:
            told.append(f"Paragraf pertama tidak ditemukan di alamat itu. Samakan naskahnya di {self.title}.")
        if lead and bare:
            told.append(
                "Hanya judul dan paragraf pertama yang ditemukan. Tempelkan alamat halaman beritanya, bukan daftar berita."
            )
        if post.notice and not page.has(post.notice):
            told.append("Baris ralat tidak ditemukan di halaman itu. Tempelkan baris itu di atas isi berita.")
        most = self.options.photos_on_page
        wanted = len(post.pictures) if most is None else min(most, len(post.pictures))
        if photos < wanted:
            told.append(f"Foto kurang: ditemukan {photos} dari {wanted}. Unggah yang belum ada.")
        return told

    def _are_gone(self, addresses: list[str], told: Told, ledger: Ledger) -> dict[str, Any]:
        proofs = [self._is_gone(address, told, ledger) for address in addresses]
        return proofs[0]

    def _is_gone(self, url: str, told: Told, ledger: Ledger) -> dict[str, Any]:
        """Return what proves that no reader finds the story or its photos. Raises Asked."""
        answer = self.visit.read(url)
        if not answer.gone:
            page = self._page(answer)
            texts = [text for pair in ledger.get("texts", []) for text in pair if text]
            if not texts or any(page.names(text) for text in texts):
                raise self._not_yet(told, f"Berita itu masih dapat dibaca di {url}. Tarik di {self.title}.")
        for photo in ledger.get("shown", {}).get("photos", []):
            if self._picture_stands(photo):
                raise self._not_yet(
                    told, f"Berkas fotonya masih dapat dibuka: {photo}. Hapus juga fotonya di {self.title}."
                )
        return self._reading(answer)

    def _picture_stands(self, url: str) -> bool:
        try:
            answer = self.visit.read(self.visit.tidy(url), body=False)
        except Asked:
            return False  # kept elsewhere, where we do not look
        return answer.status == 200 and answer.content_type.startswith("image/")

    def _page(self, answer: Answer) -> Page:
        if answer.status != 200:
            raise Asked(
                f"{self.title} menolak dibaca tanpa akun ({answer.status}), jadi tayangan tidak dapat diperiksa "
                "sendiri. Bila Anda sudah melihatnya, catat sendiri."
            )
        if answer.content_type not in ("text/html", "application/xhtml+xml", ""):
            raise Asked("Alamat itu bukan halaman berita. Tempelkan alamat halaman beritanya.")
        return Page(answer)

    def _final(self, url: str, answer: Answer) -> str:
        try:
            return self.visit.tidy(answer.url)
        except Asked:
            return url

    def _reading(self, answer: Answer) -> dict[str, Any]:
        return {
            "read_at": self.now().isoformat(),
            "status": answer.status,
            "page_sha256": hashlib.sha256(answer.body).hexdigest(),
        }

    def _not_yet(self, told: Told, sentence: str) -> Asked:
        fresh = self.now() - told.at < PATIENCE
        return Asked(sentence, wait=LOOK_AGAIN if fresh else None)


def _holds_lead(post: Post, block: str) -> bool:
    """Say whether a paragraph's letters are those of the lead, with or without a dateline before it."""
    lead = letters(post.text_lead)
    return bool(lead) and lead in block


def _remote_id(url: str) -> str:
    return url if len(url) <= LONGEST_ID else f"sha256:{hashlib.sha256(url.encode()).hexdigest()}"
