"""import: what a site or a folder of photos held before Redaksi becomes stories of the archive, each once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

import ingest
from archive import ArchiveError
from ingest import before, wxr
from ingest.asking import Asker, NotFetched
from ingest.before import OldPicture, OldPost
from ingest.wordpress_site import OldSite
from newsroom import importing
from newsroom.importing import Old
from newsroom.models import Delivery, Fetched, Source
from pipeline.pictures import kept_photo
from pipeline.stores import need_room, originals
from publishers.wordpress_guard import NotAllowed, guard

NONE_OF_THEM = frozenset(("uncategorized", "tak berkategori", "tanpa kategori", "tidak berkategori"))
"""WordPress' own word for no category."""
LOCKED = (
    "Dilindungi kata sandi di situsnya, jadi tidak diimpor. Bila boleh dibaca siapa saja, hapus kata sandinya di sana, "
    "lalu jalankan lagi."
)
MOST_PHOTOS = 200
"""Of one post; more is a gallery of the whole year."""
Told = Callable[[str], None]


class ImportStopped(Exception):
    """The import cannot go on. The text says in Indonesian why; what was brought in stays, and is not brought in again."""


def asker_for(url: str, hosts: list[str], inside: bool) -> Asker:
    """Return what fetches from this site alone; `inside` says that it lies in the office's own network."""
    own = (urlsplit(url).hostname or "").lower()
    bare = own.removeprefix("www.")

    def may(address: str) -> None:
        try:
            guard(address, inside)
        except NotAllowed as error:
            raise NotFetched(str(error), lasting=True) from error

    return Asker(frozenset((own, bare, f"www.{bare}", *(host.lower() for host in hosts))), may)


def source_of(url: str) -> Source:
    """Return the row of a site, by its address without scheme, `www.` and the slash at its end."""
    parts = urlsplit(url)
    name = f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}"
    return Source.objects.get_or_create(name=name[:200])[0]


def import_site(url: str, asker: Asker, told: Told = lambda _: None) -> Counter[str]:
    """Bring in what a WordPress shows its visitors, from where an earlier import was cut short. Raises ImportStopped."""
    source, site, counts = source_of(url), OldSite(url, asker), Counter[str]()
    # Posts may have gone from earlier pages meanwhile: one page is looked through once more.
    number = max(int(source.cursor.get("page", 1)) - 1, 1)
    while True:
        try:
            posts = site.page(number)
        except NotFetched as error:
            raise ImportStopped(str(error)) from error
        for post in posts:
            counts[bring_in(source, post, asker)] += 1
        if not posts:
            break
        number += 1
        _move_on(source, {"page": number})
        told(f"Halaman {number - 1}: {sum(counts.values())} berita dilihat.")
    _finish(source)
    return counts


def import_file(path: Path, url: str, asker: Asker, told: Told = lambda _: None) -> Counter[str]:
    """Bring in what an export file holds; pictures are fetched from the site. Raises ImportStopped."""
    source, counts = source_of(url), Counter[str]()
    try:
        for post in wxr.read(path):
            counts[bring_in(source, post, asker)] += 1
            if sum(counts.values()) % 100 == 0:
                told(f"{sum(counts.values())} berita dilihat.")
    except wxr.NotWxr as error:
        raise ImportStopped(str(error)) from error
    _finish(source)
    return counts


def bring_in(source: Source, post: OldPost, asker: Asker) -> str:
    """Bring one post in; return what became of it: new, known, changed, ours, locked, later. Raises ImportStopped."""
    origin = importing.known(source, post.remote_id)
    if origin is not None and origin.story_id is not None:
        return "changed" if origin.modified != post.modified else "known"
    site = linked(post.url or source.name)
    if site and Delivery.objects.filter(site=site, remote_id=post.remote_id).exists():
        return "ours"  # it was Redaksi that published it there
    if post.locked:
        importing.set_aside(source, post.remote_id, post.url, LOCKED)
        return "locked"
    try:
        need_room()
        photos, lacking = _photos(source, post, asker)
    except NotFetched as error:
        importing.set_aside(source, post.remote_id, post.url, str(error))
        return "later"
    except ArchiveError as error:
        raise ImportStopped(str(error)) from error
    importing.add(source, replace(_old(post, site), photos=tuple(photos), problem=" ".join(lacking)))
    return "new"


def linked(url: str) -> str:
    """Return the name of the settings' WordPress that an address belongs to; empty when there is none."""
    wanted = _place(url)
    for site in settings.REDAKSI.sites:
        own = _place(str(site.options.get("url", "")))
        if site.kind.startswith("wordpress") and own and f"{wanted}/".startswith(f"{own}/"):
            return site.name
    return ""


def _place(url: str) -> str:
    parts = urlsplit(url if "://" in url else f"//{url}")
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}" if parts.netloc else ""


def _old(post: OldPost, site: str) -> Old:
    named = [name for name in post.categories if name.casefold() not in NONE_OF_THEM]
    at = post.published_at
    return Old(
        remote_id=post.remote_id,
        headline=post.title,
        body=before.to_markdown(post.html),
        published_at=at,
        event_on=timezone.localtime(at, settings.REDAKSI.office.tz).date(),
        url=post.url,
        modified=post.modified,
        writer=post.author,
        category=named[0] if named else "",
        tags=tuple(dict.fromkeys((*named[1:], *post.tags))),
        site=site,
    )


def _photos(source: Source, post: OldPost, asker: Asker) -> tuple[list[dict[str, Any]], list[str]]:
    """Keep the post's pictures; return their rows, and what is lacking for good. Raises NotFetched to come back later."""
    rows, lacking = [], []
    for picture in post.pictures[:MOST_PHOTOS]:
        try:
            data = _data(source, picture.url, asker)
        except NotFetched as error:
            if not error.lasting:
                raise
            lacking.append(str(error))
            continue
        rows.append(_kept(picture, data))
    if (more := len(post.pictures) - MOST_PHOTOS) > 0:
        lacking.append(f"{more} foto lagi tidak diambil: paling banyak {MOST_PHOTOS} foto untuk satu berita.")
    return rows, lacking


def _data(source: Source, url: str, asker: Asker) -> bytes:
    """Return a file by its address: from the originals where it was fetched before."""
    named = hashlib.sha256(url.encode()).hexdigest()
    before_now = Fetched.objects.filter(source=source, address_sha256=named).first()
    if before_now is not None:
        return originals().read(before_now.sha256)
    data = asker.get(url)
    sha256 = originals().keep(data)
    Fetched.objects.get_or_create(source=source, address_sha256=named, defaults={"sha256": sha256})
    return data


def _kept(picture: OldPicture, data: bytes) -> dict[str, Any]:
    name = PurePosixPath(unquote(urlsplit(picture.url).path)).name
    sha256 = hashlib.sha256(data).hexdigest()
    row = kept_photo(ingest.Image(data=data, sha256=sha256, filename=name, caption=picture.caption))
    return {**row, "alt": picture.alt}


def _move_on(source: Source, cursor: dict[str, Any]) -> None:
    Source.objects.filter(pk=source.pk).update(cursor=cursor)
    source.cursor = cursor


def _finish(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(cursor={}, finished_at=timezone.now())


def waiting(source: Source) -> Iterator[tuple[str, str]]:
    """Yield what could not be brought in yet: its address and why."""
    yield from source.origins.filter(story=None).order_by("id").values_list("url", "problem")
