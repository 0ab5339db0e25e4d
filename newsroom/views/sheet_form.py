"""A sheet is looked at before it is taken: what every such page does with what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from newsroom import sheets
from newsroom.acts import ActRefused

SHOWN_LINES = 200
FATES = ("wrong", "changed", "new", "same")
"""What may become of a line, in the order of reading: what needs the eye comes first."""


def chosen_sheet(request: HttpRequest) -> str:
    """Return the text of the sheet that was chosen now, or of the one that was shown. Raises ActRefused."""
    if "berkas" in request.FILES:
        return sheets.decoded(request.FILES["berkas"].read(sheets.LONGEST + 1))
    text: str = request.POST.get("isi", "")
    if not text.strip():
        raise ActRefused(_("Pilih berkas CSV-nya dulu."))
    return text


def looked_at(
    request: HttpRequest, text: str, lines: Sequence[Any], fates: Sequence[str] = FATES
) -> dict[str, Any]:
    """Return what the page shows of a sheet before it is taken."""
    counts = {fate: sum(line.fate == fate for line in lines) for fate in fates}
    ordered = sorted(lines, key=lambda line: (fates.index(line.fate), line.number))
    return {
        "text": text,
        "name": request.FILES["berkas"].name if "berkas" in request.FILES else "",
        "lines": ordered[:SHOWN_LINES],
        "total": len(ordered),
        "counts": counts,
        "useful": counts["new"] + counts["changed"],
    }
