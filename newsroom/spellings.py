"""The office's spelling list: added to, changed and taken out of use by editors, each change with a log line."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.models import Person, Spelling, log
from prose.checks import Checked, Lists, check

LONGEST = 80


def add(wrong: str, right: str, by: Person) -> Spelling:
    """Put a pair on the list. Raises ActRefused."""
    _editor(by)
    wrong, right = _written(wrong, right)
    _comes_to_rest(wrong, right)
    try:
        with transaction.atomic():
            made = Spelling.objects.create(wrong=wrong, right=right, changed_by=by)
            log("spelling", by=by, note=str(made))
    except IntegrityError as error:
        raise ActRefused(
            _("“%(wrong)s” sudah ada di daftar. Cari katanya, lalu ubah barisnya.") % {"wrong": wrong}
        ) from error
    return made


def change(row: Spelling, right: str, by: Person, *, active: bool, seen: str) -> None:
    """Change what is right, or whether the pair is in use, if it still is as `seen` (its stamp). Raises ActRefused."""
    _editor(by)
    _wrong, right = _written(row.wrong, right)
    if active:
        _comes_to_rest(row.wrong, right)
    with transaction.atomic():
        now = Spelling.objects.get(pk=row.pk)
        before = Spelling.objects.filter(pk=row.pk, right=now.right, active=now.active)
        fresh = {"right": right, "active": active, "changed_by": by, "changed_at": timezone.now()}
        if stamp(now) != seen or not before.update(**fresh):
            raise ActRefused(
                _("Orang lain baru saja mengubah baris ini. Lihat isinya sekarang, lalu ulangi.")
            )
        row.refresh_from_db()
        if stamp(row) != seen:
            log("spelling", by=by, note=str(row) if active else f"{row} (tidak dipakai)")


def stamp(row: Spelling) -> str:
    """Say what stands there, for a second writer to be told."""
    return f"{row.right}|{int(row.active)}"


def _written(wrong: str, right: str) -> tuple[str, str]:
    wrong, right = " ".join(wrong.split()), " ".join(right.split())
    if not wrong or not right:
        raise ActRefused(_("Isi kedua kolom: kata yang keliru dan tulisan yang benar."))
    if max(len(wrong), len(right)) > LONGEST:
        raise ActRefused(_("Terlalu panjang: paling banyak %(longest)d huruf.") % {"longest": LONGEST})
    if wrong == right:
        raise ActRefused(_("Kedua tulisan itu sama."))
    return wrong, right


def _comes_to_rest(wrong: str, right: str) -> None:
    """Refuse a pair whose right word the list would mend again, for a fix must end the matter."""
    pairs = Spelling.objects.filter(active=True).exclude(wrong=wrong).values_list("wrong", "right")
    found = check(Checked(body=right, lists=Lists((*pairs, (wrong, right)), ())))
    again = next((item for item in found if item.rule in ("spelling", "joined") and item.fix), None)
    if again:
        raise ActRefused(
            _("Menurut daftar ini “%(words)s” masih keliru (%(fix)s). Tulis bentuk yang benar.")
            % {"words": again.words, "fix": again.fix}
        )


def _editor(by: Person) -> None:
    if not by.edits:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
