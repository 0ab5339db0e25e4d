"""What keeps strangers out: sessions, and files that pretend to be photos."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.models import Contributor, Person, Story, Upload
from pipeline.stores import originals
from tests.newsroom.screens import enter, make_story, text_of
from tests.office import Office, picture

PASSWORD = "kata sandi yang panjang"
SCRIPT = b"<!doctype html><script>alert(1)</script>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PROGRAM = b"MZ\x90\0" + bytes(200)
PRETENDERS = [
    ("halaman.html", SCRIPT),
    ("gambar.svg", DRAWING),
    ("program.exe", PROGRAM),
    ("foto.jpg", SCRIPT),
    ("foto.png", DRAWING),
    ("foto.jpg.html", SCRIPT),
    ('a"; filename=x.html', SCRIPT),
    ("a\r\nContent-Type: text/html\r\n.jpg", SCRIPT),
    ("foto.jpg", picture(1)),
]


@pytest.fixture(autouse=True)
def _forgotten_attempts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def bram(office: Office) -> Person:
    person: Person = office.person("bram", "editor", "Bram")
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client) -> None:
    answer = client.post(reverse("account_login"), {"login": "bram", "password": PASSWORD})
    assert answer.status_code == 302


def is_in(client: Client) -> bool:
    return client.get(reverse("queue")).status_code == 200


def test_a_session_somebody_planted_is_not_the_one_that_is_signed_in(bram: Person) -> None:
    thief = Client()
    thief.session.save()
    planted = thief.cookies[settings.SESSION_COOKIE_NAME].value
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = planted
    sign_in(victim)
    assert is_in(victim)
    assert victim.cookies[settings.SESSION_COOKIE_NAME].value != planted
    assert not is_in(thief)


def test_a_session_ends_by_its_time_by_signing_out_and_by_a_new_password(bram: Person) -> None:
    clients = [Client() for _ in range(3)]
    for client in clients:
        sign_in(client)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    old, left, other = clients
    Session.objects.filter(pk=old.session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    assert not is_in(old)
    kept = left.cookies[settings.SESSION_COOKIE_NAME].value
    left.post(reverse("account_logout"))
    left.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert not is_in(left), "whoever kept the cookie is outside, too"
    assert is_in(other)
    bram.set_password("sandi baru yang panjang")
    bram.save()
    assert not is_in(other)


@pytest.mark.parametrize(("name", "data"), PRETENDERS, ids=[repr(name) for name, _ in PRETENDERS])
def test_what_pretends_to_be_a_photo_is_never_opened_in_our_name(
    office: Office, bram: Person, name: str, data: bytes
) -> None:
    story = make_story(office, photos=1)
    photo, mail = story.photos.get(), story.mails.get()
    sha256 = originals().keep(data)
    story.photos.update(sha256=sha256, filename=name)
    attachment = mail.attachments.create(sha256=sha256, filename=name, content_type="text/html", size=1)
    client = enter(bram)
    for address in (
        reverse("original_photo", args=[photo.pk]),
        reverse("original_attachment", args=[attachment.pk]),
    ):
        answer = client.get(address)
        assert answer.content == data
        assert answer["Content-Type"] == "application/octet-stream"
        assert re.fullmatch(r'attachment; filename="[\w.-]+"', answer["Content-Disposition"])
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    for size in ("kecil", "besar"):
        shown = client.get(reverse("photo", args=[photo.pk, size]))
        if data.startswith(b"\xff\xd8"):
            assert (shown["Content-Type"], shown.getvalue()[:2]) == ("image/jpeg", b"\xff\xd8")
        else:
            assert shown.status_code == 404, "no picture, so nothing is shown"


def test_the_form_takes_pretenders_as_documents_and_shows_none_of_them(office: Office) -> None:
    nala = office.person("nala", "contributor", "Nala")
    Contributor.objects.filter(address="nala@contoh.example").update(person=nala)
    client = enter(nala)
    files = [
        SimpleUploadedFile(name, data, "image/jpeg")
        for name, data in (*PRETENDERS[:5], ("baik.jpg", picture(3)))
    ]
    words = {"judul": "Musrenbang", "naskah": "Wali Kota Uji membuka musyawarah.", "langkah": "kirim"}
    assert "Sedang disiapkan" in text_of(
        client.post(reverse("upload"), {**words, "berkas": files}, follow=True)
    )
    office.work()
    story = Story.objects.get()
    good = [photo for photo in story.photos.all() if photo.readable]
    assert [photo.filename for photo in good] == ["baik.jpg"]
    for photo in story.photos.exclude(pk=good[0].pk):
        assert client.get(reverse("photo", args=[photo.pk, "besar"])).status_code == 404


def test_a_person_who_sends_without_end_is_made_to_wait(office: Office) -> None:
    client = enter(office.person("nala", "contributor", "Nala"))
    answers: list[Any] = []
    for _ in range(61):
        answers.append(client.post(reverse("upload_begin")))
        Upload.objects.all().delete()
    assert [answer.status_code for answer in answers] == [201] * 60 + [422]
    assert "Coba lagi satu jam lagi" in answers[-1].json()["error"]
    page = client.post(reverse("upload"), {"judul": "Satu lagi"}, follow=True)
    assert "Coba lagi satu jam lagi" in text_of(page)
    assert not Upload.objects.exists()
    assert enter(office.person("lain", "contributor")).post(reverse("upload_begin")).status_code == 201
