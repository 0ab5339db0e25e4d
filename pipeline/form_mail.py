"""A sending of the form, written as the mail (RFC 5322) a careful contributor would have sent."""

from __future__ import annotations

import base64
import io
import mimetypes
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path, PurePath
from urllib.parse import urlsplit

from django.conf import settings

MARK = "X-Redaksi-Upload"
"""Names the sending a mail was made of."""
_PIECE = 57 * 16384
"""A multiple of 57 bytes, which fill one line of base64."""
_PHOTOS = frozenset(
    (
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".webp",
        ".heic",
        ".heif",
        ".avif",
        ".tif",
        ".tiff",
        ".gif",
        ".bmp",
    )
)
_UNSAFE = re.compile(r"[^\w() .'’-]+")
"""What may not stand in the name by which a caption calls its photo (see ingest.captions)."""
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


@dataclass(frozen=True)
class SentFile:
    path: Path
    filename: str
    content_type: str
    caption: str = ""


@dataclass(frozen=True)
class Sent:
    key: str
    name: str
    address: str
    at: datetime
    headline: str
    text: str
    files: tuple[SentFile, ...]


def is_photo(filename: str, content_type: str = "") -> bool:
    """Say whether a file is a picture, by what the browser and its name say."""
    return PurePath(filename).suffix.lower() in _PHOTOS or content_type.startswith("image/")


def as_mail(sent: Sent) -> bytes:
    """Write the mail. The same sending makes the same bytes, whenever and however often it is written."""
    names = _names(sent.files)
    boundary = f"redaksi-{sent.key}"
    out = io.BytesIO()
    out.write(_head(sent))
    out.write(f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode())
    out.write(f"--{boundary}\r\n".encode() + _body(sent, names))
    for file, name in zip(sent.files, names, strict=True):
        out.write(f"--{boundary}\r\n".encode() + _part_head(file, name))
        with file.path.open("rb") as disk:
            while piece := disk.read(_PIECE):
                out.write(base64.encodebytes(piece).replace(b"\n", b"\r\n"))
    out.write(f"--{boundary}--\r\n".encode())
    return out.getvalue()


def _head(sent: Sent) -> bytes:
    host = urlsplit(settings.REDAKSI.web.public_url).hostname or "redaksi.invalid"
    outgoing = settings.REDAKSI.outgoing.sender
    head = EmailMessage(policy=SMTP)
    head["From"] = Address(_line(sent.name), addr_spec=sent.address)
    head["To"] = outgoing
    if sent.headline.strip():
        head["Subject"] = _line(sent.headline)
    head["Date"] = format_datetime(sent.at)
    head["Message-ID"] = f"<{sent.key}.formulir@{host}>"
    head[MARK] = sent.key
    head["MIME-Version"] = "1.0"
    return head.as_bytes().removesuffix(b"\r\n")


def _body(sent: Sent, names: list[str]) -> bytes:
    """Write the text with each photo's caption below it, called by the photo's name."""
    captions = [
        f"{name}: {_line(file.caption)}"
        for file, name in zip(sent.files, names, strict=True)
        if file.caption.strip()
    ]
    words = "\n\n".join(filter(None, [_plain(sent.text), *captions]))
    part = EmailMessage(policy=SMTP)
    part.set_content(words + "\n", cte="base64")
    del part["MIME-Version"]
    return part.as_bytes()


def _part_head(file: SentFile, name: str) -> bytes:
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    declared = file.content_type if _TYPE.fullmatch(file.content_type) else guessed
    if declared.lower().startswith(("message/", "multipart/")):
        # These may not be base64 (RFC 2046 §5); the reader looks at what is inside.
        declared = "application/octet-stream"
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = declared
    part["Content-Transfer-Encoding"] = "base64"
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part.as_bytes()


def _names(files: tuple[SentFile, ...]) -> list[str]:
    """Give each file the name it had, made one of its kind in this mail."""
    taken: set[str] = set()
    names = []
    for file in files:
        path = PurePath(_line(file.filename))
        suffix = path.suffix.lower()
        stem = _UNSAFE.sub("-", path.stem).strip(" .-'’")[:70] or "berkas"
        name, number = f"{stem}{suffix}", 2
        while name.lower() in taken:
            name, number = f"{stem} ({number}){suffix}", number + 1
        taken.add(name.lower())
        names.append(name)
    return names


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _line(text: str) -> str:
    return " ".join(text.split())
