"""People: who works here, in which role, until when, and who is invited?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from newsroom import passes
from newsroom import people as acts
from newsroom.acts import ActRefused
from newsroom.models import Contributor, LogEntry, Pass, Person, Role, Term
from newsroom.views.access import View, door, operators

PER_PAGE = 30
SHOWN_LINES = 20
TABS = ("aktif", "undangan", "ditutup")


leaders = door("people", changes=lambda person: person.leads_people, looks=lambda person: person.reads_log)
"""For those who set up people."""


@leaders
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List the accounts by name, or the links that wait to be used."""
    words = request.GET.get("q", "").strip()[:200]
    tab = request.GET.get("tampil", "")
    tab = tab if tab in TABS else "aktif"
    accounts = _holding(Person.objects.all(), words, "name", "username", "email", "unit")
    waiting = _holding(Pass.objects.filter(used_at=None, withdrawn_at=None), words, "name", "email", "unit")
    lists: dict[str, QuerySet[Any]] = {
        "aktif": accounts.filter(is_active=True).order_by("name", "pk").prefetch_related("terms"),
        "undangan": waiting.select_related("person"),
        "ditutup": accounts.filter(is_active=False).order_by("name", "pk").prefetch_related("terms"),
    }
    page = Paginator(lists[tab], PER_PAGE).get_page(request.GET.get("hal"))
    context = {
        "section": "more",
        "page": page,
        "words": words,
        "tab": tab,
        "counts": {name: rows.count() for name, rows in lists.items()},
        "now": timezone.now(),
    }
    return render(request, "newsroom/people.html", context)


@leaders
def invite_person(request: HttpRequest) -> HttpResponse:
    """Show the empty form, or invite whom it names."""
    if not request.user.leads_people:
        raise PermissionDenied
    written = {name: request.POST.get(name, "")[:500] for name in ("name", "email", "role", "unit")}
    context = {"section": "more", "written": written, "roles": Role.choices, "mails": passes.mails()}
    if request.method != "POST":
        return render(request, "newsroom/invite.html", context)
    try:
        made = passes.invite(request.user, **written)
    except ActRefused as error:
        return render(request, "newsroom/invite.html", {**context, "refusal": str(error)}, status=422)
    return _invited(request, made)


@operators
@require_POST
def invite_contributor(request: HttpRequest, pk: int) -> HttpResponse:
    contributor = get_object_or_404(Contributor, pk=pk)
    try:
        made = passes.invite_contributor(request.user, contributor)
    except ActRefused as error:
        messages.error(request, str(error))
        return redirect("contributor", pk=pk)
    return _invited(request, made)


def _invited(request: HttpRequest, made: Pass) -> HttpResponse:
    if made.letter_id:
        messages.success(request, _("Undangan dikirim ke %(address)s.") % {"address": made.email})
    else:
        messages.success(request, _("Undangan dibuat. Salin tautannya dan sampaikan sendiri."))
    return redirect("pass", pk=made.pk)


@leaders
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return _person(request, get_object_or_404(Person, pk=pk))


def _person(
    request: HttpRequest, row: Person, refusal: str = "", written: dict[str, str] | None = None
) -> HttpResponse:
    context = {
        "section": "more",
        "person": row,
        "terms": row.terms.select_related("person", "instead_of", "set_by"),
        "roles": Role.choices,
        "actings": Term.Acting.choices,
        "others": Person.objects.filter(is_active=True).exclude(pk=row.pk).order_by("name")[:500],
        "factors": Authenticator.objects.filter(user=row).exclude(type=Authenticator.Type.RECOVERY_CODES),
        "sessions": UserSession.objects.filter(user=row).count(),
        "passes": row.passes.filter(used_at=None, withdrawn_at=None, expires_at__gt=timezone.now()),
        "lines": LogEntry.objects.filter(Q(person=row) | Q(by=row, person=None, story=None, submission=None))
        .select_related("by")
        .order_by("-id")[:SHOWN_LINES],
        "today": timezone.localdate(),
        "refusal": refusal,
        "written": written or {},
    }
    return render(request, "newsroom/person.html", context, status=422 if refusal else 200)


def _act(done: Callable[[HttpRequest, Person], str]) -> View:
    """Make a view of an act on one person: what it returns is told, what it refuses too."""

    @require_POST
    @leaders
    @wraps(done)
    def view(request: HttpRequest, pk: int, **more: int) -> HttpResponse:
        row = get_object_or_404(Person, pk=pk)
        try:
            told = done(request, row, **more)
        except ActRefused as error:
            row.refresh_from_db()
            return _person(request, row, str(error), {key: request.POST[key][:300] for key in request.POST})
        messages.success(request, told)
        return redirect("person", pk=pk)

    return view


@_act
def change_person(request: HttpRequest, row: Person) -> str:
    profile = acts.Profile.written(request.POST)
    acts.change_profile(row, profile, request.user, email=request.POST.get("email", ""))
    return _("Tersimpan.")


@_act
def give_role(request: HttpRequest, row: Person) -> str:
    how = {name: request.POST.get(name, "") for name in ("seen", "reason")}
    acts.give_role(row, request.POST.get("role", ""), request.user, **how)
    return _("Peran utama sekarang: %(role)s.") % {"role": row.get_role_display()}


@_act
def give_term(request: HttpRequest, row: Person) -> str:
    place = request.POST.get("instead_of", "")
    made = acts.give_term(
        row,
        request.user,
        role=request.POST.get("term_role", ""),
        starts=_day(request, "starts"),
        ends=_day(request, "ends"),
        acting=request.POST.get("acting", ""),
        instead_of=Person.objects.filter(pk=int(place[:18])).first() if place.isdecimal() else None,
        reason=request.POST.get("reason", ""),
    )
    return _("%(role)s dicatat.") % {"role": made.title}


@_act
def end_term(request: HttpRequest, row: Person, term_pk: int) -> str:
    term = get_object_or_404(Term.objects.select_related("person"), pk=term_pk, person=row)
    ended = acts.end_term(term, request.user)
    return _("%(role)s diakhiri.") % {"role": term.title} if ended else _("Orang lain sudah melakukannya.")


@_act
def close_person(request: HttpRequest, row: Person) -> str:
    if not acts.close(row, request.user):
        return _("Orang lain sudah melakukannya.")
    return _("Akun ditutup. Sesinya berakhir dan tugasnya dilepas; yang pernah ditulis tetap ada.")


@_act
def reopen_person(request: HttpRequest, row: Person) -> str:
    opened = acts.reopen(row, request.user)
    return _("Akun dibuka lagi dengan peran utamanya.") if opened else _("Orang lain sudah melakukannya.")


@_act
def drop_factors(request: HttpRequest, row: Person) -> str:
    acts.drop_factors(row, request.user)
    return _("Verifikasi dua langkah dihapus. Mintalah ia memasangnya lagi.")


@_act
def end_sessions(request: HttpRequest, row: Person) -> str:
    acts.end_sessions_by(row, request.user)
    return _("Semua sesi diakhiri.")


@require_POST
@leaders
def reset_link(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Person, pk=pk)
    try:
        made = passes.reset(row, request.user)
    except ActRefused as error:
        return _person(request, row, str(error))
    return redirect("pass", pk=made.pk)


def _handlers(view: View) -> View:
    """Let in those who may handle this very link."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.path if request.method == "GET" else reverse("people"))
        row = get_object_or_404(Pass.objects.select_related("by", "person", "letter"), pk=pk)
        if not passes.may_handle(row, request.user):
            raise PermissionDenied
        return view(request, row)

    return guarded


@require_safe
@never_cache
@_handlers
def one_pass(request: HttpRequest, row: Pass) -> HttpResponse:
    """Show how a link stands, and the link itself to be passed on."""
    context = {"section": "more", "row": row, "link": passes.link(row) if row.open else ""}
    return render(request, "newsroom/pass.html", context)


@require_POST
@_handlers
def renew_pass(request: HttpRequest, row: Pass) -> HttpResponse:
    try:
        passes.renew(row, request.user)
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Tautan baru dibuat; yang lama tidak berlaku lagi."))
    return redirect("pass", pk=row.pk)


@require_POST
@_handlers
def withdraw_pass(request: HttpRequest, row: Pass) -> HttpResponse:
    done = passes.withdraw(row, request.user)
    messages.success(request, _("Tautan ditarik.") if done else _("Orang lain sudah melakukannya."))
    return redirect("pass", pk=row.pk)


def _holding(rows: QuerySet[Any], words: str, *fields: str) -> QuerySet[Any]:
    for word in words.split()[:10]:
        wanted = Q()
        for field in fields:
            wanted |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(wanted)
    return rows


def _day(request: HttpRequest, name: str) -> date | None:
    written = request.POST.get(name, "")
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise ActRefused(_("Tulis tanggalnya lengkap.")) from error
