"""The table for one photo as editors use it: boxes drawn by pointer and finger, numbers, keys."""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.office import coverage
from tests.real.chromium import Product, Visitors, chromium

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def visitors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitors]:
    product = Product(tmp_path_factory.mktemp("kantor"))
    product.lay()
    product.person("bram", "editor", "Bram")
    product.contributor("nala@contoh.example", "Nala", "MC. Kota Uji", "nala")
    with product, chromium() as browser:
        product.post(coverage(photos=1))
        product.await_stories(1)
        people = Visitors(browser, product)
        yield people
        people.leave()
        assert people.faults == []


def at_the_table(visitors: Visitors, **how: object) -> Page:
    page = visitors.enter("bram", **how)
    page.goto(f"{visitors.product.url}/berita/1/foto/1/sunting/")
    expect(page.locator("[data-stage].tools")).to_be_visible()
    return page


def drag(page: Page, stage: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    frame = stage.bounding_box()
    assert frame
    points = [(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]) for x, y in (start, end)]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=4)
    page.mouse.up()


def shown(page: Page, address: str) -> Image.Image:
    return Image.open(io.BytesIO(page.request.get(urljoin(page.url, address)).body())).convert("RGB")


def test_boxes_are_drawn_moved_and_saved_and_every_rendition_carries_them(visitors: Visitors) -> None:
    page = at_the_table(visitors)
    stage = page.locator("[data-stage]")
    plain = shown(page, "/foto/1/kecil.jpg")
    drag(page, stage, (0.2, 0.2), (0.5, 0.6))
    expect(page.locator(".box.kabur")).to_have_count(1)
    drag(page, stage, (0.3, 0.3), (0.4, 0.3))
    row = page.locator("[data-blur]").first.locator("input")
    assert [round(float(field.input_value())) for field in row.all()] == [30, 20, 60, 60]

    # By keys: the box is moved back, and the confirmation given before is asked again.
    page.get_by_label("Sudah saya periksa").check()
    box = page.locator(".box.kabur")
    box.focus()
    box.press("ArrowLeft")
    expect(page.locator(".box.kabur")).to_be_focused()
    assert round(float(row.first.input_value())) == 29
    expect(page.get_by_label("Sudah saya periksa")).not_to_be_checked()

    page.locator(".modes label", has_text="Potong").click()
    page.get_by_role("button", name="16:9").click()
    drag(page, stage, (0.1, 0.1), (0.9, 0.9))
    preview = page.locator("[data-preview-image]")
    expect(preview).to_have_js_property("complete", True)
    page.get_by_label("Terlihat anak").check()
    page.get_by_label("Sudah saya periksa").check()
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Foto tersimpan.")).to_be_visible()

    thumbnail = page.locator(".photo img").first
    address = thumbnail.get_attribute("src")
    assert address
    assert "?s=" in address, "a browser does not show the picture it kept"
    saved = shown(page, address)
    assert abs(saved.width / saved.height - 16 / 9) < 0.03
    assert abs(plain.width / plain.height - 4 / 3) < 0.03

    # Back to the original.
    page.locator(".photo-tools").first.click()
    page.get_by_role("button", name="Kembalikan ke asli").click()
    expect(page.get_by_text("Foto kembali seperti aslinya.")).to_be_visible()
    again = shown(page, str(page.locator(".photo img").first.get_attribute("src")))
    assert again.tobytes() == plain.tobytes()


def test_the_delete_key_and_numbers_do_what_the_pointer_does(visitors: Visitors) -> None:
    page = at_the_table(visitors)
    page.get_by_text("Dengan angka").click()
    for field, value in zip(
        page.locator("[data-blur]").first.locator("input").all(), ["10", "10", "40,5", "40"], strict=True
    ):
        field.fill(value)
    box = page.locator(".box.kabur")
    expect(box).to_have_count(1)
    frame, stage = box.bounding_box(), page.locator("[data-stage]").bounding_box()
    assert frame
    assert stage
    assert abs(frame["width"] / stage["width"] - 0.305) < 0.01
    box.press("Delete")
    expect(box).to_have_count(0)
    page.locator("[name=potong-kanan]").fill("abc")
    expect(page.locator("[data-preview-error]")).to_contain_text("bukan angka persen")


def test_the_table_fits_a_phone_and_a_finger_draws_on_it(visitors: Visitors) -> None:
    page = at_the_table(visitors, width=360, height=780, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator(".modes label", has_text="Titik fokus").tap()
    stage = page.locator("[data-stage]")
    frame = stage.bounding_box()
    assert frame
    stage.tap(position={"x": frame["width"] / 4, "y": frame["height"] / 2})
    expect(page.locator(".focus-mark")).to_be_visible()
    assert round(float(page.locator("[name=fokus-x]").input_value())) == 25
    for target in page.locator(".modes label, .retouch-acts .button").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= 43.5


def test_a_blur_is_made_sized_taken_back_and_saved_by_keys_alone(visitors: Visitors) -> None:
    page = at_the_table(visitors)
    add = page.get_by_role("button", name="Tambah kotak")
    tabbed_to(page, add)
    page.keyboard.press("Enter")
    box = page.locator(".box.kabur")
    expect(box).to_be_focused()
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowDown"):
        page.keyboard.press(key)
    row = page.locator("[data-blur]").first.locator("input")
    assert [round(float(field.input_value())) for field in row.all()] == [38, 40, 58, 61]
    page.keyboard.press("Control+z")
    assert [round(float(field.input_value())) for field in row.all()] == [38, 40, 58, 60]
    page.keyboard.press("Delete")
    expect(box).to_have_count(0)
    tabbed_to(page, page.get_by_role("button", name="Urungkan"))
    page.keyboard.press("Enter")
    expect(box).to_have_count(1)
    tabbed_to(page, page.get_by_label("Terlihat anak"))
    page.keyboard.press("Space")
    tabbed_to(page, page.get_by_label("Sudah saya periksa"))
    page.keyboard.press("Space")
    tabbed_to(page, page.get_by_role("button", name="Simpan"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Foto tersimpan.")).to_be_visible()
    expect(page.get_by_text("1 bagian dikaburkan")).to_be_visible()
    page.locator(".photo-tools").first.click()
    page.get_by_role("button", name="Kembalikan ke asli").click()
    expect(page.get_by_text("Foto kembali seperti aslinya.")).to_be_visible()


def test_on_a_phone_a_box_is_drawn_removed_and_brought_back_without_a_keyboard(visitors: Visitors) -> None:
    page = at_the_table(visitors, width=360, height=780, has_touch=True)
    remove, undo = (page.get_by_role("button", name=name) for name in ("Hapus kotak", "Urungkan"))
    expect(remove).to_be_disabled()
    expect(undo).to_be_disabled()
    page.get_by_role("button", name="Tambah kotak").tap()
    page.get_by_role("button", name="Tambah kotak").tap()
    boxes = page.locator(".box.kabur")
    expect(boxes).to_have_count(2)
    remove.tap()
    expect(boxes).to_have_count(1)
    undo.tap()
    expect(boxes).to_have_count(2)
    for target in page.locator(".stage-acts .button").all():
        size = target.bounding_box()
        assert size
        assert size["height"] >= 43.5
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def tabbed_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus, as somebody without a mouse does."""
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the Tab key does not lead there")
