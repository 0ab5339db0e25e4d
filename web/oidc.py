"""Signing in with another office's account: only for people who have an account here, never for new ones."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from newsroom.models import Person, log
from web.accounts import to_the_door


class KnownPeopleOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Person:
        """Take nothing over: what is known of people is written by the office."""
        person: Person = sociallogin.user
        return person

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Join the provider's account to the one person of this office with its verified address."""
        if sociallogin.state.get("process") not in (None, "login"):
            raise to_the_door(request, _("Cara masuk ini tidak dapat ditambahkan dari sini."))
        if sociallogin.is_existing:
            return
        verified = [row.email for row in sociallogin.email_addresses if row.verified is True]
        if not verified:
            log("signin_failed", note="akun luar tanpa alamat yang terverifikasi")
            raise to_the_door(request, _("Akun itu tidak menyebut alamat surel yang terverifikasi."))
        found = list(Person.objects.filter(is_active=True, email__iexact=verified[0]).exclude(email="")[:2])
        if len(found) != 1:
            log("signin_failed", note="akun luar tanpa undangan")
            raise to_the_door(
                request,
                _("Alamat surel akun itu belum terdaftar di kantor ini. Mintalah undangan kepada admin."),
            )
        sociallogin.connect(request, found[0])
        log("oidc_link", by=found[0], person=found[0])

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_how: Any) -> None:
        raise to_the_door(
            request, _("Masuk lewat akun kantor tidak berhasil. Coba lagi, atau pakai kata sandi.")
        )


def leave_for(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send whoever pressed the button to the provider; a link that is merely followed starts nothing."""
    if request.method != "POST":
        return redirect("account_login")
    response: HttpResponse = views.login(request, provider_id)
    return response


callback = views.callback
