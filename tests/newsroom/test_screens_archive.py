"""Browsing the archive: found by what it is about, picked page after page, described for those who look later."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from newsroom import search
from newsroom.describing_proposals import event_day, propose, stands_in
from newsroom.models import Leader, LogEntry, Person, Story, Tag
from newsroom.picking import MOST
from newsroom.views import archive_searches
from newsroom.vocabulary import merge
from tests.newsroom.screens import enter, make_story, release, text_of
from tests.newsroom.test_screens_lists import WIB, published, titles
from tests.office import Office

FETCH = {"X-Requested-With": "fetch"}


def released_on(office: Office, by: Person, number: int, day: date, **fields: Any) -> Story:
    story = published(office, by, number, **fields)
    at = datetime(day.year, day.month, day.day, 10, tzinfo=WIB)
    Story.objects.filter(pk=story.pk).update(released_at=at)
    story.refresh_from_db()
    search.index(story)
    return story


def links(response: Any) -> dict[str, str]:
    """Return the facets' and months' addresses by their words."""
    found = re.findall(r'<a href="([^"]*)"[^>]*><span>([^<]*)</span>', response.content.decode())
    return {words: address.replace("&amp;", "&") for address, words in found}


def describing(client: Client, story: Story, **said: Any) -> Any:
    page = client.get(reverse("record", args=[story.pk])).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    told = {"seen": seen[1], "kembali": "arsip", **said}
    return client.post(reverse("describe_story", args=[story.pk]), told, follow=True)


def test_what_is_found_is_narrowed_by_what_it_is_about_and_let_go_again(
    office: Office, editor: Person
) -> None:
    leader = Leader.objects.create(name="Rangga", title="Wali Kota")
    stories = [
        published(office, editor, number, category=["Sosial", "Ekonomi"][number % 2]) for number in (1, 2, 3)
    ]
    client = enter(editor)
    describing(client, stories[0], pimpinan=[leader.pk], tag="pasar murah", tempat="Aula Kecamatan")
    describing(client, stories[1], tag="Pasar  Murah, banjir")
    page = client.get("/arsip/")
    facets = links(page)
    assert {"Wali Kota Rangga", "pasar murah", "banjir", "Sosial", "Ekonomi", "Aula Kecamatan"} <= set(facets)
    assert titles(client.get("/arsip/" + facets["pasar murah"])) == ["Judul berita 2", "Judul berita 1"]
    both = client.get("/arsip/" + links(client.get("/arsip/" + facets["pasar murah"]))["Wali Kota Rangga"])
    assert titles(both) == ["Judul berita 1"]
    assert titles(client.get("/arsip/" + links(both)["Wali Kota Rangga"])) == [
        "Judul berita 2",
        "Judul berita 1",
    ]
    assert Tag.objects.count() == 2  # written otherwise it is the same tag


def test_the_ruler_counts_the_months_of_the_year_that_is_looked_at(office: Office, editor: Person) -> None:
    for number, day in enumerate(
        (date(2025, 3, 5), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1))
    ):
        released_on(office, editor, number, day)
    client = enter(editor)
    page = client.get("/arsip/").content.decode()
    months = dict(re.findall(r'title="(\w+ 20\d\d): (\d+)"', page))
    assert (months["November 2026"], months["Desember 2026"], months["Januari 2026"]) == ("2", "1", "0")
    november = re.search(r'href="([^"]*)" title="November 2026', page)
    assert november
    found = client.get("/arsip/" + november[1].replace("&amp;", "&"))
    assert titles(found) == ["Judul berita 2", "Judul berita 1"]
    assert 'title="Desember 2026: 1"' in found.content.decode()  # its neighbours stay in sight
    before = re.search(r'href="([^"]*)" rel="prev"', page)
    assert before
    assert titles(client.get("/arsip/" + before[1].replace("&amp;", "&"))) == ["Judul berita 0"]


def test_matches_are_marked_in_headline_and_text_and_nothing_else_is_markup(
    office: Office, editor: Person
) -> None:
    published(
        office, editor, 1, headline="Pembangunan <b>jembatan</b>", body="Warga membangun jembatan <i>itu</i>."
    )
    html = enter(editor).get("/arsip/", {"q": "bangun jembatan"}).content.decode()
    assert "<mark>Pembangunan</mark> &lt;b&gt;<mark>jembatan</mark>" in html
    assert "<mark>membangun</mark>" in html
    assert "<i>itu" not in html


def test_picks_gather_page_after_page_and_are_the_persons_own(
    office: Office, editor: Person, second_editor: Person
) -> None:
    stories = [published(office, editor, number, photos=2) for number in (1, 2, 3)]
    client, address = enter(editor), reverse("archive_pick")
    assert client.post(address, {"berita": stories[0].pk}, headers=FETCH).json() == {
        **{"stories": 1, "photos": 0},
        **{"words": "1 berita", "full": ""},
    }
    client.post(address, {"aksi": "semua", "tanya": "?tampil=dinding"})
    page = client.get("/arsip/")
    assert "1 berita, 6 foto" in text_of(page)
    assert page.content.decode().count(" checked") == 1
    # Without a script the boxes of a page are sent as they stand.
    shown = {"tampak_berita": [story.pk for story in stories], "berita": [stories[2].pk], "aksi": "halaman"}
    client.post(address, shown)
    words = text_of(client.get(reverse("archive_picks")))
    assert "Judul berita 3" in words
    assert "Judul berita 1" not in words
    assert "Belum ada yang dipilih" in text_of(enter(second_editor).get(reverse("archive_picks")))
    whole = {**shown, "berita": [], "aksi": "sehalaman"}
    assert client.post(address, whole, headers=FETCH).json()["stories"] == 3
    client.post(address, {"aksi": "kosongkan"})
    assert "Belum ada yang dipilih" in text_of(client.get(reverse("archive_picks")))


def test_nobody_picks_what_they_may_not_see_and_no_more_than_the_limit(
    office: Office, editor: Person, writer: Person
) -> None:
    queued, mine = make_story(office, 1), published(office, editor, 2)
    other = published(office, editor, 3, contributor=office.contributor("lain@contoh.example", name="Lain"))
    client, address = enter(writer), reverse("archive_pick")
    wanted = {"berita": [queued.pk, mine.pk, other.pk], "foto": [other.photos.get().pk]}
    assert client.post(address, wanted, headers=FETCH).json()["words"] == "1 berita"
    client.post(address, {"aksi": "semua", "tanya": "?"})
    assert client.post(address, {"aksi": "semua", "tanya": "?"}, headers=FETCH).json()["stories"] == 1
    session = client.session
    session["archive_picked"] = {"stories": list(range(1000, 1000 + MOST)), "photos": []}
    session.save()
    told = client.post(address, {"berita": mine.pk}, headers=FETCH).json()
    assert told["stories"] == MOST
    assert "sisanya tidak ikut" in told["full"]


def test_a_story_is_described_without_touching_its_verified_text(office: Office, editor: Person) -> None:
    leader = Leader.objects.create(name="Darmawi", title="Camat")
    story = published(office, editor, 1)
    revision, version = story.revision_id, story.version
    client = enter(office.person("arsip", "archivist"))
    page = describing(
        client, story, acara="2026-11-20", tempat=" Aula  Kota ", pimpinan=[leader.pk], tag="banjir"
    )
    assert "Keterangan arsip tersimpan." in text_of(page)
    story.refresh_from_db()
    assert (story.event_on, story.event_place) == (date(2026, 11, 20), "Aula Kota")
    assert (story.revision_id, story.version, story.state) == (revision, version, "released")
    entry = LogEntry.objects.filter(verb="describe", story=story).latest("pk")
    assert entry.note == "2026-11-20 · Aula Kota · Camat Darmawi · #banjir"
    assert titles(client.get("/arsip/", {"acara_dari": "2026-11-20", "acara_sampai": "2026-11-20"})) == [
        "Judul berita 1"
    ]
    assert titles(client.get("/arsip/", {"q": "Darmawi"})) == ["Judul berita 1"]


def test_what_somebody_else_has_said_meanwhile_is_not_overwritten_and_what_was_typed_stays(
    office: Office, editor: Person
) -> None:
    story = published(office, editor, 1)
    client = enter(editor)
    page = client.get(reverse("record", args=[story.pk])).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    describing(client, story, tempat="Aula lain")
    told = {"seen": seen[1], "tempat": "Aula saya", "tag": "banjir"}
    refused = client.post(reverse("describe_story", args=[story.pk]), told)
    assert refused.status_code == 422
    assert "Orang lain baru saja mengubah" in text_of(refused)
    assert 'value="Aula saya"' in refused.content.decode()
    story.refresh_from_db()
    assert story.event_place == "Aula lain"


def test_what_the_text_tells_is_proposed_and_never_said_by_itself(office: Office, editor: Person) -> None:
    leader = Leader.objects.create(name="Siti Aminah", title="Wali Kota")
    Leader.objects.create(name="Darmawi", title="Camat", ends=date(2020, 1, 1))
    Tag.objects.create(name="musrenbang", slug="musrenbang")
    body = "Wali Kota Siti Aminah membuka Musrenbang di Aula Kecamatan Utara, Selasa (24/11/2026). Darmawi hadir."
    story = released_on(office, editor, 1, date(2026, 11, 25), body=body, headline="Musrenbang Dibuka")
    proposed = propose(story, story.sealed(), Leader.objects.all())
    assert proposed.event_on == date(2026, 11, 24)
    assert proposed.places == ("Aula Kecamatan Utara", "Kota Uji")
    assert [str(row) for row in proposed.leaders] == ["Wali Kota Siti Aminah"]  # the other's term is over
    assert [row.name for row in proposed.tags] == ["musrenbang"]
    client = enter(editor)
    Leader.objects.create(name="Rangga", title="Wakil Wali Kota", ends=date(2030, 2, 20))
    page = text_of(client.get(reverse("record", args=[story.pk])))
    assert "Tempat: Aula Kecamatan Utara" in page
    assert "Wakil Wali Kota Rangga" in page, "whose last day is known is in office until then"
    assert "Camat Darmawi" not in page
    assert not Story.objects.get(pk=story.pk).leaders.exists()
    describing(client, story, usul=f"pimpinan:{leader.pk}", tempat="Aula yang sedang diketik")
    story.refresh_from_db()
    assert (list(story.leaders.all()), story.event_place) == ([leader], "Aula yang sedang diketik")


def test_the_day_of_an_event_is_no_day_after_its_release_and_takes_its_year() -> None:
    released = date(2026, 1, 5)
    assert event_day("Rapat pada 30 Desember 2025 membahas rencana 20 Maret 2026.", released) == date(
        2025, 12, 30
    )
    assert event_day("Acara Selasa (30/12) dihadiri warga.", released) == date(2025, 12, 30)
    assert event_day("Rencana 20 Maret 2026.", released) is None
    assert stands_in("Ana", "Ibu ANA hadir")
    assert not stands_in("Ana", "Banjir di Anambas")


def test_one_thing_is_said_of_all_that_is_picked_and_taken_back(office: Office, editor: Person) -> None:
    stories = [published(office, editor, number, photos=2) for number in (1, 2)]
    describing(client := enter(editor), stories[0], tag="banjir", tempat="Semula")
    photo = stories[1].photos.first()
    assert photo
    client.post(reverse("archive_pick"), {"berita": [story.pk for story in stories], "foto": [photo.pk]})
    said = client.post(reverse("describe_picked"), {"aksi": "add_tag", "tag": "banjir"}, follow=True)
    assert "Keterangan 2 baris diubah." in text_of(said)  # one story had it already
    assert [story.tags.count() for story in stories] == [1, 1]
    assert photo.tags.count() == 1
    assert titles(client.get("/arsip/", {"tag": Tag.objects.get().pk})) == [
        "Judul berita 2",
        "Judul berita 1",
    ]
    client.post(reverse("undo_description"))
    assert [story.tags.count() for story in stories] == [1, 0]
    assert photo.tags.count() == 0
    client.post(reverse("describe_picked"), {"aksi": "event_place", "tempat": " Aula  Besar "})
    assert Story.objects.filter(event_place="Aula Besar").count() == 2
    client.post(reverse("undo_description"))
    assert [Story.objects.get(pk=story.pk).event_place for story in stories] == ["Semula", ""]
    verbs = LogEntry.objects.filter(story=stories[1]).values_list("verb", flat=True)
    assert list(verbs).count("describe") == 2
    assert list(verbs).count("describe_undo") == 2
    refused = client.post(reverse("describe_picked"), {"aksi": "event_on", "acara": "kemarin"}, follow=True)
    assert "Tanggal acara itu tidak dikenali." in text_of(refused)
    unknown = client.post(reverse("describe_picked"), {"aksi": "drop_tag", "tag": "banjr"}, follow=True)
    assert "Tidak ada tag bernama “banjr”." in text_of(unknown)
    assert Tag.objects.count() == 1, "taking a tag off makes none"
    client.post(reverse("describe_picked"), {"aksi": "drop_tag", "tag": "#Banjir"})
    assert not Tag.objects.get().stories.exists()


def test_leaders_and_tags_are_renamed_merged_and_retired(office: Office, editor: Person) -> None:
    story = published(office, editor, 1)
    client = enter(editor)
    client.post(reverse("leaders"), {"nama": "Rangga", "jabatan": "Wali Kota"})
    client.post(reverse("leaders"), {"nama": "Ranga", "jabatan": "Walikota"})
    right, wrong = Leader.objects.get(name="Rangga"), Leader.objects.get(name="Ranga")
    again = client.post(reverse("leaders"), {"nama": "Rangga", "jabatan": "Wali Kota"})
    assert again.status_code == 422
    assert "sudah ada di daftar" in text_of(again)
    describing(client, story, pimpinan=[wrong.pk], tag="banjir")
    client.post(reverse("change_leader", args=[wrong.pk]), {"aksi": "gabung", "ke": right.pk})
    assert list(story.leaders.all()) == [right]
    assert not Leader.objects.filter(pk=wrong.pk).exists()
    over = {"nama": "Rangga", "jabatan": "Wali Kota", "akhir": "2026-01-31"}
    client.post(reverse("change_leader", args=[right.pk]), over)
    right.refresh_from_db()
    assert right.ends == date(2026, 1, 31)
    tag = Tag.objects.get()
    client.post(reverse("change_tag", args=[tag.pk]), {"nama": "Banjir Rob", "aksi": "lepas"})
    tag.refresh_from_db()
    assert (tag.name, tag.slug, tag.retired) == ("Banjir Rob", "banjir-rob", True)
    search.catch_up()
    assert titles(client.get("/arsip/", {"q": "rob"})) == ["Judul berita 1"]
    assert merge(tag, Tag.objects.create(name="rob", slug="rob"), editor) == 1


def test_the_wall_of_a_leader_shows_the_photos_where_somebody_said_so(office: Office, editor: Person) -> None:
    leader = Leader.objects.create(name="Rangga")
    told, untold = published(office, editor, 1, photos=3), published(office, editor, 2, photos=2)
    for story in (told, untold):
        story.leaders.add(leader)
    shown = told.photos.all()[1]
    client = enter(editor)
    page = client.get(reverse("archive_photo", args=[shown.pk])).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    client.post(reverse("describe_photo", args=[shown.pk]), {"seen": seen[1], "pimpinan": leader.pk})
    search.index(untold)
    html = client.get("/arsip/", {"tampil": "dinding", "pimpinan": leader.pk}).content.decode()
    assert {int(pk) for pk in re.findall(r"/arsip/foto/(\d+)/", html)} == {
        shown.pk,
        *untold.photos.values_list("pk", flat=True),
    }
    everything = {"aksi": "semua", "tanya": f"?tampil=dinding&pimpinan={leader.pk}"}
    picked = client.post(reverse("archive_pick"), everything, headers=FETCH).json()
    assert picked["photos"] == 3, "all that is picked hangs on the wall"


def test_a_photo_has_its_facts_its_like_and_no_place_for_those_who_may_not_know_it(
    office: Office, editor: Person
) -> None:
    one, other = published(office, editor, 1, photos=2), published(office, editor, 2)
    first, second = one.photos.all()
    one.photos.filter(pk=first.pk).update(dhash="00ff00ff00ff00ff", facts={"gps": [-0.5, 109.3]})
    other.photos.update(dhash="00ff00ff00ff00fe")
    address = reverse("archive_photo", args=[first.pk])
    page = enter(editor).get(address)
    html = page.content.decode()
    assert "Lokasi (GPS)" in text_of(page)
    assert reverse("archive_photo", args=[other.photos.get().pk]) in html  # the like one
    assert f'href="{reverse("archive_photo", args=[second.pk])}" data-after' in html
    words = text_of(enter(office.person("arsip", "archivist")).get(address))
    assert "Lokasi" not in words
    assert "109" not in words
    queued = make_story(office, 3).photos.get()
    assert enter(editor).get(reverse("archive_photo", args=[queued.pk])).status_code == 404


def test_those_who_only_read_are_offered_nothing_they_may_not_do(office: Office, editor: Person) -> None:
    story = release(make_story(office, 1), editor)
    auditor = enter(office.person("penilai", "auditor"))
    for address in ("/arsip/", reverse("record", args=[story.pk]), reverse("archive_picks")):
        html = auditor.get(address).content.decode()
        assert 'name="berita"' not in html, address
        assert 'name="pimpinan"' not in html, address
    assert auditor.post(reverse("take_packages")).status_code == 403


def test_a_search_is_kept_by_name_found_again_and_let_go(
    office: Office, editor: Person, second_editor: Person, writer: Person
) -> None:
    published(office, editor, 1, category="Ekonomi")
    client, colleague, contributor = enter(editor), enter(second_editor), enter(writer)
    address = "?q=judul+-pasar&kategori=Ekonomi&urut=cocok"
    assert "Simpan pencarian ini" in text_of(client.get(f"/arsip/{address}"))
    assert "Simpan pencarian ini" not in text_of(client.get("/arsip/"))

    told = {"nama": "  Ekonomi   saja ", "tanya": f"{address}&hal=3&asing=1\x00", "bersama": "ya"}
    page = client.post(reverse("keep_search"), told, follow=True)
    assert "Pencarian “Ekonomi saja” disimpan." in text_of(page)
    kept = editor.saved_searches.get()
    assert kept.query == "q=judul+-pasar&urut=cocok&kategori=Ekonomi"
    assert titles(page) == ["Judul berita 1"]
    again = client.get("/arsip/?kategori=Ekonomi&urut=cocok&q=judul+-pasar&hal=1")
    assert re.search(r'<a href="/arsip/\?[^"]*" aria-current="true">Ekonomi saja</a>', again.content.decode())
    assert "Hapus pencarian “Ekonomi saja”" in text_of(again)

    assert "Ekonomi saja Sulastri" not in text_of(colleague.get("/arsip/"))
    assert "Ekonomi saja Bram" in text_of(colleague.get("/arsip/"))
    assert "Ekonomi saja" not in text_of(contributor.get("/arsip/"))
    contributor.post(reverse("keep_search"), {**told, "nama": "Milik saya"})
    assert not writer.saved_searches.get().shared
    assert "Milik saya" not in text_of(colleague.get("/arsip/"))

    assert colleague.post(reverse("drop_search", args=[kept.pk])).status_code == 403
    assert "dihapus" in text_of(client.post(reverse("drop_search", args=[kept.pk]), follow=True))
    assert not editor.saved_searches.exists()


def test_a_search_that_cannot_be_kept_says_why_and_stays(
    office: Office, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = enter(editor)

    def keep(name: str, asked: str = "?q=banjir") -> str:
        return text_of(client.post(reverse("keep_search"), {"nama": name, "tanya": asked}, follow=True))

    assert "Beri nama pencarian ini, paling panjang 60 huruf." in keep("x" * 61)
    assert "terlalu panjang untuk disimpan" in keep(
        "panjang", "?" + "&".join(f"tag={'x' * 190}{n}" for n in range(9))
    )
    monkeypatch.setattr(archive_searches, "MOST", 1)
    keep("satu")
    assert "Paling banyak 1 pencarian." in keep("dua")
    assert "disimpan" in keep("satu", "?q=kebakaran")
    assert editor.saved_searches.get().query == "q=kebakaran"
