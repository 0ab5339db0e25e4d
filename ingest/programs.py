"""Files that can do something to the computer they are opened on: told by name, by first bytes, by what they hold."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

_PROGRAM = (
    "Berkas program dapat berbahaya, jadi tidak disimpan di luar surel aslinya. "
    "Bila isinya naskah atau foto, minta pengirim mengirimnya sebagai .docx atau .jpg."
)
_MACRO = (
    "Berkas ini memuat makro (program di dalam dokumen), jadi tidak disimpan di luar surel aslinya. "
    "Minta pengirim menyimpannya sebagai .docx biasa lalu mengirim ulang."
)
_HIDDEN = (
    "Nama berkas ini memakai huruf tersembunyi yang membalik urutan baca, seperti pada berkas berbahaya, "
    "jadi tidak disimpan di luar surel aslinya. Minta pengirim mengganti namanya."
)
WEB_PAGE = "Halaman web dapat memuat program, jadi hanya teksnya yang dapat dibaca di sini."
ARCHIVE = (
    "Arsip ini memuat berkas program, jadi tidak disimpan di luar surel aslinya. "
    "Foto dan naskah di dalamnya tetap dipakai."
)

REASONS = frozenset({_PROGRAM, _MACRO, _HIDDEN, ARCHIVE})
"""By these a refused part is known to have been dangerous and not only unreadable."""

_NAME = re.compile(
    r"(?i)\.(?:exe|scr|com|pif|bat|cmd|ps[12]|psm1|psd1|vbs?|vbe|jse?|mjs|wsf|wsh|ws|hta|lnk|msi|msp|mst|jar|class|apk|iso|img|vhdx?"
    r"|docm|dotm|xlsm|xltm|xlam|xll|pptm|potm|ppsm|ppam|sldm|reg|cpl|dll|sys|ocx|gadget|inf|scf|url|desktop|appref-ms|application"
    r"|chm|hlp|sh|bash|zsh|csh|command|run|bin|elf|app|dmg|pkg|deb|rpm|py|pyc|pl|rb|php\d?|phtml|asp|aspx|jsp|cgi|msc|xbap|settingcontent-ms"
    r"|jnlp|iqy|oqy|rqy|slk|one|onepkg|msix(?:bundle)?|appx(?:bundle)?|appinstaller|diagcab|cab|library-ms|search-ms"
    r"|searchconnector-ms|theme(?:pack)?|wll|xla|ade|adp|mde|accd[ber]|sct|wsc|pyw|pyz|ps1xml|psc1|cdxml|vxd|drv|grp|udl)$"
)
_PAGE = re.compile(r"(?i)\.(?:html?|xhtml|shtml|mht|mhtml|xht|svgz?|xml|xsl)$")
_REVERSED = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MAGIC = (
    b"\x7fELF",
    b"#!",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\x4c\x00\x00\x00\x01\x14\x02\x00",  # a Windows shortcut
    b"dex\n",
    b"ITSF",
    b"<?php",
    b"!<arch>\ndebian",
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "_VBA_PROJECT_CUR".encode("utf-16-le"))
_ZIP_MACROS = re.compile(
    r"(?i)(?:^|/)(?:vbaProject\.bin|vbaData\.xml|Basic/.+|Scripts/.+|AndroidManifest\.xml|.+\.class)$"
)
_LONGEST_LINKS = 1_000_000
_TEMPLATE = re.compile(
    rb"(?i)<Relationship\b(?=[^<>]*attachedTemplate)(?=[^<>]*[\"'](?:https?:|ftp:|\\\\))[^<>]*>"
)
_SCRIPT = re.compile(rb"(?i)<script\b|\bon[a-z]{3,20}\s*=|javascript:|<foreignobject\b|<!ENTITY")


def danger(data: bytes, filename: str) -> str:
    """Say in Indonesian why a file is not to be kept outside the original mail, empty when it may be.

    `filename` is the name as written, its hidden characters included: a name may read `fotogpj.exe` backwards.
    """
    bare = re.sub(r"[\s.]+$", "", _REVERSED.sub("", filename))
    if _NAME.search(bare):
        return _MACRO if re.search(r"(?i)m$", bare) and data.startswith((b"PK", _OLE)) else _PROGRAM
    if data.startswith(_MAGIC) or (data.startswith(b"MZ") and b"\0" in data[:512]):
        return _PROGRAM
    if data[0x8001:0x8006] == b"CD001":
        return _PROGRAM
    if _PAGE.search(bare) and not (bare.lower().endswith(".svg") and not _SCRIPT.search(data)):
        return WEB_PAGE
    if _has_macros(data):
        return _MACRO
    return _HIDDEN if _REVERSED.search(filename) else ""


def is_named_as_program(filename: str) -> bool:
    """Say whether a name alone is that of a program, for files that cannot be looked into."""
    return bool(_NAME.search(re.sub(r"[\s.]+$", "", _REVERSED.sub("", filename))))


def _loads_a_template(archive: zipfile.ZipFile, names: list[str]) -> bool:
    """Say whether a Word document fetches a template from elsewhere as it opens: macros by a longer way."""
    settings = "word/_rels/settings.xml.rels"
    if settings not in names or archive.getinfo(settings).file_size > _LONGEST_LINKS:
        return False
    return bool(_TEMPLATE.search(archive.read(settings)))


def _has_macros(data: bytes) -> bool:
    if data.startswith(_OLE):
        return any(mark in data for mark in _OLE_MACROS)
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if _loads_a_template(archive, names):
                return True
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError):
        return False
    is_document = "[Content_Types].xml" in names or "mimetype" in names or "META-INF/MANIFEST.MF" in names
    return (is_document or "AndroidManifest.xml" in names) and any(_ZIP_MACROS.search(name) for name in names)
