"""A person chooses what they hear of, tries their own address and is told, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.office import coverage
from tests.pipeline.mail_server import mail_server
from tests.pipeline.test_notices import SECRET, Receiver, receiving
from tests.real.chromium import SETTINGS, Product, Visitors

pytestmark = pytest.mark.real


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with mail_server() as server:
        told = f"outgoing: {{{{host: 127.0.0.1, port: {server.port}, security: none}}}}\n"
        told += "notices: {{private_addresses: true}}\n"
        with Product(tmp_path_factory.mktemp("notices"), SETTINGS + told) as started:
            started.person("bram", "editor")
            started.contributor("nala@contoh.example", "Nala Ayuningtias", "MC. Kota Uji", "nala")
            yield started


def test_a_person_adds_an_address_tries_it_and_hears_of_a_new_story_there(
    product: Product, browser: Browser, receiver: Receiver
) -> None:
    visitors = Visitors(browser, product)
    page = visitors.enter("bram", width=360, height=780)
    page.goto(f"{product.url}/akun/")
    page.get_by_role("link", name="Atur pemberitahuan").click()
    expect(page.get_by_text("Akun Anda belum punya alamat surel.")).to_be_visible()
    page.get_by_label("Alamat", exact=True).fill("file:///etc/passwd")
    page.get_by_role("button", name="Pasang").click()
    expect(page.get_by_role("alert")).to_contain_text("Jenis alamat ini tidak dapat dipakai")
    page.get_by_label("Alamat", exact=True).fill(receiver.url)
    page.get_by_role("button", name="Pasang").click()
    expect(page.get_by_role("status")).to_contain_text("Alamat dipasang")
    assert SECRET not in page.content()
    receiver.refuses = True
    page.get_by_role("button", name="Coba Webhook").click()
    expect(page.get_by_text("Percobaan gagal. Webhook tidak menerima")).to_be_visible()
    receiver.refuses = False
    page.get_by_role("button", name="Coba Webhook").click()
    expect(page.get_by_role("status")).to_contain_text("Diterima")
    assert receiver.subjects == ["percobaan pemberitahuan"]
    page.get_by_label("Kapan: Kiriman baru masuk antrean").select_option(label="Segera")
    page.get_by_label("Lewat: Kiriman baru masuk antrean").select_option(label="lewat Webhook")
    page.get_by_label("dari", exact=True).fill("21:00")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("alert")).to_contain_text("Isi awal dan akhir jam tenang")
    page.get_by_label("dari", exact=True).fill("")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("status")).to_contain_text("Tersimpan")
    expect(page.get_by_label("Lewat: Kiriman baru masuk antrean")).to_have_value("own")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    product.post(coverage())
    product.await_stories(1)
    told = receiver.await_one(2)
    assert told["title"] == "Media Center Kota Uji: Kiriman baru: “Wali Kota Uji Membuka Musrenbang”"
    address = next(line for line in told["message"].splitlines() if "/berita/" in line)
    page.goto(address)
    expect(page.get_by_label("Judul")).to_have_value("Wali Kota Uji Membuka Musrenbang")
    page.goto(f"{product.url}/akun/pemberitahuan/")
    page.get_by_role("button", name="Hapus Webhook").click()
    expect(page.get_by_role("status")).to_contain_text("Alamat dihapus")
    visitors.leave()
    assert visitors.faults == []
