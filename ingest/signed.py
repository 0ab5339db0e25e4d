"""Opaque S/MIME (application/pkcs7-mime): the mail inside signed data. Signatures are not judged here."""

from __future__ import annotations

from asn1crypto import cms, core  # type: ignore[import-untyped]

_LARGEST = 60_000_000


def unwrap(data: bytes) -> bytes:
    """Return the MIME entity inside signed data, empty when there is none: it is encrypted, or broken."""
    if len(data) > _LARGEST:
        return b""
    try:
        outer = cms.ContentInfo.load(data)
        if outer["content_type"].native != "signed_data":
            return b""
        content = outer["content"]["encap_content_info"]["content"]
        if isinstance(content, core.Void):
            return b""
        native = content.native
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return b""  # what asn1crypto says of bytes that are no such structure
    return native if isinstance(native, bytes) else b""
