"""A person's own account, and the links that make one or a new password."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.core.ratelimit import consume
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from newsroom import passes
from newsroom import people as acts
from newsroom.acts import ActRefused
from newsroom.models import Pass, log
from web.accounts import must_use_second_factor, sessions_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show a person what is known of them, or take their changes."""
    person, written, refusal = request.user, None, ""
    if request.method == "POST":
        written = {name: request.POST.get(name, "")[:500] for name in (*acts.LONGEST, "language")}
        try:
            acts.change_profile(person, acts.Profile.written(written), person)
        except ActRefused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Tersimpan."))
            response = redirect("profile")
            if person.language:
                response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, samesite="Lax")
            return response
    context: dict[str, Any] = {
        "section": "more",
        "written": written or {name: getattr(person, name) for name in (*acts.LONGEST, "language")},
        "refusal": refusal,
        "terms": person.terms_now,
        "sessions": sessions_of(person, request.session.session_key or ""),
        "factors": Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES),
        "troubled": person.channels.exclude(error=""),
        "must": must_use_second_factor(person),
    }
    return render(request, "web/profile.html", context, status=422 if refusal else 200)


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session; of the one at hand this is signing out."""
    if acts.end_session(request.user, pk):
        messages.success(request, _("Sesi diakhiri."))
    return redirect("profile")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = acts.end_sessions(request.user, but=request.session.session_key or "")
    log("session_end", by=request.user, person=request.user, note=f"{ended} sesi")
    messages.success(request, _("Semua sesi lain diakhiri."))
    return redirect("profile")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use_pass(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link is for; following it changes nothing. What is sent by its form uses it up."""
    row = passes.found(token)
    if row is None:
        raise Http404
    if not row.open:
        return render(request, "web/pass_gone.html", {"row": row}, status=410)
    written = {name: request.POST.get(name, "")[:150] for name in ("username", "name")}
    if request.method != "POST":
        return _pass_form(request, row, {"username": _suggested(row), "name": row.name})
    if not consume(request, action="reset_password_from_key"):
        return render(request, "429.html", status=429)
    try:
        _take(row, written, request.POST.get("password", ""), request.POST.get("again", ""))
    except ActRefused as error:
        return _pass_form(request, row, written, {"all": [str(error)]})
    except ValidationError as error:
        return _pass_form(request, row, written, error.message_dict)
    if passes.is_first(row):
        messages.success(request, _("Akun Anda siap. Masuklah, lalu siapkan kantornya."))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('setup')})}")
    if row.kind == Pass.Kind.INVITATION:
        messages.success(request, _("Akun Anda siap. Masuklah dengan nama akun dan kata sandi tadi."))
    else:
        messages.success(request, _("Kata sandi baru berlaku. Masuklah dengan kata sandi itu."))
    return redirect("account_login")


def _take(row: Pass, written: dict[str, str], password: str, again: str) -> None:
    if password != again:
        raise ValidationError({"again": [_("Kedua kata sandi tidak sama. Tulis sekali lagi.")]})
    if row.kind == Pass.Kind.INVITATION:
        passes.accept(row, password=password, **written)
    else:
        passes.new_password(row, password)


def _pass_form(
    request: HttpRequest, row: Pass, written: dict[str, str], wrong: dict[str, list[str]] | None = None
) -> HttpResponse:
    context = {"row": row, "written": written, "wrong": wrong or {}}
    return render(request, "web/pass_form.html", context, status=422 if wrong else 200)


def _suggested(row: Pass) -> str:
    return row.email.partition("@")[0]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_reset(request: HttpRequest) -> HttpResponse:
    """Mail a link for a new password; the answer is the same whoever asks for whom."""
    if not passes.mails():
        raise Http404
    if request.method != "POST":
        return render(request, "web/ask_reset.html")
    written = request.POST.get("login", "")[:254]
    if not consume(request, action="reset_password", key=written.casefold()):
        return render(request, "429.html", status=429)
    passes.ask_reset(written)
    return render(request, "web/ask_reset.html", {"asked": True})
