"""The row of the checks: a story of 6,000 words, beside making it safe HTML."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import prose
from bench.measure import Row, side_by_side
from prose.checks import Checked, check

_PARAGRAPH = (
    "Wali Kota Contoh Bram Hadikusuma membuka musyawarah di aula kecamatan, Jumat (20/11/2026) pukul 09.00 WIB. "
    "Sebanyak 1.250 peserta dari delapan kelurahan membawa usulan senilai Rp829.750.000 atau naik 6,68 persen. "
    "“Kami dengar semuanya,” kata Nala Ayuningtias, lalu walikota dan OPD mencatat hal dibidang jalan, air , dan sekolah."
)


def checks(folder: Path) -> list[Row]:
    """The work is long enough to be measured only in turns."""
    times = 6000 // len(_PARAGRAPH.split()) + 1
    body = "\n\n".join([_PARAGRAPH] * times)
    story = Checked("Wali Kota Buka Musyawarah", body, received=date(2026, 11, 20))
    ours, floor = side_by_side(
        lambda: [check(story) for _turn in range(5)],
        lambda: [prose.to_html(body) for _turn in range(5)],
        rounds=5,
    )
    return [
        Row(
            what=f"story of {len(body.split())} words, checked",
            ours=f"{ours * 200:.1f} ms",
            floor=f"{floor * 200:.1f} ms",
            floor_is="prose.to_html: the same story made safe HTML",
            ratio=ours / floor,
        )
    ]
