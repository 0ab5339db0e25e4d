"""A site is connected as an administrator does it: in a browser, by WordPress' own page, down to the first story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
import yaml
from playwright.sync_api import Page

from tests.office import coverage
from tests.real.chromium import Product, Visitors, chromium
from tests.real.wordpress.site import WordPressSite

pytestmark = pytest.mark.real
pytest_plugins = ("tests.real.wordpress.fixtures",)
LOGIN_PASSWORD = "kata sandi masuk"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    office = Product(tmp_path / "kantor")
    with office:
        office.person("wulan", "admin", "Wulan")
        office.person("bram", "editor", "Bram")
        office.contributor("nala@contoh.example", "Nala Ayuningtias", "MC. Kota Uji", "nala")
        yield office


def found(page: Page, product: Product, site: WordPressSite) -> None:
    """Go as far as what was found at a pasted address."""
    page.goto(f"{product.url}/lainnya/")
    page.get_by_role("link", name="Mulai").click()
    page.get_by_label("Alamat situs").fill(f"{site.url.removeprefix('http://')}/?p=1")
    page.get_by_role("button", name="Periksa alamat").click()
    page.get_by_label("Situs ini memang berada di jaringan kantor").check()
    page.get_by_role("button", name="Periksa lagi").click()
    page.get_by_role("heading", name="Yang ditemukan").wait_for()


def signed_in_at_wordpress(page: Page, site: WordPressSite) -> None:
    """Sign in at WordPress as its page for applications asks, as far as its question."""
    page.get_by_role("link", name="Buka halaman izin WordPress").click()
    page.locator("#user_login").fill("redaksi")
    page.locator("#user_pass").fill(LOGIN_PASSWORD)
    page.locator("#wp-submit").click()
    page.locator("#approve").wait_for()


def written(product: Product) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = yaml.safe_load((product.folder / "settings.yaml").read_text())["sites"]
    return rows


@pytest.mark.parametrize("which", ["kota", "newest"])
def test_from_an_address_to_the_first_story_without_a_new_start(
    request: pytest.FixtureRequest, which: str, product: Product
) -> None:
    site: WordPressSite = request.getfixturevalue(which)
    with chromium() as browser:
        visitors = Visitors(browser, product)
        page = visitors.enter("wulan")
        found(page, product, site)
        signed_in_at_wordpress(page, site)
        page.locator("#approve").click()
        page.get_by_role("heading", name="Yang dicoba").wait_for()
        assert page.url == f"{product.url}/pengaturan/situs/periksa/"
        assert page.get_by_text("Boleh menayangkan dan mengunggah foto.").is_visible()
        page.get_by_role("button", name="Uji tulis sekarang").click()
        page.get_by_text("Draf dan foto uji sudah dihapus lagi.").wait_for()
        assert page.locator(".finding.bad").count() == 0
        page.get_by_label("Nama situs").fill("Situs Kota")
        page.get_by_label("Nama pendek").fill("situs-kota")
        page.get_by_label("Kategori untuk berita lain").select_option("Info & Pengumuman")
        page.get_by_role("button", name="Lanjut").click()
        assert "name: situs-kota" in page.locator("#baris").inner_text()
        before = (product.folder / "settings.yaml").read_text()
        page.get_by_role("button", name="Tulis dan pakai").click()
        page.get_by_role("heading", name="Situs tersambung").wait_for()
        # WordPress' page is on another server, where Chromium keeps its own account of faults.
        assert [fault for fault in visitors.faults if product.url in fault] == []
        page.go_back()
        assert "password" not in page.url
        visitors.leave()
    after = (product.folder / "settings.yaml").read_text()
    assert after.startswith(before.rstrip("\n"))
    (entry,) = [row for row in written(product) if row["name"] == "situs-kota"]
    assert (entry["kind"], entry["user"]) == ("wordpress", "redaksi")
    assert entry["categories"] == {"default": site.categories["default"]}
    secret = product.folder / str(entry["password_file"])
    assert secret.stat().st_mode & 0o777 == 0o600
    password = secret.read_text().strip()
    assert len(password.replace(" ", "")) == 24
    told = after + unquote_plus("".join(product.log))
    assert password not in told
    assert password.replace(" ", "") not in told
    assert not [
        path
        for path in (product.folder / "var").glob("redaksi.sqlite3*")
        if password.encode() in path.read_bytes()
    ]
    assert (site.posts(), site.media()) == ([], [])
    product.post(coverage(photos=1))
    (story,) = product.await_stories(1)
    product.command("move", str(story["id"]), "verify", "--by", "bram")
    for _ in range(60):
        if site.posts("publish"):
            break
        product.command("deliveries", "--json")
    (post,) = site.posts("publish")
    assert post["terms"] == ["Info &amp; Pengumuman"]


def test_a_refusal_at_wordpress_leads_back_and_nothing_is_kept(kota: WordPressSite, product: Product) -> None:
    with chromium() as browser:
        visitors = Visitors(browser, product)
        page = visitors.enter("wulan")
        found(page, product, kota)
        signed_in_at_wordpress(page, kota)
        page.locator("#reject").click()
        page.get_by_text("Situs belum memberi izin").wait_for()
        visitors.leave()
    assert not list((product.folder / "var").glob("secrets/*"))


def test_a_wrong_password_by_hand_is_named_and_given_up_without_a_trace(
    kota: WordPressSite, product: Product
) -> None:
    with chromium() as browser:
        visitors = Visitors(browser, product)
        page = visitors.enter("wulan")
        found(page, product, kota)
        page.get_by_label("Nama akun di situs").fill("redaksi")
        page.get_by_label("Kata sandi aplikasi", exact=True).fill(LOGIN_PASSWORD)
        page.get_by_role("button", name="Masuk dan periksa").click()
        page.get_by_text("Kata sandi ini bukan kata sandi aplikasi").wait_for()
        assert page.get_by_role("button", name="Lanjut").count() == 0
        page.get_by_role("link", name="Masuk dengan cara lain").click()
        page.get_by_label("Nama akun di situs").fill("redaksi")
        page.get_by_label("Kata sandi aplikasi", exact=True).fill(kota.passwords["redaksi"])
        page.get_by_text("XML-RPC, untuk WordPress lama").click()
        page.get_by_role("button", name="Masuk dan periksa").click()
        page.get_by_text("Boleh menayangkan dan mengunggah foto.").wait_for()
        assert len(list((product.folder / "var" / "secrets").iterdir())) == 1
        page.get_by_role("button", name="Batal sambungkan").click()
        page.get_by_role("heading", name="Lainnya").wait_for()
        assert visitors.faults == []
        visitors.leave()
    assert not list((product.folder / "var" / "secrets").iterdir())
    assert len(written(product)) == 3


def test_a_file_that_may_only_be_read_gives_the_lines_to_paste(kota: WordPressSite, product: Product) -> None:
    file = product.folder / "settings.yaml"
    with chromium() as browser:
        visitors = Visitors(browser, product)
        page = visitors.enter("wulan")
        found(page, product, kota)
        page.get_by_role("button", name="Daftarkan sebagai situs berbantuan").click()
        page.get_by_label("Nama pendek").fill("portal")
        page.get_by_role("button", name="Lanjut").click()
        file.chmod(0o444)
        page.get_by_role("button", name="Tulis dan pakai").click()
        page.get_by_text("hanya boleh dibaca").wait_for()
        lines = page.locator("#baris").inner_text()
        assert visitors.faults == []
        visitors.leave()
    assert yaml.safe_load(lines)["sites"] == [
        {"name": "portal", "kind": "assisted", "title": kota.title, "url": kota.url}
    ]
