"""The form contributors send by: their own sendings only, in pieces, and without a script too."""

from __future__ import annotations

import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.models import Contributor, Person, Story, Submission, Upload, UploadedFile
from pipeline import uploads
from tests.newsroom.screens import enter, text_of
from tests.office import SETTINGS, Office, picture

TEXT = "Wali Kota Uji membuka musyawarah perencanaan di aula kecamatan, Jumat (20/11/2026)."


@pytest.fixture
def nala(office: Office) -> Person:
    person: Person = office.person("nala", "contributor", "Nala Ayuningtias")
    Contributor.objects.filter(address="nala@contoh.example").update(person=person)
    return person


def begin(client: Client) -> str:
    response = client.post(reverse("upload_begin"))
    assert response.status_code == 201
    return str(response.json()["key"])


def announce(client: Client, key: str, name: str, size: int) -> str:
    response = client.post(
        reverse("upload_file", args=[key]), {"name": name, "type": "image/jpeg", "size": size}
    )
    assert response.status_code == 201, response.content
    assert response.json()["received"] == 0
    return str(response.json()["key"])


def carry(client: Client, key: str, file: str, offset: int | str, data: bytes) -> Any:
    return client.post(
        reverse("upload_piece", args=[key, file]),
        data,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset)},
    )


def test_a_file_travels_in_pieces_and_the_server_says_where_to_go_on(office: Office, nala: Person) -> None:
    client, photo = enter(nala), picture(1)
    key = begin(client)
    file = announce(client, key, "foto.jpg", len(photo))
    assert carry(client, key, file, 0, photo[:1000]).json() == {"received": 1000}
    # The answer was lost, and the browser sends the same piece again.
    again = carry(client, key, file, 0, photo[:1000])
    assert (again.status_code, again.json()) == (409, {"received": 1000})
    there = client.get(reverse("upload_piece", args=[key, file])).json()
    assert (there["received"], there["crc"]) == (1000, zlib.crc32(photo[:1000]))
    assert carry(client, key, file, 1000, photo[1000:]).json() == {"received": len(photo)}

    words = {"judul": "Musrenbang", "naskah": TEXT, f"keterangan-{file}": "Peserta menyimak."}
    assert client.post(reverse("upload_words", args=[key]), words).status_code == 200
    response = client.post(reverse("upload_draft", args=[key]), {**words, "langkah": "kirim"}, follow=True)
    assert "Sedang disiapkan untuk editor" in text_of(response)
    office.work()
    story = Story.objects.get()
    assert [photo.caption for photo in story.photos.all()] == ["Peserta menyimak."]
    status = client.get(reverse("upload_status", args=[key]))
    assert reverse("story", args=[story.pk]) in status.content.decode()
    assert "hx-get" not in status.content.decode()
    assert "Musrenbang" in text_of(client.get(reverse("upload")))


@pytest.mark.parametrize(
    ("offset", "size"), [("", 10), ("-1", 10), ("satu", 10), ("9" * 20, 10), (0, 2 * (1 << 20) + 1)]
)
def test_a_piece_that_makes_no_sense_is_refused(
    office: Office, nala: Person, offset: int | str, size: int
) -> None:
    client = enter(nala)
    key = begin(client)
    file = announce(client, key, "foto.jpg", 5_000_000)
    assert carry(client, key, file, offset, b"x" * size).status_code == 400
    assert UploadedFile.objects.get().received == 0


def test_nobody_sees_or_touches_what_another_is_sending(office: Office, nala: Person) -> None:
    mine = enter(nala)
    key = begin(mine)
    file = announce(mine, key, "foto.jpg", 10)
    for role in ("contributor", "editor", "admin"):
        other = enter(office.person(f"lain-{role}", role))
        for name, arguments, method in (
            ("upload_draft", [key], "get"),
            ("upload_draft", [key], "post"),
            ("upload_status", [key], "get"),
            ("upload_words", [key], "post"),
            ("upload_discard", [key], "post"),
            ("upload_file", [key], "post"),
            ("upload_piece", [key, file], "get"),
            ("upload_piece", [key, file], "delete"),
        ):
            data = {"size": "5", "name": "x"} if method == "post" else {}
            response = getattr(other, method)(reverse(name, args=arguments), data)
            assert response.status_code == 403, (role, name, method)
        assert carry(other, key, file, 0, b"x").status_code == 403
    row = Upload.objects.get()
    assert (row.headline, row.files.get().received) == ("", 0)


def test_a_person_who_was_signed_out_meanwhile_is_told_so_by_a_sentence(office: Office, nala: Person) -> None:
    client = enter(nala)
    key = begin(client)
    file = announce(client, key, "foto.jpg", 10)
    client.logout()
    for response in (
        client.post(reverse("upload_begin")),
        client.post(reverse("upload_file", args=[key]), {"size": 1}),
        carry(client, key, file, 0, b"x"),
        client.post(reverse("upload_words", args=[key])),
    ):
        assert response.status_code == 401
        assert "Masuk lagi" in response.json()["error"]


def test_a_piece_from_elsewhere_is_refused(office: Office, nala: Person) -> None:
    client = enter(nala, enforce_csrf_checks=True)
    upload = uploads.begin(nala)
    file = uploads.add_file(upload, "a.jpg", "", 10)
    assert carry(client, upload.key, file.key, 0, b"x").status_code == 403


def test_the_form_works_without_a_script(office: Office, nala: Person) -> None:
    client = enter(nala)
    files = [
        SimpleUploadedFile("dua.jpg", picture(2), "image/jpeg"),
        SimpleUploadedFile("satu.jpg", picture(1), "image/jpeg"),
        SimpleUploadedFile("salah.jpg", picture(3), "image/jpeg"),
    ]
    response = client.post(reverse("upload"), {"judul": "", "naskah": TEXT, "berkas": files}, follow=True)
    assert "dua.jpg" in text_of(response)
    key = Upload.objects.get().key
    two, one, wrong = UploadedFile.objects.order_by("id")
    client.post(reverse("upload_draft", args=[key]), {"judul": "", "naskah": TEXT, "hapus": wrong.key})
    client.post(
        reverse("upload_draft", args=[key]),
        {
            "judul": "Musrenbang",
            "naskah": TEXT,
            f"urutan-{one.key}": "1",
            f"urutan-{two.key}": "2",
            f"keterangan-{one.key}": "Yang pertama.",
            "langkah": "kirim",
        },
    )
    office.work()
    assert [(photo.filename, photo.caption) for photo in Story.objects.get().photos.order_by("order")] == [
        ("satu.jpg", "Yang pertama."),
        ("dua.jpg", ""),
    ]


def test_what_was_typed_stays_when_the_form_refuses(office: Office, nala: Person, use: Any) -> None:
    use(SETTINGS + "uploads: {largest_file_mb: 1}\n")
    client = enter(nala)
    big = SimpleUploadedFile("besar.jpg", b"x" * 1_000_001, "image/jpeg")
    response = client.post(
        reverse("upload"),
        {"judul": "Judul saya", "naskah": TEXT, "berkas": big, "langkah": "kirim"},
        follow=True,
    )
    assert "besar.jpg terlalu besar" in text_of(response)
    assert "Judul saya" in response.content.decode()
    assert Upload.objects.get().sent_at is None
    empty = client.post(reverse("upload"), {"langkah": "kirim"}, follow=True)
    assert "Kiriman masih kosong" in text_of(empty)


def test_pressing_send_twice_sends_once(office: Office, nala: Person) -> None:
    client = enter(nala)
    key = begin(client)
    for _ in range(2):
        client.post(reverse("upload_draft", args=[key]), {"naskah": TEXT, "judul": "A", "langkah": "kirim"})
    office.work()
    client.post(reverse("upload_draft", args=[key]), {"naskah": "Lain", "judul": "B", "langkah": "kirim"})
    office.work()
    assert Submission.objects.count() == 1
    assert Upload.objects.get().headline == "A"


def test_a_full_disk_is_told_to_each_by_what_they_can_do(office: Office, nala: Person, use: Any) -> None:
    use(f"{SETTINGS}uploads: {{largest_file_mb: 900000000, largest_mb: 900000000}}\n")
    huge = {"name": "film.mp4", "type": "video/mp4", "size": 800_000_000_000_000}
    told = {}
    for person in (nala, office.person("bram", "editor")):
        client = enter(person)
        answer = client.post(reverse("upload_file", args=[begin(client)]), huge)
        assert answer.status_code == 507
        told[person.role] = answer.json()["error"]
    assert told["contributor"].startswith("Komputer redaksi sedang penuh.")
    assert "Kosongkan ruang" in told["editor"]


def test_a_press_of_send_that_overtakes_the_first_is_told_no_trouble(office: Office, nala: Person) -> None:
    client = enter(nala)
    key = begin(client)
    overtook: list[bool] = []

    def first(execute: Any, sql: str, *how: Any) -> Any:
        """Let the other press be done after this one has read the row, before it writes."""
        if 'FROM "newsroom_uploadedfile"' in sql and not overtook:
            overtook.append(True)
            Upload.objects.filter(key=key).update(text=TEXT, sent_at=timezone.now())
        return execute(sql, *how)

    with connection.execute_wrapper(first):
        response = client.post(
            reverse("upload_draft", args=[key]), {"naskah": TEXT, "langkah": "kirim"}, follow=True
        )
    assert overtook
    assert "Sedang disiapkan untuk editor" in text_of(response)
    assert "tidak dapat diubah lagi" not in text_of(response)


def test_a_sending_that_cannot_be_prepared_is_told_to_its_writer_and_the_editors_and_tried_again(
    office: Office, nala: Person
) -> None:
    upload = uploads.begin(nala)
    uploads.write(upload, "Musrenbang", TEXT, {})
    uploads.send(upload)
    broken = office.folder / "var" / "originals"
    broken.write_text("bukan folder")
    office.work()
    mine = text_of(enter(nala).get(reverse("upload_draft", args=[upload.key])))
    assert "Belum dapat disiapkan; dicoba lagi sendiri dan tidak ada yang hilang." in mine
    desk = enter(office.person())
    page = text_of(desk.get(reverse("attention")))
    assert "Kiriman formulir belum dapat disiapkan" in page
    assert "Nala Ayuningtias" in page
    broken.unlink()
    desk.post(reverse("retry", args=["unggahan", upload.pk]))
    office.work()
    assert Story.objects.count() == 1
    assert "Kiriman formulir" not in text_of(desk.get(reverse("attention")))


def test_something_begun_a_week_ago_is_pointed_out_with_the_day_it_goes(office: Office, nala: Person) -> None:
    upload = uploads.begin(nala)
    uploads.write(upload, "Berita lama", "", {})
    client = enter(nala)
    assert "dihapus" not in text_of(client.get(reverse("upload")))
    Upload.objects.update(created_at=timezone.now() - timedelta(days=8))
    page = text_of(client.get(reverse("upload")))
    assert "Berita lama belum dikirim." in page
    assert "bila tidak dikirim" in page
    client.post(reverse("upload_discard", args=[upload.key]))
    assert not Upload.objects.exists()


def test_what_an_editor_decided_is_seen_in_the_list(office: Office, nala: Person) -> None:
    client = enter(nala)
    for number in range(12):
        upload = uploads.begin(nala)
        uploads.write(upload, f"Berita {number}", TEXT, {})
        uploads.send(upload)
    office.work()
    first = client.get(reverse("upload"))
    assert "Halaman 1 dari 2" in text_of(first)
    assert text_of(first).count("dikirim ") >= 10
    Story.objects.filter(headline="Berita 11").update(state="returned")
    assert "Dikembalikan" in text_of(client.get(reverse("upload")))


def test_a_headline_with_markup_is_shown_as_it_was_typed(office: Office, nala: Person) -> None:
    client = enter(nala)
    upload = uploads.begin(nala)
    uploads.add_file(upload, '"><script>x</script>.jpg', "", 5)
    uploads.write(upload, '"><img src=x onerror=y>', "</textarea><b>", {})
    page = client.get(reverse("upload_draft", args=[upload.key])).content.decode()
    assert "<img src=x" not in page and "<script>x" not in page and "</textarea><b>" not in page


def test_a_contributor_finds_the_form_from_an_empty_queue(office: Office, nala: Person) -> None:
    page = enter(nala).get(reverse("queue")).content.decode()
    assert page.count(reverse("upload")) >= 2
