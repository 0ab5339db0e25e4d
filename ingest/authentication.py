"""What our own mail server found out about a mail's sender, as it wrote into Authentication-Results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import authres

from ingest.domains import aligned
from ingest.headers import Headers
from ingest.message import Sender

_LONGEST = 8_192
"""Bytes; a longer header is no result of a mail server."""
_MOST = 20
"""Headers believed of one mail; a server writes one for each of its checks."""


def authenticated(who: Sender, headers: Headers, trusted: tuple[str, ...]) -> Sender:
    """Return the sender with what a server in `trusted` says of it, a problem when it could not confirm it.

    No result says nothing: the sender stays as it is. What already speaks against it stays too. Never raises.
    """
    if who.problem or not who.address or not trusted:
        return who
    verdict = _verdict(_believed(headers, trusted), who.address.rpartition("@")[2])
    if verdict == "pass" and headers.doubled():
        verdict = ""  # a mail of the sender's, sent again with a Subject of somebody else's above
    if verdict != "fail":
        return replace(who, server=verdict)
    return replace(
        who,
        server="fail",
        spoofed=True,
        problem=f"Surel ini menyebut pengirimnya {who.address}, tetapi server surel kita tidak dapat "
        "memastikannya: tanyakan dulu kepada kontributornya sebelum menerima kiriman ini.",
    )


def _believed(headers: Headers, trusted: tuple[str, ...]) -> list[authres.AuthenticationResult]:
    """Return the results our own server wrote.

    Anyone can write this header, with our server's name too. RFC 8601 §5 therefore asks the server at
    the border to remove those that bear its name on arrival, and §4.1 puts its own above whatever came
    with the mail. What stands above the topmost Received cannot have been sent along; only when nothing
    of ours stands there, the server is one that writes below its own Received (as milters do), and the
    headers with exactly one Received above them are read. Deeper ones are never believed.
    """
    names = {name.strip().lower() for name in trusted}
    places: tuple[list[authres.AuthenticationResult], ...] = ([], [])
    received = count = 0
    for name, value in headers.fields:
        if name == "received":
            received += 1
            if received == len(places):
                break
        elif name == "authentication-results" and count < _MOST:
            count += 1
            parsed = _parsed(value)
            if parsed is not None and str(parsed.authserv_id).lower() in names:
                places[received].extend(parsed.results)
    return places[0] or places[1]


def _parsed(value: bytes) -> authres.AuthenticationResultsHeader | None:
    """Read one header; None when it is not written as RFC 8601 says."""
    if len(value) > _LONGEST:
        return None
    try:
        return authres.AuthenticationResultsHeader.parse_value(value.decode("latin-1"))
    except (authres.AuthResError, RecursionError, ValueError):
        return None  # comments within comments without end, a missing result, a version of the future


def _verdict(results: list[authres.AuthenticationResult], domain: str) -> str:
    """Say what the results make of the domain of the From address: `pass`, `fail`, or nothing."""
    verdicts = {_word(found.result) for found in results if _is_verdict_on(found, domain)}
    if "fail" in verdicts:
        return "fail"
    if "pass" in verdicts:
        return "pass"
    # Without a verdict of DMARC (none published, or the server does not look) DKIM and SPF speak for it,
    # but only those of the sender's own domain: anyone can sign with a domain of their own.
    own = {
        (_word(found.method), _word(found.result))
        for found in results
        if any(aligned(signed, domain) for signed in _domains(found))
    }
    if ("dkim", "pass") in own:
        return "pass"
    # SPF alone says which server handed the mail in, not who wrote it: enough to take a failure back.
    outcomes = {result for _, result in own}
    return "fail" if "fail" in outcomes and "pass" not in outcomes else ""


def _is_verdict_on(found: authres.AuthenticationResult, domain: str) -> bool:
    """Say whether this is DMARC's result for our sender's domain and not for another's."""
    if _word(found.method) != "dmarc":
        return False
    about = [_word(p.value) for p in found.properties if (_word(p.type), _word(p.name)) == ("header", "from")]
    return not about or any(aligned(value.rpartition("@")[2], domain) for value in about)


def _domains(result: authres.AuthenticationResult) -> Iterator[str]:
    """Yield the domains a DKIM or SPF result is about."""
    wanted = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.mail", "smtp.helo")}
    values = {f"{_word(p.type)}.{_word(p.name)}": _word(p.value) for p in result.properties}
    for key in wanted.get(_word(result.method), ()):
        if domain := values.get(key, "").rpartition("@")[2].strip("."):
            yield domain
            return


def _word(value: object) -> str:
    return str(value or "").lower()
