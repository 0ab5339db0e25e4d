"""Text that was written in or copied from WhatsApp: its marks become Markdown, its furniture goes."""

from __future__ import annotations

import re

_DATE = r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
_TIME = r"\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?:\s?[AaPp][Mm])?"
_WHEN = rf"(?:{_TIME},?\s+{_DATE}|{_DATE},?\s+{_TIME})"
_PREFIX = re.compile(rf"^(?:\[{_WHEN}\]|{_WHEN}\s+[-–])\s*(?P<name>[^:\n]{{1,60}}):[ \t]*")
_SYSTEM = re.compile(rf"^(?:\[{_WHEN}\]|{_WHEN}\s+[-–])\s*[^:\n]*$")
_FURNITURE = re.compile(
    r"(?i)^(?:<(?:media|lampiran|attached|terlampir)[^>]*>|(?:gambar|foto|video|audio|dokumen|stiker|image|sticker|document) "
    r"(?:tidak disertakan|omitted)|.{1,80}\.(?:jpe?g|png|mp4|heic|pdf|docx?) \((?:file|berkas) (?:terlampir|attached)\)"
    r"|(?:di)?teruskan(?: berkali-kali)?|forwarded(?: many times)?|<?pesan ini diedit>?|pesan ini telah dihapus)\W*$"
)


def without_chat(text: str) -> tuple[str, tuple[str, ...]]:
    """Take names and times of a chat, and lines like `<Media tidak disertakan>`, out of plain text.

    Returns the text and the names of the speakers, in order.
    """
    names: list[str] = []
    made: list[str] = []
    for line in text.split("\n"):
        bare = line.strip()
        match = _PREFIX.match(bare)
        if match:
            name = match["name"].strip()
            if name not in names:
                names.append(name)
            line = bare = bare[match.end() :]
            if made and made[-1]:
                made.append("")  # another message is another paragraph
        elif _SYSTEM.match(bare):
            continue
        if not _FURNITURE.match(bare):
            made.append(line)
    return "\n".join(made), tuple(names)


def marks(text: str) -> str:
    """Write WhatsApp's marks as Markdown and escape what only looks like Markdown.

    A mark counts where WhatsApp counts it: at the edges of words, closed on the same line. `5*3`, `snake_case`
    and a lone star stay as they were typed.
    """
    made = []
    at = 0
    for match in _MARK.finditer(text):
        made.append(escape(text[at : match.start()]))
        if match["mono"] is not None:
            made.append(escape(match["mono"]))
        elif match["double"] is not None:
            made.append(f"**{marks(match['double'])}**")
        elif match["mark"] == "*":
            made.append(f"**{marks(match['inner'])}**")
        elif match["mark"] == "_":
            made.append(f"*{marks(match['inner'])}*")
        at = match.end()  # what stood between ~ and ~ was struck out by its author
    made.append(escape(text[at:]))
    return "".join(made)


_MARK = re.compile(
    r"```(?P<mono>[^\n`]{1,400})```"
    r"|(?<![\w*])\*\*(?![\s*])(?P<double>[^\n*]{0,400}?[^\s*\\])\*\*(?![\w*])"
    r"|(?<![\w*~/@.])(?P<mark>[*_~])(?!\s|(?P=mark))(?P<inner>[^\n]{0,400}?[^\s\\])(?P=mark)(?!\w|(?P=mark))"
)
_MARKUP = re.compile(r"([\\`*_])")
_ADDRESS = re.compile(r"<(?=[^<>\s]+@[^<>\s]+>)")


def escape(text: str) -> str:
    """Escape what Markdown would read as markup inside a line."""
    # Markdown makes a link of <name@place>; the text means what it shows.
    return _ADDRESS.sub("&lt;", _MARKUP.sub(r"\\\1", text))
