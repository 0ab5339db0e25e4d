"""Indonesian until somebody chooses English."""

from __future__ import annotations

from django.test import Client

from tests.office import Office


def test_a_browser_that_prefers_english_is_no_choice(office: Office, client: Client) -> None:
    page = client.get("/masuk/", headers={"accept-language": "en-US,en;q=0.9"})
    assert page.headers["Content-Language"] == "id"
    assert "Masuk" in page.content.decode()


def test_a_chosen_language_stays(office: Office, client: Client) -> None:
    client.post("/bahasa/", {"language": "en", "next": "/masuk/"})
    page = client.get("/masuk/")
    assert page.headers["Content-Language"] == "en"
    assert 'lang="en"' in page.content.decode()


def test_an_unknown_language_is_the_offices(office: Office, client: Client) -> None:
    client.cookies["django_language"] = "xx"
    assert client.get("/masuk/").headers["Content-Language"] == "id"
