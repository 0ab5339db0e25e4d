"""notify: people of the office hear, wherever they are, that something has fallen silent, and that it is well again."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

import config
import prose
from config import Finding
from newsroom import heartbeat, sites
from newsroom.copying import lag, lag_words
from newsroom.models import (
    Copy,
    Delivery,
    Drift,
    FixityFinding,
    Holding,
    Notice,
    Package,
    Shelf,
    Sight,
    Story,
)
from pipeline import tidings
from pipeline.messengers import service_of
from pipeline.stores import SPARE_BYTES
from prose.personal import hide

NEARLY_FULL, ROOMY = 5 * SPARE_BYTES, 6 * SPARE_BYTES
"""Bytes free below which the disk is told of, and above which it is well again."""
LONG_AWAY = timedelta(minutes=30)
"""A site may be away this long before people hear of it wherever they are: updates and reboots take less."""
MENDED_OF_LATE = timedelta(days=7)
"""How long after the last repair the office may take its disk for well again."""
NAMED = 5
"""Rows named one by one in a notice; the others are counted."""


class NoticeError(Exception):
    """A notice was not taken by everybody it is for. The text says in Indonesian what to do."""

    def __init__(self, sentence: str, *, again: bool) -> None:
        super().__init__(sentence)
        self.again = again


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong now, and whom it concerns wherever they are."""

    about: str
    subject: str
    body: str


def watch() -> int:
    """Write a notice for each trouble that has begun, and one for each that is over; return how many.

    Nothing is written while the settings name nobody who would be told, and no person has chosen to hear of it.
    """
    if not settings.REDAKSI.notices.named and not tidings.somebody_hears():
        return 0
    known = {notice.about: notice for notice in Notice.objects.filter(ended_at=None)}
    present = {trouble.about: trouble for trouble in troubles(set(known))}
    begun = [_begin(present[about]) for about in present.keys() - known.keys()]
    over = [_end(known[about]) for about in known.keys() - present.keys()]
    return sum(begun) + sum(over)


def troubles(known: set[str]) -> Iterator[Trouble]:
    """Look at what must not fail silently. What is `known` counts as wrong until it is clearly well."""
    for beat in heartbeat.beats():
        if beat.is_silent:
            yield _silence(beat)
    free = shutil.disk_usage(settings.REDAKSI.data).free
    if free < (ROOMY if "disk" in known else NEARLY_FULL):
        yield Trouble(
            "disk",
            f"Disk hampir penuh: sisa {free // 1_000_000} MB",
            "Kosongkan ruang pada disk data. Di bawah 200 MB surel baru tidak diambil dulu; "
            "sesudah ada ruang, semuanya berlanjut sendiri. Tidak ada yang hilang.",
        )
    yield from _rot()
    yield from _mended()
    yield from _second_copy()
    yield from _changed_media()
    yield from _refusing_sites()
    yield from _unexplained()
    yield from _shown_again()


def notify(notice: Notice) -> None:
    """Tell everybody the settings name; those who were reached are not told again. Raises NoticeError."""
    urls = settings.REDAKSI.notices.urls()
    if not urls and not settings.REDAKSI.notices.named:
        notice.done(
            sent_at=timezone.now()
        )  # only people hear of it, each by their own choice: see tidings.py
        return
    if not urls:
        raise NoticeError("Belum ada alamat pemberitahuan; isi bagian notices di settings.yaml.", again=False)
    failed: list[str] = []
    for url in urls:
        fingerprint = hashlib.sha256(url.encode()).hexdigest()[:16]
        if fingerprint in notice.reached:
            continue
        if tell(url, notice.subject, notice.body):
            notice.hold(reached=[*notice.reached, fingerprint])
        else:
            failed.append(kind_of(url))
    if failed:
        raise NoticeError(f"Pemberitahuan belum diterima oleh: {', '.join(failed)}. {_FIX}", again=True)
    notice.done(sent_at=timezone.now())


_FIX = "Periksa alamatnya dengan `manage.py notices --test`."


def tell(url: str, subject: str, body: str) -> bool:
    """Send one message to one address; False when it was not taken. Never raises, never logs the address."""
    service = service_of(url)
    return service is not None and bool(service.notify(title=_named(subject), body=body))


def kind_of(url: str) -> str:
    """Name an address by its kind alone: the rest of it is a secret."""
    return url.partition("://")[0][:20] if "://" in url else "alamat tanpa jenis"


def check() -> Finding:
    """Look whether every address is one that can be told; nobody is told. Raises nothing."""
    try:
        urls = settings.REDAKSI.notices.urls()
    except config.SettingsError as error:
        return Finding("pemberitahuan", False, str(error))
    if not urls:
        told = (
            "Belum diatur: bila kotak surel diam, tidak ada yang diberi tahu. "
            "Isi bagian notices di settings.yaml; caranya di docs/notices.md."
        )
        return Finding("pemberitahuan", True, told)
    unknown = [kind_of(url) for url in urls if service_of(url) is None]
    if unknown:
        return Finding("pemberitahuan", False, f"Alamat ini tidak dikenal: {', '.join(unknown)}.")
    kinds = ", ".join(sorted({kind_of(url) for url in urls}))
    told = f"{len(urls)} alamat ({kinds}). Coba dengan `manage.py notices --test`."
    return Finding("pemberitahuan", True, told)


def _begin(trouble: Trouble) -> bool:
    try:
        with transaction.atomic():
            Notice.objects.create(
                about=trouble.about, subject=trouble.subject, body=f"{trouble.body}\n\n{_where()}"
            )
    except IntegrityError:
        return False  # another worker has told it in this moment; the constraint lets one of two through
    return True


def _end(alarm: Notice) -> bool:
    now = timezone.now()
    with transaction.atomic():
        if not Notice.objects.filter(pk=alarm.pk, ended_at=None).update(ended_at=now):
            return False  # another worker has seen it first
        Notice.objects.create(
            kind=Notice.Kind.CLEAR,
            about=alarm.about,
            ended_at=now,
            subject=f"Pulih: {alarm.subject}",
            body=f"Gangguan ini sudah selesai; lamanya {prose.duration(now - alarm.created_at)}.\n\n{_where()}",
        )
    return True


def _silence(beat: heartbeat.Beat) -> Trouble:
    since = _moment(beat.since)
    why = f"Sebabnya: {beat.error}" if beat.error else "Sebabnya belum diketahui; buka halaman pemeriksaan."
    return Trouble(
        f"mailbox:{beat.name}",
        f"Kotak surel {beat.name} tidak diperiksa {f'sejak {since}' if since else 'sama sekali'}",
        f"{why}\n\nKiriman baru belum masuk ke antrean. Surelnya tetap utuh di kotak surel dan diambil begitu "
        "kotaknya terbuka lagi.",
    )


def _rot() -> Iterator[Trouble]:
    """Yield one trouble for all that check_fixity and check_originals have found not to be as it was kept."""
    packages = Package.objects.filter(sound=False).select_related("story").order_by("id")
    shelves = Shelf.objects.filter(parked=True).exclude(error="").order_by("prefix")
    found = [f"Paket “{hide(row.story.headline)[:80]}” versi {row.version}: {row.error}" for row in packages]
    found += [row.error for row in shelves]
    if found:
        yield Trouble(
            "archive",
            f"Berkas arsip rusak: {prose.number(len(found))} temuan",
            f"{_some(found)}\n\nPulihkan berkasnya dari cadangan, lalu tekan “Coba lagi” di Perlu perhatian.",
        )


def _mended() -> Iterator[Trouble]:
    """Yield one trouble while files were mended of late: what has rotted once is on a disk that may go on."""
    outcome = FixityFinding.Outcome.MENDED
    rows = FixityFinding.objects.filter(outcome=outcome, settled_at__gt=timezone.now() - MENDED_OF_LATE)
    found = [row.path for row in rows.order_by("-id")[:100]]
    if found:
        yield Trouble(
            "archive_mended",
            f"Disk arsip mungkin mulai rusak: {prose.number(len(found))} berkas dipulihkan",
            f"{_some(found)}\n\nSemuanya sudah dipulihkan dari salinan kedua; arsip utuh. Bila berulang, periksa disknya. "
            "Rinciannya di Arsip → Keutuhan arsip.",
        )


def _second_copy() -> Iterator[Trouble]:
    """Yield a trouble when the second copy has been away for long, and one for all its copies that have rotted."""
    found = lag()
    if found.trouble and found.since and timezone.now() - found.since > LONG_AWAY:
        yield Trouble(
            "second_copy",
            f"Salinan kedua tidak dapat dipakai sejak {_moment(found.since)}",
            f"{found.trouble}\n\n{lag_words(found)}. Pekerjaan lain tetap berjalan; begitu tempatnya kembali, "
            "penyalinan berlanjut sendiri.",
        )
    rotten = [
        f"{row.get_kind_display()} {row}: {row.error}" for row in Copy.objects.filter(sound=False)[:100]
    ]
    if rotten:
        yield Trouble(
            "second_copy_rot",
            f"Salinan kedua rusak: {prose.number(len(rotten))} temuan",
            f"{_some(rotten)}\n\nBerkas di sini tidak tersentuh. Buka Perlu perhatian untuk membuat ulang salinannya.",
        )


def _changed_media() -> Iterator[Trouble]:
    """Yield one trouble for all files on storage media that are not what they were written down as."""
    rows = list(Holding.objects.all().changed().select_related("medium").order_by("pk")[:100])
    if rows:
        found = [f"{row.medium.name}: {row.name}" for row in rows]
        yield Trouble(
            "media",
            f"Berkas di media simpan berubah: {prose.number(len(rows))} berkas",
            f"{_some(found)}\n\nMedianya mungkin rusak. Jangan hapus salinan lainnya; buka Arsip → Media simpan.",
        )


def _refusing_sites() -> Iterator[Trouble]:
    """Yield one trouble for each site that refuses stories until a person acts, or is away for long."""
    # What somebody changed at a site is asked about on its own page: no site has refused it.
    asked = Sight.objects.all().open().values("delivery")
    parked = Delivery.objects.all().stuck().filter(parked=True).exclude(pk__in=asked)
    parked = parked.select_related("story").order_by("id")
    for health in sites.healths():
        rows = [row for row in parked if row.site == health.name]
        if health.lane.error and (health.lane.refused or _long_away(health)):
            yield _shut_site(health)
        elif rows:
            told = [f"“{hide(row.story.headline)[:80]}”: {row.error}" for row in rows]
            yield Trouble(
                f"site:{health.name}",
                f"{health.title} menolak {prose.number(len(rows))} berita",
                f"{_some(told)}\n\nBerita di situs lain tetap berjalan. Buka Perlu perhatian untuk mencoba lagi.",
            )


def _long_away(health: sites.Health) -> bool:
    since = health.lane.since
    return bool(health.waiting and since and timezone.now() - since > LONG_AWAY)


def _shut_site(health: sites.Health) -> Trouble:
    """Tell of a site that takes no story at all."""
    lane, waiting = health.lane, prose.number(health.waiting)
    if lane.refused:
        subject = f"{health.title} menolak kita; {waiting} berita menunggu"
        then = "Perbaiki di situs atau di pengaturan, lalu tekan “Coba lagi” di halaman situs itu."
    else:
        subject = f"{health.title} tidak dapat dipakai sejak {_moment(lane.since)}; {waiting} berita menunggu"
        then = "Begitu situs kembali, semuanya dikirim sendiri. Bila lama, hubungi pengelola situsnya."
    gone = f"{prose.number(health.takedowns)} di antaranya penarikan: pembaca masih dapat melihatnya.\n\n"
    body = f"{lane.error}\n\n{gone if health.takedowns else ''}Berita di situs lain tetap berjalan. {then}"
    return Trouble(f"site:{health.name}", subject, body)


def _unexplained() -> Iterator[Trouble]:
    """Yield one trouble for all emergency withdrawals whose reason is overdue."""
    late = (
        Story.objects.all().unexplained().filter(reason_due_at__lt=timezone.now()).order_by("reason_due_at")
    )
    found = [f"“{hide(story.headline)[:80]}”: batasnya {_moment(story.reason_due_at)}" for story in late]
    if found:
        yield Trouble(
            "unexplained",
            f"Alasan penarikan belum diumumkan: {prose.number(len(found))} berita",
            f"{_some(found)}\n\nBuka beritanya, lalu tekan “Umumkan alasan penarikan”.",
        )


def _shown_again() -> Iterator[Trouble]:
    """Yield one trouble for all withdrawn stories that a site's own people show again."""
    rows = Sight.objects.all().open().filter(drift=Drift.SHOWN).select_related("delivery__story")
    found = [
        f"“{hide(row.delivery.story.headline)[:80]}” di {row.delivery.site}"
        for row in rows.order_by("found_at")
    ]
    if found:
        yield Trouble(
            "shown_again",
            f"Berita yang sudah ditarik tampil lagi: {prose.number(len(found))} berita",
            f"{_some(found)}\n\nPembaca dapat membacanya sekarang. Buka Perlu perhatian untuk menariknya lagi.",
        )


def _some(lines: Iterable[str]) -> str:
    rows = [f"- {line}" for line in lines]
    more = [f"- dan {prose.number(len(rows) - NAMED)} lagi"] if len(rows) > NAMED else []
    return "\n".join(rows[:NAMED] + more)


def _named(subject: str) -> str:
    return f"{settings.REDAKSI.office.name}: {subject}"


def _where() -> str:
    return f"{settings.REDAKSI.web.public_url}/perhatian/"


def _moment(at: Any) -> str:
    zone = settings.REDAKSI.office.tz
    return f"{timezone.localtime(at, zone):%d/%m/%Y} {prose.clock(at, zone)}" if at else ""
