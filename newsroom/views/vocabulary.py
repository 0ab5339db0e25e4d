"""The lists that describe the archive: leaders and tags."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from newsroom import vocabulary
from newsroom.acts import ActRefused
from newsroom.models import Leader, Tag
from newsroom.templatetags.office import number

PER_PAGE = 100


@login_required
def leaders(request: HttpRequest) -> HttpResponse:
    """List the leaders whose activities are covered, or add one."""
    _need_editor(request)
    refusal = ""
    if request.method == "POST":
        try:
            made = vocabulary.add_leader(request.user, *_leader_fields(request))
        except ActRefused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Ditambahkan: %(name)s.") % {"name": made})
            return redirect("leaders")
    rows = vocabulary.counted(Leader).order_by("order", "name", "id")
    return _show(request, "newsroom/leaders.html", rows, refusal)


@login_required
@require_POST
def change_leader(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a leader, set the term, or merge two that are one."""
    _need_editor(request)
    row = get_object_or_404(Leader, pk=pk)
    try:
        if request.POST.get("aksi") == "gabung":
            _merge(request, row, Leader)
        else:
            vocabulary.change_leader(row, request.user, *_leader_fields(request))
            messages.success(request, _("Tersimpan: %(name)s.") % {"name": row})
    except ActRefused as error:
        messages.error(request, str(error))
    return redirect("leaders")


@login_required
def tags(request: HttpRequest) -> HttpResponse:
    """List the tags, or add one."""
    _need_editor(request)
    refusal = ""
    if request.method == "POST":
        try:
            made = vocabulary.add_tag(request.user, _text(request, "nama"))
        except ActRefused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Ditambahkan: %(name)s.") % {"name": made})
            return redirect("tags")
    rows = vocabulary.counted(Tag).order_by("retired", "name")
    return _show(request, "newsroom/tags.html", rows, refusal)


@login_required
@require_POST
def change_tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a tag, merge it into another, take it out of use or put it back."""
    _need_editor(request)
    row = get_object_or_404(Tag, pk=pk)
    act = request.POST.get("aksi", "")
    try:
        if act == "gabung":
            _merge(request, row, Tag)
        else:
            retired = {"lepas": True, "pakai": False}.get(act, row.retired)
            vocabulary.change_tag(row, request.user, _text(request, "nama"), retired=retired)
            messages.success(request, _("Tersimpan: %(name)s.") % {"name": row})
    except ActRefused as error:
        messages.error(request, str(error))
    return redirect("tags")


def _merge(request: HttpRequest, row: Leader | Tag, kind: type[Leader | Tag]) -> None:
    pk = request.POST.get("ke", "")
    into: Any = (
        kind._default_manager.filter(pk=pk).first()
        if pk.isascii() and pk.isdigit() and len(pk) < 10
        else None
    )
    if into is None:
        raise ActRefused(_("Pilih dahulu digabungkan ke mana."))
    name = str(row)
    count = vocabulary.merge(row, into, request.user)
    told = ngettext(
        "“%(name)s” digabungkan ke “%(into)s”: %(count)s baris.",
        "“%(name)s” digabungkan ke “%(into)s”: %(count)s baris.",
        count,
    )
    messages.success(request, told % {"name": name, "into": into, "count": number(count)})


def _leader_fields(request: HttpRequest) -> tuple[str, str, date | None, date | None]:
    return _text(request, "nama"), _text(request, "jabatan"), _day(request, "mulai"), _day(request, "akhir")


def _text(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, "")).replace("\0", "").strip()


def _day(request: HttpRequest, name: str) -> date | None:
    written = _text(request, name)
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise ActRefused(_("Tanggal ini tidak dikenali.")) from error


def _show(request: HttpRequest, template: str, rows: Any, refusal: str) -> HttpResponse:
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    every = list(rows.model._default_manager.all()) if len(page.object_list) else []
    context = {"section": "more", "page": page, "every": every, "refusal": refusal, "typed": request.POST}
    return render(request, template, context, status=422 if refusal else 200)


def _need_editor(request: HttpRequest) -> None:
    if not request.user.edits:
        raise PermissionDenied
