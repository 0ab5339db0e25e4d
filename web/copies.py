"""The second copy: is it there, is it in step, and what do I do? Also the helper for media that are elsewhere."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max, Min, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

import archive
import config
from newsroom import copying
from newsroom.acts import ActRefused
from newsroom.models import Copy, FixityDay, FixityFinding
from newsroom.templatetags.office import number
from newsroom.views.access import operators
from pipeline import copies

HELPER = Path(archive.__file__).parent / "measure.py"
SHOWN = 20


@operators
@require_safe
def second_copy(request: HttpRequest) -> HttpResponse:
    """Show where the second copy lies, how far it is behind, and what of it has rotted."""
    lag = copying.lag()
    kept = Copy.objects.exclude(kept_at=None).aggregate(
        files=Count("pk"),
        bytes=Sum("size"),
        newest=Max("kept_at"),
        oldest_look=Min("checked_at"),
        unsound=Count("pk", filter=Q(sound=False)),
    )
    waiting = Copy.objects.all().missing().order_by("id")[:SHOWN] if lag.files else []
    context = {
        "section": "archive",
        "lag": lag,
        "words": copying.lag_words(lag),
        "kept": kept,
        "waiting": waiting,
        "strangers": FixityFinding.objects.open().filter(what=FixityDay.Kind.COPY).count(),
        "place": _place(),
    }
    return render(request, "web/second_copy.html", context)


@operators
@require_POST
def begin_second_copy(request: HttpRequest) -> HttpResponse:
    """Take the place of the settings into use."""
    try:
        waiting = copies.begin(request.user)
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        told = ngettext(
            "Dimulai. %(count)s berkas menunggu disalin.",
            "Dimulai. %(count)s berkas menunggu disalin.",
            waiting,
        )
        messages.success(request, told % {"count": number(waiting)})
    return redirect("second_copy")


@operators
@require_POST
def retry_second_copy(request: HttpRequest) -> HttpResponse:
    try:
        copying.try_again(request.user)
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Dicoba lagi sekarang. Bila masih gagal, sebabnya tampil lagi di sini."))
    return redirect("second_copy")


@operators
@require_POST
def copy_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Set aside what is wrong at the second copy, and copy it anew."""
    try:
        copies.copy_again(get_object_or_404(Copy, pk=pk), request.user)
    except ActRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Yang keliru disisihkan di sana, dan salinannya dibuat lagi."))
    return redirect("attention")


@operators
@require_safe
def measure_helper(request: HttpRequest) -> HttpResponse:
    """Hand out the helper that measures files where they lie: one file that needs nothing but Python."""
    response = HttpResponse(HELPER.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="measure.py"'
    return response


def _place() -> str:
    """Name the place of the settings as people know it; without one, or with a wrong one, say so."""
    wanted = settings.REDAKSI.archive.second_copy
    if wanted is None:
        return ""
    try:
        return archive.open_store(wanted).title
    except config.SettingsError as error:
        return str(error)
