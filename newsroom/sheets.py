"""Lists as sheets: read from any CSV an office's spreadsheet writes, written for any of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from newsroom.acts import ActRefused

LONGEST = 1_000_000
"""Bytes of a sheet; ten thousand contributors take about 700 kB."""
MOST = 10_000
YES = frozenset({"ya", "y", "yes", "true", "1", "x", "benar"})
NO = frozenset({"tidak", "t", "no", "n", "false", "0", "-"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def decoded(data: bytes) -> str:
    """Decode a sheet: UTF-8, UTF-16 or Windows-1252, with or without a mark. Raises ActRefused."""
    if len(data) > LONGEST:
        raise ActRefused(_("Berkas ini terlalu besar. Bagi menjadi beberapa berkas di bawah 1 MB."))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ActRefused(
            _("Ini berkas Excel. Simpan sebagai CSV dulu (Simpan sebagai → CSV), lalu unggah lagi.")
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:2]:
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def rows(
    text: str, columns: Mapping[str, str], needed: Iterable[str], advice: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row under the headings with its line number: what is written in the columns that are ours.

    `columns` says how people head each of them. Without those `needed` the sheet is refused with `advice`.
    Raises ActRefused.
    """
    found, below = _table(text.replace("\0", ""), columns)
    if not set(needed) <= set(found):
        raise ActRefused(advice)
    count = 0
    for number, cells in below:
        written = {key: _cell(cells[index]) for key, index in found.items() if index < len(cells)}
        if not any(written.values()):
            continue
        count += 1
        if count > MOST:
            raise ActRefused(_("Berkas ini memuat lebih dari 10.000 baris. Bagi menjadi beberapa berkas."))
        yield number, written
    if not count:
        raise ActRefused(_("Berkas ini tidak memuat satu baris pun di bawah judul kolomnya."))


def written(headings: Iterable[str], lines: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a list as CSV, a line at a time; no cell is taken for a formula by a spreadsheet."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(headings)
    for line in lines:
        yield _taken(out)
        sheet.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in line])
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _table(text: str, columns: Mapping[str, str]) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """Return which column holds what, and the rows below with their line numbers. Raises ActRefused."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    declared = re.match(r'"?sep=(.)"?\n', text)
    skipped = 1 if declared else 0
    text = text[declared.end() :] if declared else text
    first = re.sub(r'"[^"]*"', "", text.lstrip("\n").partition("\n")[0])
    delimiter = declared[1] if declared else max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    at = 1 + skipped
    try:
        for cells in reader:
            found.append((at, cells))
            at = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise ActRefused(_("Baris %(number)d tidak dapat dibaca sebagai CSV.") % {"number": at}) from error
    found = [(number, cells) for number, cells in found if any(cell.strip() for cell in cells)]
    keys = {word: key for key, words in columns.items() for word in words.split(", ")}
    headed: dict[str, int] = {}
    for index, heading in enumerate(found[0][1] if found else []):
        key = keys.get(" ".join(heading.lower().replace("_", " ").split()))
        if key:
            headed.setdefault(key, index)
    return headed, found[1:]


def _cell(text: str) -> str:
    """Undo the apostrophe that keeps a cell from being a formula."""
    text = text.strip()
    return text[1:].strip() if text.startswith("'") and text[1:2] in "=+-@" else text
