"""A story's saved texts: any two side by side, and an earlier one put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.editing import EditRefused, Overtaken, may_edit
from newsroom.models import Photo, Revision, Story
from newsroom.photos import photos_to_publish
from newsroom.revisions import lost_photos, put_back
from newsroom.views.access import story_for, writers
from newsroom.views.diff import as_shown, differences


@login_required
@require_safe
def revision(request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
    """Show what has changed between one saved text and the present one."""
    found = story_for(request, pk)
    old = get_object_or_404(_saved(found), pk=revision_pk)
    return _show(request, found, old, None)


@login_required
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Show any two saved texts side by side, the older one first; without a choice the last two."""
    found = story_for(request, pk)
    latest = list(_saved(found).order_by("-id")[:2])
    if not latest:
        raise Http404
    chosen = [_chosen(found, request.GET.get(name, "")) for name in ("dari", "ke")]
    old, new = chosen[0] or latest[-1], chosen[1] or latest[0]
    if old.pk > new.pk:
        old, new = new, old
    return _show(request, found, old, None if new.pk == found.revision_id else new)


@writers
@require_POST
def restore_revision(request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
    """Put an earlier text back as a new revision."""
    found = story_for(request, pk)
    old = get_object_or_404(_saved(found), pk=revision_pk)
    lost = lost_photos(found, old)
    seen = request.POST.get("seen", "")
    try:
        put_back(found, old, request.user, seen=int(seen) if seen.isascii() and seen.isdigit() else None)
    except Overtaken as error:
        messages.error(request, _("%(error)s Bandingkan lagi, lalu putuskan.") % {"error": error})
    except EditRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Revisi itu menjadi naskah yang sekarang. Yang tadi tetap ada di daftar revisi.")
        )
        if lost:
            told = _("Foto berikut sudah tidak ada pada berita ini, jadi tidak ikut kembali: %(names)s.")
            messages.warning(request, told % {"names": ", ".join(lost)})
    return redirect("story", pk=pk)


def _saved(story: Story) -> QuerySet[Revision]:
    saved: QuerySet[Revision] = story.revisions.select_related("by")
    return saved


def _chosen(story: Story, pk: str) -> Revision | None:
    """Return the revision somebody chose. Raises Http404 when the story has none like it."""
    if not pk:
        return None
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404
    return get_object_or_404(_saved(story), pk=int(pk))


def _show(request: HttpRequest, story: Story, old: Revision, new: Revision | None) -> HttpResponse:
    """Draw the page; `new` is None for the text as it is saved now."""
    photos = new.photos if new else photos_to_publish(story)
    context = {
        "section": "queue",
        "story": story,
        "revision": old,
        "newer": new,
        "changes": differences(as_shown(old, old.photos), as_shown(new or story, photos)),
        "choices": [
            ("dari", _("Dari"), old.pk),
            ("ke", _("Ke"), new.pk if new else story.revision_id),
        ],
        "photos_gone": _pictures(story, old.photos, photos),
        "photos_new": _pictures(story, photos, old.photos),
        "every": _saved(story).defer("body", "photos").order_by("-id"),
        "restorable": may_edit(story, request.user) and old.pk != story.revision_id,
    }
    return render(request, "newsroom/revision.html", context)


def _pictures(
    story: Story, these: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]
) -> list[Photo]:
    """Return the story's photos that stand among `these` and not among `others`."""
    wanted = {photo["sha256"] for photo in these} - {photo["sha256"] for photo in others}
    return list(story.photos.filter(sha256__in=wanted, readable=True))
