"""Whose a domain is: the part somebody registered, by the Public Suffix List."""

from __future__ import annotations

from functools import lru_cache

from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def ascii_form(domain: str) -> str:
    """Return a domain lower-cased and as the DNS writes it; as it is when the DNS cannot have it."""
    plain = domain.strip().strip(".").lower()
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain


def shown_form(domain: str) -> str:
    """Return a domain as people see it: `xn--…` decoded."""
    pieces = []
    for label in domain.strip().strip(".").lower().split("."):
        try:
            pieces.append(label.encode("ascii").decode("idna") if label.startswith("xn--") else label)
        except UnicodeError:
            pieces.append(label)
    return ".".join(pieces)


def organisation(domain: str) -> str:
    """Return the organisational domain (RFC 7489 §3.2); empty for a public suffix such as `go.id`."""
    return _suffixes().privatesuffix(ascii_form(domain)) or ""


def suffix(domain: str) -> str:
    return _suffixes().publicsuffix(ascii_form(domain)) or ""


def aligned(one: str, other: str) -> bool:
    """Say whether two domains belong to one organisation (relaxed alignment, RFC 7489 §3.1)."""
    if ascii_form(one) == ascii_form(other):
        return bool(one.strip("."))
    return bool(organisation(one)) and organisation(one) == organisation(other)
