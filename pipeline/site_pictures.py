"""The pictures a site receives: as large as its style allows, edited, and labelled with whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings

import photos
import prose
from config import Style
from newsroom.models import Photo, Revision
from pipeline.stores import rendition
from publishers import Picture
from publishers.captions import credit_line

_ROOM = 4096
"""Bytes kept for the label, in steps of this: one rendition then serves captions of any length but the longest."""


def site_picture(sealed: Revision, photo: Mapping[str, Any], picture: Picture, style: Style) -> Picture:
    """Return `picture`, whose words are set, with its bytes and size for a site of this style.

    `photo` is as the sealed revision keeps it. The picture keeps the original's SHA-256; sites tell pictures
    apart by that together with the bytes, so that one edited or labelled anew is brought to them again.
    Raises photos.UnreadablePhoto, archive.ArchiveError.
    """
    label = label_of(sealed, photo, picture)
    label_bytes = len(photos.labelled(_EMPTY, label)) - len(_EMPTY)
    room = -(-label_bytes // _ROOM) * _ROOM
    edits = photos.Edits.from_json(photo.get("edits") or {})
    strip = credit_line(picture.credit) if style.credit_strip else ""
    size = photos.Size(style.longest, style.quality, style.ceiling_kb * 1000 - room, strip)
    data = photos.labelled(rendition(photo["sha256"], size, edits).read_bytes(), label)
    facts = photos.facts(data)
    return replace(picture, data=data, width=facts.width, height=facts.height)


_EMPTY = b"\xff\xd8\xff\xd9"


def label_of(sealed: Revision, photo: Mapping[str, Any], picture: Picture) -> photos.Label:
    """Return what a site's picture says about itself.

    Copyright is only ever what the file came with: we claim none for others.
    """
    row = Photo.objects.filter(story=sealed.story_id, sha256=photo["sha256"]).first()
    said = row.facts if row else {}
    taken = row.taken_at if row else None
    return photos.Label(
        caption=picture.caption,
        credit=picture.credit,
        copyright=said.get("copyright", ""),
        creator=sealed.photographer or said.get("creator", ""),
        city=sealed.dateline_city,
        date=taken.astimezone(settings.REDAKSI.office.tz).date() if taken else None,
    )


def picture_name(day: date, outlet: str, slug: str, number: int) -> str:
    """Return our own name of a picture, such as 20261125_mc-palangka-raya_judul-singkat_01.jpg."""
    parts = (f"{day:%Y%m%d}", prose.slug(outlet)[:24].strip("-"), slug[:40].strip("-"), f"{number:02d}")
    return "_".join(part for part in parts if part) + ".jpg"
