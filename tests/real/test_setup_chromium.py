"""An empty house set up in a real browser, at a phone's width: from the printed link to a test mail in the queue."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from PIL import Image
from playwright.sync_api import Page, expect

from tests.real.chromium import Product, Visitors

pytestmark = pytest.mark.real
BARE = """
# Our office.
office:    {{name: Media Center Kota Contoh}}
data:      ./var
web:       {{listen: 127.0.0.1:{port}, public_url: http://127.0.0.1:{port}}}
proof:     {{picture: false}}
"""
SANDI = "kalimat sandi yang panjang"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("setup"), BARE) as started:
        yield started


def shown(page: Page, name: str) -> None:
    """Hold the page to its width; with PICTURES named, keep a picture of it at both widths."""
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} px wide at {width}"
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def first_account(page: Page, product: Product) -> None:
    link = next(found[0] for line in product.log if (found := re.search(r"http\S+/tautan/\S+", line)))
    page.goto(link)
    shown(page, "akun")
    page.get_by_label("Nama", exact=True).fill("Sri Wulandari")
    page.get_by_label("Nama akun").fill("sri")
    page.get_by_label("Kata sandi", exact=True).fill(SANDI)
    page.get_by_label("Kata sandi, sekali lagi").fill(SANDI)
    page.get_by_role("button", name="Buat akun").click()
    page.get_by_label("Nama akun").fill("sri")
    page.get_by_label("Kata sandi").fill(SANDI)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url("**/pengaturan/")


def start(page: Page, step: str) -> None:
    page.get_by_role("link", name=re.compile(rf"^(Mulai|Buka lagi) ?: {step}$")).click()


def test_five_steps_from_an_empty_house_to_a_test_mail_in_the_queue(
    product: Product, visitors: Visitors
) -> None:
    page = visitors.window(width=360, height=900)
    first_account(page, product)
    shown(page, "daftar")
    page.goto(f"{product.url}/antrean/")
    shown(page, "antrean")
    page.get_by_role("link", name="Penyiapan: 0 dari 5").click()

    start(page, "Kantor")
    page.get_by_label("Nama kantor").fill("Media Center Kota Teluk Kencana Raya")
    page.get_by_label("Zona waktu").select_option("Asia/Makassar")
    shown(page, "kantor")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("sesudah Redaksi dimulai ulang")).to_be_visible()
    start(page, "Kantor")
    logo = io.BytesIO()
    Image.new("RGB", (600, 200), "teal").save(logo, "PNG")
    page.get_by_label("Berkas gambar").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": logo.getvalue()}
    )
    page.get_by_role("button", name="Pakai logo ini").click()
    expect(page.get_by_alt_text("Logo kantor sekarang")).to_be_visible()
    assert page.get_by_alt_text("Logo kantor sekarang").evaluate("one => one.naturalWidth") == 480
    shown(page, "logo")
    page.get_by_role("link", name="Kembali ke daftar").click()

    start(page, "Orang")
    page.get_by_label("Nama", exact=True).fill("Rahma")
    page.get_by_label("Peran utama").select_option(label="Editor")
    page.get_by_role("button", name="Buat tautan undangan").click()
    expect(page.get_by_text(f"{product.url}/tautan/")).to_be_visible()
    shown(page, "orang")
    page.get_by_role("link", name="Kembali ke daftar").click()

    start(page, "Kotak surel")
    shown(page, "surel")
    page.get_by_role("link", name="Tambah kotak surel").click()
    page.get_by_label("Alamat surel").fill("redaksi@contoh.invalid")
    page.get_by_label("Kata sandi").fill("salah")
    shown(page, "imap")
    page.get_by_role("button", name="Coba sambungkan").click()
    expect(page.get_by_text("mail.contoh.invalid").first).to_be_visible()
    shown(page, "imap-gagal")
    page.get_by_label("Folder di komputer ini").check()
    expect(page.get_by_label("Alamat surel")).to_be_hidden()
    page.get_by_label("Nama pendek").fill("kiriman")
    page.get_by_label("Folder", exact=True).fill("./surel")
    page.get_by_role("button", name="Coba lagi").click()
    expect(page.get_by_text("Maildir dapat dibaca, berisi 0 surel")).to_be_visible()
    shown(page, "surel-tinjau")
    page.get_by_role("button", name="Tulis dan pakai").click()
    page.get_by_role("link", name="Siapkan surel keluar").click()
    shown(page, "keluar")
    page.get_by_role("link", name="Penyiapan").click()

    start(page, "Situs")
    page.get_by_label("Nama situs").fill("Berita Teluk Kencana")
    page.get_by_role("button", name="Buat situs").click()
    expect(page.get_by_role("link", name="Buka Berita Teluk Kencana")).to_be_visible()
    shown(page, "situs")
    page.get_by_role("link", name="Kembali ke daftar").click()

    start(page, "Surel uji")
    shown(page, "uji")
    page.get_by_role("button", name="Taruh surel uji di sana").click()
    shown(page, "uji-jalan")
    expect(page.get_by_text("Surel uji sampai di antrean")).to_be_visible(timeout=60_000)
    shown(page, "uji-sampai")
    page.get_by_role("link", name="Buka beritanya").click()
    expect(page.get_by_text("tidak pernah ditayangkan").first).to_be_visible()
    expect(page.get_by_role("button", name="Layak, tayangkan")).to_have_count(0)
    shown(page, "berita")
    page.go_back()
    page.get_by_role("button", name="Tolak berita uji").click()
    expect(page.get_by_text("Berita uji ditolak")).to_be_visible()
    page.goto(f"{product.url}/pengaturan/")
    expect(page.get_by_text("Semua langkah selesai")).to_be_visible()
    shown(page, "selesai")
    page.goto(f"{product.url}/antrean/")
    expect(page.get_by_text("Penyiapan:")).to_have_count(0)

    text = (product.folder / "settings.yaml").read_text()
    assert "# Our office." in text
    said = yaml.safe_load(text)
    assert said["office"]["zone"] == "Asia/Makassar"
    assert said["mailboxes"] == [{"name": "kiriman", "kind": "folder", "path": "./surel"}]
    assert [site["title"] for site in said["sites"]] == ["Berita Teluk Kencana"]
