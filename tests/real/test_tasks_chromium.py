"""A task at a portal, done as a person does it: copied from our page, posted there, its address pasted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from publishers import Picture
from tests.office import coverage
from tests.publishers.portal import Portal, portal
from tests.real.chromium import SETTINGS, Product, Visitors, chromium

pytestmark = pytest.mark.real
PASTED = "navigator.clipboard.read().then(items => items[0].getType('{}')).then(blob => blob.text())"


@pytest.fixture
def held() -> Iterator[Portal]:
    with portal() as one:
        yield one


@pytest.fixture
def product(tmp_path: Path, held: Portal) -> Iterator[Product]:
    before = SETTINGS.index("sites:")
    sites = f'sites:\n  - {{{{name: info-publik, kind: assisted, title: Info Publik, url: "{held.url}"}}}}\n'
    office = Product(tmp_path / "kantor", SETTINGS[:before] + sites)
    with office:
        office.person("bram", "editor", "Bram")
        office.contributor("nala@contoh.example", "Nala Ayuningtias", "MC. Kota Uji", "nala")
        yield office


def copied(page: Page, button: str, kind: str, number: int = 0) -> str:
    page.get_by_role("button", name=button, exact=True).nth(number).click()
    # The button before this one may still wear its mark: this one's own says that its words are on the clipboard.
    page.get_by_role("button", name=f"✓ {button}", exact=True).wait_for()
    words: str = page.evaluate(PASTED.format(kind))
    return words


def test_what_the_buttons_copy_is_posted_and_the_page_says_by_itself_that_it_is_proven(
    product: Product, held: Portal
) -> None:
    product.post(coverage(photos=2))
    (story,) = product.await_stories(1)
    product.command("move", str(story["id"]), "verify", "--by", "bram")
    with chromium() as browser:
        visitors = Visitors(browser, product)
        page = visitors.enter("bram", permissions=["clipboard-read", "clipboard-write"])
        for _ in range(60):
            if product.command("deliveries", "--json")[0]["error"]:
                break
        page.get_by_role("link", name="Tugas situs").click()
        page.locator("a.task-row").click()
        headline = copied(page, "Salin", "text/plain")
        assert headline == "Wali Kota Uji Membuka Musrenbang"
        html = copied(page, "Salin dengan format", "text/html")
        assert "<p" in html
        assert "120 peserta" in html
        plain = copied(page, "Salin teks polos", "text/plain")
        assert "<" not in plain
        assert "\n\n" in plain
        with page.expect_download() as coming:
            page.get_by_role("link", name="Unduh semua (ZIP)").click()
        assert coming.value.suggested_filename.endswith("_info-publik.zip")
        photos = tuple(
            Picture(str(n) * 64, f"{n}.jpg", page.request.get(f"{page.url}foto/{n}.jpg").body(), 1, 1)
            for n in (1, 2)
        )
        address = held.post(headline, html, photos)
        page.get_by_label("Alamat halaman di Info Publik").fill(f"{address}?utm_source=wa")
        page.get_by_role("button", name="Periksa", exact=True).click()
        page.get_by_role("heading", name="Selesai").wait_for()
        assert page.get_by_text("2 foto ditemukan").is_visible()
        assert page.get_by_role("link", name=address).is_visible()
        assert visitors.faults == []
        visitors.leave()
