"""The summary in a real browser: reached from the queue, read on a phone, printed, taken along as a sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.office import coverage
from tests.real.chromium import Product, Visitors, chromium

pytestmark = pytest.mark.real


def test_the_summary_is_found_read_printed_and_exported(tmp_path: Path) -> None:
    with Product(tmp_path) as product, chromium() as browser:
        product.person("bram", "editor", "Bram")
        product.contributor("nala@contoh.example", "Nala Ayuningtias", "MC. Kota Uji", "nala")
        visitors = Visitors(browser, product)
        page = visitors.enter("bram")
        page.get_by_role("main").get_by_role("link", name="Ringkasan").click()
        expect(page.get_by_text("Tidak ada yang perlu dikerjakan sekarang.")).to_be_visible()
        expect(page.get_by_role("heading", name="Belum ada angka untuk")).to_be_visible()

        product.post(coverage("Pasar Murah Dibuka"))
        product.post(
            coverage("Posyandu Dilatih", message_id="<2@contoh.example>", seed=40, text="Kader dilatih.\n")
        )
        stories = product.await_stories(2)
        product.command("move", str(stories[0]["id"]), "verify", "--by", "bram")
        page.reload()
        expect(page.get_by_text("Yang waktunya habis lebih dulu")).to_be_visible()
        office = page.get_by_role("table", name="Angka kantor")
        expect(office.get_by_role("row", name="Masuk")).to_contain_text("2")
        expect(office.get_by_role("row", name="Diverifikasi tepat waktu")).to_contain_text("1 dari 1")
        expect(page.get_by_role("rowheader", name="Nala Ayuningtias")).to_be_visible()
        year = page.get_by_label("Bulan atau tahun").locator("option", has_text="Seluruh").first
        page.get_by_label("Bulan atau tahun").select_option(year.get_attribute("value"))
        page.get_by_role("button", name="Tampilkan").click()
        page.wait_for_url(re.compile(r"/ringkasan/\?masa=\d{4}$"))
        with page.expect_download() as download:
            page.get_by_role("link", name="Unduh CSV").click()
        assert "Kontributor,Nala Ayuningtias,MC. Kota Uji,2," in download.value.path().read_text("utf-8-sig")

        paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        words = paper[0].get_textpage().get_text_bounded()
        assert (len(paper) <= 2, "Media Center Kota Uji" in words, "Unduh CSV" in words) == (
            True,
            True,
            False,
        )
        for width in (360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") == width
        visitors.leave()
        assert visitors.faults == []
