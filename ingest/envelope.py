"""What a mail's headers say of its way here: where answers go, who rewrote its sender, when it was sent."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import prose
from ingest import dates
from ingest.headers import Headers
from ingest.message import Sender
from ingest.sender import sender

_ORIGINALS = ("x-original-from", "x-original-sender", "x-google-original-from", "resent-from")
_VIA = re.compile(r"(?i)\b(?:via|melalui)\s+\S+")
_SRS = re.compile(r"(?i)^(?:srs[01][+=-]|.*\+caf_=|prvs=)")
_APART = timedelta(hours=24)


def reply_to(headers: Headers, who: Sender) -> tuple[str, str]:
    """Return the address answers are wanted at when it is another than the sender's, and a sentence about it."""
    raw = headers.raw("reply-to")
    address = sender(Headers([("from", raw)])).address if raw else ""
    if not address or address == who.address:
        return "", ""
    return (
        address,
        f"Pengirim meminta dibalas ke alamat lain ({address}); pastikan dulu sebelum membalas ke sana.",
    )


def rewritten(headers: Headers, who: Sender) -> str:
    """Say that a list or a forwarder put its own address into From, empty when none did."""
    for name in _ORIGINALS:
        raw = headers.raw(name)
        original = sender(Headers([("from", raw)])).address if raw else ""
        if original and original != who.address:
            return (
                f"Pengirim surel ini ditulis ulang oleh milis atau penerus surel: tertulis {who.address or 'tanpa alamat'}, "
                f"pengirim aslinya menurut surel ini {original}."
            )
    if _VIA.search(who.name) or _SRS.match(who.address):
        return f"Surel ini lewat milis atau penerus surel ({who.name or who.address}); pengirim aslinya tidak dapat dipastikan."
    return ""


def wrong_date(headers: Headers, sent: datetime | None, received: datetime | None) -> str:
    """Say that the Date header is more than a day from when the mail arrived, empty when it is not.

    What the receiving servers wrote counts too: a mail read from a file arrived long before.
    """
    if sent is None or received is None:
        return ""
    arrivals = [received]
    for raw in headers.all("received")[:20]:
        moment, _ = dates.date(raw.rpartition(b";")[2].decode("latin-1").strip())
        if moment is not None:
            arrivals.append(moment)
    if any(abs(sent - moment) <= _APART for moment in arrivals):
        return ""
    return (
        f"Tanggal di surel ({prose.plain_date(sent.date())}) berbeda lebih dari sehari dari waktu surel diterima "
        f"({prose.plain_date(received.astimezone(sent.tzinfo).date())}); periksa tanggal kegiatannya."
    )
