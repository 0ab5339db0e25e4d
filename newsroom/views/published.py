"""Published: where does each story stand?"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import OuterRef, Prefetch, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsroom.models import Revision, Share, Story, StoryQuerySet
from newsroom.search import find
from newsroom.sharing import shareable
from newsroom.sites import lanes_of
from newsroom.views.sharing import share_words
from newsroom.views.standing import site_lines
from newsroom.workflow import allowed

PER_PAGE = 25


@login_required
@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """List the released and retracted stories, a line for each site."""
    words = request.GET.get("q", "").strip()[:200]
    stories = find(Story.objects.all().visible_to(request.user).public(), words)
    marks = Prefetch("shares", Share.objects.standing().select_related("by"))
    stories = as_released(stories).prefetch_related("photos", "deliveries__sight", marks)
    page = Paginator(stories.order_by("-released_at", "-pk"), PER_PAGE).get_page(request.GET.get("hal"))
    lanes = lanes_of(site.name for site in settings.REDAKSI.sites)
    rows = [
        {
            "story": story,
            "thumbnail": thumbnail(story),
            "shared": share_words(story.shares.all()),
            "shareable": bool(shareable(story)),
            "moves": allowed(story, request.user),
            **site_lines(story, lanes),
        }
        for story in page
    ]
    context = {"section": "published", "page": page, "rows": rows, "words": words}
    return render(request, "newsroom/published.html", context)


def as_released(stories: StoryQuerySet) -> StoryQuerySet:
    """Add to each story the headline and photos its readers have, whatever has been written on it since."""
    sealed = Revision.objects.filter(story=OuterRef("pk"), sealed=True, version=OuterRef("version"))
    latest = sealed.order_by("-id")
    return (
        stories.select_related("contributor")
        .defer("body")
        .annotate(
            released_headline=Subquery(latest.values("headline")[:1]),
            released_photos=Subquery(latest.values("photos")[:1]),
        )
    )


def thumbnail(story: Story) -> object | None:
    """Return the first photo its readers have."""
    by_sha = {photo.sha256: photo for photo in story.photos.all()}
    return next((by_sha[p["sha256"]] for p in story.released_photos or [] if p["sha256"] in by_sha), None)
