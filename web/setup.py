"""Setting the office up in the browser: a list of steps, each of which can be skipped and done again."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import photos
from config.writing import Add, Put, held, mark_of
from newsroom import passes, setting_up
from newsroom.acts import ActRefused
from newsroom.models import Contributor, Pass, Person, Role, log
from web.sample.mails import CONTRIBUTORS
from web.setup_forms import FolderSiteForm, OfficeForm, folder_site
from web.setup_writing import (
    administrators,
    as_written,
    carry_out,
    file,
    restart_wanted,
    written_lines,
)
from web.site_form import suggested_name

SHOWN = 20
"""People and invitations listed by the step; the rest stands on their own page."""
PAGES = {
    "kantor": "setup_office",
    "orang": "setup_people",
    "surel": "setup_mail",
    "situs": "setup_site",
    "uji": "setup_trial",
}


@administrators
@require_safe
def checklist(request: HttpRequest) -> HttpResponse:
    """Show what is set up and what is not."""
    found = setting_up.progress()
    context = {
        "section": "more",
        "at_setup": True,
        "progress": found,
        "steps": [(number, step, PAGES[step.name]) for number, step in enumerate(found.steps, start=1)],
        "next": next((step.name for step in found.steps if not step.settled), ""),
        "restart": restart_wanted(),
        "sample": Contributor.objects.filter(address__in=[row[0] for row in CONTRIBUTORS]).exists(),
        "data": settings.REDAKSI.data,
    }
    return render(request, "web/setup.html", context)


@require_POST
@administrators
def skip(request: HttpRequest, step: str) -> HttpResponse:
    """Leave a step for later; it stays in the list."""
    if step not in setting_up.NAMES:
        raise Http404
    log("setup_skip", by=request.user, note=step)
    return redirect("setup")


@require_POST
@administrators
def close(request: HttpRequest) -> HttpResponse:
    """Put the reminder away for everybody; the list itself stays in Lainnya."""
    log("setup_close", by=request.user)
    messages.success(request, _("Daftar penyiapan ditutup. Anda menemukannya lagi di Lainnya."))
    return redirect("queue")


@require_POST
@administrators
def reopen(request: HttpRequest) -> HttpResponse:
    log("setup_open", by=request.user)
    return redirect("setup")


# The office


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def office(request: HttpRequest) -> HttpResponse:
    """Write the office's name, zone and language."""
    now = held(file(), "office") or {}
    running = settings.REDAKSI.office
    shown = {"name": now.get("name", running.name), "zone": now.get("zone", running.zone)}
    shown |= {"language": now.get("language", running.language), "seen": mark_of(now)}
    form = OfficeForm(request.POST or None, initial=shown, now=shown["zone"])
    if request.method != "POST" or not form.is_valid():
        return _office(request, form, 422 if form.errors else 200)
    given = form.cleaned_data
    wanted = [
        Put(("office", key), given[key])
        for key in ("name", "zone", "language")
        if given[key] != shown[key] or key not in now
    ]
    outcome = carry_out(wanted, {("office",): given["seen"]})
    if not outcome.done:
        lines = written_lines(wanted)
        return _office(request, form, outcome.status, outcome=outcome, lines=lines, mark=mark_of(now))
    log("setup_office", by=request.user, note=given["name"])
    messages.success(request, _told(outcome.kept))
    return redirect("setup")


def _office(request: HttpRequest, form: OfficeForm, status: int = 200, **more: object) -> HttpResponse:
    context = {"section": "more", "at_setup": True, "form": form, "step": "kantor", "number": 1, **more}
    return render(request, "web/setup_office.html", context, status=status)


@require_POST
@administrators
def upload_logo(request: HttpRequest) -> HttpResponse:
    """Take a picture as the office's mark: drawn anew by us, and named in the settings."""
    folder = settings.REDAKSI.data / "logo"
    kept = request.POST.get("tersimpan", "")
    form = OfficeForm(initial=_running(), now=settings.REDAKSI.office.zone)
    try:
        name = kept if re.fullmatch(r"[0-9a-f]{64}", kept) else _drawn(folder, request)
    except photos.UnreadablePhoto as error:
        return _office(request, form, 422, wrong=str(error))
    except OSError as error:
        told = _("Logo tidak dapat disimpan di folder data: %s.") % error.strerror
        return _office(request, form, 422, wrong=told)
    wanted = [Put(("office", "logo"), as_written(folder / f"{name}.png"))]
    outcome = carry_out(wanted)
    if not outcome.done:
        more = {"outcome": outcome, "lines": written_lines(wanted), "drawn": name}
        return _office(request, form, outcome.status, **more)
    log("setup_office", by=request.user, note="logo")
    messages.success(request, _("Logo sudah dipakai."))
    return redirect("setup_office")


def _running() -> dict[str, str]:
    now = settings.REDAKSI.office
    raw = held(file(), "office")
    return {"name": now.name, "zone": now.zone, "language": now.language, "seen": mark_of(raw)}


def _drawn(folder: Path, request: HttpRequest) -> str:
    """Keep the sent picture under its checksum. Raises UnreadablePhoto, OSError."""
    sent = request.FILES.get("logo")
    if sent is None:
        raise photos.UnreadablePhoto(_("Pilih berkas gambarnya dahulu."))
    data = photos.logo(sent.read(photos.LARGEST_LOGO + 1))
    name = hashlib.sha256(data).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.part"
    draft.write_bytes(data)
    draft.replace(folder / f"{name}.png")
    return name


@require_safe
def office_logo(request: HttpRequest) -> HttpResponse:
    """Show the office's mark, to everybody: it stands on the page people sign in at, too."""
    path = settings.REDAKSI.office.logo
    try:
        if path is None:
            raise Http404
        picture = path.open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(picture, content_type="image/png")
    response["Cache-Control"] = "public, max-age=86400"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


# People


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Show who is here, and invite the next."""
    written = {name: request.POST.get(name, "")[:500] for name in ("name", "email", "role")}
    refusal = ""
    if request.method == "POST":
        try:
            made = passes.invite(request.user, **written)
        except ActRefused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Undangan untuk %(name)s siap.") % {"name": made.name})
            return redirect("setup_people")
    here = Person.objects.filter(is_active=True).order_by("name", "pk")
    waiting = Pass.objects.filter(kind=Pass.Kind.INVITATION, used_at=None, withdrawn_at=None).exclude(by=None)
    context = {
        "section": "more",
        "at_setup": True,
        "step": "orang",
        "number": 2,
        "people": here[:SHOWN],
        "count": here.count(),
        "invited": [(row, passes.link(row)) for row in waiting.order_by("-made_at")[:SHOWN] if row.open],
        "roles": Role.choices,
        "mails": passes.mails(),
        "written": written,
        "refusal": refusal,
    }
    return render(request, "web/setup_people.html", context, status=422 if refusal else 200)


# The first site


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def site(request: HttpRequest) -> HttpResponse:
    """Lead to the wizard for sites that exist, or make one that Redaksi writes as files."""
    taken = [one.name for one in settings.REDAKSI.sites]
    free = suggested_name("https://berita", taken)
    form = FolderSiteForm(request.POST or None, initial={"name": free})
    context = {
        "section": "more",
        "at_setup": True,
        "step": "situs",
        "number": 4,
        "form": form,
        "sites": settings.REDAKSI.sites,
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "web/setup_site.html", context, status=422 if form.errors else 200)
    given = form.cleaned_data
    wanted = [Add(("sites",), folder_site(given["name"], given["title"]))]
    outcome = carry_out(wanted)
    if not outcome.done:
        more = {"outcome": outcome, "lines": written_lines(wanted)}
        return render(request, "web/setup_site.html", {**context, **more}, status=outcome.status)
    log("setup_site", by=request.user, note=given["name"])
    messages.success(request, _told(outcome.kept))
    return redirect("setup_site")


def _told(kept: str) -> str:
    if not kept:
        return _("Tersimpan.")
    return _("Tersimpan. Pengaturan yang lama disimpan sebagai %(name)s.") % {"name": kept}
