"""Plain text, with its paragraphs kept and its accidents left harmless."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import prose
from ingest import plain
from ingest.whatsapp import marks, without_chat
from tests.samples.parts import STORIES


@pytest.mark.parametrize("name", sorted(STORIES))
@pytest.mark.parametrize("width", [60, 72, 76, 80, 98])
def test_text_wrapped_by_a_program_gets_its_paragraphs_back(name: str, width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(words, width) for words in STORIES[name])
    assert plain.paragraphs(wrapped) == STORIES[name]


def test_text_wrapped_by_hand_gets_its_paragraphs_back() -> None:
    text = """Kota Contoh – Mobil perpustakaan keliling singgah di delapan sekolah dasar
sepanjang pekan ini. Setiap kunjungan membawa 600 judul buku.
Petugas mencatat 210 peminjam di satu sekolah saja, kata kepala
dinas.

Buku cerita rakyat paling banyak dicari."""
    assert plain.paragraphs(text) == [
        "Kota Contoh – Mobil perpustakaan keliling singgah di delapan sekolah dasar sepanjang pekan ini. "
        "Setiap kunjungan membawa 600 judul buku. Petugas mencatat 210 peminjam di satu sekolah saja, "
        "kata kepala dinas.",
        "Buku cerita rakyat paling banyak dicari.",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        STORIES["banjir"],
        ["Hari/Tanggal : Senin, 23 November 2026", "Waktu : 10.00 WIB", "Tempat : Balai Kota Contoh"],
        ["Kalimat pertama selesai di sini dan cukup panjang sekali.", "Kalimat kedua juga selesai.", "Tiga."],
        ["PASAR RAKYAT KENANGA DIRESMIKAN WALI KOTA CONTOH SELASA PAGI", "Contoh – Pasar itu dibuka."],
        ["- Rapat koordinasi posko", "- Beras 5 kilogram", "- Selimut"],
        ["1. Wira Atmaja", "2. Nala Kirana"],
        ["Penulis: Nala", "Editor: Wira"],
    ],
)
def test_lines_people_end_themselves_stay_apart(lines: list[str]) -> None:
    assert plain.paragraphs("\n".join(lines)) == lines


def test_a_list_below_wrapped_text_is_not_joined_to_it() -> None:
    text = textwrap.fill(STORIES["literasi"][1], 72) + "\n- Wira Atmaja\n- Nala Kirana"
    assert plain.paragraphs(text) == [STORIES["literasi"][1], "- Wira Atmaja", "- Nala Kirana"]


def test_flowed_text_goes_on_where_lines_end_in_a_blank() -> None:
    text = "Kalimat yang \nmengalir.\n\n> kutipan yang \n> mengalir\n-- \nBudi"
    assert plain.unflow(text, delete_space=False) == (
        "Kalimat yang mengalir.\n\n> kutipan yang mengalir\n-- \nBudi"
    )
    assert plain.unflow("sam \nbung", delete_space=True) == "sambung"


@pytest.mark.parametrize(
    "typed",
    [
        "5*3*2 = 30",
        "berkas nama_file_baru_sekali.txt",
        "*) syarat berlaku",
        "Bintang * sendirian",
        "# bukan judul",
        "#MediaCenter #Contoh",
        "2026. Tahun yang baik",
        "+ tambah",
        "a < b dan c > d",
        "Tulis ke <budi@contoh.go.id> ya",
        "[Foto](tidak ada)",
        "Kutip `miring` dan \\ garis",
        "~ kira-kira ~",
        "a | b | c",
        "<b>tebal</b> & <script>",
    ],
)
def test_what_only_looks_like_markup_is_shown_as_typed(typed: str) -> None:
    assert prose.paragraphs(plain.to_markdown(typed)) == [typed]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab *_~`#>-+.1)([]<\\|\n", max_size=60))
def test_no_letter_of_plain_text_is_lost(text: str) -> None:
    shown = "".join(prose.paragraphs(plain.to_markdown(prose.clean(text.replace("~", "")))))
    assert [char for char in shown if char.isalpha()] == [char for char in text if char.isalpha()]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("*tebal*", "**tebal**"),
        ("_miring_", "*miring*"),
        ("*_keduanya_*", "***keduanya***"),
        ("```kode```", "kode"),
        ("harga ~lama~ baru", "harga  baru"),
        ("*satu* dan *dua*", "**satu** dan **dua**"),
        ("(*kurung*)", "(**kurung**)"),
        ("*belum ditutup", "\\*belum ditutup"),
        ("* bukan *", "\\* bukan \\*"),
        ("ada*tengah*kata", "ada\\*tengah\\*kata"),
    ],
)
def test_whatsapps_marks_count_where_whatsapp_counts_them(typed: str, written: str) -> None:
    assert marks(typed) == written


@pytest.mark.parametrize(
    "prefix",
    [
        "[10.12, 23/11/2026] Budi MC: ",
        "[23/11/26 10.12.11] Budi MC: ",
        "23/11/26 10.12 - Budi MC: ",
        "23/11/2026, 10:12 - Budi MC: ",
        "[11/23/26, 10:12:11 AM] Budi MC: ",
    ],
)
def test_names_and_times_of_a_chat_are_taken_out(prefix: str) -> None:
    text, names = without_chat(f"{prefix}Halo semua.\nBaris kedua.\n{prefix}<Media tidak disertakan>\n")
    assert text.strip() == "Halo semua.\nBaris kedua."
    assert names == ("Budi MC",)


@pytest.mark.parametrize(
    "line", ["Pukul 10.12 acara dimulai: semua hadir.", "[Foto: Budi]", "23/11/2026 - libur"]
)
def test_a_storys_own_times_stay(line: str) -> None:
    assert without_chat(line) == (line, ())


def test_a_wholly_quoted_text_is_unquoted() -> None:
    assert plain.unquote("> > satu\n> >\n> > dua") == "satu\n\ndua"
    assert plain.unquote("Halo\n> satu") == "Halo\n> satu"
