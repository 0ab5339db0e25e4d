"""Fixity: is all we keep still what it was, and who can show it to an auditor?"""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.fixity import ReportRefused, make_report, standing
from newsroom.fixity_sheet import pdf
from newsroom.models import FixityDay, FixityFinding, FixityReport
from newsroom.views.access import door

SHOWN = 20
"""Settled findings and reports on the page, the newest."""


readers = door("fixity", changes=lambda person: person.sees, looks=lambda person: person.sees)


class Period(forms.Form):
    """From when to when, both days included."""

    dari = forms.DateField(
        label=_("Dari"),
        input_formats=("%Y-%m-%d",),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sampai = forms.DateField(
        label=_("Sampai"),
        input_formats=("%Y-%m-%d",),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@require_safe
@readers
def fixity(request: HttpRequest) -> HttpResponse:
    """Show how old the looks are, what was found, and the reports."""
    today = timezone.localdate()
    found = standing()
    looked = FixityDay.objects.filter(day__gt=today - timedelta(days=30)).aggregate(
        files=Sum("files"), bytes=Sum("bytes")
    )
    rows = FixityFinding.objects.select_related("story")
    context = {
        "section": "archive",
        "standing": found,
        "spread": _spread(found.days, found.ages),
        "looked": looked,
        "open": rows.filter(settled_at=None)[:200],
        "settled": rows.exclude(settled_at=None).order_by("-settled_at", "-id")[:SHOWN],
        "reports": FixityReport.objects.select_related("made_by")[:SHOWN],
        "form": Period({"dari": today - timedelta(days=found.days - 1), "sampai": today}),
    }
    return render(request, "newsroom/fixity.html", context)


@require_POST
@readers
def make_fixity_report(request: HttpRequest) -> HttpResponse:
    """Write a report on a period; it stays in the list."""
    form = Period(request.POST)
    if not form.is_valid():
        messages.error(request, _("Isi kedua tanggalnya, lalu buat lagi."))
        return redirect("fixity")
    try:
        report = make_report(form.cleaned_data["dari"], form.cleaned_data["sampai"], request.user)
    except ReportRefused as error:
        messages.error(request, str(error))
        return redirect("fixity")
    messages.success(request, _("Laporan sudah dibuat. Unduh PDF beserta JSON-nya di bawah ini."))
    return redirect(f"{reverse('fixity')}#laporan-{report.pk}")


@require_safe
@readers
def fixity_json(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(FixityReport, pk=pk)
    return _download(report.text.encode(), "application/json", f"{_name(report)}.json")


@require_safe
@readers
def fixity_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(FixityReport, pk=pk)
    return _download(pdf(report), "application/pdf", f"{_name(report)}.pdf")


def _spread(days: int, ages: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    """Return from which to which day ago how many were looked at last."""
    edges = (0, days // 3, days * 2 // 3, days)
    return [(edges[place], edges[place + 1], ages[place]) for place in range(3)]


def _name(report: FixityReport) -> str:
    return f"keutuhan-arsip_{report.start}_{report.end}"


def _download(data: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
