"""Text and files inside wrappings: S/MIME, PGP, uuencode, yEnc, packed RTF, enriched text, calendars."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import RawMessage, armour, enriched, invitation, read, signed, tnef
from tests.samples import parts as made
from tests.samples.parts import STORIES, mail, part, text

STORY = "\n\n".join(STORIES["banjir"])


# S/MIME


def test_signed_data_gives_back_what_was_signed() -> None:
    assert signed.unwrap(made.signed_data(b"Content-Type: text/plain\r\n\r\nHalo")).endswith(b"Halo")


def test_signed_data_in_pieces_of_unknown_length_is_unwrapped() -> None:
    """BER with indefinite lengths and the content in two pieces, as streaming programs write it."""
    pieces = b"\x04\x03Hal" + b"\x04\x01o"
    data_type = bytes.fromhex("06092a864886f70d010701")
    inner = b"\x30\x80" + data_type + b"\xa0\x80\x24\x80" + pieces + b"\0\0" * 3
    signed_data = b"\x30\x80\x02\x01\x01\x31\x00" + inner + b"\x31\x00\0\0"
    whole = b"\x30\x80" + bytes.fromhex("06092a864886f70d010702") + b"\xa0\x80" + signed_data + b"\0\0" * 2
    assert signed.unwrap(whole) == b"Halo"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 120))
def test_no_bytes_make_unwrapping_raise(noise: bytes, at: int) -> None:
    whole = made.signed_data(b"Content-Type: text/plain\r\n\r\nHalo")
    signed.unwrap(noise)
    signed.unwrap(whole[:at] + noise + whole[at:])


def test_signed_data_within_signed_data_is_opened_within_limits() -> None:
    inner = text(STORY + "\n")
    for _ in range(60):
        inner = part("application/pkcs7-mime", made.signed_data(inner), encoding="binary", name="smime.p7m")
    message = read(RawMessage(mail("Banjir", inner, kind=""), "uji"))
    assert any("bersarang" in defect for defect in message.defects)


# PGP


def test_armour_is_taken_off_and_dashes_are_unescaped() -> None:
    whole = "Halo\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nSatu\n- - dua\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\nkaki\n"
    assert armour.without_signature(whole) == "Halo\nSatu\n- dua\nkaki\n"


@pytest.mark.parametrize(
    "words",
    [
        "Ia menulis -----BEGIN PGP SIGNED MESSAGE----- di papan.\n\nSatu.\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nkalimat biasa\n\nSatu.\n",
        "Satu.\n\n-----\n\nDua.\n",
    ],
)
def test_what_is_no_armour_stays(words: str) -> None:
    assert armour.without_signature(words) == words


# Files written into text


@pytest.mark.parametrize("write", [made.uuencoded, made.yenc])
@pytest.mark.parametrize("size", [1, 45, 46, 128, 5_000])
def test_a_file_in_the_text_is_taken_out_whole(write: object, size: int) -> None:
    data = random.Random(size).randbytes(size)
    coded = write("foto.jpg", data)  # type: ignore[operator]
    rest, files = armour.take_out(b"Halo\r\n\r\n" + coded + b"\r\nSalam\r\n")
    assert files == [("foto.jpg", data)]
    assert rest.split() == [b"Halo", b"Salam"]


@pytest.mark.parametrize(
    "words",
    [
        b"begin 644 catatan\nKalimat ini milik cerita.\nend\n",
        b"begin 644 catatan\n#0V%T\ntanpa akhir\n",
        b"We begin 644 x\n",
        b"begin\nend\n",
        b"=ybegin saja\n",
    ],
)
def test_words_that_look_like_a_coded_file_stay(words: bytes) -> None:
    assert armour.take_out(words) == (words, [])


def test_a_name_of_a_coded_file_is_no_path() -> None:
    assert armour.take_out(made.uuencoded("../../etc/foto.jpg", b"x" * 50))[1][0][0] == "foto.jpg"


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 200))
def test_no_text_makes_taking_out_raise(noise: bytes, at: int) -> None:
    for coded in (made.uuencoded("a", b"x" * 90), made.yenc("a", b"x" * 90)):
        armour.take_out(coded[:at] + noise + coded[at:])


# winmail.dat, enriched text, calendars


def test_packed_rtf_in_a_winmail_dat_is_text() -> None:
    assert (
        tnef.read(made.tnef("", {}, rich=made.rtf(["Satu – “dua”.", "Tiga."]))).rtf
        == "Satu – “dua”.\n\nTiga."
    )


def test_broken_packed_rtf_leaves_the_files_of_a_winmail_dat() -> None:
    whole = bytearray(made.tnef("", {"a.jpg": made.photo(1)}, rich=made.rtf(["Satu."])))
    at = whole.index(b"LZFu") + 12
    whole[at] ^= 0xFF
    found = tnef.read(bytes(whole))
    assert found.rtf == ""
    assert [file.filename for file in found.files] == ["a.jpg"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("<bold>Satu</bold>\nsambung\n\n<color><param>red</param>Dua</color>", "Satu sambung\n\nDua\n"),
        ("a <<b> c", "a <b> c\n"),
        ("satu\n\n\ndua", "satu\n\ndua\n"),
        ("3 < 5 dan 7 > 2", "3 < 5 dan 7 > 2\n"),
    ],
)
def test_enriched_text_becomes_plain(written: str, words: str) -> None:
    assert enriched.to_text(written) == words


def test_an_invitation_says_what_when_and_where() -> None:
    found = invitation.read(
        "BEGIN:VEVENT\r\nSUMMARY;LANGUAGE=id:Rapat\\, terbuka\r\nDTSTART:20261124T010000Z\r\nLOCATION:Aula\r\n"
        "DESCRIPTION:Baris pan\r\n jang.\\nBaris dua.\r\nEND:VEVENT\r\n"
    )
    assert found is not None
    assert found.title == "Rapat, terbuka"
    assert found.text == (
        "Rapat, terbuka\n\nWaktu: Selasa, 24 November 2026 pukul 01.00 UTC\n\nTempat: Aula\n\nBaris panjang.\nBaris dua."
    )


@pytest.mark.parametrize(
    "written", ["", "BEGIN:VCALENDAR", "BEGIN:VEVENT\nEND:VEVENT", "BEGIN:VEVENT\nUID:1"]
)
def test_a_calendar_without_an_event_is_no_invitation(written: str) -> None:
    assert invitation.read(written) is None


def test_a_date_that_cannot_be_is_shown_as_written() -> None:
    found = invitation.read("BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20269999T010000\nEND:VEVENT")
    assert found is not None
    assert "20269999T010000" in found.text
