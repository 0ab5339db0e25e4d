"""Taking out of the archive what is picked: photos with their words, and whole packages, as a ZIP that is sent while it is made."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import archive
import photos
import prose
from newsroom import sheets
from newsroom.models import LogEntry, Package, Person
from newsroom.picking import photos_seen_by, picked, stories_seen_by
from newsroom.taking import HEADINGS, Chosen, Item, chosen_photos, sheet_line
from newsroom.views.photo_facts import sees_place
from pipeline.site_pictures import picture_name
from pipeline.stores import PUBLISHED, originals, packages_folder, rendition
from web.zipping import Entry, pieces, zipped

MISSING = (photos.UnreadablePhoto, archive.ArchiveError, OSError)
SHEET, TABLE, LEFT_BEHIND = "keterangan.csv", "keterangan.xlsx", "tidak-ikut.txt"
REMEMBERED = 3600
"""Seconds for which a download's progress is told."""


@login_required
@require_POST
def take_photos(request: HttpRequest) -> HttpResponse:
    """Send the picked photos with their words in the files and beside them; originals to those who may have them."""
    person: Person = request.user
    list_ = picked(request.session)
    chosen = chosen_photos(stories_seen_by(person, list_.stories), photos_seen_by(person, list_.photos))
    if not chosen.items:
        messages.error(
            request, _("Tidak ada foto yang dapat diunduh. Pilih foto atau berita di arsip lebih dahulu.")
        )
        return redirect("archive_picks")
    as_they_came = request.POST.get("asli") == "1"
    if as_they_came and not sees_place(person):
        raise PermissionDenied
    _note("take_photos", chosen, person, "berkas asli" if as_they_came else "")
    progress = _Progress(request, len(chosen.items))
    return _sent(zipped(_files(chosen, progress, as_they_came=as_they_came)), "foto")


@login_required
@require_POST
def take_packages(request: HttpRequest) -> HttpResponse:
    """Send the packages of the picked stories, every version, byte for byte."""
    person: Person = request.user
    if not person.archives:
        raise PermissionDenied
    stories = stories_seen_by(person, picked(request.session).stories)
    rows = Package.objects.filter(story__in=[story.pk for story in stories]).exclude(path="")
    packages = list(rows.select_related("story").order_by("story", "version", "revision"))
    if not packages:
        messages.error(
            request, _("Berita yang dipilih belum punya paket arsip. Paket dibuat setelah berita tayang.")
        )
        return redirect("archive_picks")
    LogEntry.objects.bulk_create(
        LogEntry(verb="take_package", by=person, story=row.story, version=row.version, note=row.path)
        for row in packages
    )
    return _sent(zipped(_bags(packages, _Progress(request, len(packages)))), "paket")


@login_required
@require_safe
def taking_progress(request: HttpRequest, token: str) -> JsonResponse:
    """Tell the page how far a download has come."""
    done, total = cache.get(_key(request, token)) or (0, 0)
    response = JsonResponse({"done": done, "total": total})
    response["Cache-Control"] = "no-store"
    return response


class _Progress:
    """How many of a download's files have been sent, for its page to show."""

    def __init__(self, request: HttpRequest, total: int) -> None:
        token = request.POST.get("tanda", "")
        self._key = _key(request, token) if re.fullmatch(r"[a-z0-9]{8,32}", token) else ""
        self.total = total
        self.at(0)

    def at(self, done: int) -> None:
        if self._key:
            cache.set(self._key, (done, self.total), REMEMBERED)


def _key(request: HttpRequest, token: str) -> str:
    return f"taking:{request.user.pk}:{token}"


def _note(verb: str, chosen: Chosen, by: Person, how: str) -> None:
    """Write a line into the log of every story whose photos go out."""
    counts: dict[int, int] = {}
    for item in chosen.items:
        counts[item.story.pk] = counts.get(item.story.pk, 0) + 1
    LogEntry.objects.bulk_create(
        LogEntry(verb=verb, by=by, story_id=pk, note=" · ".join(filter(None, (f"{count} foto", how))))
        for pk, count in counts.items()
    )


def _sent(content: Iterator[bytes], what: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type="application/zip")
    name = f"{what}_arsip_{timezone.localtime():%Y%m%d-%H%M}.zip"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


def _files(chosen: Chosen, progress: _Progress, *, as_they_came: bool) -> Iterator[Entry]:
    """Yield the photos in their order, then the sheet twice, then what does not come along."""
    lines: list[list[str]] = []
    left = list(chosen.withheld)
    names: set[str] = set()
    for done, item in enumerate(chosen.items, start=1):
        original = as_they_came and not item.original_barred
        if as_they_came and item.original_barred:
            left.append((item.shown["caption"] or item.row.filename, item.original_barred))
        try:
            data = originals().read(item.row.sha256) if original else _labelled(item)
        except MISSING as error:
            left.append((item.shown["caption"] or item.row.filename, str(error)))
            progress.at(done)
            continue
        name = _name(item, original, names)
        lines.append(sheet_line(item, len(lines) + 1, name, "asli" if original else "olahan"))
        yield Entry(name, (data,), _released(item))
        del data
        progress.at(done)
    yield Entry(SHEET, ["".join(("\ufeff", *sheets.written(HEADINGS, lines))).encode()], timezone.localtime())
    yield Entry(TABLE, (_table(lines),), timezone.localtime())
    if left:
        told = "\r\n".join(f"{name}: {why}" for name, why in left)
        yield Entry(LEFT_BEHIND, (told.encode("utf-8-sig"),), timezone.localtime())


def _labelled(item: Item) -> bytes:
    """Return the photo as readers have it, with its words as IPTC and XMP. Raises what MISSING names."""
    said, taken = item.row.facts, item.row.taken_at
    label = photos.Label(
        caption=item.shown["caption"],
        credit=item.shown["credit"],
        copyright=said.get("copyright", ""),
        creator=item.sealed.photographer or said.get("creator", ""),
        headline=item.sealed.headline,
        city=item.sealed.dateline_city,
        date=timezone.localdate(taken) if taken else None,
    )
    edits = photos.Edits.from_json(item.shown.get("edits") or {})
    return photos.labelled(rendition(item.row.sha256, PUBLISHED, edits).read_bytes(), label)


def _name(item: Item, original: bool, taken: set[str]) -> str:
    """Return our own name of the file, unlike those given already."""
    slug = prose.slug(item.sealed.headline) or item.story.key[:8]
    outlet = item.sealed.byline_outlet or settings.REDAKSI.office.name
    name = picture_name(_released(item), outlet, slug, item.number)
    if original:
        suffix = Path(item.row.filename).suffix.lower()
        safe = re.fullmatch(r"\.[a-z0-9]{1,5}", suffix)
        name = name.removesuffix(".jpg") + (suffix if safe else ".jpg")
    if name in taken:
        stem, dot, suffix = name.rpartition(".")
        name = f"{stem}-{item.row.pk}{dot}{suffix}"
    taken.add(name)
    return name


def _released(item: Item) -> Any:
    return timezone.localtime(item.story.released_at or item.sealed.at)


def _table(lines: list[list[str]]) -> bytes:
    """Return the sheet for Excel; every cell is text, so none is taken for a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet("Foto")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, heading in enumerate(HEADINGS):
        page.write_string(0, column, heading, bold)
    for number, line in enumerate(lines, start=1):
        for column, cell in enumerate(line):
            page.write_string(number, column, cell[:32_000], wrapped)
    page.set_column(0, 0, 5)
    page.set_column(1, len(HEADINGS) - 1, 24)
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, max(len(lines), 1), len(HEADINGS) - 1)
    book.close()
    return out.getvalue()


def _bags(packages: list[Package], progress: _Progress) -> Iterator[Entry]:
    """Yield the files of each package under its folder's name; one that cannot be read is named at the end."""
    left = []
    for done, row in enumerate(packages, start=1):
        folder = packages_folder() / row.path
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            try:
                opened = file.open("rb")
            except OSError as error:
                left.append(f"{row.path}/{file.relative_to(folder)}: {error.strerror}")
                continue
            yield Entry(f"{row.path}/{file.relative_to(folder).as_posix()}", pieces(opened))
        if not folder.is_dir():
            left.append(row.path + ": " + _("paket ini tidak ada di tempatnya"))
        progress.at(done)
    if left:
        yield Entry(LEFT_BEHIND, ("\r\n".join(left).encode("utf-8-sig"),), timezone.localtime())
