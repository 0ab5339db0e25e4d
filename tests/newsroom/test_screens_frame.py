"""The frame around every page: heartbeat, languages, signing in and out, pages for what went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.models import Heartbeat, Mailbox, Person
from tests.newsroom.screens import enter, form_of, make_story, release, text_of
from tests.office import SETTINGS, Office

PASSWORD = "sebuah sandi panjang"


def with_password(person: Person) -> Person:
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/masuk/", {"login": "bram", "password": password, **more})


def test_a_mailbox_that_was_taken_from_the_settings_is_not_waited_for(
    office: Office, editor: Person, use: Callable[[str], None]
) -> None:
    Heartbeat.objects.create(worker="uji/1")
    Mailbox.objects.create(name="dulu", error="Mati.")
    Mailbox.objects.create(name="lokal", checked_at=timezone.now())
    assert "Surel terakhir diperiksa baru saja" in text_of(enter(editor).get("/antrean/"))
    use(re.sub(r"mailboxes:\n.*\n", "", SETTINGS))
    assert "Belum ada kotak surel" in text_of(enter(editor).get("/antrean/"))


def test_a_person_signs_in_sees_the_queue_and_signs_out(office: Office, editor: Person) -> None:
    with_password(editor)
    client = Client()
    assert client.get("/antrean/").headers["Location"] == "/masuk/?next=/antrean/"
    assert sign_in(client, next="/tayang/").headers["Location"] == "/tayang/"
    page = client.get("/antrean/")
    assert "Bram" in text_of(page)
    assert not page.context["messages"], "no message greets those who just signed in"
    assert client.get("/keluar/").status_code == 200, "a link alone signs nobody out"
    assert client.get("/antrean/").status_code == 200
    assert client.post("/keluar/").headers["Location"] == "/masuk/"
    assert client.get("/antrean/").status_code == 302


def test_a_wrong_password_is_told_and_the_name_is_kept(office: Office, editor: Person) -> None:
    with_password(editor)
    response = sign_in(Client(), "salah sekali")
    assert 'class="notice bad" role="alert"' in response.content.decode()
    assert 'value="bram"' in response.content.decode()


def test_whoever_tries_passwords_without_end_is_made_to_wait(office: Office, editor: Person) -> None:
    with_password(editor)
    client = Client()
    answers = [sign_in(client, f"tebakan {number}") for number in range(31)]
    assert answers[-1].status_code == 429
    assert "tunggu beberapa menit" in text_of(answers[-1])
    assert sign_in(client).status_code == 429


def test_a_closed_account_stays_outside_and_is_told_whom_to_ask(office: Office, editor: Person) -> None:
    with_password(editor)
    Person.objects.update(is_active=False)
    client = Client()
    response = sign_in(client)
    assert (response.status_code, "Akun ini ditutup" in text_of(response)) == (403, True)
    assert client.get("/antrean/").status_code == 302


def test_signing_in_leads_to_no_other_site(office: Office, editor: Person) -> None:
    with_password(editor)
    assert sign_in(Client(), next="https://jahat.example/").headers["Location"] == "/"


def test_nobody_signs_up(office: Office) -> None:
    Client().post("/masuk/", {"username": "baru", "password1": PASSWORD, "password2": PASSWORD})
    assert not Person.objects.exists()


def test_a_person_changes_their_password(office: Office, editor: Person) -> None:
    with_password(editor)
    client = enter(editor)
    short = client.post(
        "/akun/sandi/", {"oldpassword": PASSWORD, "password1": "pendek", "password2": "pendek"}
    )
    assert "error" in short.content.decode()
    fresh = {"oldpassword": PASSWORD, "password1": "sandi baru panjang", "password2": "sandi baru panjang"}
    assert "Kata sandi Anda sudah diganti" in text_of(client.post("/akun/sandi/", fresh, follow=True))
    assert sign_in(Client(), "sandi baru panjang").status_code == 302


def test_each_person_reads_in_their_own_language(office: Office, editor: Person) -> None:
    make_story(office, minutes=250)
    Heartbeat.objects.create(worker="uji/1")
    client = enter(editor)
    assert '<html lang="id">' in client.get("/antrean/").content.decode()
    answer = client.post("/bahasa/", {"language": "en", "next": "/antrean/"})
    assert answer.headers["Location"] == "/antrean/"
    english = client.get("/antrean/")
    words = text_of(english)
    assert '<html lang="en">' in english.content.decode()
    for shown in ("Queue", "Needs attention", "1 hour 10 minutes late", "no mail checked yet"):
        assert shown.lower() in words.lower(), shown
    assert (
        client.post("/bahasa/", {"language": "id", "next": "https://jahat.example/"}).headers["Location"]
        == "/"
    )


@pytest.mark.parametrize("signed_in", [True, False])
def test_an_address_that_is_not_there_has_a_page_that_says_so(
    office: Office, editor: Person, signed_in: bool
) -> None:
    client = enter(editor) if signed_in else Client()
    response = client.get("/tidak/ada/")
    assert response.status_code == 404
    assert "Halaman ini tidak ada" in text_of(response)


def test_a_request_too_large_to_read_has_a_page_that_says_so(
    office: Office, editor: Person, settings: Any
) -> None:
    story = make_story(office)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = enter(editor).post(
        reverse("save", args=[story.pk]), {"body": "x" * 200}, "application/x-www-form-urlencoded"
    )
    assert response.status_code == 400
    assert "Permintaan ini tidak dapat dibaca" in text_of(response)


def test_a_page_for_others_says_whom_to_ask(office: Office, writer: Person) -> None:
    response = enter(writer).get("/perhatian/")
    assert response.status_code == 403
    assert "mintalah admin" in text_of(response)


def test_a_fault_of_the_program_has_a_page_without_a_traceback(
    office: Office, editor: Person, settings: Any
) -> None:
    client = enter(editor, raise_request_exception=False)
    settings.REDAKSI = None  # every page asks it for the office's name
    response = client.get("/antrean/")
    assert response.status_code == 500
    assert "Tidak ada yang hilang" in text_of(response)
    assert "Traceback" not in response.content.decode()


def test_a_site_nobody_has_written_to_yet_says_so(office: Office) -> None:
    response = Client().get("/situs/kota/")
    assert "Situs ini belum memuat berita" in text_of(response)
    assert Client().get("/situs/lain/").status_code == 404


def test_the_doctor_has_a_line_for_each_thing(office: Office, editor: Person) -> None:
    words = text_of(enter(editor).get("/dokter/"))
    for subject in ("pengaturan", "basis data", "disk", "situs kota", "pekerja"):
        assert subject in words, subject


def test_no_page_carries_what_the_browser_is_told_not_to_run(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office, 1, photos=2)
    released = release(make_story(office, 2), editor)
    client, other = enter(editor), enter(second_editor)
    address = reverse("story", args=[story.pk])
    form = form_of(client.get(address))
    other.post(reverse("save", args=[story.pk]), form_of(other.get(address)) | {"body": "Lain."})
    pages = [client.post(reverse("save", args=[story.pk]), form | {"body": "Lagi."}), Client().get("/masuk/")]
    for page in ("/antrean/", "/tayang/", "/arsip/", "/arsip/?tampil=dinding", "/perhatian/", "/lainnya/"):
        pages.append(client.get(page))
    for row in (story, released):
        pages.append(client.get(reverse("story", args=[row.pk])))
    pages.append(client.get(reverse("record", args=[released.pk])))
    for response in pages:
        html = response.content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html), response.request["PATH_INFO"]
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))
        fetched = re.sub(r"<a\s[^>]*>", "", html)  # a link is followed by a person, or not at all
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', fetched), "nothing comes from elsewhere"
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_the_pages_own_files_are_served_with_their_licence(office: Office) -> None:
    folder = Path(__file__).parent.parent.parent / "web" / "static" / "web"
    assert "Zero-Clause BSD" in (folder / "htmx.LICENSE").read_text()
    for name in ("redaksi.css", "redaksi.js", "htmx.min.js", "icons.svg", "icon.svg"):
        response = Client().get(f"/static/web/{name}")
        assert response.status_code == 200, name
        assert b"".join(response.streaming_content), name  # type: ignore[arg-type]
