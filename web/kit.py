"""Photos as they were released, under our own name: of a task at a portal, one by one or all as a ZIP; of a story that is shared."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

import archive
import photos
import prose
from newsroom.dressing import Outfit, outfit
from newsroom.models import Delivery, Revision, State, Story
from newsroom.photos import barred_as_sealed
from newsroom.sharing import photos_to_share, shareable
from newsroom.views.access import operators, story_for
from newsroom.views.tasks import task_or_404
from pipeline.deliver import make_picture
from publishers import Picture
from publishers.captions import caption_line
from web.zipping import Sink

CAPTIONS = "captions.txt"
MISSING = (photos.UnreadablePhoto, archive.ArchiveError, OSError)


@operators
@require_safe
def task_photo(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one photo as the portal is to receive it, under our own name."""
    task, sealed, worn = _to_post(pk)
    if not 1 <= number <= len(sealed.photos):
        raise Http404
    return _shown(task.story, sealed, worn, number)


@login_required
@require_safe
def share_photo(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one photo of a released story as its readers have it, to be shared; never one they must not see."""
    story = story_for(request, pk)
    if number not in photos_to_share(story):
        raise Http404
    sealed, site = story.sealed(), shareable(story)[0][0]
    return _shown(story, sealed, outfit(sealed, site), number)


@operators
@require_safe
def task_photos(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Hand out the photos in their order with their captions, one at a time."""
    task, sealed, worn = _to_post(pk)
    if not sealed.photos:
        raise Http404
    response = StreamingHttpResponse(_zip(task, sealed, worn), content_type="application/zip")
    name = f"{prose.slug(sealed.headline)[:60].strip('-') or task.story.key[:8]}_{task.site}.zip"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


def _to_post(pk: int) -> tuple[Delivery, Revision, Outfit]:
    """Return what is to be posted. Raises Http404 where nothing is, or where readers must not see a photo."""
    task = task_or_404(pk)
    sealed = task.story.sealed()
    if not task.owed or task.story.state == State.RETRACTED or barred_as_sealed(task.story, sealed.photos):
        raise Http404
    return task, sealed, outfit(sealed, settings.REDAKSI.site(task.site))


def _shown(story: Story, sealed: Revision, worn: Outfit, number: int) -> HttpResponse:
    try:
        picture = make_picture(story, sealed, worn, number)
    except MISSING as error:
        raise Http404(str(error)) from error
    response = HttpResponse(picture.data, content_type="image/jpeg")
    response["Content-Disposition"] = content_disposition_header(False, picture.filename) or "inline"
    response["Cache-Control"] = "private, no-store"  # a photo may be flagged at any moment
    return response


def _zip(task: Delivery, sealed: Revision, worn: Outfit) -> Iterator[bytes]:
    sink = Sink()
    lines = [sealed.headline, ""]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as made:
        for number in range(1, len(sealed.photos) + 1):
            try:
                picture = make_picture(task.story, sealed, worn, number)
            except MISSING as error:
                lines += [f"{number}. (foto ini tidak dapat dibuat: {error})", ""]
                continue
            made.writestr(picture.filename, picture.data)
            lines += _told(number, picture)
            yield sink.take()
        made.writestr(CAPTIONS, "\r\n".join(lines).encode("utf-8-sig"))  # old Notepad reads this rightly
    yield sink.take()


def _told(number: int, picture: Picture) -> list[str]:
    words = [f"{number}. {picture.filename}", caption_line(picture.caption, picture.credit)]
    if picture.alt and picture.alt != picture.caption:
        words.append(f"Teks alternatif: {picture.alt}")
    return [*filter(None, words), ""]
