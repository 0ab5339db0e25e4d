"""Approval by phone: what stands behind a link. Opening it changes nothing; sending its form answers once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from allauth.core.ratelimit import consume
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import archive
import photos
from newsroom import approval_links as links
from newsroom.acts import ActRefused
from newsroom.approval import seat
from newsroom.models import Approval, ApprovalLink, State
from newsroom.workflow import MOVES, MoveRefused, Overtaken
from pipeline.stores import THUMBNAIL, rendition
from web.accounts import device, masked_address

LONGEST_NOTE = 4000
View = Callable[..., HttpResponse]


def unseen(view: View) -> View:
    """Let nothing of the answer be kept, indexed, or named to other sites."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return guarded


@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def approve_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the sealed text a link is for, or take the answer its form sends."""
    link = links.found(token)
    if link is None:
        raise Http404
    if request.method == "POST" and not consume(request, action="approval", key=link.token_sha256):
        return _page(request, link, gone=_("Terlalu sering mencoba. Tunggu beberapa menit."), status=429)
    if reason := links.gone(link, timezone.now()):
        return _page(request, link, gone=reason, status=410)
    if request.user.is_authenticated and request.user.pk != link.person_id:
        told = _("Tautan ini untuk %(name)s, sedangkan Anda masuk sebagai %(other)s. Keluar dahulu.") % {
            "name": link.person,
            "other": request.user,
        }
        return _page(request, link, gone=told, status=403)
    if request.method == "POST":
        return _answered(request, link, token)
    return _page(request, link, token=token)


def _answered(request: HttpRequest, link: ApprovalLink, token: str) -> HttpResponse:
    verb = request.POST.get("putusan", "")
    if verb not in links.BY_PHONE:
        raise Http404
    note = request.POST.get(f"note_{verb}", "")[:LONGEST_NOTE]
    where = f"{masked_address(get_client_ip(request) or '')}; {device(request.headers.get('User-Agent', ''))}"
    pin = request.POST.get("pin", "")[:20]
    try:
        links.answer(token, verb, note=note, pin=pin, where=where, now=timezone.now())
    except (links.LinkGone, Overtaken) as error:
        return _page(request, link, gone=str(error), status=410)
    except (ActRefused, MoveRefused) as error:
        return _page(request, link, token=token, refusal=str(error), verb=verb, note=note, status=422)
    link = links.found(token) or link
    return _page(request, link, done=verb)


def _page(
    request: HttpRequest,
    link: ApprovalLink,
    *,
    token: str = "",
    gone: str = "",
    refusal: str = "",
    done: str = "",
    verb: str = "",
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    step = link.approval
    context: dict[str, Any] = {
        "user": AnonymousUser(),  # the page is the same for everybody; no frame of the desk around it
        "link": link,
        "gone": gone,
        "refusal": refusal,
        "done": done,
        "open_verb": verb,
        "note": note,
    }
    if token and not gone:
        context |= _text(step, token)
        context |= {"seat": seat(link.person, step.role), "asks_pin": links.asks_pin(link)}
        context["moves"] = [(name, MOVES[name]) for name in links.BY_PHONE]
    if done:
        context["waits"] = Approval.objects.filter(story=step.story).open().order_by("step").first()
        context["outgoing"] = step.story.state == State.VERIFIED
    return render(request, "web/approve.html", context, status=status)


def _text(step: Approval, token: str) -> dict[str, Any]:
    """Return what is to be read, as it was sealed; only the reason where it must not be shown."""
    if reason := links.hidden(step):
        return {"hidden": reason}
    known = {site.name: site.title for site in settings.REDAKSI.sites}
    return {
        "token": token,
        "text": step.revision,
        "photos": links.photos_of(step),
        "sites": [known[name] for name in step.story.sites if name in known],
        "later": Approval.objects.filter(story=step.story, step__gt=step.step)
        .open()
        .order_by("step")
        .first(),
    }


@unseen
@require_safe
def approval_photo(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Show a photo of the sealed text, small, to whoever holds a link that is still good."""
    link = links.found(token)
    if link is None or links.gone(link, timezone.now()) or links.hidden(link.approval):
        raise Http404
    shown = {photo["number"]: photo for photo in links.photos_of(link.approval)}.get(number)
    if shown is None:
        raise Http404
    try:
        path = rendition(shown["sha256"], THUMBNAIL, photos.Edits.from_json(shown.get("edits") or {}))
    except (photos.UnreadablePhoto, archive.ArchiveError) as error:
        raise Http404(str(error)) from error
    return FileResponse(path.open("rb"), content_type="image/jpeg")
