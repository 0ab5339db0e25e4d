"""The form on a bad line, in a real browser: what has arrived is not sent again, and nothing is lost."""

from __future__ import annotations

import random
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.office import picture
from tests.real.chromium import PASSWORD, Product, Visitors
from tests.samples.parts import docx

pytestmark = pytest.mark.real

PIECE = 1 << 20
SLOW = {"offline": False, "latency": 20, "downloadThroughput": 4_000_000, "uploadThroughput": 3_000_000}
PARAGRAPHS = [
    "# Wali Kota Uji Buka Musrenbang",
    "Kota Uji – Wali Kota Uji membuka musyawarah perencanaan di aula kecamatan, Jumat (20/11/2026).",
    "Sebanyak 120 peserta dari delapan kelurahan hadir membawa usulan prioritas tahun depan.",
]


class Line:
    """A telephone line to the product: it counts what goes up, and breaks when told to."""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.carried = 0
        self._breaks_at: int | None = None
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._answer, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.close()
        self._cut()

    def breaks_after(self, more: int) -> None:
        """Let `more` bytes go up, then cut every connection and take no new one."""
        with self._lock:
            self._breaks_at = self.carried + more

    def mend(self) -> None:
        with self._lock:
            self._breaks_at = None

    def _broken(self) -> bool:
        return self._breaks_at is not None and self.carried >= self._breaks_at

    def _answer(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if self._broken():
                near.close()
                continue
            far = socket.create_connection(self._to)
            self._open |= {near, far}
            for source, sink, up in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._carry, args=(source, sink, up), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, up: bool) -> None:
        with suppress(OSError):
            while data := source.recv(16384):
                if up:
                    with self._lock:
                        self.carried += len(data)
                        broken = self._broken()
                    if broken:
                        self._cut()
                        return
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _cut(self) -> None:
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    product = Product(tmp_path_factory.mktemp("kantor"))
    product.lay()
    product.person("nala", "contributor", "Nala Ayuningtias")
    return product.folder


@pytest.fixture
def product(tmp_path: Path, office: Path) -> Iterator[Product]:
    shutil.copytree(office / "var", tmp_path / "var")
    with Product(tmp_path) as started:
        yield started


@pytest.fixture
def line(product: Product) -> Iterator[Line]:
    with Line(product.port) as line:
        product.url = line.url
        yield line


@pytest.fixture
def visitors(product: Product, line: Line, browser: Browser) -> Iterator[Visitors]:
    people = Visitors(browser, product)
    yield people
    people.leave()
    assert people.faults == []


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three photos of about two megabytes, and the story in a Word file."""
    folder = tmp_path / "berkas"
    folder.mkdir()
    for number in (1, 2, 3):
        ballast = random.Random(number).randbytes(60_000) * 32
        data = picture(number, (800, 600))
        (folder / f"IMG_203{number}.jpg").write_bytes(data + ballast)
    (folder / "rilis.docx").write_bytes(docx(PARAGRAPHS))
    return sorted(folder.iterdir())


def slowly(page: Page) -> None:
    session: Any = page.context.new_cdp_session(page)
    session.send("Network.emulateNetworkConditions", SLOW)


def row(page: Page, name: str) -> Any:
    return page.locator("[data-file]").filter(has_text=name)


def whole(page: Page) -> Any:
    """The lines of the files that have arrived."""
    return page.locator("[data-state]").filter(has_text="Sudah sampai")


def arrived(page: Page) -> int:
    """The bytes the server has, as the page knows it."""
    found = page.locator("[data-files] > li").evaluate_all(
        "rows => rows.reduce((sum, row) => sum + Number(row.dataset.received), 0)"
    )
    return int(found)


def test_a_line_cut_in_the_middle_costs_at_most_the_piece_that_was_on_it(
    product: Product, visitors: Visitors, line: Line, files: list[Path]
) -> None:
    page = visitors.enter("nala")
    page.get_by_role("link", name="Kirim berita").first.click()
    slowly(page)
    size = sum(file.stat().st_size for file in files)
    before = line.carried
    line.breaks_after(3_000_000)
    page.get_by_label("Tambah foto atau berkas").set_input_files(files)
    expect(page.get_by_text("Sambungan terputus")).to_be_visible(timeout=30_000)
    # The person writes on meanwhile, and sends before everything is there.
    row(page, "IMG_2031").get_by_label("Keterangan foto").fill("Peserta menyimak paparan.")
    row(page, "IMG_2033").get_by_label("Keterangan foto").fill("Wali Kota memukul gong.")
    there = arrived(page)
    assert 1_000_000 < there < size
    page.get_by_role("button", name="Kirim ke redaksi").click()
    expect(page.get_by_role("button", name="Dikirim begitu semua berkas sampai")).to_be_disabled()

    line.mend()
    expect(page.get_by_role("heading", name="Terkirim")).to_be_visible(timeout=60_000)
    assert size < line.carried - before < size + PIECE + 200_000
    expect(page.get_by_role("link", name="Wali Kota Uji Buka Musrenbang")).to_be_visible(timeout=60_000)

    (story,) = product.command("stories", "--json")
    assert story["headline"] == "Wali Kota Uji Buka Musrenbang"
    assert story["dateline_city"] == "Kota Uji"
    assert [(photo["filename"], photo["caption"]) for photo in story["photos"]] == [
        ("IMG_2031.jpg", "Peserta menyimak paparan."),
        ("IMG_2032.jpg", ""),
        ("IMG_2033.jpg", "Wali Kota memukul gong."),
    ]
    (mail,) = product.command("submissions", "--json")
    assert mail["disposition"] == "accepted"


def test_another_day_the_browser_goes_on_where_it_stopped(
    product: Product, visitors: Visitors, line: Line, files: list[Path], tmp_path: Path
) -> None:
    page = visitors.enter("nala")
    page.goto(f"{line.url}/kirim/")
    slowly(page)
    page.get_by_label("Judul").fill("Wali Kota Uji Buka Musrenbang")
    page.get_by_label("Tambah foto atau berkas").set_input_files(files[:1])
    expect(whole(page)).to_have_count(1, timeout=30_000)
    expect(page.get_by_text("Tulisan tersimpan.")).to_be_visible(timeout=30_000)
    line.breaks_after(1_200_000)
    page.get_by_label("Tambah foto atau berkas").set_input_files(files[1:2])
    expect(page.get_by_text("Sambungan terputus")).to_be_visible(timeout=30_000)
    there = arrived(page)
    line.mend()
    page.close(run_before_unload=False)

    page = visitors.enter("nala")
    page.goto(f"{line.url}/kirim/")
    page.get_by_role("link", name="Lanjutkan").click()
    expect(page.get_by_label("Judul")).to_have_value("Wali Kota Uji Buka Musrenbang")
    expect(row(page, "IMG_2032")).to_contain_text("Pilih berkas ini sekali lagi")
    # Sent as it is, the page says what is missing, and sends nothing.
    page.get_by_role("button", name="Kirim ke redaksi").click()
    expect(page.get_by_role("alert")).to_contain_text("Baru sebagian sampai")
    assert arrived(page) >= there

    # Another photo of the same name and size is not glued to the half that is there.
    other = tmp_path / "lain" / files[1].name
    other.parent.mkdir()
    other.write_bytes(bytes(reversed(files[1].read_bytes())))
    page.get_by_label("Tambah foto atau berkas").set_input_files(other)
    expect(row(page, "IMG_2032")).to_have_count(2)
    expect(row(page, "IMG_2032").last).to_contain_text("Sudah sampai", timeout=30_000)
    row(page, "IMG_2032").last.get_by_role("button", name="Hapus").click()
    expect(row(page, "IMG_2032")).to_have_count(1)

    before, half = line.carried, arrived(page)
    page.get_by_label("Tambah foto atau berkas").set_input_files(files[1])
    expect(row(page, "IMG_2032")).to_contain_text("Sudah sampai", timeout=30_000)
    rest = sum(file.stat().st_size for file in files[:2]) - half
    assert rest <= line.carried - before < rest + 200_000
    # The second photo first, by its button.
    row(page, "IMG_2032").get_by_role("button", name="Naikkan").click()
    page.get_by_label("Naskah").fill("\n\n".join(PARAGRAPHS[1:]))
    page.get_by_role("button", name="Kirim ke redaksi").click()
    expect(page.get_by_role("heading", name="Terkirim")).to_be_visible(timeout=30_000)
    (story,) = product.await_stories(1)
    assert [photo["filename"] for photo in story["photos"]] == ["IMG_2032.jpg", "IMG_2031.jpg"]


def test_files_are_dropped_and_sorted_by_dragging_on_the_desk(
    product: Product, visitors: Visitors, files: list[Path]
) -> None:
    page = visitors.enter("nala")
    page.goto(f"{product.url}/kirim/")
    dropped = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            for (const name of ["a.txt", "b.txt"]) data.items.add(new File([name.repeat(9)], name, {type: "text/plain"}));
            return data;
        }"""
    )
    page.dispatch_event("#naskah", "drop", {"dataTransfer": dropped})
    expect(whole(page)).to_have_count(2, timeout=30_000)
    page.get_by_label("Tambah foto atau berkas").set_input_files(files[:1])
    expect(row(page, "IMG_2031").locator("[data-thumb] img")).to_have_attribute(
        "src", re.compile("^data:image/jpeg"), timeout=30_000
    )
    expect(whole(page)).to_have_count(3, timeout=30_000)
    row(page, "IMG_2031").locator("[data-thumb]").hover()
    page.mouse.down()
    first = row(page, "a.txt").bounding_box()
    # A hand that rests goes on telling where it is; this one must move a little for it.
    for nearer in range(20, 0, -5):
        page.mouse.move(first["x"] + 60, first["y"] + 5 + nearer, steps=4)
    expect(page.locator("[data-filename]")).to_have_text(["IMG_2031.jpg", "a.txt", "b.txt"])
    page.mouse.up()
    expect(page.locator("[data-filename]")).to_have_text(["IMG_2031.jpg", "a.txt", "b.txt"])
    expect(page.locator("[data-saved]")).to_have_text("Tulisan tersimpan.", timeout=30_000)
    page.reload()
    expect(page.locator("[data-filename]")).to_have_text(["IMG_2031.jpg", "a.txt", "b.txt"])
    expect(row(page, "IMG_2031").locator("[data-thumb] img")).to_be_visible()


def test_without_a_script_the_form_takes_files_and_captions(
    product: Product, visitors: Visitors, files: list[Path]
) -> None:
    page = visitors.window(java_script_enabled=False)
    page.goto(f"{product.url}/masuk/?next=/kirim/")
    page.get_by_label("Nama akun").fill("nala")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_label("Naskah").fill("\n\n".join(PARAGRAPHS[1:]))
    page.locator("#berkas").set_input_files(files[:1])
    page.get_by_role("button", name="Unggah, lalu isi keterangan foto").click()
    page.get_by_label("Keterangan foto").fill("Peserta menyimak.")
    page.get_by_role("button", name="Kirim ke redaksi").click()
    expect(page.get_by_role("heading", name="Terkirim")).to_be_visible()
    (story,) = product.await_stories(1)
    assert [photo["caption"] for photo in story["photos"]] == ["Peserta menyimak."]


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_guide_fits_one_sheet_and_no_page_is_wider_than_the_screen(
    product: Product, visitors: Visitors, tmp_path: Path, language: str
) -> None:
    page = visitors.window(360, 780)
    page.goto(f"{product.url}/panduan/")
    if language == "en":
        page.get_by_role("button", name="EN").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    sheet = tmp_path / "panduan.pdf"
    page.pdf(path=sheet, prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(sheet)
    try:
        assert len(document) == 1
        width, height = document.get_page_size(0)
        assert (round(width), round(height)) == (595, 842)
        assert "panduan" in document[0].get_textpage().get_text_range()
    finally:
        document.close()
