"""The contributors' guide is made from the settings and open to everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.newsroom.screens import enter, text_of
from tests.office import SETTINGS, Office

IMAP = "{name: resmi, kind: imap, host: mail.contoh.example, user: redaksi@contoh.go.id, password_env: A}"


def test_the_guide_needs_no_account_and_is_kept_out_of_search(office: Office) -> None:
    response = Client().get(reverse("guide"))
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    page = text_of(response)
    assert "Media Center Kota Uji" in page
    assert "http://127.0.0.1:8000/kirim/" in page
    assert "Alamat surel redaksi dapat ditanyakan kepada kantor" in page


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (SETTINGS.replace("{name: lokal, kind: folder, path: ./mailbox}", IMAP), "redaksi@contoh.go.id"),
        (SETTINGS.replace("language: id", "language: id, address: humas@kota.example"), "humas@kota.example"),
        (
            SETTINGS.replace("{name: lokal, kind: folder, path: ./mailbox}", IMAP).replace(
                "language: id", "language: id, address: humas@kota.example"
            ),
            "humas@kota.example",
        ),
    ],
)
def test_the_address_is_the_one_of_the_settings(
    office: Office, use: Callable[[str], None], text: str, address: str
) -> None:
    use(text)
    page = text_of(Client().get(reverse("guide")))
    assert page.count(address) == 2  # where to send, and in the example
    assert ("redaksi@contoh.go.id" in page) == (address == "redaksi@contoh.go.id")


def test_the_limits_are_those_of_the_settings(office: Office, use: Callable[[str], None]) -> None:
    limits = "uploads: {largest_mb: 80, files: 33}\n"
    office_part = "language: id, address: a@b.example, largest_mail_mb: 17"
    use(SETTINGS.replace("language: id", office_part) + limits)
    page = text_of(Client().get(reverse("guide")))
    assert "paling besar 17 MB satu surel" in page
    assert "paling besar 80 MB dan 33 berkas" in page


def test_a_hostile_office_name_stays_text(office: Office, use: Callable[[str], None]) -> None:
    use(SETTINGS.replace("Media Center Kota Uji", "'<script>x</script>'"))
    assert "<script>x" not in Client().get(reverse("guide")).content.decode()


def test_the_guide_is_found_from_the_door_and_from_the_rest(office: Office) -> None:
    assert reverse("guide") in Client().get(reverse("account_login")).content.decode()
    for role in ("contributor", "editor"):
        page = enter(office.person(role, role)).get(reverse("more")).content.decode()
        assert reverse("guide") in page
