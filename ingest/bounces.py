"""What a mail server says of a letter it could not deliver (RFC 3464), read with the same lenience as mail."""

from __future__ import annotations

import re

from ingest import headers as header_block
from ingest.headers import Headers
from ingest.message import Bounce
from ingest.mime import Node

_IDS = re.compile(r"<[^<>\s]{3,250}>")
_WRITTEN_ID = re.compile(rb"(?im)^[ \t>]*message-id:[ \t]*(<[^<>\s]{3,250}>)")
_READ = 65_536
"""Bytes of a part in which the returned headers are looked for."""
_LONGEST = 300
"""Characters of what the server said; the rest helps nobody."""


def bounce(root: Node) -> Bounce | None:
    """Return what a delivery report says; None for other mail, and while the server is still trying.

    Reports of servers that know no RFC 3464 are read too, when they come from a mailer daemon. An absence
    notice has a null return path and our Message-ID as well; it is no report. The Message-ID is the only
    thing to go by: nobody but the receiver of a letter can know it.
    """
    report = _report(root)
    if report is None and not _from_a_daemon(root.headers):
        return None
    fields = _recipient(report) if report is not None else Headers()
    if report is not None and _word(fields, "action") not in ("failed", ""):
        return None  # delayed, delivered, relayed, expanded: nothing a person must do
    ids = _returned_ids(root)
    if not ids:
        return None
    address = _after_semicolon(fields, "final-recipient") or _after_semicolon(fields, "original-recipient")
    said = _after_semicolon(fields, "diagnostic-code") or fields.text("status")
    return Bounce(ids, address.strip("<> ").lower(), " ".join(said.split())[:_LONGEST])


def _report(root: Node) -> Node | None:
    return next((node for node in root.walk() if node.content_type == "message/delivery-status"), None)


def _from_a_daemon(headers: Headers) -> bool:
    if headers.raw("x-failed-recipients"):
        return True
    return re.search(rb"(?i)\b(?:mailer-daemon|postmaster)@", headers.raw("from")) is not None


def _recipient(report: Node) -> Headers:
    """Return the first block of a recipient that failed; the first block is about the whole mail."""
    data = report.content().replace(b"\r\n", b"\n")
    blocks = [
        header_block.parse(block, 0, len(block), message=False)[0]
        for block in re.split(rb"\n{2,}", data.strip())[:100]
    ]
    about = [block for block in blocks if block.raw("final-recipient") or block.raw("action")]
    failed = [block for block in about if _word(block, "action") == "failed"]
    return next(iter(failed or about), Headers())


def _returned_ids(root: Node) -> tuple[str, ...]:
    """Return the Message-IDs of the mail that came back, wherever the report names them."""
    inside = [node for node in root.walk() if node is not root]
    found = [found for node in inside for found in _IDS.findall(node.headers.text("message-id"))]
    for node in root.walk():
        leaf = not node.children and not node.refused
        if leaf and node.content_type in ("text/rfc822-headers", "message/rfc822", "text/plain"):
            found += [match.decode("latin-1") for match in _WRITTEN_ID.findall(node.content()[:_READ])]
    for name in ("in-reply-to", "references"):
        found += _IDS.findall(root.headers.text(name))
    return tuple(dict.fromkeys(found))[:50]


def _word(fields: Headers, name: str) -> str:
    return fields.text(name).strip().lower()


def _after_semicolon(fields: Headers, name: str) -> str:
    kind, mark, value = fields.text(name).partition(";")
    return (value if mark else kind).strip()
