"""What of a story may be somebody's private matter, for the editors to look at (UU PDP 27/2022). Nothing is changed."""

from __future__ import annotations

import re

# Six digits of a region, six of a birthday (40 is added to a woman's), four in order.
_NIK = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2])\d{2}\d{4}(?!\d)"
)
_MOBILE = re.compile(r"(?<![\d.,])(?:\+62|62|0)[\s-]?8\d{1,2}[\s-]?\d{3,4}[\s-]?\d{3,5}(?!\d)")
_ACCOUNT = re.compile(r"(?i)\b(?:no\.?|nomor)?\s*rek(?:ening)?\b[^\d\n]{0,40}\d[\d\s.-]{7,20}\d")
_MOST = 200_000


def remarks(body: str) -> list[str]:
    """Say which private numbers a story's text holds."""
    text = body[:_MOST]
    kinds = (("NIK", _NIK), ("nomor ponsel", _MOBILE), ("nomor rekening", _ACCOUNT))
    found = [name for name, pattern in kinds if pattern.search(text)]
    if not found:
        return []
    return [f"Naskah memuat {' dan '.join(found)}; pastikan boleh disiarkan, atau hapus dari naskah."]
