"""The addresses scripts talk to: whatever is sent, an answer of a known shape, and no row changed by what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.models import Contributor, Draft, Heartbeat, Person, Story, Upload, UploadedFile
from tests.newsroom.screens import enter, make_story
from tests.office import Office, rows_written

JSON = "application/json"
TRIES = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)

odd = st.sampled_from(
    (
        "",
        "0",
        "-1",
        "1",
        "²",
        "٣",
        "9" * 30,
        "1e9",
        "NaN",
        "null",
        "true",
        "\0",
        "\ud7ff",
        "a" * 300,
        "../x",
        "<b>",
    )
)
text = st.one_of(odd, st.text(max_size=20))
value = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), text),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
    max_leaves=6,
)
names = st.sampled_from(("headline", "body", "foto-1-caption", "tidak-ada"))
right = st.fixed_dictionaries(
    {
        "page": st.just("p1"),
        "person": st.just("PERSON"),
        "seen": st.sampled_from((None, "REVISION", 10**9)),
        "words": st.dictionaries(names, st.one_of(text, st.booleans(), st.none()), max_size=3),
        "turns": st.dictionaries(names, st.integers(0, 2**31), max_size=3),
    }
)
wrong = st.dictionaries(
    st.sampled_from(("page", "person", "seen", "words", "turns", "lain")), value, max_size=1
)
draft_like = st.builds(lambda whole, part: {**whole, **part}, right, wrong)
fields = st.dictionaries(
    st.sampled_from(
        (
            "size",
            "name",
            "type",
            "judul",
            "naskah",
            "keterangan-berkas",
            "urutan-berkas",
            "komentar",
            "status",
            "jam",
            "temuan",
            "pengirim",
            "hal",
            "tanggal",
            "siapa",
            "usulan",
            "langkah",
            "dari",
            "ke",
            "tampil",
            "sejak",
            "urut",
            "sesudah",
            "terakhir",
            "situs",
            "q",
        )
    ),
    text,
    max_size=5,
)


FIGURES = {"key", "name", "size", "received"}
READ = (
    "arrivals",
    "queue",
    "published",
    "archive",
    "story",
    "compare",
    "sites",
    "draft_token",
    "mail_heartbeat",
    *("attention", "log", "people", "contributors", "tasks", "mailboxes", "mentions", "spellings"),
    *("ignored", "upload", "heartbeat", "site_list", "export_log"),
)


@pytest.fixture
def nala(story: Story) -> Client:
    return enter(Person.objects.get(username="nala"))


@pytest.fixture
def bram(office: Office) -> Client:
    return enter(office.person("bram", "chief"))


@pytest.fixture
def story(office: Office) -> Story:
    cache.clear()
    nala = office.person("nala", "contributor", "Nala")
    Contributor.objects.filter(address="nala@contoh.example").update(person=nala)
    upload = Upload.objects.create(key="kiriman", person=nala)
    UploadedFile.objects.create(key="berkas", upload=upload, filename="a.jpg", size=100)
    Heartbeat.objects.create(worker="uji/1")
    return make_story(office, 1)


def filled(body: Any, story: Story, person: Person) -> Any:
    """Put what is right in the place of its name, so that some of what is sent is taken."""
    known = {"PERSON": person.pk, "REVISION": story.revision_id}
    return {key: known.get(item, item) if isinstance(item, str) else item for key, item in body.items()}


def shape(answer: Any, wanted: dict[int, set[str]]) -> None:
    """Check that a status is one we promise, with the keys we promise for it."""
    assert answer.status_code in wanted, (answer.status_code, answer.content[:200])
    if wanted[answer.status_code]:
        assert answer["Content-Type"].startswith(JSON), answer.content[:200]
        assert wanted[answer.status_code] == set(answer.json())


@TRIES
@given(body=st.one_of(draft_like, draft_like, value, st.binary(max_size=40)))
def test_any_draft_is_kept_whole_or_refused(story: Story, nala: Client, body: Any) -> None:
    person = Person.objects.get(username="nala")
    sent = filled(body, story, person) if isinstance(body, dict) else body
    data = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    Draft.objects.all().delete()
    before = rows_written()
    answer = nala.post(reverse("draft", args=[story.pk]), data, JSON)
    kept = {"at", "turns", "elsewhere", "gone", "clashes", "overtaken"}
    shape(answer, {200: kept, 400: set(), 401: set(), 409: {"stale"}})
    assert answer.status_code == 200 or (rows_written(), Draft.objects.count()) == (before, 0)


@TRIES
@given(posted=fields, offset=text, piece=st.binary(max_size=120))
def test_any_sending_is_taken_or_refused_by_a_sentence(
    story: Story, nala: Client, posted: dict[str, str], offset: str, piece: bytes
) -> None:
    key, file = ["kiriman"], ["kiriman", "berkas"]
    before, told = rows_written(), {200: set(), 201: FIGURES, 400: {"error"}, 422: {"error"}}
    answer = nala.post(reverse("upload_file", args=key), posted)
    shape(answer, told)
    assert answer.status_code == 201 or rows_written() == before
    shape(nala.post(reverse("upload_words", args=key), posted), told)
    before, there = rows_written(), UploadedFile.objects.get(key="berkas").received
    headers = {"Upload-Offset": offset.encode("ascii", "ignore").decode().replace("\0", "")}
    answer = nala.post(reverse("upload_piece", args=file), piece, "application/octet-stream", headers=headers)
    shape(answer, {200: {"received"}, 400: {"error"}, 409: {"received"}})
    now = UploadedFile.objects.get(key="berkas").received
    assert now == there if answer.status_code != 200 else now == there + len(piece)
    assert answer.status_code == 200 or rows_written() == before


@TRIES
@given(asked=fields, place=st.sampled_from(READ))
def test_any_question_in_an_address_has_a_page(
    office: Office, story: Story, bram: Client, asked: dict[str, str], place: str
) -> None:
    arguments = [story.pk] if place in ("story", "compare", "sites", "draft_token") else []
    before = rows_written()
    answer = bram.get(reverse(place, args=arguments), asked, headers={"HX-Request": "true"})
    assert answer.status_code in (200, 204, 302, 404), (place, asked)
    assert rows_written() == before, "looking wrote something"
