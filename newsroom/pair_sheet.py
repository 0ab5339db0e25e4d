"""The lists for the checks as sheets: what a sheet would do is told row by row before it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import sheets
from newsroom.acts import ActRefused
from newsroom.models import Person, log
from newsroom.pairs import ABBREVIATIONS, SPELLINGS, PairList, Row, editor, tidied
from prose.checks import Lists

_USED = "dipakai, aktif, pakai, active, used"
COLUMNS = {
    SPELLINGS.name: {
        "key": "keliru, sering ditulis, salah, tidak baku, kata keliru, wrong",
        "value": "benar, yang benar, baku, kata baku, right",
        "active": _USED,
    },
    ABBREVIATIONS.name: {
        "key": "singkatan, akronim, short, abbreviation",
        "value": "kepanjangan, kepanjangannya, arti, long, meaning",
        "active": _USED,
    },
}
"""Our columns and how people head them."""
HEADINGS = {
    SPELLINGS.name: ("keliru", "benar", "dipakai"),
    ABBREVIATIONS.name: ("singkatan", "kepanjangan", "dipakai"),
}


@dataclass(frozen=True)
class Line:
    """One row of a sheet and what taking it would do."""

    number: int
    key: str
    value: str
    active: bool
    fate: str
    """`new`, `changed`, `same` or `wrong`."""
    reason: str = ""
    """What is wrong with it, or what changes."""


def read(kind: PairList, text: str) -> list[Line]:
    """Say of every row what taking it would do; one bad row spoils no other. Raises ActRefused."""
    key, value, used = HEADINGS[kind.name]
    advice = _("Baris pertama harus memuat judul kolom: %(key)s, %(value)s (boleh juga %(used)s).") % {
        "key": key,
        "value": value,
        "used": used,
    }
    known = {kind.key_of(row): row for row in kind.model.objects.all()}
    seen: dict[str, int] = {}
    lines = [
        _line(kind, number, written, known, seen)
        for number, written in sheets.rows(text, COLUMNS[kind.name], ("key", "value"), advice)
    ]
    # First each row by itself and beside the list as it is; only then beside the others of the sheet, so that a row
    # that is wrong makes no other wrong.
    present = kind.in_use()
    lines = [_judged(kind, line, present, alone=True) for line in lines]
    fresh = {line.key: line.value for line in lines if _to_be_used(line)}
    pairs = present.spellings if kind is SPELLINGS else present.abbreviations
    others = kind.joined(
        Lists((), present.abbreviations) if kind is SPELLINGS else Lists(present.spellings, ()),
        *{**dict(pairs), **fresh}.items(),
    )
    return [_judged(kind, line, others, alone=False) for line in lines]


def take(kind: PairList, lines: Iterable[Line], by: Person, *, source: str) -> int:
    """Put the new and changed rows on the list; return how many. Raises ActRefused."""
    editor(by)
    new = changed = 0
    with transaction.atomic():
        for line in lines:
            if line.fate not in ("new", "changed"):
                continue
            fields = {
                kind.value: line.value,
                "active": line.active,
                "changed_by": by,
                "changed_at": timezone.now(),
            }
            _row, made = kind.model.objects.update_or_create(**{kind.key: line.key}, defaults=fields)
            new, changed = new + made, changed + (not made)
        if new or changed:
            log(kind.verb, by=by, note=f"{new} baru, {changed} diubah dari {source}"[:500])
    return new + changed


def write(kind: PairList) -> Iterator[str]:
    """Yield the whole list as CSV, a line at a time."""
    rows = kind.model.objects.order_by(kind.key).iterator(500)
    cells = ((kind.key_of(row), kind.value_of(row), "ya" if row.active else "tidak") for row in rows)
    return sheets.written(HEADINGS[kind.name], cells)


def _line(
    kind: PairList, number: int, written: dict[str, str], known: dict[str, Row], seen: dict[str, int]
) -> Line:
    key, value = written.get("key", ""), written.get("value", "")
    try:
        key, value = tidied(kind, key, value)
        active = _used(written.get("active", ""))
    except ActRefused as error:
        return Line(number, key[:80], value[:200], False, "wrong", str(error))
    if key in seen:
        again = _("“%(key)s” sudah ada di baris %(number)d berkas ini.") % {"key": key, "number": seen[key]}
        return Line(number, key, value, False, "wrong", again)
    seen[key] = number
    row = known.get(key)
    if row is None:
        return Line(number, key, value, active is not False, "new")
    line = Line(number, key, value, row.active if active is None else active, "changed")
    told = [] if kind.value_of(row) == value else [f"“{kind.value_of(row)}” → “{value}”"]
    if row.active != line.active:
        told.append(_("dipakai lagi") if line.active else _("tidak dipakai lagi"))
    return replace(line, fate="changed" if told else "same", reason="; ".join(told))


def _used(word: str) -> bool | None:
    """Read the column “dipakai”; None where nothing is written. Raises ActRefused."""
    word = word.lower()
    if word in sheets.YES or word in sheets.NO:
        return word in sheets.YES
    if word:
        raise ActRefused(_("Kolom dipakai berisi “%(word)s”. Tulis ya atau tidak.") % {"word": word[:20]})
    return None


def _judged(kind: PairList, line: Line, lists: Lists, *, alone: bool) -> Line:
    if not _to_be_used(line):
        return line
    reason = (
        kind.objection(line.key, line.value, kind.joined(Lists((), ()), (line.key, line.value)))
        if alone
        else ""
    )
    reason = reason or kind.objection(line.key, line.value, lists)
    return replace(line, fate="wrong", reason=reason) if reason else line


def _to_be_used(line: Line) -> bool:
    """Whether the row brings a pair into use; what stays as it is need not be judged again."""
    return line.fate in ("new", "changed") and line.active
