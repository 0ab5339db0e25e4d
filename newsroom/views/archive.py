"""The archive: find what was published, as a list or as a wall of photos."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from newsroom.models import Package, Person, Photo, Story
from newsroom.picking import Picked, picked, picked_words
from newsroom.search import facets, search
from newsroom.snippets import snippets
from newsroom.views.archive_asked import Asked, asked, facets_for, ruler_for
from newsroom.views.archive_searches import kept_searches
from newsroom.views.published import as_released, thumbnail
from newsroom.views.standing import fixity

PER_PAGE = 30
WALL_STORIES = 24
"""Stories whose photos hang on one page of the wall."""


@login_required
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """List what was published, or its photos as a wall."""
    person: Person = request.user
    question = asked(request.GET)
    per_page = WALL_STORIES if question.wall else PER_PAGE
    found = search(
        question.query,
        question.filters,
        person=person,
        order=question.order,
        page=question.page,
        per_page=per_page,
    )
    counted = facets(question.query, question.filters, person=person)
    chosen = picked(request.session)
    shown = (
        _wall(found.stories, question, chosen) if question.wall else _list(found.stories, question, chosen)
    )
    context = {
        "section": "archive",
        "asked": question,
        "found": found,
        "facets": facets_for(question, counted, person),
        "ruler": ruler_for(question, counted, person) if found.total or question.narrowed else None,
        "picked": chosen,
        "picked_words": picked_words(chosen),
        "has_next": found.more or question.page * per_page < found.total,
        "empty": not found.total and not question.narrowed,
        **kept_searches(person, question.address()),
        "carried": [(name, value) for name, value in _pairs(question) if name not in ("q", "hal")],
        **shown,
    }
    response = render(request, "newsroom/archive.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _pairs(question: Asked) -> list[tuple[str, str]]:
    return [(name, value) for name, values in question.params.lists() for value in values]


def _list(pks: list[int], question: Asked, chosen: Picked) -> dict[str, Any]:
    rows = as_released(Story.objects.filter(pk__in=pks)).prefetch_related("photos", "packages")
    by_pk = {story.pk: story for story in rows}
    stories = [by_pk[pk] for pk in pks if pk in by_pk]
    told = snippets(stories, question.query) if question.query.wanted else {}
    return {
        "rows": [
            {
                "story": story,
                "thumbnail": thumbnail(story),
                "fixity": fixity(present_package(story)),
                "snippet": told.get(story.pk),
                "picked": story.pk in set(chosen.stories),
            }
            for story in stories
        ]
    }


def _wall(pks: list[int], question: Asked, chosen: Picked) -> dict[str, Any]:
    order = {pk: at for at, pk in enumerate(pks)}
    rows = (
        Photo.objects.filter(story__in=pks, left_out=False, readable=True)
        .select_related("story")
        .prefetch_related("leaders", "tags")
    )
    photos = sorted(rows, key=lambda photo: (order[photo.story_id], photo.order, photo.pk))
    held = set(chosen.photos)
    shown = those_meant(photos, question)
    return {"photos": [{"photo": photo, "picked": photo.pk in held} for photo in shown]}


def told_apart(question: Asked) -> bool:
    """Say whether the photos of one story may be told apart by what was asked for."""
    filters = question.filters
    return bool(filters.leader or filters.tag or filters.photographer)


def those_meant(photos: list[Photo], question: Asked) -> list[Photo]:
    """Of a story whose photos are told apart by leader, tag or photographer, keep those that were asked for."""
    filters = question.filters
    ways = (
        (set(filters.leader), lambda photo: {row.pk for row in photo.leaders.all()}),
        (set(filters.tag), lambda photo: {row.pk for row in photo.tags.all()}),
        ({name.casefold() for name in filters.photographer}, lambda photo: {photo.credit.casefold()} - {""}),
    )
    for wanted, of in ways:
        if not wanted:
            continue
        marked = {photo.story_id for photo in photos if of(photo) & wanted}
        photos = [photo for photo in photos if photo.story_id not in marked or of(photo) & wanted]
    return photos


def present_package(story: Story) -> Package | None:
    """Return the package of the version readers have."""
    rows = [row for row in story.packages.all() if row.version == story.version]
    # The newest that is made; what is still to be packaged besides it is told on the record.
    return max(rows, key=lambda row: (bool(row.path), row.revision), default=None)
