"""Codes of Indonesia's regions: in identity numbers, on number plates, before telephone numbers."""

from __future__ import annotations

PROVINCES = frozenset(
    str(code)
    for codes in (
        range(11, 20),  # Sumatra
        (21,),  # Kepulauan Riau
        range(31, 37),  # Jawa
        range(51, 54),  # Bali, Nusa Tenggara
        range(61, 66),  # Kalimantan
        range(71, 77),  # Sulawesi
        range(81, 83),  # Maluku
        range(91, 98),  # Papua
    )
    for code in codes
)
"""The first two digits of a NIK or KK number (Kemendagri's region codes)."""

_LETTERS = (
    "A AA AB AD AE AG B BA BB BD BE BG BH BK BL BM BN BP D DA DB DC DD DE DG DH DK DL DM DN DP DR DS DT DW"
    " E EA EB ED F G H K KB KH KT KU L M N P PA PB PG PS PT PY R S T W Z"
)
PLATES = frozenset(_LETTERS.split())
"""The letters a civil number plate begins with."""
