"""Published, the archive and its records: where each story stands, and what is kept of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from newsroom import search
from newsroom.editing import edit
from newsroom.models import Contributor, Delivery, Package, Person, Story
from newsroom.workflow import move
from tests.newsroom.screens import enter, make_story, release, text_of
from tests.office import Office

WIB = ZoneInfo("Asia/Pontianak")


def titles(response: Any) -> list[str]:
    found = re.findall(r'class="row-title">(.*?)</span>', response.content.decode())
    return [re.sub(r"</?mark>", "", title) for title in found]


def published(office: Office, by: Person, number: int, **fields: Any) -> Story:
    story = release(make_story(office, number, **fields), by)
    search.index(story)
    return story


def test_each_site_has_a_line_in_words(office: Office, editor: Person) -> None:
    story = published(office, editor, 1)
    again = timezone.now().astimezone(WIB).replace(hour=23, minute=59) + timedelta(days=1)
    lines = Delivery.objects.filter(story=story)
    lines.filter(site="info-publik").update(
        sent_version=0, error="Situs tidak menjawab sejak 14.05 WIB.", next_attempt_at=again
    )
    lines.filter(site="kota").update(sent_version=0, state="", url="")
    response = enter(editor).get("/tayang/")
    words = text_of(response)
    confirmed = timezone.localtime(lines.get(site="media-center").confirmed_at, WIB)
    assert f"Media Center Tayang {confirmed:%H.%M} WIB Buka" in words
    assert re.search(
        r"Info Publik Tertahan: Situs tidak menjawab sejak 14.05 WIB. Dicoba lagi \d+ \w+( \d+)?, 23.59 WIB.",
        words,
    )
    assert "Situs Kota Menunggu" in words
    assert f'href="/situs/media-center/2026/11/judul-{story.pk}/"' in response.content.decode()


def test_an_address_on_another_server_is_linked_as_it_is_and_a_script_is_not_linked(
    office: Office, editor: Person
) -> None:
    story = published(office, editor, 1)
    lines = Delivery.objects.filter(story=story)
    lines.filter(site="kota").update(url="https://kota.example/berita/1/?a=1&b=2")
    lines.filter(site="info-publik").update(url="javascript:alert(1)")
    html = enter(editor).get("/tayang/").content.decode()
    assert 'href="https://kota.example/berita/1/?a=1&amp;b=2"' in html
    assert "javascript:" not in html


def test_a_retracted_story_stays_in_the_list_with_its_sites(office: Office, editor: Person) -> None:
    story = published(office, editor, 1)
    move(story, "retract", editor, "Data keliru.")
    words = text_of(enter(editor).get("/tayang/"))
    assert "Ditarik" in words
    assert "Menunggu ditarik" in words


def test_lists_show_the_headline_readers_have_not_the_draft_of_a_correction(
    office: Office, editor: Person
) -> None:
    story = published(office, editor, 1)
    edit(story, editor, {"headline": "Judul ralat belum tayang"}, seen=story.revision_id)
    client = enter(editor)
    for address in ("/tayang/", "/arsip/", f"/arsip/{story.pk}/"):
        words = text_of(client.get(address))
        assert "Judul berita 1" in words, address
        assert "belum tayang" not in words, address
    move(story, "correct", editor, "Judulnya keliru.")
    for address in ("/tayang/", "/arsip/", f"/arsip/{story.pk}/"):
        assert "Judul ralat belum tayang" in text_of(client.get(address)), address


def test_published_stories_are_found_by_their_words(office: Office, editor: Person) -> None:
    published(office, editor, 1, headline="Banjir di hulu")
    published(office, editor, 2)
    client = enter(editor)
    for address in ("/tayang/", "/arsip/"):
        assert titles(client.get(address, {"q": "banj"})) == ["Banjir di hulu"], address
        assert titles(client.get(address, {"q": 'zzz" OR *'})) == [], address


def test_the_archive_is_filtered_by_date_site_and_contributor(office: Office, editor: Person) -> None:
    other = Contributor.objects.create(address="lain@contoh.example", name="Orang Lain")
    stories = [
        published(office, editor, 1, sites=["kota"]),
        published(office, editor, 2, sites=["media-center"], contributor=other),
    ]
    # Just before and at midnight in the office's zone, which is the evening before in UTC.
    late = datetime(2026, 11, 19, 23, 59, tzinfo=WIB)
    for story, at in zip(stories, (late, late + timedelta(minutes=1)), strict=True):
        Story.objects.filter(pk=story.pk).update(released_at=at)
        search.index(Story.objects.get(pk=story.pk))
    client = enter(editor)

    def found(**query: str) -> list[str]:
        return titles(client.get("/arsip/", query))

    assert found(dari="2026-11-20") == ["Judul berita 2"]
    assert found(sampai="2026-11-19") == ["Judul berita 1"]
    assert found(dari="2026-11-19", sampai="2026-11-20") == ["Judul berita 2", "Judul berita 1"]
    assert found(situs="kota") == ["Judul berita 1"]
    assert found(kontributor=str(other.pk)) == ["Judul berita 2"]
    assert found(dari="2026-12-01") == []


@pytest.mark.parametrize(
    "query",
    [
        "?dari=kemarin",
        "?situs=lain",
        "?kontributor=999",
        "?kontributor=x",
        "?dari=9999-12-31&sampai=9999-12-31",
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_shows_no_error(
    office: Office, editor: Person, query: str
) -> None:
    published(office, editor, 1)
    assert enter(editor).get("/arsip/" + query).status_code == 200


def test_the_wall_shows_the_photos_that_were_published(office: Office, editor: Person) -> None:
    story = make_story(office, 1, photos=3)
    story.photos.filter(order=1).update(left_out=True)
    release(story, editor)
    make_story(office, 2)
    html = enter(editor).get("/arsip/?tampil=dinding").content.decode()
    shown = {int(pk) for pk in re.findall(r"/foto/(\d+)/kecil.jpg", html)}
    assert shown == set(story.photos.filter(left_out=False).values_list("pk", flat=True))
    assert "2 foto" in html


def test_a_record_holds_text_proofs_versions_originals_and_fixity(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = published(office, editor, 1)
    move(story, "correct", second_editor, "Jumlah peserta diperbaiki.")
    Package.objects.filter(story=story, version=1).update(
        path="kunci/v1", checked_at=datetime(2026, 11, 18, 3, tzinfo=WIB)
    )
    response = enter(editor).get(f"/arsip/{story.pk}/")
    words = text_of(response)
    for line in (
        "Ralat",
        "Jumlah peserta diperbaiki.",
        "Versi 1 Utuh, diperiksa 18 November 2026",
        "Versi 2 Belum dipaketkan",
        "Situs Kota versi 1 · tayang",
        "Surel: Perihal 1",
        "kunci-0001",
    ):
        assert line in words, line
    mail, photo = story.submissions.get(), story.photos.get()
    assert f'href="/asli/surel/{mail.pk}.eml"' in response.content.decode()
    assert f'href="/asli/foto/{photo.pk}/"' in response.content.decode()


def test_damage_is_told_in_the_record_and_in_the_list(office: Office, editor: Person) -> None:
    story = published(office, editor, 1)
    Package.objects.filter(story=story).update(
        path="kunci/v1", checked_at=timezone.now(), sound=False, error="Berkas photos/01.jpg berubah."
    )
    client = enter(editor)
    assert "Rusak: Berkas photos/01.jpg berubah." in text_of(client.get(f"/arsip/{story.pk}/"))
    assert "Paket arsip rusak" in text_of(client.get("/arsip/"))


def test_what_was_never_published_has_no_record(office: Office, editor: Person) -> None:
    assert enter(editor).get(f"/arsip/{make_story(office).pk}/").status_code == 404


def test_contributors_find_only_their_own_in_published_and_archive(
    office: Office, editor: Person, writer: Person
) -> None:
    published(office, editor, 1)
    other = Contributor.objects.create(address="lain@contoh.example", name="Orang Lain")
    published(office, editor, 2, contributor=other)
    client = enter(writer)
    for address in ("/tayang/", "/arsip/", "/arsip/?tampil=dinding"):
        html = client.get(address).content.decode()
        assert "Orang Lain" not in html, address
        assert "Judul berita 2" not in html, address
    assert titles(client.get("/tayang/")) == ["Judul berita 1"]


@pytest.mark.parametrize("address", ["/tayang/", "/arsip/", "/arsip/?tampil=dinding"])
def test_more_rows_cost_no_more_queries(
    office: Office, editor: Person, django_assert_max_num_queries: Any, address: str
) -> None:
    client = enter(editor)
    for number in range(3):
        published(office, editor, number, photos=2)
    client.get(address)
    with django_assert_max_num_queries(100) as few:
        client.get(address)
    for number in range(3, 20):
        published(office, editor, number, photos=3)
    with django_assert_max_num_queries(100) as many:
        client.get(address)
    assert len(many) == len(few)


def test_a_record_with_many_versions_and_photos_costs_no_more_queries(
    office: Office, editor: Person, django_assert_max_num_queries: Any
) -> None:
    small, large = published(office, editor, 1), published(office, editor, 2, photos=20)
    for number in range(5):
        move(large, "correct", editor, f"Ralat {number}")
        large.refresh_from_db()
    client = enter(editor)
    client.get(f"/arsip/{small.pk}/")
    with django_assert_max_num_queries(100) as few:
        client.get(f"/arsip/{small.pk}/")
    with django_assert_max_num_queries(100) as many:
        client.get(f"/arsip/{large.pk}/")
    assert len(many) == len(few)
