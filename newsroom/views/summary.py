"""The summary: how does the office stand today, and how has it done this month?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from newsroom import clocks, heartbeat, sheets, sites
from newsroom.context import attention_causes
from newsroom.figures import Figures, Pace, SiteTally, Tally, figures
from newsroom.heartbeat import Beat
from newsroom.models import State, Story
from newsroom.period import Period
from newsroom.templatetags.office import ago, minutes, number, short
from newsroom.views.access import operators
from newsroom.views.clock import clock_of
from newsroom.views.sites import state_words
from newsroom.views.standing import title

NEXT = 3
"""Stories whose time runs out first, named on the page."""
SHOWN = 12
"""Contributors named before one asks for all of them."""
CAUSES = {
    "shown_again": gettext_lazy("Berita yang sudah ditarik tampil lagi di situs"),
    "exposed": gettext_lazy("Foto yang tidak boleh tayang masih tayang"),
    "drawn": gettext_lazy("Kolase yang belum boleh tayang"),
    "unexplained": gettext_lazy("Ditarik darurat, alasannya belum diumumkan"),
    "held": gettext_lazy("Surel ditahan"),
    "proposals": gettext_lazy("Usulan perubahan dan ralat"),
    "failed": gettext_lazy("Surel gagal dibaca"),
    "undecided": gettext_lazy("Kotak surel yang menunggu pilihan Anda"),
    "unfetched": gettext_lazy("Surel yang belum diambil"),
    "unmoved": gettext_lazy("Surel tersimpan yang belum dapat ditandai atau dipindahkan"),
    "mailboxes": gettext_lazy("Kotak surel bermasalah"),
    "overdue": gettext_lazy("Waktu tayangnya sudah lewat, tetapi belum tayang"),
    "stories": gettext_lazy("Berita terverifikasi yang belum dapat ditayangkan"),
    "sites": gettext_lazy("Situs yang terputus atau dijeda"),
    "deliveries": gettext_lazy("Tertahan di situs"),
    "drifted": gettext_lazy("Berubah di situs"),
    "uncompared": gettext_lazy("Situs yang belum dapat dibandingkan"),
    "packages": gettext_lazy("Paket arsip"),
    "shelves": gettext_lazy("Berkas asli"),
    "copies": gettext_lazy("Salinan kedua"),
    "strangers": gettext_lazy("Berkas asing di salinan kedua"),
    "holdings": gettext_lazy("Media simpan"),
    "uploads": gettext_lazy("Kiriman formulir belum dapat disiapkan"),
    "letters": gettext_lazy("Surat kepada kontributor tidak sampai"),
    "notices": gettext_lazy("Pemberitahuan belum sampai"),
    "collages": gettext_lazy("Kolase belum jadi"),
    "collage_drafts": gettext_lazy("Kolase yang diusulkan menunggu editor"),
}
"""What "Perlu perhatian" is grouped by, as it is headed there, the gravest first."""


@operators
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """Show the queue and what is stuck now, and the figures of the month or year that was asked for."""
    now = timezone.now()
    period = Period.named(request.GET.get("masa", ""), now)
    found, before = figures(period, now), figures(period.before(), now)
    contributors = found.named()
    every = request.GET.get("kontributor") == "semua"
    causes = attention_causes()
    context = {
        "section": "summary",
        "now": now,
        "queue": _queue(now),
        "next": _next(now),
        "boxes": [(beat, _beat_words(beat)) for beat in heartbeat.beats(now)],
        "sites": [(health, state_words(health)) for health in sites.healths()],
        "causes": [(name, words, causes[name]) for name, words in CAUSES.items() if name in causes],
        "period": period,
        "before": before.period,
        "running": period.ends > now,
        "periods": _periods(now),
        "lines": _lines(found.whole, before.whole),
        "found": found,
        "empty": not (found.whole.received or found.whole.verified or found.whole.published),
        "contributors": contributors if every else contributors[:SHOWN],
        "contributor_count": len(contributors),
        "by_site": [(title(name), tally) for name, tally in _in_order(found)],
    }
    return render(request, "newsroom/summary.html", context)


@operators
@require_safe
def export_summary(request: HttpRequest) -> HttpResponse:
    """Give the figures as CSV: the office, each contributor, each site; the mark at its start is for Excel."""
    period = Period.named(request.GET.get("masa", ""), timezone.now())
    text = "".join(("\ufeff", *sheets.written(_headings(), _sheet(figures(period)))))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ringkasan-{period.name}.csv"'
    return response


def _queue(now: datetime) -> dict[str, int]:
    """Count what waits now, in one question to the short index of clocks."""
    needing = clocks.needing(Story.objects.all(), now)
    late, soon = clocks.late(needing, now), clocks.soon(needing, now)
    counts: dict[str, int] = needing.aggregate(
        verify=Count("pk", filter=Q(state=State.QUEUED)),
        publish=Count("pk", filter=~Q(state=State.QUEUED)),
        paused=Count("pk", filter=Q(paused_at__isnull=False)),
    )
    return {**counts, "late": late.count(), "soon": soon.count()}


def _next(now: datetime) -> list[dict[str, Any]]:
    """Return the stories whose time runs out first, of those that still have some."""
    running = clocks.needing(Story.objects.all(), now).filter(paused_at=None, due_at__gte=now)
    rows = clocks.in_order(running).defer("body")[:NEXT]
    return [{"story": story, "clock": clock_of(story, now)} for story in rows]


def _beat_words(beat: Beat) -> str:
    """Say in a line how a mailbox is."""
    match beat.state:
        case "wrong":
            return beat.error
        case "asks":
            return _("Menunggu pilihan Anda: dari kapan surel diambil")
        case "never":
            return _("Belum pernah diperiksa")
    if beat.since is None:
        return _("Tidak diperiksa")
    if beat.state == "silent":
        return _("Tidak diperiksa lagi sejak %(time)s") % {"time": short(beat.since)}
    return _("Diperiksa %(ago)s") % {"ago": ago(beat.since)}


def _periods(now: datetime) -> list[dict[str, Any]]:
    """Return the years since the first story, the newest first, each with its months."""
    first = Story.objects.aggregate(first=Min("received_at"))["first"]
    present, oldest = Period.of(now), Period.of(min(first or now, now))
    years = []
    for year in range(present.year, max(oldest.year, present.year - 30) - 1, -1):
        months = [Period(year, month) for month in range(12, 0, -1)]
        shown = [month for month in months if month.begins <= now and month.ends > oldest.begins]
        years.append({"whole": Period(year), "months": shown})
    return years


def _lines(now: Tally, then: Tally) -> list[dict[str, Any]]:
    """Return the office's figures in words, each beside the one of the period before."""
    withdrawn = ngettext(
        "%(count)s di antaranya kemudian ditarik", "%(count)s di antaranya kemudian ditarik", now.withdrawn
    ) % {"count": number(now.withdrawn)}
    return [
        _count(_("Masuk"), now.received, then.received),
        _count(_("Terverifikasi"), now.verified, then.verified),
        _count(_("Tayang"), now.published, then.published, withdrawn if now.withdrawn else ""),
        _share(_("Diverifikasi tepat waktu"), now.verifying, then.verifying),
        _share(_("Tayang tepat waktu"), now.publishing, then.publishing),
        _half(_("Separuh diverifikasi dalam"), now.verifying, then.verifying),
        _half(_("Separuh tayang dalam"), now.publishing, then.publishing),
    ]


def _count(words: str, now: int, then: int, more: str = "") -> dict[str, Any]:
    return {
        "words": words,
        "now": number(now),
        "then": number(then),
        "more": more,
        "share": None,
        "by": _by(now, then),
    }


def _share(words: str, now: Pace, then: Pace) -> dict[str, Any]:
    of = _("%(part)s dari %(whole)s") % {"part": number(now.in_time), "whole": number(now.judged)}
    return {
        "words": words,
        "now": _percent(now.share),
        "then": _percent(then.share),
        "more": of if now.judged else "",
        "share": now.share,
        "by": _points(_by(now.share, then.share)),
    }


def _half(words: str, now: Pace, then: Pace) -> dict[str, Any]:
    return {
        "words": words,
        "now": minutes(now.minutes),
        "then": minutes(then.minutes),
        "share": None,
        "by": _by(now.minutes, then.minutes),
    }


def _by(now: int | None, then: int | None) -> str:
    """Write `+12` or `−3`; nothing where one of them is not known, and `sama` where nothing has changed."""
    if now is None or then is None:
        return ""
    if now == then:
        return _("sama")
    return f"+{number(now - then)}" if now > then else f"−{number(then - now)}"


def _points(by: str) -> str:
    """Write `+4 poin`: a share grows by points, not by per cent."""
    return _("%(by)s poin") % {"by": by} if by[:1] in ("+", "−") else by


def _percent(share: int | None) -> str:
    return "–" if share is None else f"{share}%"


def _in_order(found: Figures) -> list[tuple[str, SiteTally]]:
    return sorted(found.sites.items(), key=lambda row: (-row[1].promised, title(row[0]).casefold()))


def _headings() -> list[str]:
    return [
        _("Masa"),
        _("Bagian"),
        _("Nama"),
        _("Unit"),
        _("Masuk"),
        _("Dari yang masuk, sudah tayang"),
        _("Terverifikasi"),
        _("Diverifikasi tepat waktu"),
        _("Separuh diverifikasi dalam (menit)"),
        _("Tayang"),
        _("Kemudian ditarik"),
        _("Penayangan yang dinilai"),
        _("Tayang tepat waktu"),
        _("Separuh tayang dalam (menit)"),
        _("Seharusnya tayang di situs ini"),
    ]


def _sheet(found: Figures) -> Iterator[list[str]]:
    masa = found.period.name
    yield [masa, _("Kantor"), "", "", *_cells(found.whole)]
    for name, outlet, tally in found.named():
        yield [masa, _("Kontributor"), name or _("Tanpa kontributor"), outlet, *_cells(tally)]
    for site, tally in _in_order(found):
        pace = tally.pace
        told = (*[None] * 5, tally.shown, None, pace.judged, pace.in_time, pace.minutes, tally.promised)
        yield [masa, _("Situs"), title(site), "", *_written(told)]


def _cells(tally: Tally) -> list[str]:
    early, out = tally.verifying, tally.publishing
    told = (tally.received, tally.out, tally.verified, early.in_time, early.minutes)
    return _written((*told, tally.published, tally.withdrawn, out.judged, out.in_time, out.minutes, None))


def _written(values: tuple[Any, ...]) -> list[str]:
    return ["" if value is None else str(value) for value in values]
