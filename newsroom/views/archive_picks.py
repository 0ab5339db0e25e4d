"""What is picked in the archive: gathered page after page, described together, taken out together."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from newsroom.acts import ActRefused
from newsroom.describing import ACTS, describe_many, tag_named, tags_named, undo_many
from newsroom.models import Leader, Package, Person, Photo, Story, Tag
from newsroom.picking import (
    MOST,
    Picked,
    keep,
    photos_of,
    photos_seen_by,
    picked,
    picked_words,
    stories_seen_by,
)
from newsroom.search import numbers
from newsroom.taking import chosen_photos
from newsroom.templatetags.office import number
from newsroom.views.archive import those_meant, told_apart
from newsroom.views.archive_asked import asked
from newsroom.views.record import OFFERED_TAGS

UNDO = "archive_undo"


@login_required
@require_POST
def pick(request: HttpRequest) -> HttpResponse:
    """Put stories and photos on the person's list, or take them off; a script is answered with the counts."""
    person: Person = request.user
    chosen = picked(request.session)
    stories, photos = _numbers(request, "berita"), _numbers(request, "foto")
    roomy = True
    match request.POST.get("aksi", ""):
        case "buang":
            chosen.drop(stories, photos)
        case "kosongkan":
            chosen = Picked()
        case "halaman":  # without a script: the boxes of a page as they stand
            chosen.drop(_numbers(request, "tampak_berita"), _numbers(request, "tampak_foto"))
            roomy = _add(chosen, person, stories, photos)
        case "sehalaman":
            shown = _numbers(request, "tampak_berita"), _numbers(request, "tampak_foto")
            roomy = _add(chosen, person, *shown)
        case "semua":
            roomy = _add_all(chosen, person, request.POST.get("tanya", ""))
        case _:
            roomy = _add(chosen, person, stories, photos)
    keep(request.session, chosen)
    if request.headers.get("X-Requested-With") == "fetch":
        full = "" if roomy else _full()
        return JsonResponse({**_counts(chosen), "words": picked_words(chosen), "full": full})
    if not roomy:
        messages.warning(request, _full())
    return redirect(_back(request))


def _add(chosen: Picked, person: Person, stories: list[int], photos: list[int]) -> bool:
    return chosen.add(
        (row.pk for row in stories_seen_by(person, stories)),
        (row.pk for row in photos_seen_by(person, photos)),
    )


def _add_all(chosen: Picked, person: Person, query: str) -> bool:
    """Pick all that an address of the archive finds, up to MOST."""
    question = asked(QueryDict(query.removeprefix("?")[:4000]))
    found = numbers(question.query, question.filters, person=person, most=MOST + 1)
    if not question.wall:
        return chosen.add(stories=found)
    rows = photos_of(Story.objects.filter(pk__in=found)).order_by("-story__released_at", "order", "pk")
    if not told_apart(question):
        return chosen.add(photos=list(rows.values_list("pk", flat=True)[: MOST + 1]))
    rows = rows.select_related(None).only("story_id", "credit").prefetch_related("leaders", "tags")
    return chosen.add(photos=[photo.pk for photo in those_meant(list(rows), question)])


def _full() -> str:
    return _("Paling banyak %(most)s berita dan %(most)s foto sekaligus; sisanya tidak ikut dipilih.") % {
        "most": number(MOST)
    }


def _counts(chosen: Picked) -> dict[str, int]:
    return {"stories": len(chosen.stories), "photos": len(chosen.photos)}


@login_required
@require_safe
def picks(request: HttpRequest) -> HttpResponse:
    """Show what is picked, and what can be done with it."""
    person: Person = request.user
    chosen = picked(request.session)
    stories, photos = stories_seen_by(person, chosen.stories), photos_seen_by(person, chosen.photos)
    taken = chosen_photos(stories, photos)
    undo = request.session.get(UNDO) if person.archives else None
    context = {
        "section": "archive",
        "stories": stories,
        "photos": photos,
        "words": picked_words(chosen),
        "downloadable": len(taken.items),
        "withheld": taken.withheld,
        "packages": Package.objects.filter(story__in=[row.pk for row in stories]).exclude(path="").count(),
        "leaders": Leader.objects.all() if person.archives else [],
        "tags": Tag.objects.filter(retired=False)[:OFFERED_TAGS] if person.archives else [],
        "undo": undo,
    }
    return render(request, "newsroom/archive_picks.html", context)


@login_required
@require_POST
def describe_picked(request: HttpRequest) -> HttpResponse:
    """Say one thing of all that is picked."""
    person: Person = request.user
    if not person.archives:
        raise PermissionDenied
    chosen = picked(request.session)
    stories, photos = stories_seen_by(person, chosen.stories), photos_seen_by(person, chosen.photos)
    try:
        act, value = _said(request, stories, photos)
        undo = describe_many(act, value, stories, photos, person)
    except ActRefused as error:
        messages.error(request, str(error))
        return redirect("archive_picks")
    changed = len(undo["stories"]) + len(undo["photos"])
    if changed:
        request.session[UNDO] = undo
        told = ngettext("Keterangan %(count)s baris diubah.", "Keterangan %(count)s baris diubah.", changed)
        messages.success(request, told % {"count": number(changed)})
    else:
        messages.info(request, _("Tidak ada yang berubah: semuanya sudah begitu."))
    return redirect("archive_picks")


def _said(request: HttpRequest, stories: list[Story], photos: list[Photo]) -> tuple[str, Any]:
    """Return the act and its value, as the form says. Raises ActRefused."""
    act = request.POST.get("aksi", "")
    if act not in ACTS:
        raise ActRefused(_("Pilih tindakannya lebih dahulu."))
    if not stories and not photos:
        raise ActRefused(_("Belum ada yang dipilih. Pilih berita atau foto di arsip lebih dahulu."))
    if act in ("event_on", "event_place") and not stories:
        raise ActRefused(
            _("Tanggal dan tempat acara adalah keterangan berita. Pilih sedikitnya satu berita.")
        )
    if act.endswith("tag"):
        return act, _tag(request.POST.get("tag", "").replace("\0", ""), new=act == "add_tag").pk
    if act.endswith("leader"):
        pk = request.POST.get("pimpinan", "")
        leader = (
            Leader.objects.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 10 else None
        )
        if leader is None:
            raise ActRefused(_("Pilih pimpinannya lebih dahulu."))
        return act, leader.pk
    if act == "event_place":
        return act, request.POST.get("tempat", "").replace("\0", "")
    try:
        return act, date.fromisoformat(request.POST.get("acara", ""))
    except ValueError as error:
        raise ActRefused(_("Tanggal acara itu tidak dikenali.")) from error


def _tag(name: str, *, new: bool) -> Tag:
    """Return the tag of this name, made where there is none and `new` ones are welcome. Raises ActRefused."""
    if not name.replace("#", " ").strip():
        raise ActRefused(_("Tulis tagnya lebih dahulu."))
    found = tags_named([name])[0] if new else tag_named(name)
    if found is None:
        raise ActRefused(
            _("Tidak ada tag bernama “%(name)s”. Periksa ejaannya.") % {"name": name.strip()[:60]}
        )
    return found


@login_required
@require_POST
def undo_description(request: HttpRequest) -> HttpResponse:
    """Take back what was last said of many at once, where it still stands."""
    if not request.user.archives:
        raise PermissionDenied
    undo = request.session.pop(UNDO, None)
    if not undo:
        messages.info(request, _("Tidak ada yang dapat diurungkan."))
        return redirect("archive_picks")
    count = undo_many(undo, request.user)
    told = ngettext("%(count)s baris dikembalikan.", "%(count)s baris dikembalikan.", count)
    messages.success(request, told % {"count": number(count)})
    return redirect("archive_picks")


def _numbers(request: HttpRequest, name: str) -> list[int]:
    given = request.POST.getlist(name)[: MOST + 1]
    return [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 10]


def _back(request: HttpRequest) -> str:
    """Return the page of the archive the form was on."""
    back = request.POST.get("kembali", "")
    if back == "pilihan":
        return reverse("archive_picks")
    return reverse("archive") + (back if back.startswith("?") and len(back) < 4000 else "")
