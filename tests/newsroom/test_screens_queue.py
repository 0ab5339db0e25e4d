"""The queue: order, clocks, badges, whose rows, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from newsroom.models import Person, Photo, Story, Submission
from newsroom.views.clock import clock
from newsroom.workflow import move
from tests.newsroom.screens import enter, make_story, text_of
from tests.office import Office

QUEUE = "/antrean/"


def headlines(response: Any) -> list[str]:
    return re.findall(r'class="row-title">([^<]*)<', response.content.decode())


def test_the_story_that_has_waited_longest_comes_first(office: Office, editor: Person) -> None:
    make_story(office, 1, minutes=10)
    make_story(office, 2, minutes=200)
    make_story(office, 3, minutes=60)
    assert headlines(enter(editor).get(QUEUE)) == ["Judul berita 2", "Judul berita 3", "Judul berita 1"]


@pytest.mark.parametrize(
    ("minutes", "words", "tone"),
    [
        (0, "sisa 3 jam", "calm"),
        (134, "sisa 46 menit", "calm"),
        (135, "sisa 45 menit", "soon"),
        (138, "sisa 42 menit", "soon"),
        (180, "sisa kurang dari 1 menit", "soon"),
        (250, "terlambat 1 jam 10 menit", "late"),
        (3 * 60 + 2 * 1440, "terlambat 2 hari", "late"),
        (-30, "sisa 3 jam", "calm"),
    ],
)
def test_the_clock_runs_three_hours_from_arrival(minutes: int, words: str, tone: str) -> None:
    now = timezone.now()
    told = clock(now - timedelta(minutes=minutes), now)
    assert (told.words, told.tone) == (words, tone)


def test_only_a_queued_story_has_a_clock(office: Office, editor: Person) -> None:
    story = make_story(office, minutes=30)
    client = enter(editor)
    assert 'class="clock' in client.get(QUEUE).content.decode()
    move(story, "send_back", editor, "Lengkapi.")
    assert 'class="clock' not in client.get(QUEUE + "?status=dikembalikan").content.decode()


def test_badges_say_what_to_look_at(office: Office, editor: Person) -> None:
    story = make_story(office, 1, photos=3)
    first, second, third = story.photos.all()
    Photo.objects.filter(pk=first.pk).update(caption="")
    Photo.objects.filter(pk=second.pk).update(child=True)
    Photo.objects.filter(pk=third.pk).update(readable=False, left_out=True)
    mail = story.submissions.get()
    mail.admitted_by, mail.duplicate_of = (
        editor,
        Submission.objects.create(sha256="a" * 64, size=1, mailbox="x", received_at=timezone.now()),
    )
    mail.save()
    Story.objects.filter(pk=story.pk).update(embargo_until=timezone.now() + timedelta(days=1))
    make_story(office, 2, photos=0)
    words = text_of(enter(editor).get(QUEUE))
    for badge in (
        "tanpa keterangan foto",
        "foto belum boleh tayang",
        "1 foto rusak",
        "pengirim baru",
        "kiriman ulang?",
        "embargo",
        "tanpa foto",
    ):
        assert badge in words, badge


def test_each_tab_holds_its_state_and_says_how_many(office: Office, editor: Person) -> None:
    make_story(office, 1)
    move(make_story(office, 2), "send_back", editor, "Siapa narasumbernya?")
    move(make_story(office, 3), "verify", editor)
    move(make_story(office, 4), "spike", editor, "Bukan liputan.")
    client = enter(editor)
    for tab, headline in (("antre", 1), ("dikembalikan", 2), ("terverifikasi", 3), ("ditolak", 4)):
        response = client.get(f"{QUEUE}?status={tab}")
        assert headlines(response) == [f"Judul berita {headline}"], tab
    assert "Siapa narasumbernya?" in text_of(client.get(QUEUE + "?status=dikembalikan"))
    assert "Perlu dikerjakan 2 Antre 1 Dikembalikan 1 Menunggu tayang 1 Ditolak 1" in text_of(
        client.get(QUEUE)
    )


def test_a_word_finds_its_story_in_headline_body_or_contributor(office: Office, editor: Person) -> None:
    make_story(office, 1, headline="Banjir di hulu")
    make_story(office, 2, body="Warga mengungsi karena banjir.")
    make_story(office, 3)
    client = enter(editor)
    assert set(headlines(client.get(QUEUE + "?q=BANJIR"))) == {"Banjir di hulu", "Judul berita 2"}
    assert headlines(client.get(QUEUE + "?q=banjir+hulu")) == ["Banjir di hulu"]
    assert len(headlines(client.get(QUEUE + "?q=ayuning"))) == 3
    assert "Tidak ada yang cocok dengan “<b>”" in client.get(QUEUE + "?q=<b>").content.decode().replace(
        "&lt;", "<"
    ).replace("&gt;", ">")


def test_a_long_queue_is_read_page_by_page(office: Office, editor: Person) -> None:
    for number in range(27):
        make_story(office, number, photos=0)
    client = enter(editor)
    first, second = client.get(QUEUE), client.get(QUEUE + "?hal=2")
    assert (len(headlines(first)), len(headlines(second))) == (25, 2)
    assert not set(headlines(first)) & set(headlines(second))
    assert "Halaman 2 dari 2" in text_of(second)
    assert headlines(client.get(QUEUE + "?hal=999")) == headlines(second)


@pytest.mark.parametrize("query", ["?hal=x", "?status=apa", "?hal=-1&q=%00", "?q=" + "a" * 5000])
def test_an_odd_address_still_shows_a_queue(office: Office, editor: Person, query: str) -> None:
    make_story(office)
    assert enter(editor).get(QUEUE + query).status_code == 200


def test_an_empty_queue_says_what_will_come_and_how(office: Office, editor: Person) -> None:
    assert "lewat surel akan tampil di sini" in text_of(enter(editor).get(QUEUE))


def test_new_arrivals_are_announced_and_the_rows_stay(office: Office, editor: Person) -> None:
    story = make_story(office, 1)
    client = enter(editor)
    address = re.search(r'hx-get="(/antrean/baru/[^"]*)"', client.get(QUEUE).content.decode())
    assert address and address.group(1).endswith(f"sejak={story.pk}")
    assert text_of(client.get(address.group(1))) == ""
    make_story(office, 2)
    make_story(office, 3)
    assert text_of(client.get(address.group(1))) == "2 kiriman baru · Tampilkan"


@pytest.mark.parametrize("since", ["", "abc", "-1", "9" * 30, "१"])
def test_a_poll_that_makes_no_sense_is_answered_with_nothing(
    office: Office, editor: Person, since: str
) -> None:
    response = enter(editor).get("/antrean/baru/", {"sejak": since})
    assert response.status_code in (200, 204)
    assert b"href" not in response.content


def test_thirty_rows_cost_as_many_queries_as_three(
    office: Office, editor: Person, django_assert_max_num_queries: Any
) -> None:
    client = enter(editor)
    for number in range(3):
        make_story(office, number, photos=2)
    client.get(QUEUE)
    with django_assert_max_num_queries(100) as few:
        client.get(QUEUE)
    for number in range(3, 30):
        make_story(office, number, photos=3)
    with django_assert_max_num_queries(100) as many:
        client.get(QUEUE)
    assert len(many) == len(few)
    assert reverse("queue") == QUEUE
