"""Programs are quarantined: whatever they are called and wherever they lie, only the original mail holds them."""

from __future__ import annotations

import pytest

from ingest import Message, RawMessage, read
from ingest.programs import danger
from tests.samples import parts as made
from tests.samples.parts import STORIES, mail, part, text
from tests.samples.word97 import doc

PROGRAM = b"MZ\x90\0" + b"\0" * 60 + b"program"
OCTETS = "application/octet-stream"


def sent(*files: bytes) -> Message:
    return read(RawMessage(mail("Banjir", text("\n\n".join(STORIES["banjir"])), *files), "uji"))


def held(message: Message) -> bytes:
    """All bytes that leave the mail."""
    images = [*message.images, *message.aside]
    return b"".join([*(file.data for file in message.documents), *(image.data for image in images)])


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "a.pdf.EXE",
        "foto.jpg.scr ",
        "a.js.",
        "x.lnk",
        "x.iso",
        "naskah.docm",
        "a.vbs",
        "a\u202egpj.exe",
        "a.ps1",
    ],
)
def test_a_program_is_known_by_its_name(name: str) -> None:
    assert danger(b"isi apa saja", name)


@pytest.mark.parametrize(
    "data",
    [
        PROGRAM,
        b"\x7fELF\x02",
        b"#!/bin/sh\n",
        b"\xca\xfe\xba\xbe\0\0",
        b"L\0\0\0\x01\x14\x02\0",
        b"<?php echo 1;",
    ],
)
def test_a_program_is_known_by_its_first_bytes_whatever_its_name(data: bytes) -> None:
    assert danger(data, "foto.jpg")
    assert danger(data, "")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (made.docx(["x"], more={"word/vbaProject.bin": "x"}), "a.docx"),
        (doc(["x"]) + "_VBA_PROJECT".encode("utf-16-le"), "a.doc"),
        (made.zipped({"mimetype": b"x", "content.xml": b"x", "Basic/Standard/a.xml": b"x"}), "a.odt"),
        (made.zipped({"META-INF/MANIFEST.MF": b"x", "a/B.class": b"x"}), "a.zip"),
        (b"<svg><script>x</script></svg>", "a.svg"),
        (b"<html></html>", "undangan.html"),
        (b"naskah biasa", "naskah\u202etxt.dokumen"),
    ],
)
def test_macros_scripts_and_hidden_names_are_found(data: bytes, name: str) -> None:
    assert danger(data, name)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (made.docx(["x"]), "Rilis v1.0.docx"),
        (doc(["x"]), "rilis.doc"),
        (made.pdf(["x"]), "www.contoh.go.id.pdf"),
        (b"MZ adalah singkatan yang lazim di sini.\n", "catatan.txt"),
        (made.zipped({"foto.jpg": b"x"}), "foto Jum'at.zip"),
        (b"<svg><path/></svg>", "peta.svg"),
        (b"", ""),
    ],
)
def test_ordinary_files_are_no_programs(data: bytes, name: str) -> None:
    assert danger(data, name) == ""


@pytest.mark.parametrize(
    "file",
    [
        part(OCTETS, PROGRAM, name="foto.jpg.exe"),
        part("image/jpeg", PROGRAM, name="foto.jpg"),
        part("text/plain", PROGRAM, name="naskah.txt"),
        part("application/zip", made.zipped({"a/foto.exe": PROGRAM}), name="foto.zip"),
        part("application/zip", made.zipped({"foto.jpg": PROGRAM}), name="foto.zip"),
        part("application/zip", made.zipped({"b.zip": made.zipped({"c": PROGRAM})}), name="foto.zip"),
        part(
            "application/zip",
            made.zipped({"b.eml": mail("x", part(OCTETS, PROGRAM, name="c"))}),
            name="b.zip",
        ),
        part("message/rfc822", mail("x", part(OCTETS, PROGRAM, name="c"), boundary="b2"), encoding=""),
        part("application/ms-tnef", made.tnef("halo", {"foto.jpg": PROGRAM}), name="winmail.dat"),
        part(
            "application/pkcs7-mime", made.signed_data(part(OCTETS, PROGRAM, name="c.exe")), name="smime.p7m"
        ),
        made.text("lihat di bawah\n") + made.uuencoded("c.exe", PROGRAM),
    ],
    ids=[
        "name",
        "magic",
        "text",
        "zip",
        "zip-magic",
        "zip-zip",
        "zip-eml",
        "eml",
        "tnef",
        "smime",
        "uuencode",
    ],
)
def test_a_program_leaves_the_mail_by_no_way(file: bytes) -> None:
    message = sent(file)
    assert PROGRAM not in held(message)
    assert b"PK" not in held(message)
    refused = [each for each in message.parts if each.fate == "refused"]
    assert refused
    assert all("tidak disimpan di luar surel aslinya" in each.reason for each in refused)


def test_a_locked_zip_that_names_a_program_is_refused_unopened() -> None:
    data = bytearray(made.zipped({"foto.exe": PROGRAM}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    message = sent(part("application/zip", bytes(data), name="foto.zip"))
    assert message.documents == ()


def test_photos_beside_a_program_in_a_zip_are_used() -> None:
    archive = made.zipped({"pasar.jpg": made.photo(1), "baca.exe": PROGRAM})
    message = sent(part("application/zip", archive, name="foto.zip"))
    assert [image.filename for image in message.images] == ["pasar.jpg"]
    assert message.documents == ()


def test_an_attached_page_is_read_when_the_mail_has_no_other_text_but_never_kept() -> None:
    page = "<html><script>alert(1)</script>" + made.html_paragraphs("banjir") + "</html>"
    message = read(RawMessage(mail("Banjir", part("text/html", page.encode(), name="berita.html")), "uji"))
    assert STORIES["banjir"][0] in message.body
    assert "alert" not in message.body
    assert message.documents == ()
