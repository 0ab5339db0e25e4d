"""While somebody writes: the browser sends their words here, and they lie before them when they come back."""

from __future__ import annotations

import json
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from newsroom.drafts import Sent, keep, settle
from newsroom.editing import may_edit
from newsroom.forms import LONGEST_BODY, Paper, lay_out
from newsroom.models import Person, Revision, Story
from newsroom.templatetags.office import short
from newsroom.views.access import story_for, writers
from newsroom.views.merging import PHOTO_TEXT, beside, unsaved

Name = Annotated[str, Field(pattern=r"^[\w.:-]{1,200}$")]
Page = Annotated[str, Field(pattern=r"^[\w-]{1,40}$")]
Turn = Annotated[int, Field(ge=0, le=2**31)]
Words = Annotated[str, Field(max_length=2 * LONGEST_BODY)]
MOST_FIELDS = 5000


class Typed(BaseModel):
    """What the browser sends."""

    model_config = ConfigDict(extra="forbid", strict=True)

    page: Page
    person: int
    seen: Annotated[int, Field(ge=1, le=2**62)] | None
    words: Annotated[dict[Name, Words | bool | None], Field(max_length=MOST_FIELDS)]
    turns: Annotated[dict[Name, Turn], Field(max_length=MOST_FIELDS)]


class Read(BaseModel):
    """What a form says of the draft its page has read."""

    page: Page
    turns: dict[Name, Turn]


@require_safe
def draft_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell a page whose session ended whether its person has signed in again, with their new form token."""
    if not request.user.is_authenticated:
        return _answer({}, 401)
    story_for(request, pk)
    return _answer({"token": get_token(request)})


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is being typed."""
    if not request.user.is_authenticated:
        return _answer({}, 401)
    found = story_for(request, pk)
    try:
        typed = Typed.model_validate_json(request.body)
    except ValidationError:
        return _answer({}, 400)
    if typed.person != request.user.pk:
        return _answer({}, 401)
    words = {
        name: word.replace("\0", "") if isinstance(word, str) else word for name, word in typed.words.items()
    }
    kept = keep(found, request.user, Sent(typed.page, typed.seen, words, typed.turns))
    if kept.stale:
        return _answer({"stale": True}, 409)
    told = {
        "at": short(timezone.now()),
        "turns": kept.turns,
        "elsewhere": kept.elsewhere,
        "gone": kept.gone,
        "clashes": kept.clashes,
        "overtaken": _overtaken_by(found) if typed.seen != found.revision_id else "",
    }
    return _answer(told)


@writers
@require_POST
def discard_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the unsaved words away and show the story as it is saved."""
    found = story_for(request, pk)
    found.drafts.filter(person=request.user).update(words={})
    forget_draft(request, found)
    return redirect("story", pk=pk)


def forget_draft(request: HttpRequest, story: Story) -> None:
    """Drop from the draft what the page that was just sent holds."""
    try:
        read = Read.model_validate_json(request.POST.get("draf", ""))
    except ValidationError:
        return  # a browser without script keeps no draft, and has read none
    settle(story, request.user, read.page, read.turns)


def left_behind(request: HttpRequest, story: Story) -> tuple[QueryDict, dict[str, Any]] | None:
    """Return the person's unsaved words laid over a story that has moved on since, and what to tell them."""
    person: Person = request.user
    row = story.drafts.filter(person=person).exclude(words={}).first()
    if row is None or (row.seen == story.revision_id and may_edit(story, person)):
        return None
    base = story.revisions.filter(pk=row.seen).first()
    merged, second = beside(story, person, _as_posted(story, base, row.words), base)
    if not unsaved(story, merged):
        row.words = {}
        row.save(update_fields=["words"])
        return None
    return merged, second


def before_writing(request: HttpRequest, paper: Paper) -> str:
    """Return what the page's script must know, as JSON: the draft, and what is saved where the form shows other words."""
    story, person = paper.story, request.user
    row = story.drafts.filter(person=person).exclude(words={}).first()
    told: dict[str, Any] = {"seen": row.seen if row else None, "words": row.words if row else {}}
    if paper.form.is_bound:
        told["saved"] = _as_saved(story, person)
        try:
            told["posted"] = Read.model_validate_json(request.POST.get("draf", "")).page
        except ValidationError:
            told["posted"] = ""
    return json.dumps(told)


def _as_posted(story: Story, base: Revision | None, words: dict[str, Any]) -> QueryDict:
    """Return the form as it would have been sent by somebody who wrote these words on `base`."""
    posted = QueryDict(mutable=True)
    for name in Revision.TEXT:
        posted[name] = getattr(base or story, name)
    began = {photo["sha256"]: photo for photo in base.photos} if base else {}
    for photo in story.photos.all():
        for name in PHOTO_TEXT:
            posted[f"foto-{photo.pk}-{name}"] = began.get(photo.sha256, {}).get(name, getattr(photo, name))
    for name, word in words.items():
        if name in posted and isinstance(word["value"], str):
            posted[name] = word["value"]
    return posted


def _as_saved(story: Story, person: Person) -> dict[str, str | bool]:
    """Return what each field of the form would show if only what is saved were in it."""
    paper = lay_out(story, person)
    saved: dict[str, str | bool] = {}
    for form in (paper.form, *paper.photos):
        for bound in form:
            value = bound.value()
            if bound.name == "sites":
                saved |= {f"sites{choice}": choice in value for choice, _title in bound.field.choices}
            elif bound.name == "embargo_until":
                saved["embargo_until"] = f"{value:%Y-%m-%dT%H:%M}" if value else ""
            else:
                saved[bound.html_name] = (
                    value if isinstance(value, bool) else str(value or "").replace("\r\n", "\n")
                )
    return saved


def _overtaken_by(story: Story) -> str:
    latest = story.revisions.select_related("by").last()
    return str(latest.by) if latest and latest.by else _("Redaksi")


def _answer(told: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(told, status=status, headers={"Cache-Control": "no-store"})
