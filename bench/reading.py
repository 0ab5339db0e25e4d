"""The rows of reading: a mail's bytes → what it says, beside the standard library's parser."""

from __future__ import annotations

import base64
import email
import io
import multiprocessing
import os
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from email import policy
from email.message import EmailMessage
from pathlib import Path

from bench.measure import Row, side_by_side
from bench.samples import photos_in
from ingest import RawMessage, read

_FLOOR_IS = "stdlib email alone: parse, walk, decode every part; nothing chosen, cut, measured or understood"
_SENTENCE = "Sebanyak 120 peserta dari delapan kelurahan hadir membawa usulan prioritas tahun depan. "
_PARAGRAPHS = [f"Kota Contoh – {_SENTENCE * 4}", *[_SENTENCE * 4] * 7]


def reading(folder: Path) -> list[Row]:
    """Plain, HTML, .docx and a mail of 10 MB: milliseconds for each."""
    photos = photos_in(folder)
    mails = {
        "plain mail": _plain(),
        "HTML mail": _html(),
        ".docx in a mail": _docx(),
        "mail of 10 MB, two photos": _with_photos(10_000_000, photos[:2]),
    }
    rows = []
    for what, data in mails.items():
        turns = max(1, 2_000_000 // len(data))
        ours, floor = side_by_side(_turns(_ours, data, turns), _turns(_bare, data, turns))
        rows.append(_row(what, ours / turns, floor / turns))
    return rows


def reading_large(folder: Path) -> list[Row]:
    """A mail of 100 MB with ten photos; the floor is measured elsewhere, for the memory shown is to be ours."""
    data = _with_photos(100_000_000, photos_in(folder)[:10])
    path = folder / "besar.eml"
    path.write_bytes(data)
    del data
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        floor = pool.submit(_timed_file, path).result()
    raw = RawMessage(path.read_bytes(), "ukur")
    ours = min(_timed(lambda: read(raw)) for _ in range(3))
    path.unlink()
    return [_row("mail of 100 MB, ten photos", ours, floor)]


def _row(what: str, ours: float, floor: float) -> Row:
    return Row(f"{what}, read", f"{ours * 1000:.1f} ms", f"{floor * 1000:.1f} ms", _FLOOR_IS, ours / floor)


def _turns(work: Callable[[bytes], object], data: bytes, turns: int) -> Callable[[], object]:
    return lambda: [work(data) for _ in range(turns)]


def _ours(data: bytes) -> object:
    return read(RawMessage(data, "ukur"))


def _bare(data: bytes) -> object:
    message = email.message_from_bytes(data, policy=policy.default)
    return [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]


def _timed_file(path: Path) -> float:
    data = path.read_bytes()
    return min(_timed(lambda: _bare(data)) for _ in range(3))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _letter(text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Nala <nala@contoh.example>"
    message["Subject"] = "Wali Kota Membuka Musrenbang"
    message["Message-ID"] = "<ukur@contoh.example>"
    message.set_content(text)
    return message


def _plain() -> bytes:
    return bytes(
        _letter("Selamat siang min, mohon dimuat.\n\n" + "\n\n".join(_PARAGRAPHS) + "\n\n(humas/nala)\n")
    )


def _html() -> bytes:
    message = _letter("\n\n".join(_PARAGRAPHS))
    message.add_alternative("".join(f"<p>{words}</p>" for words in _PARAGRAPHS), subtype="html")
    return bytes(message)


def _docx() -> bytes:
    """A .docx of nothing but text, as small as one can be."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in _PARAGRAPHS)
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kinds}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{w}"><w:body>{body}</w:body></w:document>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in files.items():
            archive.writestr(name, words)
    message = _letter("Selamat siang min, mohon dimuat.\n")
    message.add_attachment(stream.getvalue(), "application", "octet-stream", filename="rilis.docx")
    return bytes(message)


def _with_photos(size: int, photos: list[bytes]) -> bytes:
    """A mail of about `size` bytes; bytes that decoders pass over bring each photo to its share.

    Written line by line: a parser's own writer would take several times the memory, and that would be shown.
    """
    head = bytes(_letter("\n\n".join(_PARAGRAPHS))).partition(b"Content-Type:")[0].rstrip()
    text = "\n\n".join(_PARAGRAPHS).encode()
    out = io.BytesIO()
    out.write(head + b"\nContent-Type: multipart/mixed; boundary=ukur\n\n--ukur\n")
    out.write(b"Content-Type: text/plain; charset=utf-8\n\n" + text + b"\n")
    for place, photo in enumerate(photos):
        share = int(size / len(photos) / 77 * 57)  # base64: 76 letters and a line break for 57 bytes
        out.write(b"--ukur\nContent-Type: image/jpeg\nContent-Disposition: attachment; ")
        out.write(b'filename="foto %d.jpg"\nContent-Transfer-Encoding: base64\n\n' % place)
        out.write(base64.encodebytes(photo + os.urandom(max(0, share - len(photo)))))
    out.write(b"--ukur--\n")
    return out.getvalue()
