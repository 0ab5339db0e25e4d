"""The berita acara of a destruction that was approved, as PDF/A."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom import tickets
from newsroom.models import Destroyed, Destruction
from newsroom.views.records import readers
from prose import dates

FORM = Path(__file__).with_name("minutes.typ")


@readers
@require_safe
def destruction_minutes(_request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the berita acara; there is none before the second person has approved."""
    made = get_object_or_404(Destruction.objects.select_related("proposed_by", "decided_by"), pk=pk)
    if made.state != Destruction.State.APPROVED:
        raise Http404
    response = HttpResponse(draw(made), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="berita-acara-{made.pk}.pdf"'
    return response


def draw(made: Destruction) -> bytes:
    """Return the berita acara as PDF/A-2b."""
    data = json.dumps(_said(made), ensure_ascii=False)
    made_pdf: bytes = typst.compile(
        FORM.read_bytes(), format="pdf", sys_inputs={"data": data}, pdf_standards="a-2b"
    )
    return made_pdf


def _said(made: Destruction) -> dict[str, Any]:
    items = list(made.items.all())
    day = dates.long_date(timezone.localdate(made.decided_at or made.proposed_at))
    return {
        "title": f"Berita acara persetujuan pemusnahan arsip {made.number}",
        "office": settings.REDAKSI.office.name,
        "number": made.number,
        "opening": f"Pada {day} telah disetujui pemusnahan {len(items)} berkas arsip menurut jadwal retensi "
        "arsip kantor, dengan keterangan sebagai berikut.",
        "facts": [
            ["Diusulkan", f"{made.proposed_by}, {_moment(made.proposed_at)}"],
            ["Disetujui", f"{made.decided_by}, {_moment(made.decided_at)}"],
            ["Alasan", made.reason],
            *([["Catatan", made.answer]] if made.answer else []),
        ],
        "meaning": "Redaksi tidak menghapus berkas. Penghapusan dilakukan operator menurut daftar di bawah ini; "
        "berkas yang dipakai juga oleh arsip lain tetap disimpan.",
        "items": [_item(item) for item in items],
        "proposer": str(made.proposed_by),
        "approver": str(made.decided_by),
        "committee": [name.strip() for name in made.committee.splitlines() if name.strip()],
    }


def _item(item: Destroyed) -> dict[str, Any]:
    return {
        "ticket": tickets.ticket(item.story_id),
        "headline": item.headline,
        "facts": f"{item.code} · {item.retention} · {dates.plain_date(item.closed_on)}",
        "files": [
            {
                "kind": file["kind"],
                "name": file["name"] or "–",
                "mark": file.get("sha256") or file.get("path", ""),
                "fate": f"tetap, dipakai {', '.join(file['held_by'])}" if file["held_by"] else "dimusnahkan",
            }
            for file in item.files
        ],
    }


def _moment(at: Any) -> str:
    return dates.moment(at, settings.REDAKSI.office.tz)
