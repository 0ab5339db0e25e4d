"""DKIM (RFC 6376): whether a mail's signatures hold, checked when it arrives, with the key as evidence."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import dkim

from ingest.domains import aligned
from ingest.headers import ONCE
from ingest.resolver import Lookup, Unanswered

_LONGEST_HEAD = 262_144
_LONGEST_SIGNATURE = 8_192
_LONGEST_KEY = 4_096
_MOST = 5
"""Signatures looked at in one mail, those of the sender's own domain first."""
_SMALLEST_KEY, _LARGEST_KEY = 1024, 8192
"""Bits. RFC 8301 §3.2 asks for 1024 at least; a key without an upper bound would cost hours of arithmetic."""
_CHUNK = 1 << 20
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_SOLID = re.compile(rb"[^ \t\r\n]")
_WIDE_SPACE = re.compile(rb"[ \t\r\n]{100}")
_SPACES = re.compile(rb"[ \t]+")
_ODD = (dkim.DKIMException, ValueError, TypeError, LookupError, ArithmeticError, AssertionError)
"""What dkimpy raises for signatures and keys that are not written as they should be."""


@dataclass(frozen=True)
class Signature:
    """One DKIM-Signature header and what was found."""

    domain: str
    selector: str
    algorithm: str
    aligned: bool
    """It is signed by the organisation of the From address; others vouch only for themselves."""
    result: str
    """`pass`, `fail` (altered or forged), `none` (says nothing) or `unknown` (the DNS did not answer)."""
    reason: str
    key: str = ""
    """The key's TXT record as it was fetched: keys rotate, and later nobody can ask for it any more."""


class _Useless(Exception):
    """The signature says nothing, as if it were not there. The text says why, in Indonesian."""


class _Broken(Exception):
    """The signature is contradicted by the mail. The text says how, in Indonesian."""


def check(data: bytes, author_domain: str, lookup: Lookup) -> tuple[Signature, ...]:
    """Check the signatures of a mail, byte for byte as it was kept. Never raises.

    A mail is not read whole a second time: 100 MB take a megabyte. After one unanswered question no
    other is asked for this mail.
    """
    blank = _END_OF_HEAD.search(data, 0, _LONGEST_HEAD)
    head = data[: blank.end()] if blank else data[:_LONGEST_HEAD]
    try:
        signed = dkim.DKIM(head, minkey=_SMALLEST_KEY)
    except _ODD:
        return ()  # a header block that cannot be split into fields is signed by nobody
    signatures = [value for name, value in signed.headers if name.lower() == b"dkim-signature"]
    order = sorted(
        ((not aligned(_tag(value, b"d"), author_domain), index) for index, value in enumerate(signatures)),
    )[:_MOST]
    found: list[Signature] = []
    silent = False
    for foreign, index in order:
        found.append(_checked(signed, signatures[index], index, not foreign, data, lookup, silent=silent))
        silent = silent or found[-1].result == "unknown"
    return tuple(found)


def _checked(
    signed: Any, written: bytes, index: int, ours: bool, data: bytes, lookup: Lookup, *, silent: bool
) -> Signature:
    domain, selector = _tag(written, b"d"), _tag(written, b"s")
    record = b""
    try:
        fields, covered, header = _prepared(signed, written, index)
        if silent:
            raise Unanswered("not asked")
        record = _key(f"{selector}._domainkey.{domain}.", lookup)
        _verified(signed, fields, covered, header, record)
        _body_verified(fields, data)
        result, reason = "pass", f"Tanda tangan digital {domain} cocok."
    except Unanswered:
        result, reason = "unknown", f"DNS tidak menjawab, jadi tanda tangan {domain} belum dapat diperiksa."
    except _Useless as why:
        result, reason = "none", str(why)
    except _Broken as why:
        testing = b"y" in _tag(record, b"t").encode().split(b":")
        result, reason = ("none" if testing else "fail"), str(why)
    except _ODD:
        result, reason = "none", f"Tanda tangan digital {domain} tidak ditulis dengan benar."
    return Signature(
        domain, selector, _tag(written, b"a"), ours, result, reason, record.decode("ascii", "replace")
    )


def _prepared(signed: Any, written: bytes, index: int) -> tuple[dict[bytes, bytes], list[bytes], Any]:
    """Return the signature's tags, the header fields it covers and the header itself. Raises _Useless."""
    domain = _tag(written, b"d")
    # dkimpy's expressions take quadratic time over wide space, which no signer writes.
    if len(written) > _LONGEST_SIGNATURE or _WIDE_SPACE.search(written):
        raise _Useless(f"Tanda tangan digital {domain} terlalu panjang untuk diperiksa.")
    until = _tag(written, b"x")
    if until.isdigit() and len(until) < 16 and int(until) < time.time():
        raise _Useless(f"Tanda tangan digital {domain} sudah lewat masa berlakunya.")
    prepared = signed.verify_headerprep(index)
    if not prepared:
        raise _Useless("Surel ini tidak bertanda tangan.")
    fields, covered, headers = prepared
    if b"from" not in covered:
        raise _Useless(f"Tanda tangan digital {domain} tidak mencakup pengirimnya.")
    if fields[b"a"].lower() == b"rsa-sha1":
        raise _Useless(f"Tanda tangan digital {domain} memakai cara lama yang sudah dapat dipalsukan.")
    if fields[b"a"].lower() == b"ed25519-sha256":
        raise _Useless(
            f"Tanda tangan digital {domain} memakai jenis kunci yang tidak dapat diperiksa di sini."
        )
    _nothing_put_above(signed, covered, domain)
    if b"l" in fields:
        # RFC 6376 §8.2: whoever forwards such a mail can add a text of their own.
        raise _Useless(f"Tanda tangan digital {domain} hanya mencakup sebagian isi surel.")
    return fields, covered, headers[index]


def _nothing_put_above(signed: Any, covered: list[bytes], domain: str) -> None:
    """Raise _Broken when a field was added to those that are signed: RFC 6376 §8.15.

    A signature covers the lowest of several, programs show the topmost: a mail of somebody's, sent once more
    with another Subject above, would be theirs.
    """
    written = [name.strip().lower() for name, _ in signed.headers]
    for name in (field.encode() for field in ONCE):
        if name in covered and written.count(name) > covered.count(name):
            raise _Broken(f"Kepala surel ini ditambahi setelah ditandatangani {domain}.")


def _key(name: str, lookup: Lookup) -> bytes:
    """Fetch a key and return it when it is of use. Raises Unanswered, _Useless."""
    record = lookup(name) or b""
    domain = name.partition("._domainkey.")[2].rstrip(".")
    if not record or len(record) > _LONGEST_KEY:
        raise _Useless(f"Kunci tanda tangan {domain} tidak ada (lagi) di DNS.")
    try:
        _, bits, kind, _ = dkim.evaluate_pk(name.encode(), record)
    except (*_ODD, binascii.Error, UnboundLocalError) as error:
        raise _Useless(f"Kunci tanda tangan {domain} sudah dicabut atau tidak dapat dipakai.") from error
    if kind == b"rsa" and not _SMALLEST_KEY <= bits <= _LARGEST_KEY:
        raise _Useless(f"Kunci tanda tangan {domain} panjangnya {bits} bit, jadi tidak dapat dipercaya.")
    return record


def _verified(
    signed: Any, fields: dict[bytes, bytes], covered: list[bytes], header: Any, record: bytes
) -> None:
    """Check the signature over the header. The body is compared apart. Raises _Broken."""
    head_only = {name: value for name, value in fields.items() if name != b"bh"}
    if not signed.verify_sig(head_only, covered, header, lambda name, timeout: record):
        raise _Broken(f"Tanda tangan digital {_text(fields[b'd'])} tidak cocok dengan kepala surel ini.")


def _body_verified(fields: dict[bytes, bytes], data: bytes) -> None:
    """Compare the body with the digest that was signed. Raises _Broken."""
    canon = fields.get(b"c", b"simple/simple").lower().partition(b"/")[2] or b"simple"
    digest = hashlib.sha256()
    for chunk in _body(data, relaxed=canon == b"relaxed"):
        digest.update(chunk)
    if digest.digest() != base64.b64decode(re.sub(rb"\s+", b"", fields[b"bh"])):
        raise _Broken(f"Isi surel ini berubah setelah ditandatangani {_text(fields[b'd'])}.")


def _body(data: bytes, *, relaxed: bool) -> Iterator[bytes]:
    """Yield the body as it is signed (RFC 6376 §3.4.3 and §3.4.4). Raises _Useless.

    A chunk ends behind a byte that is no space, so no line end and no run of spaces is cut in two, and
    the empty lines at the end are all in the last one.
    """
    blank = _END_OF_HEAD.search(data, 0, _LONGEST_HEAD)
    at = blank.end() if blank else len(data)
    empty, last = True, False
    while not last:
        match = _SOLID.search(data, min(at + _CHUNK, len(data)))
        end, last = (match.end(), False) if match else (len(data), True)
        if end - at > 8 * _CHUNK:
            raise _Useless("Surel ini berisi terlalu banyak spasi untuk diperiksa tanda tangannya.")
        chunk = data[at:end]
        if last and not chunk.endswith(b"\n"):
            chunk += b"\r\n"
        chunk = chunk.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        if relaxed:
            chunk = _SPACES.sub(b" ", chunk).replace(b" \r\n", b"\r\n")
        if last:
            chunk = _without_empty_lines(chunk)
            chunk = b"" if relaxed and empty and not chunk else chunk + b"\r\n"
        empty, at = empty and not chunk, end
        yield chunk


def _without_empty_lines(chunk: bytes) -> bytes:
    end = len(chunk)
    while chunk.endswith(b"\r\n", 0, end):
        end -= 2
    return chunk[:end]


def _tag(written: bytes, name: bytes) -> str:
    """Return one tag of a signature or a key, empty when it is not there."""
    for piece in written[:_LONGEST_SIGNATURE].split(b";"):
        key, _, value = piece.partition(b"=")
        if key.strip() == name:
            return _text(value)
    return ""


def _text(value: bytes) -> str:
    """Make a tag's value fit to show and to keep."""
    return re.sub(r"[^\x21-\x7e]", "", value.decode("latin-1"))[:253]
