"""Changed at the site: what differs, and whose version shall stay?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import prose
from newsroom import drift as acts
from newsroom.acts import ActRefused
from newsroom.models import ASSISTED, OUT_OF_SIGHT, Choice, Drift, Person, Sight
from newsroom.views.access import operators
from newsroom.views.diff import Difference, compare, labels, shortened
from newsroom.views.standing import address, title


@dataclass(frozen=True)
class Offer:
    choice: Choice
    label: str
    says: str
    """What will happen."""
    grave: bool = False


@operators
@require_safe
def drift(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what differs at one site, and what can be done about it."""
    sight = sight_or_404(pk)
    delivery = sight.delivery
    context = {
        "section": "attention" if sight.is_open else "published",
        "sight": sight,
        "delivery": delivery,
        "story": delivery.story,
        "site": title(delivery.site),
        "where": address(delivery.site, delivery.url),
        "said": _said(sight),
        "changes": list(_changes(sight)),
        "offers": [_offer(sight, choice) for choice in acts.choices(sight, request.user)],
        "writing": sight.drift == Drift.EDITED and acts.is_being_written(delivery.story),
    }
    return render(request, "newsroom/drift.html", context)


@operators
@require_POST
def settle_drift(request: HttpRequest, pk: int, choice: str) -> HttpResponse:
    """Do what the person chose about the state that their page has shown."""
    sight = sight_or_404(pk)
    seen, revision = request.POST.get("seen", "")[:40], request.POST.get("naskah", "")
    try:
        _act(sight, request.user, choice, seen, int(revision) if revision.isdecimal() else None)
    except ActRefused as error:
        messages.error(request, str(error))
        return redirect("drift", pk)
    messages.success(request, _done(sight, Choice(choice)))
    if choice == Choice.TAKE:
        return redirect("story", sight.delivery.story_id)
    return redirect("attention")


def sight_or_404(pk: int) -> Sight:
    """Return what was found at a site. Raises Http404 where nothing differs (any more)."""
    rows = Sight.objects.select_related("delivery__story", "chosen_by")
    sight: Sight = get_object_or_404(rows.exclude(drift=""), pk=pk)
    return sight


def _act(sight: Sight, by: Person, choice: str, seen: str, revision: int | None) -> None:
    match choice:
        case Choice.KEEP:
            acts.keep_theirs(sight, by, seen=seen)
        case Choice.RESTORE:
            acts.put_ours_back(sight, by, seen=seen)
        case Choice.TAKE:
            acts.take_theirs(sight, by, seen=seen, revision=revision)
        case _:
            raise Http404


def _changes(sight: Sight) -> Iterator[Difference]:
    """Yield how the site's words differ from ours as they were written for it."""
    site = settings.REDAKSI.site(sight.delivery.site)
    if sight.drift not in (Drift.EDITED, Drift.HIDDEN, Drift.TRASHED) or not sight.text or site is None:
        return
    ours, theirs = acts.ours(sight, site), acts.reading(sight)
    words = labels()
    pairs = [
        (words["headline"], ours.headline, theirs.headline or ours.headline),
        (words["body"], prose.to_text(ours.markdown), prose.to_text(theirs.markdown)),
        (words["photos"], *_captions(ours.captions, theirs.captions)),
    ]
    for label, old, new in pairs:
        if " ".join(old.split()) != " ".join(new.split()):
            yield Difference(label, shortened(compare(old, new)))


def _captions(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, str]:
    """Return the captions as lines. A credit the site writes after one is no change, nor a first photo that only
    its theme shows."""
    first = 1 if len(theirs) == len(ours) - 1 else 0
    if not theirs:
        return "", ""
    told = [old if new.startswith(old) else new for old, new in zip(ours[first:], theirs, strict=False)]
    told += theirs[len(told) :]
    return "\n".join(ours[first:]), "\n".join(told)


def _said(sight: Sight) -> str:
    place = {"site": title(sight.delivery.site)}
    match sight.drift:
        case Drift.SHOWN:
            return _("Berita ini sudah kita tarik, tetapi tampil lagi bagi pembaca %(site)s.") % place
        case Drift.HIDDEN:
            return (
                _("Berita ini tidak lagi tampil bagi pembaca %(site)s, tetapi masih tersimpan di sana.")
                % place
            )
        case Drift.TRASHED:
            return (
                _("Berita ini dibuang ke tempat sampah %(site)s. Biasanya hilang seterusnya sesudah 30 hari.")
                % place
            )
        case Drift.DELETED:
            return _("Berita ini sudah tidak ada di %(site)s.") % place
        case Drift.PHOTOS:
            return _("Satu foto berita ini, atau lebih, sudah tidak ada atau diganti di %(site)s.") % place
        case _:
            return _("Naskah di %(site)s tidak lagi sama dengan yang kita tayangkan.") % place


def _offer(sight: Sight, choice: Choice) -> Offer:
    match choice:
        case Choice.KEEP:
            return Offer(choice, _("Biarkan versi situs"), _says_keep(sight))
        case Choice.TAKE:
            return Offer(
                choice,
                _("Ambil versi situs"),
                _(
                    "Naskah situs menjadi draf ralat di sini dan belum dibaca siapa pun. Editor memeriksanya, lalu "
                    "menayangkannya sebagai ralat di semua situs. Foto tidak ikut diambil."
                ),
            )
        case _:
            label = _("Tarik lagi dari situs") if sight.drift == Drift.SHOWN else _("Kembalikan versi kita")
            return Offer(choice, label, _says_restore(sight), grave=sight.drift == Drift.EDITED)


def _says_keep(sight: Sight) -> str:
    place = {"site": title(sight.delivery.site)}
    if sight.drift in OUT_OF_SIGHT:
        said = _("Berita tetap tidak tampil di %(site)s, dan ralat berikutnya tidak dikirim ke sana.") % place
    elif sight.drift == Drift.PHOTOS:
        said = _("Foto itu tetap tidak ada di %(site)s, sampai ralat berikutnya mengunggahnya lagi.") % place
    else:
        said = (
            _(
                "Pembaca %(site)s tetap membaca versi situs. Kami tidak bertanya lagi selama versi itu tidak berubah; "
                "ralat berikutnya dari kita akan menggantinya."
            )
            % place
        )
    if sight.delivery.owed:
        said += " " + _("Ralat yang sedang menunggu tidak dikirim ke situs ini.")
    return said


def _says_restore(sight: Sight) -> str:
    place = {"site": title(sight.delivery.site)}
    site = settings.REDAKSI.site(sight.delivery.site)
    if site is not None and site.kind == ASSISTED:
        return _("Menjadi tugas di Tugas situs: petugas memperbaikinya di %(site)s dengan tangan.") % place
    match sight.drift:
        case Drift.SHOWN:
            said = _("Berita disembunyikan lagi dari pembaca %(site)s, dan berkas fotonya dihapus.") % place
        case Drift.DELETED:
            said = (
                _("Berita ditayangkan sekali lagi di %(site)s; alamatnya dapat berbeda dari yang dulu.")
                % place
            )
        case Drift.HIDDEN | Drift.TRASHED:
            said = _("Berita tampil lagi di %(site)s, di alamat yang sama, dengan naskah kita.") % place
        case Drift.PHOTOS:
            said = _("Foto yang tidak ada diunggah lagi ke %(site)s.") % place
        case _:
            said = (
                _("Naskah kita menggantikan suntingan di %(site)s. Suntingan itu hilang dari halaman situs.")
                % place
            )
    return _("%(said)s Bila situs berubah lagi sebelum itu, Anda ditanya lagi.") % {"said": said}


def _done(sight: Sight, choice: Choice) -> str:
    place = {"site": title(sight.delivery.site)}
    match choice:
        case Choice.KEEP:
            return _("Versi %(site)s dibiarkan.") % place
        case Choice.TAKE:
            return (
                _("Naskah dari %(site)s sekarang menjadi draf ralat. Periksa, lalu tayangkan ralatnya.")
                % place
            )
        case _:
            return _("Versi kita sedang dikirim ke %(site)s. Hasilnya tampil di halaman berita.") % place
