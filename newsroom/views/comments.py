"""The desk's comments beside a story, and the list of those that call somebody."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom import comments as acts
from newsroom.acts import ActRefused
from newsroom.models import Comment, Mention, Story
from newsroom.views.access import story_for, writers
from newsroom.views.mail import act_on
from newsroom.views.thread import names_of, thread


@login_required
@require_safe
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a story's comments, the latest or those before one (`sebelum`)."""
    found = _story(request, pk)
    before = request.GET.get("sebelum", "")
    limit = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    context = {"section": "queue", "story": found, "alone": True, **thread(found, request.user, limit)}
    return render(request, _template(request), context)


@writers
@require_POST
def add_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a comment."""
    words = request.POST.get("komentar", "")
    return _act(request, pk, lambda story: acts.add(story, request.user, words), told=words)


@writers
@require_POST
def change_comment(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Change one's own comment."""
    words = request.POST.get(f"komentar-{comment_pk}", "")
    begun = request.POST.get("komentar", "")
    return _act(
        request,
        pk,
        lambda story: acts.change(_of(story, comment_pk), request.user, words),
        told=words,
        begun=begun,
    )


@writers
@require_POST
def delete_comment(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Take one's own comment back."""
    begun = request.POST.get("komentar", "")
    return _act(request, pk, lambda story: acts.delete(_of(story, comment_pk), request.user), begun=begun)


@login_required
@require_safe
def mentions(request: HttpRequest) -> HttpResponse:
    """List the comments that call this person, unread ones first."""
    if not request.user.sees:
        raise PermissionDenied
    rows = request.user.mentions.select_related("comment__by", "comment__story").order_by(
        F("read_at").desc(nulls_first=True), "-id"
    )
    page = Paginator(rows, 50).get_page(request.GET.get("hal"))
    names = names_of(acts.desk())
    for row in page:
        row.html = acts.as_html(row.comment.text, names)
    return render(request, "newsroom/mentions.html", {"section": "more", "page": page})


@login_required
@require_POST
def read_mentions(request: HttpRequest) -> HttpResponse:
    """Note that this person has read what calls them: on one story (`berita`), or everything."""
    if not request.user.sees:
        raise PermissionDenied
    rows = Mention.objects.filter(person=request.user, read_at=None)
    story = request.POST.get("tentang", "")
    if story.isascii() and story.isdigit() and len(story) < 19:
        rows = rows.filter(comment__story=int(story))
    rows.update(read_at=timezone.now())
    return HttpResponse(status=204) if "HX-Request" in request.headers else redirect("mentions")


def _act(
    request: HttpRequest, pk: int, act: Callable[[Story], object], *, told: str = "", begun: str = ""
) -> HttpResponse:
    """Do it and renew the thread alone; without script, save the typed text of the story first, as every button does.

    The field of a new comment keeps what was `begun` there, and what was `told` if that was refused.
    """
    found = _story(request, pk)
    if "HX-Request" not in request.headers:
        return act_on(request, pk, _plainly(act))
    refusal = ""
    try:
        act(found)
    except ActRefused as error:
        refusal = str(error)
    typed = "\n\n".join(filter(None, (begun, told if refusal else "")))
    context = {"story": found, "talk_refusal": refusal, "talk_typed": typed, **thread(found, request.user)}
    return render(request, "newsroom/_talk.html", context)


def _plainly(act: Callable[[Story], object]) -> Callable[[Story], str]:
    def done(story: Story) -> str:
        try:
            act(story)
        except ActRefused as error:
            return str(error)
        return _("Komentar tersimpan.")

    return done


def _story(request: HttpRequest, pk: int) -> Story:
    """Return the story for somebody of the desk. Raises Http404, PermissionDenied."""
    if not request.user.sees:
        raise PermissionDenied
    return story_for(request, pk)


def _of(story: Story, pk: int) -> Comment:
    comment: Comment = get_object_or_404(story.comments.select_related("by"), pk=pk)
    return comment


def _template(request: HttpRequest) -> str:
    return "newsroom/_talk.html" if "HX-Request" in request.headers else "newsroom/comments.html"
