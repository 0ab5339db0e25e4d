"""The public archive: what readers see, what they never see, and how little it costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom import public as rules
from newsroom.models import Destruction, Person, Photo, Record, State, Story
from newsroom.public_search import matches
from newsroom.query import parse
from newsroom.search import search
from newsroom.workflow import move
from pipeline.stores import originals
from tests.newsroom.screens import make_story, release
from tests.office import SETTINGS, Office, picture

pytestmark = pytest.mark.django_db
OPEN = SETTINGS + "archive: {public: true, public_title: Arsip Berita Kota Uji}\n"


@pytest.fixture
def editor(office: Office) -> Person:
    person: Person = office.person("bram", "editor", "Bram")
    return person


@pytest.fixture
def chief(office: Office) -> Person:
    person: Person = office.person("sulastri", "chief", "Sulastri")
    return person


@pytest.fixture
def reader(office: Office, use: Callable[[str], None]) -> Client:
    """Somebody without an account, where the office has opened its archive."""
    caches["public"].clear()
    use(OPEN)
    return Client()


def page(story: Story) -> str:
    return reverse("public_story", args=[story.key])


def picture_of(story: Story, size: str = "besar") -> str:
    return reverse("public_photo", args=[story.key, 1, size])


def everything(reader: Client, story: Story) -> str:
    """Return all that readers can get of a story, by any door."""
    doors = ("public_front", "public_corrections", "public_rss", "public_feed", "public_sitemap")
    addresses = [page(story), *map(reverse, doors), f"{reverse('public_search')}?q=Kepala"]
    at = timezone.localtime(story.released_at or timezone.now())
    addresses.append(reverse("public_month", args=[at.year, at.month]))
    return "\n".join(reader.get(address).content.decode() for address in addresses)


def test_it_is_closed_until_the_office_opens_it(office: Office, editor: Person) -> None:
    story = release(make_story(office, 1), editor)
    client = Client()
    for name in ("public_front", "public_rss", "public_feed", "public_sitemap", "public_corrections"):
        assert client.get(reverse(name)).status_code == 404
    assert client.get(page(story)).status_code == 404
    assert client.get(picture_of(story)).status_code == 404
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_readers_find_and_read_a_story_without_a_session_or_a_cookie(
    office: Office, editor: Person, reader: Client
) -> None:
    story = release(make_story(office, 1, headline="Wali Kota <b>Membuka</b> Pasar"), editor)
    told = reader.get(page(story))
    text = told.content.decode()
    assert "Wali Kota &lt;b&gt;Membuka&lt;/b&gt; Pasar" in text
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{page(story)}">' in text
    assert '<meta property="og:image" content="http://127.0.0.1:8000/publik/foto/' in text
    assert not told.cookies
    assert "Cookie" not in told.headers.get("Vary", "")
    assert told.headers["Cache-Control"] == "public, no-cache"
    assert told.headers["Content-Language"] == "id"
    older = release(make_story(office, 2), editor)
    Story.objects.filter(pk=older.pk).update(released_at=timezone.now() - timedelta(days=70))
    assert len(rules.months()) in (3, 4)
    again = reader.get(page(story), headers={"If-None-Match": told.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    at = timezone.localtime(story.released_at)
    for address in (reverse("public_front"), reverse("public_month", args=[at.year, at.month])):
        assert page(story) in reader.get(address).content.decode()
    found = reader.get(reverse("public_search"), {"q": "pasar"}).content.decode()
    assert page(story) in found
    assert 'content="noindex"' in found
    assert page(story) in reader.get(reverse("public_sitemap")).content.decode()
    assert "Sitemap: http://127.0.0.1:8000/publik/sitemap.xml" in reader.get("/robots.txt").content.decode()
    assert reader.post(page(story)).status_code == 405


def test_nothing_internal_is_told(office: Office, editor: Person, reader: Client) -> None:
    story = make_story(office, 1)
    story.comments.create(by=editor, text="Komentar rahasia redaksi")
    release(story, editor)
    Photo.objects.filter(story=story).update(facts={"gps": [-2.2101, 113.9102]})
    Story.objects.filter(pk=story.pk).update(headline="Draf yang belum diverifikasi")
    told = everything(reader, story)
    assert story.sealed().headline in told
    for secret in (
        "nala@contoh.example",
        "Komentar rahasia",
        "113.91",
        "Draf yang belum",
        "foto 1.jpg",
        "Bram",
    ):
        assert secret not in told


def test_a_withdrawal_is_effective_at_once_and_leaves_a_tombstone(
    office: Office, editor: Person, chief: Person, reader: Client
) -> None:
    story = release(make_story(office, 1), editor)
    headline, old = story.headline, reader.get(page(story)).headers["ETag"]
    everything(reader, story)  # all of it is in the cache now
    move(story, "retract", chief, "Memuat data anak.")
    gone = reader.get(page(story), headers={"If-None-Match": old})
    assert gone.status_code == 410
    assert "Memuat data anak." in gone.content.decode()
    assert gone.headers["Cache-Control"] == "no-store"
    assert reader.get(picture_of(story)).status_code == 404
    told = everything(reader, story)
    assert headline not in told
    feed = json.loads(reader.get(reverse("public_feed")).content)
    (dead,) = feed["items"]
    assert (dead["id"], dead["_redaksi"]["withdrawn"]) == (story.key, True)
    assert "Memuat data anak." in dead["content_text"]
    rss = ElementTree.fromstring(reader.get(reverse("public_rss")).content)
    assert rss.find(".//{http://purl.org/atompub/tombstones/1.0}deleted-entry").get("ref") == story.key  # type: ignore[union-attr]
    assert rss.findtext(".//item/guid") == story.key
    assert page(story) not in reader.get(reverse("public_sitemap")).content.decode()


def test_a_correction_is_told_on_the_page_and_in_the_log(
    office: Office, editor: Person, chief: Person, reader: Client
) -> None:
    story = release(make_story(office, 1), editor)
    before = reader.get(page(story)).headers["ETag"]
    move(story, "correct", chief, "Jumlah peserta 120, bukan 210.")
    after = reader.get(page(story), headers={"If-None-Match": before})
    assert after.status_code == 200
    assert "Jumlah peserta 120, bukan 210." in after.content.decode()
    log = reader.get(reverse("public_corrections")).content.decode()
    assert "Jumlah peserta 120, bukan 210." in log
    assert story.headline in log


def test_the_log_of_corrections_calls_a_story_what_it_is_called_now(
    office: Office, editor: Person, chief: Person, reader: Client
) -> None:
    story = release(make_story(office, 1, headline="Judul yang keliru"), editor)
    move(story, "correct", chief, "Tempatnya pelabuhan.")
    Story.objects.filter(pk=story.pk).update(headline="Judul yang benar")
    story.refresh_from_db()
    move(story, "correct", chief, "Judulnya diperbaiki.")
    log = reader.get(reverse("public_corrections")).content.decode()
    assert ("Tempatnya pelabuhan." in log, "Judulnya diperbaiki." in log) == (True, True)
    assert log.count("Judul yang benar") == 2
    assert "Judul yang keliru" not in log


def test_a_search_finds_by_what_readers_may_read_and_tells_of_nothing_else(
    office: Office, editor: Person, reader: Client
) -> None:
    def found(words: str) -> bool:
        caches["public"].clear()
        return page(story) in reader.get(reverse("public_search"), {"q": words}).content.decode()

    story = make_story(office, 1, headline="Pasar Dibuka Lagi")
    kept = {"sha256": "0" * 64, "filename": "a.docx", "content_type": "", "size": 1, "words_read": True}
    story.submissions.get().attachments.create(words="Rincian anggaran menara pandang", **kept)
    release(story, editor)
    secret = release(make_story(office, 2, headline="Pasar Tertutup"), editor)
    Record.objects.filter(story=secret).update(security="secret")
    assert search(parse("anggaran")).stories == [story.pk]  # the desk finds it by its document
    for words in ("pasar ", "pas", '"dibuka lagi" keterangan', "pasar -menara", "pasar -tertutup"):
        assert found(words), words
    for words in ("anggaran ", "anggar", '"menara pandang"', "pasar -dibuka", '"lagi dibuka"'):
        assert not found(words), words
    assert not matches(parse("pasar"), page=1, per_page=1).more  # of what is closed not even the number
    Photo.objects.filter(story=story).update(child=True)
    assert not found("keterangan")


def test_photos_are_shown_as_published_and_never_once_they_are_barred(
    office: Office, editor: Person, reader: Client
) -> None:
    story = make_story(office, 1)
    data = picture(7, (2400, 1800))
    Photo.objects.filter(story=story).update(sha256=originals().keep(data))
    story.refresh_from_db()
    release(story, editor)
    large = reader.get(picture_of(story))
    assert large.headers["Content-Type"] == "image/jpeg"
    shown = large.getvalue()
    assert shown != data
    assert len(shown) < len(data)
    unchanged = reader.get(picture_of(story), headers={"If-None-Match": large.headers["ETag"]})
    assert unchanged.status_code == 304
    assert reader.get(picture_of(story, "asli")).status_code == 404
    assert reader.get(reverse("public_photo", args=[story.key, 2, "besar"])).status_code == 404
    text = reader.get(page(story)).content.decode()
    Photo.objects.filter(story=story).update(child=True)
    assert picture_of(story) in text
    assert picture_of(story) not in reader.get(page(story)).content.decode()
    late = reader.get(picture_of(story), headers={"If-None-Match": large.headers["ETag"]})
    assert late.status_code == 404


closed = st.fixed_dictionaries(
    {
        "state": st.sampled_from(State.values),
        "released": st.booleans(),
        "info_class": st.sampled_from(("any_time", "immediate", "exempt")),
        "security": st.sampled_from(("ordinary", "restricted", "secret")),
        "destroyed": st.booleans(),
        "recorded": st.booleans(),
    }
)


@settings(
    max_examples=60, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(case=closed)
def test_only_what_is_out_and_open_is_ever_shown(
    office: Office, editor: Person, chief: Person, reader: Client, case: dict[str, Any]
) -> None:
    Record.objects.all().delete()
    story = Story.objects.first()
    if story is None:
        story = release(make_story(office, 1, headline="Judul Yang Dicari"), editor)
        Record.objects.all().delete()
    state = case["state"]
    due = timezone.now() if state == State.QUEUED else None
    out_at = timezone.now() if case["released"] else None
    Story.objects.filter(pk=story.pk).update(state=state, released_at=out_at, due_at=due)
    basis = dict.fromkeys(("exempt_article", "exempt_number", "exempt_term"), "x")
    if case["recorded"]:
        made = Destruction.objects.get_or_create(
            number="1",
            defaults={"proposed_by": editor, "state": "approved", "decided_by": chief, "reason": "x"},
        )[0]
        Record.objects.create(
            story=story,
            info_class=case["info_class"],
            security=case["security"],
            destruction=made if case["destroyed"] else None,
            **basis,
        )
    shut = case["recorded"] and (
        case["info_class"] == "exempt" or case["security"] != "ordinary" or case["destroyed"]
    )
    is_open = state == State.RELEASED and case["released"] and not shut
    assert rules.readable().filter(pk=story.pk).exists() is is_open
    caches["public"].clear()
    told = everything(reader, story)
    assert ("Judul Yang Dicari" in told) is is_open
    answered = reader.get(page(story)).status_code
    was_out = state in (State.RELEASED, State.RETRACTED) and case["released"]
    assert answered == (200 if is_open else 410 if was_out else 404)


def test_a_page_asks_few_questions_and_a_kept_one_fewer(
    office: Office, editor: Person, reader: Client
) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(address).status_code == 200
        return len(captured)

    first = release(make_story(office, 1), editor)
    fresh = asked(reverse("public_front"))
    assert asked(reverse("public_front")) == 1
    for number in range(2, 8):
        release(make_story(office, number), editor)
    assert asked(reverse("public_front")) == fresh
    asked(page(first))
    assert asked(page(first)) <= 6


@pytest.mark.parametrize("number", ["0", "-1", "x", "99", "1000000", "²", ""])
def test_pages_end_where_they_end(office: Office, editor: Person, reader: Client, number: str) -> None:
    at = timezone.localtime(release(make_story(office, 1), editor).released_at)
    for address in (reverse("public_month", args=[at.year, at.month]), f"{reverse('public_search')}"):
        assert reader.get(address, {"q": "x", "hal": number}).status_code == 404
    assert reader.get("/publik/bulan/2026-13/").status_code == 404
    assert reader.get("/publik/bulan/99999-1/").status_code == 404
    assert reader.get("/publik/sitemap-2.xml").status_code == 404
