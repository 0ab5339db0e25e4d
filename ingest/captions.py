"""Captions and credits in a story's text, and the photos they belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest import phrases

_CREDIT = re.compile(
    r"\s*[(\[]\s*(?:foto|photo|dok(?:umentasi)?|kredit|credit|sumber)\b\.?\s*(?:foto)?\s*[:/.]?\s*(?P<credit>[^()\[\]]{2,60})[)\]]\s*\.?$"
    r"|(?<=[.!?)])\s+foto\s*:\s*(?P<bare>[^\s:.][^:.]{1,59})\.?$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"^[*_]{0,3}(?P<name>[\w() .'’-]{1,80}\.(?:jpe?g|png|heic|webp))[*_]{0,3}\s*[:=–—-]\s*(?P<rest>\S.*)$",
    re.I,
)
_ITEM = re.compile(r"^(?:(?P<number>\d{1,2})\\?[.)]|[-*•])\s+(?P<rest>\S.*)$")
_CAPITALS = re.compile(
    r"^[*_]{0,3}(?P<label>[A-Z][A-Z0-9 .,/&-]{2,60}?)[*_]{0,3}\s*:\s*[*_]{0,3}(?P<rest>\S.*)$"
)
_CAPITALS_DASHED = re.compile(r"^[*_]{0,3}[A-Z][A-Z0-9 .,/&-]{2,60}? [-–—] \S")
_NO_LABEL = re.compile(
    r"^(?:JUDUL|MEDIA CENTER|SIARAN PERS|RILIS|NOMOR|PERIHAL|CATATAN|PENULIS|EDITOR|SUMBER)\b"
)
_CREDIT_LABEL = re.compile(
    r"^[*_]{0,3}(?:fotografer|foto(?:grafer)? oleh|foto by|pewarta foto|kredit foto|sumber foto|foto/video|dok(?:umentasi)?\.? foto)"
    r"[*_]{0,3}\s*[:=]\s*[*_]{0,3}(?P<credit>[^:]{2,80}?)[*_]{0,3}\.?$",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^[*_]{0,3}[A-Z][A-Z .,’'-]{2,40}[*_]{0,3} ?[-–—]")


@dataclass(frozen=True)
class Caption:
    text: str
    number: int = 0
    """Of the photo, as written; 0 when the text does not say."""
    filename: str = ""
    credit: str = ""


@dataclass(frozen=True)
class Found:
    paragraphs: list[str]
    """Without captions and credits."""
    captions: list[Caption]
    photographer: str = ""
    """Of all photos that name none themselves."""


def take(paragraphs: Sequence[str], *, photos: int) -> Found:
    """Take captions and credits out of Markdown paragraphs. Without photos the text is left as it is."""
    if not photos:
        return Found(list(paragraphs), [])
    kept: list[str] = []
    captions: list[Caption] = []
    photographer = ""
    at = 0
    while at < len(paragraphs):
        paragraph = paragraphs[at]
        at += 1
        if credit := _CREDIT_LABEL.match(paragraph):
            photographer = photographer or credit["credit"].strip()
        elif named := _NAMED.match(re.sub(r"\\([_*`])", r"\1", paragraph)):
            captions.append(_caption(named["rest"], filename=named["name"].strip()))
        elif alone := phrases.CAPTION_ALONE.match(paragraph):
            at = _list_below(paragraphs, at, int(alone["number"]), captions)
        elif label := _label(paragraph):
            numbers, rest = label
            number = numbers[0]
            if rest and _is_credit(rest) and not number:
                photographer = photographer or rest
            elif rest:
                captions += [_caption(rest, each) for each in numbers[:photos]]
            else:
                at = _list_below(paragraphs, at, number, captions)
        elif _is_capitals(paragraph, paragraphs[at : at + 1], first=not kept):
            captions.append(_caption(paragraph))
        else:
            kept.append(paragraph)
    return Found(kept, captions, photographer)


def pair(captions: Sequence[Caption], filenames: Sequence[str]) -> tuple[list[Caption | None], list[Caption]]:
    """Give each photo its caption: by file name, by number, then in order. Returns also those left over."""
    chosen: list[Caption | None] = [None] * len(filenames)
    waiting = list(captions)
    numbered = _numbers(filenames)
    for caption in captions:
        place = _place(caption, filenames, numbered)
        if place is not None and chosen[place] is None:
            chosen[place] = caption
            waiting.remove(caption)
    for caption in list(waiting):
        if caption.filename or caption.number:
            continue
        free = next((index for index, taken in enumerate(chosen) if taken is None), None)
        if free is None:
            break
        chosen[free] = caption
        waiting.remove(caption)
    return chosen, waiting


def _label(paragraph: str) -> tuple[range, str] | None:
    """Return the numbers of the photos a label names (`Foto 1-3`; 0 for none) and what it says of them."""
    match = phrases.CAPTION.match(paragraph)
    if match is None:
        return None
    label, more = match["label"].lower().rstrip("."), match["more"]
    if label in ("keterangan", "ket", "teks") and not more and not match["number"]:
        return None  # `Keterangan: …` may be about anything
    separator = paragraph[match.start("rest") - 1]
    if separator != ":" and not match["number"]:
        return None  # `Foto - foto kegiatan` and the like
    rest = match["rest"].strip()
    first = int(match["number"] or 0)
    last = int(match["last"] or 0) if first else 0
    return range(first, max(first, last) + 1), _trimmed(rest) if rest.strip("*_ ") else ""


def _trimmed(rest: str) -> str:
    """Drop emphasis whose other half went with the label: `**Foto 1: …**`."""
    for mark in ("***", "**", "*", "_"):
        if rest.endswith(mark) and rest.count(mark) == 1:
            rest = rest[: -len(mark)]
        if rest.startswith(mark) and rest.count(mark) == 1:
            rest = rest[len(mark) :]
    return rest.strip()


def _list_below(paragraphs: Sequence[str], at: int, number: int, captions: list[Caption]) -> int:
    """Read what stands below a label alone on its line: a list of captions, or one."""
    begin = at
    while at < len(paragraphs):
        items = [_ITEM.match(line.strip()) for line in paragraphs[at].splitlines()]
        if not all(items):
            break
        captions += [_caption(item["rest"], int(item["number"] or 0)) for item in items if item]
        at += 1
    if at == begin and at < len(paragraphs) and not _label(paragraphs[at]):
        captions.append(_caption(paragraphs[at], number))
        at += 1
    return at


def _caption(text: str, number: int = 0, filename: str = "") -> Caption:
    credit = _CREDIT.search(text)
    if credit:
        by = credit["credit"] or credit["bare"]
        return Caption(text[: credit.start()].strip(), number, filename, by.strip())
    return Caption(text.strip(), number, filename)


def _is_credit(rest: str) -> bool:
    """Say whether `Foto: …` names who took it: a name or `name/outlet`, no sentence."""
    words = rest.split()
    if _CREDIT.search(rest) or "://" in rest:
        return False
    return len(words) <= 5 and not rest.endswith((".", "!")) and ("/" in rest or len(words) <= 3)


def _is_capitals(paragraph: str, following: Sequence[str], *, first: bool) -> bool:
    """Say whether a text opens with a caption whose label is in capitals: `RAKOR : Gubernur … (23/11).`"""
    match = _CAPITALS.match(paragraph)
    if first and following and _CAPITALS_DASHED.match(paragraph):
        # Where a dateline follows, this is none.
        return bool(_DATELINE.match(following[0])) and bool(_CREDIT.search(paragraph))
    if not (first and match and following) or _NO_LABEL.match(match["label"]):
        return False
    return bool(_DATELINE.match(following[0])) or bool(_CREDIT.search(paragraph))


def _numbers(filenames: Sequence[str]) -> dict[int, int]:
    """Return photo number → place, when every file is named like `foto 1.jpg`, each with its own number."""
    found = [
        re.search(r"(?i)(?:^|foto|photo|gambar)[\s_.-]*\(?(\d{1,2})\)?\s*\.\w+$", name) for name in filenames
    ]
    numbers = [int(match[1]) for match in found if match]
    if len(numbers) != len(filenames) or len(set(numbers)) != len(numbers):
        return {}
    return {number: index for index, number in enumerate(numbers)}


def _place(caption: Caption, filenames: Sequence[str], numbered: dict[int, int]) -> int | None:
    if caption.filename:
        names = [name.lower() for name in filenames]
        return names.index(caption.filename.lower()) if caption.filename.lower() in names else None
    if not caption.number:
        return None
    if numbered:
        return numbered.get(caption.number)
    return caption.number - 1 if caption.number <= len(filenames) else None
