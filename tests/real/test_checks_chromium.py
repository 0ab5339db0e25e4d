"""The checks beside a story as editors use them: mend, look, undo, leave be; personal data masked; a story shared."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.office import coverage
from tests.real.chromium import Product, Visitors, chromium

pytestmark = pytest.mark.real

FILLER = "\n\n".join(
    f"Alinea ke-{number} menjelaskan jalannya musyawarah dengan kalimat yang cukup panjang agar halaman bergulir."
    for number in range(1, 41)
)
TEXT = (
    "Kota Uji – Walikota Uji membuka musyawarah di aula kecamatan, Jumat (20/11/2026).\n\n"
    f"{FILLER}\n\n"
    "Prestasi dibidang olahraga dipuji. Sore itu Walikota pulang.\n\n(MC. Kota Uji/nala)\n"
)
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def visitors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitors]:
    product = Product(tmp_path_factory.mktemp("kantor"))
    product.lay()
    product.person("bram", "editor", "Bram")
    product.person("sulastri", "editor", "Sulastri")
    product.contributor("nala@contoh.example", "Nala", "MC. Kota Uji", "nala")
    with product, chromium() as browser:
        people = Visitors(browser, product)
        yield people
        people.leave()
        # A look overtaken by a newer one is given up on purpose, and htmx notes it.
        given_up = ("htmx:sendAbort", "htmx:afterRequest")
        assert [fault for fault in people.faults if not fault.startswith(given_up)] == []


def arrive(visitors: Visitors, text: str = TEXT) -> str:
    """Let a mail become a story; return the address of its page."""
    number = next(numbers)
    subject = f"Musyawarah Kecamatan Contoh Bagian {number}"
    mail = coverage(subject, text=text, photos=0, message_id=f"<{number}@contoh.example>")
    visitors.product.post(mail)
    stories = visitors.product.await_stories(number)
    story = next(row["id"] for row in stories if row["headline"] == subject)
    return f"{visitors.product.url}/berita/{story}/"


def finding(page: Page, words: str) -> Locator:
    return page.locator(".check-row[data-spots]", has_text=words)


def selected(page: Page) -> str:
    chosen: str = page.evaluate(
        "() => { const f = document.activeElement; return f.value.slice(f.selectionStart, f.selectionEnd); }"
    )
    return chosen


def to_the_checks(page: Page, width: int) -> None:
    if width < 700:
        page.locator(".pane-tabs a[href='#periksa']").click()


@pytest.mark.parametrize("width", [1440, 360])
def test_a_fix_changes_the_field_the_finding_goes_and_it_can_be_undone(
    visitors: Visitors, width: int
) -> None:
    address = arrive(visitors)
    page = visitors.enter("bram", width=width, height=800)
    page.goto(address)
    to_the_checks(page, width)
    body = page.locator("[name=body]")
    row = finding(page, "Ejaan di kantor ini: Wali Kota.")
    row.get_by_role("button", name="Perbaiki").click()
    expect(row).to_have_count(0)
    assert body.input_value().count("Wali Kota") == 2
    assert "Walikota" not in body.input_value()
    expect(page.locator("#diperbaiki")).to_contain_text("Diperbaiki menjadi “Wali Kota”.")

    finding(page, "Kata depan ditulis terpisah").get_by_role("button", name="Perbaiki").click()
    expect(finding(page, "Kata depan ditulis terpisah")).to_have_count(0)
    assert "Prestasi di bidang olahraga" in body.input_value()

    # One by one, the last first.
    for words in ("Kata depan ditulis terpisah", "Ejaan di kantor ini: Wali Kota."):
        page.get_by_role("button", name="Urungkan").click()
        expect(finding(page, words)).to_have_count(1)
    assert body.input_value().count("Walikota") == 2
    assert "Prestasi dibidang olahraga" in body.input_value()
    expect(page.get_by_role("button", name="Urungkan")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_fix_is_undone_by_keys_in_the_field_and_saved_with_the_rest(visitors: Visitors) -> None:
    address = arrive(visitors)
    page = visitors.enter("bram")
    page.goto(address)
    body = page.locator("[name=body]")
    before = body.input_value()
    finding(page, "Kata depan ditulis terpisah").get_by_role("button", name="Perbaiki").click()
    assert body.input_value() != before
    body.focus()
    body.press("Control+z")
    assert body.input_value() == before
    body.press("Control+Shift+z")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator(".message.success")).to_contain_text("Tersimpan")
    assert "Prestasi di bidang olahraga" in page.locator("[name=body]").input_value()


@pytest.mark.parametrize("width", [1440, 360])
def test_looking_leads_to_each_place_in_turn_and_brings_it_into_sight(visitors: Visitors, width: int) -> None:
    address = arrive(visitors)
    page = visitors.enter("bram", width=width, height=800)
    page.goto(address)
    body = page.locator("[name=body]")
    for turn in range(3):
        to_the_checks(page, width)
        finding(page, "Ejaan di kantor ini: Wali Kota.").get_by_role("button", name="Lihat").click()
        expect(body).to_be_focused()
        assert selected(page) == "Walikota"
        start = body.evaluate("field => field.selectionStart")
        assert (
            start
            == [TEXT.find("Walikota") - len("Kota Uji – "), body.input_value().rfind("Walikota")][turn % 2]
        )
        # The field is one tall box: where it stands and how far into its text the place is tell where the words are.
        frame = body.bounding_box()
        assert frame
        place = frame["y"] + frame["height"] * start / len(body.input_value())
        assert 0 < place < 800


def test_what_is_ignored_is_kept_with_its_reason_and_comes_back(visitors: Visitors) -> None:
    address = arrive(visitors)
    page = visitors.enter("bram", width=360, height=800, has_touch=True)
    page.goto(address)
    to_the_checks(page, 360)
    row = finding(page, "Kata depan ditulis terpisah")
    row.get_by_text("Abaikan", exact=True).tap()
    reason = row.get_by_label("Alasan")
    reason.fill("Nama lomba")
    reason.press("Enter")
    expect(row).to_have_count(0)
    assert page.url == address, "Enter sends the reason, not the story"
    page.reload()
    to_the_checks(page, 360)
    page.get_by_text("1 temuan diabaikan").tap()
    expect(page.locator(".checks-ignored")).to_contain_text("Nama lomba")
    page.locator(".checks-ignored").get_by_role("button", name="Tampilkan lagi").tap()
    expect(finding(page, "Kata depan ditulis terpisah")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_second_of_two_editors_is_told_when_they_mend_an_old_text(visitors: Visitors) -> None:
    address = arrive(visitors)
    first, second = visitors.enter("bram"), visitors.enter("sulastri")
    first.goto(address)
    second.goto(address)
    field = first.locator("[name=body]")
    field.fill(field.input_value().replace("Prestasi dibidang olahraga dipuji.", "Prestasi atlet dipuji."))
    first.get_by_role("button", name="Simpan", exact=True).click()
    expect(first.locator(".message.success")).to_contain_text("Tersimpan")

    finding(second, "Kata depan ditulis terpisah").get_by_role("button", name="Perbaiki").click()
    expect(second.locator("#pemeriksaan [role=alert]")).to_contain_text("Bram menyimpan berita ini")
    second.get_by_role("button", name="Simpan", exact=True).click()
    expect(second.locator(".second")).to_contain_text("Bram")
    assert (
        "Prestasi di bidang olahraga"
        in second.locator("main").inner_text() + second.locator("[name=body]").input_value()
    )
    first.goto(address)
    assert "Prestasi atlet dipuji." in first.locator("[name=body]").input_value()


def test_a_word_that_changed_since_it_was_checked_is_left_alone(visitors: Visitors) -> None:
    address = arrive(visitors)
    page = visitors.enter("bram")
    page.goto(address)
    # The panel's answer is kept waiting, so that what it shows is older than the text.
    page.route("**/periksa/", lambda route: None)
    body = page.locator("[name=body]")
    body.fill(body.input_value().replace("dibidang", "untuk"))
    changed = body.input_value()
    finding(page, "Kata depan ditulis terpisah").get_by_role("button", name="Perbaiki").click()
    expect(page.locator("#diperbaiki")).to_contain_text("sudah berubah")
    assert body.input_value() == changed


@pytest.mark.parametrize("width", [1440, 360])
def test_personal_data_is_masked_by_one_tap_and_bars_no_longer(visitors: Visitors, width: int) -> None:
    address = arrive(visitors, TEXT.replace("Sore itu", "Warga dengan NIK 6271012304950001 hadir. Sore itu"))
    page = visitors.enter("bram", width=width, height=800, has_touch=True)
    page.goto(address)
    to_the_checks(page, width)
    panel = page.locator(".personal")
    expect(panel).to_contain_text("6271012304950001")
    panel.get_by_role("button", name="Samarkan").first.tap()
    expect(page.locator(".message.success")).to_contain_text("Data pribadi disamarkan")
    expect(page.locator(".personal .concern-kind")).to_have_count(0)
    text = page.locator("[name=body]").input_value()
    assert "6271012304950001" not in text
    assert "NIK 62710•" in text
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [1440, 360])
def test_a_released_story_s_message_is_copied_and_opens_whatsapp(visitors: Visitors, width: int) -> None:
    address = arrive(visitors)
    page = visitors.enter("bram", width=width, height=800, permissions=["clipboard-read", "clipboard-write"])
    page.goto(address)
    expect(page.locator("#bagikan")).to_have_count(0)
    page.get_by_role("button", name="Layak, tayangkan").click()
    page.wait_for_url("**/antrean/")
    for _turn in range(60):
        page.goto(address)
        if page.locator("#bagikan").count():
            break
    to_the_checks(page, width)
    card = page.locator("#bagikan")
    area = card.get_by_label("Teks untuk WhatsApp")
    expect(area).to_be_visible()
    card.get_by_role("button", name="Salin teks").click()
    expect(card.get_by_role("status")).to_have_text("Teks sudah disalin. Tempel di grup WhatsApp.")
    text = area.input_value()
    assert page.evaluate("navigator.clipboard.readText()") == text
    link = card.get_by_role("link", name="Buka WhatsApp").get_attribute("href") or ""
    assert parse_qs(urlsplit(link).query)["text"] == [text]
    assert urlsplit(link).hostname == "wa.me"
    (told,) = [part for part in text.split("\n\n") if part.startswith("http")]
    assert page.request.get(told).ok
    assert page.evaluate("document.documentElement.scrollWidth") == width
