"""A contributor on a cheap phone, and the editor who corrects and shares what they sent, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.office import coverage
from tests.real.chromium import PASSWORD, Product, Visitors

pytestmark = pytest.mark.real

HEADLINE = "Pasar Murah Dibuka di Alun-Alun Kota"
PHONE_SHARES = """
window.shared = [];
navigator.canShare = (data) => Boolean(data.files);
navigator.share = async (data) => {
  window.shared.push({ text: data.text, files: (data.files || []).map((file) => [file.name, file.type, file.size]) });
};
"""
"""No screenless browser has the phone's own sheet: what it would be handed is kept."""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder: Path = tmp_path_factory.mktemp("kantor")
    with Product(folder) as office:
        office.person("bram", "editor", "Bram")
        office.person("sari", "chief", "Sari")
        office.contributor("nala@contoh.example", "Nala Ayuningtias", "MC. Kota Uji", "nala")
        office.command(
            *("person", "nala", "--name", "Nala Ayuningtias", "--role", "contributor"),
            *("--email", "nala@contoh.example", "--password-env", "UJI_SANDI"),
        )
        office.post(coverage(HEADLINE, photos=2))
        office.await_stories(1)
        yield office


def line(page: Page) -> Locator:
    return page.locator(".own-line").filter(has_text=HEADLINE)


def fits(page: Page, width: int = 360) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") == width


def until_live(page: Page, address: str) -> None:
    for _turn in range(120):
        page.goto(address)
        if page.get_by_text("Tayang di 3 situs").count():
            return
    raise AssertionError("the story did not go live")


def test_a_contributor_mends_resubmits_sees_it_live_and_shares_by_phone(
    product: Product, visitors: Visitors
) -> None:
    note = "Mohon sebutkan jumlah pesertanya."
    product.command("move", "1", "send_back", "--by", "bram", "--note", note)
    page = visitors.enter("nala", PASSWORD, width=360, height=740, has_touch=True, is_mobile=True)
    page.add_init_script(PHONE_SHARES)
    card = page.locator(".own-card")
    expect(card).to_contain_text(note)
    fits(page)
    card.get_by_role("link", name="Perbaiki dan kirim ulang").tap()
    expect(page.locator(".notice .plain-text")).to_have_text(note)
    fits(page)
    page.get_by_label("Isi berita").fill("Pasar murah dihadiri 120 peserta dari delapan kelurahan.")
    page.get_by_role("button", name="Kirim ulang").tap()
    expect(page.get_by_text("dikirim ulang ke antrean editor")).to_be_visible()
    expect(line(page)).to_contain_text("Menunggu diperiksa editor, sejak")
    expect(page.locator(".own-card")).to_have_count(0)
    product.command("move", "1", "verify", "--by", "bram")
    until_live(page, product.url + "/antrean/")
    fits(page)
    for link in line(page).locator(".own-links a").all():
        assert "120 peserta" in page.request.get(product.url + (link.get_attribute("href") or "")).text()
    line(page).get_by_role("link", name="Bagikan").tap()
    share = page.locator("#bagikan")
    share.get_by_label("Grup atau saluran").fill("Grup Camat")
    share.get_by_role("button", name="Bagikan dengan foto").tap()
    expect(share.locator(".shared")).to_contain_text(
        re.compile(r"Dibagikan 1×, terakhir \d\d\.\d\d\sWIB oleh Nala Ayuningtias")
    )
    expect(share.locator(".shares")).to_contain_text("Grup Camat")
    fits(page)
    (handed,) = page.evaluate("window.shared")
    assert handed["text"] == share.get_by_label("Teks untuk WhatsApp").input_value()
    assert [kind for _name, kind, size in handed["files"] if size > 1000] == ["image/jpeg"] * 2
    for button in page.locator("main button:visible, main .choices a:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 43.5, button.inner_text()


def test_an_editor_sees_what_readers_will_see_and_marks_what_was_shared(
    product: Product, visitors: Visitors
) -> None:
    if product.command("stories", "--json")[0]["state"] != "released":
        product.command("move", "1", "verify", "--by", "bram")
    page = visitors.enter("sari", width=1440, permissions=["clipboard-read", "clipboard-write"])
    row = page.locator(".entry").filter(has_text=HEADLINE)
    for _turn in range(120):
        page.goto(product.url + "/tayang/")
        if row.get_by_role("link", name="Bagikan").count() and row.locator(".standing.live").count() == 3:
            break
    row.get_by_role("link", name="Ralat").click()
    panel = page.locator(".decision[open]")
    expect(panel.locator(".as-read")).to_have_count(3)
    expect(panel.locator(".as-read-line").first).to_contain_text(re.compile(r"Ralat \(.* WIB\): …"))
    panel.get_by_label("Isi ralat, tampil bagi pembaca").fill("Jumlah peserta yang benar 120 orang.")
    told = panel.locator(".as-read-line").filter(has_text="Jumlah peserta yang benar 120 orang.")
    expect(told).to_have_count(3)
    panel.get_by_role("button", name="Tayangkan ralat").click()
    expect(page.get_by_text("Ralat dikirim ke semua situs.")).to_be_visible()

    share = page.locator("#bagikan")
    expect(share.get_by_role("button", name="Salin teks")).to_be_visible()
    share.get_by_label("Grup atau saluran").fill("Grup Lurah")
    share.get_by_role("button", name="Salin teks").click()
    expect(share.locator(".shares")).to_contain_text("Grup Lurah")
    assert page.evaluate("navigator.clipboard.readText()") == share.locator("textarea").input_value()
    share.get_by_role("button", name="Hapus tanda – Grup Lurah").click()
    expect(share.locator(".shares li").filter(has_text="Grup Lurah")).to_have_count(0)
    share.get_by_label("Grup atau saluran").fill("Grup RT")
    share.get_by_role("button", name="Tandai sudah dibagikan").click()
    expect(share.locator(".shares")).to_contain_text("Grup RT")
    page.goto(product.url + "/tayang/")
    expect(row.locator(".entry-shared")).to_contain_text("oleh Sari")

    row.get_by_role("link", name="Tarik").click()
    panel.get_by_label("Alasan penarikan, tampil bagi pembaca").fill("Keterangan belum disetujui.")
    expect(panel.locator(".as-read-line").filter(has_text="Keterangan belum disetujui.")).to_have_count(3)
    expect(panel.get_by_text("Berita ini telah ditarik")).to_have_count(3)
    fits(page, 1440)
    panel.get_by_role("button", name="Tarik berita").click()
    expect(page.get_by_text("Berita ditarik dari semua situs.")).to_be_visible()
    expect(page.locator("#bagikan")).to_have_count(0)
