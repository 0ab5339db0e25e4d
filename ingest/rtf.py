"""The text of an RTF file. Pictures and formatting are left out."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\(?P<symbol>[^a-zA-Z'])"
    rb"|(?P<brace>[{}])|(?P<newline>[\r\n]+)|(?P<text>[^\\{}\r\n]+)"
)
_SKIPPED = {
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"headerf", b"footerf",
    b"footnote", b"listtable", b"listoverridetable", b"themedata", b"datastore", b"generator", b"fldinst", b"xmlnstbl",
    b"rsidtbl", b"latentstyles", b"comment", b"annotation", b"deleted", b"filetbl", b"nonshppict", b"bkmkstart", b"bkmkend",
}  # fmt: skip
_WRITTEN = {
    b"par": "\n\n", b"sect": "\n\n", b"page": "\n\n", b"line": "\n", b"row": "\n\n", b"tab": " ", b"cell": " ",
    b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
}  # fmt: skip
_SYMBOLS = {b"\\": "\\", b"{": "{", b"}": "}", b"~": " ", b"_": "-", b"\n": "\n\n", b"\r": "\n\n"}
_MOST_GROUPS = 500


def is_rtf(data: bytes) -> bool:
    return data[:6].lower() == b"{\\rtf1" or data[:5].lower() == b"{\\rtf"


def read(data: bytes) -> str:
    """Return the words of an RTF file, paragraphs apart by blank lines. Never raises."""
    out: list[str] = []
    # For each open group: is it skipped, and how many characters stand in for one in Unicode.
    groups: list[tuple[bool, int]] = [(False, 1)]
    codec = "cp1252"
    pending = 0
    for token in _TOKEN.finditer(data):
        skipped, stand_ins = groups[-1]
        if brace := token["brace"]:
            pending = 0
            if brace == b"{":
                if len(groups) >= _MOST_GROUPS:
                    break
                groups.append(groups[-1])
            elif len(groups) > 1:
                groups.pop()
        elif word := token["word"]:
            number = int(token["number"] or 0)
            if word in _SKIPPED:
                groups[-1] = (True, stand_ins)
            elif word == b"uc":
                groups[-1] = (skipped, min(number, 10))
            elif word == b"ansicpg":
                codec = f"cp{number}"
            elif word == b"u" and not skipped:
                out.append(_character(number))
                pending = stand_ins
            elif word in _WRITTEN and not skipped:
                out.append(_WRITTEN[word])
        elif symbol := token["symbol"]:
            if symbol == b"*":
                groups[-1] = (True, stand_ins)  # a destination that readers may ignore
            elif not skipped:
                out.append(_SYMBOLS.get(symbol, ""))
        elif not skipped and not token["newline"]:
            raw = bytes([int(token["hex"], 16)]) if token["hex"] else token["text"]
            dropped = min(pending, len(raw))
            pending -= dropped
            out.append(_decoded(raw[dropped:], codec))
    return re.sub(r"\n{3,}", "\n\n", _joined(out)).strip()


def _character(number: int) -> str:
    """Return `\\uN` as a character; N is signed, and letters beyond the first plane come as two halves."""
    code = number % 65536
    return chr(code) if code else ""


def _joined(pieces: list[str]) -> str:
    return "".join(pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _decoded(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec, "replace")
    except LookupError:
        return raw.decode("cp1252", "replace")
