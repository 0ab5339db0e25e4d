"""The leadership's approval at the desk: what waits for me, my answer, and the links editors send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from newsroom import approval_links as links
from newsroom.acts import ActRefused
from newsroom.approval import Signature, current, has_pin, mine, objection, seat, seats, waiting_words
from newsroom.models import Approval, Person, Photo, Right, Story
from newsroom.views.access import story_for, writers
from newsroom.workflow import MOVES, Move, MoveRefused, move

PER_PAGE = 10
SAID = (Approval.Answer.CHANGES, Approval.Answer.REFUSED)
"""What sends a story back: shown until it is verified again."""


@login_required
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """List the stories that wait for this person's word, to be read and answered."""
    if not request.user.may(Right.APPROVE):
        raise PermissionDenied
    return _list(request)


@login_required
@require_POST
def set_pin(request: HttpRequest) -> HttpResponse:
    """Keep the PIN this person answers links with."""
    if not request.user.may(Right.APPROVE):
        raise PermissionDenied
    try:
        links.set_pin(
            request.user, request.POST.get("pin", ""), request.POST.get("again", ""), timezone.now()
        )
    except ActRefused as error:
        return _list(request, pin_refusal=str(error), status=422)
    messages.success(request, _("PIN tersimpan. Tautan berikutnya menanyakannya."))
    return redirect("approvals")


def _list(request: HttpRequest, *, pin_refusal: str = "", status: int = 200) -> HttpResponse:
    person: Person = request.user
    page = Paginator(mine(person), PER_PAGE).get_page(request.GET.get("hal"))
    shown = Photo.objects.filter(left_out=False, readable=True)
    prefetch_related_objects([row.story for row in page], Prefetch("photos", shown))
    context = {
        "section": "approvals",
        "page": page,
        "rows": [{"step": row, "seat": seat(person, row.role)} for row in page],
        "moves": _moves("approve", "ask_changes", "refuse"),
        "has_pin": has_pin(person),
        "must_pin": settings.REDAKSI.approval.pin,
        "pin_refusal": pin_refusal,
    }
    return render(request, "newsroom/approvals.html", context, status=status)


@writers
@require_POST
def answer(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Answer the step that was in front of this person."""
    if verb not in MOVES or not MOVES[verb].answers:
        raise Http404
    story = story_for(request, pk)
    if not request.user.may(Right.APPROVE):
        raise PermissionDenied
    seen = request.POST.get("tahap", "")
    if not (seen.isascii() and seen.isdigit()):
        raise Http404
    try:
        move(story, verb, request.user, request.POST.get(f"note_{verb}", "")[:4000], Signature(int(seen)))
    except MoveRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _said(story, verb))
    return redirect("approvals") if "dari_daftar" in request.POST else redirect("story", pk=pk)


def _said(story: Story, verb: str) -> str:
    match verb:
        case "ask_changes":
            return _("Catatan Anda diteruskan; “%(story)s” kembali ke antrean editor.") % {"story": story}
        case "refuse":
            return _("“%(story)s” tidak disetujui dan tidak akan tayang.") % {"story": story}
    if step := current(story):
        return _("Tercatat. “%(story)s”: %(waits)s.") % {"story": story, "waits": waiting_words(step)}
    return _("Tercatat. “%(story)s” segera tayang.") % {"story": story}


@writers
@never_cache
@require_POST
def send_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link for one person; by WhatsApp it is shown this once, to be sent on."""
    story = story_for(request, pk)
    if not request.user.edits:
        raise PermissionDenied
    way, _sep, person_pk = request.POST.get("kirim", "").partition(":")
    person = Person.objects.filter(pk=int(person_pk)).first() if person_pk.isdecimal() else None
    try:
        if person is None:
            raise ActRefused(_("Pilih kepada siapa tautannya dikirim."))
        sent = links.send(story, person, way, request.user, timezone.now())
    except ActRefused as error:
        messages.error(request, str(error))
        return redirect("story", pk=pk)
    if sent.message:
        return render(
            request, "newsroom/approval_link.html", {"section": "queue", "story": story, "sent": sent}
        )
    messages.success(request, _("Tautan persetujuan disurelkan kepada %(who)s.") % {"who": person})
    return redirect("story", pk=pk)


@writers
@require_POST
def withdraw_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw the links of a story."""
    story = story_for(request, pk)
    if not request.user.edits:
        raise PermissionDenied
    if links.withdraw(story, request.user, timezone.now()):
        messages.success(request, _("Tautan persetujuan ditarik."))
    return redirect("story", pk=pk)


def approval_panel(story: Story, person: Person, now: datetime) -> dict[str, Any]:
    """Return what a story's page says of the leadership's word; nothing where it was never wanted."""
    rows = list(story.approvals.select_related("by", "instead_of").order_by("-revision", "step"))
    if not rows:
        return {}
    chain = [row for row in rows if row.revision_id == rows[0].revision_id]
    step = current(story)
    if step is None:
        sent_back = [row for row in chain if row.answer in SAID and story.state in ("queued", "spiked")]
        return {"approval_said": sent_back, "approval_chain": chain}
    step.story = story
    able = not objection(story, Approval.Answer.APPROVED, person) and person.may(Right.APPROVE)
    skips = not objection(story, Approval.Answer.SKIPPED, person) and person.may(Right.APPROVE)
    waiting = step.links.filter(used_at=None, withdrawn_at=None, expires_at__gt=now)
    verbs = (["approve", "ask_changes", "refuse"] if able else []) + (["skip_approval"] if skips else [])
    return {
        "approval_step": step,
        "approval_chain": chain,
        "approval_words": waiting_words(step),
        "approval_moves": _moves(*verbs),
        "approval_seat": seat(person, step.role) if able else None,
        "approval_seats": [one for one in seats(step.role) if one.person.pk not in story.written_by]
        if person.edits
        else [],
        "approval_links": list(waiting.select_related("person", "letter")) if person.sees else [],
    }


def _moves(*verbs: str) -> list[tuple[str, Move]]:
    return [(verb, MOVES[verb]) for verb in verbs]
