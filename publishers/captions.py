"""The line beneath a photo, the same on every kind of site."""

from __future__ import annotations


def credit_line(credit: str) -> str:
    """Return the credit as readers see it: `Foto: Nama`. Empty when there is none."""
    credit = " ".join(credit.split())
    if not credit or credit.lower().startswith("foto"):
        return credit
    return f"Foto: {credit}"


def caption_line(caption: str, credit: str) -> str:
    """Return caption and credit as one plain line: `Keterangan. (Foto: Nama)`."""
    caption, credit = " ".join(caption.split()), credit_line(credit)
    if caption and credit:
        return f"{caption} ({credit})"
    return caption or credit
