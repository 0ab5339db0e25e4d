"""Building blocks for sample mails: every byte is said here, because odd bytes are the point."""

from __future__ import annotations

import base64
import binascii
import io
import quopri
import random
import re
import struct
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import compressed_rtf  # type: ignore[import-untyped]
import pillow_heif
import yaml
from asn1crypto import cms  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFilter

MAIL = Path(__file__).parent / "mail"
STORIES: dict[str, list[str]] = yaml.safe_load((MAIL / "stories.yaml").read_text(encoding="utf-8"))

SAMPLES: dict[str, Callable[[], bytes]] = {}
"""Sample name → what makes it."""

SENDER = "Budi Santoso <budi@contoh.go.id>"
DATE = "Mon, 23 Nov 2026 10:12:00 +0700"


def sample(make: Callable[[], bytes]) -> Callable[[], bytes]:
    SAMPLES[make.__name__.replace("_", "-")] = make
    return make


def paragraphs(name: str) -> str:
    """One of the stories as plain text, a blank line between paragraphs."""
    return "\n\n".join(STORIES[name])


def html_paragraphs(name: str) -> str:
    return "\n".join(f"<p>{text}</p>" for text in STORIES[name])


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def mail(
    subject: str | bytes | None,
    *parts: bytes,
    sender: str | bytes | None = SENDER,
    date: str | None = DATE,
    headers: str | bytes = "",
    boundary: str = "batas-1",
    kind: str = "mixed",
    close: bool = True,
) -> bytes:
    """A mail of several parts, or of one when only one is given and `kind` is empty."""
    head = [b"Message-ID: <uji-1@contoh.go.id>", b"MIME-Version: 1.0"]
    for name, value in (("From", sender), ("Subject", subject), ("Date", date)):
        if value is not None:
            head.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()))
    extra = headers if isinstance(headers, bytes) else crlf(headers)
    head += [extra.rstrip(b"\r\n")] if extra else []
    body = parts[0] if not kind else multipart(kind, *parts, boundary=boundary, close=close)
    return b"\r\n".join(head) + b"\r\n" + body


def multipart(
    kind: str, *parts: bytes, boundary: str = "batas-1", close: bool = True, declared: str | None = None
) -> bytes:
    """Several parts in one; `declared` writes another boundary into the header than is used."""
    mark = b"--" + boundary.encode("latin-1")
    head = f'Content-Type: multipart/{kind}; boundary="{declared or boundary}"\r\n\r\n'.encode("latin-1")
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts)
    return head + body + (mark + b"--\r\n" if close else b"")


def part(
    content_type: str,
    data: bytes,
    *,
    encoding: str = "base64",
    name: str | None = None,
    disposition: str | None = "attachment",
    headers: str | bytes = "",
) -> bytes:
    """One part; `name` is written as the file name in quotes."""
    head = f"Content-Type: {content_type}\r\n"
    if disposition:
        head += f"Content-Disposition: {disposition}" + (f'; filename="{name}"' if name else "") + "\r\n"
    if encoding:
        head += f"Content-Transfer-Encoding: {encoding}\r\n"
    extra = headers if isinstance(headers, bytes) else crlf(headers)
    return head.encode() + extra + b"\r\n" + encoded(data, encoding)


def encoded(data: bytes, encoding: str) -> bytes:
    if encoding.startswith("base64"):
        return base64.encodebytes(data).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return data


def text(
    words: str, *, charset: str = "utf-8", encoding: str = "8bit", kind: str = "plain", more: str = ""
) -> bytes:
    declared = f"text/{kind}; charset={charset}" + more
    return part(declared, crlf(words), encoding=encoding, disposition=None)


def html(body: str, **kwargs: Any) -> bytes:
    return text(f"<html><body>{body}</body></html>\n", kind="html", **kwargs)


def jpeg(name: str | None, seed: int, *, data: bytes | None = None, **kwargs: Any) -> bytes:
    return part("image/jpeg", data if data is not None else photo(seed), name=name, **kwargs)


def photo(seed: int, size: tuple[int, int] = (320, 214), form: str = "JPEG") -> bytes:
    """A small invented picture, another for each seed: sky, ground, a few people-like shapes."""
    rng = random.Random(seed)
    picture = Image.new("RGB", size, (rng.randrange(120, 200), rng.randrange(160, 220), 230))
    draw = ImageDraw.Draw(picture)
    width, height = size
    draw.rectangle((0, height * 0.6, width, height), fill=(90, rng.randrange(90, 140), 70))
    for _ in range(9):
        x, tall = rng.randrange(width), rng.randrange(height // 5, height // 2)
        shade = tuple(rng.randrange(30, 220) for _ in range(3))
        draw.ellipse(
            (x, height * 0.7 - tall, x + tall // 3, height * 0.7 - tall + tall // 3), fill=(180, 140, 110)
        )
        draw.rectangle((x, height * 0.7 - tall + tall // 3, x + tall // 3, height * 0.8), fill=shade)
    stream = io.BytesIO()
    if form == "HEIF":
        pillow_heif.register_heif_opener()
    picture.filter(ImageFilter.GaussianBlur(1)).save(
        stream, form, **({"quality": 60} if form == "JPEG" else {})
    )
    return stream.getvalue()


def logo(size: tuple[int, int] = (120, 40)) -> bytes:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).ellipse((4, 4, size[1] - 4, size[1] - 4), fill="navy")
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def docx(
    paragraphs: list[str],
    pictures: list[bytes] | None = None,
    *,
    raw: str = "",
    more: dict[str, str] | None = None,
) -> bytes:
    """A small Word document; a paragraph that begins with `# ` is a title, pictures follow the text.

    `raw` is WordprocessingML below the paragraphs, `more` further files of the package.
    """
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = ""
    for words in paragraphs:
        escaped = words.removeprefix("# ").replace("&", "&amp;").replace("<", "&lt;")
        bold = "<w:rPr><w:b/></w:rPr>" if words.startswith("# ") else ""
        body += f'<w:p><w:r>{bold}<w:t xml:space="preserve">{escaped}</w:t></w:r></w:p>'
    relations = ""
    body += raw
    for index, _ in enumerate(pictures or [], 1):
        body += (
            "<w:p><w:r><w:drawing><wp:inline "
            'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
            f'<wp:docPr id="{index}" name="Gambar {index}"/>'
            '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData '
            'uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
            f'<a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="rId{index}"/>'
            "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )
        relations += (
            f'<Relationship Id="rId{index}" Target="media/image{index}.jpg" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
        )
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="jpg" ContentType="image/jpeg"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="word/document.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
        "word/_rels/document.xml.rels": "<Relationships "
        f'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{w}"><w:body>{body}</w:body></w:document>',
        **(more or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, words in files.items():
            archive.writestr(_entry(path), '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + words)
        for index, picture in enumerate(pictures or [], 1):
            archive.writestr(_entry(f"word/media/image{index}.jpg"), picture)
    return stream.getvalue()


def odt(paragraphs: list[str], pictures: list[bytes] | None = None) -> bytes:
    """A small OpenDocument text; a paragraph that begins with `# ` is a heading."""
    body = "".join(
        f'<text:h text:outline-level="1">{words[2:]}</text:h>'
        if words.startswith("# ")
        else f"<text:p>{words.replace(' ', '<text:s/>', 1)}</text:p>"
        for words in paragraphs
    )
    names = [f"Pictures/{index}.jpg" for index, _ in enumerate(pictures or [], 1)]
    body += "".join(
        f'<text:p><draw:frame><draw:image xlink:href="{name}"/></draw:frame></text:p>' for name in names
    )
    spaces = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{spaces}:office:1.0" '
        f'xmlns:text="{spaces}:text:1.0" xmlns:draw="{spaces}:drawing:1.0" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text>'
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Kalimat yang dihapus.</text:p>"
        f"</text:deletion></text:changed-region></text:tracked-changes>{body}"
        "</office:text></office:body></office:document-content>"
    )
    files = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()}
    return zipped({**files, **dict(zip(names, pictures or [], strict=True))})


def rtf(paragraphs: list[str]) -> bytes:
    """A small RTF file as WordPad writes it; letters beyond ASCII as `\\uN?`."""
    body = r"\par".join(
        "\n" + "".join(char if ord(char) < 128 else rf"\u{ord(char)}?" for char in words)
        for words in paragraphs
    )
    head = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Calibri;}}{\*\generator Uji;}{\info{\title Bukan isi}}\pard\f0 "
    return (head + body + r"\par}").encode("ascii")


def pdf(
    *pages: list[str | bytes],
    scan: bool = False,
    locked: bool = False,
    claimed: tuple[int, int] | None = None,
) -> bytes:
    """A small PDF: strings are paragraphs of wrapped lines, bytes are JPEGs, over the whole page when `scan`.

    `claimed` is the size the PDF says its pictures have, when it lies.
    """
    objects: list[bytes] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    kids = []
    for page in pages:
        drawn, images, height = [], [], 780
        for piece in page:
            if isinstance(piece, bytes):
                width, tall = claimed or Image.open(io.BytesIO(piece)).size
                head = f"<</Type/XObject/Subtype/Image/Width {width}/Height {tall}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length {len(piece)}>>"
                objects.append(head.encode() + b"stream\n" + piece + b"\nendstream")
                images.append(f"/I{len(objects)} {len(objects)} 0 R")
                height -= 130
                place = "595 0 0 842 0 0" if scan else f"180 0 0 120 60 {height}"
                drawn.append(f"q {place} cm /I{len(objects)} Do Q".encode())
                continue
            height -= 10
            for line in textwrap.wrap(piece, 84):
                escaped = re.sub(rb"([\\()])", rb"\\\1", line.encode("cp1252"))
                drawn.append(f"BT /F1 11 Tf 60 {height} Td ".encode() + b"(" + escaped + b") Tj ET")
                height -= 14
        content = b"\n".join(drawn)
        objects.append(b"<</Length %d>>stream\n" % len(content) + content + b"\nendstream")
        resources = f"<</Font<</F1 3 0 R>>/XObject<<{' '.join(images)}>>>>"
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources{resources}/Contents {len(objects)} 0 R>>".encode()
        )
    objects[1] = f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(kids)}]>>".encode()
    made = b"%PDF-1.4\n"
    table = b"0000000000 65535 f \n"
    for number, written in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(made)
        made += b"%d 0 obj" % number + written + b"endobj\n"
    # Nobody knows the password of a PDF whose marks are made up.
    lock = (
        f"/Encrypt<</Filter/Standard/V 1/R 2/P -44/O<{'41' * 32}>/U<{'42' * 32}>>>/ID[<00><00>]"
        if locked
        else ""
    )
    trailer = f"trailer<</Size {len(objects) + 1}/Root 1 0 R{lock}>>\nstartxref\n{len(made)}\n%%EOF\n"
    return made + b"xref\n0 %d\n" % (len(objects) + 1) + table + trailer.encode()


def tnef(text: str, files: dict[str, bytes], *, rich: bytes = b"") -> bytes:
    """A winmail.dat as Outlook makes it: text, files with short and long names; or its text as packed RTF."""

    def attribute(level: int, number: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    made = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    if rich:
        packed = compressed_rtf.compress(rich, compressed=True)
        value = struct.pack("<IHHII", 1, 0x0102, 0x1009, 1, len(packed)) + packed + b"\0" * (-len(packed) % 4)
        made += attribute(1, 0x00069003, value)
    else:
        made += attribute(1, 0x0002800C, text.encode("cp1252") + b"\0")
    for name, data in files.items():
        long = name.encode("utf-16-le") + b"\0\0"
        properties = struct.pack("<I", 2) + struct.pack("<HHI", 0x0003, 0x370B, 1)
        properties += struct.pack("<HHII", 0x001F, 0x3707, 1, len(long)) + long + b"\0" * (-len(long) % 4)
        made += attribute(2, 0x00069002, b"\0" * 14) + attribute(
            2, 0x00018010, name[:6].encode() + b"~1.JPG\0"
        )
        made += attribute(2, 0x0006800F, data) + attribute(2, 0x00069005, properties)
    return made


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(_entry(path), data)
    return stream.getvalue()


def signed_data(inner: bytes) -> bytes:
    """A MIME entity in CMS signed data, as S/MIME programs send it; who signed it is left out."""
    content = {"content_type": "data", "content": inner}
    signed = {"version": "v1", "digest_algorithms": [], "encap_content_info": content, "signer_infos": []}
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)}).dump()
    return made


def uuencoded(name: str, data: bytes) -> bytes:
    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return b"begin 644 " + name.encode() + b"\n" + lines + b"`\nend\n"


def yenc(name: str, data: bytes) -> bytes:
    coded = b"".join(
        b"=" + bytes([(code + 106) % 256])
        if (code + 42) % 256 in (0, 10, 13, 61)
        else bytes([(code + 42) % 256])
        for code in data
    )
    lines = [coded[at : at + 128] for at in range(0, len(coded), 128)]
    # A line is not cut between an escape and what it escapes.
    for index in range(len(lines) - 1):
        if lines[index].endswith(b"="):
            lines[index], lines[index + 1] = lines[index][:-1], b"=" + lines[index + 1]
    head = f"=ybegin line=128 size={len(data)} name={name}\r\n".encode()
    return head + b"\r\n".join(lines) + f"\r\n=yend size={len(data)}\r\n".encode()


def _entry(path: str) -> zipfile.ZipInfo:
    # A fixed time, so that the same mail is made of the same bytes.
    info = zipfile.ZipInfo(path, (2026, 11, 23, 10, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
