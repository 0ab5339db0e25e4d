"""Who hears of what, when and by which channel: the kinds, what is usual for each role, and each person's choices.

Docs: docs/notices.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.acts import ActRefused
from newsroom.models import Channel, Hearing, Person, Right, Tiding, log

OFF, NOW, DIGEST = "off", "now", "digest"
MAIL, OWN = Channel.Way.MAIL, Channel.Way.OWN
WHEN = {
    OFF: gettext_lazy("Tidak"),
    NOW: gettext_lazy("Segera"),
    DIGEST: gettext_lazy("Ringkasan"),
}
USUAL_DIGESTS = ("07:30", "13:00")
MOST_DIGESTS = 3


@dataclass(frozen=True)
class Kind:
    """Something people may hear of."""

    label: str | Promise
    hint: str | Promise
    right: Right
    """Who may hear of it at all; `Right.WRITE` of their own stories only."""
    usual: tuple[tuple[Right, str], ...]
    """What is usual, by the first right a person has."""
    urgent: bool = False
    """May be told in quiet hours to whoever chooses so."""


KINDS: dict[str, Kind] = {
    "arrived": Kind(
        gettext_lazy("Kiriman baru masuk antrean"),
        gettext_lazy("Juga naskah yang dikirim ulang."),
        Right.SEE,
        ((Right.EDIT, DIGEST),),
    ),
    "returned": Kind(
        gettext_lazy("Berita saya dikembalikan, atau ada yang ditanyakan"),
        gettext_lazy("Yang sudah Anda terima sebagai surat di alamat yang sama tidak dikirim dua kali."),
        Right.WRITE,
        ((Right.WRITE, NOW),),
    ),
    "mention": Kind(
        gettext_lazy("Saya disebut di komentar"),
        gettext_lazy("Dengan @nama akun Anda."),
        Right.SEE,
        ((Right.SEE, NOW),),
    ),
    "approval": Kind(
        gettext_lazy("Berita menunggu persetujuan saya"),
        gettext_lazy("Begitu giliran jabatan Anda tiba."),
        Right.APPROVE,
        ((Right.APPROVE, NOW),),
    ),
    "soon": Kind(
        gettext_lazy("Waktu berita hampir habis"),
        gettext_lazy("Tiga perempat waktunya sudah lewat."),
        Right.SEE,
        (),
    ),
    "late": Kind(
        gettext_lazy("Berita terlambat"),
        gettext_lazy("Batas waktu verifikasi atau tayang sudah lewat."),
        Right.SEE,
        ((Right.EDIT, NOW),),
    ),
    "site": Kind(
        gettext_lazy("Situs bermasalah"),
        gettext_lazy("Menolak berita, atau tidak dapat dipakai; sekali lagi bila sudah pulih."),
        Right.OPERATE,
        ((Right.PEOPLE, NOW), (Right.EDIT, DIGEST), (Right.OPERATE, NOW)),
        urgent=True,
    ),
    "mailbox": Kind(
        gettext_lazy("Kotak surel diam"),
        gettext_lazy("Kiriman baru tidak masuk; sekali lagi bila sudah pulih."),
        Right.OPERATE,
        ((Right.PEOPLE, NOW), (Right.EDIT, DIGEST), (Right.OPERATE, NOW)),
        urgent=True,
    ),
}


@dataclass(frozen=True)
class Wish:
    when: str
    way: str


@dataclass(frozen=True)
class Choices:
    """What one person has chosen, with what is usual where they have not."""

    wishes: Mapping[str, Wish]
    quiet_from: time | None
    quiet_until: time | None
    urgent_passes: bool
    digests: tuple[time, ...]

    def due(self, kind: str, when: str, now: datetime) -> tuple[datetime, bool]:
        """Return when something is told that happens `now`, and whether in a digest."""
        if when == NOW:
            over = self.quiet_over(kind, now)
            return (over, True) if over else (now, False)
        told_at = self._next_digest(now)
        return self.quiet_over("", told_at) or told_at, True

    def quiet_over(self, kind: str, at: datetime) -> datetime | None:
        """Return when the quiet hours end that hold at a moment; None when it is not quiet for this kind."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return None
        if self.urgent_passes and kind in KINDS and KINDS[kind].urgent:
            return None
        local = timezone.localtime(at, settings.REDAKSI.office.tz)
        clock = local.time()
        within = (clock >= start, clock < end)
        quiet = all(within) if start < end else any(within)  # the second is a night
        return _next(end, local) if quiet else None

    def _next_digest(self, now: datetime) -> datetime:
        local = timezone.localtime(now, settings.REDAKSI.office.tz)
        return min(_next(at, local) for at in self.digests)


def _next(clock: time, local: datetime) -> datetime:
    """Return the next moment after `local` at which the office's clocks show this time."""
    found = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return found if found > local else found + timedelta(days=1)


def kinds_of(person: Person) -> dict[str, Kind]:
    """Return what a person may hear of, by what their roles may see today."""
    return {name: kind for name, kind in KINDS.items() if may_hear(person, name)}


def may_hear(person: Person, kind: str) -> bool:
    """Say whether a person may hear of this kind now: nobody whose account is closed or whose right is gone."""
    if kind == "approval" and not settings.REDAKSI.approval.chain:
        return False
    return kind in KINDS and person.may(KINDS[kind].right)


def choices_of(person: Person) -> Choices:
    """Return what a person has chosen; costs no query where `hearing` was fetched along."""
    row = getattr(person, "hearing", None) or Hearing()
    wishes = {name: _wish(person, name, row.wishes.get(name)) for name in kinds_of(person)}
    return Choices(
        wishes=wishes,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        urgent_passes=row.urgent_passes,
        digests=tuple(time.fromisoformat(text) for text in row.digest_at or USUAL_DIGESTS),
    )


def _wish(person: Person, kind: str, kept: list[str] | None) -> Wish:
    if kept:
        return Wish(*kept)
    usual = next((when for right, when in KINDS[kind].usual if person.may(right)), OFF)
    return Wish(usual, MAIL)


def reachable(person: Person) -> set[str]:
    """Return the ways on which a person can be told something at all."""
    ways = {row.way for row in person.channels.all() if row.way == OWN and row.file}
    return ways | ({str(MAIL)} if mails(person) else set())


def mails(person: Person) -> bool:
    """Say whether mail to a person leaves the house."""
    return bool(settings.REDAKSI.outgoing.host and person.email)


@dataclass(frozen=True)
class Written:
    """The choices as somebody has sent them."""

    wishes: dict[str, Wish]
    quiet_from: str
    quiet_until: str
    urgent_passes: bool
    digest_at: list[str]


def choose(person: Person, written: Written) -> None:
    """Keep a person's choices, and let what is still to be told follow them. Raises ActRefused."""
    quiet_from, quiet_until = _clock(written.quiet_from), _clock(written.quiet_until)
    if (quiet_from is None) != (quiet_until is None) or (quiet_from and quiet_from == quiet_until):
        raise ActRefused(_("Isi awal dan akhir jam tenang, keduanya dan berbeda; atau kosongkan keduanya."))
    digests = sorted({clock for text in written.digest_at[:MOST_DIGESTS] if (clock := _clock(text))})
    offered = kinds_of(person)
    wishes = {kind: wish for kind, wish in written.wishes.items() if kind in offered}
    if any(wish.when not in WHEN or wish.way not in Channel.Way.values for wish in wishes.values()):
        raise ActRefused(_("Pilih salah satu yang ditawarkan."))
    if not digests and any(wish.when == DIGEST for wish in wishes.values()):
        raise ActRefused(_("Ada yang dipilih “Ringkasan”. Isi sedikitnya satu jam ringkasan."))
    if OWN in {wish.way for wish in wishes.values() if wish.when != OFF} and OWN not in reachable(person):
        raise ActRefused(_("Alamat sendiri belum dipasang. Pasang dahulu, atau pilih surel."))
    with transaction.atomic():
        row, _made = Hearing.objects.get_or_create(person=person)
        # Of a kind that is not offered now the choice stays: a role may come back.
        row.wishes = {**row.wishes, **{kind: [wish.when, wish.way] for kind, wish in wishes.items()}}
        row.quiet_from, row.quiet_until = quiet_from, quiet_until
        row.urgent_passes = written.urgent_passes
        row.digest_at = [f"{clock:%H:%M}" for clock in digests]
        row.save()
        person.hearing = row
        _follow(person)
        log("notice_choices", by=person, person=person)


def leave_own(person: Person) -> None:
    """Let everything come by mail that came to an address of their own."""
    row = Hearing.objects.filter(person=person).first()
    if row is not None:
        row.wishes = {kind: [when, str(MAIL)] for kind, (when, _way) in row.wishes.items()}
        row.save(update_fields=["wishes"])
        person.hearing = row
    _follow(person)


def _clock(text: str) -> time | None:
    """Read `07:30` or `7.30`; None when nothing is written. Raises ActRefused."""
    if not (text := text.strip()):
        return None
    hour, _colon, minute = text.replace(".", ":").replace(",", ":").partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError as error:
        raise ActRefused(_("“%(time)s” bukan jam. Tulis seperti 07.30.") % {"time": text[:20]}) from error


def _follow(person: Person) -> None:
    """Let what waits to be told go by the choices of now."""
    person = Person.objects.select_related("hearing").prefetch_related("terms", "channels").get(pk=person.pk)
    choices, now = choices_of(person), timezone.now()
    channels = {way: channel(person, way) for way in reachable(person)}
    waiting = Tiding.objects.filter(person=person, outcome="", leaving_at=None)
    for row in waiting:
        wish = choices.wishes.get(row.kind, Wish(OFF, MAIL))
        if wish.when == OFF or wish.way not in channels:
            waiting.filter(pk=row.pk).update(outcome=Tiding.Outcome.MOOT, settled_at=now)
            continue
        due_at, digest = choices.due(row.kind, wish.when, now)
        waiting.filter(pk=row.pk).update(channel=channels[wish.way], due_at=due_at, digest=digest)


def channel(person: Person, way: str) -> Channel:
    """Return the row of a way to a person, made where it is not there yet."""
    row: Channel = Channel.objects.get_or_create(person=person, way=way)[0]
    return row
