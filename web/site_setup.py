"""Connecting a site: an address is pasted, looked at, signed in to, tried, and written into settings.yaml.

Only administrators. What was found out so far waits in the session; a password never does: it goes into a file of
its own as soon as it comes, and is deleted again when the connecting is given up.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import config
import publishers
from config import Finding
from config.writing import Add, CannotWrite, keep_secret, lines_of, write
from newsroom.models import log
from newsroom.views import access
from pipeline.settings_file import judge, take_up
from publishers.wordpress import WordPressPublisher
from publishers.wordpress_discovery import discover
from publishers.wordpress_rehearsal import rehearse
from web.doctor import findings
from web.site_form import SiteForm, choices_of, suggested_name

View = Callable[..., HttpResponse]
KEPT = "site_setup"
"""The session's name for what was found out so far."""
APP = "Redaksi"
APP_ID = "6f0a3c0e-3b57-4b0d-9a43-8d8c3b7c2f51"
"""How WordPress knows us in its list of application passwords."""


administrators = access.administrators("site_setup")


def under_way(view: View) -> View:
    """Let in administrators who have an address looked at already; others begin."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if KEPT not in request.session:
            return redirect("site_setup")
        return view(request, dict(request.session[KEPT]), *args, **kwargs)

    return administrators(guarded)


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Ask for an address, and look at it."""
    if request.method != "POST":
        return render(request, "web/site_setup.html", {"section": "more"})
    address = request.POST.get("alamat", "").strip()[:500]
    if not address:
        return render(request, "web/site_setup.html", {"section": "more", "missing": True}, status=422)
    found = discover(address, now=timezone.now, inside=request.POST.get("di_dalam") == "1")
    if not found.kinds:
        context = {"section": "more", "address": address, "findings": found.steps, "inside": found.inside}
        return render(request, "web/site_setup.html", context, status=422)
    _forget(request)
    request.session[KEPT] = {
        "url": found.url,
        "title": found.title,
        "kinds": list(found.kinds),
        "endpoint": found.endpoint,
        "authorize": found.authorize or f"{found.url}/wp-admin/authorize-application.php",
        "steps": _as_rows(found.steps),
        "state": secrets.token_urlsafe(24),
    }
    return redirect("site_setup_found")


@under_way
@require_safe
def found(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    """Show what was found, and the ways in."""
    back = f"{request.build_absolute_uri(reverse('site_setup_back'))}?{urlencode({'state': kept['state']})}"
    # WordPress hands a password over by https only, except on machines of developers.
    handed = request.is_secure() or kept["url"].startswith("http://")
    # WordPress takes each name once for an account: a second try must have another.
    asked = {"app_name": f"{APP} {timezone.localtime():%Y-%m-%d %H.%M}", "app_id": APP_ID}
    if handed:
        asked |= {"success_url": back, "reject_url": f"{back}&success=false"}
    context = {
        "section": "more",
        "kept": kept,
        "findings": _findings(kept["steps"]),
        "handed": handed,
        "authorize": f"{kept['authorize']}?{urlencode(asked)}" if "wordpress" in kept["kinds"] else "",
        "open_line": not request.is_secure() and not _local(request),
    }
    return render(request, "web/site_setup_found.html", context)


@sensitive_post_parameters("sandi")
@require_POST
@under_way
def sign_in(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    """Take the account typed by hand, or none for a site that a person carries to."""
    kind = request.POST.get("jenis", "")
    if kind not in kept["kinds"]:
        return redirect("site_setup_found")
    if kind == "assisted":
        _keep(request, kept, kind=kind)
        return redirect("site_setup_check")
    user, password = request.POST.get("akun", "").strip()[:200], request.POST.get("sandi", "").strip()[:500]
    if not user or not password:
        messages.error(request, _("Isi nama akun dan kata sandinya."))
        return redirect("site_setup_found")
    return _signed_in(request, kept, kind, user, password)


@sensitive_variables("password")
@under_way
@require_safe
def back(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    """Take what WordPress' own page hands over, and lead on at once to an address without it."""
    state = request.GET.get("state", "")
    if not constant_time_compare(state, kept["state"]):
        messages.error(
            request,
            _("Jawaban situs ini bukan untuk penyambungan yang sedang Anda lakukan. Ulangi dari sini."),
        )
        return _leave(redirect("site_setup_found"))
    user, password = request.GET.get("user_login", "")[:200], request.GET.get("password", "")[:500]
    if request.GET.get("success") == "false" or not user or not password:
        messages.warning(
            request,
            _("Situs belum memberi izin. Anda dapat mencoba lagi, atau mengisi kata sandi aplikasi sendiri."),
        )
        return _leave(redirect("site_setup_found"))
    return _leave(_signed_in(request, kept, "wordpress", user, password))


@under_way
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    """Try all of it, and ask for what only a person knows: name, title, categories."""
    if "kind" not in kept:
        return redirect("site_setup_found")
    publisher = publishers.build(
        _site(kept, "situs-baru", kept["title"] or "Situs"), settings.REDAKSI.office.zone
    )
    tried = [] if kept["kind"] == "assisted" else publisher.check()
    good = all(one.ok for one in tried if not one.subject.endswith((": jam", ": peran")))
    held, habit = choices_of(publisher) if good and isinstance(publisher, WordPressPublisher) else ([], "")
    names = [site.name for site in settings.REDAKSI.sites]
    form = SiteForm(
        request.POST if request.method == "POST" else None,
        held=held,
        names=names,
        markup=kept["kind"] != "assisted",
        initial={
            "name": suggested_name(kept["url"], names),
            "title": kept["title"],
            "markup": habit or ("classic" if kept["kind"] == "wordpress-xmlrpc" else "block"),
        },
    )
    if request.method == "POST" and good and form.is_valid():
        _keep(request, kept, entry={**_entry(kept), **form.entry()})
        return redirect("site_setup_review")
    context = {
        "section": "more",
        "kept": kept,
        "findings": [_short(one) for one in tried],
        "rehearsed": _findings(kept.get("rehearsed", [])),
        "form": form,
        "good": good,
        "told_habit": habit,
    }
    return render(request, "web/site_setup_check.html", context, status=422 if form.errors else 200)


@require_POST
@under_way
def try_writing(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    """Write a draft with a photo at the site, read it back, remove it."""
    if "kind" in kept:
        publisher = publishers.build(_site(kept, "situs-baru", kept["title"] or "Situs"))
        _keep(request, kept, rehearsed=_as_rows([_short(one) for one in rehearse(publisher)]))
    return redirect(f"{reverse('site_setup_check')}#uji")


@under_way
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    """Show what will stand in settings.yaml; write it there, or show it to be pasted."""
    if "entry" not in kept:
        return redirect("site_setup_check")
    change = Add(("sites",), kept["entry"])
    source = settings.REDAKSI.source
    context = {
        "section": "more",
        "kept": kept,
        "lines": lines_of(change),
        "file": source.path if source else "",
    }
    if request.method != "POST" or source is None:
        return render(request, "web/site_setup_review.html", context)
    try:
        written = write(source.path, change, at=timezone.localtime(), judge=judge)
    except CannotWrite as error:
        return render(request, "web/site_setup_review.html", {**context, "unwritten": error}, status=409)
    except config.SettingsError as error:
        return render(request, "web/site_setup_review.html", {**context, "refusal": error}, status=422)
    del request.session[KEPT]
    log("setup_site", by=request.user, note=kept["entry"]["name"])
    take_up()
    context["running"] = settings.REDAKSI.site(kept["entry"]["name"]) is not None
    return render(request, "web/site_setup_done.html", {**context, "backup": written.kept.name})


@require_POST
@administrators
def cancel(request: HttpRequest) -> HttpResponse:
    """Give it up, and delete the password that came."""
    _forget(request)
    return redirect("more")


@require_POST
@never_cache
def rehearse_sites(request: HttpRequest) -> HttpResponse:
    """Show the doctor's findings with publishing rehearsed at every site."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("doctor"))
    if not request.user.operates:
        raise PermissionDenied
    return render(request, "web/doctor.html", {"findings": findings(write=True), "rehearsed": True})


# What the steps stand on


def _signed_in(
    request: HttpRequest, kept: dict[str, Any], kind: str, user: str, password: str
) -> HttpResponseRedirect:
    """Put the password away before anything else is done with it."""
    _drop_secret(kept)
    host = urlsplit(kept["url"]).hostname or "situs"
    try:
        file = keep_secret(
            settings.REDAKSI.data / "secrets", f"{host}-{timezone.localtime():%Y%m%d-%H%M%S}", password
        )
    except OSError as error:
        messages.error(request, _("Kata sandi tidak dapat disimpan di folder data: %s.") % error.strerror)
        return redirect("site_setup_found")
    _keep(request, kept, kind=kind, user=user, password_file=str(file), rehearsed=[])
    return redirect("site_setup_check")


def _leave(response: HttpResponseRedirect) -> HttpResponseRedirect:
    """Tell nobody the address this was answered at."""
    response["Referrer-Policy"] = "no-referrer"
    return response


def _keep(request: HttpRequest, kept: dict[str, Any], **changes: Any) -> None:
    request.session[KEPT] = {**kept, **changes}


def _forget(request: HttpRequest) -> None:
    _drop_secret(request.session.pop(KEPT, {}))


def _drop_secret(kept: dict[str, Any]) -> None:
    """Delete a password that no site of the settings has come to use."""
    named = kept.get("password_file")
    used = {site.options.get("password_file") for site in settings.REDAKSI.sites}
    if named and named not in used:
        Path(named).unlink(missing_ok=True)


def _entry(kept: dict[str, Any]) -> dict[str, Any]:
    """Return what the settings need to know of the site beyond what a person chooses."""
    entry: dict[str, Any] = {"name": "", "kind": kept["kind"], "title": "", "url": kept["url"]}
    if kept["kind"] == "assisted":
        return entry
    if kept["kind"] == "wordpress-xmlrpc" and kept["endpoint"]:
        entry["endpoint"] = kept["endpoint"]
    file, source = Path(kept["password_file"]), settings.REDAKSI.source
    near = source is not None and file.is_relative_to(source.path.parent)
    return {
        **entry,
        "user": kept["user"],
        "password_file": f"./{file.relative_to(source.path.parent)}" if near else str(file),
    }


def _site(kept: dict[str, Any], name: str, title: str) -> config.Site:
    entry = {**_entry(kept), "name": name, "title": title}
    if "password_file" in entry:
        entry["password_file"] = kept["password_file"]
    return config.Site.model_validate(entry)


def _short(finding: Finding) -> Finding:
    """Leave out the name the site has not got yet."""
    return Finding(finding.subject.partition(": ")[2], finding.ok, finding.sentence)


def _as_rows(steps: Any) -> list[list[Any]]:
    return [[one.subject, one.ok, one.sentence] for one in steps]


def _findings(rows: list[list[Any]]) -> list[Finding]:
    return [Finding(*row) for row in rows]


def _local(request: HttpRequest) -> bool:
    return request.get_host().partition(":")[0] in ("127.0.0.1", "localhost")
