"""The form contributors send coverage by: the page, and the pieces their browser sends."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.ratelimit import consume
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile as Posted
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from newsroom.models import Disposition, Person, Upload, UploadedFile
from newsroom.views.access import fragment
from pipeline import uploads
from pipeline.stores import DiskFull
from pipeline.uploads import UploadRefused, WrongOffset

PIECE = 1 << 20
"""Bytes a browser sends at once."""
PER_PAGE = 10

View = Callable[..., HttpResponse]


def _by_script(view: View) -> View:
    """Answer the page's own script: what went wrong as a sentence, and never a login page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            sentence = _("Anda sudah keluar. Masuk lagi; yang sudah sampai tidak hilang.")
            return JsonResponse({"error": sentence}, status=401)
        try:
            return view(request, *args, **kwargs)
        except UploadRefused as error:
            return JsonResponse({"error": str(error)}, status=422)
        except DiskFull as error:
            return JsonResponse({"error": _trouble(request, error)}, status=507)

    return guarded


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, key: str = "") -> HttpResponse:
    """Show the form, one sending, and what this person has sent; take the form in."""
    mine = _mine(request, key) if key else None
    if request.method == "POST":
        return _take_in(request, mine)
    if mine is not None and mine.sent_at:
        return render(request, "web/upload_sent.html", {"section": "upload", **_standing(mine)})
    now = timezone.now()
    unfinished = Upload.objects.filter(person=request.user, sent_at=None).order_by("-id")
    sent = Upload.objects.filter(person=request.user).exclude(sent_at=None).order_by("-sent_at")
    page = Paginator(sent.select_related("submission__story"), PER_PAGE).get_page(request.GET.get("hal"))
    context = {
        "section": "upload",
        "upload": mine,
        "rows": _rows(mine),
        "piece": PIECE,
        "limits": settings.REDAKSI.uploads,
        "unfinished": [
            (row, _removed_at(row), now - row.created_at > uploads.TOLD_AFTER)
            for row in unfinished.prefetch_related("files")
            if row != mine
        ],
        "page": page,
        "sent": [_standing(row) for row in page],
    }
    return render(request, "web/upload.html", context)


@never_cache
@fragment
@require_GET
def upload_status(request: HttpRequest, key: str) -> HttpResponse:
    """Renew what has become of a sending."""
    return render(request, "web/_upload_standing.html", _standing(_mine(request, key)))


@never_cache
@require_POST
@_by_script
def upload_begin(request: HttpRequest) -> HttpResponse:
    """Begin a sending, as soon as the person has put something into the form."""
    begun = _begin(request)
    return JsonResponse({"key": begun.key, "address": reverse("upload_draft", args=[begun.key])}, status=201)


@never_cache
@require_POST
@_by_script
def upload_file(request: HttpRequest, key: str) -> HttpResponse:
    """Announce a file; its bytes follow in pieces."""
    mine = _mine(request, key)
    size = request.POST.get("size", "")
    if not size.isdecimal() or len(size) > 15:
        return JsonResponse({"error": _("Ukuran berkas tidak terbaca.")}, status=400)
    file = uploads.add_file(mine, request.POST.get("name", ""), request.POST.get("type", ""), int(size))
    return JsonResponse(_figures(file), status=201)


@never_cache
@require_http_methods(["GET", "POST", "DELETE"])
@_by_script
def upload_piece(request: HttpRequest, key: str, file_key: str) -> HttpResponse:
    """Tell how much of a file has arrived, take the next piece of it, or take the file out."""
    file = get_object_or_404(
        UploadedFile.objects.select_related("upload"), upload=_mine(request, key), key=file_key
    )
    if request.method == "DELETE":
        uploads.remove(file)
        return JsonResponse({})
    if request.method == "POST":
        offset = request.headers.get("Upload-Offset", "")
        if not offset.isdecimal() or len(offset) > 15 or len(request.body) > 2 * PIECE:
            return JsonResponse({"error": _("Potongan berkas ini tidak dapat diterima.")}, status=400)
        try:
            received = uploads.append(file, int(offset), request.body)
        except WrongOffset as error:
            return JsonResponse({"received": error.received}, status=409)
        return JsonResponse({"received": received})
    return JsonResponse({**_figures(file), "crc": uploads.checksum(file)})


@never_cache
@require_POST
@_by_script
def upload_words(request: HttpRequest, key: str) -> HttpResponse:
    """Save what was typed so far."""
    _write(request, _mine(request, key))
    return JsonResponse({})


@require_POST
def upload_discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw away what was begun and not sent."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("upload"))
    uploads.discard(_mine(request, key))
    messages.success(request, _("Kiriman yang belum selesai itu dihapus."))
    return redirect("upload")


def _take_in(request: HttpRequest, mine: Upload | None) -> HttpResponse:
    """Do what the form's buttons ask; what was typed is saved whatever happens."""
    wanted = request.POST.get("langkah")
    try:
        mine = mine or _begin(request)
        if mine.sent_at is None:
            _write(request, mine)
            _add_posted(request, mine)
            for file in mine.files.filter(key=request.POST.get("hapus", "")):
                uploads.remove(file)
            if wanted == "kirim":
                uploads.send(mine)
    except (UploadRefused, DiskFull) as error:
        # A second press of "send" that overtook the first has nothing to be told.
        if not (wanted == "kirim" and mine and Upload.objects.filter(pk=mine.pk).exclude(sent_at=None)):
            messages.error(request, _trouble(request, error))
    return redirect("upload_draft", mine.key) if mine else redirect("upload")


def _begin(request: HttpRequest) -> Upload:
    """Begin a sending, unless this person has begun too many within the hour. Raises UploadRefused, DiskFull."""
    if not consume(request, action="upload", key=str(request.user.pk)):
        raise UploadRefused(
            _(
                "Terlalu banyak kiriman dalam satu jam. Yang sudah sampai tidak hilang. Coba lagi satu jam lagi."
            )
        )
    return uploads.begin(_person(request))


def _trouble(request: HttpRequest, error: Exception) -> str:
    """Return what to tell this person: a contributor cannot make room on our disk."""
    if isinstance(error, DiskFull) and not _person(request).operates:
        return _("Komputer redaksi sedang penuh. Yang sudah sampai tidak hilang; coba lagi nanti.")
    return str(error)


def _write(request: HttpRequest, mine: Upload) -> None:
    captions = {}
    for place, file in enumerate(mine.files.all(), 1):
        order = request.POST.get(f"urutan-{file.key}", "")
        caption = request.POST.get(f"keterangan-{file.key}", file.caption)
        captions[file.key] = (caption[:2000], int(order) if order.isdecimal() and len(order) < 5 else place)
    headline = request.POST.get("judul", mine.headline)[:500]
    uploads.write(mine, headline, request.POST.get("naskah", mine.text)[:500_000], captions)


def _add_posted(request: HttpRequest, mine: Upload) -> None:
    """Take the files of a form that was sent without our script."""
    posted: list[Posted] = [file for file in request.FILES.getlist("berkas") if isinstance(file, Posted)]
    for given in posted:
        file = uploads.add_file(mine, given.name or "", given.content_type or "", given.size or 0)
        for piece in given.chunks(PIECE):
            uploads.append(file, file.received, piece)


def _mine(request: HttpRequest, key: str) -> Upload:
    """Return this person's own sending. Raises Http404, PermissionDenied."""
    mine: Upload = get_object_or_404(Upload, key=key)
    if mine.person_id != request.user.pk:
        raise PermissionDenied
    return mine


def _person(request: HttpRequest) -> Person:
    person: Person = request.user  # type: ignore[assignment]
    return person


def _figures(file: UploadedFile) -> dict[str, Any]:
    return {"key": file.key, "name": file.filename, "size": file.size, "received": file.received}


def _rows(mine: Upload | None) -> list[dict[str, Any]]:
    """Return the files of a sending as the form shows them."""
    if mine is None:
        return []
    return [
        {
            "file": file,
            "photo": uploads.is_photo(file.filename, file.content_type),
            "place": place,
            "percent": 100 * file.received // file.size,
        }
        for place, file in enumerate(mine.files.order_by("order", "id"), 1)
    ]


def _removed_at(row: Upload) -> Any:
    return row.created_at + uploads.REMOVED_AFTER


def _standing(row: Upload) -> dict[str, Any]:
    """Say what has become of a sending, for its writer."""
    mail = row.submission
    story = mail.story if mail else None
    settled = mail is not None and mail.disposition != Disposition.UNREAD
    return {"upload": row, "mail": mail, "story": story, "settled": settled}
