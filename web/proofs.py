"""Proofs handed out: a stranger's page only as plain text and as a download, its picture as a picture."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from PIL import Image, UnidentifiedImageError

import archive
import photos
from newsroom.models import Proof, Story
from pipeline.stores import originals, rendition
from web.views import SANDBOX

SMALL = photos.Size(480, 72)
"""Of the page's top, four wide and three high."""


@login_required
@require_safe
def proof_picture(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """Show the picture of a page: `besar` as it was drawn, `kecil` its top."""
    proof = _visible(request, pk)
    if not proof.picture_sha256 or size not in ("kecil", "besar"):
        raise Http404
    path = originals().path(proof.picture_sha256)
    try:
        if size == "kecil":
            with Image.open(path) as picture:
                top = min(1.0, picture.width * 3 / 4 / picture.height)
            edits = photos.Edits(crop=(0.0, 0.0, 1.0, round(top, 5)) if top < 1 else None)
            path = rendition(proof.picture_sha256, SMALL, edits)
        file = path.open("rb")
    except (OSError, UnidentifiedImageError, photos.UnreadablePhoto, archive.ArchiveError) as error:
        raise Http404(str(error)) from error
    response = FileResponse(file, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@login_required
@require_safe
def proof_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a page's HTML byte for byte, as text that no browser opens."""
    proof = _visible(request, pk)
    if not proof.page_sha256:
        raise Http404
    try:
        data = originals().read(proof.page_sha256)
    except archive.ArchiveError as error:
        raise Http404(str(error)) from error
    response = HttpResponse(data, content_type="text/plain; charset=utf-8")
    name = f"bukti-{proof.site}-v{proof.version}-{proof.page_sha256[:8]}.html.txt"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _visible(request: HttpRequest, pk: int) -> Proof:
    proof = get_object_or_404(Proof, pk=pk)
    if not Story.objects.all().visible_to(request.user).filter(pk=proof.story_id).exists():
        raise PermissionDenied
    return proof
