"""An editor makes a collage of 24 out of 240 photos, and another lets it out: in Chromium, with the worker beside it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.real.chromium import ROOT, Product, Visitors, chromium

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def visitors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitors]:
    product = Product(tmp_path_factory.mktemp("kantor"))
    product.lay()
    subprocess.run(
        [sys.executable, "-m", "tests.real.many_photos"],
        cwd=ROOT,
        env={**product._environment, "DJANGO_SETTINGS_MODULE": "web.settings"},
        check=True,
        capture_output=True,
    )
    product.person("bram", "editor", "Bram")
    product.person("lastri", "editor", "Lastri")
    with product, chromium() as browser:
        people = Visitors(browser, product)
        yield people
        people.leave()
        assert people.faults == []


def order(page: Page) -> list[str]:
    """Return the photos of the page in their order."""
    sources = page.locator(".tile image").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return [re.sub(r".*/|\.jpg.*", "", source) for source in sources]


def drag(page: Page, one: Locator, other: Locator) -> None:
    one.scroll_into_view_if_needed()
    start = one.bounding_box()
    assert start
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + start["width"] / 2 + 20, start["y"] + start["height"] / 2 + 5)
    end = other.bounding_box()
    assert end
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=4)
    page.mouse.up()


def revision(page: Page, number: int) -> None:
    """Wait until the act before has been answered."""
    expect(page.locator(f"#kolase[data-revision='{number}']")).to_be_visible()


def chosen(page: Page, number: int) -> None:
    expect(page.get_by_role("heading", name=f"Foto {number}", exact=True)).to_be_visible()


def begun(page: Page, visitors: Visitors) -> None:
    """Begin a collage from the page of all collages, after a period that is too short."""
    page.goto(f"{visitors.product.url}/lainnya/")
    page.locator(".card", has=page.get_by_role("heading", name="Kolase")).get_by_role(
        "link", name="Buka"
    ).click()
    proposed = page.get_by_text("Usulan Redaksi, menunggu editor")  # the period that is over
    for _ in range(20):
        if proposed.count():
            break
        visitors.product.command("stories", "--json")  # the worker looks for it in its own time
        page.reload()
    expect(proposed).to_be_visible()
    page.get_by_role("link", name="Susun kolase").click()
    end = page.get_by_label("Sampai tanggal").input_value()
    start = page.get_by_label("Dari tanggal").input_value()
    page.get_by_label("Sampai tanggal").fill(f"{start[:5]}02-28")
    page.get_by_role("button", name="Usulkan fotonya").click()
    expect(page.get_by_role("alert")).to_contain_text("harus 3 sampai 6 bulan")
    page.get_by_label("Sampai tanggal").fill(end)
    page.get_by_role("button", name="Usulkan fotonya").click()
    page.wait_for_url("**/kolase/*/")


def test_an_editor_makes_a_collage_of_24_from_240_photos_and_publishes_it(
    visitors: Visitors, tmp_path: Path
) -> None:
    page = visitors.enter("bram")
    begun(page, visitors)
    expect(page.locator(".tile")).to_have_count(24)
    expect(page.locator("#calon .count")).to_have_text("231")  # nine show a child without consent
    expect(page.get_by_text("9 foto tidak boleh dimuat")).to_be_visible()
    arrange(page, visitors)
    on_a_phone(page)
    made_and_downloaded(page, tmp_path)
    published(page, visitors)


def arrange(page: Page, visitors: Visitors) -> None:
    first = order(page)
    drag(page, page.locator("#kotak-0"), page.locator("#kotak-7"))
    revision(page, 1)
    assert order(page) == [first[7], *first[1:7], first[0], *first[8:]]
    # By keys: choose a photo, lock it, move its neighbour past it.
    page.locator("#kotak-3").focus()
    page.keyboard.press("Enter")
    chosen(page, 4)
    page.get_by_role("button", name="Kunci di sini").press("Enter")
    revision(page, 2)
    expect(page.locator("#kotak-3")).to_have_attribute("aria-label", re.compile("dikunci"))
    page.locator("#kotak-2").press("Space")
    chosen(page, 3)
    page.get_by_role("button", name="Geser mundur").press("Enter")
    revision(page, 3)
    now = order(page)
    assert (now[3], now[4]) == (first[3], first[2])
    # A tap says what a crop must keep.
    before = page.locator("#kotak-4 svg").first.get_attribute("viewBox")
    page.get_by_label("Diperlihatkan sedekat").select_option("2")
    revision(page, 4)
    stage = page.locator("[data-focus-stage] img")
    box = stage.bounding_box()
    assert box
    stage.click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.9})
    revision(page, 5)
    assert page.locator("#kotak-4 svg").first.get_attribute("viewBox") != before
    # A candidate takes a photo's place, and goes again.
    newcomer = page.locator(".nominee[data-free]").first
    sha256 = newcomer.get_attribute("data-photo")
    drag_onto(page, newcomer, 5)
    revision(page, 6)
    assert order(page)[5] == sha256
    page.keyboard.press("Control+z")
    revision(page, 7)
    assert order(page) == now
    together(page, visitors)
    page.get_by_label("Judul", exact=True).fill("Enam bulan bersama warga")
    page.get_by_label("Judul", exact=True).press("Enter")
    revision(page, 9)
    expect(page.get_by_role("heading", name="Enam bulan bersama warga")).to_be_visible()


def drag_onto(page: Page, newcomer: Locator, place: int) -> None:
    """Drag a candidate up to the page; both are seen at once only in a tall window."""
    page.set_viewport_size({"width": 1440, "height": 2600})
    drag(page, newcomer.locator("img"), page.locator(f"#kotak-{place}"))
    page.set_viewport_size({"width": 1440, "height": 900})


def together(page: Page, visitors: Visitors) -> None:
    """Somebody else changes the collage: who did not see it is told, and sees it."""
    other = visitors.enter("lastri")
    other.goto(page.url)
    other.get_by_label("Tata letak").select_option("timeline")
    revision(other, 8)
    page.locator("#kotak-1").click()
    chosen(page, 2)
    page.evaluate("document.querySelector('#keluarkan [name=dilihat]').value = '7'")
    page.get_by_role("button", name="Keluarkan").click()
    expect(page.get_by_role("alert")).to_contain_text("baru saja diubah Lastri")
    expect(page.locator(".tile")).to_have_count(24)
    expect(page.get_by_label("Tata letak")).to_have_value("timeline")


def on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    page.locator("#urut-2").click()
    chosen(page, 3)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.set_viewport_size({"width": 1440, "height": 900})


def made_and_downloaded(page: Page, folder: Path) -> None:
    page.get_by_role("button", name="Buat kolase").click()
    expect(page.get_by_role("heading", name="Hasilnya")).to_be_visible(timeout=120_000)
    files = {}
    for name in (
        "JPEG untuk dicetak",
        "PDF untuk dicetak",
        "JPEG untuk web",
        "WebP untuk web",
        "Halaman dengan",
    ):
        with page.expect_download() as told:
            page.get_by_role("link", name=name).click()
        download = told.value
        path = folder / download.suggested_filename
        download.save_as(path)
        files[path.name] = path
    assert set(files) == {
        f"enam-bulan-bersama-warga{end}" for end in (".jpg", ".pdf", "-web.jpg", "-web.webp", "-foto.zip")
    }
    with Image.open(files["enam-bulan-bersama-warga.jpg"]) as printed:
        assert printed.info["dpi"] == (300, 300)
        assert min(printed.size) >= 3507, "A3"
    assert len(pypdfium2.PdfDocument(files["enam-bulan-bersama-warga.pdf"])) == 1
    for name in ("enam-bulan-bersama-warga-web.jpg", "enam-bulan-bersama-warga-web.webp"):
        assert files[name].stat().st_size <= 500_000
        Image.open(files[name]).verify()
    with zipfile.ZipFile(files["enam-bulan-bersama-warga-foto.zip"]) as packed:
        photos = [name for name in packed.namelist() if name.startswith("foto/")]
        assert len(photos) == 24
        Image.open(io.BytesIO(packed.read(photos[0]))).verify()


def published(page: Page, visitors: Visitors) -> None:
    page.get_by_role("button", name="Kirim ke antrean sebagai berita").click()
    expect(page.get_by_text("Kolase masuk antrean sebagai berita")).to_be_visible()
    address = page.get_by_role("link", name="Buka beritanya").get_attribute("href")
    other = visitors.enter("lastri")
    other.goto(visitors.product.url + str(address))
    expect(other.get_by_text("Enam bulan bersama warga").first).to_be_visible()
    other.get_by_role("button", name=re.compile("Layak, tayangkan")).first.click()
    expect(other.locator(".messages")).to_contain_text("layak dan ditayangkan ke 3 situs")
    other.goto(visitors.product.url + str(address))
    expect(other.locator(".standing.live")).to_have_count(3, timeout=60_000)
    pages = [
        file
        for file in visitors.product.folder.glob("situs/kota/**/index.html")
        if "bersama warga" in file.read_text()
    ]
    assert any("warga kelurahan, foto" in file.read_text() for file in pages), "captions are text"
