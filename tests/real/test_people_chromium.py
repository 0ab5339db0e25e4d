"""Coming in: invited, with a second factor, with a passkey; and a session ended from elsewhere. In a real browser."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.real.chromium import PASSWORD, SETTINGS, Product, Visitors

pytestmark = pytest.mark.real
NEW = "kalimat sandi yang panjang"
# A passkey belongs to a name, not to a number: browsers take none for 127.0.0.1.
NAMED = SETTINGS.replace("public_url: http://127.0.0.1", "public_url: http://localhost")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("people"), NAMED) as started:
        started.url = started.url.replace("127.0.0.1", "localhost")
        for username, role in (
            ("sri", "admin"),
            ("bram", "editor"),
            ("tini", "editor"),
            ("wira", "operator"),
        ):
            started.person(username, role)
        yield started


def totp(secret: str, at: float) -> str:
    """Compute the code of RFC 6238 as a phone does."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def confirm(page: Page) -> None:
    """Answer the question for the password before a page about the account's safety."""
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Lanjut").click()


def leave(page: Page) -> None:
    page.get_by_role("button", name="Keluar").first.click()
    page.wait_for_url("**/masuk/")


def give_password(page: Page, username: str) -> None:
    page.get_by_label("Nama akun").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()


def test_who_is_invited_makes_an_account_by_the_link_and_signs_in(
    product: Product, visitors: Visitors
) -> None:
    admin = visitors.enter("sri")
    admin.goto(f"{product.url}/orang/")
    admin.get_by_role("link", name="Undang orang").click()
    admin.get_by_label("Nama").fill("Rahma")
    admin.get_by_label("Peran utama").select_option(label="Editor")
    admin.get_by_role("button", name="Buat tautan undangan").click()
    link = admin.locator("#tautan").inner_text()
    guest = visitors.window(width=360, height=780)
    guest.goto(link)
    guest.get_by_label("Nama akun").fill("rahma")
    guest.get_by_label("Kata sandi", exact=True).fill(NEW)
    guest.get_by_label("Kata sandi, sekali lagi").fill(NEW)
    guest.get_by_role("button", name="Buat akun").click()
    expect(guest.get_by_role("status")).to_contain_text("Akun Anda siap")
    guest.get_by_label("Nama akun").fill("rahma")
    guest.get_by_label("Kata sandi").fill(NEW)
    guest.get_by_role("button", name="Masuk", exact=True).click()
    guest.wait_for_url("**/antrean/")
    expect(guest.get_by_role("heading", name="Antrean", exact=True)).to_be_visible()
    guest.goto(link)
    expect(guest.get_by_role("heading")).to_contain_text("tidak berlaku lagi")


def test_a_code_of_the_phone_is_asked_for_and_a_spare_code_helps_out(
    product: Product, visitors: Visitors
) -> None:
    page = visitors.enter("bram")
    page.goto(f"{product.url}/akun/dua-langkah/aplikasi/")
    confirm(page)
    page.get_by_text("Tidak dapat memindai").click()
    secret = page.locator(".secret").inner_text()
    begun = time.time()
    page.get_by_label("Kode dari aplikasi").fill(totp(secret, begun))
    page.get_by_role("button", name="Pasang").click()
    expect(page.get_by_role("heading", name="Kode cadangan")).to_be_visible()
    spare = page.locator(".codes li").first.inner_text()
    leave(page)
    give_password(page, "bram")
    page.get_by_label("Kode dari aplikasi").fill("000000")
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("alert").first).to_contain_text("Kode tidak cocok")
    page.get_by_label("Kode dari aplikasi").fill(
        totp(secret, begun + 30)
    )  # the clock of a phone that is fast
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/antrean/")
    leave(page)
    give_password(page, "bram")
    page.get_by_label("Kode dari aplikasi").fill(spare)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/antrean/")


def test_a_passkey_signs_in_without_a_password(product: Product, visitors: Visitors) -> None:
    page = visitors.enter("tini")
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**key, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    page.goto(f"{product.url}/akun/dua-langkah/kunci/tambah/")
    confirm(page)
    page.get_by_label("Nama kunci").fill("Ponsel saya")
    page.get_by_role("button", name="Tambah").click()
    expect(page.get_by_role("heading", name="Kode cadangan")).to_be_visible()
    leave(page)
    page.get_by_role("button", name="Pakai kunci sandi").click()
    page.wait_for_url("**/antrean/")
    leave(page)
    give_password(page, "tini")
    page.get_by_role("button", name="Pakai kunci sandi").click()
    page.wait_for_url("**/antrean/")


def test_a_session_ended_from_another_device_is_over_at_once(product: Product, visitors: Visitors) -> None:
    office = visitors.enter("wira")
    phone = visitors.enter(
        "wira", width=360, height=780, user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/130"
    )
    office.goto(f"{product.url}/akun/")
    row = office.get_by_role("listitem").filter(has_text="Chrome di Android")
    expect(row).to_contain_text("127.0.x.x")
    row.get_by_role("button", name="Akhiri").click()
    expect(office.get_by_role("status")).to_contain_text("Sesi diakhiri")
    phone.goto(f"{product.url}/arsip/")
    expect(phone.get_by_role("heading", name="Masuk")).to_be_visible()
    office.goto(f"{product.url}/arsip/")
    expect(office.get_by_role("heading", name="Arsip", exact=True)).to_be_visible()


def test_a_role_that_must_use_a_second_factor_gets_no_further_without(
    product: Product, visitors: Visitors, tmp_path: Path
) -> None:
    strict = f"{NAMED}signin: {{{{second_factor: [admin]}}}}\n"
    with Product(tmp_path, strict) as other:
        other.url = other.url.replace("127.0.0.1", "localhost")
        other.person("sri", "admin")
        page = visitors.window()
        page.goto(f"{other.url}/masuk/")
        give_password(page, "sri")
        page.wait_for_url("**/akun/dua-langkah/")
        expect(page.get_by_role("status")).to_contain_text("mewajibkan verifikasi dua langkah")
        page.goto(f"{other.url}/orang/")
        page.wait_for_url("**/akun/dua-langkah/")
