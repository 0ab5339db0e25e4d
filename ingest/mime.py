"""The tree of a mail's parts, read from its bytes without copying them and without recursion.

The standard library's parser is not used for the structure: it keeps several copies of a large mail,
loses parts behind odd boundaries, and fails on deep nesting. A test compares both on ordinary mails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest import headers as header_block
from ingest import signed, transfer
from ingest.headers import Headers

DEEPEST = 50
"""Parts nested deeper are listed, not opened."""
MOST = 500
"""Parts beyond this number are listed, not opened."""
LISTED = 5_000
"""Parts beyond this number are only counted."""
COPIED = 50_000_000
"""Bytes of mails inside mails that may be decoded, besides twice the mail's own size: each level is a copy."""

_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_TOO_DEEP = (
    f"Sebagian isi surel ini bersarang lebih dari {DEEPEST} tingkat, jadi tidak dibuka di sini; "
    "buka surel aslinya untuk melihatnya."
)
_TOO_MANY = (
    f"Surel ini memuat lebih dari {MOST} bagian; selebihnya tidak dibuka di sini. "
    "Buka surel aslinya untuk melihatnya."
)
_TOO_LARGE = (
    "Surel di dalam surel ini terlalu besar setelah dibuka, jadi sebagian tidak dibuka di sini. "
    "Buka surel aslinya untuk melihatnya."
)

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_LOST_BOUNDARY = re.compile(rb"(?:^|\n)--([^\r\n]{1,200}?)[ \t]*\r?\ncontent-[a-z-]+[ \t]*:", re.IGNORECASE)


@dataclass(eq=False)
class Node:
    """One part: a place in a buffer."""

    number: str
    """Its place in the tree: `1`, `1.2`; the mail itself is `0`."""
    headers: Headers
    buffer: bytes = field(repr=False)
    start: int
    end: int
    depth: int
    content_type: str = "text/plain"
    children: list[Node] = field(default_factory=list)
    refused: str = ""
    """Why it was not opened, empty when it was."""
    defects: list[str] = field(default_factory=list)

    @property
    def filename(self) -> str:
        return header_block.filename(self.headers)

    @property
    def written_filename(self) -> str:
        return header_block.written_filename(self.headers)

    @property
    def disposition(self) -> str:
        return self.headers.parameters("content-disposition")[0]

    @property
    def content_id(self) -> str:
        return self.headers.text("content-id").strip(" <>")

    @property
    def charset(self) -> str:
        return self.headers.parameters("content-type")[1].get("charset", "")

    @property
    def encoding(self) -> str:
        """Content-Transfer-Encoding as one of its known names; `base64;` is base64."""
        return transfer.known(self.headers.raw("content-transfer-encoding").decode("latin-1"))

    def content(self) -> bytes:
        """Return the decoded bytes of a leaf."""
        return transfer.decode(self.buffer, self.start, self.end, self.encoding)

    def decoded(self) -> tuple[bytes, int, int]:
        """Return the content as a place in a buffer, this one when nothing is encoded."""
        if self.encoding == "binary":
            return self.buffer, self.start, self.end
        content = self.content()
        return content, 0, len(content)

    def walk(self) -> Iterator[Node]:
        """Yield this part and all below it, in the order of the mail."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


def parse(data: bytes) -> Node:
    """Read the tree of a mail. Never raises; what was wrong is in the nodes' `defects`."""
    defects = []
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")
        defects.append("Surel memakai akhir baris kuno; sudah disesuaikan.")
    root = _node(data, 0, len(data), "0", 0, message=True)
    root.defects += defects
    waiting = [root]
    count = 1
    copies = COPIED + 2 * len(data)
    while waiting:
        node = waiting.pop()
        before = node.buffer
        _open(node, max(0, LISTED - count))
        if node.children and node.children[0].buffer is not before:
            copies -= len(node.children[0].buffer)
        for child in node.children:
            count += 1
            if child.depth > DEEPEST:
                child.refused = _TOO_DEEP
            elif count > MOST:
                child.refused = _TOO_MANY
            elif copies < 0:
                child.refused = _TOO_LARGE
        waiting.extend(child for child in reversed(node.children) if not child.refused)
    return root


def _node(buffer: bytes, start: int, end: int, number: str, depth: int, *, message: bool = False) -> Node:
    headers, body = header_block.parse(buffer, start, end, message=message)
    node = Node(number, headers, buffer, body, end, depth, defects=list(headers.defects))
    declared, _ = headers.parameters("content-type")
    match = _TYPE.match(declared)
    node.content_type = match[0] if match else "text/plain"
    return node


def _open(node: Node, room: int) -> None:
    """Find the children of a multipart or of a message inside the mail."""
    kind = node.content_type
    declared = bool(_TYPE.match(node.headers.parameters("content-type")[0]))
    if kind.startswith("multipart/"):
        _split(node, room)
        if not node.children and node.encoding != "binary":
            node.buffer, node.start, node.end = node.decoded()  # against RFC 2045 §6.4, but it is done
            _split(node, room)
        if not node.children:
            node.content_type = "text/plain"
            if not node.buffer[node.start : node.end].strip():
                return  # nothing is lost: its parts, if any, stand beside it
            node.defects.append("Surel berkata memuat beberapa bagian, tetapi batasnya tidak ditemukan.")
    elif kind in ("message/rfc822", "message/global") or _is_mail_file(node):
        buffer, start, end = node.decoded()
        number = f"{node.number}.1" if node.number != "0" else "1"
        if start < end and room:
            node.children = [_node(buffer, start, end, number, node.depth + 1, message=True)]
            node.content_type = "message/rfc822"
    elif kind in _SEALED or node.filename.lower().endswith(".p7m"):
        inner = signed.unwrap(node.content())
        if inner and room:
            number = f"{node.number}.1" if node.number != "0" else "1"
            node.children = [_node(inner, 0, len(inner), number, node.depth + 1)]
            node.content_type = "multipart/signed"
    elif not declared and node.depth == 0 and _LOST_BOUNDARY.search(node.buffer, node.start, node.end):
        node.content_type = "multipart/mixed"
        _split(node, room)


def _is_mail_file(node: Node) -> bool:
    return node.filename.lower().endswith(".eml") and node.depth > 0


def _split(node: Node, room: int) -> None:
    """Cut a multipart's body at its boundary, a guessed one when the declared one is not there."""
    boundary = node.headers.parameters("content-type")[1].get("boundary", "").encode("latin-1")
    spans, closed, beyond = _spans(node, boundary.rstrip(), room) if boundary.strip() else ([], False, 0)
    if not spans:
        lost = _LOST_BOUNDARY.search(node.buffer, node.start, node.end)
        if lost is None:
            return
        spans, closed, beyond = _spans(node, lost[1], room)
        node.defects.append("Batas antarbagian surel rusak; bagian-bagiannya dicari kembali.")
    elif not closed:
        node.defects.append("Surel tampaknya terpotong: penutup bagian terakhir tidak ada.")
    prefix = "" if node.number == "0" else f"{node.number}."
    for index, (start, end) in enumerate(spans, 1):
        child = _node(node.buffer, start, end, f"{prefix}{index}", node.depth + 1)
        if node.content_type == "multipart/digest" and not child.headers.raw("content-type"):
            child.content_type = "message/rfc822"  # RFC 2046 §5.1.5
        node.children.append(child)
    if beyond:
        node.defects.append(f"Surel memuat terlalu banyak bagian; {beyond} bagian tidak didaftar.")


def _spans(node: Node, boundary: bytes, room: int) -> tuple[list[tuple[int, int]], bool, int]:
    """Return the places of the first `room` parts between lines of `--boundary`, whether the last was closed,
    and how many more there are: millions of empty ones would fill the memory.
    """
    marker = b"--" + boundary
    buffer, end = node.buffer, node.end
    spans: list[tuple[int, int]] = []
    beyond = 0
    begin = -1
    closed = False
    at = node.start
    while (at := buffer.find(marker, at, end)) >= 0:
        stop = buffer.find(b"\n", at, end)
        line_end = end if stop < 0 else stop + 1
        rest = buffer[at + len(marker) : line_end].rstrip()
        begins_line = at == node.start or buffer[at - 1] in b"\r\n"
        if not begins_line or rest not in (b"", b"--"):
            at += len(marker)
            continue
        if begin >= 0 and len(spans) < room:
            spans.append((begin, _without_newline(buffer, begin, at)))
        elif begin >= 0:
            beyond += 1
        # Parts may follow the closing line: a boundary used twice, or written by a broken program.
        closed = rest == b"--"
        begin = -1 if closed else line_end
        at = line_end
    if begin >= 0 and len(spans) < room:
        spans.append((begin, end))
    elif begin >= 0:
        beyond += 1
    return spans, closed, beyond


def _without_newline(buffer: bytes, begin: int, at: int) -> int:
    """The line break before a boundary belongs to the boundary (RFC 2046 §5.1.1)."""
    if at > begin and buffer[at - 1 : at] == b"\n":
        at -= 1
        if at > begin and buffer[at - 1 : at] == b"\r":
            at -= 1
    return at


def is_type(text: str) -> bool:
    """Say whether `text` has the form of a content type."""
    return _TYPE.fullmatch(text) is not None
