"""The collage maker: drafts, the page that is being arranged, and what was made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

import archive
import collage
import photos
import prose
from newsroom import candidates
from newsroom.acts import ActRefused
from newsroom.models import Collage, Leader, Revision, Story, Tag
from newsroom.photos import barred
from newsroom.views.access import fragment, operators
from pipeline import collage_drafts, collage_outputs
from pipeline.collages import CollageRefused, closed, last_period, recipe_of
from pipeline.stores import THUMBNAIL, rendition
from web.collage_board import draw, thumbnail

PER_PAGE = 20
PER_WALL = 36
LAYOUTS = {
    "rows": gettext_lazy("Baris"),
    "mosaic": gettext_lazy("Mozaik"),
    "grid": gettext_lazy("Kisi"),
    "timeline": gettext_lazy("Lini masa per bulan"),
    "cover": gettext_lazy("Foto utama dan baris"),
}
PAGES = {
    "a3-landscape": gettext_lazy("A3 mendatar"),
    "a3-portrait": gettext_lazy("A3 tegak"),
    "a4-landscape": gettext_lazy("A4 mendatar"),
    "a4-portrait": gettext_lazy("A4 tegak"),
    "a2-landscape": gettext_lazy("A2 mendatar"),
    "a2-portrait": gettext_lazy("A2 tegak"),
    "square": gettext_lazy("Persegi"),
    "wide": gettext_lazy("Layar lebar 16:9"),
    "story": gettext_lazy("Layar ponsel 9:16"),
}
CAPTIONS = {
    "auto": gettext_lazy("Sesuai halaman"),
    "full": gettext_lazy("Keterangan, tanggal, kredit"),
    "short": gettext_lazy("Keterangan satu baris"),
    "none": gettext_lazy("Tanpa tulisan"),
}
SPACINGS = {"0.0": gettext_lazy("Rapat"), "1.0": gettext_lazy("Biasa"), "2.0": gettext_lazy("Renggang")}
ZOOMS = {"1": "1×", "1.25": "1,25×", "1.5": "1,5×", "2": "2×", "3": "3×"}
FILES = {
    "kolase.jpg": gettext_lazy("JPEG untuk dicetak"),
    "kolase.pdf": gettext_lazy("PDF untuk dicetak"),
    "kolase-web.jpg": gettext_lazy("JPEG untuk web"),
    "kolase-web.webp": gettext_lazy("WebP untuk web"),
    "kolase-foto.zip": gettext_lazy("Halaman dengan foto satu per satu (ZIP)"),
}
WITHHELD = gettext_lazy(
    "Susunan atau foto kolase ini berubah sejak dibuat, misalnya ada foto yang ditandai atau ditarik, jadi berkasnya tidak "
    "diberikan. Segarkan fotonya, lalu buat ulang; bila sudah menjadi berita, gandakan resepnya dahulu."
)
State = Collage.State


@operators
@require_safe
def collages(request: HttpRequest) -> HttpResponse:
    """List drafts and collages, the latest first."""
    rows = Collage.objects.select_related("story", "changed_by", "leader", "tag")
    dropped = request.GET.get("lihat") == "disisihkan"
    rows = rows.filter(state=State.DROPPED) if dropped else rows.exclude(state=State.DROPPED)
    page = Paginator(rows.order_by("-changed_at", "-pk"), PER_PAGE).get_page(request.GET.get("hal"))
    context = {
        "section": "more",
        "page": page,
        "rows": [(row, _covers(row)) for row in page],
        "dropped": dropped,
    }
    return render(request, "web/collages.html", context)


def _covers(row: Collage) -> list[str]:
    """Return thumbnails of a collage's first photos."""
    try:
        return [thumbnail(row, shot) for shot in recipe_of(row).shots[:5]]
    except CollageRefused:
        return []


@operators
def new_collage(request: HttpRequest) -> HttpResponse:
    """Ask for a period and what the collage is about, and begin a draft."""
    start, end = last_period(timezone.localdate(), settings.REDAKSI.collage.months)
    given = {"mulai": start.isoformat(), "akhir": end.isoformat(), "jumlah": "24"}
    refusal = ""
    if request.method == "POST":
        given = request.POST.dict()
        try:
            row = collage_drafts.start(_asked(given), request.user)
        except (ActRefused, CollageRefused) as error:
            refusal = str(error)
        else:
            return redirect("collage", row.pk)
    context = {
        "section": "more",
        "given": given,
        "refusal": refusal,
        "leaders": Leader.objects.all(),
        "tags": Tag.objects.all(),
        "categories": _categories(),
        "layouts": LAYOUTS,
        "pages": PAGES,
    }
    return render(request, "web/collage_new.html", context, status=422 if refusal else 200)


def _categories() -> list[str]:
    """Return the categories released stories have."""
    known = Story.objects.exclude(category="").order_by().values_list("category", flat=True).distinct()
    return sorted(known)


def _asked(given: Mapping[str, str]) -> Collage:
    """Return a new row from what the form says. Raises ActRefused."""
    try:
        start, end = (date.fromisoformat(given.get(name, "")) for name in ("mulai", "akhir"))
    except ValueError as error:
        raise ActRefused(_("Isi tanggal awal dan tanggal akhir periode.")) from error
    count = given.get("jumlah", "")
    row = Collage(
        start=start,
        end=end,
        leader=_one(Leader, given.get("pimpinan", "")),
        tag=_one(Tag, given.get("tag", "")),
        category=given.get("kategori", "")[:60],
        count=int(count) if count.isascii() and count.isdigit() and len(count) < 5 else 0,
    )
    layout, page = given.get("susunan", "rows"), given.get("halaman", "a3-landscape")
    row.recipe = {
        "layout": layout if layout in LAYOUTS else "rows",
        "page": page if page in PAGES else "a3-landscape",
    }
    return row


def _one(model: Any, pk: str) -> Any:
    return (
        model.objects.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 12 else None
    )


# One collage


@operators
@require_safe
def one_collage(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the page that is being arranged, or only its part where a script asks for it."""
    row = _row(pk)
    if not row.recipe:
        return redirect("story", row.story_id) if row.story_id else redirect("collages")
    part = request.headers.get("HX-Request") == "true"
    return render(request, "web/_collage.html" if part else "web/collage.html", _context(request, row))


@operators
@require_POST
def change_collage(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one act to the draft; answer with the page as it is then."""
    row = _row(pk)
    seen = request.POST.get("dilihat", "")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1
    refusal, chosen = "", request.POST.get("pilih", "")
    verb, before = request.POST.get("verba", ""), row.recipe.get("photos", [])
    try:
        collage_drafts.change(row, request.user, number, verb, request.POST.dict())
    except (ActRefused, CollageRefused) as error:
        refusal = str(error)
    else:
        chosen = _follows(before, row.recipe["photos"], verb, chosen)
    if request.headers.get("HX-Request") != "true":
        if refusal:
            messages.error(request, refusal)
        return redirect(f"{reverse('collage', args=[pk])}?{_kept(request, chosen)}")
    context = _context(request, _row(pk), chosen=chosen) | {"refusal": refusal}
    return render(request, "web/_collage.html", context)


def _follows(before: list[Any], after: list[Any], verb: str, chosen: str) -> str:
    """Return which place is chosen after an act: the eye follows the photo."""
    if not (chosen.isascii() and chosen.isdigit() and int(chosen) < len(before)):
        return ""
    sha256 = before[int(chosen)]["sha256"]
    for place, photo in enumerate(after):
        if photo["sha256"] == sha256:
            return str(place)
    return chosen if verb == "put" else ""


@operators
@require_POST
def make_collage(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the files made."""
    seen = request.POST.get("dilihat", "")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1
    return _done(request, pk, lambda row: collage_drafts.want(row, request.user, number))


@operators
@require_POST
def send_collage(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a finished collage into the queue."""
    said = _("Kolase masuk antrean sebagai berita. Editor lain memverifikasinya di sana.")
    return _done(request, pk, lambda row: collage_drafts.send(row, request.user), said)


@operators
@require_POST
def drop_collage(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay a draft aside."""
    said = _("Disisihkan. Resepnya tetap ada di “Yang disisihkan”.")
    done = _done(request, pk, lambda row: collage_drafts.drop(row, request.user), said)
    return redirect("collages") if done.status_code == 302 else done


@operators
@require_POST
def copy_collage(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin another draft with the same recipe."""
    try:
        other = collage_drafts.duplicate(_row(pk), request.user)
    except ActRefused as error:
        messages.error(request, str(error))
        return redirect("collage", pk)
    messages.success(request, _("Resep digandakan. Ini rancangan yang baru."))
    return redirect("collage", other.pk)


def _done(request: HttpRequest, pk: int, act: Callable[[Collage], None], said: str = "") -> HttpResponse:
    try:
        act(_row(pk))
    except (ActRefused, CollageRefused) as error:
        messages.error(request, str(error))
    else:
        if said:
            messages.success(request, said)
    return redirect("collage", pk)


@fragment
@require_safe
def collage_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far it is; once it is made or has failed, the page is asked for anew."""
    if not request.user.sees:
        raise PermissionDenied
    row = _row(pk)
    if row.state != State.WANTED or row.error:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "web/_collage_progress.html", {"row": row})


# Pictures and files


@operators
@require_safe
def collage_photo(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """Show a photo of a draft, small, as its edits leave it."""
    row = _row(pk)
    for shot in row.recipe.get("photos", []):
        if shot.get("sha256") == sha256:
            return _small(sha256, shot.get("edits") or {})
    raise Http404


@operators
@require_safe
def candidate_photo(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """Show a photo of a verified text, small, as it was verified."""
    revision = get_object_or_404(Revision, pk=pk, sealed=True)
    for photo in revision.photos:
        if photo["sha256"] == sha256:
            return _small(sha256, photo.get("edits") or {})
    raise Http404


def _small(sha256: str, edits: Mapping[str, Any]) -> HttpResponse:
    try:
        file = rendition(sha256, THUMBNAIL, photos.Edits.from_json(dict(edits))).open("rb")
    except (OSError, ValueError, photos.UnreadablePhoto, archive.ArchiveError) as error:
        raise Http404(str(error)) from error
    response = FileResponse(file, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@operators
@require_safe
def collage_file(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Hand out what was made under a name of ours; the web picture is also looked at on the page.

    Nothing is handed out that may not be made any more, and nothing of an earlier arrangement.
    """
    row = _row(pk)
    looks = name == collage_outputs.WEB and "lihat" in request.GET
    try:
        path = collage_outputs.path_of(row.outputs.get("key", ""), name)
        recipe = recipe_of(row)
        fresh = row.outputs["key"] == recipe.key()
        if not fresh or _withheld(row, recipe, candidates.gather(row.start, row.end)):
            if looks:
                raise Http404
            messages.error(request, WITHHELD)
            return redirect("collage", pk)
        file = path.open("rb")
    except (OSError, CollageRefused, collage_outputs.Unmade) as error:
        raise Http404(str(error)) from error
    saved = f"{prose.slug(str(row), 60) or 'kolase'}{name.removeprefix('kolase')}"
    response = FileResponse(
        file, as_attachment=not looks, filename=saved, content_type=collage_outputs.KINDS[name]
    )
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _withheld(row: Collage, recipe: collage.Recipe, everything: candidates.Field) -> bool:
    """Say whether what was made shows something that readers must not see, as it lies on the disk."""
    if row.story is None:
        return bool(closed(recipe, everything))
    # What its story blurs is plain in these files.
    return any(barred(photo, {"edits": {}}) for photo in row.story.photos.all() if photo.drawn_from)


# What the page shows


def _row(pk: int) -> Collage:
    rows = Collage.objects.select_related("story", "leader", "tag", "changed_by", "asked_by")
    row: Collage = get_object_or_404(rows, pk=pk)
    return row


@dataclass(frozen=True)
class Offer:
    """A candidate on the wall."""

    one: candidates.Candidate
    rank: int
    place: int | None
    """Where it already is."""
    left: str
    """Why it is not proposed."""

    @property
    def src(self) -> str:
        key = photos.Edits.from_json(dict(self.one.edits)).key()
        return reverse("candidate_photo", args=[self.one.revision, self.one.sha256]) + f"?s={key}"


def _context(request: HttpRequest, row: Collage, chosen: str | None = None) -> dict[str, Any]:
    recipe = recipe_of(row)
    wanted = request.GET.get("pilih", "") if chosen is None else chosen
    place = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else None
    place = place if place is not None and place < len(recipe.shots) else None
    frozen = row.story_id is not None or row.state == State.DROPPED or not request.user.operates
    found = candidates.of(row)
    everything = candidates.gather(row.start, row.end) if _filtered(row) else found
    why = {} if frozen else closed(recipe, everything)
    fresh = row.outputs.get("key") == recipe.key()
    withheld = fresh and _withheld(row, recipe, everything)
    fresh = fresh and not withheld
    shot = recipe.shots[place] if place is not None else None
    known = everything.by_sha256().get(shot.sha256) if shot else None
    board = draw(row, recipe, place, why)
    tile = board.tiles[place] if place is not None else None
    return {
        "section": "more",
        "row": row,
        "recipe": recipe,
        "board": board,
        "tile": tile,
        "closed": why,
        "frozen": frozen,
        "shot": shot,
        "place": place,
        "known": known,
        "zooms": ZOOMS,
        "zoom": f"{shot.zoom:g}" if shot else "",
        "shot_src": thumbnail(row, shot) if shot else "",
        "layouts": LAYOUTS,
        "pages": PAGES,
        "captions": CAPTIONS,
        "spacings": SPACINGS,
        "spacing": str(float(recipe.spacing)),
        "fewest": collage.FEWEST,
        "files": _files(row) if fresh else [],
        "fresh": fresh and row.state == State.MADE,
        "kept": _kept(request, None if place is None else str(place)),
        "refusal": "",
        "withheld": WITHHELD if withheld and not why else "",
        **({} if frozen else _wall(request, row, recipe, found)),
    }


def _filtered(row: Collage) -> bool:
    return bool(row.leader_id or row.tag_id or row.category)


def _files(row: Collage) -> list[tuple[str, Any, int]]:
    made = {one["name"]: one["size"] for one in row.outputs.get("files", [])}
    return [(name, words, made[name]) for name, words in FILES.items() if name in made]


def _kept(request: HttpRequest, chosen: str | None) -> str:
    """Return the query that shows the same part of the wall again."""
    query = request.GET.copy()
    query.pop("pilih", None)
    if chosen:
        query["pilih"] = chosen
    return query.urlencode()


def _wall(
    request: HttpRequest, row: Collage, recipe: collage.Recipe, found: candidates.Field
) -> dict[str, Any]:
    places = {shot.sha256: place for place, shot in enumerate(recipe.shots)}
    here = [one for one in found.open if one.sha256 in places]
    left = candidates.propose(found, len(here), keep=set(places)).left
    offers = [
        Offer(one, rank, places.get(one.sha256), left.get(one.sha256, ""))
        for rank, one in enumerate(found.ranked(), start=1)
    ]
    month, which = request.GET.get("bulan", ""), request.GET.get("tampil", "")
    months = sorted({one.month for one in found.open})
    shown = [
        offer
        for offer in offers
        if (not month or offer.one.month == month)
        and (which == "semua" or offer.place is None)
        and (which != "baik" or not _stands_back(offer))
    ]
    return {
        "wall": Paginator(shown, PER_WALL).get_page(request.GET.get("hal")),
        "total": len(found.open),
        "shut": found.shut[:20],
        "shut_count": len(found.shut),
        "months": [(one, date.fromisoformat(f"{one}-01")) for one in months],
        "month": month,
        "which": which,
    }


def _stands_back(offer: Offer) -> bool:
    """Say whether it is like a chosen photo or of the same event."""
    return offer.left not in ("", _("Peringkatnya di bawah yang terpilih."))
