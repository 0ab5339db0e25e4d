"""Mails made to do harm: nothing reaches a page, nothing takes more than its limits, everything is kept and told."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

import prose
from ingest import Message, RawMessage
from ingest.archives import MOST_BYTES, MOST_FILES
from ingest.mime import COPIED, LISTED, MOST
from ingest.reading import take_in
from tests.samples import parts as made
from tests.samples.parts import STORIES, html, jpeg, mail, multipart, part, text

STORY = "\n\n".join(STORIES["banjir"])
MEGABYTE = 1_000_000


def reading(data: bytes) -> Message:
    message = take_in(RawMessage(data, "uji"))
    assert "".join(segment.text for segment in message.segments) == message.source_text
    return message


def peak(data: bytes) -> tuple[Message, int]:
    """Read a mail and return the most memory that took beside the mail itself, in bytes."""
    tracemalloc.start()
    try:
        message = reading(data)
        return message, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# Nothing reaches a page


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        '<a href="javascript:alert(1)">klik</a>',
        '<a href="JaVa&#115;cript:alert(1)">klik</a>',
        '<a href="data:text/html;base64,PHNjcmlwdD4=">klik</a>',
        '<a href="vbscript:msgbox(1)">klik</a>',
        '<iframe src="https://jahat.example"></iframe>',
        '<object data="x.swf"></object><embed src=x>',
        '<form action="https://jahat.example"><input name=sandi></form>',
        '<meta http-equiv="refresh" content="0;url=https://jahat.example">',
        '<link rel=stylesheet href="https://jahat.example/x.css">',
        "<style>@import 'https://jahat.example/x.css';</style>",
        '<p style="background:url(https://jahat.example/x)">x</p>',
        '<img src="https://jahat.example/pelacak.gif" width=1 height=1>',
        "<math><mtext></p><script>alert(1)</script>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<!--><script>alert(1)</script>-->",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "[klik](javascript:alert(1))",
        "![x](https://jahat.example/pelacak.gif)",
        "<https://jahat.example> [x]: javascript:alert(1)",
        "`<script>`alert(1)`</script>`",
    ],
)
@pytest.mark.parametrize("way", ["html", "plain", "docx", "subject", "pdf", "calendar"])
def test_no_attack_reaches_a_page_from_any_part_of_a_mail(attack: str, way: str) -> None:
    inside = {
        "html": lambda: mail("Banjir", html(made.html_paragraphs("banjir") + attack)),
        "plain": lambda: mail("Banjir", text(f"{STORY}\n\n{attack}\n")),
        "docx": lambda: mail(
            "", part("application/msword", made.docx([*STORIES["banjir"], attack]), name="a.docx")
        ),
        "subject": lambda: mail(attack, text(STORY)),
        "pdf": lambda: mail(
            "", part("application/pdf", made.pdf([*STORIES["banjir"], attack]), name="a.pdf")
        ),
        "calendar": lambda: mail(
            "", text(f"BEGIN:VEVENT\nSUMMARY:{attack}\nEND:VEVENT\n", kind="calendar"), kind=""
        ),
    }
    message = reading(inside[way]())
    shown = prose.to_html(message.body).lower()
    for mark in (
        "<script",
        "<img",
        "<svg",
        "<iframe",
        "<object",
        "<form",
        "<style",
        "<link",
        "<meta",
        "<math",
        "<input",
    ):
        assert mark not in shown
    assert not any(
        word in _tags(shown) for word in ("javascript:", "data:", "vbscript:", "onerror", "onload", "style=")
    )


def _tags(shown: str) -> str:
    """Everything between < and >."""
    return " ".join(piece.partition(">")[0] for piece in shown.split("<")[1:])


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\windows\\system32\\a.jpg",
        "/etc/cron.d/x.jpg",
        "a\0b.jpg",
        "C:\\x.jpg",
        "..",
    ],
)
def test_no_name_is_a_path(name: str) -> None:
    files = [
        jpeg(name.replace("\0", "%00"), 1),
        part(
            "application/zip",
            made.zipped({name.replace("\0", "_"): made.photo(2)}),
            name=name.replace("\0", ""),
        ),
    ]
    message = reading(mail("Banjir", text(STORY), *files))
    names = [each.filename for each in (*message.parts, *message.images, *message.documents)]
    assert not any(mark in each for each in names for mark in ("/", "\\", "\0"))
    assert ".." not in names


# Nothing takes more than its limits


def test_ten_thousand_parts_are_listed_within_limits() -> None:
    tiny = part("application/x-kecil", b"x", encoding="", disposition=None)
    message, used = peak(mail("Banjir", text(STORY), *[tiny] * 10_000))
    assert len(message.parts) <= LISTED
    assert sum(each.fate != "refused" for each in message.parts) <= MOST
    assert prose.paragraphs(message.body) == STORIES["banjir"]
    assert message.defects
    assert used < 60 * MEGABYTE


def test_ten_thousand_levels_are_not_followed() -> None:
    inner = text(STORY)
    for depth in range(2_000):
        inner = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth) + inner
    message, used = peak(mail("Banjir", text(STORY), inner))
    assert message.headline == "Banjir"
    assert used < 60 * MEGABYTE


@pytest.mark.parametrize(
    "headers",
    [
        "X-Bom: y\n" * 30_000,
        "X-Bom: " + "y" * 3 * MEGABYTE + "\n",
        "X-Bom: y\n" + " lipat\n" * 60_000,
        "Received: " + "(" * 200_000 + "\n",
        "To: " + "a@b.example, " * 100_000 + "\n",
        "References: " + "<a@b> " * 100_000 + "\n",
        'Content-Disposition: attachment; filename="' + "x" * MEGABYTE + '"\n',
        "X-Kata: " + "=?utf-8?B?w6k=?= " * 100_000 + "\n",
    ],
    ids=["many", "long", "folded", "comments", "addresses", "references", "name", "words"],
)
def test_a_header_bomb_is_read_within_limits(headers: str) -> None:
    message, used = peak(mail("Banjir", text(STORY), headers=headers))
    assert message.headline in ("Banjir", "(tanpa judul)")
    assert len(message.references) <= 100
    assert used < 40 * MEGABYTE + 6 * len(headers)


def test_a_zip_bomb_gives_no_more_than_its_room() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for index in range(4):
            archive.writestr(f"{index}.bmp", b"\0" * 40 * MEGABYTE)
    message, used = peak(
        mail("Banjir", text(STORY), part("application/zip", stream.getvalue(), name="foto.zip"))
    )
    assert used < 20 * MEGABYTE
    assert any("terlalu besar setelah dibuka" in defect for defect in message.defects)
    assert MOST_BYTES <= 300 * MEGABYTE


def test_a_zip_in_a_zip_in_a_zip_is_not_opened_without_end() -> None:
    data = made.zipped({"dasar.txt": b"x" * 1000})
    for _ in range(20):
        data = made.zipped({"dalam.zip": data})
    message = reading(mail("Banjir", text(STORY), part("application/zip", data, name="foto.zip")))
    assert max(each.number.count("/") for each in message.parts) <= 3


def test_zips_of_one_mail_share_one_room() -> None:
    many = made.zipped({f"{index}.txt": b"x" for index in range(200)})
    message = reading(mail("Banjir", text(STORY), *[part("application/zip", many, name="a.zip")] * 5))
    assert sum("/" in each.number for each in message.parts) <= MOST_FILES


def pixel_bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that claims to be of so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 3 * MEGABYTE)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (200_000, 10_000), (2**31 - 1, 1)])
def test_a_pixel_bomb_is_not_decoded_and_is_told(size: tuple[int, int]) -> None:
    message, used = peak(mail("Banjir", text(STORY), part("image/png", pixel_bomb(*size), name="foto.png")))
    assert used < 30 * MEGABYTE
    pictures = [*message.images, *message.aside]
    assert len(pictures) == 1
    assert pictures[0].problem


def test_mails_within_mails_are_copied_so_many_bytes_and_no_more() -> None:
    big = part("application/x-isi", b"x" * 3 * MEGABYTE, encoding="binary")
    inner = mail("Dalam", big, boundary="dalam")
    for _ in range(45):
        inner = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + inner
    message, used = peak(mail("Banjir", text(STORY), inner))
    assert used < 2 * COPIED + 12 * MEGABYTE
    assert any("terlalu besar setelah dibuka" in defect for defect in message.defects)


@pytest.mark.parametrize(
    "body",
    [
        "begin 644 x\n" * 30_000,
        "*_" * 100_000,
        "> " * 50_000 + "\n",
        "Dari: x\n" * 8_000,
        "1. JUDUL BERITA PANJANG SEKALI\n\n" * 5_000,
        "-----BEGIN PGP SIGNED MESSAGE-----\n\n" * 20_000,
        "=ybegin name=x\n" * 20_000,
        "https://drive.google.com/" + "a" * 300_000,
        "Pada " * 50_000 + "menulis:\n",
        "(" * 50_000 + ")" * 50_000,
        "Foto 1: x\n" * 20_000,
    ],
    ids=[
        "begin",
        "marks",
        "quotes",
        "labels",
        "titles",
        "armour",
        "yenc",
        "link",
        "pada",
        "brackets",
        "captions",
    ],
)
def test_text_made_to_be_slow_is_read_all_the_same(body: str) -> None:
    message = reading(mail("Banjir", text(body), kind=""))
    assert message.headline
    assert message.source_text


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 60_000,
        "<table><tr><td>" * 3_000 + "x",
        "<a href='" + "x" * MEGABYTE + "'>x</a>",
        "<img src='cid:a@x'>" * 20_000,
        "<p>x</p>" * 2_000,
        "<!--" * 50_000,
        "<" * 10_000,
        "&" * 10_000,
    ],
    ids=["deep", "tables", "address", "pictures", "paragraphs", "comments", "angles", "ampersands"],
)
def test_a_page_made_to_be_slow_is_read_all_the_same(page: str) -> None:
    message, used = peak(mail("Banjir", html(page), kind=""))
    assert message.headline
    assert used < 150 * MEGABYTE


def test_a_docx_and_an_rtf_of_marks_alone_are_read_within_limits() -> None:
    rich = b"{\\rtf1" + b"{\\b " * 50_000
    bomb = part("application/rtf", rich, name="a.rtf")
    wide = part("application/msword", made.docx(["x"] * 400), name="a.docx")
    message, used = peak(mail("Banjir", text(STORY), bomb, wide))
    assert prose.paragraphs(message.body) == STORIES["banjir"]
    assert used < 120 * MEGABYTE


def test_an_alternative_of_alternatives_is_gathered_once() -> None:
    inner = text("x\n")
    for depth in range(45):
        inner = multipart("alternative", inner, text(f"teks {depth}\n"), boundary=f"b{depth}")
    assert reading(mail("Banjir", inner, kind="")).headline == "Banjir"
