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

from newsroom.models import Story

View = Callable[..., HttpResponse]


def operators(view: View) -> View:
    """Let in those who may repair what is stuck, and to look those who see everything; others get 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            # What was sent by a form cannot be sent again by a link: lead back to the page of the form.
            return redirect_to_login(reverse("attention") if request.method == "POST" else request.path)
        looks = request.method in ("GET", "HEAD") and request.user.sees
        if not (request.user.operates or looks):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def archivists(view: View) -> View:
    """Let in those who may keep the register of media, and to look those who see everything; others get 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("media") if request.method == "POST" else request.path)
        looks = request.method in ("GET", "HEAD") and request.user.sees
        if not (request.user.archives or looks):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


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
