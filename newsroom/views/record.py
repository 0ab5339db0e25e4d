"""A published story as a printed record, and a photo with its facts; what is said of them for those who look later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.acts import ActRefused
from newsroom.describing import Description, Subject, describe, description_of
from newsroom.describing_proposals import Proposals, propose, propose_for_photo
from newsroom.likeness import similar
from newsroom.models import PUBLIC, Leader, Origin, Person, Photo, Revision, Story, Tag
from newsroom.photos import barred
from newsroom.picking import picked
from newsroom.views.access import story_for
from newsroom.views.photo_facts import facts_for, sent_by
from newsroom.views.proofs import receipts
from newsroom.views.standing import fixity, standings
from newsroom.workflow import sealed_versions

SIMILAR = 8
OFFERED_TAGS = 200
"""Tags an archivist's field completes."""


@login_required
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one published story as a printed record: text, photos, proofs, versions, originals, fixity."""
    story = story_for(request, pk)
    if story.state not in PUBLIC:
        raise Http404
    versions = list(sealed_versions(story))
    by_sha = {photo.sha256: photo for photo in story.photos.all()}
    present = versions[-1]
    deliveries = list(story.deliveries.all())
    context = {
        "section": "archive",
        "story": story,
        "text": present,
        "origin": Origin.objects.filter(story=story).select_related("source").first(),
        "photos": [{**photo, "row": by_sha.get(photo["sha256"])} for photo in present.photos],
        "versions": list(reversed(versions)),
        "packages": [fixity(package) for package in story.packages.order_by("-version", "-revision")],
        "standings": standings(story, deliveries),
        "receipts": receipts(deliveries, story.proofs.all(), versions),
        "mails": story.mails.prefetch_related("attachments"),
        "originals": [
            photo
            for photo in story.photos.select_related("submission__contributor")
            if sent_by(photo, request.user)
        ],
        "story_picked": story.pk in picked(request.session).stories,
        **describing_panel(story, request.user, present),
    }
    return render(request, "newsroom/record.html", context)


@login_required
@require_safe
def archive_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one photo of a published story, what its file says, and what is like it."""
    photo, story = _photo(request, pk)
    row = next((p for p in photos_as_sealed(story) if p["sha256"] == photo.sha256), None)
    shown = {**(row or {}), "caption": (row or {}).get("caption", photo.caption)}
    shown_photos = story.photos.filter(left_out=False, readable=True)
    neighbours = list(shown_photos.values_list("pk", flat=True))
    at = neighbours.index(photo.pk) if photo.pk in neighbours else 0
    context = {
        "section": "archive",
        "photo": photo,
        "story": story,
        "caption": shown["caption"],
        "credit": shown.get("credit", photo.credit),
        "facts": facts_for(photo, request.user),
        "may_have_file": sent_by(photo, request.user),
        "barred": barred(photo) or photo.exposed,
        "before": neighbours[at - 1] if at > 0 else None,
        "after": neighbours[at + 1] if at + 1 < len(neighbours) else None,
        "number": at + 1,
        "count": len(neighbours),
        "similar": similar(photo, request.user, SIMILAR),
        "photo_picked": photo.pk in picked(request.session).photos,
        **describing_panel(photo, request.user),
    }
    return render(request, "newsroom/archive_photo.html", context)


@login_required
@require_POST
def describe_story(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is said of a story; the verified text stays as it is."""
    story = story_for(request, pk)
    back = ("record", story.pk) if request.POST.get("kembali") == "arsip" else ("story", story.pk)
    return _described(request, story, story, back)


@login_required
@require_POST
def describe_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep who is shown on a photo, and its tags."""
    photo, story = _photo(request, pk)
    return _described(request, photo, story, ("archive_photo", photo.pk))


def _described(request: HttpRequest, subject: Subject, story: Story, back: tuple[str, int]) -> HttpResponse:
    if not request.user.archives:
        raise PermissionDenied
    try:
        wanted = _wanted(request, subject)
        changed = describe(subject, request.user, wanted, seen=request.POST.get("seen", ""))
    except ActRefused as error:
        panel = describing_panel(subject, request.user, typed=request.POST)
        context = {"section": "archive", "story": story, "refusal": str(error), "back": back, **panel}
        return render(request, "newsroom/describe.html", context, status=422)
    messages.success(request, _("Keterangan arsip tersimpan.") if changed else _("Tidak ada yang berubah."))
    return redirect(back[0], back[1])


def _wanted(request: HttpRequest, subject: Subject) -> Description:
    """Return what the form says, and the one proposal that was tapped. Raises ActRefused."""
    sent = request.POST
    day, place = sent.get("acara", "").strip(), sent.get("tempat", "").replace("\0", "")
    leaders = [
        int(one) for one in sent.getlist("pimpinan") if one.isascii() and one.isdigit() and len(one) < 10
    ]
    tags = [one for one in sent.get("tag", "").replace("\0", "").split(",") if one.strip()]
    kind, _colon, value = sent.get("usul", "").replace("\0", "").partition(":")
    match kind:
        case "acara":
            day = value
        case "tempat":
            place = value
        case "pimpinan" if value.isascii() and value.isdigit() and len(value) < 10:
            leaders.append(int(value))
        case "tag":
            tags.append(value)
    try:
        event_on = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise ActRefused(_("Tanggal acara itu tidak dikenali.")) from error
    if isinstance(subject, Photo):
        return Description(leaders=tuple(leaders), tags=tuple(tags))
    return Description(event_on, place, tuple(leaders), tuple(tags))


def describing_panel(
    subject: Subject, person: Person, sealed: Revision | None = None, typed: Any = None
) -> dict[str, Any]:
    """Return what the fold `Keterangan arsip` shows: what is said, what is proposed, and what can be chosen."""
    said = description_of(subject)
    at = _day_of(subject.story if isinstance(subject, Photo) else subject)
    leaders = list(Leader.objects.all()) if person.archives else []
    chosen = set(said.leaders)
    fields: dict[str, Any] = {
        "event_on": said.event_on.isoformat() if said.event_on else "",
        "place": said.event_place,
        "tags": ", ".join(said.tags),
    }
    if typed is not None:
        chosen = {int(one) for one in typed.getlist("pimpinan") if one.isascii() and one.isdigit()}
        fields = {
            "event_on": typed.get("acara", ""),
            "place": typed.get("tempat", ""),
            "tags": typed.get("tag", ""),
        }
    panel = {
        "subject": subject,
        "is_photo": isinstance(subject, Photo),
        "event_on": said.event_on,
        "place": said.event_place,
        "leaders": subject.leaders.all(),
        "tags": subject.tags.all(),
        "seen": said.stamp(),
        "fields": fields,
        "leader_choices": [
            (row, row.pk in chosen) for row in leaders if row.pk in chosen or not row.ends or row.ends >= at
        ],
        "tag_choices": Tag.objects.filter(retired=False)[:OFFERED_TAGS] if person.archives else [],
        "proposed": _proposed(subject, person, sealed, leaders),
    }
    return {"describing": panel}


def _day_of(story: Story) -> date:
    """Return the day a story is about: of its event, or else of its release."""
    return story.event_on or timezone.localdate(story.released_at or story.received_at)


def _proposed(
    subject: Subject, person: Person, sealed: Revision | None, leaders: Sequence[Leader]
) -> Proposals:
    if not person.archives:
        return Proposals()
    if isinstance(subject, Photo):
        return propose_for_photo(subject, leaders)
    if sealed is None:
        sealed = subject.revision
    return propose(subject, sealed, leaders) if sealed else Proposals()


def photos_as_sealed(story: Story) -> list[dict[str, Any]]:
    """Return the photos as readers have them; empty where nothing was sealed."""
    try:
        return list(story.sealed().photos)
    except Revision.DoesNotExist:
        return []


def _photo(request: HttpRequest, pk: int) -> tuple[Photo, Story]:
    photo = get_object_or_404(Photo.objects.select_related("submission__contributor"), pk=pk)
    story = story_for(request, photo.story_id)
    if story.state not in PUBLIC:
        raise Http404
    return photo, story
