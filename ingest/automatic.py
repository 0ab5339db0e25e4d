"""Mail no person wrote: replies of machines, lists, bounces, our own letters."""

from __future__ import annotations

import re

from ingest.headers import Headers

_SUBJECT = re.compile(
    r"(?i)^\W*(?:balasan otomatis|jawaban otomatis|pesan otomatis|otomatis:|automatic reply|auto(?:matic)?[- ]?(?:reply|response)"
    r"|autoreply|out of (?:the )?office|di luar kantor|sedang (?:cuti|di luar kantor)|undeliver(?:ed|able)"
    r"|delivery (?:status notification|failure)|mail delivery (?:failed|system)|returned mail|failure notice"
    r"|pengiriman (?:surel|email|pesan) gagal)"
)
LIST = "Surel ini dari milis atau kiriman massal."
"""Said of what comes through a mailing list; a contributor who sends that way is excepted by the newsroom."""
_MACHINES = re.compile(
    r"(?i)^(?:mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply|jangan[-_.]?(?:di)?balas|bounces?)(?:[+-].*)?@"
)


def automatic(headers: Headers, content_type: str, address: str, subject: str) -> str:
    """Say why this is automatic mail, in Indonesian; empty when a person wrote it."""
    # The form's mark is on what contributors wrote there; on anything else it proves nothing.
    if any(name.startswith("x-redaksi-") and name != "x-redaksi-upload" for name, _ in headers.fields):
        return "Surel ini dikirim oleh Redaksi sendiri."
    written = re.match(r"[\w-]*", headers.text("auto-submitted").lower())
    if written and written[0] not in ("", "no"):
        return "Surel ini jawaban otomatis (Auto-Submitted)."
    precedence = headers.text("precedence").lower()
    if precedence in ("auto_reply", "auto-reply"):
        return "Surel ini jawaban otomatis (Precedence)."
    if content_type == "multipart/report" or headers.raw("return-path").replace(b" ", b"") == b"<>":
        return "Surel ini laporan pengiriman dari server surel."
    if headers.raw("x-autoreply") or headers.raw("x-autorespond"):
        return "Surel ini jawaban otomatis."
    if _SUBJECT.search(subject):
        return "Surel ini jawaban otomatis (terlihat dari judulnya)."
    if _MACHINES.search(address):
        return "Surel ini dikirim oleh mesin (terlihat dari alamatnya)."
    # Last, so that this sentence means that nothing else speaks for a machine.
    if headers.raw("list-id") or precedence in ("bulk", "junk", "list"):
        return LIST
    return ""
