"""ZIP, winmail.dat, .odt, .rtf, HTML: opened within limits, never followed, never fatal."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import docx, html, links, odt, rtf, tnef
from ingest.archives import MOST_FILES, Room, unpack
from tests.samples import parts as made


def test_files_of_a_zip_come_with_their_names_but_not_their_paths() -> None:
    data = made.zipped({"a/b/satu.jpg": b"1", "..\\..\\dua.jpg": b"2", "/etc/tiga.jpg": b"3"})
    assert unpack(data, Room()).files == [("satu.jpg", b"1"), ("dua.jpg", b"2"), ("tiga.jpg", b"3")]


def test_what_a_zip_says_of_itself_is_not_believed() -> None:
    """The directory promises 10 bytes, the file holds ten million."""
    data = made.zipped({"besar.bin": random.Random(1).randbytes(1000) * 10_000})
    at = data.rindex(b"PK\x01\x02")
    lying = data[: at + 24] + (10).to_bytes(4, "little") + data[at + 28 :]
    assert sum(len(content) for _, content in unpack(lying, Room()).files) <= 10


def test_a_zip_of_too_many_files_is_opened_only_so_far() -> None:
    found = unpack(made.zipped({f"{index}.txt": b"x" for index in range(MOST_FILES + 50)}), Room())
    assert len(found.files) == MOST_FILES
    assert len(found.problems) == 1


def test_all_archives_of_a_mail_share_one_room() -> None:
    room = Room(files=3, size=1_000)
    first, second = (unpack(made.zipped({"a": b"x" * 300, "b": b"y" * 300}), room) for _ in range(2))
    assert [len(first.files), len(second.files)] == [2, 1]


@pytest.mark.parametrize("cut", [30, 60, 100, 150])
def test_a_broken_zip_is_told(cut: int) -> None:
    assert unpack(made.zipped({"a.txt": b"x" * 50, "b.txt": b"y" * 50})[:cut], Room()).problems


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 300))
def test_no_damage_makes_a_reader_raise(noise: bytes, at: int) -> None:
    packed = made.tnef("halo", {"a.jpg": b"x" * 40})
    tnef.read(packed[:at] + noise + packed[at:])
    tnef.read(tnef.SIGNATURE + noise)
    written = made.rtf(["Satu – dua", "Tiga"])
    rtf.read(written[:at] + noise + written[at:])
    archive = made.zipped({"a.txt": b"x" * 50})
    unpack(archive[:at] + noise + archive[at:], Room())
    for reader in (docx.read, odt.read):
        with pytest.raises(docx.NotReadable):
            reader(noise)


def test_an_rtf_keeps_paragraphs_and_letters_and_nothing_else() -> None:
    data = rb"""{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\stylesheet{\s0 Normal;}}{\*\generator X;}
\pard\f0 Caf\'e9 \ldblquote Melati\rdblquote  \u8211?{\b tebal} \{kurung\}\par
\uc1\u-10179?\u-8704?\line baris\tab akhir{\pict 89504e47}\par}"""
    assert rtf.read(data) == "Café “Melati” –tebal {kurung}\n\n😀\nbaris akhir"


def test_an_odt_gives_headings_lists_and_blanks() -> None:
    document = odt.read(made.odt(["# Judul Besar", "Satu dua *tiga*."], [b"gambar"]))
    assert document.text == "## Judul Besar\n\nSatu dua \\*tiga\\*."
    assert document.pictures == (b"gambar",)


def test_an_odt_with_entities_is_not_read() -> None:
    content = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    data = made.zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content})
    with pytest.raises(docx.NotReadable, match="tidak dipercaya"):
        odt.read(data)


def test_a_docx_that_is_huge_when_unpacked_is_not_read() -> None:
    stream = io.BytesIO(made.docx(["Satu."]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/besar.xml", b" " * 50_000_000)
    with pytest.raises(docx.NotReadable, match="terlalu besar"):
        docx.read(stream.getvalue())


def test_a_docx_with_entities_gives_no_more_than_it_holds() -> None:
    bomb = "<!DOCTYPE x [" + "".join(
        f'<!ENTITY e{index} "{f"&e{index - 1};" * 10 if index else "x" * 10}">' for index in range(12)
    )
    stream = io.BytesIO(made.docx(["Satu."]))
    with zipfile.ZipFile(stream) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    document = files["word/document.xml"].replace(b"<w:document", bomb.encode() + b"]><w:document")
    files["word/document.xml"] = document.replace(b"Satu.", b"&e11;")
    with pytest.raises(docx.NotReadable):
        docx.read(made.zipped(files))


def test_a_docx_that_links_a_file_of_this_computer_does_not_get_it(tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.jpg"
    secret.write_bytes(made.photo(1))
    stream = io.BytesIO(made.docx(["Satu."], [b"x"]))
    with zipfile.ZipFile(stream) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["word/document.xml"] = files["word/document.xml"].replace(b"r:embed=", b"r:link=")
    relations = files["word/_rels/document.xml.rels"]
    files["word/_rels/document.xml.rels"] = relations.replace(
        b'Target="media/image1.jpg"', f'Target="{secret.as_uri()}" TargetMode="External"'.encode()
    )
    found = docx.read(made.zipped(files))
    assert (found.pictures, found.missing) == ((), 1)


def test_html_nested_without_end_is_read_without_its_structure() -> None:
    deep = "<div>" * 30_000 + "<p>Satu</p><script>alert(1)</script><!-- x --><p>Dua &amp; tiga</p>"
    assert html.to_markdown(deep).split() == ["Satu", "Dua", "&", "tiga"]


def test_links_to_shared_files_are_found_without_their_redirects() -> None:
    text = (
        "Foto di [sini](https://drive.google.com/file/d/1/view) dan "
        "https://id01.safelinks.protection.outlook.com/?url=https%3A%2F%2F1drv.ms%2Ff%2Fx&data=1, juga "
        "https://contoh.go.id/berita dan https://drive.google.com.asing.example/x "
        "https://drive.google.com/file/d/1/view."
    )
    assert links.shared(text) == ("https://drive.google.com/file/d/1/view", "https://1drv.ms/f/x")
