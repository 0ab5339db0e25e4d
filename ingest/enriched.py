"""text/enriched (RFC 1896), which some old programs still write, as plain text."""

from __future__ import annotations

import re

_PARAMETER = re.compile(r"(?is)<param>.*?</param>")
_COMMAND = re.compile(r"</?[a-zA-Z0-9-]{1,60}>")


def to_text(written: str) -> str:
    """Return the words: commands go, `<<` is `<`, a lone line break is a blank and n of them are n - 1."""
    lines = re.sub(
        r"\n+", lambda match: " " if len(match[0]) == 1 else match[0][1:], written.replace("\r\n", "\n")
    )
    pieces = [_COMMAND.sub("", piece) for piece in _PARAMETER.sub("", lines).split("<<")]
    # Paragraphs are apart by one line break now; plain text wants two.
    return re.sub(r"[ \t]*\n+[ \t]*", "\n\n", "<".join(pieces)).strip() + "\n"
