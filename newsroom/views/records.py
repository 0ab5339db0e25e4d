"""Records: how stories are filed, the office's schedule, and the lists that must be kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from newsroom import record_lists, records, schedule_sheet, sheets
from newsroom.acts import ActRefused
from newsroom.models import (
    Destruction,
    FilingRule,
    InfoClass,
    Record,
    Retention,
    Right,
    Security,
    Story,
)
from newsroom.records import Filing
from newsroom.views.access import door
from newsroom.views.sheet_form import chosen_sheet, looked_at

PER_PAGE = 50
PUBLIC_FIELDS = ("info_class", "exempt_article", "exempt_number", "exempt_term")
LISTS = {
    "daftar-arsip": ("daftar arsip", record_lists.HOLDINGS, record_lists.holdings),
    "dip": ("DIP", record_lists.PUBLIC_LIST, record_lists.public_list),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


readers = door(
    "records",
    changes=lambda person: person.archives or person.classifies,
    looks=lambda person: person.sees,
)
"""For those who may file; what each act changes asks for its own right besides."""
archivists = door("records", changes=lambda person: person.archives, looks=lambda person: person.sees)


@readers
@require_safe
def record_list(request: HttpRequest) -> HttpResponse:
    """List what is filed, newest first, with what waits for somebody."""
    rows, wanted = _wanted(request)
    page = Paginator(rows.select_related("story").order_by("-closed_on", "-pk"), PER_PAGE)
    shown = page.get_page(request.GET.get("hal"))
    schedule = records.retentions(row.code for row in shown)
    context = {
        "page": shown,
        "rows": [row_of(row, schedule.get(row.code)) for row in shown],
        "wanted": wanted,
        "codes": Retention.objects.all().in_force().order_by("code")[:2000],
        "info_classes": InfoClass.choices,
        "query": request.GET.urlencode(),
    }
    return show(request, "newsroom/records.html", "records", context)


@readers
@require_safe
def export_records(request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    """Hand out `daftar arsip` or the DIP, as CSV or XLSX."""
    if kind not in LISTS or ending not in ("csv", "xlsx"):
        raise Http404
    title, headings, lines = LISTS[kind]
    rows, _wanted_by = _wanted(request)
    name = f'attachment; filename="{kind}.{ending}"'
    if ending == "xlsx":
        data = record_lists.workbook(title, headings, lines(rows))
        return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": name})
    written = ("\ufeff", *sheets.written(headings, lines(rows)))
    response = StreamingHttpResponse(
        (line.encode() for line in written), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = name
    return response


@readers
def record_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how one story is filed, or file it otherwise."""
    story = get_object_or_404(Story, pk=pk)
    row = records.record_of(story)
    refusal = ""
    filing = Filing(**{name: getattr(row, name) for name in Filing.__dataclass_fields__})
    if request.method == "POST":
        filing = Filing(**{name: request.POST.get(name, "")[:200] for name in Filing.__dataclass_fields__})
        try:
            records.file(story, filing, request.user, seen=request.POST.get("seen", ""))
        except ActRefused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Berkas arsip disimpan."))
            return redirect("record_form", pk)
    line = records.retentions([row.code]).get(row.code)
    context = {
        "story": story,
        "row": row_of(row, line),
        "filing": filing,
        "refusal": refusal,
        "seen": request.POST.get("seen") or records.stamp(row),
        "codes": Retention.objects.all().in_force().order_by("code")[:2000],
        "securities": Security.choices,
        "info_classes": InfoClass.choices,
        "told": [(name, getattr(filing, name)) for name in PUBLIC_FIELDS],
        "deeds": story.log.filter(verb__in=_DEEDS).select_related("by").order_by("-id")[:30],
    }
    return show(request, "newsroom/record_form.html", "records", context)


_DEEDS = ("record", "record_review", "destroy_propose", "destroy_approve", "destroy_refuse")


@readers
@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """Show the office's schedule in force, and what it was before."""
    past = request.GET.get("lama") == "1"
    rows = Retention.objects.exclude(replaced_at=None) if past else Retention.objects.all().in_force()
    words = request.GET.get("q", "").strip()[:80]
    if words:
        rows = rows.filter(title__icontains=words) | rows.filter(code__istartswith=words)
    page = Paginator(rows.select_related("by").order_by("code", "-id"), PER_PAGE)
    context = {"page": page.get_page(request.GET.get("hal")), "past": past, "words": words}
    return show(request, "newsroom/schedule.html", "schedule", context)


@readers
@require_safe
def export_schedule(_request: HttpRequest) -> StreamingHttpResponse:
    """Give the schedule in force as CSV; the mark at its start tells Excel that it is UTF-8."""
    lines = (line.encode() for line in ("\ufeff", *schedule_sheet.write()))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="jra.csv"'
    return response


@archivists
def import_schedule(request: HttpRequest) -> HttpResponse:
    """Show what a sheet would do; take it when the person has seen it."""
    template = "newsroom/schedule_import.html"
    if request.method != "POST":
        return show(request, template, "schedule", {})
    try:
        text = chosen_sheet(request)
        lines = schedule_sheet.read(text)
        if request.POST.get("masukkan") == "1":
            taken = schedule_sheet.take(lines, request.user, source=request.POST.get("nama", "")[:100])
            told = ngettext("%(count)d baris dicatat.", "%(count)d baris dicatat.", taken)
            messages.success(request, told % {"count": taken})
            return redirect("schedule")
    except ActRefused as error:
        return show(request, template, "schedule", {"refusal": str(error)})
    return show(request, template, "schedule", looked_at(request, text, lines))


@readers
def filing_rules(request: HttpRequest) -> HttpResponse:
    """Show what each category's stories are filed as, or change one category's rule."""
    if request.method == "POST":
        filing = Filing(
            code=request.POST.get("code", "").strip()[:30],
            security=request.POST.get("security", ""),
            info_class=request.POST.get("info_class", ""),
        )
        try:
            if filing.security not in Security.values or filing.info_class not in InfoClass.values:
                raise ActRefused(_("Pilihan ini tidak dikenal. Muat ulang halaman, lalu pilih lagi."))
            count = records.set_rule(request.POST.get("category", "").strip()[:60], filing, request.user)
        except ActRefused as error:
            messages.error(request, str(error))
        else:
            told = ngettext(
                "Tersimpan; %(count)d berkas mengikuti.", "Tersimpan; %(count)d berkas mengikuti.", count
            )
            messages.success(request, told % {"count": count})
        return redirect("filing_rules")
    rules = {rule.category: rule for rule in FilingRule.objects.all()}
    used = Story.objects.all().public().order_by("category").values_list("category", flat=True).distinct()
    names = ["", *sorted({*filter(None, used[:200]), *filter(None, rules)}, key=str.casefold)]
    context = {
        "rules": [(name, rules.get(name)) for name in names],
        "codes": Retention.objects.all().in_force().order_by("code")[:2000],
        "securities": Security.choices,
        "info_classes": [choice for choice in InfoClass.choices if choice[0] != InfoClass.EXEMPT],
    }
    return show(request, "newsroom/filing_rules.html", "filing_rules", context)


@readers
def review_list(request: HttpRequest) -> HttpResponse:
    """List what its schedule no longer keeps; decide to keep the chosen ones, or go on to propose their destruction."""
    due = Record.objects.all().due(timezone.localdate()).select_related("story")
    if request.method == "POST":
        chosen = list(due.filter(story__in=numbers_in(request.POST.getlist("pilih"))))
        if request.POST.get("putusan") == "musnah":
            if chosen and request.user.archives:
                query = "&".join(f"pilih={row.story_id}" for row in chosen)
                return redirect(f"{reverse('propose_destruction')}?{query}")
            messages.error(request, _("Pilih sedikitnya satu berkas yang perlu dinilai."))
            return redirect("review_list")
        years = request.POST.get("tahun", "")
        try:
            count = records.review(
                chosen,
                request.user,
                reason=request.POST.get("alasan", "")[:500],
                for_good=request.POST.get("putusan") == "permanen",
                years=int(years) if years.isascii() and years.isdecimal() and len(years) < 4 else 0,
            )
        except ActRefused as error:
            messages.error(request, str(error))
        else:
            told = ngettext("%(count)d berkas dinilai.", "%(count)d berkas dinilai.", count)
            messages.success(request, told % {"count": count})
        return redirect("review_list")
    page = Paginator(due.order_by("closed_on", "pk"), PER_PAGE).get_page(request.GET.get("hal"))
    lines = records.retentions(row.code for row in page)
    context = {"page": page, "rows": [row_of(row, lines.get(row.code)) for row in page]}
    return show(request, "newsroom/review.html", "review_list", context)


def row_of(row: Record, line: Retention | None) -> dict[str, Any]:
    return {
        "record": row,
        "story": row.story,
        "line": line,
        "ends": line.ends(row.closed_on) if line and row.closed_on else None,
    }


def _wanted(request: HttpRequest) -> tuple[QuerySet[Record], dict[str, str]]:
    """Return the records the address asks for, and what it asks."""
    rows = Record.objects.all().kept()
    wanted = {name: request.GET.get(name, "").strip()[:60] for name in ("kode", "info", "tahun")}
    if wanted["kode"] == "-":
        rows = rows.filter(code="")
    elif wanted["kode"]:
        rows = rows.filter(code=wanted["kode"])
    if wanted["info"] in InfoClass.values:
        rows = rows.filter(info_class=wanted["info"])
    if wanted["tahun"].isascii() and wanted["tahun"].isdecimal() and len(wanted["tahun"]) == 4:
        rows = rows.filter(closed_on__year=max(1, int(wanted["tahun"])))
    return rows, wanted


def numbers_in(written: list[str]) -> list[int]:
    return [int(one) for one in written[:500] if one.isascii() and one.isdecimal() and len(one) < 12]


def show(request: HttpRequest, template: str, tab: str, context: dict[str, Any]) -> HttpResponse:
    tabs = (
        ("records", _("Daftar arsip"), None),
        ("review_list", _("Perlu dinilai"), Record.objects.all().due(timezone.localdate()).count()),
        ("destructions", _("Pemusnahan"), Destruction.objects.filter(state="open").count()),
        ("schedule", _("JRA"), None),
        ("filing_rules", _("Menurut kategori"), None),
    )
    whole = {
        "section": "more",
        "tabs": tabs,
        "tab": tab,
        "may_archive": request.user.may(Right.ARCHIVE),
        **context,
    }
    whole["may_classify"] = request.user.may(Right.CLASSIFY)
    return render(request, template, whole, status=422 if context.get("refusal") else 200)
