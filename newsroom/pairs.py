"""The office's two lists for the checks, spellings and abbreviations: added to, changed and taken out of use by
editors, each change with a log line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.findings import forget_tallies
from newsroom.models import Abbreviation, Person, Spelling, log
from prose.checks import RULES, Checked, Lists, check

Row = Spelling | Abbreviation
_OTHER_RULES = frozenset(RULES) - {"spelling", "joined", "abbreviation"}


@dataclass(frozen=True)
class PairList:
    """One of the lists, and what its columns are called in the database."""

    name: str
    model: type[Spelling] | type[Abbreviation]
    key: str
    value: str
    longest_key: int
    longest_value: int
    verb: str
    """Of its log lines."""
    objection: Callable[[str, str, Lists], str]
    """Say why a pair may not stand on the list, beside the lists given; empty when it may."""

    def key_of(self, row: Row) -> str:
        return str(getattr(row, self.key))

    def value_of(self, row: Row) -> str:
        return str(getattr(row, self.value))

    def in_use(self, *, without: str = "") -> Lists:
        """Return both lists as they are in use, this one without the pair of the key given."""
        spellings = Spelling.objects.filter(active=True)
        abbreviations = Abbreviation.objects.filter(active=True)
        if without and self.model is Spelling:
            spellings = spellings.exclude(wrong=without)
        if without and self.model is Abbreviation:
            abbreviations = abbreviations.exclude(short=without)
        return Lists(
            tuple(spellings.values_list("wrong", "right")), tuple(abbreviations.values_list("short", "long"))
        )

    def joined(self, lists: Lists, *pairs: tuple[str, str]) -> Lists:
        """Return the lists with more pairs on this one."""
        if self.model is Spelling:
            return Lists((*lists.spellings, *pairs), lists.abbreviations)
        return Lists(lists.spellings, (*lists.abbreviations, *pairs))


def add(kind: PairList, key: str, value: str, by: Person) -> Row:
    """Put a pair on the list. Raises ActRefused."""
    editor(by)
    key, value = tidied(kind, key, value)
    if reason := kind.objection(key, value, kind.joined(kind.in_use(without=key), (key, value))):
        raise ActRefused(reason)
    try:
        with transaction.atomic():
            made: Row = kind.model.objects.create(**{kind.key: key, kind.value: value}, changed_by=by)
            log(kind.verb, by=by, note=str(made))
            forget_tallies()
    except IntegrityError as error:
        raise ActRefused(
            _("“%(key)s” sudah ada di daftar. Cari katanya, lalu ubah barisnya.") % {"key": key}
        ) from error
    return made


def change(kind: PairList, row: Row, value: str, by: Person, *, active: bool, seen: str) -> None:
    """Change what stands there, or whether the pair is in use, if it still is as `seen` (its stamp). Raises ActRefused."""
    editor(by)
    key, value = tidied(kind, kind.key_of(row), value)
    lists = kind.joined(kind.in_use(without=key), (key, value))
    if active and (reason := kind.objection(key, value, lists)):
        raise ActRefused(reason)
    with transaction.atomic():
        now = kind.model.objects.get(pk=row.pk)
        before = kind.model.objects.filter(pk=row.pk, active=now.active, **{kind.value: kind.value_of(now)})
        fresh = {kind.value: value, "active": active, "changed_by": by, "changed_at": timezone.now()}
        if stamp(kind, now) != seen or not before.update(**fresh):
            raise ActRefused(
                _("Orang lain baru saja mengubah baris ini. Lihat isinya sekarang, lalu ulangi.")
            )
        row.refresh_from_db()
        if stamp(kind, row) != seen:
            log(kind.verb, by=by, note=str(row) if active else f"{row} (tidak dipakai)")
            forget_tallies()


def stamp(kind: PairList, row: Row) -> str:
    """Say what stands there, for a second writer to be told."""
    return f"{kind.value_of(row)}|{int(row.active)}"


def tidied(kind: PairList, key: str, value: str) -> tuple[str, str]:
    """Return both words with single spaces. Raises ActRefused."""
    key, value = " ".join(key.split()), " ".join(value.split())
    if not key or not value:
        raise ActRefused(_("Isi kedua kolomnya."))
    for text, longest in ((key, kind.longest_key), (value, kind.longest_value)):
        if len(text) > longest:
            raise ActRefused(
                _("“%(start)s…” terlalu panjang: paling banyak %(longest)d huruf.")
                % {"start": text[:20], "longest": longest}
            )
    if key == value:
        raise ActRefused(_("Kedua tulisan itu sama."))
    return key, value


def editor(by: Person) -> None:
    """Raises ActRefused for those who may not change the lists."""
    if not by.edits:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))


def _misspelled(_wrong: str, right: str, lists: Lists) -> str:
    """Refuse a pair whose right word the list would mend again, for a fix must end the matter."""
    found = check(Checked(body=right, lists=Lists(lists.spellings, ())), off=_OTHER_RULES)
    again = next((item for item in found if item.fix), None)
    if again is None:
        return ""
    return _("Menurut daftar ini “%(words)s” masih keliru (%(fix)s). Tulis bentuk yang benar.") % {
        "words": again.words,
        "fix": again.fix,
    }


def _unfound(short: str, long: str, lists: Lists) -> str:
    """Refuse an abbreviation the check would never find, or whose words it would mend again."""
    alone = Checked(body=f"Rapat {short} dibuka.", lists=Lists((), ((short, long),)))
    if not any(item.words == short and item.fix for item in check(alone, off=_OTHER_RULES)):
        return _("“%(short)s” bukan satu kata. Tulis singkatannya tanpa spasi dan tanda baca.") % {
            "short": short
        }
    found = check(Checked(body=f"{long} ({short})", lists=lists), off=_OTHER_RULES)
    again = next((item for item in found if item.fix), None)
    if again is None:
        return ""
    return _("Kepanjangannya memuat “%(words)s”, yang menurut daftar kantor ini ditulis “%(fix)s”.") % {
        "words": again.words,
        "fix": again.fix,
    }


SPELLINGS = PairList("spellings", Spelling, "wrong", "right", 80, 80, "spelling", _misspelled)
ABBREVIATIONS = PairList("abbreviations", Abbreviation, "short", "long", 30, 200, "abbreviation", _unfound)
