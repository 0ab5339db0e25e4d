"""Which of a mail's pictures are photos of the story; every other keeps the reason why it is none."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

import photos
from ingest import pictures
from ingest.contents import Candidate, Contents
from ingest.letters import Text
from ingest.message import Image, Part

_SEEN_OFTEN = "gambar yang selalu menyertai surel pengirim ini, bukan foto berita"
_MOST_COMPARED = 60
_ALIKE = 6
"""Bits of 64. Copies that Word or WhatsApp made smaller differ in none to four, other photos of an event in ten or more."""


def choose(
    contents: Contents, documents: list[tuple[str, Text]], seen_often: frozenset[str]
) -> tuple[list[Candidate], tuple[Image, ...]]:
    """Return the photos of the story, each once, and the pictures that are none."""
    attached = contents.in_text_order()
    chosen: list[Candidate] = []
    aside: dict[str, Image] = {}
    seen: set[str] = set()
    for candidate in [*attached, *_compared(_inside(contents, documents), attached)]:
        copy_of = "" if candidate in attached else _original(candidate, chosen)
        if reason := _no_photo(candidate, contents, seen_often):
            contents.decide(candidate.number, "kept", reason)
            aside[candidate.sha256] = Image(
                candidate.data, candidate.sha256, candidate.filename, problem=candidate.look.problem
            )
        elif candidate.sha256 in seen:
            contents.decide(candidate.number, "kept", "foto yang sama sudah ada")
        elif copy_of:
            contents.decide(
                candidate.number, "kept", f"salinan yang diperkecil dari {copy_of}; yang terlampir dipakai"
            )
        else:
            seen.add(candidate.sha256)
            chosen.append(candidate)
            contents.decide(candidate.number, "used", f"foto {len(chosen)}")
    return chosen, tuple(image for sha256, image in aside.items() if sha256 not in seen)


def _no_photo(candidate: Candidate, contents: Contents, seen_often: frozenset[str]) -> str:
    """Say why a picture is no photo of the story, empty when it may be one."""
    look, size = candidate.look, len(candidate.data)
    if candidate.sha256 in seen_often and not pictures.is_large_photo(look, size):
        return _SEEN_OFTEN
    return pictures.furniture(
        look,
        size,
        candidate.filename,
        inline=candidate.inline,
        within=contents.places.get(candidate.content_id),
    )


def _inside(contents: Contents, documents: list[tuple[str, Text]]) -> list[Candidate]:
    """List the pictures inside documents as parts of the mail."""
    inside: list[Candidate] = []
    for number, text in documents:
        stem = PurePath(text.filename).stem or "dokumen"
        for index, data in enumerate(text.pictures, 1):
            look = pictures.look(data)
            if not look.content_type:
                continue
            sha256 = hashlib.sha256(data).hexdigest()
            filename = f"{stem}-{index}.{look.content_type.removeprefix('image/').replace('jpeg', 'jpg')}"
            place = f"{number}/{index}"
            contents.fates[place] = Part(
                place, look.content_type, filename, len(data), "kept", "gambar", sha256
            )
            inside.append(Candidate(place, filename, data, sha256, look, inline=True))
    return inside


def _compared(inside: list[Candidate], attached: list[Candidate]) -> list[Candidate]:
    """Give each picture worth comparing its likeness: where photos are attached beside a document that holds some."""
    if inside and attached:
        for candidate in [*attached, *inside][:_MOST_COMPARED]:
            if not candidate.look.problem:
                try:
                    candidate.likeness = photos.dhash(candidate.data)
                except photos.UnreadablePhoto:
                    candidate.likeness = None
    return inside


def _original(candidate: Candidate, chosen: list[Candidate]) -> str:
    """Return the name of the attached photo a document's picture is a copy of, empty when it is none."""
    if candidate.likeness is None:
        return ""
    for other in chosen:
        if (
            other.likeness is not None
            and photos.distance(candidate.likeness, other.likeness) <= _ALIKE
            and _same_shape(candidate.look, other.look)
        ):
            return other.filename or "foto terlampir"
    return ""


def _same_shape(one: pictures.Look, other: pictures.Look) -> bool:
    a, b = (max(look.width, 1) / max(look.height, 1) for look in (one, other))
    return abs(a - b) <= 0.05 * max(a, b)
