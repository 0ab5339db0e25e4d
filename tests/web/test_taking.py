"""What is taken out of the archive together: photos that carry their words, sheets, packages; never a barred photo."""

from __future__ import annotations

import csv
import hashlib
import io
import tracemalloc
import zipfile
from typing import Any

import pytest
from django.urls import reverse
from PIL import IptcImagePlugin

import photos
from newsroom.models import LogEntry, Package, Person, Photo, Story
from newsroom.picking import MOST
from newsroom.workflow import move
from pipeline.stores import originals, packages_folder
from tests.newsroom.screens import enter, make_story, release
from tests.office import Office, picture
from web.zipping import Entry, zipped


@pytest.fixture
def editor(office: Office) -> Person:
    person: Person = office.person("bram", "editor", "Bram")
    return person


def coverage_with_files(office: Office, by: Person, number: int, photos: int = 2, **fields: Any) -> Story:
    """Release a story whose photos are kept as real files."""
    story = make_story(office, number, photos=photos, **fields)
    for order, row in enumerate(story.photos.all()):
        data = picture(number * 10 + order)
        Photo.objects.filter(pk=row.pk).update(
            sha256=originals().keep(data), caption=f"Keterangan {number}.{order}", credit="Foto: Nala"
        )
    return release(story, by)


def taken(client: Any, address: str = "take_photos", **sent: str) -> zipfile.ZipFile:
    response = client.post(reverse(address), sent)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def sheet(opened: zipfile.ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(opened.read("keterangan.csv").decode("utf-8-sig"))))


def iptc(data: bytes) -> dict[tuple[int, int], bytes]:
    from PIL import Image

    return IptcImagePlugin.getiptcinfo(Image.open(io.BytesIO(data))) or {}


def test_photos_come_in_order_under_our_names_with_their_words_inside_and_beside(
    office: Office, editor: Person
) -> None:
    stories = [coverage_with_files(office, editor, number, headline=f"Banjir {number}") for number in (1, 2)]
    client = enter(editor)
    client.post(reverse("archive_pick"), {"berita": [stories[1].pk, stories[0].pk]})
    opened = taken(client, tanda="tandauji12")
    assert opened.testzip() is None
    names = [name for name in opened.namelist() if name.endswith(".jpg")]
    assert [name.partition("_")[2] for name in names] == [
        "mc-kota-uji_banjir-2_01.jpg",
        "mc-kota-uji_banjir-2_02.jpg",
        "mc-kota-uji_banjir-1_01.jpg",
        "mc-kota-uji_banjir-1_02.jpg",
    ]
    told = iptc(opened.read(names[1]))
    assert told[(2, 120)] == b"Keterangan 2.1"
    assert told[(2, 110)] == b"Foto: Nala"
    assert told[(2, 105)] == b"Banjir 2"
    lines = sheet(opened)
    assert [line["Berkas"] for line in lines] == names
    assert [line["Keterangan foto"] for line in lines][:2] == ["Keterangan 2.0", "Keterangan 2.1"]
    assert lines[0]["SHA-256 berkas asli"] == stories[1].photos.all()[0].sha256
    with zipfile.ZipFile(io.BytesIO(opened.read("keterangan.xlsx"))) as book:
        assert "Keterangan 2.1" in book.read("xl/sharedStrings.xml").decode()
    noted = LogEntry.objects.filter(verb="take_photos").values_list("story", "note")
    assert sorted(noted) == [(story.pk, "2 foto") for story in stories]
    assert client.get(reverse("taking_progress", args=["tandauji12"])).json() == {"done": 4, "total": 4}


def test_a_photo_readers_must_not_see_is_never_in_it_and_is_named_with_its_reason(
    office: Office, editor: Person
) -> None:
    story = coverage_with_files(office, editor, 1, photos=3)
    rows = list(story.photos.all())
    Photo.objects.filter(pk=rows[1].pk).update(child=True)
    withdrawn = coverage_with_files(office, editor, 2)
    move(withdrawn, "retract", office.person("sulastri", "chief"), "Keliru.")
    client = enter(editor)
    wanted = {"berita": [story.pk, withdrawn.pk], "foto": [rows[1].pk, withdrawn.photos.all()[0].pk]}
    client.post(reverse("archive_pick"), wanted)
    for sent in ({}, {"asli": "1"}):
        opened = taken(client, **sent)
        assert [line["Keterangan foto"] for line in sheet(opened)] == ["Keterangan 1.0", "Keterangan 1.2"]
        whole = {hashlib.sha256(opened.read(name)).hexdigest() for name in opened.namelist()}
        assert rows[1].sha256 not in whole
        left = opened.read("tidak-ikut.txt").decode("utf-8-sig")
        assert "Keterangan 1.1" in left
        assert "ditarik" in left
    page = client.get(reverse("archive_picks")).content.decode()
    assert "memperlihatkan anak" in page


def test_originals_go_to_those_who_may_know_the_place_and_a_blurred_photo_stays_blurred(
    office: Office, editor: Person
) -> None:
    story = make_story(office, 1, photos=2)
    rows = list(story.photos.all())
    for order, row in enumerate(rows):
        edits = photos.Edits(blurs=((0.1, 0.1, 0.3, 0.3),)).to_json() if order else {}
        Photo.objects.filter(pk=row.pk).update(
            sha256=originals().keep(picture(order + 1)), edits=edits, filename="DSC 1.JPG"
        )
    release(story, editor)
    client = enter(editor)
    client.post(reverse("archive_pick"), {"berita": story.pk})
    opened = taken(client, asli="1")
    lines = sheet(opened)
    assert [line["Jenis"] for line in lines] == ["asli", "olahan"]
    assert opened.read(lines[0]["Berkas"]) == picture(1)
    assert opened.read(lines[1]["Berkas"]) != picture(2)
    assert "dikaburkan" in opened.read("tidak-ikut.txt").decode("utf-8-sig")
    archivist = enter(office.person("arsip", "archivist"))
    archivist.post(reverse("archive_pick"), {"berita": story.pk})
    assert archivist.post(reverse("take_photos"), {"asli": "1"}).status_code == 403
    assert len(sheet(taken(archivist))) == 2


def test_a_file_that_cannot_be_read_is_named_and_the_others_come(office: Office, editor: Person) -> None:
    story = coverage_with_files(office, editor, 1)
    originals().path(story.photos.all()[0].sha256).unlink()
    client = enter(editor)
    client.post(reverse("archive_pick"), {"berita": story.pk})
    opened = taken(client)
    assert [line["Keterangan foto"] for line in sheet(opened)] == ["Keterangan 1.1"]
    assert "Keterangan 1.0" in opened.read("tidak-ikut.txt").decode("utf-8-sig")


def test_packages_come_byte_for_byte_for_those_with_the_right(office: Office, editor: Person) -> None:
    story = coverage_with_files(office, editor, 1)
    office.work()
    Package.objects.filter(story=story).update(path="2026/kunci-v1")
    folder = packages_folder() / "2026" / "kunci-v1"
    (folder / "data").mkdir(parents=True)
    (folder / "bagit.txt").write_bytes(b"BagIt-Version: 1.0\n")
    (folder / "data" / "surel.eml").write_bytes(bytes(range(256)) * 9000)
    client = enter(office.person("arsip", "archivist"))
    client.post(reverse("archive_pick"), {"berita": story.pk})
    opened = taken(client, "take_packages")
    assert opened.read("2026/kunci-v1/data/surel.eml") == bytes(range(256)) * 9000
    assert opened.read("2026/kunci-v1/bagit.txt") == b"BagIt-Version: 1.0\n"
    assert LogEntry.objects.get(verb="take_package").story == story
    writer = enter(office.person("nala", "contributor"))
    assert writer.post(reverse("take_packages")).status_code == 403


def test_an_empty_choice_is_told_and_sends_nothing(office: Office, editor: Person) -> None:
    client = enter(editor)
    for name in ("take_photos", "take_packages"):
        response = client.post(reverse(name), follow=True)
        assert response["Content-Type"].startswith("text/html")
        assert "message error" in response.content.decode()
    assert not LogEntry.objects.filter(verb__startswith="take_").exists()


def test_a_zip_of_any_size_is_made_in_the_memory_of_one_piece() -> None:
    piece = bytes(1 << 20)
    tracemalloc.start()
    try:
        size = sum(
            len(part) for part in zipped(Entry(f"{n}.bin", (piece for _ in range(25))) for n in range(4))
        )
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 100 << 20
    assert peak < 8 << 20


def test_choosing_many_asks_the_database_no_more_than_choosing_few(
    office: Office, editor: Person, django_assert_max_num_queries: Any
) -> None:
    client = enter(editor)
    counts = []
    for first in (1, 10):
        for number in range(first, first + 5):
            coverage_with_files(office, editor, number, photos=1)
        client.post(reverse("archive_pick"), {"aksi": "semua", "tanya": "?"})
        with django_assert_max_num_queries(MOST) as asked:
            taken(client)
        counts.append(len(asked))
    assert counts[0] == counts[1]
