"""The text of an old Word document (.doc), by the program antiword where it is installed."""

from __future__ import annotations

import shutil

import prose
from ingest import child
from ingest.docx import NotReadable

SECONDS = 20
_LARGEST = 40_000_000
_MOST_PRINTED = 2_000_000

_MISSING = (
    "Dokumen Word lama (.doc) tidak dapat dibaca di sini; buka berkasnya, atau minta dikirim sebagai .docx. "
    "(Pengelola dapat memasang program antiword agar .doc terbaca.)"
)
_FAILED = "Dokumen Word lama (.doc) ini tidak dapat dibaca; buka berkasnya, atau minta dikirim sebagai .docx."


def readable() -> bool:
    """Say whether old Word documents can be read on this machine."""
    return shutil.which("antiword") is not None


def read(data: bytes) -> str:
    """Return the words of a .doc as plain text, paragraphs apart by blank lines. Raises NotReadable."""
    program = shutil.which("antiword")
    if program is None:
        raise NotReadable(_MISSING)
    if len(data) > _LARGEST:
        raise NotReadable(_FAILED)
    # -w 0: a paragraph is one line; -i 1: no pictures; its own tables say how to write UTF-8.
    command = (program, "-t", "-m", "UTF-8.txt", "-w", "0", "-i", "1")
    try:
        printed = child.run(command, data, "naskah.doc", seconds=SECONDS, most=_MOST_PRINTED)
    except child.ChildError as error:
        raise NotReadable(_FAILED) from error
    lines = prose.clean(printed.decode("utf-8", "replace")).splitlines()
    text = "\n\n".join(line.strip() for line in lines if line.strip() and line.strip() != "[pic]")
    if not text:
        raise NotReadable(_FAILED)
    return text
