"""Sample mails whose point is a document, a program, or several stories at once. Registered like those of make_mail."""

from __future__ import annotations

import io

from PIL import Image

from tests.samples.parts import (
    STORIES,
    crlf,
    docx,
    html,
    html_paragraphs,
    jpeg,
    mail,
    paragraphs,
    part,
    pdf,
    photo,
    sample,
    text,
    zipped,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PASAR = "Pasar Rakyat Kenanga Diresmikan"
BANJIR = "Bantuan Banjir Disalurkan"
MUSRENBANG = "Musrenbang Kecamatan Melati Dibuka"


# PDF and Word in all their forms


@sample
def naskah_pdf() -> bytes:
    """The story runs over two pages, its photos stand in it, page numbers at the foot."""
    first, second, third = STORIES["pasar"]
    document = pdf([PASAR, f"CONTOH – {first}", photo(101)], [second, third, "(humas/sri)", photo(102), "2"])
    return mail(
        "rilis",
        text("Selamat siang min, mohon dimuat.\n"),
        part("application/pdf", document, name="Rilis Pasar.pdf"),
    )


@sample
def pdf_dan_docx() -> bytes:
    """The same release as .docx and as PDF: the .docx is the story."""
    told = [PASAR, *STORIES["pasar"]]
    return mail(
        "rilis",
        text("Mohon dimuat.\n"),
        part("application/pdf", pdf([*told, "Dinas Komunikasi dan Informatika"]), name="pasar.pdf"),
        part(WORD, docx(["# " + PASAR, *STORIES["pasar"]]), name="pasar.docx"),
    )


@sample
def pdf_pindaian() -> bytes:
    document = pdf([photo(103, (600, 850))], [photo(104, (600, 850))], scan=True)
    return mail(
        "Rilis peresmian pasar",
        text("Terlampir.\n"),
        part("application/pdf", document, name="pindai.pdf"),
        jpeg("pasar.jpg", 105),
    )


@sample
def pdf_bersandi() -> bytes:
    return mail(
        BANJIR,
        text(paragraphs("banjir") + "\n"),
        part("application/pdf", pdf(["Naskah."], locked=True), name="lengkap.pdf"),
    )


@sample
def pdf_rusak() -> bytes:
    return mail(
        BANJIR,
        text(paragraphs("banjir") + "\n"),
        part("application/pdf", pdf(["Naskah."])[:120], name="putus.pdf"),
        jpeg("banjir.jpg", 106),
    )


@sample
def doc_berisi_html() -> bytes:
    """A .doc that a web program made: HTML by its bytes."""
    page = f"<html><body><h1>{PASAR}</h1>{html_paragraphs('pasar')}</body></html>".encode()
    return mail("", text("Terlampir.\n"), part("application/msword", page, name="berita pasar.doc"))


@sample
def doc_berisi_docx() -> bytes:
    document = docx(["# " + PASAR, *STORIES["pasar"]])
    return mail("", text("Terlampir.\n"), part("application/msword", document, name="pasar.doc"))


@sample
def docx_dilacak() -> bytes:
    """Tracked changes, a comment, a text box, a table, the letterhead in the header."""
    first, second, third = STORIES["pasar"]
    changed = (
        '<w:p><w:r><w:t xml:space="preserve">Pasar dibuka setiap hari </w:t></w:r>'
        '<w:del w:id="1" w:author="Sri"><w:r><w:delText>pukul 03.00 </w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="Sri"><w:r><w:t xml:space="preserve">pukul 04.00 </w:t></w:r></w:ins>'
        '<w:commentRangeStart w:id="0"/><w:r><w:t>sampai 16.00 WIB.</w:t></w:r><w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r>'
        '<w:r><w:t xml:space="preserve"> Warga dapat membayar dengan uang tunai maupun nontunai.</w:t></w:r></w:p>'
    )
    box = (
        '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent><w:p><w:r>'
        "<w:t>Pasar ini menampung 40 kios kuliner di lantai dua bangunan.</w:t>"
        "</w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>" for words in ("Kios", "312"))
    table = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    comments = f'<w:comments xmlns:w="{w}"><w:comment w:id="0" w:author="Sri"><w:p><w:r><w:t>Cek jamnya</w:t></w:r></w:p></w:comment></w:comments>'
    header = f'<w:hdr xmlns:w="{w}"><w:p><w:r><w:t>PEMERINTAH KOTA CONTOH</w:t></w:r></w:p></w:hdr>'
    assert third.startswith("Pasar dibuka setiap hari")
    document = docx(
        ["# " + PASAR, first, second],
        raw=changed + box + table,
        more={"word/comments.xml": comments, "word/header1.xml": header},
    )
    return mail("", text("Terlampir.\n"), part(WORD, document, name="pasar.docx"))


@sample
def docx_foto_diperkecil() -> bytes:
    """Word keeps small copies of the photos that are attached beside it; another photo is only in the document."""
    large, other = photo(107, (1280, 856)), photo(108)
    document = docx(["# " + PASAR, *STORIES["pasar"]], [_smaller(large), other])
    return mail(
        "", text("Terlampir.\n"), part(WORD, document, name="pasar.docx"), jpeg("DSC_1.JPG", 0, data=large)
    )


@sample
def docx_hampir_sama() -> bytes:
    """The body has another figure than the document, so somebody must look."""
    body = paragraphs("pasar").replace("312 pedagang", "321 pedagang")
    return mail(
        PASAR, text(body + "\n"), part(WORD, docx(["# " + PASAR, *STORIES["pasar"]]), name="pasar.docx")
    )


# Several stories in one mail


@sample
def tiga_berita_bernomor() -> bytes:
    body = (
        "Selamat siang min, berikut tiga berita hari ini, mohon dimuat.\n\n"
        f"1. {PASAR.upper()}\n\nContoh – {paragraphs('pasar')}\n(humas/sri)\n\n"
        f"2. {BANJIR.upper()}\n\nContoh – {paragraphs('banjir')}\n(humas/bdi)\n\n"
        f"3. {MUSRENBANG.upper()}\n\nContoh – {paragraphs('musrenbang')}\n"
    )
    return mail("kirim berita", text(body))


@sample
def dua_berita_bergaris() -> bytes:
    body = (
        f"{PASAR}\n\nCONTOH – {paragraphs('pasar')}\n\n====================\n\n"
        f"{BANJIR}\n\nCONTOH – {paragraphs('banjir')}\n\n(MC Contoh/bdi)\n"
    )
    return mail("dua rilis", text(body))


@sample
def docx_dua_berita() -> bytes:
    document = docx(
        [
            "# " + PASAR,
            "CONTOH – " + STORIES["pasar"][0],
            *STORIES["pasar"][1:],
            "# " + BANJIR,
            "CONTOH – " + STORIES["banjir"][0],
            *STORIES["banjir"][1:],
        ]
    )
    return mail("rilis", text("Mohon dimuat keduanya.\n"), part(WORD, document, name="rilis.docx"))


@sample
def bukan_dua_berita() -> bytes:
    """A row of dashes, numbered demands, and a box about the office are parts of one story."""
    body = (
        f"CONTOH – {paragraphs('pasar')}\n\n----------\n\n{STORIES['banjir'][1]} {STORIES['banjir'][2]}\n\n"
        f"1. {STORIES['musrenbang'][0]}\n\n2. {STORIES['musrenbang'][2]}\n\n----------\n\n"
        "Tentang Dinas Perdagangan Kota Contoh\n\nDinas Perdagangan Kota Contoh dibentuk pada 2017 untuk membina "
        "pedagang pasar rakyat, toko, dan usaha kecil. Dinas ini mengelola sebelas pasar yang menampung lebih dari empat "
        "ribu pedagang, dan melayani tera ulang timbangan setiap pekan di halaman kantornya.\n"
    )
    return mail(PASAR, text(body))


@sample
def kumpulan_surel() -> bytes:
    """multipart/digest: its parts are mails though none says so."""
    inner = [
        b"\r\n" + mail(title, text(paragraphs(name) + "\n"), kind="")
        for title, name in ((PASAR, "pasar"), (BANJIR, "banjir"))
    ]
    return mail("Kumpulan rilis", *inner, kind="digest")


# Programs


@sample
def zip_berisi_program() -> bytes:
    archive = zipped({"foto/pasar.jpg": photo(109), "Baca saya.pdf.exe": b"MZ\x90\0" + b"\0" * 60})
    inside = zipped({"dalam.zip": zipped({"jahat.txt": b"#!/bin/sh\nrm -rf /\n"})})
    return mail(
        BANJIR,
        text(paragraphs("banjir") + "\n"),
        part("application/zip", archive, name="foto.zip"),
        part("application/zip", inside, name="bertingkat.zip"),
    )


@sample
def dokumen_bermakro() -> bytes:
    macro = docx(["Naskah."], more={"word/vbaProject.bin": "x"})
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "_VBA_PROJECT".encode("utf-16-le")
    return mail(
        BANJIR,
        text(paragraphs("banjir") + "\n"),
        part(WORD, macro, name="naskah.docx"),
        part("application/vnd.ms-word.document.macroEnabled.12", docx(["Naskah."]), name="naskah.docm"),
        part("application/msword", old, name="naskah.doc"),
    )


@sample
def program_menyamar() -> bytes:
    """Double extensions, hidden direction, first bytes that tell."""
    octets = "application/octet-stream"
    return mail(
        BANJIR,
        text(paragraphs("banjir") + "\n"),
        part(octets, b"WScript.Echo(1)", name="foto.jpg.js "),
        part(octets, b"halo dunia", name="naskah\u202efdp.scr"),
        part(octets, b"isi biasa", name="naskah\u202etxt.catatan"),
        part(octets, b"\x7fELF\x02\x01\x01" + b"\0" * 40, name="foto"),
        part("image/jpeg", b"MZ\x90\0" + b"\0" * 60, name="foto.jpg"),
        part(
            "text/html", b"<html><script>alert(1)</script><p>Masuk di sini</p></html>", name="undangan.html"
        ),
        part("image/svg+xml", b"<svg onload='alert(1)'></svg>", name="logo.svg"),
    )


@sample
def zip_bersandi_disebut() -> bytes:
    archive = bytearray(zipped({"foto.jpg": photo(110)}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(mark) + place] |= 1
    return mail(
        BANJIR,
        text(paragraphs("banjir") + "\n\nKata sandi zip: kenanga2026\n"),
        part("application/zip", bytes(archive), name="foto.zip"),
    )


@sample
def surel_di_dalam_zip() -> bytes:
    inner = mail(PASAR, text(paragraphs("pasar") + "\n"), jpeg("pasar.jpg", 111), boundary="dalam")
    return mail(
        "kiriman",
        text("Mohon dimuat.\n"),
        part("application/zip", zipped({"Pasar.eml": inner}), name="surel.zip"),
    )


# Pictures


@sample
def foto_di_bawah_tanda_tangan() -> bytes:
    """The office's logo and two photos all stand below the signature; only the logo is none."""
    seal = photo(112, (400, 400), "PNG")
    body = (
        html_paragraphs("banjir")
        + "<p>Terima kasih.</p><p>-- <br>Budi Santoso<br>Humas BPBD<br>HP 0812-0000-0000<br><img src='cid:cap@x'></p>"
        + "<img src='cid:a@x'><img src='cid:b@x'>"
    )
    small = {"disposition": "inline"}
    return mail(
        BANJIR,
        html(body),
        part("image/png", seal, name="image001.png", headers="Content-ID: <cap@x>\n", **small),
        jpeg("image002.jpg", 0, data=photo(113, (1280, 856)), headers="Content-ID: <a@x>\n", **small),
        jpeg("image003.jpg", 0, data=photo(114, (720, 1280)), headers="Content-ID: <b@x>\n", **small),
        kind="related",
    )


@sample
def foto_bentuk_lain() -> bytes:
    body = text(paragraphs("banjir") + "\n")
    kinds = (("TIFF", "tiff", 115), ("BMP", "bmp", 116), ("GIF", "gif", 117), ("WEBP", "webp", 118))
    return mail(
        BANJIR,
        body,
        *[
            part(f"image/{kind}", photo(seed, (150, 100), form), name=f"foto.{kind}")
            for form, kind, seed in kinds
        ],
        part(
            "image/svg+xml",
            b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>",
            name="peta.svg",
        ),
    )


def _smaller(data: bytes) -> bytes:
    picture = Image.open(io.BytesIO(data)).resize((300, 201), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=70)
    return stream.getvalue()


@sample
def kiriman_whatsapp_web() -> bytes:
    """Names as WhatsApp Web gives them, and 1280 pixels, as it leaves of every photo."""
    name = "WhatsApp Image 2026-11-23 at 10.23.11.jpeg"
    return mail(
        BANJIR,
        part(
            "text/plain; charset=utf-8", crlf(paragraphs("banjir") + "\n"), encoding="8bit", disposition=None
        ),
        jpeg(name, 0, data=photo(119, (1280, 960))),
        jpeg(name.replace(".jpeg", " (1).jpeg"), 0, data=photo(120, (591, 1280))),
    )
