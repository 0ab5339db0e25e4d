"""The header block of a mail or of one of its parts, read leniently. Never raises."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from ingest import charset

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_LIKELY_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:(?:[ \t\r\n]|$)")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_LONGEST = 32_768
_MOST = 1_000
ONCE = ("from", "subject", "date", "reply-to", "content-type", "content-transfer-encoding")
_PARAMETER = re.compile(r"[\s;]*([A-Za-z0-9_.-]+)(\*[0-9]{0,3}\*?)?\s*=\s*")
_NEXT_PARAMETER = re.compile(r";\s*[A-Za-z0-9_.-]+(?:\*[0-9]{0,3}\*?)?\s*=")


@dataclass
class Headers:
    """The fields of one header block, in order, as bytes."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)
    """Lower-cased name and raw value, unfolded."""
    defects: list[str] = field(default_factory=list)

    def all(self, name: str) -> list[bytes]:
        return [value for key, value in self.fields if key == name]

    def raw(self, name: str) -> bytes:
        """Return the first field's raw value, empty when there is none."""
        return next(iter(self.all(name)), b"")

    def doubled(self) -> tuple[str, ...]:
        """Return which fields stand twice that a mail has once (RFC 5322 §3.6, RFC 2045 §3), and change what it says."""
        return tuple(name for name in ONCE if len(self.all(name)) > 1)

    def text(self, name: str) -> str:
        """Return the first field decoded for people, empty when there is none."""
        return decode(self.raw(name))

    def parameters(self, name: str) -> tuple[str, dict[str, str]]:
        return parameters(self.raw(name))


def parse(buffer: bytes, start: int, end: int, *, message: bool) -> tuple[Headers, int]:
    """Read the header block at `start`, of a whole message or of a part; return it and where the body begins."""
    headers = Headers()
    at = _skip_envelope(buffer, start, end) if message else start
    while at < end:
        stop = buffer.find(b"\n", at, end)
        after = end if stop < 0 else stop + 1
        line = buffer[at:after].rstrip(b"\r\n")
        if not line:
            return headers, after
        if line[:1] in b" \t":
            _fold(headers, line)
        elif match := _FIELD.match(line):
            if len(headers.fields) < _MOST:
                name = match[1].decode("ascii", "replace").lower()
                headers.fields.append((name, line[match.end() :].strip()))
        elif _more_fields(buffer, after, end):
            headers.defects.append("Ada baris rusak di kepala surel; baris itu dilewati.")
        else:
            if headers.fields:
                headers.defects.append("Kepala surel tidak ditutup baris kosong; sisanya dibaca sebagai isi.")
            return headers, at
        at = after
    return headers, end


def decode(raw: bytes) -> str:
    """Decode a header value for people: RFC 2047 words, raw 8-bit bytes, controls removed."""
    return charset.clean_line(_decoded(raw))


def _decoded(raw: bytes) -> str:
    text = charset.decode(raw[:_LONGEST])
    if "=?" not in text:
        return text
    pieces: list[str] = []
    run: list[bytes] = []
    run_charset = ""
    at = 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        name = word[1].partition("*")[0].lower()
        # Words that follow each other are one text: a character may be cut between two of them.
        if run and (between.strip() or name != run_charset):
            pieces.append(charset.decode(b"".join(run), run_charset))
            run = []
        if between.strip() or not (pieces or run):
            pieces.append(between)
        run.append(_word_bytes(word[2], word[3]))
        run_charset = name
        at = word.end()
    pieces.append(charset.decode(b"".join(run), run_charset))
    return "".join(pieces) + text[at:]


def parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """Split `value; name=value` leniently: unquoted blanks and apostrophes, RFC 2231 and 2047 values.

    The value is lower-cased; parameter values are strings, `boundary` as Latin-1 so that its bytes can
    be had again.
    """
    text = raw[:_LONGEST].decode("latin-1")
    value, _, rest = text.partition(";")
    found: dict[str, list[tuple[int, bool, str]]] = {}
    at = 0
    while match := _PARAMETER.match(rest, at):
        written, at = _parameter_value(rest, match.end())
        star = match[2] or ""
        order = int(re.sub(r"\D", "", star) or 0)
        coded = star.endswith("*")
        key = match[1].lower() + ("*" if star == "*" else "")
        found.setdefault(key, []).append((order, coded, written))
    result: dict[str, str] = {}
    for key, pieces in found.items():
        name = key.rstrip("*")
        if name == "boundary":
            result[name] = "".join(text for _, _, text in sorted(pieces, key=lambda piece: piece[0]))
        elif name not in result or key.endswith("*"):
            result[name] = _joined(sorted(pieces, key=lambda piece: piece[0]))
    return value.strip().lower(), result


def filename(headers: Headers) -> str:
    """Return a part's file name as its sender wrote it, cleaned for display; never a path."""
    return clean_filename(written_filename(headers))


def written_filename(headers: Headers) -> str:
    """Return a part's file name with its hidden characters; for judging it, never for display."""
    _, disposition = headers.parameters("content-disposition")
    _, content_type = headers.parameters("content-type")
    return disposition.get("filename") or content_type.get("name") or disposition.get("name") or ""


def clean_filename(written: str) -> str:
    """Make a file name fit to show: no folders, no control or direction characters, not endless."""
    name = re.split(r"[/\\]", charset.clean_line(written[:4096]).strip(" \"'"))[-1].strip(" .")
    return name if len(name) <= 200 else name[:150] + "…" + name[-40:]


def _skip_envelope(buffer: bytes, start: int, end: int) -> int:
    """Pass over blank lines and mbox `From ` lines above the first field."""
    at = start
    while at < end:
        stop = buffer.find(b"\n", at, end)
        after = end if stop < 0 else stop + 1
        line = buffer[at:after]
        if line.strip() and not line.startswith((b"From ", b">From ")):
            return at
        at = after
    return start


def _fold(headers: Headers, line: bytes) -> None:
    if headers.fields:
        name, value = headers.fields[-1]
        if len(value) < _LONGEST:
            headers.fields[-1] = (name, value + b" " + line.strip())


def _more_fields(buffer: bytes, at: int, end: int) -> bool:
    stop = buffer.find(b"\n", at, end)
    return bool(_LIKELY_FIELD.match(buffer[at : end if stop < 0 else stop]))


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _parameter_value(rest: str, at: int) -> tuple[str, int]:
    """Return the value that begins at `at` and where it ends."""
    if rest[at : at + 1] == '"':
        close = re.compile(r'(?<!\\)"').search(rest, at + 1)
        stop = close.start() if close else len(rest)
        return re.sub(r'\\(["\\])', r"\1", rest[at + 1 : stop]), min(stop + 1, len(rest))
    following = _NEXT_PARAMETER.search(rest, at)
    stop = following.start() if following else len(rest)
    return rest[at:stop].strip().rstrip(";").rstrip(), stop


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    if not any(coded for _, coded, _ in pieces):
        return _decoded("".join(text for _, _, text in pieces).encode("latin-1"))
    name = "utf-8"
    data = b""
    for index, (_, coded, text) in enumerate(pieces):
        if coded and index == 0 and text.count("'") >= 2:
            name, _, text = text.split("'", 2)
        data += unquote_to_bytes(text.encode("latin-1")) if coded else text.encode("latin-1")
    return charset.decode(data, name)
