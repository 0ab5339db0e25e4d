"""The head of a mail alone: who wrote it, and all it says, without reading the rest."""

from __future__ import annotations

import logging

from ingest.headers import decode, parse
from ingest.sender import sender

logger = logging.getLogger(__name__)

_MOST = 256_000
"""Bytes in which a head is looked for."""
_NAMES = {
    "from": "From",
    "reply-to": "Reply-To",
    "to": "To",
    "cc": "Cc",
    "subject": "Subject",
    "date": "Date",
    "message-id": "Message-ID",
}
_LONGEST = 2_000


def sender_address(data: bytes) -> str:
    """Return the address a mail says it is from, lower-cased; empty when it names none to believe."""
    try:
        return sender(parse(data, 0, min(len(data), _MOST), message=True)[0]).address
    except Exception:
        logger.exception("the sender of a mail could not be read")
        return ""


def head(data: bytes) -> tuple[tuple[str, str], ...]:
    """Return the fields of a mail's head that people read, decoded, by their RFC 5322 names. Never raises."""
    try:
        headers, _ = parse(data, 0, min(len(data), _MOST), message=True)
        found = [(shown, decode(value)) for name, shown in _NAMES.items() for value in headers.all(name)]
    except Exception:
        logger.exception("the head of a mail could not be read")
        return ()
    return tuple((name, text[:_LONGEST]) for name, text in found if text)
