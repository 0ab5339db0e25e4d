from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prose import clean, slug

# Characters that meet in real mails, far likelier here than in a random draw over all of Unicode.
ODD = (
    "aeié\u0301\u0327\u00a0\u200b\u200c\u200d\u2028\u2029\ufe0f\u202e\ufeff👩🏽❤1من\ua9b1\ua9c0\r\n\x00"
    "\x85\x93𝗔𝟗ﬁＡ\u00ad\ud83d\U000e0041\t "
)
TEXTS = st.one_of(st.text(ODD, max_size=12), st.text(max_size=40))


@given(TEXTS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_what_only_shows_once_something_else_is_gone_is_cleaned_too() -> None:
    # The accent joins its letter when the joiner between them goes; the other joiner then follows a Latin letter.
    assert clean("e\u200c\u0301\u200dم") == "éم"


@given(TEXTS)
def test_what_a_database_or_a_page_cannot_hold_never_survives(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [char for char in cleaned if unicodedata.category(char) == "Cc" and char != "\n"]
    assert not set(cleaned) & set(
        "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    )


@given(st.text("abc XYZ.,!?–“”’é\n", max_size=60))
def test_a_clean_text_is_left_as_it_is(text: str) -> None:
    assert clean(unicodedata.normalize("NFC", text)) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("Satu\r\nDua\rTiga", "Satu\nDua\nTiga"),
        ("Satu\u2028Dua\u2029Tiga", "Satu\nDua\n\nTiga"),
        ("Rp\u00a0500\u202fjuta\tlebih", "Rp 500 juta lebih"),
        ("Judul\x00 de\u00adngan\u200b nol", "Judul dengan nol"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("𝗪𝗔𝗟𝗜 𝘒𝘰𝘵𝘢 𝟮𝟬𝟮𝟲 ℎ", "WALI Kota 2026 h"),
        ("ＭＥＤＩＡ ﬁnal", "MEDIA final"),
        ("re\u0301sume\u0301", "résumé"),
        ("kata\x93Siap\x94 katanya\x85", "kata“Siap” katanya…"),  # Windows-1252 under another name
        ("hilang\udc96", "hilang\ufffd"),
    ],
)
def test_a_text_from_the_post_is_mended(dirty: str, cleaned: str) -> None:
    assert clean(dirty) == cleaned


@pytest.mark.parametrize(
    "kept", ["👩🏽\u200d🏫", "🏳\ufe0f\u200d🌈", "1\ufe0f\u20e3", "☀\ufe0f", "می\u200cخواهم", "ꦏ꧀\u200cꦱ"]
)
def test_joiners_that_hold_emoji_and_scripts_together_stay(kept: str) -> None:
    assert clean(kept) == kept


@pytest.mark.parametrize(
    "hidden", ["Wali\u200dKota", "\u200cWali Kota".replace(" ", ""), "WaliKota\u200d", "Wali\ufe0fKota"]
)
def test_joiners_between_latin_letters_hide_nothing_any_more(hidden: str) -> None:
    assert clean(hidden) == "WaliKota"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Wali Kota Buka Musrenbang – 2026!", "wali-kota-buka-musrenbang-2026"),
        ("Salat Jum'at di Masjid Ar-Rahman", "salat-jumat-di-masjid-ar-rahman"),
        ("Résumé Über", "resume-uber"),
        ("🙏🙏", ""),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_a_slug_is_readable_ascii(text: str, written: str) -> None:
    assert slug(text) == written


def test_a_long_slug_ends_with_a_whole_word() -> None:
    assert slug("wali kota buka musrenbang kecamatan", 20) == "wali-kota-buka"
    assert slug("x" * 100, 20) == "x" * 20


@given(st.text(max_size=80), st.integers(8, 80))
def test_a_slug_is_safe_in_any_address_and_file_name(text: str, limit: int) -> None:
    made = slug(text, limit)
    assert len(made) <= limit
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made.startswith("-") and not made.endswith("-")
