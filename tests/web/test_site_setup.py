"""Connecting a site: what an address leads to, and that a password is put away before anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import yaml
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from tests.newsroom.screens import enter, make_story
from tests.office import SETTINGS, Office
from tests.publishers.test_wordpress_discovery import Server, page
from web.site_form import SiteForm, suggested_name

PASSWORD = "abcd EFGH 1234 ijkl MNOP 5678"


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    running: list[Server] = []

    def start(answers: Any) -> Server:
        running.append(Server(answers))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def admin(office: Office) -> Client:
    return enter(office.person("wulan", "admin", "Wulan"))


def wordpress(server: list[Server]) -> Any:
    """Answer as a WordPress does as far as somebody who is not signed in can see."""

    def answers(path: str) -> tuple[int, dict[str, str], str]:
        host = f"http://{server[0].host}"
        if path.startswith("/wp-json"):
            page_ = f'{{"endpoints": {{"authorization": "{host}/wp-admin/authorize-application.php"}}}}'
            index = f'{{"name": "Kota <b>", "home": "{host}", "namespaces": ["wp/v2"], "authentication": {{"application-passwords": {page_}}}}}'
            return 200, {"Content-Type": "application/json"}, index
        if path == "/":
            return 200, {"Link": f'<{host}/wp-json/>; rel="https://api.w.org/"'}, "<html>"
        return 404, {}, ""

    return answers


@pytest.fixture
def looked_at(admin: Client, serve: Callable[..., Server]) -> Server:
    """Let the administrator be as far as what was found at a WordPress."""
    made: list[Server] = []
    made.append(serve(wordpress(made)))
    answer = admin.post("/pengaturan/situs/", {"alamat": made[0].host, "di_dalam": "1"})
    assert answer["Location"] == "/pengaturan/situs/masuk/"
    return made[0]


def secrets_kept() -> list[Path]:
    return sorted((settings.REDAKSI.data / "secrets").glob("*"))


def asked(client: Client) -> dict[str, str]:
    """Return what WordPress' own page is asked with."""
    shown = client.get("/pengaturan/situs/masuk/").context["authorize"]
    return {name: values[0] for name, values in parse_qs(urlsplit(shown).query).items()}


def test_an_empty_or_inner_address_is_answered_with_what_to_do(
    admin: Client, serve: Callable[..., Server]
) -> None:
    assert "Tulis alamat situsnya" in admin.post("/pengaturan/situs/", {"alamat": " "}).content.decode()
    server = serve(page("<html>"))
    answer = admin.post("/pengaturan/situs/", {"alamat": server.host})
    assert answer.status_code == 422
    assert "Situs ini memang berada di jaringan kantor" in answer.content.decode()
    assert server.seen == []


def test_wordpress_is_asked_to_come_back_to_us(admin: Client, looked_at: Server) -> None:
    query = asked(admin)
    assert query["app_name"].startswith("Redaksi 20")
    assert query["success_url"].startswith("http://testserver/pengaturan/situs/kembali/?state=")
    assert query["reject_url"] == f"{query['success_url']}&success=false"


def test_what_wordpress_hands_over_goes_into_a_file_and_on_to_an_address_without_it(
    admin: Client, looked_at: Server, caplog: pytest.LogCaptureFixture
) -> None:
    answer = admin.get(
        asked(admin)["success_url"] + "&" + urlencode({"user_login": "redaksi", "password": PASSWORD})
    )
    assert (answer.status_code, answer["Location"]) == (302, "/pengaturan/situs/periksa/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    (file,) = secrets_kept()
    assert file.read_text() == f"{PASSWORD}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in str([row.get_decoded() for row in Session.objects.all()])
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize("state", ["", "x" * 32])
def test_an_answer_that_nobody_here_asked_for_is_not_taken(
    admin: Client, looked_at: Server, state: str
) -> None:
    query = urlencode({"state": state, "user_login": "jahat", "password": PASSWORD})
    assert admin.get(f"/pengaturan/situs/kembali/?{query}")["Location"] == "/pengaturan/situs/masuk/"
    assert secrets_kept() == []


def test_another_administrators_answer_is_not_taken(office: Office, admin: Client, looked_at: Server) -> None:
    address = asked(admin)["success_url"] + "&" + urlencode({"user_login": "redaksi", "password": PASSWORD})
    other = enter(office.person("lain", "admin", "Lain"))
    assert other.get(address)["Location"] == "/pengaturan/situs/"
    assert secrets_kept() == []


def test_somebody_signed_out_meanwhile_is_led_to_sign_in_without_the_password(
    admin: Client, looked_at: Server
) -> None:
    address = asked(admin)["success_url"] + "&" + urlencode({"user_login": "redaksi", "password": PASSWORD})
    answer = Client().get(address)
    assert answer["Location"] == "/masuk/?next=/pengaturan/situs/"
    assert secrets_kept() == []


def test_without_https_a_real_site_shows_the_password_and_it_is_pasted(
    admin: Client, looked_at: Server
) -> None:
    session = admin.session
    session["site_setup"] = {**session["site_setup"], "url": "https://kota.contoh.example"}
    session.save()
    assert "success_url" not in asked(admin)
    text = admin.get("/pengaturan/situs/masuk/").content.decode()
    assert "salin kata sandi aplikasi yang tampil" in text
    assert "tanpa pengaman" in text


def test_a_second_try_and_giving_up_leave_no_password_behind(admin: Client, looked_at: Server) -> None:
    account = {"jenis": "wordpress", "akun": "redaksi", "sandi": PASSWORD}
    for password in (PASSWORD, "lain"):
        admin.post("/pengaturan/situs/akun/", {**account, "sandi": password})
    assert [file.read_text() for file in secrets_kept()] == ["lain\n"]
    assert (
        "Isi nama akun"
        in admin.post("/pengaturan/situs/akun/", {**account, "akun": ""}, follow=True).content.decode()
    )
    admin.post("/pengaturan/situs/batal/")
    assert secrets_kept() == []


def test_a_sign_in_that_fails_asks_for_nothing_more(admin: Client, looked_at: Server) -> None:
    admin.post("/pengaturan/situs/akun/", {"jenis": "wordpress", "akun": "redaksi", "sandi": PASSWORD})
    text = admin.get("/pengaturan/situs/periksa/").content.decode()
    assert "Masuk dengan cara lain" in text
    assert "Nama pendek" not in text
    assert "Kota &lt;b&gt;" in text


def test_the_steps_cannot_be_skipped(admin: Client, looked_at: Server) -> None:
    assert admin.get("/pengaturan/situs/tinjau/")["Location"] == "/pengaturan/situs/periksa/"
    assert admin.get("/pengaturan/situs/periksa/")["Location"] == "/pengaturan/situs/masuk/"
    admin.post("/pengaturan/situs/batal/")
    for step in ("masuk", "kembali", "periksa", "tinjau"):
        assert admin.get(f"/pengaturan/situs/{step}/")["Location"] == "/pengaturan/situs/"
    assert admin.post("/pengaturan/situs/akun/", {"jenis": "assisted"})["Location"] == "/pengaturan/situs/"


# A site that a person carries to, down to the file


@pytest.fixture
def carried(admin: Client, serve: Callable[..., Server]) -> Server:
    server = serve(page("<title>Portal Dinas</title>"))
    admin.post("/pengaturan/situs/", {"alamat": server.host, "di_dalam": "1"})
    admin.post("/pengaturan/situs/akun/", {"jenis": "assisted"})
    return server


@pytest.mark.parametrize(
    ("name", "told"),
    [("kota", "sudah dipakai situs lain"), ("Dinas Kota", "huruf kecil"), ("", "tidak boleh kosong")],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(
    admin: Client, carried: Server, name: str, told: str
) -> None:
    answer = admin.post("/pengaturan/situs/periksa/", {"name": name, "title": "Portal"})
    assert answer.status_code == 422
    assert told in answer.content.decode().lower()


def test_a_site_is_shown_as_it_will_stand_there_then_written_and_used_at_once(
    office: Office, admin: Client, carried: Server
) -> None:
    admin.post("/pengaturan/situs/periksa/", {"name": "portal", "title": "Portal: Dinas #1"})
    shown = admin.get("/pengaturan/situs/tinjau/").context["lines"]
    entry = {
        "name": "portal",
        "kind": "assisted",
        "title": "Portal: Dinas #1",
        "url": f"http://{carried.host}",
    }
    assert yaml.safe_load(shown) == {"sites": [entry]}
    file = office.folder / "settings.yaml"
    assert file.read_text() == SETTINGS
    answer = admin.post("/pengaturan/situs/tinjau/")
    assert "Situs tersambung" in answer.content.decode()
    assert "sudah dipakai" in answer.content.decode()
    assert file.read_text().startswith(SETTINGS)
    assert settings.REDAKSI.site("portal").title == "Portal: Dinas #1"
    assert admin.get("/pengaturan/situs/tinjau/")["Location"] == "/pengaturan/situs/"


def test_of_two_who_add_one_name_the_second_is_told(office: Office, admin: Client, carried: Server) -> None:
    admin.post("/pengaturan/situs/periksa/", {"name": "portal", "title": "Portal"})
    file = office.folder / "settings.yaml"
    file.write_text(
        SETTINGS + "  - {name: portal, kind: assisted, title: Lain, url: https://lain.contoh.example}\n"
    )
    answer = admin.post("/pengaturan/situs/tinjau/")
    assert answer.status_code == 409
    assert "nama portal sudah ada" in answer.content.decode()
    assert settings.REDAKSI.site("portal").title == "Lain"


def test_a_file_that_may_only_be_read_stays_and_the_lines_are_shown(
    office: Office, admin: Client, carried: Server
) -> None:
    admin.post("/pengaturan/situs/periksa/", {"name": "portal", "title": "Portal"})
    file = office.folder / "settings.yaml"
    file.chmod(0o444)
    answer = admin.post("/pengaturan/situs/tinjau/")
    assert answer.status_code == 409
    assert "hanya boleh dibaca" in answer.content.decode()
    assert "name: portal" in answer.content.decode()
    assert file.read_text() == SETTINGS


@pytest.mark.parametrize(
    ("url", "taken", "name"),
    [
        ("https://www.kota.contoh.go.id", [], "kota"),
        ("https://kota.contoh.go.id/blog", ["kota", "kota-2"], "kota-3"),
        ("http://127.0.0.1:8080", [], "situs"),
        ("https://[::1]/", [], "situs"),
        ("https://DINAS-A.contoh.go.id", [], "dinas-a"),
    ],
)
def test_a_short_name_is_made_of_the_address(url: str, taken: list[str], name: str) -> None:
    assert suggested_name(url, taken) == name


def test_our_categories_are_joined_with_the_sites_own(office: Office) -> None:
    make_story(office, category="Ekonomi")
    form = SiteForm(
        {"name": "kota-2", "title": "Kota", "markup": "block", "default": "3", "kategori-0": "7"},
        held=[(3, "Umum"), (7, "EKONOMI")],
        names=[],
        markup=True,
    )
    assert form["kategori-0"].initial == "7"
    assert form.is_valid()
    assert form.entry() == {
        "name": "kota-2",
        "title": "Kota",
        "markup": "block",
        "categories": {"default": 3, "Ekonomi": 7},
    }
    lacking = SiteForm({"name": "x", "title": "X"}, held=[(3, "Umum")], names=[], markup=True)
    assert "default" in lacking.errors
