"""Opening what came as a photo: by its bytes, never by its name, and never more than memory holds.

Nothing here changes Pillow's globals (MAX_IMAGE_PIXELS, LOAD_TRUNCATED_IMAGES): several threads read photos
at once, and one must not loosen another's limits. JPEG is opened by its own class, with our own limit; every
other format goes through `Image.open` and Pillow's limit as well as ours.
"""

from __future__ import annotations

import importlib.util
import io
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile

MOST_JPEG_PIXELS = 220_000_000
"""A JPEG is decoded at a fraction of its size; phones make 200 MP."""
MOST_PIXELS = 60_000_000
"""Pixels held in memory at once, whatever the format."""
_MOST_SCANS = 100
"""A progressive JPEG has about ten; each one is a pass over the whole picture."""

_MOST_SEGMENTS = 2_000
"""A camera's JPEG has twenty, one with a map of depths in its metadata a few hundred."""
_MOST_FILLING = 1_000_000
"""Bytes between a JPEG's segments that belong to none."""

_BETWEEN_SCANS = re.compile(rb"\xff[\xc4\xda-\xdd\xe0-\xef\xfe]")
"""Marks of what stands between two scans; in their data an FF is followed by 00 or a restart mark."""

_FORMATS = ("PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})

_AGAIN = "Minta pengirim mengirim ulang foto aslinya sebagai JPEG."


class UnreadablePhoto(Exception):
    """There is no picture in these bytes. The text says in Indonesian why, and what to do."""


class _Jpeg(JpegImageFile):
    """A JPEG that gives what there is when its end is missing."""

    incomplete = False

    def _read_dpi_from_exif(self) -> None:
        """Leave the EXIF block alone: nobody asks for dots per inch, and broken blocks warn or raise."""

    def load_read(self, read_bytes: int) -> bytes:
        data = self.fp.read(read_bytes) if self.fp is not None else b""
        if not data and not self.incomplete:
            self.incomplete = True
            return b"\xff\xd9"  # end of image, so that the decoder hands over what it has
        return data


def opened(data: bytes) -> ImageFile.ImageFile:
    """Read a photo's header: size and format are known, pixels are not decoded. Raises UnreadablePhoto."""
    if not data:
        raise UnreadablePhoto(f"Berkas foto kosong (0 bita). {_AGAIN}")
    try:
        image = _opened(data)
    except UnreadablePhoto:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadablePhoto(_too_large(None)) from error
    except Exception as error:  # hostile bytes make the decoders raise whatever they like
        raise UnreadablePhoto(_no_photo(data)) from error
    width, height = image.size
    # Of several scans the coefficients are held in memory, all of them, even when a fraction is asked for.
    most = MOST_JPEG_PIXELS if isinstance(image, _Jpeg) and not _several_scans(data) else MOST_PIXELS
    if width < 1 or height < 1:
        raise UnreadablePhoto(_no_photo(data))
    if width * height > most:
        raise UnreadablePhoto(_too_large((width, height)))
    return image


def _opened(data: bytes) -> ImageFile.ImageFile:
    if data.startswith(b"\xff\xd8\xff"):
        if _oddly_made(data):
            raise UnreadablePhoto(f"Foto ini disusun dengan cara yang tidak wajar dan ditolak. {_AGAIN}")
        image = _opened_jpeg(data)
        if not image.tile:
            raise UnreadablePhoto(f"Foto terpotong sebelum gambarnya dimulai. {_AGAIN}")
        return image
    if is_heic(data):
        return _opened_heic(data)
    return Image.open(io.BytesIO(data), formats=_FORMATS)


def _opened_jpeg(data: bytes) -> _Jpeg:
    if _several_scans(data):
        data = _to_last_segment(data)
    try:
        image = _Jpeg(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - as in `opened`; what is wrong beside the metadata is raised below
        # Broken words about the picture are no reason to lose the picture: read it without them.
        image = _Jpeg(io.BytesIO(_without_metadata(data)))
    # The bytes are here already: handed over at once, not in pieces with the interpreter's lock between them.
    image.decodermaxblock = max(len(data), image.decodermaxblock)
    return image


def _to_last_segment(data: bytes) -> bytes:
    """Return a JPEG of several scans without the table between two of them that it was cut in.

    The end of image we put behind it would else be taken for a part of the table, and nothing be shown.
    """
    last = next(iter(deque(_BETWEEN_SCANS.finditer(data, max(0, len(data) - 65_537)), maxlen=1)), None)
    if last:
        length = data[last.end() : last.end() + 2]
        if len(length) < 2 or last.end() + int.from_bytes(length, "big") > len(data):
            return data[: last.start()]
    return data.rstrip(b"\xff")


def _without_metadata(data: bytes) -> bytes:
    """Return a JPEG without comments and application segments, save Adobe's, which tells the colours."""
    kept = [data[:2]]
    at = 2
    for mark, start, end in jpeg_segments(data):
        if not (0xE1 <= mark <= 0xEF or mark == 0xFE) or mark == 0xEE:
            kept.append(data[start:end])
        at = end
    return b"".join((*kept, data[at:]))


def jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield a JPEG's segments as mark, start and end, to the head of its first scan (DA), or to what is none."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and 0xC0 <= data[at + 1] <= 0xFE:
        mark = data[at + 1]
        if 0xD0 <= mark <= 0xD9:  # stands alone, without a length
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield mark, at, end
        if mark == 0xDA:
            return
        at = end


def _oddly_made(data: bytes) -> bool:
    """Say whether a JPEG is made to keep its reader busy: with passes, segments or fillings without number."""
    found = list(islice(jpeg_segments(data), _MOST_SEGMENTS))
    if len(found) == _MOST_SEGMENTS:
        return True
    mark, _, end = found[-1] if found else (0, 0, 2)
    if mark != 0xDA:  # filled up, or cut short; Pillow goes on byte by byte
        scan = data.find(b"\xff\xda", end)
        if (scan if scan >= 0 else len(data)) - end > _MOST_FILLING:
            return True
    return _several_scans(data) and data.count(b"\xff\xda") > _MOST_SCANS


def _several_scans(data: bytes) -> bool:
    """Say whether a JPEG's picture comes in several passes, unless it is sure that it comes in one."""
    frames, scan = [], b""
    for mark, start, _ in jpeg_segments(data):
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            frames.append((mark, data[start + 9 : start + 10]))
        scan = data[start + 4 : start + 5] if mark == 0xDA else b""
    return frames not in ([(0xC0, scan)], [(0xC1, scan)])


def _opened_heic(data: bytes) -> ImageFile.ImageFile:
    try:
        from pillow_heif import HeifImageFile  # GPL codecs, an extra: not there on every machine
    except ImportError as error:
        raise UnreadablePhoto(
            "Foto HEIC (iPhone) belum dapat dibaca di komputer ini. Minta pengirim mengirimnya sebagai JPEG, "
            "atau minta pengelola memasang tambahan `heic`."
        ) from error
    image: ImageFile.ImageFile = HeifImageFile(io.BytesIO(data))  # type: ignore[no-untyped-call]
    return image


def reads_heic() -> bool:
    """Say whether HEIC, the format of iPhones, can be read on this machine."""
    return importlib.util.find_spec("pillow_heif") is not None


def is_heic(data: bytes) -> bool:
    """Say whether `data` begins like a HEIC file. AVIF, which looks alike, is none."""
    return data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS and b"avif" not in data[8:40]


def format_of(image: ImageFile.ImageFile) -> str:
    """Name the format: JPEG, PNG, WEBP, GIF, TIFF, BMP, AVIF or HEIC."""
    return "HEIC" if image.format in ("HEIF", "HEIC") else image.format or ""


def orientation_of(image: ImageFile.ImageFile) -> int:
    """Return the EXIF orientation, 1 to 8; 1 when there is none or it makes no sense.

    The decoders of HEIC and TIFF turn the picture themselves and leave none.
    """
    block = image.info.get("exif")
    if not isinstance(block, bytes):
        return 1
    block = block.removeprefix(b"Exif\0\0")
    order: Literal["big", "little"] = "big" if block[:2] == b"MM" else "little"

    def number(at: int, size: int) -> int:
        return int.from_bytes(block[at : at + size], order)

    first = number(4, 4)
    for entry in range(first + 2, first + 2 + 12 * min(number(first, 2), 200), 12):
        if number(entry, 2) == 0x0112:
            value = number(entry + 8, 2)
            return value if 1 <= value <= 8 else 1
    return 1


def load(image: ImageFile.ImageFile) -> bool:
    """Decode the pixels; return False when the end is missing and only a part could be had.

    Raises UnreadablePhoto when there is nothing to show.
    """
    try:
        image.load()
    except Exception as error:  # as in `opened`
        if image._im is None or not image.tile:
            raise UnreadablePhoto(f"Isi foto rusak dan tidak dapat dibaca. {_AGAIN}") from error
        # Rows decoded before the damage are in the image already; Pillow only lacks the courage.
        image.tile = []
        return False
    return not getattr(image, "incomplete", False)


def _too_large(size: tuple[int, int] | None) -> str:
    how = f" ({size[0]} × {size[1]} piksel)" if size else ""
    return f"Ukuran gambar{how} melebihi batas yang aman. Minta pengirim mengecilkannya atau memakai JPEG."


_OTHER_FILES = (
    (b"%PDF", "dokumen PDF"),
    (b"PK\x03\x04", "berkas ZIP atau dokumen Office"),
    (b"\xd0\xcf\x11\xe0", "dokumen Office lama"),
    (b"Rar!", "berkas RAR"),
    (b"<", "halaman web atau teks"),
)


def _no_photo(data: bytes) -> str:
    for magic, name in _OTHER_FILES:
        if data.lstrip()[:8].startswith(magic):
            return f"Berkas ini bukan foto, melainkan {name}. {_AGAIN}"
    if data[4:8] == b"ftyp" and not is_heic(data):
        return f"Berkas ini bukan foto, kemungkinan video. {_AGAIN}"
    return f"Berkas ini tidak dapat dibaca sebagai foto; isinya rusak atau jenisnya tidak dikenal. {_AGAIN}"
