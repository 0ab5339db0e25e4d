"""What offices write above and below a press release: letterhead, number and subject; place, date and signatory."""

from __future__ import annotations

import re

from ingest import phrases
from ingest.lines import Line

_FARTHEST = 16
"""Lines from the top within which a letterhead ends."""
_LONGEST = 130
_SIGNATORY = 10
"""Lines below place and date: office, name, rank, number, whom to ask."""
_OFFICE = re.compile(
    r"^(?:PEMERINTAH|KEMENTERIAN|DINAS|BADAN|SEKRETARIAT|INSPEKTORAT|KECAMATAN|KELURAHAN|DESA|BAGIAN|BIRO|UPTD?|PROVINSI"
    r"|KABUPATEN|KOTA|DEWAN|KEPOLISIAN|KOMISI|RUMAH SAKIT|KANTOR|BALAI|UNIVERSITAS|KOMUNIKASI|DAERAH|MEDIA CENTER|HUMAS)\b[^:]*$"
)
_MONTH = r"(?:januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember)"
_DATED = re.compile(rf"(?i)^(?:[a-z' .]{{2,40}},\s*)?\d{{1,2}}\s+{_MONTH}\s+\d{{4}}$")
# None of these is a headline; a name of an office may be one (`DINAS KESEHATAN GELAR IMUNISASI MASSAL`).
_SURE = re.compile(
    r"(?i)^(?:(?:siaran|rilis) pers|(?:press|news) release|naskah berita|rilis(?: berita| media)?)\W*$"
    r"|^(?:nomor|no|lampiran|lamp|perihal|sifat|hari\s*[/,]\s*tanggal)\b\s*[:.]"
    r"|^(?:jalan|jln?)\b\.?\s.*(?:\d|telp|kode pos)|\bkode pos\b|^(?:telp|telepon|fax|faks|laman|website|pos-?el|e-?mail)\b"
)
_ADDRESSEE = re.compile(r"(?i)^(?:kepada|yth)\b|^di\s*-?\s*tempat\W*$")
"""Below a number or subject it belongs to them; alone it is a greeting."""


def set_aside_letterhead(lines: list[Line]) -> None:
    """Set aside the lines at the top up to the last that is surely none of a story's."""
    story = [line for line in lines if line.kind == "story" and line.bare][:_FARTHEST]
    last = -1
    for at, line in enumerate(story):
        bare = line.bare.strip("*_# ").replace("\\", "")
        if len(bare) > _LONGEST or phrases.BYLINE.match(bare):
            break
        if _SURE.search(bare) or _DATED.match(bare) or (last >= 0 and _ADDRESSEE.match(bare)):
            last = at
        elif not (_OFFICE.match(bare) and bare.upper() == bare):
            break
    for line in story[: last + 1]:
        line.kind = "letterhead"


def is_signed_off(story: list[Line], at: int) -> bool:
    """Say whether a signature begins here: place and date alone, few short lines below."""
    if not _DATED.match(story[at].bare.strip("*_ ")) or "," not in story[at].bare:
        return False
    below = [line.bare for line in story[at + 1 :] if line.kind == "story" and line.bare]
    return 0 < len(below) <= _SIGNATORY and all(len(bare) <= 80 for bare in below)
