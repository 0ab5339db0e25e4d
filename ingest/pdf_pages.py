"""Run as a program of its own by `ingest.pdf`: the words and pictures of one PDF, on standard output.

PDFium is a large parser of hostile input, written in C++: it may crash, loop or fill the memory. Here it does so
alone. The first line printed is JSON; the pictures follow it, one after another.
"""

from __future__ import annotations

import ctypes
import io
import json
import resource
import sys
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

MOST_PAGES = 40
MOST_PICTURES = 30
MOST_PICTURE_BYTES = 60_000_000
MOST_CHARACTERS = 400_000
MOST_PIXELS = 60_000_000
FEWEST_PIXELS = 100 * 100
MOST_MEMORY = 1_500_000_000
MOST_CPU_SECONDS = 30
# Of a page's area: a picture that covers more is the page itself, put through a scanner.
SCAN_SHARE = 0.7


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD
        print(json.dumps({"error": "locked" if locked else "broken"}))
        return
    pages: list[str] = []
    pictures: list[bytes] = []
    scanned = left_out = 0
    for page in (document[index] for index in range(min(len(document), MOST_PAGES))):
        if sum(map(len, pages)) < MOST_CHARACTERS:
            pages.append(words(page))
        found, scans, more = pictures_of(page, pictures)
        pictures += found
        scanned += scans
        left_out += more
        page.close()
    head = {
        "pages": pages,
        "count": len(document),
        "scanned": scanned,
        "left_out": left_out,
        "sizes": [len(data) for data in pictures],
    }
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(pictures))


def words(page: pypdfium2.PdfPage) -> str:
    """Return a page's text, a blank line where the gap between two lines is wider than between most."""
    lines = list(lines_of(page.get_textpage()))
    if not lines:
        return ""
    gaps = [above[1] - below[1] for above, below in pairwise(lines)]
    usual = median([gap for gap in gaps if gap > 0] or [0])
    made: list[str] = []
    margin = min(left for _, _, left in lines)
    for (text, _, left), gap in zip(lines, [0.0, *gaps], strict=True):
        indented = bool(made) and left - margin > 12 and made[-1].endswith((".", "”", '"'))
        if made and (gap > 1.35 * usual or gap < 0 or indented):
            made.append("")
        made.append(text)
    return "\n".join(made)


def lines_of(textpage: pypdfium2.PdfTextPage) -> Iterator[tuple[str, float, float]]:
    """Yield each line's text, its height above the page's foot, and how far from the left it begins, in points."""
    text: list[str] = []
    place: tuple[float, float] | None = None
    origin = ctypes.c_double(), ctypes.c_double()
    for index in range(min(textpage.count_chars(), MOST_CHARACTERS)):
        char = chr(pdfium.FPDFText_GetUnicode(textpage, index) or 32)
        if char in "\r\n":
            if place is not None and "".join(text).strip():
                yield "".join(text).strip(), *place
            text, place = [], None
            continue
        if place is None and char.strip():
            pdfium.FPDFText_GetCharOrigin(textpage, index, *origin)
            place = origin[1].value, origin[0].value
        text.append("" if char in "\x02\ufffe" else char)  # how PDFium marks a hyphen at a line's end
    if place is not None and "".join(text).strip():
        yield "".join(text).strip(), *place


def pictures_of(page: pypdfium2.PdfPage, before: list[bytes]) -> tuple[list[bytes], int, int]:
    """Return a page's pictures, how many of its pictures are scans of a page, and how many were left out."""
    area = page.get_width() * page.get_height() or 1
    found: list[bytes] = []
    scanned = left_out = 0
    for image in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=5):
        width, height = image.get_px_size()
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) > SCAN_SHARE * area:
            scanned += 1
        elif width * height < FEWEST_PIXELS:
            continue
        elif width * height > MOST_PIXELS or len(before) + len(found) >= MOST_PICTURES:
            left_out += 1
        else:
            data = picture(image)
            if sum(map(len, [*before, *found, data])) > MOST_PICTURE_BYTES:
                left_out += 1
            else:
                found.append(data)
    return found, scanned, left_out


def picture(image: Any) -> bytes:
    """Return a picture as the JPEG that lies in the PDF, else as a PNG of what it shows."""
    if image.get_filters()[-1:] == ["DCTDecode"]:
        data = bytes(image.get_data(decode_simple=True))
        if data.startswith(b"\xff\xd8\xff"):
            return data
    stream = io.BytesIO()
    image.get_bitmap(render=False).to_pil().convert("RGB").save(stream, "PNG")
    return stream.getvalue()


if __name__ == "__main__":
    main(sys.argv[1])
