"""The public archive: pages, feeds and site maps for readers, without sign-in, session or cookie.

What they may show is newsroom.public's word, asked anew for each answer; only the drawing of it is kept, under what
it was drawn from. So a withdrawal is seen by the next request, whatever is in the cache.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.paginator import EmptyPage, Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

import archive
import photos
from newsroom import public as rules
from newsroom.dressing import notice_line, notice_lines
from newsroom.models import Story
from newsroom.public_search import Matches, matches
from newsroom.query import parse
from pipeline.stores import PUBLISHED, THUMBNAIL, rendition
from prose import dates
from web import public_feeds
from web.served import named

ON_PAGE = 30
LAST_PAGE = 20
"""Of a search; months have as many pages as they need."""
KEPT = 24 * 3600
SIZES = {"kecil": THUMBNAIL, "besar": PUBLISHED}
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
ASK_AGAIN = "public, no-cache"
"""Anybody may keep it, and asks before showing it again: the answer is a bare 304 while nothing has changed."""


def opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer only where the office has opened its archive; always in Indonesian, and without a cookie."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.REDAKSI.archive.public:
            raise Http404
        with translation.override("id"):
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = "id"
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return require_safe(guarded)


@opened
def front(request: HttpRequest) -> HttpResponse:
    """Show the newest stories, and the months."""

    def draw() -> str:
        shown = rules.shown(rules.readable()[:ON_PAGE])
        months = [(year, month, _month_name(year, month)) for year, month in rules.months()]
        return _page("front", {"shown": shown, "months": months, "path": reverse("public_front")})

    return _kept(request, ("front", rules.stamp()), draw)


@opened
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """List one month's stories."""
    if not (1900 <= year <= 2200 and 1 <= month <= 12):
        raise Http404
    number = _number(request.GET.get("hal", "1"))
    path = reverse("public_month", args=[year, month])

    def draw() -> str:
        page = _pages(rules.in_month(year, month), number)
        context = {"shown": rules.shown(page), "page": page, "path": path}
        return _page("month", {**context, "title": _month_name(year, month)})

    return _kept(request, ("month", year, month, number, rules.stamp()), draw)


@opened
def search(request: HttpRequest) -> HttpResponse:
    """Find stories by words."""
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    number = _number(request.GET.get("hal", "1"))
    if number > LAST_PAGE:
        raise Http404

    def draw() -> str:
        query = parse(words)
        found = matches(query, page=number, per_page=ON_PAGE) if query else Matches([], more=False)
        context = {"words": words, "shown": found.shown, "number": number}
        more = found.more and number < LAST_PAGE
        return _page("search", {**context, "more": more, "path": reverse("public_search"), "unlisted": True})

    return _kept(request, ("search", words, number, rules.stamp()), draw)


@opened
def story(request: HttpRequest, key: str) -> HttpResponse:
    """Show one story as its readers have it; what was withdrawn answers 410 with the notice."""
    row = Story.objects.filter(key=key).first()
    if row is None or not rules.gone(row):
        raise Http404
    made = rules.shown(rules.readable().filter(pk=row.pk))
    if not made:
        return _gone(row)
    one = made[0]
    parts = ("story", row.pk, row.version, one.sealed.pk, *sorted(one.barred))

    def draw() -> str:
        worn = one.outfit
        path = reverse("public_story", args=[key])
        context = {
            "one": one,
            "worn": worn,
            "notes": notice_lines(one.sealed),
            "photos": [
                {
                    "number": number,
                    "caption": worn.caption(photo),
                    "credit": worn.credit(photo),
                    "alt": photo["alt"] or photo["caption"],
                }
                for number, photo in one.photos
            ],
            "path": path,
            "title": one.headline,
        }
        return _page("story", context)

    return _kept(request, parts, draw)


@opened
def photo(request: HttpRequest, key: str, number: int, size: str) -> HttpResponse:
    """Show a photo as it was published; never an original, never one that readers must not see."""
    found = rules.shown(rules.readable().filter(key=key))
    picture = dict(found[0].photos).get(number) if found else None
    if picture is None or size not in SIZES:
        raise Http404
    edits = photos.Edits.from_json(picture.get("edits") or {})
    etag = _etag(("photo", picture["sha256"], edits.key(), size))
    if unchanged := get_conditional_response(request, etag=etag):
        unchanged.headers["Cache-Control"] = ASK_AGAIN
        return unchanged
    try:
        path = rendition(picture["sha256"], SIZES[size], edits)
    except (photos.UnreadablePhoto, archive.ArchiveError, OSError) as error:
        raise Http404 from error
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response.headers["ETag"], response.headers["Cache-Control"] = etag, ASK_AGAIN
    return response


@opened
def corrections(request: HttpRequest) -> HttpResponse:
    """Show the public log of corrections and withdrawals."""

    def draw() -> str:
        told = rules.told(100)
        open_ones = rules.readable().filter(pk__in={row.story_id for row, is_open in told if is_open})
        # Its headline of now: an older one may hold what was corrected later.
        headlines = {one.story.pk: one.headline for one in rules.shown(open_ones)}
        lines = [
            {"what": _deed(row.why), "at": row.at, "row": row, "headline": headlines.get(row.story_id)}
            for row, _open in told
        ]
        path = reverse("public_corrections")
        return _page("corrections", {"lines": lines, "path": path, "title": "Ralat dan penarikan"})

    return _kept(request, ("corrections", rules.stamp()), draw)


@opened
def rss(request: HttpRequest) -> HttpResponse:
    """The newest stories as RSS, with what was withdrawn as tombstones."""
    draw = lambda: public_feeds.rss(_title(), _whole)  # noqa: E731
    return _kept(request, ("rss", rules.stamp()), draw, "application/rss+xml; charset=utf-8")


@opened
def json_feed(request: HttpRequest) -> HttpResponse:
    """The same as JSON Feed."""
    draw = lambda: public_feeds.json_feed(_title(), _whole)  # noqa: E731
    return _kept(request, ("json", rules.stamp()), draw, "application/feed+json; charset=utf-8")


@opened
def sitemap(request: HttpRequest) -> HttpResponse:
    """The site map; an index of its parts once there are more stories than one may hold."""
    draw = lambda: public_feeds.sitemap(_whole)  # noqa: E731
    return _kept(request, ("sitemap", rules.stamp()), draw, "application/xml; charset=utf-8")


@opened
def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    """One part of the site map."""
    if number < 1 or number > public_feeds.parts():
        raise Http404
    draw = lambda: public_feeds.sitemap_part(number, _whole)  # noqa: E731
    return _kept(request, ("sitemap", number, rules.stamp()), draw, "application/xml; charset=utf-8")


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Tell robots what is theirs: the public archive where it is open, else nothing."""
    lines = ["User-agent: *"]
    if settings.REDAKSI.archive.public:
        lines += ["Allow: /publik/", "Allow: /static/", "Disallow: /publik/cari/"]
    lines.append("Disallow: /")
    if settings.REDAKSI.archive.public:
        lines.append(f"Sitemap: {_whole(reverse('public_sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _gone(row: Story) -> HttpResponse:
    """Say that the story is withdrawn, and why: nothing of the story itself."""
    notice, at = "", None
    if rules.withdrawn().filter(pk=row.pk).exists():
        sealed = row.sealed()
        notice, at = notice_line(sealed), sealed.at
    text = _page("gone", {"notice": notice, "at": at, "title": "Berita ini telah ditarik", "unlisted": True})
    response = HttpResponse(text, status=410)
    response.headers["Cache-Control"] = "no-store"
    return response


def _kept(
    request: HttpRequest,
    parts: tuple[object, ...],
    draw: Callable[[], str],
    content_type: str = "text/html; charset=utf-8",
) -> HttpResponse:
    """Answer with what was drawn from `parts` before, or draw it now; with 304 to whom has it already."""
    etag = _etag((*parts, _title(), settings.REDAKSI.web.public_url, named("web/public.css")))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        cache = caches["public"]
        text = cache.get(etag)
        if text is None:
            text = draw()
            cache.set(etag, text, KEPT)
        response = HttpResponse(text, content_type=content_type)
    response.headers["ETag"], response.headers["Cache-Control"] = etag, ASK_AGAIN
    return response


def _etag(parts: tuple[object, ...]) -> str:
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _page(name: str, context: dict[str, Any]) -> str:
    office = settings.REDAKSI.office
    frame = {
        "site": _title(),
        "office": office.name,
        "canonical": _whole(context["path"]) if "path" in context else "",
        "root": settings.REDAKSI.web.public_url.rstrip("/"),
    }
    return render_to_string(f"public/{name}.html", {**frame, **context})


def _title() -> str:
    return str(settings.REDAKSI.archive.public_title or settings.REDAKSI.office.name)


def _whole(path: str) -> str:
    return settings.REDAKSI.web.public_url.rstrip("/") + path


def _pages(stories: Any, number: int) -> Any:
    try:
        return Paginator(stories, ON_PAGE).page(number)
    except EmptyPage as error:
        raise Http404 from error


def _number(written: str) -> int:
    """Return a page's number. Raises Http404 for what is none."""
    if not (written.isascii() and written.isdecimal() and len(written) <= 5 and int(written) >= 1):
        raise Http404
    return int(written)


def _month_name(year: int, month: int) -> str:
    return f"{dates.MONTHS[month - 1]} {year}"


def _deed(why: str) -> str:
    return {"correct": "Ralat", "restore": "Ditayangkan kembali"}.get(why, "Ditarik")
