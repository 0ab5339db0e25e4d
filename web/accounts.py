"""How people get in: accounts are made by the office, never by visitors."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.models import Person, log

HAS_FACTOR = "second_factor"
"""In a session: a second factor was seen to be set up."""


class InvitationOnly(DefaultAccountAdapter):  # type: ignore[misc]
    # allauth's own Indonesian is stiff in places, and some of these it has in English only.
    error_messages = {  # noqa: RUF012 - allauth's own idiom
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("Akun ini ditutup."),
        "enter_current_password": gettext_lazy("Kata sandi sekarang tidak cocok."),
        "incorrect_code": gettext_lazy(
            "Kode tidak cocok. Tunggu kode berikutnya di aplikasi, lalu coba lagi."
        ),
        "incorrect_password": gettext_lazy("Kata sandi tidak cocok."),
        "too_many_login_attempts": gettext_lazy(
            "Terlalu sering gagal. Tunggu beberapa menit, lalu coba lagi."
        ),
        "username_password_mismatch": gettext_lazy("Nama akun atau kata sandi tidak cocok."),
        "rate_limited": gettext_lazy("Terlalu sering mencoba. Tunggu beberapa menit, lalu coba lagi."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        return render(request, "account/account_inactive.html", status=403)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # What was typed may be a password in the wrong field: only names of accounts are written down.
        name = str(credentials.get("username") or "")[:150]
        person = Person.objects.filter(username__iexact=name).first()
        told = "" if person else "nama akun tidak dikenal"
        log("signin_failed", person=person, note=_where(request, told))

    def post_login(self, request: HttpRequest, user: Person, **how: Any) -> HttpResponse:
        response = super().post_login(request, user, **how)
        if user.language:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("Pakai kata sandi"),
            "mfa_reauthenticate": _("Pakai kode dari aplikasi"),
            "mfa_reauthenticate:webauthn": _("Pakai kunci sandi"),
        }
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**one, "description": words.get(one["id"], one["description"])} for one in methods]


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {  # noqa: RUF012 - allauth's own idiom
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "Peran Anda mewajibkan verifikasi dua langkah. Pasang cara lain dahulu, lalu hapus yang ini."
        ),
        "incorrect_code": InvitationOnly.error_messages["incorrect_code"],
    }

    def get_totp_issuer(self) -> str:
        return f"Redaksi {settings.REDAKSI.office.name}"

    def get_totp_label(self, user: Person) -> str:
        return user.username

    def encrypt(self, text: str) -> str:
        """Keep the secrets of codes readable only with the key in the data folder."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # The key in the data folder is another one: no code fits, and an admin removes the factor.
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not must_use_second_factor(authenticator.user):
            return True
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Kunci sandi %(number)d") % {"number": count + 1}


def _box() -> Fernet:
    key = hashlib.sha256(f"redaksi.second-factor:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def must_use_second_factor(person: Person) -> bool:
    """Say whether a role held today demands a second factor, by settings.yaml."""
    return bool(person.roles & set(settings.REDAKSI.signin.second_factor))


def has_second_factor(person: Person) -> bool:
    rows = Authenticator.objects.filter(user=person)
    return bool(rows.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


# What allauth tells of, written into the log.

FACTORS = {
    Authenticator.Type.TOTP: "aplikasi kode",
    Authenticator.Type.WEBAUTHN: "kunci sandi",
    Authenticator.Type.RECOVERY_CODES: "kode cadangan",
}


def signed_in(request: HttpRequest, user: Person, **_how: Any) -> None:
    log("signin", by=user, person=user, note=_where(request))


def factor_failed(request: HttpRequest, user: Person, authenticator: Authenticator, **_how: Any) -> None:
    log("factor_failed", person=user, note=_where(request, FACTORS[authenticator.type]))


def factor_added(user: Person, authenticator: Authenticator, **_how: Any) -> None:
    log("factor_add", by=user, person=user, note=FACTORS[authenticator.type])


def factor_removed(request: HttpRequest, user: Person, authenticator: Authenticator, **_how: Any) -> None:
    request.session.pop(HAS_FACTOR, None)
    log("factor_remove", by=user, person=user, note=FACTORS[authenticator.type])


def factor_renewed(user: Person, authenticator: Authenticator, **_how: Any) -> None:
    log("factor_renew", by=user, person=user, note=FACTORS[authenticator.type])


def password_changed(user: Person, **_how: Any) -> None:
    log("password", by=user, person=user)


def _where(request: HttpRequest, first: str = "") -> str:
    from allauth.core.internal.httpkit import get_client_ip

    place = masked_address(get_client_ip(request) or "")
    return "; ".join(part for part in (first, place, device(request.headers.get("User-Agent", ""))) if part)


def masked_address(ip: str) -> str:
    """Return an IP address of which only the net can be told."""
    if ":" in ip:
        return ":".join([*ip.split(":")[:2], "x"])
    return ".".join([*ip.split(".")[:2], "x", "x"]) if ip else ""


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR|Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS|Chromium", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iPhone atau iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux|X11|CrOS", "Linux"),
)


def device(agent: str) -> str:
    """Say in plain words what a browser calls itself, as `Chrome di Android`."""
    browser = next((name for sign, name in _BROWSERS if re.search(sign, agent)), "")
    system = next((name for sign, name in _SYSTEMS if re.search(sign, agent)), "")
    return " di ".join(part for part in (browser, system) if part) or _("perangkat tidak dikenal")


def sessions_of(person: Person, current: str = "") -> list[dict[str, Any]]:
    """Return a person's sessions that still hold, the newest used first, told in plain words."""
    rows = sorted(UserSession.objects.purge_and_list(person), key=lambda row: row.last_seen_at, reverse=True)
    return [
        {
            "pk": row.pk,
            "device": device(row.user_agent),
            "place": masked_address(row.ip),
            "since": row.created_at,
            "seen": row.last_seen_at,
            "current": row.session_key == current,
        }
        for row in rows
    ]


def to_the_door(request: HttpRequest, told: str) -> ImmediateHttpResponse:
    messages.error(request, told)
    return ImmediateHttpResponse(redirect("account_login"))
