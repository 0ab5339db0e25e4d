"""One photo at its table: what of it is blurred, cropped and kept in sight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from newsroom.editing import EditRefused, Overtaken, may_edit
from newsroom.forms import PhotoForm, lay_out
from newsroom.models import Photo, Story
from newsroom.photos import FLAGS, barred
from newsroom.retouching import (
    flag_too,
    leave_others_out,
    may_retouch,
    put_back,
    retouch,
    still_masked,
    tell_apart,
    to_original,
)
from newsroom.views.access import story_for, writers
from newsroom.views.mail import act_on
from newsroom.views.photo_facts import mark_asked
from newsroom.views.story import saved
from photos import Edits

SIDES = ("kiri", "atas", "kanan", "bawah")
RATIOS = ("3:2", "4:3", "16:9", "1:1", "4:5")
SPARE_ROWS = 2
"""Empty rows for areas to blur, for whoever writes numbers."""


@writers
@require_http_methods(["GET", "HEAD", "POST"])
def photo_edit(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """Show the tools for one photo; save what was done with them."""
    story, photo = _at_table(request, pk, photo_pk)
    if request.method != "POST":
        return _show(request, story, photo, fields_of(Edits.from_json(photo.edits)))
    flags = [flag for flag in FLAGS if flag in request.POST]
    confirmed = "tersamar" in request.POST
    try:
        edits = edits_in(request.POST)
        changed = retouch(
            story, photo_pk, edits, request.user, flags=flags, confirmed=confirmed, seen=_seen(request)
        )
    except Overtaken as error:
        again = _("Yang Anda tandai masih ada di layar ini. Periksa fotonya, lalu simpan lagi.")
        return _refused(request, pk, photo_pk, f"{error} {again}", 409)
    except (EditRefused, ValueError) as error:
        return _refused(request, pk, photo_pk, str(error), 422)
    messages.success(request, _("Foto tersimpan.") if changed else _("Tidak ada yang berubah pada foto."))
    return _back(pk)


@writers
@require_POST
def reset_photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """Take every crop and blur of a photo back."""
    story, _photo = _at_table(request, pk, photo_pk)
    try:
        to_original(story, photo_pk, request.user, seen=_seen(request))
    except EditRefused as error:  # Overtaken is one
        messages.error(request, str(error))
        return redirect("photo_edit", pk=pk, photo_pk=photo_pk)
    messages.success(request, _("Foto kembali seperti aslinya."))
    return _back(pk)


@writers
@require_POST
def open_photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """Save what was typed on the story's page, then lay one of its photos on the table."""
    story, _photo = _at_table(request, pk, photo_pk)
    typed = "seen_state" in request.POST and may_edit(story, request.user)
    if typed and (refused := saved(request, lay_out(story, request.user, request.POST))):
        return refused
    return redirect("photo_edit", pk=pk, photo_pk=photo_pk)


@writers
@require_POST
def leave_out(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """Leave out the photos of a burst but the one proposed."""

    def act(story: Story) -> str:
        count = leave_others_out(story, photo_pk, request.user, seen=story.revision_id)
        return ngettext(
            "%(count)d foto yang mirip dikeluarkan; dapat diurungkan.",
            "%(count)d foto yang mirip dikeluarkan; dapat diurungkan.",
            count,
        ) % {"count": count}

    _at_table(request, pk, photo_pk)
    return act_on(request, pk, act)


@writers
@require_POST
def flag_photo_too(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """Give a photo the flags of those it is like."""

    def act(story: Story) -> str:
        flags = flag_too(story, photo_pk, request.user, seen=story.revision_id)
        return _("Foto ditandai: %(flags)s.") % {"flags": ", ".join(str(FLAGS[flag]) for flag in flags)}

    _at_table(request, pk, photo_pk)
    return act_on(request, pk, act)


@writers
@require_POST
def tell_photo_apart(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """Keep the editor's word that the flags of like photos are not for this one."""

    def act(story: Story) -> str:
        tell_apart(story, photo_pk, request.user)
        return _("Dicatat: tanda foto yang mirip tidak berlaku untuk foto ini.")

    _at_table(request, pk, photo_pk)
    return act_on(request, pk, act)


@writers
@require_POST
def put_photos_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the photos that were just left out."""

    def act(story: Story) -> str:
        put_back(story, request.user, seen=story.revision_id)
        return _("Diurungkan: fotonya dipakai lagi.")

    story_for(request, pk)
    if not request.user.edits:
        raise PermissionDenied
    return act_on(request, pk, act)


def edits_in(data: QueryDict) -> Edits:
    """Read what the tools' fields say, in percent of the upright original. Raises ValueError, in Indonesian."""
    told: dict[str, Any] = {"blurs": []}
    crop = [data.get(f"potong-{side}", "") for side in SIDES]
    if any(value.strip() for value in crop):
        told["crop"] = [_fraction(value, whole) for value, whole in zip(crop, (0, 0, 1, 1), strict=True)]
    columns = [data.getlist(f"kabur-{side}") for side in SIDES]
    if len({len(column) for column in columns}) > 1:  # a side is missing: no area is dropped unseen
        raise ValueError(
            _("Bagian yang dikaburkan tidak terkirim lengkap. Periksa kotaknya, lalu simpan lagi.")
        )
    for row in zip(*columns, strict=True):
        if any(value.strip() for value in row):
            told["blurs"].append([_fraction(value, None) for value in row])
    focus = data.get("fokus-x", ""), data.get("fokus-y", "")
    if any(value.strip() for value in focus):
        told["focus"] = [_fraction(value, 0.5) for value in focus]
    return Edits.from_json(told)


def fields_of(edits: Edits) -> dict[str, Any]:
    """Return what the tools' fields show for these edits."""
    blurs = [_percents(area) for area in edits.blurs]
    return {
        "crop": _percents(edits.crop) if edits.crop else [""] * 4,
        "blurs": blurs + [[""] * 4 for _row in range(SPARE_ROWS)],
        "focus": _percents(edits.focus) if edits.focus else [""] * 2,
    }


def _typed(data: QueryDict) -> dict[str, Any]:
    """Return the fields as somebody left them, readable or not."""
    rows = [list(row) for row in zip(*(data.getlist(f"kabur-{side}") for side in SIDES), strict=False)]
    return {
        "crop": [data.get(f"potong-{side}", "") for side in SIDES],
        "blurs": rows,
        "focus": [data.get("fokus-x", ""), data.get("fokus-y", "")],
    }


def _fraction(value: str, empty: float | None) -> float:
    if not value.strip() and empty is not None:
        return empty
    try:
        return float(value.strip().replace(",", ".")) / 100
    except ValueError as error:
        raise ValueError(
            _("“%(value)s” bukan angka persen. Tulis angka dari 0 sampai 100.") % {"value": value[:20]}
        ) from error


def _percents(numbers: tuple[float, ...]) -> list[str]:
    return [f"{100 * number:.3f}".rstrip("0").rstrip(".") for number in numbers]


def _at_table(request: HttpRequest, pk: int, photo_pk: int) -> tuple[Story, Photo]:
    story = story_for(request, pk)
    if not request.user.edits:
        raise PermissionDenied
    return story, get_object_or_404(story.photos, pk=photo_pk, readable=True)


def _refused(request: HttpRequest, pk: int, photo_pk: int, why: str, status: int) -> HttpResponse:
    """Show the fields as they were left beside the photo as it is saved now; flags are never taken away so."""
    story, photo = _at_table(request, pk, photo_pk)
    for flag in FLAGS:
        setattr(photo, flag, getattr(photo, flag) or flag in request.POST)
    return _show(request, story, photo, _typed(request.POST), refusal=why, status=status)


def _show(
    request: HttpRequest,
    story: Story,
    photo: Photo,
    fields: Mapping[str, Any],
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    mark_asked([photo], request.user)
    form = PhotoForm(photo, 1, settles=True)
    context = {
        "section": "queue",
        "story": story,
        "photo": photo,
        "fields": fields,
        "ratios": RATIOS,
        "flags": [(flag, form.fields[flag].label, getattr(photo, flag)) for flag in FLAGS],
        "confirmed": still_masked(photo),
        "reason": barred(photo),
        "edited": bool(photo.edits),
        "writable": may_retouch(story, request.user),
        "refusal": refusal,
    }
    return render(request, "newsroom/photo_edit.html", context, status=status)


def _seen(request: HttpRequest) -> int | None:
    given = request.POST.get("seen", "")
    return int(given[:18]) if given.isascii() and given.isdecimal() else None


def _back(pk: int) -> HttpResponse:
    return redirect(f"{reverse('story', args=[pk])}#foto")
