"""What the sites have confirmed, and what their pages prove of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.models import Delivery, Proof, Revision
from newsroom.templatetags.office import short
from newsroom.views.standing import address, title, unproven
from prose import dates


def receipts(
    deliveries: Iterable[Delivery], proofs: Iterable[Proof], versions: Iterable[Revision]
) -> list[dict[str, Any]]:
    """Return what the sites have confirmed, the newest version first, each with its address, times and page."""
    words = {
        "live": _("tayang"),
        "hidden": _("ditarik"),
        "kept": _("versi situs dibiarkan"),
        "": _("tidak pernah tayang"),
    }
    pages = {(proof.site, proof.place): proof for proof in proofs}
    verified = {revision.version: revision.at for revision in versions}
    found = []
    for delivery in deliveries:
        for place, receipt in enumerate(delivery.receipts):
            proof = pages.get((delivery.site, place))
            said, tone = _result(proof) if proof else ("", "")
            found.append(
                {
                    **receipt,
                    "site": title(delivery.site),
                    "words": words.get(receipt.get("state", ""), receipt.get("state", ""))
                    + unproven(receipt),
                    "url": address(delivery.site, receipt.get("url", "")),
                    "shown": receipt.get("url", ""),
                    "times": _times(verified.get(receipt["version"]), receipt, proof),
                    "proof": proof,
                    "result": said,
                    "tone": tone,
                }
            )
    return sorted(found, key=lambda receipt: (-receipt["version"], str(receipt["at"])))


def _times(
    verified: datetime | None, receipt: Mapping[str, Any], proof: Proof | None
) -> list[tuple[str, str]]:
    """Return the moments of one version's way to readers, with their zone."""
    moments = (
        (_("Diverifikasi"), verified),
        (_("Mulai dikirim"), _moment(receipt, "sent_at")),
        (_("Ditegaskan situs"), _moment(receipt, "at")),
        (_("Halaman dibaca"), proof.taken_at if proof else None),
    )
    return [(words, dates.short(at, settings.REDAKSI.office.tz)) for words, at in moments if at]


def _moment(receipt: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(receipt[name]) if receipt.get(name) else None


def _result(proof: Proof) -> tuple[str, str]:
    """Say what a page proves, and whether that is `good`."""
    if proof.settled_at is None:
        if proof.error and proof.next_attempt_at:
            again = short(proof.next_attempt_at)
            return _("%(why)s Halamannya dibaca lagi %(time)s.") % {"why": proof.error, "time": again}, ""
        return _("Halamannya sebentar lagi dibaca dan disimpan."), ""
    if not proof.proven:
        return proof.words, ""
    if proof.state == "live":
        return _("Terbukti: pembaca tanpa akun menemukan naskah ini di halamannya."), "good"
    return _("Terbukti: naskahnya tidak terbaca lagi di halaman ini (jawaban situs %(status)s).") % {
        "status": proof.answer.get("status", "")
    }, "good"
