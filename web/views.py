"""The views that touch the world: originals, renditions, folder sites, the doctor."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_safe

import archive
import ingest
import photos
import prose
from newsroom.models import Attachment, Heartbeat, Photo, Story, Submission
from newsroom.views.mail import aside, mail_for
from newsroom.views.photo_facts import sent_by
from newsroom.views.photos import edits_in
from pipeline.stores import NO_EDITS, PUBLISHED, THUMBNAIL, originals, rendition
from web.doctor import findings

SIZES = {"kecil": THUMBNAIL, "besar": PUBLISHED}
HEAD_BYTES = 256_000
"""Read of a mail to show its head."""
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
SERVED = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".json": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
"""What a folder site may serve, by suffix; everything else is not found."""


@login_required
@require_safe
def photo(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """Show a rendition with its edits; asked for by their key it never changes, and browsers may keep it."""
    picture = _visible(get_object_or_404(Photo.objects.select_related("story"), pk=pk), request)
    if size not in SIZES:
        raise Http404
    edits = photos.Edits.from_json(picture.edits)
    response = _rendition(picture.sha256, SIZES[size], edits)
    if request.GET.get("s", "") != edits.key():
        response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def photo_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an editor a photo with the edits they are about to make; without any, as it came. Nothing is kept."""
    picture = _visible(get_object_or_404(Photo.objects.select_related("story"), pk=pk), request)
    if not request.user.edits:
        raise PermissionDenied
    try:
        edits = edits_in(request.GET)
        plain = rendition(picture.sha256, PUBLISHED)
        data = photos.renditions(plain.read_bytes(), [PUBLISHED], edits=edits)[0].data
    except ValueError as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    except (photos.UnreadablePhoto, archive.ArchiveError) as error:
        raise Http404(str(error)) from error
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


@login_required
@require_safe
def original_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a mail as it came: its head and its whole text, nothing set aside."""
    mail = mail_for(request, pk)
    try:
        with originals().path(mail.sha256).open("rb") as file:
            head = ingest.head(file.read(HEAD_BYTES))
    except OSError:
        head = ()  # the page says so; check_archive names the file
    return render(request, "newsroom/original.html", {"section": "attention", "mail": mail, "head": head})


@login_required
@require_safe
def aside_picture(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """Show a picture that was set aside, small."""
    return _rendition(aside(request, pk, sha256).sha256, THUMBNAIL)


@login_required
@require_safe
def mail_picture(request: HttpRequest, pk: int, sha256: str, size: str) -> HttpResponse:
    """Show a photo that a mail proposes for a story."""
    if size not in SIZES:
        raise Http404
    return _rendition(aside(request, pk, sha256).sha256, SIZES[size])


@login_required
@require_safe
def original_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a photo as it was attached, as a download under our own name."""
    found = get_object_or_404(Photo.objects.select_related("story", "submission__contributor"), pk=pk)
    picture = _visible(found, request)
    if not sent_by(picture, request.user):
        raise PermissionDenied
    return _download(picture.sha256, f"foto-{picture.sha256[:12]}", picture.filename)


@login_required
@require_safe
def original_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a mail byte for byte."""
    submission = get_object_or_404(Submission, pk=pk)
    if not request.user.sees and (submission.story is None or not _sees(request, submission.story)):
        raise PermissionDenied
    return _download(submission.sha256, f"surel-{submission.sha256[:12]}", "x.eml")


@login_required
@require_safe
def original_attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a document that came with a mail."""
    attachment = get_object_or_404(Attachment.objects.select_related("submission__story"), pk=pk)
    story = attachment.submission.story
    if not request.user.sees and (story is None or not _sees(request, story)):
        raise PermissionDenied
    return _download(attachment.sha256, f"berkas-{attachment.sha256[:12]}", attachment.filename)


@require_safe
def site(request: HttpRequest, name: str, file: str) -> HttpResponse:
    """Serve a folder site, as any web server would: it is public, and its pages run no script."""
    wanted = settings.REDAKSI.site(name)
    if wanted is None or wanted.kind != "folder":
        raise Http404
    root = Path(wanted.options["path"]).resolve()
    try:
        path = (root / file).resolve()
        path.stat()
    except FileNotFoundError:
        pass  # told below
    except (OSError, ValueError) as error:  # a name no file can have
        raise Http404 from error
    if not path.is_relative_to(root) or any(part.startswith(".") for part in path.relative_to(root).parts):
        raise Http404
    if not file or path.is_dir():  # a site nobody has written to yet has no folder
        if file and not file.endswith("/"):
            return HttpResponsePermanentRedirect(f"{request.path}/")
        path /= "index.html"
    if path.suffix not in SERVED:
        raise Http404
    if not path.is_file():
        if not file:
            return render(request, "web/site_empty.html", {"site": wanted})
        raise Http404
    response = FileResponse(path.open("rb"), content_type=SERVED[path.suffix])
    response["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; style-src 'self'; font-src 'self'; base-uri 'none'"
    )
    response["Cache-Control"] = "no-cache"
    if path.name == "index.html" and (path.parent / "ditarik.txt").is_file():
        response.status_code = 410  # withdrawn, for good or until it is back: search engines forget it
    return response


@login_required
@require_GET
def doctor(request: HttpRequest) -> HttpResponse:
    """Show the doctor's findings to those of the desk."""
    if not request.user.sees:
        raise PermissionDenied
    return render(request, "web/doctor.html", {"findings": findings()})


@require_safe
def heartbeat(request: HttpRequest) -> HttpResponse:
    """Tell a monitor whether the web server and a worker live: 200 or 503."""
    alive = Heartbeat.objects.filter(at__gte=timezone.now() - timedelta(minutes=1)).exists()
    text = "ok\n" if alive else "pekerja tidak berdetak\n"
    return HttpResponse(text, status=200 if alive else 503, content_type="text/plain; charset=utf-8")


def _rendition(sha256: str, size: tuple[int, int], edits: photos.Edits = NO_EDITS) -> HttpResponse:
    try:
        path = rendition(sha256, size, edits)
    except (photos.UnreadablePhoto, archive.ArchiveError) as error:
        raise Http404(str(error)) from error
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _visible(picture: Photo, request: HttpRequest) -> Photo:
    if not _sees(request, picture.story):
        raise PermissionDenied
    return picture


def _sees(request: HttpRequest, story: Story) -> bool:
    return Story.objects.all().visible_to(request.user).filter(pk=story.pk).exists()


def _download(sha256: str, stem: str, named: str) -> HttpResponse:
    """Hand out bytes as a download only: whatever they are, no browser opens them in our name."""
    suffix = Path(named).suffix.lower()
    if not (suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= 6):
        suffix = ".bin"
    try:
        data: Any = originals().read(sha256)
    except archive.ArchiveError as error:
        raise Http404(str(error)) from error
    title = prose.slug(Path(named).stem, 40)
    name = f"{title}-{sha256[:8]}{suffix}" if title and title != "x" else f"{stem}{suffix}"
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = SANDBOX
    return response
