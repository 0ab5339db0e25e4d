"""PDF, old Word, Word: the text with its paragraphs, the pictures as they lie in it, within limits, never fatal."""

from __future__ import annotations

import io
import json
import random
import stat
import sys
from pathlib import Path

import pytest
from PIL import Image

from ingest import child, doc, docx, kinds, pdf
from ingest.docx import NotReadable
from ingest.pdf_pages import MOST_PAGES, MOST_PICTURES
from tests.samples import parts as made
from tests.samples.word97 import doc as word97

LONG = (
    "Pemerintah Kota Contoh membangun kembali pasar itu selama sepuluh bulan dengan anggaran daerah, dan kini "
    "menampung tiga ratus dua belas pedagang di dua lantai yang terang dan berangin."
)


def test_a_pdf_keeps_its_paragraphs_and_joins_its_lines() -> None:
    found = pdf.read(made.pdf(["PASAR DIRESMIKAN", LONG, "Kalimat kedua (dalam kurung) – “dikutip”."]))
    assert found.text.split("\n\n") == ["PASAR DIRESMIKAN", LONG, "Kalimat kedua (dalam kurung) – “dikutip”."]


def test_a_sentence_goes_on_over_the_end_of_a_page_and_page_numbers_are_no_text() -> None:
    found = pdf.read(made.pdf([LONG, "Warga datang sejak pagi dan", "1"], ["membeli sayur segar.", "- 2 -"]))
    assert found.text.split("\n\n")[-1] == "Warga datang sejak pagi dan membeli sayur segar."


def test_pictures_of_a_pdf_come_as_they_lie_in_it() -> None:
    photos = [made.photo(1), made.photo(2)]
    assert pdf.read(made.pdf([LONG, photos[0]], [photos[1]])).pictures == tuple(photos)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (made.pdf([made.photo(3, (600, 850))], scan=True), "pindaian"),
        (made.pdf(["Naskah."], locked=True), "kata sandi"),
        (b"%PDF-1.4\n%%EOF\n", "rusak"),
        (b"%PDF-" + b" " * (pdf.LARGEST + 1), "terlalu besar"),
    ],
)
def test_a_pdf_that_gives_no_text_is_told_with_what_to_ask_for(data: bytes, sentence: str) -> None:
    with pytest.raises(NotReadable, match=sentence) as told:
        pdf.read(data)
    assert "minta" in str(told.value)


def test_a_scan_with_its_text_behind_it_is_read_and_the_scan_is_no_photo() -> None:
    found = pdf.read(made.pdf([made.photo(4, (600, 850)), LONG], scan=True))
    assert found.text == LONG
    assert found.pictures == ()


def test_a_pdf_of_too_many_pages_and_pictures_is_read_so_far() -> None:
    pages: list[list[str | bytes]] = [[f"Kalimat lengkap nomor {index}."] for index in range(MOST_PAGES + 20)]
    pages[0] += [made.photo(index, (110, 100)) for index in range(MOST_PICTURES + 3)]
    found = pdf.read(made.pdf(*pages))
    assert f"nomor {MOST_PAGES - 1}." in found.text
    assert f"nomor {MOST_PAGES}." not in found.text
    assert (len(found.pictures), found.missing) == (MOST_PICTURES, 3)


def test_a_picture_that_claims_to_be_huge_is_left_out_of_a_pdf() -> None:
    found = pdf.read(made.pdf([LONG, made.photo(5)], claimed=(90_000, 90_000)))
    assert (found.text, found.pictures, found.missing) == (LONG, (), 1)


def test_damage_to_a_pdf_is_told_or_read_through() -> None:
    whole = made.pdf([LONG, made.photo(6)])
    rng = random.Random(1)
    for _ in range(8):
        at = rng.randrange(len(whole))
        try:
            pdf.read(whole[:at] + rng.randbytes(40) + whole[at + 40 :])
        except NotReadable as told:
            assert "minta" in str(told)


# Other programs


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-c", code)


def test_another_program_gets_a_file_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDAKSI_PASSWORD", "rahasia")
    code = (
        "import os, sys, json; print(json.dumps([open(sys.argv[1]).read(), sorted(os.environ), os.getcwd()]))"
    )
    content, names, folder = json.loads(
        child.run(python(code), b"isi", "naskah.doc", seconds=20, most=10_000)
    )
    assert content == "isi"
    assert set(names) <= {"HOME", "LC_ALL", "LC_CTYPE", "PATH"}
    assert not Path(folder).exists()


def test_a_program_that_never_ends_is_stopped() -> None:
    with pytest.raises(child.TookTooLong):
        child.run(python("while True: pass"), b"", "x", seconds=0.2, most=10)


def test_a_program_that_says_too_much_is_stopped() -> None:
    with pytest.raises(child.ChildError):
        child.run(python("while True: print('x' * 1000)"), b"", "x", seconds=20, most=5_000)


def test_a_program_that_fails_or_dies_is_told() -> None:
    for code in ("raise SystemExit(3)", "import os; os.abort()"):
        with pytest.raises(child.ChildError):
            child.run(python(code), b"", "x", seconds=20, most=10)


# Old Word


def test_without_antiword_the_editors_are_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotReadable, match=r"\.docx.*antiword"):
        doc.read(word97(["Satu."]))


def test_what_antiword_prints_becomes_paragraphs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "antiword"
    lines = "Judul\\n\\n  Satu – dua.\\n[pic]\\nTiga.\\n"
    program.write_text(f"#!{sys.executable}\nimport sys\nsys.stdout.buffer.write('{lines}'.encode())\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doc.read(word97(["Satu."])) == "Judul\n\nSatu – dua.\n\nTiga."


# What a file is


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (word97(["Satu."]), "a.doc", kinds.DOC),
        (word97(["Satu."]), "tanpa-nama", kinds.DOC),
        (made.rtf(["Satu."]), "a.doc", kinds.RTF),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>x</p>", "a.doc", kinds.HTML),
        (b"  <HTML><body>x</body></HTML>", "a.docx", kinds.HTML),
        (made.docx(["Satu."]), "a.doc", kinds.DOCX),
        (made.odt(["Satu."]), "a.docx", kinds.ODT),
        (made.pdf(["Satu."]), "a.doc", kinds.PDF),
        (b"\n\n" + made.pdf(["Satu."]), "a", kinds.PDF),
        (b"Naskah biasa.\r\n", "a.doc", "text/plain"),
        (made.zipped({"a.txt": b"x"}), "a.docx", kinds.ZIP),
        (b"PK\x03\x04 rusak", "a.docx", kinds.DOCX),
    ],
)
def test_a_document_is_what_its_bytes_say(data: bytes, name: str, kind: str) -> None:
    assert kinds.document_type(data, name, "application/octet-stream") == kind


def test_tracked_changes_are_accepted_and_comments_are_told() -> None:
    raw = (
        '<w:p><w:r><w:t>Tetap </w:t></w:r><w:ins w:id="1"><w:r><w:t>sisipan </w:t></w:r></w:ins>'
        '<w:del w:id="2"><w:r><w:delText>hapusan </w:delText></w:r></w:del><w:r><w:t>akhir.</w:t></w:r></w:p>'
    )
    found = docx.read(made.docx(["Satu."], raw=raw))
    assert "Tetap sisipan akhir." in " ".join(found.text.split())
    assert len(found.remarks) == 1
    assert docx.read(made.docx(["Satu."])).remarks == ()


def test_a_table_of_photos_gives_its_photos_in_order() -> None:
    pictures = [made.photo(seed) for seed in (7, 8, 9)]
    whole = made.docx(["Satu."], pictures)
    assert docx.read(whole).pictures == tuple(pictures)
    assert Image.open(io.BytesIO(docx.read(whole).pictures[2])).size == (320, 214)
