"""Datelines, codes, captions and headlines as the offices write them."""

from __future__ import annotations

import pytest

import prose
from ingest import Message, RawMessage, read
from ingest.captions import Caption, pair
from ingest.headline import from_filename, from_subject, says_nothing
from tests.samples.parts import STORIES, jpeg, mail, text

FIRST, *REST = STORIES["banjir"]


def reading(
    body: str, *, photos: int = 0, subject: str = "Bantuan Banjir Disalurkan", **kwargs: object
) -> Message:
    names = [jpeg(f"IMG_{index}00.jpg", index) for index in range(1, photos + 1)]
    return read(RawMessage(mail(subject, text(body), *names), "uji"), **kwargs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dateline", "city"),
    [
        ("MEDIA CENTER, Palangka Raya – ", "Palangka Raya"),
        ("Palangka Raya, InfoPublik – ", "Palangka Raya"),
        ("Jakarta, Badan Pengawas Pemilu – ", "Jakarta"),
        ("TANJUNG SELOR – ", "Tanjung Selor"),
        ("PALANGKA RAYA - ", "Palangka Raya"),
        ("BANDA ACEH -- ", "Banda Aceh"),
        ("Bangko – ", "Bangko"),
        ("*DEMAK* - ", "Demak"),
        ("", ""),
    ],
)
def test_a_dateline_becomes_a_city_and_leaves_the_text(dateline: str, city: str) -> None:
    message = reading(f"{dateline}{FIRST}\n\n" + "\n\n".join(REST))
    assert message.dateline_city == city
    assert prose.paragraphs(message.body) == STORIES["banjir"]


@pytest.mark.parametrize(
    ("code", "outlet", "writer"),
    [
        ("(MC. Isen Mulang/nala)", "MC. Isen Mulang", "nala"),
        ("(MC. Isen Mulang.1/nala)", "MC. Isen Mulang", "nala"),
        ("(MC. Isen Mulang)", "MC. Isen Mulang", ""),
        ("(MC Kota Palangka Raya/Fikri)", "MC Kota Palangka Raya", "Fikri"),
        ("(humas)", "humas", ""),
        ("(diskominfo/ris)", "diskominfo", "ris"),
        ("(teguh/kominfo)", "kominfo", "teguh"),
        ("(mit)", "", "mit"),
        ("*(MC. Isen Mulang/nala)*", "MC. Isen Mulang", "nala"),
    ],
)
@pytest.mark.parametrize("before", ["\n\n", " "])
def test_a_code_at_the_end_becomes_fields_and_leaves_the_text(
    before: str, code: str, outlet: str, writer: str
) -> None:
    message = reading("\n\n".join(STORIES["banjir"]) + before + code + "\n")
    assert (message.byline_outlet, message.byline_writer) == (outlet, writer)
    assert prose.paragraphs(message.body) == STORIES["banjir"]


def test_a_name_of_our_own_is_known_as_an_outlet() -> None:
    body = "\n\n".join(STORIES["banjir"]) + "\n\n(Kabar Melati/sri)\n"
    message = reading(body, own_outlets=("Kabar Melati",))
    assert (message.byline_outlet, message.byline_writer) == ("Kabar Melati", "sri")


def test_a_code_above_a_last_line_of_hashtags_is_found() -> None:
    message = reading("\n\n".join(STORIES["banjir"]) + "\n\n(humas/bdi)\n\n#BanjirAnggrek #KotaContoh\n")
    assert (message.byline_outlet, message.byline_writer) == ("humas", "bdi")
    assert prose.paragraphs(message.body) == [*STORIES["banjir"], "#BanjirAnggrek #KotaContoh"]


def test_the_line_a_portal_writes_above_a_story_is_stripped() -> None:
    head = "Oleh MC KOTA CONTOH, Selasa, 1 April 2025 | 09:49 WIB - Redaktur: Wira - 113\n\n"
    message = reading(
        f"{head}Contoh, InfoPublik – " + "\n\n".join(STORIES["banjir"]) + "\n\n(MC Kota Contoh/Fikri)\n"
    )
    assert (message.dateline_city, message.byline_writer) == ("Contoh", "Fikri")
    assert prose.paragraphs(message.body) == STORIES["banjir"]


def test_a_dateline_below_a_greeting_that_stays_is_found() -> None:
    message = reading("Selamat siang min,\n\nDEMAK - Pasar dibuka, Senin (23/11/2026).\n\n(mit)\n")
    assert (message.dateline_city, message.byline_writer) == ("Demak", "mit")
    assert prose.paragraphs(message.body) == ["Selamat siang min,", "Pasar dibuka, Senin (23/11/2026)."]


@pytest.mark.parametrize(
    ("lines", "captions"),
    [
        ("Foto 1: Satu.\nFoto 2: Dua.", ["Satu.", "Dua."]),
        ("Foto 2: Dua.\nFoto 1: Satu.", ["Satu.", "Dua."]),
        (
            "Foto: Warga satu menerima bantuan di posko.\nFoto: Warga dua menerima.",
            ["Warga satu menerima bantuan di posko.", "Warga dua menerima."],
        ),
        ("Ket. Foto 1 : Satu.\nKet. Foto 2 : Dua.", ["Satu.", "Dua."]),
        ("Keterangan foto:\n1. Satu.\n2. Dua.", ["Satu.", "Dua."]),
        ("Keterangan Foto:\n\n- Satu.\n- Dua.", ["Satu.", "Dua."]),
        ("Caption foto: Satu.", ["Satu.", ""]),
        ("Keterangan foto:\nSatu.", ["Satu.", ""]),
        ("*Foto 1:* Satu.\n*Foto 2: Dua.*", ["Satu.", "Dua."]),
        ("Foto ke-2: Dua.", ["", "Dua."]),
        ("Foto 1. Satu.\nFoto 2. Dua.", ["Satu.", "Dua."]),
        ("Gambar 1: Satu.", ["Satu.", ""]),
        ("IMG_200.jpg: Dua.\nIMG_100.jpg - Satu.", ["Satu.", "Dua."]),
    ],
)
def test_captions_find_their_photos_and_leave_the_text(lines: str, captions: list[str]) -> None:
    message = reading("\n\n".join(STORIES["banjir"]) + f"\n\n{lines}\n", photos=2)
    assert [image.caption for image in message.images] == captions
    assert prose.paragraphs(message.body) == STORIES["banjir"]


def test_captions_stay_in_the_text_of_a_mail_without_photos() -> None:
    message = reading("\n\n".join(STORIES["banjir"]) + "\n\nFoto 1: Satu.\n")
    assert prose.paragraphs(message.body) == [*STORIES["banjir"], "Foto 1: Satu."]


@pytest.mark.parametrize(
    "line",
    [
        "Foto bersama menutup acara: semua tersenyum.",
        "Keterangan: acara terbuka untuk umum.",
        "Foto - foto dibagikan.",
    ],
)
def test_sentences_that_speak_of_photos_are_no_captions(line: str) -> None:
    message = reading("\n\n".join(STORIES["banjir"]) + f"\n\n{line}\n", photos=1)
    assert prose.paragraphs(message.body)[-1] == line


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("Fotografer: Ratna Sari", "Ratna Sari"),
        ("Foto: Ratna/MC", "Ratna/MC"),
        ("Foto: Ratna", "Ratna"),
        ("Foto oleh: Ratna Sari", "Ratna Sari"),
    ],
)
def test_who_took_the_photos_is_their_credit(line: str, credit: str) -> None:
    message = reading("\n\n".join(STORIES["banjir"]) + f"\n\n{line}\n", photos=2)
    assert [(image.caption, image.credit) for image in message.images] == [("", credit)] * 2
    assert prose.paragraphs(message.body) == STORIES["banjir"]


def test_captions_go_by_file_name_then_number_then_order() -> None:
    captions = [
        Caption("c"),
        Caption("b", number=2),
        Caption("x", filename="satu.jpg"),
        Caption("y", number=9),
    ]
    chosen, left = pair(captions, ["satu.jpg", "dua.jpg", "tiga.jpg"])
    assert [caption.text if caption else "" for caption in chosen] == ["x", "b", "c"]
    assert [caption.text for caption in left] == ["y"]


def test_numbers_in_file_names_count_when_every_photo_has_one() -> None:
    chosen, _ = pair([Caption("satu", number=1), Caption("dua", number=2)], ["foto 2.jpg", "foto 1.jpg"])
    assert [caption.text if caption else "" for caption in chosen] == ["dua", "satu"]


@pytest.mark.parametrize(
    ("subject", "headline"),
    [
        ("Fwd: Fw: RE: Bls: Trs: Tr: Pasar Dibuka", "Pasar Dibuka"),
        ("[EXTERNAL] Liputan: Pasar Dibuka", "Pasar Dibuka"),
        ("Re[2]: Siaran Pers : Pasar Dibuka", "Pasar Dibuka"),
        ("***SPAM*** Pasar Dibuka", "Pasar Dibuka"),
        ("Mohon dimuat: Pasar Dibuka", "Pasar Dibuka"),
        ("Rekor Baru Pasar Dibuka", "Rekor Baru Pasar Dibuka"),
        ("Trs Bandung Dibuka", "Trs Bandung Dibuka"),
    ],
)
def test_a_subject_loses_what_programs_and_habits_put_before_it(subject: str, headline: str) -> None:
    assert from_subject(subject) == headline


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "(no subject)",
        "(tanpa judul)",
        "Berita",
        "Rilis Humas 12/5",
        "kirim berita hari ini",
        "0812 3456 7890",
        "Foto",
    ],
)
def test_a_subject_that_names_no_event_says_nothing(subject: str) -> None:
    assert says_nothing(subject)


@pytest.mark.parametrize("subject", ["Pasar Dibuka", "Rilis Panen Raya", "Berita Duka Cita Camat Melati"])
def test_a_subject_that_names_an_event_says_something(subject: str) -> None:
    assert not says_nothing(subject)


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        ("Pasar_Rakyat_Dibuka.docx", "Pasar Rakyat Dibuka"),
        ("Rilis - Pasar Dibuka (1) FINAL.docx", "Pasar Dibuka"),
        ("rilis.docx", ""),
        ("20261123_berita.docx", ""),
    ],
)
def test_a_documents_name_may_be_a_headline(name: str, headline: str) -> None:
    assert from_filename(name) == headline
