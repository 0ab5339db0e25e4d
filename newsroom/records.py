"""How stories are filed for the archive: code, security, class of public information, and what a review decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.models import (
    FilingRule,
    InfoClass,
    Person,
    Record,
    Retention,
    Right,
    Security,
    State,
    Story,
    log,
)

LONGEST_REVIEW = 100
"""Years a review may put off the next one."""


@dataclass(frozen=True)
class Filing:
    """What a person says of one story."""

    code: str = ""
    security: str = Security.ORDINARY
    info_class: str = InfoClass.ANY_TIME
    exempt_article: str = ""
    exempt_number: str = ""
    exempt_term: str = ""


def record_of(story: Story) -> Record:
    """Return the story's record; where there is no row yet, as its category's rule would have it, unsaved."""
    found: Record | None = Record.objects.select_related("destruction").filter(story=story).first()
    return found or _fresh(story)


def closed(story: Story) -> None:
    """Begin the record's retention with the story's first release."""
    if story.released_at is None:
        return
    row = record_of(story)
    if row.closed_on is None:
        row.closed_on = timezone.localdate(story.released_at)
        row.save()


def objection(story: Story) -> str:
    """Say what keeps the story from readers; empty when nothing does."""
    row = Record.objects.filter(story=story).select_related("destruction").first()
    if row is not None and row.info_class == InfoClass.EXEMPT:
        return _(
            "Berita ini termasuk informasi yang dikecualikan (%(article)s), jadi tidak dapat ditayangkan. "
            "Bila itu keliru, mintalah PPID mengubah klasifikasi informasinya."
        ) % {"article": row.exempt_article}
    if row is not None and row.destruction is not None and row.destruction.state == "approved":
        return _("Arsip berita ini sudah disetujui untuk dimusnahkan, jadi tidak dapat ditayangkan lagi.")
    return ""


def file(story: Story, filing: Filing, by: Person, *, seen: str) -> Record:
    """Write down what `by` says of the story; `seen` is when the row they looked at was changed. Raises ActRefused."""
    with transaction.atomic():
        row = record_of(story)
        if stamp(row) != seen:
            raise ActRefused(
                _("Berkas ini baru saja diubah orang lain. Lihat isinya yang sekarang, lalu coba lagi.")
            )
        before = Filing(**{name: getattr(row, name) for name in asdict(filing)})
        filing = _tidied(filing)
        _check(story, before, filing, by)
        if filing == before and row.pk:
            raise ActRefused(_("Tidak ada yang diubah."))
        for name, value in asdict(filing).items():
            setattr(row, name, value)
        row.by_hand, row.changed_at = True, timezone.now()
        row.save()
        log("record", by=by, story=story, note=_told(before, filing))
    return row


def stamp(row: Record) -> str:
    """Return what another person's change changes."""
    return row.changed_at.isoformat() if row.pk else "baru"


def set_rule(category: str, filing: Filing, by: Person) -> int:
    """File the stories of a category so from now on, those nobody has filed by hand too; return how many.

    Raises ActRefused.
    """
    if not by.may(Right.ARCHIVE):
        raise ActRefused(_("Akun Anda tidak berwenang mengubah berkas arsip. Mintalah arsiparis."))
    if filing.info_class == InfoClass.EXEMPT:
        raise ActRefused(_("Informasi dikecualikan ditetapkan satu per satu, dengan dasarnya."))
    _known(filing)
    values = {"code": filing.code, "security": filing.security, "info_class": filing.info_class}
    with transaction.atomic():
        FilingRule.objects.update_or_create(category=category, defaults=values)
        ruled = FilingRule.objects.exclude(category="").values("category")
        rows = Record.objects.filter(by_hand=False, destruction=None).exclude(info_class=InfoClass.EXEMPT)
        rows = rows.filter(story__category=category) if category else rows.exclude(story__category__in=ruled)
        count = rows.update(**values)
        log(
            "filing_rule",
            by=by,
            note=f"{category or '*'}: {filing.code or '–'}, {filing.security}, {filing.info_class}",
        )
    return count


def review(rows: Iterable[Record], by: Person, *, reason: str, for_good: bool = False, years: int = 0) -> int:
    """Decide to keep what is due: for good, or to look again in some years; return how many. Raises ActRefused."""
    if not by.may(Right.ARCHIVE):
        raise ActRefused(_("Akun Anda tidak berwenang mengubah berkas arsip. Mintalah arsiparis."))
    if not reason.strip():
        raise ActRefused(_("Tulis alasan penilaiannya."))
    if not for_good and not 1 <= years <= LONGEST_REVIEW:
        raise ActRefused(_("Tulis berapa tahun lagi arsip ini dinilai, 1 sampai 100."))
    today = timezone.localdate()
    again = None if for_good else _later(today, years)
    told = "permanen" if for_good else f"dinilai lagi {again}"
    count = 0
    with transaction.atomic():
        for row in rows:
            as_seen = Record.objects.filter(
                pk=row.pk, destruction=None, for_good=False, again_on=row.again_on
            )
            if as_seen.update(for_good=for_good, again_on=again):
                log("record_review", by=by, story=row.story, note=f"{told}: {reason.strip()}"[:1000])
                count += 1
    if not count:
        raise ActRefused(_("Pilih sedikitnya satu berkas yang perlu dinilai."))
    return count


def retentions(codes: Iterable[str]) -> dict[str, Retention]:
    """Return the lines of the schedule in force, by code."""
    return {line.code: line for line in Retention.objects.all().in_force().filter(code__in=set(codes))}


def _fresh(story: Story) -> Record:
    rules = {
        rule.category: rule for rule in FilingRule.objects.filter(category__in=("", story.category.strip()))
    }
    rule = rules.get(story.category.strip()) or rules.get("")
    row = Record(story=story)
    if rule is not None:
        row.code, row.security, row.info_class = rule.code, rule.security, rule.info_class
    return row


def _tidied(filing: Filing) -> Filing:
    words = {name: " ".join(str(value).split()) for name, value in asdict(filing).items()}
    if words["info_class"] != InfoClass.EXEMPT:
        words |= dict.fromkeys(("exempt_article", "exempt_number", "exempt_term"), "")
    return Filing(**words)


def _check(story: Story, before: Filing, filing: Filing, by: Person) -> None:
    if (filing.code, filing.security) != (before.code, before.security) and not by.may(Right.ARCHIVE):
        raise ActRefused(
            _(
                "Kode klasifikasi dan klasifikasi keamanan diubah oleh arsiparis atau redaksi, bukan akun Anda."
            )
        )
    if _public(filing) != _public(before) and not by.may(Right.CLASSIFY):
        raise ActRefused(_("Klasifikasi informasi publik ditetapkan oleh PPID, arsiparis, atau editor."))
    if filing.code != before.code:
        _known(filing)
    if filing.security not in Security.values or filing.info_class not in InfoClass.values:
        raise ActRefused(_("Pilihan ini tidak dikenal. Muat ulang halaman, lalu pilih lagi."))
    if filing.info_class != InfoClass.EXEMPT:
        return
    if not (filing.exempt_article and filing.exempt_number and filing.exempt_term):
        raise ActRefused(
            _("Informasi dikecualikan wajib disertai pasal, nomor penetapan, dan masa pengecualiannya.")
        )
    if max(map(len, (filing.exempt_article, filing.exempt_number, filing.exempt_term))) > 150:
        raise ActRefused(_("Pasal, nomor penetapan, dan masa masing-masing paling panjang 150 huruf."))
    if Story.objects.filter(pk=story.pk, state=State.RELEASED).exists():
        raise ActRefused(
            _("Berita ini sedang tayang. Tarik dulu beritanya, lalu tetapkan sebagai informasi dikecualikan.")
        )


def _public(filing: Filing) -> tuple[str, ...]:
    return (filing.info_class, filing.exempt_article, filing.exempt_number, filing.exempt_term)


def _known(filing: Filing) -> None:
    if filing.code and filing.code not in retentions([filing.code]):
        raise ActRefused(
            _(
                "Kode “%(code)s” tidak ada dalam JRA yang berlaku. Impor JRA kantor dulu, atau pilih kode lain."
            )
            % {"code": filing.code}
        )


def _told(before: Filing, after: Filing) -> str:
    old, new = asdict(before), asdict(after)
    changed = [f"{name}: {old[name] or '–'} → {new[name] or '–'}" for name in new if old[name] != new[name]]
    return "; ".join(changed)


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
