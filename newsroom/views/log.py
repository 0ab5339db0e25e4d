"""The log: who did what, to which story, when?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom import sheets
from newsroom.models import LogEntry, Person
from newsroom.templatetags.office import DEEDS, deed_of

PER_PAGE = 50
COLUMNS = ("at", "by", "verb", "deed", "story", "submission", "person", "version", "note")


@login_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """List the newest lines first. Pages are told by the last line's number: the thousandth costs no more."""
    rows, wanted = _wanted(request)
    before = _number(request.GET.get("sebelum", ""))
    if before:
        rows = rows.filter(pk__lt=before)
    shown = list(rows[: PER_PAGE + 1])
    context = {
        "section": "more",
        "lines": shown[:PER_PAGE],
        "older": shown[PER_PAGE - 1].pk if len(shown) > PER_PAGE else None,
        "wanted": wanted,
        "before": before,
        "people": Person.objects.order_by("name", "pk")[:1000],
        "verbs": sorted(((verb, str(words)) for verb, words in DEEDS.items()), key=lambda row: row[1]),
    }
    return render(request, "newsroom/log.html", context)


@login_required
@require_safe
def export_log(request: HttpRequest) -> StreamingHttpResponse:
    """Give the chosen lines as CSV, oldest first; the mark at its start tells Excel that it is UTF-8."""
    rows, _wanted_by = _wanted(request)
    lines = sheets.written(COLUMNS, _written(rows.order_by("id").iterator(1000)))
    response = StreamingHttpResponse(
        (line.encode() for line in ("\ufeff", *lines)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="catatan.csv"'
    return response


def _wanted(request: HttpRequest) -> tuple[QuerySet[LogEntry], dict[str, Any]]:
    """Return the lines the address asks for, and what it asks. Raises PermissionDenied."""
    if not request.user.reads_log:
        raise PermissionDenied
    rows = LogEntry.objects.select_related("by", "story", "submission", "person").order_by("-id")
    wanted: dict[str, Any] = {name: request.GET.get(name, "").strip()[:60] for name in _FILTERS}
    for name, narrow in _FILTERS.items():
        if wanted[name]:
            rows = narrow(rows, wanted[name])
    return rows, wanted


def _by(rows: QuerySet[LogEntry], value: str) -> QuerySet[LogEntry]:
    if value == "program":
        return rows.filter(by=None)
    return rows.filter(by=_number(value)) if _number(value) else rows


def _about(rows: QuerySet[LogEntry], value: str) -> QuerySet[LogEntry]:
    return rows.filter(person=_number(value)) if _number(value) else rows


def _verb(rows: QuerySet[LogEntry], value: str) -> QuerySet[LogEntry]:
    return rows.filter(verb=value)


def _story(rows: QuerySet[LogEntry], value: str) -> QuerySet[LogEntry]:
    number = _number("".join(sign for sign in value if sign.isdecimal()))
    return rows.filter(story=number) if number else rows.none()


def _from(rows: QuerySet[LogEntry], value: str) -> QuerySet[LogEntry]:
    day = _day(value)
    return rows.filter(at__gte=_midnight(day)) if day else rows


def _until(rows: QuerySet[LogEntry], value: str) -> QuerySet[LogEntry]:
    day = _day(value)
    return rows.filter(at__lt=_midnight(day + timedelta(days=1))) if day else rows


_FILTERS = {"siapa": _by, "tentang": _about, "apa": _verb, "berita": _story, "dari": _from, "sampai": _until}


def _number(value: str) -> int:
    return int(value[:18]) if value.isascii() and value.isdecimal() else 0


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _written(rows: Iterable[LogEntry]) -> Iterator[list[str]]:
    for row in rows:
        yield [
            timezone.localtime(row.at).isoformat(timespec="seconds"),
            str(row.by or "Redaksi"),
            row.verb,
            deed_of(row.verb),
            str(row.story_id or ""),
            str(row.submission_id or ""),
            str(row.person or ""),
            str(row.version or ""),
            row.note,
        ]
