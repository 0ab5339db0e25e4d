"""Private numbers in a story are told, other numbers are not."""

from __future__ import annotations

import pytest

from ingest.private import remarks


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("NIK 3172014508900003 milik warga", "NIK"),
        ("hubungi 0812-3456-7890.", "nomor telepon"),
        ("hubungi +62 812 3456 7890.", "nomor telepon"),
        ("rekening Bank Contoh 0123456789", "nomor rekening"),
        ("No. Rek: 012-34-56789", "nomor rekening"),
    ],
)
def test_numbers_that_are_somebodys_are_told(words: str, told: str) -> None:
    (sentence,) = remarks(f"Warga {words}")
    assert told in sentence


@pytest.mark.parametrize(
    "words",
    [
        "Anggaran Rp812.345.678.900 disalurkan.",
        "Nomor 480/112/Kominfo tanggal 23-11-2026.",
        "Call center 112 dan 119.",
        "Sebanyak 9999999999999999 kali.",
        "Telepon kantor (0536) 3221234.",
        "Rekening listrik naik 10 persen.",
    ],
)
def test_other_numbers_are_not(words: str) -> None:
    assert remarks(words) == []
