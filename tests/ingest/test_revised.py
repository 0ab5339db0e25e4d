"""Which mails say that they replace another, and which only speak of a revision."""

from __future__ import annotations

import pytest

from ingest.message import Segment
from ingest.replies import written
from ingest.revised import Claim, asks, bare, claim, without_claim


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("REVISI: Wali Kota Membuka Musrenbang", "Wali Kota Membuka Musrenbang"),
        ("Re: Revisi 2 - Wali Kota Membuka Musrenbang", "Wali Kota Membuka Musrenbang"),
        ("[RALAT] Wali Kota Membuka Musrenbang", "Wali Kota Membuka Musrenbang"),
        ("Fwd: (Koreksi) Wali Kota Membuka Musrenbang", "Wali Kota Membuka Musrenbang"),
        ("REVISI KE-2 Wali Kota Membuka Musrenbang", "Wali Kota Membuka Musrenbang"),
        ("Wali Kota Membuka Musrenbang (revisi)", "Wali Kota Membuka Musrenbang"),
        ("Wali Kota Membuka Musrenbang - rev 2", "Wali Kota Membuka Musrenbang"),
        ("Perbaikan berita: Wali Kota Membuka Musrenbang", "Wali Kota Membuka Musrenbang"),
        ("RALAT", "RALAT"),
    ],
)
def test_a_subject_that_claims_is_known_and_stripped(subject: str, title: str) -> None:
    assert claim(subject, "") is Claim.CLEAR
    assert bare(subject) == title


@pytest.mark.parametrize(
    "text",
    [
        "Mohon yang dipakai yang ini ya, Min.",
        "Assalamualaikum.\nTolong gunakan naskah yang ini saja.",
        "Berikut perbaikan atas berita yang kami kirim pagi tadi.",
        "Rilis ini menggantikan rilis sebelumnya.",
        "RALAT\n\nPada paragraf dua tertulis 100.",
        "Ralat: jumlah peserta 120.",
    ],
)
def test_first_lines_that_claim_are_known(text: str) -> None:
    assert claim("Wali Kota Membuka Musrenbang", text) is Claim.CLEAR


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Bupati Minta Revisi APBD", ""),
        ("DPRD Bahas Revisi Perda RTRW", "Kota Uji – DPRD membahas revisi perda."),
        ("Wali Kota Membuka Musrenbang", "Mohon dimuat berita ini di laman."),
        ("Wali Kota Membuka Musrenbang", "Mohon bantu tayangkan, terlampir foto kegiatan. Terima kasih."),
        ("Jalan Lingkar dalam Perbaikan", "Perbaikan jalan lingkar dimulai hari ini."),
    ],
)
def test_a_story_about_a_revision_claims_nothing(subject: str, text: str) -> None:
    assert claim(subject, text) is Claim.NONE


@pytest.mark.parametrize(
    "subject", ["Revisi Perda RTRW Disahkan", "REVISI PERDA DISAHKAN", "Update Banjir Kota"]
)
def test_a_subject_that_begins_with_the_word_only_may_claim(subject: str) -> None:
    assert claim(subject, "") is Claim.MAYBE
    assert bare(subject) == subject


def test_only_paragraphs_that_merely_claim_are_left_out() -> None:
    story = "Ralat anggaran disahkan DPRD.\n\nRapat berlangsung sehari."
    assert without_claim(f"REVISI\n\nMohon yang dipakai yang ini.\n\n{story}") == story
    assert without_claim("REVISI") == "REVISI"


def test_thanks_ask_for_nothing_and_numbers_do() -> None:
    assert not asks("Baik Kak, siap. Terima kasih banyak.")
    assert asks("Pesertanya 120 orang.")
    assert asks("Nama narasumber keliru.")


def test_what_was_answered_is_no_word_of_the_writer() -> None:
    text = (
        "Terima kasih.\n\nPada Jum, 20 Nov 2026 pukul 11.00 Redaksi <redaksi@contoh.example>\nmenulis:\n"
        "> Mohon lengkapi nama narasumber.\n"
    )
    assert written([Segment("story", text)]) == "Terima kasih."
    assert written([Segment("story", "> hanya kutipan\n")]) == ""
    assert written([Segment("story", "Isi berita.\n\n"), Segment("closing", "Salam")]) == "Isi berita."


@pytest.mark.parametrize("piece", ["[", "re:", " ", "(*", "revisi ", "- "])
def test_long_hostile_lines_are_read_at_once(piece: str) -> None:
    line = piece * 200_000
    claim(line, line)
    bare(line)
    without_claim(f"{line}\n\n{line}")
    asks(line[:2000])
