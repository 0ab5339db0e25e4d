"""The newsroom as people use it: the whole product, a real browser, nothing replaced."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.office import coverage
from tests.real.chromium import Product, Visitors

pytestmark = pytest.mark.real

ROW = "[data-rows] a.row"
WIDTHS = (360, 768, 1440)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two accounts and a contributor, made once; each test begins with a copy."""
    product = Product(tmp_path_factory.mktemp("kantor"))
    product.lay()
    product.person("bram", "editor", "Bram Hadikusuma")
    product.person("sulastri", "chief", "Sulastri")
    product.contributor("nala@contoh.example", "Nala Ayuningtias", "MC. Kota Uji", "nala")
    return product.folder


@pytest.fixture
def product(tmp_path: Path, office: Path) -> Iterator[Product]:
    shutil.copytree(office / "var", tmp_path / "var")
    with Product(tmp_path) as started:
        yield started


def open_story(product: Product, page: Page) -> None:
    product.await_stories(1)
    page.reload()
    page.locator(ROW).click()
    expect(page.get_by_label("Judul")).to_be_visible()


def test_an_editor_reads_mends_and_publishes_a_mail_and_sees_it_live(
    product: Product, visitors: Visitors
) -> None:
    page = visitors.enter("bram")
    expect(page.get_by_role("heading", name="Tidak ada yang perlu dikerjakan sekarang")).to_be_visible()
    product.post(coverage())
    # The page announces what has come; nothing moves until the editor wants it.
    expect(page.locator(".arrivals")).to_contain_text("1 kiriman baru", timeout=60_000)
    page.get_by_role("link", name="Tampilkan").click()
    expect(page.locator(ROW)).to_have_count(1)
    page.wait_for_load_state()

    # By keyboard: j to the row, Enter to open it.
    page.keyboard.press("j")
    expect(page.locator(ROW)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Surel asli")).to_contain_text("Sebanyak 120 peserta")

    page.get_by_label("Judul").fill("Wali Kota Uji Buka Musrenbang, 120 Peserta Hadir")
    page.get_by_label("Keterangan foto").first.fill("Wali Kota Uji membuka Musrenbang.")
    page.get_by_text("Pratinjau seperti di situs").click()
    expect(page.locator(".preview .prose p").first).to_contain_text("musyawarah perencanaan")
    page.get_by_label("Info Publik").uncheck()
    expect(page.get_by_role("button", name="Layak, tayangkan")).to_contain_text("ke 2 situs, sekarang")
    page.get_by_role("button", name="Layak, tayangkan").click()
    expect(page.locator(".messages")).to_contain_text("layak dan ditayangkan ke 2 situs")

    # The lines of the story's page renew themselves until every site has it.
    page.goto(f"{product.url}/berita/1/")
    expect(page.locator(".standing.live")).to_have_count(2, timeout=60_000)
    page.get_by_role("link", name="Tayang", exact=True).first.click()
    entry = page.locator(".entry")
    expect(entry).to_contain_text(re.compile(r"Media Center\s+Tayang \d\d\.\d\d\sWIB"))
    expect(entry).not_to_contain_text("Info Publik")

    entry.get_by_role("link", name="Buka – Situs Kota").click()
    expect(page).to_have_url(re.compile(r"/situs/kota/\d{4}/\d\d/"))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Wali Kota Uji Buka Musrenbang, 120 Peserta Hadir"
    )
    expect(page.get_by_text("Wali Kota Uji membuka Musrenbang.").first).to_be_visible()


def test_the_second_of_two_editors_is_told_and_loses_nothing(product: Product, visitors: Visitors) -> None:
    product.post(coverage())
    first, second = visitors.enter("bram"), visitors.enter("sulastri")
    open_story(product, first)
    second.goto(first.url)
    first.get_by_label("Isi berita").fill("Isi yang ditulis Bram.")
    first.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(first.locator(".messages")).to_contain_text("Tersimpan")

    second.get_by_label("Isi berita").fill("Isi yang ditulis Sulastri.")
    second.get_by_role("button", name="Layak, tayangkan").click()
    told = second.get_by_role("alert")
    expect(told).to_contain_text("Bram Hadikusuma mengubah berita ini lebih dulu")
    expect(told.locator("del")).to_have_text("Bram")
    expect(told.locator("ins")).to_have_text("Sulastri")
    expect(second.get_by_label("Isi berita")).to_have_value("Isi yang ditulis Sulastri.")
    expect(second.get_by_role("button", name="Layak, tayangkan")).to_have_count(0)

    second.get_by_role("button", name="Simpan kalimat saya").click()
    expect(second.locator(".messages")).to_contain_text("Tersimpan")
    expect(second.get_by_label("Isi berita")).to_have_value("Isi yang ditulis Sulastri.")
    assert product.command("stories", "--json")[0]["state"] == "queued"


def test_a_session_that_ended_while_typing_costs_no_word(product: Product, visitors: Visitors) -> None:
    product.post(coverage())
    page = visitors.enter("bram")
    open_story(product, page)
    page.get_by_label("Isi berita").fill("Setengah jam mengetik.")
    page.get_by_label("Teks alternatif").first.fill("Orang-orang di aula")
    page.context.clear_cookies()
    page.get_by_role("button", name="Simpan", exact=True).last.click()
    # Its cookies are gone, so the form is refused; the page says what to do.
    expect(page.get_by_role("heading", name="Formulir ini sudah kedaluwarsa")).to_be_visible()
    page.goto(f"{product.url}/masuk/?next=/berita/1/")
    page.get_by_label("Nama akun").fill("bram")
    page.get_by_label("Kata sandi").fill("sandi-uji-yang-panjang")
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_text("Kalimat Anda yang belum tersimpan dikembalikan")).to_be_visible()
    expect(page.get_by_label("Isi berita")).to_have_value("Setengah jam mengetik.")
    expect(page.get_by_label("Teks alternatif").first).to_have_value("Orang-orang di aula")
    page.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(page.locator(".messages")).to_contain_text("Tersimpan")
    page.reload()
    expect(page.get_by_text("Kalimat Anda yang belum tersimpan dikembalikan")).to_be_hidden()
    expect(page.get_by_label("Isi berita")).to_have_value("Setengah jam mengetik.")


def test_photos_change_places_by_their_buttons(product: Product, visitors: Visitors) -> None:
    product.post(coverage(photos=3))
    page = visitors.enter("bram")
    open_story(product, page)
    captions = page.get_by_label("Keterangan foto")
    before = [captions.nth(number).input_value() for number in range(3)]
    page.get_by_role("button", name="Turunkan foto ini").first.click()
    page.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(page.locator(".messages")).to_contain_text("Tersimpan")
    expect(captions.nth(0)).to_have_value(before[1])
    expect(captions.nth(1)).to_have_value(before[0])
    expect(captions.nth(2)).to_have_value(before[2])


def test_everything_an_editor_decides_works_without_script(product: Product, visitors: Visitors) -> None:
    product.post(coverage())
    product.await_stories(1)
    page = visitors.enter("bram", java_script_enabled=False)
    page.locator(ROW).click()
    page.get_by_label("Judul").fill("Judul tanpa skrip")
    page.get_by_text("Kembalikan", exact=True).first.click()
    page.get_by_label("Catatan untuk kontributor").fill("Mohon sebut nama narasumbernya.")
    page.get_by_role("button", name="Kembalikan", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("“Judul tanpa skrip” dikembalikan")
    assert product.command("stories", "--json")[0]["state"] == "returned"


def test_a_phone_shows_one_part_of_the_story_at_a_time(product: Product, visitors: Visitors) -> None:
    product.post(coverage())
    page = visitors.enter("bram", width=360, height=740, has_touch=True, is_mobile=True)
    open_story(product, page)
    expect(page.get_by_label("Isi berita")).to_be_visible()
    expect(page.get_by_text("Unduh surel asli")).to_be_hidden()
    page.get_by_role("link", name="Asli", exact=True).click()
    expect(page.get_by_text("Unduh surel asli")).to_be_visible()
    expect(page.get_by_label("Isi berita")).to_be_hidden()
    page.get_by_text("Tolak", exact=True).first.click()
    note = page.get_by_label("Alasan penolakan")
    expect(note).to_be_focused()
    expect(page.get_by_text("Berita ini tidak akan tayang.")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_its_window_nor_breaks_its_own_rules(
    product: Product, visitors: Visitors, scheme: str
) -> None:
    product.post(coverage("Judul " + "yang amat sangat panjang sekali " * 6 + "X" * 90, photos=3))
    product.post(
        coverage(
            "Rilis asing",
            sender="Asing <asing@lain.example>",
            message_id="<dua@lain.example>",
            text="Satu\N{NO-BREAK SPACE}kata" * 40,
        )
    )
    product.post(coverage("Rilis lain", message_id="<tiga@contoh.example>", photos=1))
    page = visitors.enter("bram", color_scheme=scheme)
    product.await_stories(2)
    product.command("move", "2", "verify", "--by", "bram")
    product.command("work", "--once")
    addresses = (
        *(
            "/antrean/",
            "/berita/1/",
            "/berita/2/",
            "/tayang/",
            "/arsip/",
            "/arsip/?tampil=dinding",
            "/arsip/2/",
        ),
        *(
            "/perhatian/",
            "/kiriman/2/",
            "/kiriman/dikesampingkan/",
            "/lainnya/",
            "/dokter/",
            "/akun/sandi/",
            "/ada/",
        ),
        *(
            "/kiriman/2/bagian/",
            "/kiriman/2/minta/",
            "/asli/surel/2/",
            "/panduan/",
            "/kirim/",
            "/kotak-surel/",
        ),
        *("/kontributor/", "/kontributor/tambah/", "/kontributor/impor/"),
    )
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for address in addresses:
            page.goto(product.url + address)
            too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert too_wide <= 0, f"{address} is {too_wide} px too wide at {width} px"
    outside = visitors.window(width=360, color_scheme=scheme)
    outside.goto(product.url + "/masuk/")
    assert outside.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
