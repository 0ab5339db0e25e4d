"""Headers as they are written, not as they should be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import charset, dates, headers
from ingest.automatic import automatic
from ingest.headers import Headers
from ingest.sender import sender

WITA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?Q?Caf=C3=A9_Melati?=", "Café Melati"),
        (b"=?UTF-8?B?Q2Fmw6k=?= Melati", "Café Melati"),
        (b"=?utf-8?Q?Caf=C3?=  =?utf-8?Q?=A9?=", "Café"),
        (b"=?iso-8859-1?Q?Caf=E9?= =?utf-8?B?w6k=?=", "Caféé"),
        (b"=?utf-8?Q?satu?= dan =?utf-8?Q?dua?=", "satu dan dua"),
        (b"=?windows-1252?Q?=93Melati=94?=", "“Melati”"),
        (b"=?utf-8*id?Q?Melati?=", "Melati"),
        (b"=?utf-8?Q?ada spasi?=", "ada spasi"),
        (b"=?tak-dikenal?Q?Melati?=", "Melati"),
        (b"=?utf-8?B?TWVsYXRp", "=?utf-8?B?TWVsYXRp"),
        (b"Caf\xe9", "Café"),
        ("Café".encode(), "Café"),
        (b"\tbanyak   spasi\0 ", "banyak spasi"),
        (b"", ""),
    ],
)
def test_a_header_is_decoded_for_people(raw: bytes, text: str) -> None:
    assert headers.decode(raw) == text


@pytest.mark.parametrize(
    ("raw", "value", "found"),
    [
        (b'text/plain; charset="utf-8"', "text/plain", {"charset": "utf-8"}),
        (b"Text/Plain;charset=utf-8;", "text/plain", {"charset": "utf-8"}),
        (
            b"image/jpeg; name=foto kegiatan 1.jpg; x=1",
            "image/jpeg",
            {"name": "foto kegiatan 1.jpg", "x": "1"},
        ),
        (b'a/b; name="O\'Brien \\"x\\".pdf"', "a/b", {"name": 'O\'Brien "x".pdf'}),
        (b'a/b; name="tanpa tutup', "a/b", {"name": "tanpa tutup"}),
        (b"a/b; name*=utf-8''caf%C3%A9", "a/b", {"name": "café"}),
        (b"a/b; name=lama; name*=utf-8''baru", "a/b", {"name": "baru"}),
        (b"a/b; name*1=dua; name*0=satu-", "a/b", {"name": "satu-dua"}),
        (b"a/b; name*=Jum'at", "a/b", {"name": "Jum'at"}),
        (b"a/b; name=foto (1).jpg", "a/b", {"name": "foto (1).jpg"}),
        (b"; ; =x", "", {}),
    ],
)
def test_parameters_are_read_leniently(raw: bytes, value: str, found: dict[str, str]) -> None:
    assert headers.parameters(raw) == (value, found)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_no_header_raises_and_none_keeps_what_a_database_refuses(raw: bytes) -> None:
    for text in (
        headers.decode(raw),
        *headers.parameters(raw)[1].values(),
        headers.clean_filename(headers.decode(raw)),
    ):
        text.encode()
    assert "\0" not in headers.decode(raw)
    found, body = headers.parse(raw, 0, len(raw), message=True)
    assert 0 <= body <= len(raw)
    who = sender(found)
    assert who.address or who.problem
    dates.date(headers.decode(raw))


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 23 Nov 2026 10:00:00 +0700", datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        ("Sen, 23 Nop 2026 10.00 WIB", datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        ("23 Nov 2026 10:00:00 WITA", datetime(2026, 11, 23, 10, 0, tzinfo=WITA)),
        ("Senin, 23 November 2026 pukul 12.00 WIT", datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 03:00:00 GMT", datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 10:00:00 (WIB)", datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        ("Mon, 23 Nov 26 10:00 +0700", datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        ("2026-11-23T10:00:00+07:00", datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        ("23 Spetember 2026 10:00 +0700", datetime(2026, 9, 23, 3, 0, tzinfo=UTC)),
        ("Kamis, 31 Desember 2026 23.59.60 WIB", datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_in_both_languages_with_its_zone(written: str, moment: datetime) -> None:
    assert dates.date(written) == (moment, "")


def test_a_date_without_a_zone_is_taken_as_wib_and_said_so() -> None:
    moment, defect = dates.date("Mon, 23 Nov 2026 10:00:00")
    assert moment == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    assert "WIB" in defect


@pytest.mark.parametrize(
    "written", ["kemarin", "32 Nov 2026 10:00 WIB", "1 Foo 2026 10:00", "1 Jan 0000 10:00 +0700"]
)
def test_a_date_that_is_none_is_told(written: str) -> None:
    assert dates.date(written) == (None, "Tanggal surel tidak dapat dibaca.")


@pytest.mark.parametrize(
    ("written", "address", "name", "believed"),
    [
        ("Budi <Budi@Contoh.go.id>", "budi@contoh.go.id", "Budi", True),
        ("budi@contoh.go.id", "budi@contoh.go.id", "", True),
        ("budi@contoh.go.id (Budi Santoso)", "budi@contoh.go.id", "Budi Santoso", True),
        ('"Santoso, Budi" <budi@contoh.go.id>', "budi@contoh.go.id", "Santoso, Budi", True),
        ("Dinas, Kominfo <budi@contoh.go.id>", "budi@contoh.go.id", "Dinas, Kominfo", True),
        (
            "=?utf-8?Q?D=C3=A9si_=3Cx=40y.id=3E?= <budi@contoh.go.id>",
            "budi@contoh.go.id",
            "Dési <x@y.id>",
            False,
        ),
        ('"budi@contoh.go.id" <lain@asing.example>', "lain@asing.example", "budi@contoh.go.id", False),
        ("budi@contoh.go.id <BUDI@contoh.go.id>", "budi@contoh.go.id", "budi@contoh.go.id", True),
        ("a@contoh.go.id, Budi <b@contoh.go.id>", "", "a@contoh.go.id, Budi", False),
        (
            "Budi <a@contoh.go.id>, Ani <b@contoh.go.id>",
            "",
            "Budi <a@contoh.go.id>, Ani <b@contoh.go.id>",
            False,
        ),
        ("Budi", "", "Budi", False),
        ("<>", "", "", False),
        ("Budi <budi>", "", "Budi", False),
        ("Budi <budi@localhost>", "", "Budi", False),
        ("Grup: a@contoh.go.id, b@contoh.go.id;", "", "Grup: a@contoh.go.id, b@contoh.go.id;", False),
    ],
)
def test_a_sender_is_one_address_or_none(written: str, address: str, name: str, believed: bool) -> None:
    found = sender(Headers([("from", written.encode())]))
    assert (found.address, found.name, not found.problem) == (address, name, believed)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("auto-submitted", b"auto-generated"),
        ("auto-submitted", b"auto-replied (vacation)"),
        ("precedence", b"bulk"),
        ("precedence", b"auto_reply"),
        ("list-id", b"<warta.contoh.go.id>"),
        ("return-path", b"<>"),
        ("x-autoreply", b"yes"),
        ("x-redaksi-id", b"12"),
        ("subject", b"Automatic reply: rilis"),
        ("subject", b"Di luar kantor: rilis"),
        ("from", b"MAILER-DAEMON@contoh.go.id"),
    ],
)
def test_each_sign_of_automatic_mail_is_enough(name: str, value: bytes) -> None:
    found = Headers([(name, value)])
    assert automatic(found, "text/plain", sender(found).address, found.text("subject"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("auto-submitted", b"no"),
        ("x-auto-response-suppress", b"All"),
        ("precedence", b"normal"),
        ("return-path", b"<budi@contoh.go.id>"),
        ("subject", b"Read: Bupati Baca Puisi"),
        ("subject", b"Dibaca: Seribu Buku di Taman Baca"),
    ],
)
def test_a_letter_by_a_person_is_not_automatic(name: str, value: bytes) -> None:
    found = Headers([(name, value)])
    assert not automatic(found, "text/plain", "budi@contoh.go.id", found.text("subject"))


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("“é”".encode(), "iso-8859-1", "“é”"),
        ("“é”".encode("cp1252"), "us-ascii", "“é”"),
        ("é".encode("utf-16"), "", "é"),
        ("né".encode("utf-16-le"), "utf-16-le", "né"),
        ("日本".encode("iso2022_jp"), "iso-2022-jp", "日本"),
        ("日本".encode("shift_jis"), "shift_jis", "日本"),
        (b"\x81", "", "\ufffd"),
        (b"abc", "hex", "abc"),
        (b"caf\xe9", "cp-1252", "café"),
        (b"caf\x82", "cp-850", "café"),
    ],
)
def test_characters_are_found_by_a_ladder(data: bytes, declared: str, text: str) -> None:
    assert charset.decode(data, declared) == text


@pytest.mark.parametrize("text", ["“Usulan” – é ’ 🙏 Ma’had", "Café São Désirée", "½ €"])
def test_text_garbled_once_is_mended_and_good_text_left_alone(text: str) -> None:
    assert charset.repaired(text.encode().decode("latin-1")) == text
    assert charset.repaired(text) == text
