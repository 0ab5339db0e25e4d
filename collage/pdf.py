"""A PDF of one page that holds one JPEG, written by hand: the same bytes for the same picture, whenever it is made."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_POINTS = 72 / 25.4
_MARK, _AWAY = 5.0, 2.0
"""Millimetres: length of a crop mark, and how far from the trimmed corner it begins at least."""


@dataclass(frozen=True)
class Leaf:
    """The page, in millimetres."""

    width: float
    """Trimmed."""
    height: float
    bleed: float = 0.0
    marks: bool = False
    title: str = ""

    @property
    def slug(self) -> float:
        """Return what the crop marks need around the bleed."""
        return _AWAY + _MARK if self.marks else 0.0


def write_pdf(out: BinaryIO, jpeg: Path, size: tuple[int, int], leaf: Leaf) -> None:
    """Write the page with the JPEG from bleed to bleed; its pixels are taken over as they are."""
    whole = leaf.width + 2 * (leaf.bleed + leaf.slug), leaf.height + 2 * (leaf.bleed + leaf.slug)
    at = leaf.slug + leaf.bleed
    trim = (at, at, at + leaf.width, at + leaf.height)
    bleed = (leaf.slug, leaf.slug, whole[0] - leaf.slug, whole[1] - leaf.slug)
    content = _content(bleed, trim, leaf)
    writer = _Writer(out)
    writer.object(1, b"<< /Type /Catalog /Pages 2 0 R /Lang (id) >>")
    writer.object(2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    writer.object(
        3,
        b"<< /Type /Page /Parent 2 0 R /MediaBox %s /BleedBox %s /TrimBox %s\n"
        b"/Resources << /XObject << /Kolase 5 0 R >> >> /Contents 4 0 R >>"
        % (_box((0.0, 0.0, *whole)), _box(bleed), _box(trim)),
    )
    writer.stream(4, b"", content)
    writer.file(
        5,
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/Filter /DCTDecode" % size,
        jpeg,
    )
    writer.object(6, b"<< /Title %s /Producer (Redaksi) >>" % _text(leaf.title))
    writer.finish(root=1, info=6)


def _content(
    bleed: tuple[float, float, float, float], trim: tuple[float, float, float, float], leaf: Leaf
) -> bytes:
    left, bottom, right, top = (value * _POINTS for value in bleed)
    made = [f"q {right - left:.4f} 0 0 {top - bottom:.4f} {left:.4f} {bottom:.4f} cm /Kolase Do Q"]
    if leaf.marks:
        made.append("q 0 G 0.25 w")
        near, far = max(leaf.bleed, _AWAY), leaf.bleed + leaf.slug
        for x, outward in ((trim[0], -1), (trim[2], 1)):
            for y, upward in ((trim[1], -1), (trim[3], 1)):
                made.append(_line(x + outward * near, y, x + outward * far, y))
                made.append(_line(x, y + upward * near, x, y + upward * far))
        made.append("Q")
    return "\n".join(made).encode()


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    x, y, to_x, to_y = (value * _POINTS for value in (x, y, to_x, to_y))
    return f"{x:.4f} {y:.4f} m {to_x:.4f} {to_y:.4f} l S"


def _box(millimetres: tuple[float, ...]) -> bytes:
    return b"[%s]" % " ".join(f"{value * _POINTS:.4f}" for value in millimetres).encode()


def _text(words: str) -> bytes:
    return b"<%s>" % ("\ufeff" + words).encode("utf-16-be", "replace").hex().encode()


class _Writer:
    """Objects one after the other, and the table that says where each begins."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._starts: dict[int, int] = {}
        self._sum = hashlib.sha256()
        self._at = 0
        self._write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._sum.update(data)
        self._at += len(data)

    def object(self, number: int, body: bytes) -> None:
        self._starts[number] = self._at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def stream(self, number: int, head: bytes, data: bytes) -> None:
        self.object(number, b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(data), data))

    def file(self, number: int, head: bytes, path: Path) -> None:
        """Write a stream with a file's bytes, never all of them in memory."""
        self._starts[number] = self._at
        length = path.stat().st_size
        self._write(b"%d 0 obj\n<< %s /Length %d >>\nstream\n" % (number, head, length))
        with path.open("rb") as data:
            self._sum.update(hashlib.file_digest(data, "sha256").digest())
            data.seek(0)
            shutil.copyfileobj(data, self._out)
        self._at += length
        self._write(b"\nendstream\nendobj\n")

    def finish(self, root: int, info: int) -> None:
        start = self._at
        count = len(self._starts) + 1
        rows = b"".join(b"%010d 00000 n \n" % self._starts[number] for number in sorted(self._starts))
        self._write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows))
        # A file's name for itself is made of its content, not of the hour.
        name = self._sum.hexdigest()[:32].encode()
        self._write(
            b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n"
            % (count, root, info, name, name, start)
        )
