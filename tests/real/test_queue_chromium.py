"""The queue as an editor uses it: by keys, with rows picked, while lists are renewed and colleagues look on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.office import coverage
from tests.real.chromium import Product, Visitors

pytestmark = pytest.mark.real
HEADLINES = ("Banjir Surut di Hulu", "Pasar Murah Dibuka", "Posyandu Dilatih", "Jembatan Ditinjau")


def arrive(product: Product, number: int, headline: str, photos: int = 1) -> None:
    product.post(
        coverage(
            headline,
            message_id=f"<{number}@contoh.example>",
            seed=number * 40,
            photos=photos,
            text=f"Kota Uji – {headline} pada hari ke-{number} menurut pejabat setempat.\n\nWarga ke-{number} hadir.\n",
        )
    )


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder: Path = tmp_path_factory.mktemp("kantor")
    with Product(folder) as office:
        office.person("bram", "editor", "Bram")
        office.person("sulastri", "editor", "Sulastri")
        office.contributor("nala@contoh.example", "Nala Ayuningtias", "MC. Kota Uji", "nala")
        for number, headline in enumerate(HEADLINES, start=1):
            arrive(office, number, headline)
            office.await_stories(number)
        yield office


def focused(page: Page) -> str:
    words: str = page.evaluate(
        "document.activeElement.closest('a.row')?.querySelector('.row-title').textContent ?? ''"
    )
    return words


def picked(page: Page) -> int:
    return page.locator("#daftar input[name=pilih]:checked").count()


def test_rows_are_walked_picked_and_opened_by_keys(visitors: Visitors) -> None:
    page = visitors.enter("bram")
    page.keyboard.press("j")
    assert focused(page) == HEADLINES[0]
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    assert picked(page) == 3
    expect(page.get_by_text("3 berita dipilih")).to_have_attribute("role", "status")
    expect(page.get_by_role("button", name="Pilih semua")).to_be_visible()
    page.get_by_role("button", name="Pilih semua").click()
    assert picked(page) == 4
    page.get_by_role("button", name="Lepas").click()
    assert picked(page) == 0
    expect(page.locator("#sekaligus")).to_be_hidden()
    page.keyboard.press("k")
    page.locator("a.row").nth(2).focus()
    page.keyboard.press("o")
    page.wait_for_url("**/berita/*/")
    expect(page.get_by_label("Judul", exact=True)).to_have_value(HEADLINES[2])


def test_on_very_wide_screens_the_row_is_read_at_the_right_and_the_list_stays(visitors: Visitors) -> None:
    page = visitors.enter("bram", width=1920, height=1080)
    pane = page.get_by_role("complementary", name="Sekilas")
    expect(pane.get_by_text("Pilih satu baris")).to_be_visible()
    place = page.locator("#daftar").bounding_box()
    page.keyboard.press("j")
    expect(pane.get_by_role("heading", name=HEADLINES[0])).to_be_visible()
    page.keyboard.press("j")
    expect(pane.get_by_role("heading", name=HEADLINES[1])).to_be_visible()
    expect(pane.get_by_text("menurut pejabat setempat")).to_be_visible()
    expect(pane.locator("img")).to_have_count(1)
    expect(pane.get_by_role("heading", name="Pemeriksaan naskah")).to_be_visible()
    expect(page.locator(".queue-item.glanced .row-title")).to_have_text(HEADLINES[1])
    page.keyboard.press("k")
    expect(pane.get_by_role("heading", name=HEADLINES[0])).to_be_visible()
    assert (focused(page), page.locator("#daftar").bounding_box()) == (HEADLINES[0], place)
    page.context.set_offline(True)
    page.keyboard.press("j")
    expect(pane.get_by_text("Tidak dapat diperlihatkan sekarang")).to_be_visible()
    page.context.set_offline(False)
    visitors.faults.clear()  # the line was cut on purpose
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(pane).to_be_hidden()
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.keyboard.press("k")
    pane.get_by_role("link", name="Buka pada putusannya").click()
    page.wait_for_url("**/?langkah=verify")


def test_v_opens_the_story_at_its_decisions_and_decides_nothing(product: Product, visitors: Visitors) -> None:
    page = visitors.enter("bram")
    page.keyboard.press("j")
    page.keyboard.press("v")
    page.wait_for_url("**/?langkah=verify")
    expect(page.get_by_role("group", name="Putusan")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("window.scrollY") == 0
    assert {row["state"] for row in product.command("stories", "--json")} == {"queued"}
    page.go_back()
    page.locator("a.row").first.focus()
    page.keyboard.press("b")
    page.wait_for_url("**/?langkah=send_back")
    expect(page.get_by_label("Catatan untuk kontributor")).to_be_visible()


def test_letters_typed_into_a_field_are_letters_and_all_keys_can_be_switched_off(visitors: Visitors) -> None:
    page = visitors.enter("bram")
    page.keyboard.press("/")
    page.keyboard.type("xvbtn?")
    expect(page.get_by_label("Cari", exact=True)).to_have_value("xvbtn?")
    expect(page.locator("#tombol-pintas")).to_be_hidden()
    assert picked(page) == 0
    page.goto(visitors.product.url + "/antrean/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tombol pintas")).to_be_visible()
    page.keyboard.press("j")
    assert focused(page) == ""
    page.get_by_label("Pakai tombol pintas di peramban ini").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert focused(page) == "", "switched off"
    page.keyboard.press("?")
    page.get_by_label("Pakai tombol pintas di peramban ini").check()
    page.get_by_role("button", name="Tutup").click()
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/arsip/")


def test_a_list_renewed_by_the_search_keeps_what_was_picked(visitors: Visitors) -> None:
    page = visitors.enter("bram")
    page.get_by_label(f"Pilih “{HEADLINES[1]}”").check()
    page.get_by_label("Cari", exact=True).press_sequentially("pasar")
    expect(page.locator("a.row")).to_have_count(1)
    assert picked(page) == 1
    assert "q=pasar" in page.url
    expect(page.locator("#tab-antrean a").nth(1)).to_have_attribute("href", re.compile("q=pasar"))
    expect(page.locator("[data-picked]")).to_have_text("1")


def test_who_opens_a_story_is_seen_in_the_row_and_on_the_page(visitors: Visitors) -> None:
    first, second = visitors.enter("bram"), visitors.enter("sulastri")
    first.locator("a.row", has_text=HEADLINES[3]).click()
    first.wait_for_load_state("networkidle")
    second.reload()
    expect(
        second.locator(".queue-item", has_text=HEADLINES[3]).get_by_text("Bram sedang membuka")
    ).to_be_visible()
    second.locator("a.row", has_text=HEADLINES[3]).click()
    expect(second.get_by_text("Bram sedang membuka")).to_be_visible()


def test_no_row_is_wider_than_a_telephone_and_thumbnails_have_their_place_before_they_come(
    visitors: Visitors,
) -> None:
    page = visitors.enter("bram", width=360, height=780)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator("#daftar input[name=pilih]").first.check()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for picture in page.locator("img.thumb").all():
        assert (picture.get_attribute("width"), picture.get_attribute("height")) == ("56", "56")


def test_new_arrivals_wait_in_a_bar_until_n_is_pressed(product: Product, visitors: Visitors) -> None:
    page = visitors.enter("bram")
    page.locator("a.row").nth(1).focus()
    before = page.locator("a.row").all_inner_texts()
    arrive(product, 9, "Kiriman Malam")
    expect(page.get_by_text("1 kiriman baru")).to_be_visible(timeout=60_000)
    assert focused(page) == HEADLINES[1]
    assert len(page.locator("a.row").all()) == len(before)
    page.keyboard.press("n")
    page.wait_for_url("**urut=terbaru")
    expect(page.locator(".row-title").first).to_have_text("Kiriman Malam")


def test_several_are_rejected_told_and_brought_back(product: Product, visitors: Visitors) -> None:
    page = visitors.enter("bram")
    for headline in HEADLINES[:2]:
        page.get_by_label(f"Pilih “{headline}”").check()
    page.keyboard.press("t")
    expect(page.get_by_label("Alasan penolakan, sama untuk semua")).to_be_focused()
    page.keyboard.type("Sudah dimuat kemarin.")
    other = visitors.enter("sulastri")
    other.locator("a.row", has_text=HEADLINES[0]).click()
    other.get_by_label("Judul", exact=True).fill("Banjir Surut di Hulu Sungai")
    other.get_by_role("button", name="Simpan", exact=True).click()
    expect(other.get_by_text("Tersimpan.")).to_be_visible()
    page.get_by_role("button", name="Tolak yang dipilih").click()
    expect(page.get_by_text("1 ditolak, 1 dilewati")).to_be_visible()
    expect(page.get_by_text("Teksnya berubah sejak daftar dibuka.")).to_be_visible()
    page.get_by_role("button", name="Urungkan").click()
    expect(page.get_by_text("1 kembali ke antrean")).to_be_visible()
    assert {row["state"] for row in product.command("stories", "--json")} == {"queued"}
