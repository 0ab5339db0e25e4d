"""An archivist at work in a real browser: found by a stem, opened, picked across pages, fifty photos taken home."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.office import coverage
from tests.real.chromium import SETTINGS, Product, Visitors, chromium

ONE_SITE = "\n".join(
    line for line in SETTINGS.splitlines() if "info-publik" not in line and "name: kota" not in line
)
TOPICS = (
    "Jembatan Dibangun Warga",
    "Pasar Murah Dibuka",
    "Posyandu Dilatih",
    "Banjir Surut",
    "Taman Dibenahi",
)


def test_an_archivist_finds_a_story_by_a_stem_opens_it_and_takes_fifty_photos(tmp_path: Path) -> None:
    product = Product(tmp_path, ONE_SITE)
    with product, chromium() as browser:
        _publish(product)
        visitors = Visitors(browser, product)
        page = visitors.enter("arsip")
        _finds_by_a_stem(page, product)
        _opens_the_original(page)
        _picks_by_keys(page, product)
        _takes_fifty(page)
        _leafs_by_finger(visitors, product)
        assert not visitors.faults
        visitors.leave()


def _publish(product: Product) -> None:
    """Let five stories of eleven photos each go out."""
    product.contributor("nala@contoh.example", "Nala", "MC. Kota Uji", "nala")
    product.person("bram", "editor")
    product.person("arsip", "archivist")
    for number, topic in enumerate(TOPICS):
        text = f"Kota Uji – {topic} di aula kecamatan, Jumat (20/11/2026).\n\nWarga hadir.\n\n(MC. Kota Uji/nala)\n"
        mail = coverage(
            topic, message_id=f"<{number}@contoh.example>", seed=100 * number, photos=11, text=text
        )
        product.post(mail)
    for story in product.await_stories(len(TOPICS)):
        product.command("move", str(story["id"]), "verify", "--by", "bram")
    for _ in range(60):
        if all(story["state"] == "released" for story in product.command("stories", "--json")):
            return
    raise RuntimeError("not everything was released:\n" + "".join(product.log))


def _finds_by_a_stem(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/arsip/")
    expect(page.locator(".archive-item")).to_have_count(5)
    page.keyboard.press("/")
    page.keyboard.type("membangun")
    expect(page.locator(".archive-item")).to_have_count(1)
    expect(page.locator("mark").first).to_have_text("Dibangun")
    expect(page).to_have_url(f"{product.url}/arsip/?q=membangun")


def _opens_the_original(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator("a.row").click()
    with page.expect_download() as mail:
        page.get_by_role("link", name="Surel: Jembatan Dibangun Warga").click()
    assert b"Jembatan Dibangun Warga" in mail.value.path().read_bytes()
    page.locator("#keterangan-arsip summary").click()
    page.get_by_role("button", name="Acara: 20 November 2026").click()
    expect(page.locator(".described").first).to_contain_text("20 November 2026")


def _picks_by_keys(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/arsip/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-picked-words]")).to_have_text("1 berita")
    page.keyboard.press("x")
    expect(page.locator("[data-pick-bar]")).to_be_hidden()
    page.goto(f"{product.url}/arsip/?tampil=dinding")
    photos = page.locator("[data-wall] input[name=foto]")
    expect(photos).to_have_count(55)
    photos.first.click()
    photos.nth(47).click(modifiers=["Shift"])
    expect(page.locator("[data-picked-words]")).to_have_text("48 foto")
    page.locator("[data-wall] a").nth(48).focus()
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(page.locator("[data-picked-words]")).to_have_text("50 foto")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Tutup").click()


def _takes_fifty(page: Page) -> None:
    page.get_by_role("link", name="Lihat dan unduh").click()
    expect(page.get_by_role("heading", name="50 foto")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh ZIP").click()
    opened = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    assert opened.testzip() is None
    assert sum(name.endswith(".jpg") for name in opened.namelist()) == 50
    assert {"keterangan.csv", "keterangan.xlsx"} <= set(opened.namelist())
    expect(page.locator("[data-progress]").first).to_have_text("Selesai: 50 foto.")


def _leafs_by_finger(visitors: Visitors, product: Product) -> None:
    page = visitors.enter("arsip", width=360, height=780, has_touch=True, is_mobile=True)
    page.goto(f"{product.url}/arsip/?tampil=dinding")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("[data-wall] a").first.click()
    expect(page.get_by_text("Foto 1 dari 11")).to_be_visible()
    page.evaluate(
        """() => {
          const photo = document.querySelector("[data-swipe]");
          const touch = (x) => new Touch({ identifier: 1, target: photo, clientX: x, clientY: 300 });
          photo.dispatchEvent(new TouchEvent("touchstart", { touches: [touch(300)], bubbles: true }));
          photo.dispatchEvent(new TouchEvent("touchend", { changedTouches: [touch(80)], bubbles: true }));
        }"""
    )
    expect(page.get_by_text("Foto 2 dari 11")).to_be_visible()
