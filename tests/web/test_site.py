"""Folder sites as the newsroom serves them: public, and nothing but the site."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from newsroom.models import Story
from newsroom.workflow import move
from tests.office import Office, coverage


@pytest.fixture
def address(office: Office) -> str:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    office.work()
    return f"/situs/kota/{story.deliveries.get(site='kota').url}"


def read(answer: HttpResponse) -> str:
    content: list[bytes] = list(answer.streaming_content)  # type: ignore[attr-defined]
    return b"".join(content).decode()


def test_a_story_is_read_without_signing_in(client: Client, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert b"120 peserta" in b"".join(page.streaming_content)  # type: ignore[attr-defined]
    assert "script-src" not in page["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "../settings.yaml",
        "%2e%2e/%2e%2e/settings.yaml",
        ".redaksi/",
        "%00",
        "a/" * 3000,
        "x" * 300,
        "index.html/x",
        "tidak-ada.html",
    ],
)
def test_nothing_but_the_site_is_served(client: Client, address: str, path: str) -> None:
    assert client.get(f"/situs/kota/{path}").status_code in (400, 404)


def test_a_site_that_is_not_ours_is_not_found(client: Client, office: Office) -> None:
    assert client.get("/situs/lain/").status_code == 404


def test_a_withdrawn_story_is_answered_as_gone_with_its_reason_and_the_feed_is_served(
    client: Client, office: Office, address: str
) -> None:
    move(Story.objects.get(), "retract", office.person(), "Memuat data anak.")
    office.work()
    for page in (address, f"{address}index.html"):
        answer = client.get(page)
        assert answer.status_code == 410
        assert "Memuat data anak." in read(answer)
    feed = client.get("/situs/kota/feed.json")
    assert feed["Content-Type"].startswith("application/json")
    assert "Memuat data anak." in read(feed)
