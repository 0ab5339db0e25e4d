"""The setup's doors for mail: a mailbox to read and a server for letters, each tried before it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import ValidationError

import config
import ingest
from config import Finding
from config.faults import explain
from config.splicing import Change
from config.writing import Add, Put, Replace, held, mark_of
from newsroom.models import Person, log
from pipeline import post
from web.setup_forms import MailboxForm, OutgoingForm
from web.setup_secrets import drop, put_away
from web.setup_writing import (
    Outcome,
    administrators,
    anchored,
    as_written,
    carry_out,
    file,
    restart_wanted,
    written_lines,
)

BOX, SERVER = "setup_mailbox", "setup_outgoing"
"""The session's names for what was tried and is not written yet."""
PLACES = ("password_env", "password_file", "oauth")
PATIENCE = 10
"""Seconds a person before the page waits for a mail server that says nothing; the worker has more."""


@administrators
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """Show the doors there are."""
    return render(request, "web/setup_mail.html", {**_frame(), "outgoing": settings.REDAKSI.outgoing})


@sensitive_post_parameters("password")
@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox(request: HttpRequest) -> HttpResponse:
    """Ask for a mailbox, and try it step by step."""
    kept = request.session.get(BOX, {})
    form = MailboxForm(request.POST or None, initial=_box_shown(request, kept))
    context: dict[str, Any] = {**_frame(), "form": form, "has_password": bool(kept.get("password_file"))}
    if request.method != "POST" or not form.is_valid():
        return render(request, "web/setup_mailbox.html", context, status=422 if form.errors else 200)
    known = form.cleaned_data.get("known")
    if known and not known.password:
        lines = _grant_lines(form.entry(), known)
        context |= {"grant": known, "lines": lines, "name": form.cleaned_data["name"]}
        return render(request, "web/setup_mailbox.html", context, status=422)
    tried, findings = _tried(request, BOX, form.entry(), form.cleaned_data, _try_mailbox)
    if tried is None or not all(one.ok for one in findings):
        context |= {
            "findings": findings,
            "has_password": bool(request.session.get(BOX, {}).get("password_file")),
        }
        context |= {"hint": known}
        return render(request, "web/setup_mailbox.html", context, status=422)
    return redirect("setup_mailbox_review")


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox_review(request: HttpRequest) -> HttpResponse:
    """Show what was found and the lines to be written; write them."""
    kept = request.session.get(BOX)
    if not kept or not kept.get("good"):
        return redirect("setup_mailbox")
    name = kept["entry"]["name"]
    raw = held(file(), "mailboxes", name)
    entry = {**_without_places(raw or {}, kept["entry"]), **kept["entry"]}
    change = (Replace if raw else Add)(("mailboxes",), entry)
    seen = {("mailboxes", name): kept["seen"]}
    return _review(request, BOX, [change], seen, verb="setup_mailbox", note=name, replaces=bool(raw))


@sensitive_post_parameters("password")
@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def outgoing(request: HttpRequest) -> HttpResponse:
    """Ask for the server letters leave by, and try it up to its sign-in."""
    kept = request.session.get(SERVER, {})
    form = OutgoingForm(request.POST or None, initial=_server_shown(kept))
    context: dict[str, Any] = {**_frame(), "form": form, "has_password": bool(kept.get("password_file"))}
    if request.method != "POST" or not form.is_valid():
        return render(request, "web/setup_outgoing.html", context, status=422 if form.errors else 200)
    tried, findings = _tried(request, SERVER, form.entry(), form.cleaned_data, _try_server)
    if tried is None or not all(one.ok for one in findings):
        context |= {
            "findings": findings,
            "has_password": bool(request.session.get(SERVER, {}).get("password_file")),
        }
        return render(request, "web/setup_outgoing.html", context, status=422)
    return redirect("setup_outgoing_review")


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def outgoing_review(request: HttpRequest) -> HttpResponse:
    """Show the lines for letters, and write them."""
    kept = request.session.get(SERVER)
    if not kept or not kept.get("good"):
        return redirect("setup_outgoing")
    raw = held(file(), "outgoing") or {}
    entry = kept["entry"]
    # What was emptied goes from the file, too: the server is used as it was tried.
    asked = (*PLACES, "user", "ca_file")
    gone = {key: None for key in asked if raw.get(key) and key not in entry}
    wanted = {key: value for key, value in {**entry, **gone}.items() if raw.get(key) != value}
    changes: list[Change] = [Put(("outgoing", key), value) for key, value in wanted.items()]
    if not raw:  # one line is easier to read and to paste than five
        changes = [Put(("outgoing",), entry)]
    seen = {("outgoing",): kept["seen"]}
    return _review(request, SERVER, changes, seen, verb="setup_outgoing", note=entry["host"])


@require_POST
@administrators
def forget(request: HttpRequest) -> HttpResponse:
    """Give up what was tried and not written, and delete its password."""
    for name in (BOX, SERVER):
        drop(request.session.pop(name, {}).get("password_file", ""))
    return redirect("setup_mail")


# What the steps stand on


def _frame() -> dict[str, Any]:
    return {
        "section": "more",
        "at_setup": True,
        "step": "surel",
        "number": 3,
        "boxes": settings.REDAKSI.mailboxes,
        "restart": restart_wanted(),
    }


def _review(
    request: HttpRequest,
    name: str,
    changes: list[Change],
    seen: dict[tuple[str, ...], str],
    *,
    verb: str,
    note: str,
    replaces: bool = False,
) -> HttpResponse:
    kept = request.session[name]
    outcome = carry_out(changes, seen) if request.method == "POST" else Outcome()
    if outcome.done:
        del request.session[name]
        log(verb, by=request.user if isinstance(request.user, Person) else None, note=note)
        messages.success(
            request, _("%(name)s sudah ditulis ke pengaturan dan langsung dipakai.") % {"name": note}
        )
        return redirect("setup_mail")
    if outcome.refusal:  # the person has now been told of what stands there
        place = next(iter(seen))
        request.session[name] = {**kept, "seen": mark_of(held(file(), *place))}
    context = {
        **_frame(),
        "findings": [Finding(*row) for row in kept["findings"]],
        "lines": written_lines(changes),
        "file": file(),
        "outcome": outcome,
        "replaces": replaces,
        "secret": "password_file" in kept["entry"],
        "back": name,
    }
    return render(request, "web/setup_review.html", context, status=outcome.status)


@sensitive_variables("password")
def _tried(
    request: HttpRequest,
    name: str,
    entry: dict[str, Any],
    given: dict[str, Any],
    attempt: Callable[[dict[str, Any]], list[Finding]],
) -> tuple[dict[str, Any] | None, list[Finding]]:
    """Put the password away, try what was filled in, and keep both for the next page."""
    kept = request.session.get(name, {})
    secret = kept.get("password_file", "")
    password = given.get("password", "")
    if password and "user" in entry:
        try:
            secret = put_away(password, entry["host"], before=secret)
        except OSError as error:
            told = _("Kata sandi tidak dapat disimpan di folder data: %s.") % error.strerror
            return None, [Finding("kata sandi", False, told)]
    place: tuple[str, ...] = ("mailboxes", entry["name"]) if name == BOX else ("outgoing",)
    raw = held(file(), *place)
    if "user" in entry:
        entry |= _secret_of(secret, entry, raw or {})
        if not any(key in entry for key in PLACES):
            return None, [Finding(_("kata sandi"), False, _("Isi kata sandinya."))]
    findings = attempt(entry)
    request.session[name] = {
        "entry": entry,
        "password_file": secret,
        "findings": [[one.subject, one.ok, one.sentence] for one in findings],
        "good": bool(findings) and all(one.ok for one in findings),
        "seen": mark_of(raw),
    }
    return entry, findings


def _secret_of(secret: str, entry: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """Say where the password lies: what was typed now, else what the file already names for this account."""
    if secret:
        return {"password_file": as_written(Path(secret))}
    if raw.get("user") == entry["user"] and raw.get("host") == entry["host"]:
        return {key: raw[key] for key in PLACES if raw.get(key)}
    return {}


def _try_mailbox(entry: dict[str, Any]) -> list[Finding]:
    try:
        if entry["kind"] == "folder":
            return _try_folder(entry)
        box = config.ImapMailbox.model_validate({"timeout": PATIENCE, **_placed(entry)})
    except ValidationError as error:
        return [Finding(_("isian"), False, " ".join(explain(error)))]
    return [_short(one) for one in ingest.check(box)]


def _try_folder(entry: dict[str, Any]) -> list[Finding]:
    path = anchored(entry["path"])
    made = not path.exists()
    try:
        if made:
            for part in ("tmp", "new", "cur"):
                (path / part).mkdir(parents=True)
    except OSError as error:
        told = _("Folder %(path)s tidak dapat dibuat: %(why)s.") % {"path": path, "why": error.strerror}
        return [Finding("folder", False, told)]
    found = [
        _short(one) for one in ingest.check(config.FolderMailbox.model_validate({**entry, "path": path}))
    ]
    return [*([Finding("folder", True, _("Folder baru dibuat sebagai Maildir."))] if made else []), *found]


def _try_server(entry: dict[str, Any]) -> list[Finding]:
    try:
        wanted = config.Outgoing.model_validate(_placed(entry))
    except ValidationError as error:
        return [Finding(_("isian"), False, " ".join(explain(error)))]
    return [post.check(wanted)]


def _placed(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the entry with its files where the settings would find them."""
    files = {key: anchored(entry[key]) for key in ("password_file", "ca_file") if key in entry}
    return {**entry, **files}


def _short(finding: Finding) -> Finding:
    """Leave out the name the mailbox has not got yet."""
    return Finding(finding.subject.partition(": ")[2] or finding.subject, finding.ok, finding.sentence)


def _without_places(raw: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """Return what stands in the file and is not asked for here; an entry of another kind has nothing to keep."""
    if raw.get("kind") != entry["kind"]:
        return {}
    asked = ("host", "port", "security", "ca_file", "user", "folder", "path", *PLACES)
    return {key: value for key, value in raw.items() if key not in asked}


def _grant_lines(entry: dict[str, Any], known: ingest.Provider) -> str:
    grant = {"provider": known.grant, "client_id": "…", "token_file": f"./var/{entry['name']}.izin"}
    kept = {key: value for key, value in entry.items() if key not in ("port", "security", "folder")}
    return written_lines([Add(("mailboxes",), {**kept, "oauth": grant})])


def _box_shown(request: HttpRequest, kept: dict[str, Any]) -> dict[str, Any]:
    """Return what the form begins with: what was tried last, the entry asked for, or a first suggestion."""
    named = request.GET.get("nama", "")
    raw = kept.get("entry") or (held(file(), "mailboxes", named) if named else None)
    if raw:
        since = raw.get("since_days")
        return {**raw, "since_days": "" if since is None else str(since)}
    taken = {box.name for box in settings.REDAKSI.mailboxes}
    free = next(name for name in ("resmi", "resmi-2", "resmi-3", "") if name not in taken)
    return {"kind": "imap", "name": free, "since_days": "0", "folder": "INBOX", "security": "tls"}


def _server_shown(kept: dict[str, Any]) -> dict[str, Any]:
    now = settings.REDAKSI.outgoing
    if kept.get("entry"):
        return dict(kept["entry"])
    if now.host:
        raw = held(file(), "outgoing") or {}
        return {key: raw.get(key, "") for key in ("sender", "host", "port", "security", "user", "ca_file")}
    return {"security": "starttls"}
