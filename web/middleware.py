"""What every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pipeline.settings_file import take_up
from web.accounts import HAS_FACTOR, has_second_factor, must_use_second_factor

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def _policy() -> str:
    """Return the policy; a form may lead on to the provider people sign in with, when there is one."""
    oidc = settings.REDAKSI.signin.oidc
    if oidc is None:
        return POLICY
    parts = urlsplit(oidc.issuer)
    return POLICY.replace("form-action 'self'", f"form-action 'self' {parts.scheme}://{parts.netloc}")


class ContentSecurityPolicy:
    """Nothing is fetched from outside, and no script stands in a page."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", _policy())
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


class ChosenLanguage:
    """Screens are in the office's language until a person chooses; what their browser prefers is no choice."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.answer(request)
        response.headers.setdefault("Content-Language", language)
        return response


class OfficeZone:
    """Times are shown in the office's zone."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        timezone.activate(timezone.get_default_timezone())
        return self.answer(request)


class FreshSites:
    """The sites are those that settings.yaml names now."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        take_up()
        return self.answer(request)


SEEN_EVERY = 300
"""Seconds between two notes of when a session was last used: a write with every click would cost too much."""


class SeenSessions:
    """Each session is in its person's list, with when and where it was last used."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and cache.add(f"seen:{key}", 1, SEEN_EVERY) and request.user.is_authenticated:
            UserSession.objects.create_from_request(request)
        return self.answer(request)


OWN_ACCOUNT = ("account_", "mfa_", "usersessions_")
OWN_PAGES = (
    "set_language",
    "profile",
    "end_session",
    "end_other_sessions",
    "use_pass",
    "ask_reset",
    "approve_by_link",
    "approval_photo",
    "own_notices",
    "own_address",
    "drop_own_address",
    "try_channel",
)


def _own(request: HttpRequest) -> bool:
    """Say whether a request is about the person's own account."""
    name = resolve(request.path_info).url_name or ""
    return name.startswith(OWN_ACCOUNT) or name in OWN_PAGES


class SecondFactorFirst:
    """Whose role demands a second factor sets one up before anything else."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if not settings.REDAKSI.signin.second_factor or not request.user.is_authenticated or _own(request):
            return None
        if request.session.get(HAS_FACTOR) or not must_use_second_factor(request.user):
            return None
        if has_second_factor(request.user):
            request.session[HAS_FACTOR] = True
            return None
        messages.info(
            request, _("Peran Anda mewajibkan verifikasi dua langkah. Pasang dahulu salah satunya.")
        )
        return redirect("mfa_index")


def _archives(request: HttpRequest) -> bool:
    """Say whether a form is one of the archive's, and its sender one of those who write there."""
    match = request.resolver_match
    if match is None or not (request.user.archives or request.user.classifies):
        return False
    return match.route.startswith(("arsip/", "kearsipan/")) or match.route.endswith("keterangan-arsip/")


class ReadersOnlyRead:
    """Who holds no role that changes anything is let past no form but those of their own account.

    An archivist is let past those of the archive, too: each of them asks for the right itself.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
            return
        if request.user.only_reads and not _own(request) and not _archives(request):
            raise PermissionDenied
