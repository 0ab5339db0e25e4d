"""What the sites have confirmed, and what their pages prove of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from newsroom.models import Delivery, Proof, Revision
from newsroom.templatetags.office import short
from newsroom.views.standing import address, title, unproven


def receipts(
    deliveries: Iterable[Delivery], proofs: Iterable[Proof], versions: Iterable[Revision]
) -> list[dict[str, Any]]:
    """Return what the sites have confirmed, oldest first, each with its address, times and page."""
    words = {"live": _("tayang"), "hidden": _("ditarik"), "": _("tidak pernah tayang")}
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
                    "verified_at": verified.get(receipt["version"]),
                    "begun_at": _moment(receipt, "sent_at"),
                    "confirmed_at": _moment(receipt, "at"),
                    "proof": proof,
                    "result": said,
                    "tone": tone,
                }
            )
    return sorted(found, key=lambda receipt: str(receipt["at"]))


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
