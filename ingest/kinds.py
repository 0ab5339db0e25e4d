"""What a document is, by its bytes where they tell."""

from __future__ import annotations

import io
import re
import zipfile

from ingest import mime, odt, rtf

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = odt.TYPE
RTF = "application/rtf"
DOC = "application/msword"
PDF = "application/pdf"
HTML = "text/html"
MSG = "application/vnd.ms-outlook"
ZIP = "application/zip"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD = "WordDocument".encode("utf-16-le")
_OUTLOOK = "__substg1.0_".encode("utf-16-le")
_MP4 = (b"qt  ", b"mp42", b"isom", b"mp41", b"M4V ", b"3gp4", b"3gp5", b"avc1", b"iso2")
_HTML = re.compile(rb"(?i)\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|meta|p|div|table)\b")
_WRITTEN = (".doc", ".docx", ".dot", ".rtf", ".wps", ".odt")
"""Names under which a text of another kind is sent now and then."""


def document_type(data: bytes, filename: str, declared: str) -> str:
    """Return a document's type by its bytes where they tell, else by name, else as declared."""
    name = filename.lower()
    # Programs write a few bytes above the mark now and then; readers of PDF accept it within a kilobyte.
    if b"%PDF-" in data[:1024]:
        return PDF
    if rtf.is_rtf(data):
        return RTF
    if data.startswith(_OLE):
        return _ole_type(data, name, declared)
    if data[4:8] == b"ftyp" and data[8:12] in _MP4:
        return "video/mp4" if data[8:12] != b"qt  " else "video/quicktime"
    if data.startswith(b"PK\x03\x04"):
        return _zip_type(data, name)
    if name.endswith(_WRITTEN) and _HTML.match(data):
        return HTML
    if name.endswith(".docx"):
        return DOCX
    if name.endswith(_WRITTEN) and b"\0" not in data:
        return "text/plain"
    return declared if mime.is_type(declared) else "application/octet-stream"


def _ole_type(data: bytes, name: str, declared: str) -> str:
    """Tell Word's old documents from Outlook's mails and the rest of what lies in such a file."""
    if name.endswith(".msg") or _OUTLOOK in data:
        return MSG
    if name.endswith((".doc", ".dot", ".wps", ".docx")) or _WORD in data:
        return DOC
    return declared if mime.is_type(declared) and declared != DOC else "application/x-ole-storage"


def _zip_type(data: bytes, name: str) -> str:
    """Tell the documents that are ZIP files from plain ones; a broken one is told by its name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        names = set()
    if "word/document.xml" in names or (not names and name.endswith(".docx")):
        return DOCX
    if ("content.xml" in names and "mimetype" in names) or (not names and name.endswith(".odt")):
        return ODT if not name.endswith((".ods", ".odp", ".odg")) else "application/vnd.oasis.opendocument"
    if "[Content_Types].xml" in names:
        return "application/vnd.openxmlformats-officedocument"
    return ZIP
