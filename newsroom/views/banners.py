"""What stands above a story: what later mails would change, and which other stories are like it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from newsroom.editing import may_edit
from newsroom.models import PUBLIC, Person, Photo, Proposal, Revision, State, Story, Submission
from newsroom.proposals import first_story
from newsroom.views.diff import Difference, as_shown, differences, labels
from newsroom.views.merging import PHOTO_TEXT, merge

OPEN = Proposal.Answer.OPEN
ELSEWHERE = 5
"""Other stories named beside a photo."""


@dataclass(frozen=True)
class Offer:
    """A proposal as it is shown: what it changes, and whether it can be taken up now."""

    proposal: Proposal
    changes: Sequence[Difference]
    overwritten: str
    """The fields in which an editor's words would go."""
    photos: Sequence[dict[str, Any]]
    hindrance: str
    """Why it cannot be taken up now; empty when it can."""


@dataclass(frozen=True)
class Likeness:
    """Another story that is the same coverage, or was thought to be."""

    mail: Submission
    other: Story
    photos: int
    cleared: bool
    """An editor said that they differ."""
    can_join: bool


def banners(request: HttpRequest, story: Story) -> dict[str, Any]:
    """Return what the page of `story` says above it to this person."""
    person: Person = request.user
    taking = taken_up(request, story)
    waiting = [] if taking else list(story.proposals.filter(answer=OPEN).select_related("submission"))
    base = _base(story) if waiting else None
    return {
        "taking": offer(taking, story, person, _chosen(request)) if taking else None,
        "offers": [offer(proposal, story, person, base=base) for proposal in waiting],
        "likenesses": list(_likenesses(story, person)) if person.operates and not taking else [],
        "later": _later(story) if person.sees else [],
        "joined": list(story.merged.filter(state=State.SPIKED)) if person.sees else [],
    }


def taken_up(request: HttpRequest, story: Story) -> Proposal | None:
    """Return the open proposal whose words stand in the form, when this person may take it up."""
    wanted = (request.POST if request.method == "POST" else request.GET).get("usulan", "")
    if not (wanted.isascii() and wanted.isdecimal()) or not request.user.edits:
        return None
    found: Proposal | None = (
        story.proposals.filter(pk=int(wanted[:18]), answer=OPEN).select_related("submission").first()
    )
    if found:
        found.story = story
    return found if may_edit(story, request.user) else None


def as_proposed(proposal: Proposal, story: Story) -> dict[str, str]:
    """Return the story's text with the fields the mail has otherwise than it had them at first."""
    return {name: proposal.text.get(name, getattr(story, name)) for name in Revision.TEXT}


def prefilled(proposal: Proposal, story: Story) -> QueryDict:
    """Return the story's form with the proposed words in it, as a browser would send it; nothing is saved."""
    words = QueryDict(mutable=True)
    words.update(as_proposed(proposal, story))
    for photo in story.photos.all():
        for name in PHOTO_TEXT:
            words[f"foto-{photo.pk}-{name}"] = getattr(photo, name)
    filled, _conflicts = merge(story, words, None)
    return filled


def offer(
    proposal: Proposal,
    story: Story,
    person: Person,
    chosen: Iterable[str] | None = None,
    base: tuple[Revision | None, Any] | None = None,
) -> Offer:
    """Return a proposal as it is shown; `base` is what _base(story) returned, when it was asked for several."""
    proposed = as_proposed(proposal, story)
    first, now = base or _base(story)
    names = labels()
    lost = [
        names[name].lower()
        for name in proposal.text
        if first
        and getattr(story, name).strip() not in (getattr(first, name).strip(), proposed[name].strip())
    ]
    ticked = None if chosen is None else set(chosen)
    return Offer(
        proposal,
        differences(as_shown(now, []), as_shown(SimpleNamespace(**proposed), [])) if proposal.text else [],
        ", ".join(lost),
        [
            {**photo, "ticked": photo["sha256"] in ticked if ticked is not None else not photo.get("like")}
            for photo in proposal.photos
        ],
        _hindrance(story, person),
    )


def _base(story: Story) -> tuple[Revision | None, Any]:
    """Return the story as it first came, and as it is now to its readers, or else to the desk."""
    now = story.sealed() if story.state in PUBLIC else story
    return story.revisions.order_by("id").first(), now


def new_photos(request: HttpRequest, story: Story) -> list[dict[str, str]]:
    """Return the photos of a proposal that are ticked, as a revision would keep them."""
    proposal = taken_up(request, story)
    chosen = set(_chosen(request) or ())
    return [
        {name: photo.get(name, "") for name in ("sha256", "filename", "caption", "credit", "alt")}
        for photo in (proposal.photos if proposal else [])
        if photo["sha256"] in chosen and photo.get("readable", True)
    ]


def mark_elsewhere(story: Story, photos: Sequence[Photo]) -> None:
    """Note on each photo the other stories that have it, of whatever age."""
    hashes = [photo.sha256 for photo in photos]
    others: dict[str, dict[int, Story]] = {}
    rows = Photo.objects.filter(sha256__in=hashes).exclude(story=story).select_related("story")
    for row in rows.only("sha256", "story__headline", "story__state").order_by("-id")[:500]:
        others.setdefault(row.sha256, {})[row.story_id] = row.story
    for photo in photos:
        photo.elsewhere = list(others.get(photo.sha256, {}).values())[:ELSEWHERE]  # type: ignore[attr-defined]


def _chosen(request: HttpRequest) -> list[str] | None:
    return request.POST.getlist("ambil") if request.method == "POST" else None


def _hindrance(story: Story, person: Person) -> str:
    if not person.edits:
        return _("Menunggu keputusan editor.")
    if story.state == State.VERIFIED:
        return _(
            "Berita ini sudah diverifikasi dan sebentar lagi tayang. Batalkan verifikasinya dahulu, atau "
            "pakai usulan ini sebagai ralat setelah tayang."
        )
    if story.state == State.SPIKED:
        return _("Berita ini ditolak. Kembalikan ke antrean dahulu bila usulannya hendak dipakai.")
    return ""


def _likenesses(story: Story, person: Person) -> Iterable[Likeness]:
    mails = story.submissions.exclude(likeness={}).select_related("duplicate_of__story__merged_into")
    for mail in mails:
        cleared = mail.duplicate_of is None
        if cleared:
            mail.duplicate_of = Submission.objects.filter(pk=mail.likeness.get("mail")).first()
        other = first_story(mail)
        if other and other != story:
            both = story.state in (State.QUEUED, State.RETURNED) and may_edit(other, person)
            yield Likeness(mail, other, mail.likeness.get("photos", 0), cleared, both and person.edits)


def _later(story: Story) -> list[Submission]:
    """Return the mails that repeat this story."""
    mails = Submission.objects.filter(duplicate_of__story=story).exclude(story=story).exclude(story=None)
    return list(mails.select_related("story").order_by("id")[:20])
