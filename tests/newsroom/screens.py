"""What tests of the screens share: stories to look at, and a reader of forms as a browser fills them."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.editing import first_revision
from newsroom.models import Contributor, Person, Photo, State, Story, Submission
from newsroom.workflow import move
from tests.office import Office

SITES = ["media-center", "info-publik", "kota"]


def make_story(
    office: Office, number: int = 1, *, photos: int = 1, minutes: int = 30, **fields: Any
) -> Story:
    """Put a story into the queue that arrived `minutes` ago by a mail of the office's contributor."""
    contributor = fields.pop("contributor", None) or Contributor.objects.get(address="nala@contoh.example")
    at = timezone.now() - timedelta(minutes=minutes)
    given = {
        "headline": f"Judul berita {number}",
        "body": f"Isi berita nomor {number}.\n\nParagraf kedua.",
        "dateline_city": "Kota Uji",
        "byline_outlet": "MC. Kota Uji",
        "byline_writer": "nala",
        "sites": list(SITES),
        **fields,
    }
    story = Story.objects.create(key=f"kunci-{number:04d}", contributor=contributor, received_at=at, **given)
    mail = Submission.objects.create(
        sha256=_hash(f"surel {number}"),
        size=1000,
        mailbox="lokal",
        received_at=at,
        disposition="accepted",
        reason="Pengirim dikenal.",
        sender_address="nala@contoh.example",
        sender_name="Nala Ayuningtias",
        subject=f"Perihal {number}",
        source_text=f"Teks surel nomor {number}.",
        message_id=f"<{number}@contoh.example>",
        contributor=contributor,
        story=story,
    )
    for order in range(photos):
        Photo.objects.create(
            story=story,
            submission=mail,
            sha256=_hash(f"foto {number} {order}"),
            filename=f"foto {order + 1}.jpg",
            caption=f"Keterangan {order + 1}",
            order=order,
            width=640,
            height=480,
        )
    first_revision(story, "receive")
    return story


def release(story: Story, by: Person) -> Story:
    """Verify the story and let the worker's move follow, without a worker."""
    move(story, "verify", by)
    move(story, "release", None)
    for site in story.sites:
        story.deliveries.create(
            site=site,
            sent_version=1,
            state="live",
            url=f"2026/11/judul-{story.pk}/",
            confirmed_at=timezone.now(),
            receipts=[
                {
                    "version": 1,
                    "at": timezone.now().isoformat(),
                    "state": "live",
                    "remote_id": "1",
                    "url": f"2026/11/judul-{story.pk}/",
                    "sha256": _hash(site),
                    "detail": {},
                }
            ],
        )
    story.refresh_from_db()
    assert story.state == State.RELEASED
    return story


def enter(person: Person, **how: Any) -> Client:
    """Return a browser in which `person` has signed in."""
    client = Client(**how)
    client.force_login(person)
    # Its first page would note the session in the person's list, which no test of a page is about.
    cache.set(f"seen:{client.session.session_key}", 1)
    return client


class _Form(HTMLParser):
    """Collects the fields of the form with an id, as a browser would send them."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.inside = False
        self.fields: dict[str, Any] = {}
        self._area: str | None = None
        self._choice: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.inside = attributes.get("id") == self.wanted
        name = attributes.get("name")
        if tag == "option" and self._choice and "selected" in attributes:
            self.fields[self._choice] = attributes.get("value") or ""
        if not self.inside or not name or "disabled" in attributes:
            return
        if tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "select":
            self._choice = name
            self.fields[name] = ""
        elif tag == "input":
            if attributes.get("type") in ("checkbox", "radio") and "checked" not in attributes:
                return
            value = attributes.get("value") or ("on" if attributes.get("type") == "checkbox" else "")
            if name == "sites" or name.startswith("kabur-"):  # several fields of one name
                self.fields.setdefault(name, []).append(value)
            else:
                self.fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # A browser drops the newline right after the tag and sends line ends as CRLF.
            text = self.fields[self._area].removeprefix("\n")
            self.fields[self._area] = text.replace("\n", "\r\n")
            self._area = None
        if tag == "select":
            self._choice = None
        if tag == "form":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


def form_of(response: Any, wanted: str = "naskah") -> dict[str, Any]:
    """Return what the page's form would send if it were submitted as it stands."""
    reader = _Form(wanted)
    reader.feed(response.content.decode())
    assert reader.fields, f"no form #{wanted} on the page"
    return reader.fields


def text_of(response: Any) -> str:
    """Return the words of a page, without its markup and spread spaces."""
    reader = _Words()
    reader.feed(response.content.decode())
    return " ".join("".join(reader.words).split())


class _Words(HTMLParser):
    _WITHIN_A_LINE = frozenset({"a", "b", "i", "em", "strong", "span", "time", "small", "ins", "del", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._WITHIN_A_LINE:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page(story: Story) -> str:
    return reverse("story", args=[story.pk])


def save(story: Story) -> str:
    return reverse("save", args=[story.pk])


def decide(story: Story, verb: str) -> str:
    return reverse("decide", args=[story.pk, verb])


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
