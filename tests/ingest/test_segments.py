"""What is set aside around a story, and what never is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.lines import count_words
from ingest.segments import FEWEST_WORDS, LEAST_SHARE, segment, story_of
from tests.samples.parts import STORIES

STORY = "\n\n".join(STORIES["banjir"])
OTHER = "\n\n".join(STORIES["pasar"])
LINES = st.sampled_from(
    [
        "",
        "Selamat siang min,",
        "Mohon dimuat.",
        *STORIES["banjir"],
        "-- ",
        "Terima kasih.",
        "Hormat kami,",
        "Budi Santoso",
        "HP 0812-0000-0000",
        "Dikirim dari iPhone saya",
        "Disclaimer: Email ini bersifat rahasia.",
        "Dari: Sri <sri@contoh.go.id>",
        "Tanggal: Sel, 24 Nov 2026 pukul 09.15",
        "Subjek: Pasar",
        "---------- Forwarded message ---------",
        "Pada Sel, 24 Nov 2026 pukul 14.59 Sri <sri@contoh.go.id> menulis:",
        "> kutipan lama",
        "(humas/bdi)",
        "Foto 1: Warga menerima bantuan.",
    ]
)


def kinds(text: str, subject: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in segment(text, subject=subject):
        found[piece.kind] = found.get(piece.kind, "") + piece.text
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=25).map("\n".join), st.sampled_from(["", "Fwd: x", "Re: x"]))
def test_segments_joined_are_the_text_and_enough_of_it_remains(text: str, subject: str) -> None:
    pieces = segment(text, subject=subject)
    assert "".join(piece.text for piece in pieces) == text
    assert all(bool(piece.reason) == (piece.kind != "story") for piece in pieces)
    aside = sum(count_words(piece.text) for piece in pieces if piece.kind not in ("story", "note", "forward"))
    remaining = count_words(story_of(pieces))
    assert not aside or (remaining >= FEWEST_WORDS and remaining >= LEAST_SHARE * (remaining + aside))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_cut_without_loss(text: str) -> None:
    assert "".join(piece.text for piece in segment(text)) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("greeting", "Assalamu'alaikum Wr. Wb.\n\n"),
        ("greeting", "Selamat pagi, Kak. Izin mengirimkan rilis kegiatan hari ini, mohon dimuat.\n\n"),
        ("greeting", "Kepada Yth. Redaksi Media Center\n\n"),
        ("greeting", "Bersama ini kami sampaikan naskah berita untuk dipublikasikan.\n\n"),
        ("greeting", "Dengan hormat,\nBerikut kami lampirkan rilis dan foto.\n\n"),
        ("greeting", "Mohon izin min, titip berita ya\n\n"),
    ],
)
def test_a_greeting_above_the_story_is_set_aside(kind: str, text: str) -> None:
    found = kinds(text + STORY)
    assert found == {kind: text, "story": STORY}


@pytest.mark.parametrize(
    "first",
    [
        "Selamat Datang Musim Panen di Lereng Melati",
        "Bapak Wali Kota Contoh membuka pameran kerajinan di alun-alun pada Senin pagi.",
        "Salam Sejahtera Jadi Tema Perayaan Hari Guru",
        "Terlampir dalam nota itu rencana pembangunan jalan lingkar sepanjang tujuh kilometer.",
    ],
)
def test_a_headline_or_lead_that_begins_like_a_greeting_stays(first: str) -> None:
    assert first in kinds(f"{first}\n\n{STORY}")["story"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("closing", "Demikian disampaikan, terima kasih.\n"),
        ("closing", "Atas perhatian dan kerja samanya kami ucapkan terima kasih.\n"),
        ("closing", "Terima kasih 🙏\n"),
        ("closing", "Hormat kami,\nBudi Santoso\nKasubbag Humas\n"),
        ("closing", "Wassalamu'alaikum wr. wb.\n"),
        ("signature", "-- \nBudi Santoso\nHumas BPBD\n"),
        ("signature", "Budi Santoso\nNIP. 198501012010011001\nHP/WA: 0812-0000-0000\n"),
        ("footer", "Dikirim dari iPhone saya\n"),
        ("footer", "Dikirim dari ponsel cerdas Samsung Galaxy saya.\n"),
        ("footer", "Dapatkan Outlook untuk Android\n"),
        ("footer", "Sent from my Galaxy\n"),
        ("disclaimer", "DISCLAIMER: This e-mail is confidential.\n\nPlease delete it.\n"),
        ("disclaimer", "Surel ini bersifat rahasia dan hanya untuk penerima yang dituju.\n"),
        ("disclaimer", "Bebas virus. www.contoh.example\n"),
    ],
)
def test_what_stands_below_the_story_is_set_aside(kind: str, text: str) -> None:
    assert kinds(f"{STORY}\n\n{text}") == {"story": STORY + "\n\n", kind: text}


@pytest.mark.parametrize(
    "last",
    [
        "Terima kasih kepada relawan yang telah bekerja tanpa lelah siang dan malam di lokasi banjir.",
        "“Terima kasih,” kata Yusuf.",
        "Demikian sambutan Wali Kota pada pembukaan pameran di alun-alun kota itu.",
        "- Rapat koordinasi posko",
        "--------------------\n\nBagian kedua dari berita ini menceritakan warga yang kembali.",
        "(humas/bdi)",
        "Salam tiga jari menjadi penutup acara.",
    ],
)
def test_a_last_line_of_the_story_stays(last: str) -> None:
    assert kinds(f"{STORY}\n\n{last}\n").keys() == {"story"}


def test_captions_and_byline_below_a_closing_stay() -> None:
    text = f"{STORY}\n\nTerima kasih.\n\n(humas/bdi)\n\nFoto 1: Warga menerima bantuan.\n"
    found = kinds(text)
    assert found["closing"].strip() == "Terima kasih."
    assert "(humas/bdi)" in found["story"]
    assert "Foto 1" in found["story"]


def test_when_too_little_would_remain_nothing_is_set_aside() -> None:
    text = "Selamat siang min,\n\nBerikut foto kegiatan hari ini.\n\nTerima kasih\n-- \nBudi\n"
    assert kinds(text) == {"story": text}
    assert kinds(f"{STORY}\n\nTerima kasih\n").keys() == {"story", "closing"}


@pytest.mark.parametrize(
    "attribution",
    [
        "Pada Sab, 15 Jun 2024 pukul 14.59 Sri Lestari <sri@contoh.go.id>\nmenulis:\n",
        "Pada tanggal Sen, 3 Des 2018 10.41 Sri Lestari <sri@contoh.go.id> menulis:\n",
        "Pada 2024-06-15 14:59, Sri Lestari menulis:\n",
        "On Sat, Jun 15, 2024 at 2:59 PM Sri Lestari <sri@contoh.go.id> wrote:\n",
        "----- Pada 15 Jun 2024, jam 14:59, Sri sri@contoh.go.id menulis:\n",
        "Sri Lestari menulis:\n",
    ],
)
def test_a_quoted_mail_below_is_set_aside(attribution: str) -> None:
    quote = attribution + "\n> Mohon lengkapi\n> nama-namanya.\n"
    assert kinds(f"{STORY}\n\n{quote}", "Re: x") == {"story": STORY + "\n\n", "quote": quote}


def test_text_below_a_quotation_goes_on() -> None:
    quote = "Sri Lestari menulis:\n> Mohon lengkapi.\n\n"
    found = kinds(quote + STORY, "Re: x")
    assert found == {"quote": quote, "story": STORY}


@pytest.mark.parametrize(
    "line",
    [
        "Dalam buku itu ia menulis:",
        "Pada tahun 1945 para pemuda menulis:",
        "Dari: gudang provinsi bantuan dibawa dengan tiga truk.",
        "Kepada warga, Wali Kota berpesan agar waspada.",
    ],
)
def test_words_of_a_story_are_not_taken_for_a_mail_program(line: str) -> None:
    text = f"{STORIES['banjir'][0]}\n\n{line}\n\n" + "\n\n".join(STORIES["banjir"][1:])
    assert kinds(text) == {"story": text}


def test_a_memo_with_labels_is_no_forward() -> None:
    text = (
        "Dari: Kepala Dinas\nKepada: Para Camat\nTanggal: 23 November 2026\nPerihal: Siaga banjir\n\n" + STORY
    )
    assert kinds(text) == {"story": text}


@pytest.mark.parametrize(
    "head",
    [
        "From: Sri <sri@contoh.go.id>\nSent: Tuesday, 24 November 2026 09:15\nTo: Budi\nSubject: Banjir\n",
        "*Dari:* Sri <sri@contoh.go.id>\n*Dikirim:* 24 November 2026 09:15\n*Subjek:* Banjir\n",
        "________________________________\nDari: Sri\nTerkirim: Selasa\nKepada: Budi\nPerihal: Banjir\n",
        "-----Pesan Asli-----\nPengirim: Sri\nPenerima: Budi\nLampiran: Ani\nJudul: Banjir\n",
        "From:\u00a0Sri <sri@contoh.go.id>\nDate:\u00a0x\nSubject:\u00a0y\n".replace("\u00a0", " "),
        "Dari: Sri Lestari <sri@contoh.go.id>\nTanggal: 24 Nov 2026 09.15\nKepada: Budi <budi@contoh.go.id>,\n"
        "  Ani <ani@contoh.go.id>\nSubjek: Banjir\n",
    ],
)
def test_a_forwarded_mail_is_unwrapped_and_its_head_set_aside(head: str) -> None:
    assert kinds(f"Mohon dimuat.\n\n{head}\n{STORY}", "Fwd: Banjir") == {
        "note": "Mohon dimuat.\n\n",
        "forward": head + "\n",
        "story": STORY,
    }


def test_a_long_text_above_an_original_mail_is_a_reply_and_the_rest_is_quoted() -> None:
    head = (
        "-----Original Message-----\nFrom: Sri <sri@contoh.go.id>\nSent: 24 November 2026\nSubject: Pasar\n\n"
    )
    found = kinds(f"{STORY}\n\n{head}{OTHER}", "RE: Banjir")
    assert found == {"story": STORY + "\n\n", "quote": head + OTHER}


def test_a_long_text_above_a_forward_is_kept_beside_it() -> None:
    head = "---------- Forwarded message ---------\nFrom: Sri <sri@contoh.go.id>\nDate: x\nSubject: Pasar\n\n"
    found = kinds(f"{STORY}\n\n{head}{OTHER}", "Fwd: Banjir")
    assert found == {"story": STORY + "\n\n" + OTHER, "forward": head}
