"""Who may open what. Every view asks here, whatever its page has already hidden."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache

from newsroom.models import Person, Role, Story

View = Callable[..., HttpResponse]
Guard = Callable[[View], View]
Asks = Callable[[Person], bool]


def door(back: str, *, changes: Asks, looks: Asks) -> Guard:
    """Make a door for views: who `changes` passes, to look who `looks` does too, others get 403.

    Who is signed out comes back to where they were; from a form, which no link can send again, to the page `back`.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(reverse(back) if request.method == "POST" else request.path)
            person = request.user
            if not (changes(person) or (request.method in ("GET", "HEAD") and looks(person))):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


operators = door("attention", changes=lambda person: person.operates, looks=lambda person: person.sees)
"""For those who may repair what is stuck."""
archivists = door("media", changes=lambda person: person.archives, looks=lambda person: person.sees)
"""For those who may keep the register of media."""


def administrators(back: str) -> Guard:
    """Make a door for administrators only. Who is signed out comes back to `back`: an address may hold a password."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(reverse(back))
            if request.user.role != Role.ADMIN:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return never_cache(guarded)

    return guard


def writers(view: View) -> View:
    """Ask those who were signed out while they wrote to sign in, and lead them back to their story."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("story", args=[pk]))
        return view(request, pk, *args, **kwargs)

    return guarded


def fragment(view: View) -> View:
    """Answer a page's own polling: once the person is signed out, with nothing rather than a login page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponse(status=204)
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def story_for(request: HttpRequest, pk: int) -> Story:
    """Return the story if this person may see it. Raises Http404, PermissionDenied."""
    stories = Story.objects.select_related("contributor", "author", "revision")
    story: Story = get_object_or_404(stories, pk=pk)
    person = request.user
    if not person.sees and (story.contributor is None or story.contributor.person_id != person.pk):
        raise PermissionDenied
    return story
