"""Writing on a story in a real browser: lines that drop, windows side by side, thirty photos, other scripts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.office import coverage
from tests.real.chromium import PASSWORD, Product, Visitors

pytestmark = pytest.mark.real

RIGHT_TO_LEFT = "افتتح رئيس البلدية منتدى التخطيط اليوم."
LONG = "Kalimat yang sangat panjang tentang musyawarah kota. " * 1200


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
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


@pytest.fixture
def visitors(product: Product, browser: Browser) -> Iterator[Visitors]:
    people = Visitors(browser, product)
    yield people
    people.leave()
    # Where a test cuts the line or ends the session, htmx notes that its own request went unanswered.
    assert [fault for fault in people.faults if not fault.startswith(("htmx:", "Response Status"))] == []


def body(page: Page) -> Locator:
    return page.get_by_label("Isi berita")


def kept(page: Page) -> None:
    expect(page.locator("#keadaan-draf")).to_contain_text("Draf tersimpan")


def test_words_typed_while_the_line_is_down_are_kept_here_and_sent_when_it_is_back(
    product: Product, visitors: Visitors
) -> None:
    product.post(coverage())
    product.await_stories(1)
    page = visitors.enter("bram")
    page.goto(f"{product.url}/berita/1/")
    body(page).fill("Kalimat pertama.")
    kept(page)
    page.context.set_offline(True)
    body(page).press("End")
    body(page).type(" Kalimat kedua saat sambungan putus.")
    told = page.locator("#keadaan-draf")
    expect(told).to_have_text("Tersimpan di peramban ini; dikirim begitu tersambung.")
    assert page.evaluate("Object.values(localStorage).some((kept) => kept.includes('sambungan putus'))")
    page.context.set_offline(False)
    kept(page)
    assert not page.evaluate("Object.keys(localStorage).some((name) => name.startsWith('naskah-'))")
    # Nothing is unsent, so leaving is not held up; another device goes on from there.
    elsewhere = visitors.enter("bram", width=360, height=740)
    elsewhere.goto(f"{product.url}/berita/1/")
    expect(body(elsewhere)).to_have_value("Kalimat pertama. Kalimat kedua saat sambungan putus.")
    expect(elsewhere.get_by_text("Kalimat Anda yang belum tersimpan dikembalikan")).to_be_visible()


def test_a_browser_closed_while_the_line_is_down_has_the_words_when_it_is_opened_again(
    product: Product, visitors: Visitors
) -> None:
    product.post(coverage())
    product.await_stories(1)
    page = visitors.enter("bram")
    page.goto(f"{product.url}/berita/1/")
    expect(body(page)).to_be_visible()
    page.context.set_offline(True)
    text = f"{RIGHT_TO_LEFT}\n\n{LONG}\n\nakhir"
    body(page).fill(text)
    page.close(run_before_unload=False)
    context = page.context
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{product.url}/berita/1/")
    expect(body(again)).to_have_value(text)
    kept(again)
    again.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(again.locator(".messages")).to_contain_text("Tersimpan")
    again.reload()
    expect(again.get_by_text("Kalimat Anda yang belum tersimpan dikembalikan")).to_be_hidden()
    expect(body(again)).to_have_value(text)


def test_two_windows_of_one_person_do_not_undo_each_other(product: Product, visitors: Visitors) -> None:
    product.post(coverage())
    product.await_stories(1)
    one, two = visitors.enter("bram"), visitors.enter("bram")
    for page in (one, two):
        page.goto(f"{product.url}/berita/1/")
        expect(body(page)).to_be_visible()
    one.get_by_label("Judul").fill("Judul dari jendela satu")
    kept(one)
    body(two).fill("Isi dari jendela dua.")
    kept(two)
    expect(two.get_by_label("Judul")).to_have_value("Judul dari jendela satu")
    body(one).fill("Isi dari jendela satu.")
    asked = one.locator("#draf-bentrok")
    expect(asked).to_contain_text("Isi dari jendela dua.")
    expect(body(one)).to_have_value("Isi dari jendela satu.")
    asked.get_by_role("button", name="Pakai yang di jendela ini").click()
    expect(asked).to_be_hidden()
    kept(one)
    three = visitors.enter("bram")
    three.goto(f"{product.url}/berita/1/")
    expect(body(three)).to_have_value("Isi dari jendela satu.")
    expect(three.get_by_label("Judul")).to_have_value("Judul dari jendela satu")


def test_signed_out_while_typing_the_words_wait_and_are_sent_after_signing_in_elsewhere(
    product: Product, visitors: Visitors
) -> None:
    product.post(coverage())
    product.await_stories(1)
    page = visitors.enter("bram")
    page.goto(f"{product.url}/berita/1/")
    expect(body(page)).to_be_visible()
    page.context.clear_cookies()
    body(page).fill("Ditulis sesudah sesi berakhir.")
    expect(page.locator("#keadaan-draf")).to_contain_text("Sesi Anda berakhir")
    door = page.context.new_page()
    door.goto(f"{product.url}/masuk/")
    door.get_by_label("Nama akun").fill("bram")
    door.get_by_label("Kata sandi").fill(PASSWORD)
    door.get_by_role("button", name="Masuk").click()
    door.wait_for_url("**/antrean/")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    kept(page)
    page.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(page.locator(".messages")).to_contain_text("Tersimpan")
    expect(body(page)).to_have_value("Ditulis sesudah sesi berakhir.")


def test_a_draft_overtaken_by_another_is_merged_and_can_be_dropped(
    product: Product, visitors: Visitors
) -> None:
    product.post(coverage())
    product.await_stories(1)
    one, two = visitors.enter("bram"), visitors.enter("sulastri")
    for page in (one, two):
        page.goto(f"{product.url}/berita/1/")
    body(two).fill("Isi yang ditulis Sulastri.")
    kept(two)
    body(one).fill("Isi yang ditulis Bram.")
    one.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(one.locator(".messages")).to_contain_text("Tersimpan")
    body(two).press("End")
    body(two).type(" Lagi.")
    expect(two.locator("#keadaan-draf")).to_contain_text(
        "Bram Hadikusuma menyimpan berita ini sejak Anda mulai"
    )
    two.reload()
    expect(two.get_by_role("alert")).to_contain_text("Bram Hadikusuma mengubah berita ini lebih dulu")
    expect(body(two)).to_have_value("Isi yang ditulis Sulastri. Lagi.")
    two.get_by_role("button", name="Pakai yang sudah disimpan").click()
    expect(body(two)).to_have_value("Isi yang ditulis Bram.")
    expect(two.get_by_role("alert")).to_have_count(0)


def test_somebody_is_called_by_keyboard_and_finds_it_counted(product: Product, visitors: Visitors) -> None:
    product.post(coverage())
    product.await_stories(1)
    page, called = visitors.enter("bram"), visitors.enter("sulastri")
    page.goto(f"{product.url}/berita/1/")
    body(page).fill("Isi yang belum disimpan.")
    talk = page.get_by_label("Tulis komentar")
    talk.type("Mohon dicek @sul")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(talk).to_have_value("Mohon dicek @sulastri ")
    page.get_by_role("button", name="Kirim komentar").click()
    expect(page.locator(".remark")).to_contain_text("Mohon dicek Sulastri")
    expect(body(page)).to_have_value("Isi yang belum disimpan.")
    called.goto(f"{product.url}/antrean/")
    called.get_by_role("link", name="Disebut 1").click()
    expect(called.locator(".mentions-list")).to_contain_text("belum dibaca")
    # It counts as read when the thread comes into sight, which on a tall screen is at once.
    with called.expect_response("**/disebut/dibaca/"):
        called.goto(f"{product.url}/berita/1/")
        called.get_by_role("heading", name="Komentar redaksi").scroll_into_view_if_needed()
    called.goto(f"{product.url}/disebut/")
    expect(called.locator(".mentions-list")).to_contain_text("sudah dibaca")


def test_the_toolbar_marks_words_and_the_browsers_own_undo_takes_it_back(
    product: Product, visitors: Visitors
) -> None:
    product.post(coverage())
    product.await_stories(1)
    page = visitors.enter("bram", width=360, height=740, has_touch=True, is_mobile=True)
    page.goto(f"{product.url}/berita/1/")
    text = body(page)
    text.fill("Rapat besar\nsatu\ndua")
    text.evaluate("(area) => area.setSelectionRange(0, 6)")
    page.get_by_role("button", name="Tebal").tap()
    expect(text).to_have_value("**Rapat** besar\nsatu\ndua")
    page.keyboard.press("Control+b")
    expect(text).to_have_value("Rapat besar\nsatu\ndua")
    text.evaluate("(area) => area.setSelectionRange(12, area.value.length)")
    page.get_by_role("button", name="Daftar").tap()
    expect(text).to_have_value("Rapat besar\n- satu\n- dua")
    page.keyboard.press("Control+z")
    expect(text).to_have_value("Rapat besar\nsatu\ndua")
    text.evaluate("(area) => area.setSelectionRange(0, 5)")
    page.keyboard.press("Control+k")
    page.keyboard.type("https://kota.contoh.example/")
    expect(text).to_have_value("[Rapat](https://kota.contoh.example/) besar\nsatu\ndua")
    kept(page)


def test_one_of_thirty_photos_is_dragged_to_its_place_and_stays_there(
    product: Product, visitors: Visitors
) -> None:
    product.post(coverage(photos=30))
    product.await_stories(1)
    page = visitors.enter("bram")
    page.goto(f"{product.url}/berita/1/")
    captions = page.get_by_label("Keterangan foto")
    expect(captions).to_have_count(30)
    before = [captions.nth(number).input_value() for number in range(30)]
    handle = page.locator("[data-drag]").nth(2)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    expect(page.locator(".photo.held")).to_have_count(1)
    page.mouse.move(box["x"] + 5, 5)
    expect(captions.nth(0)).to_have_value(before[2])
    page.mouse.up()
    kept(page)
    page.reload()
    expect(captions.nth(0)).to_have_value(before[2])
    page.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(page.locator(".messages")).to_contain_text("Tersimpan")
    after = [captions.nth(number).input_value() for number in range(30)]
    assert after == [before[2], *before[:2], *before[3:]]
