from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prose import whatsapp, whatsapp_link

BODY = "Wali Kota **membuka** kegiatan, Senin (23/11/2026).\n\nAlinea kedua.\n\nAlinea ketiga."


def test_a_story_is_written_as_a_message() -> None:
    written = whatsapp(
        "Wali Kota Membuka Kegiatan",
        BODY,
        dateline="**Palangka Raya** – ",
        link="https://contoh.go.id/berita_baru/",
        tags=["Pemerintahan", "kota contoh"],
        code="(MC. Isen Mulang/nala)",
    )
    assert written == (
        "*Wali Kota Membuka Kegiatan*\n\n"
        "Palangka Raya – Wali Kota membuka kegiatan, Senin (23/11/2026).\n\n"
        "Alinea kedua.\n\n"
        "https://contoh.go.id/berita_baru/\n\n"
        "#Pemerintahan #KotaContoh\n\n"
        "(MC. Isen Mulang/nala)"
    )


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("harga 2*3 dan *5*", "harga 2∗3 dan ∗5∗"),
        ("~dicoret~ `kode`", "∼dicoret∼ 'kode'"),
        ("_miring_ nama_berkas", "miring nama_berkas"),
        ("https://contoh.id/_a_~b*c", "https://contoh.id/_a_~b*c"),
        ("> kutipan", "kutipan"),
        ("- butir", "butir"),
        ("1. satu", "1) satu"),
    ],
)
def test_words_are_not_taken_for_whatsapps_marks(words: str, written: str) -> None:
    assert whatsapp(words, "") == f"*{written}*"


def test_a_long_lead_is_cut_at_a_word_and_the_rest_stays() -> None:
    written = whatsapp("Judul", "kata " * 1000, link="https://contoh.id/1", tags=["Kota"], code="(humas)")
    assert len(written) <= 1500
    assert written.endswith(" …\n\nhttps://contoh.id/1\n\n#Kota\n\n(humas)")
    assert re.fullmatch(r"(kata )+…", written.split("\n\n")[1])


def test_what_is_missing_leaves_no_gap() -> None:
    assert whatsapp("Judul", "") == "*Judul*"
    assert whatsapp("Judul", "Isi.", tags=["", "!"]) == "*Judul*\n\nIsi."
    assert whatsapp("Judul", "", dateline="Demak – ") == "*Judul*\n\nDemak –"


@given(st.text(max_size=3000), st.text(max_size=60))
def test_only_the_title_is_marked_and_the_message_is_never_too_long(body: str, title: str) -> None:
    written = whatsapp(title, body, link="https://contoh.id/1")
    assert len(written) <= 1500
    outside = re.sub(r"https?://\S+", "", written.partition("\n\n")[2])
    assert not re.search(r"[*~`]|(?<![^\W_])_|_(?![^\W_])", outside)


def test_the_link_opens_whatsapp_with_the_message() -> None:
    assert parse_qs(urlsplit(whatsapp_link("*Satu* & dua\n\n#Tiga")).query) == {
        "text": ["*Satu* & dua\n\n#Tiga"]
    }
