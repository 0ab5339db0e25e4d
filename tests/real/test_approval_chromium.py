"""Approval by phone, from the editor's click to the story on its sites. In a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.office import coverage
from tests.real.chromium import SETTINGS, Product, Visitors

pytestmark = pytest.mark.real
WITH_CHAIN = SETTINGS + "approval:  {{chain: [section_head]}}\n"
BOTS = ("WhatsApp/2.24.20.89 A", "facebookexternalhit/1.1", "TelegramBot (like TwitterBot)")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("approval"), WITH_CHAIN) as started:
        started.person("bram", "editor", "Bram Wijaya")
        started.person("darto", "section_head", "Darto")
        started.contributor("nala@contoh.example", "Nala Ayuningtias", "MC. Kota Uji", "nala")
        yield started


def give_phone(page: Page) -> None:
    page.goto(re.sub(r"/antrean/.*", "/akun/", page.url))
    page.get_by_label("Nomor WhatsApp").fill("0812 0000 1234")
    page.get_by_role("button", name="Simpan").first.click()
    expect(page.get_by_text("Tersimpan.")).to_be_visible()


def message_for_whatsapp(page: Page, story: int) -> str:
    """Verify a story, and make the message; the link in it."""
    page.goto(f"{page.url.partition('/antrean')[0]}/berita/{story}/")
    page.get_by_role("button", name=re.compile("Layak, tayangkan")).click()
    expect(page.get_by_text("Menunggu persetujuan Kasi / Kasubag: Darto")).to_be_visible()
    page.goto(f"{page.url.partition('/antrean')[0]}/berita/{story}/")
    page.get_by_role("button", name="Buat pesan WhatsApp – Darto").click()
    expect(page.get_by_role("link", name="Buka WhatsApp")).to_have_attribute(
        "href", re.compile(r"^https://wa\.me/6281200001234\?text=")
    )
    found = re.search(r"https?://\S+/setuju/\S+", page.locator("#pesan").inner_text())
    assert found
    return found[0]


def state(product: Product, story: int = 1) -> str:
    rows = product.command("stories", "--json")
    return next(str(row["state"]) for row in rows if row["id"] == story)


def press(link: str, gate: threading.Barrier) -> int:
    """Open the link as a phone does, wait for the others, and answer; what it was told."""
    with requests.Session() as phone:
        page = phone.get(link, timeout=30).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        gate.wait(timeout=30)
        form = {"csrfmiddlewaretoken": token[1], "putusan": "approve"}
        return phone.post(link, form, timeout=60).status_code


def test_previews_change_nothing_and_one_tap_on_the_phone_lets_the_story_out(
    product: Product, visitors: Visitors
) -> None:
    product.post(coverage())
    product.await_stories(1)
    give_phone(visitors.enter("darto"))
    link = message_for_whatsapp(visitors.enter("bram"), 1)
    for agent in BOTS:
        for ask in (requests.get, requests.head):
            assert ask(link, headers={"User-Agent": agent}, timeout=30).status_code == 200
    phone = visitors.window(360, 740)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.headers.get("referer", "")))
    phone.goto(f"{product.url}/masuk/")
    # What a browser does that loads a page before it is wanted.
    phone.evaluate(
        "address => fetch(address, {headers: {'Purpose': 'prefetch'}}).then(answer => answer.text())", link
    )
    assert state(product) == "verified"
    answer = phone.goto(link)
    assert answer is not None
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    expect(phone.get_by_role("heading", name="Wali Kota Uji Membuka Musrenbang")).to_be_visible()
    expect(phone.locator(".approve-photos img")).to_have_count(2)
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    phone.get_by_role("button", name="Setujui").click()
    expect(phone.get_by_text("Terima kasih, persetujuan Anda tercatat")).to_be_visible()
    assert all(not at or at.startswith(product.url) for at in asked)
    phone.goto(link)
    expect(phone.get_by_text("Tautan ini sudah dipakai pada")).to_be_visible()
    for _ in range(30):  # the worker looks every other second
        if state(product) == "released":
            break
    assert state(product) == "released"


def test_of_many_taps_in_one_moment_one_counts(product: Product, visitors: Visitors) -> None:
    product.post(coverage("Bupati Uji Menanam Pohon", message_id="<dua@contoh.example>", seed=50))
    product.await_stories(2)
    give_phone(visitors.enter("darto"))
    link = message_for_whatsapp(visitors.enter("bram"), 2)
    gate = threading.Barrier(6)
    with ThreadPoolExecutor(6) as taps:
        told = sorted(taps.map(lambda _number: press(link, gate), range(6)))
    assert told == [200, *[410] * 5]
