"""The office's mark, made safe to show: drawn anew, small, without anything a file may carry along."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from photos.opening import UnreadablePhoto, opened

LARGEST = 2_000_000
"""Bytes of a file that is taken for a mark."""
BOX = (480, 160)
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def logo(data: bytes) -> bytes:
    """Return a PNG that fits the screens' head, of whatever picture `data` is. Raises UnreadablePhoto."""
    if len(data) > LARGEST:
        raise UnreadablePhoto("Berkas logo lebih besar dari 2 MB. Perkecil gambarnya, lalu coba lagi.")
    try:
        image = opened(data)
        if image.format not in _FORMATS:
            raise UnreadablePhoto("Logo harus gambar PNG, JPEG, WebP, atau GIF.")
        drawn = ImageOps.exif_transpose(image).convert("RGBA")
    except UnreadablePhoto as error:
        raise UnreadablePhoto("Berkas ini bukan gambar yang dapat dibaca. Pakai PNG atau JPEG.") from error
    except Exception as error:  # hostile bytes make the decoders raise whatever they like
        raise UnreadablePhoto("Gambar logo rusak. Simpan ulang sebagai PNG, lalu coba lagi.") from error
    drawn.thumbnail(BOX, Image.Resampling.LANCZOS)
    # Pasted onto an empty picture, so that no text, profile or comment of the file comes along.
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()
