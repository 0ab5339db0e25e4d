"""A proposal's own page, and what editors do about proposals and about stories that are like others."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom import proposals as acts
from newsroom.acts import ActRefused
from newsroom.editing import may_edit
from newsroom.forms import lay_out
from newsroom.models import PUBLIC, Proposal, Story, Submission
from newsroom.views.access import operators, story_for
from newsroom.views.banners import offer
from newsroom.views.story import saved


@login_required
@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a mail would change on a story, beside the mail itself."""
    found = _proposal(pk)
    story = story_for(request, found.story_id)
    context = {
        "section": "published" if story.state in PUBLIC else "queue",
        "story": story,
        "mail": found.submission,
        "offer": offer(found, story, request.user),
        "history": found.submission.log.select_related("by").order_by("-id"),
    }
    return render(request, "newsroom/proposal.html", context)


@operators
@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    found = _proposal(pk)
    return _act(
        request,
        found.story_id,
        lambda _story: acts.decline(found, request.user),
        _("Usulan tidak dipakai. Surelnya tetap tersimpan; keputusan ini dapat diubah di halaman usulan."),
    )


@operators
@require_POST
def reconsider(request: HttpRequest, pk: int) -> HttpResponse:
    found = _proposal(pk)
    return _act(
        request,
        found.story_id,
        lambda _story: acts.reconsider(found, request.user),
        _("Usulan itu menunggu keputusan lagi."),
    )


@operators
@require_POST
def separate(request: HttpRequest, pk: int) -> HttpResponse:
    found = _proposal(pk)
    return _act(
        request,
        found.story_id,
        lambda _story: acts.separate(found, request.user),
        _("Surel itu dijadikan berita sendiri; sebentar lagi ada di antrean."),
    )


@operators
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a repeated story together with the one that came first."""
    mail = _mail(pk)
    seen_other = request.POST.get(f"seen-{mail.pk}", "")

    def act(story: Story) -> None:
        acts.join(
            mail,
            request.user,
            seen=story.revision_id,
            seen_other=int(seen_other[:18]) if seen_other.isascii() and seen_other.isdecimal() else None,
        )

    said = _("Digabungkan: foto yang belum ada dipindahkan ke berita pertama, dan berita ini ditolak.")
    return _act(request, mail.story_id or 0, act, said)


@operators
@require_POST
def differ(request: HttpRequest, pk: int) -> HttpResponse:
    mail = _mail(pk)
    said = _("Dicatat: bukan kiriman ulang.")
    return _act(request, mail.story_id or 0, lambda _story: acts.differ(mail, request.user), said)


@operators
@require_POST
def alike(request: HttpRequest, pk: int) -> HttpResponse:
    mail = _mail(pk)
    said = _("Tanda kemungkinan kiriman ulang dipasang lagi.")
    return _act(request, mail.story_id or 0, lambda _story: acts.alike(mail, request.user), said)


def _act(request: HttpRequest, story_pk: int, act: Callable[[Story], None], said: str) -> HttpResponse:
    """Save what was typed on the story's page, then act on the story as saved."""
    story = story_for(request, story_pk)
    typed = "seen_state" in request.POST and may_edit(story, request.user)
    if typed and (refused := saved(request, lay_out(story, request.user, request.POST))):
        return refused
    try:
        act(story)
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("story", pk=story_pk)


def _proposal(pk: int) -> Proposal:
    proposals = Proposal.objects.select_related("submission__contributor", "story", "answered_by")
    found: Proposal = get_object_or_404(proposals, pk=pk)
    return found


def _mail(pk: int) -> Submission:
    mails = Submission.objects.select_related("story", "duplicate_of__story__merged_into")
    found: Submission = get_object_or_404(mails, pk=pk)
    return found
