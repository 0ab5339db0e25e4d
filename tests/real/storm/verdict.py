"""What the sites must hold when a storm is over: every story once, as it was verified last, and nothing else."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import requests
from bs4 import BeautifulSoup, Tag
from PIL import Image, ImageChops, ImageStat

from tests.office import picture
from tests.real.storm.board import Board
from tests.real.storm.tales import CREDIT, OUTLET, Tale
from tests.real.wordpress import WordPressSite

UNLIKE = 20
"""Mean difference of brightness, of 255, between two photos that are not one: ours, drawn at random, differ by 50."""


def judge(board: Board, sites: Sequence[WordPressSite], promises: Sequence[dict[str, Any]]) -> None:
    """Note all that is not as it must be. `promises` are the desk's, with the tale's number as `story`."""
    for site in sites:
        held = {row["story"]: row for row in promises if row["site"] == site.name}
        if held.keys() != board.tales.keys():
            board.wrong("ledger", f"{site.name}: promises for {sorted(held)}")
            continue
        for sentence in _wrong_at(site, list(board.tales.values()), held):
            board.wrong("not as verified", f"{site.name}: {sentence}")
        for number, row in held.items():
            for sentence in _wrong_in_ledger(row):
                board.wrong("ledger", f"{site.name} story {number}: {sentence}")


def _wrong_at(site: WordPressSite, tales: Sequence[Tale], held: dict[int, dict[str, Any]]) -> Iterator[str]:
    posts, media = site.posts(), site.media()
    ours: set[int] = set()
    photos: set[int] = set()
    for tale in tales:
        found = [post for post in posts if _is_of(post, tale, held[tale.number])]
        ours |= {post["id"] for post in found}
        if len(found) > 1 or (not found and not tale.withdrawn):
            yield f"{len(found)} posts of story {tale.number}"
        for post in found:
            if tale.withdrawn:
                yield from _wrong_in_withdrawn(post, media)
            else:
                photos |= {number for number, *_ in _images(post)}
                wrong = _wrong_in(site, post, tale, media)
                yield from (f"story {tale.number}: {sentence}" for sentence in wrong)
    for post in posts:
        if post["id"] not in ours:
            yield f"stray post {post['id']} ({post['status']}) “{post['title']}” {post['slug']}"
    for one in media:
        if one["id"] not in photos:
            yield f"stray photo {one['id']} {one['slug']} of post {one['parent']}"


def _is_of(post: dict[str, Any], tale: Tale, promise: dict[str, Any]) -> bool:
    """Say whether a post is a story's: by its title, or as the empty place kept for one withdrawn before it was shown."""
    kept = tale.withdrawn and not post["title"] and str(post["id"]) == promise["remote_id"]
    return kept or re.match(rf"Kabar {tale.number} ", html.unescape(post["title"])) is not None


def _wrong_in_withdrawn(post: dict[str, Any], media: list[dict[str, Any]]) -> Iterator[str]:
    if post["status"] != "draft":
        yield f"withdrawn “{post['title']}” is {post['status']}"
    if left := [one["id"] for one in media if one["parent"] == post["id"]]:
        yield f"photos of withdrawn “{post['title']}” are left: {left}"


def _images(post: dict[str, Any]) -> list[tuple[int, str, str, str]]:
    """Return number, address, alternative text and caption of each photo in a text, in order."""
    found = []
    for figure in BeautifulSoup(post["content"], "html.parser").find_all("figure"):
        image, caption = figure.find("img"), figure.find("figcaption")
        assert isinstance(image, Tag) and isinstance(caption, Tag)
        number = re.search(r"wp-image-(\d+)", " ".join(image["class"]))
        assert number
        found.append((int(number[1]), str(image["src"]), str(image["alt"]), caption.get_text()))
    return found


def _wrong_in(
    site: WordPressSite, post: dict[str, Any], tale: Tale, media: list[dict[str, Any]]
) -> Iterator[str]:
    edition = tale.latest
    if post["status"] != "publish":
        yield f"is {post['status']}"
    if html.unescape(post["title"]) != edition.headline:
        yield f"title “{post['title']}” instead of “{edition.headline}”"
    if not re.fullmatch(_text_of(tale), text := _text(post)):
        yield f"text “{text}”"
    if post["terms"] != [{"Ekonomi": "Ekonomi", "": "Info &amp; Pengumuman"}[edition.category]]:
        yield f"terms {post['terms']}"
    images = _images(post)
    told = [(alt, caption) for _, _, alt, caption in images]
    if told != [(shot.alt, f"{shot.caption} (Foto: {CREDIT})") for shot in edition.shots]:
        yield f"photos {told}"
        return
    if post["thumbnail"] != str(images[0][0]):
        yield f"featured photo {post['thumbnail']} instead of {images[0][0]}"
    rows = {one["id"]: one for one in media}
    for (number, address, alt, caption), shot in zip(images, edition.shots, strict=True):
        row = rows.get(number)
        if row is None or row["parent"] != post["id"]:
            yield f"photo {number} is not this post's"
        elif row["caption"] != caption or row["alt"] not in (alt, None):
            yield f"photo {number} is told “{row['caption']}”, “{row['alt']}”"
        yield from _wrong_picture(address, 1000 * tale.number + shot.number)


def _wrong_picture(address: str, seed: int) -> Iterator[str]:
    answer = requests.get(address, timeout=30)
    if answer.status_code != 200:
        yield f"photo {address}: {answer.status_code}"
        return
    shown, sent = (
        Image.open(io.BytesIO(data)).convert("L").resize((16, 12))
        for data in (answer.content, picture(seed, (800, 600)))
    )
    unlike = ImageStat.Stat(ImageChops.difference(shown, sent)).mean[0]
    if unlike > UNLIKE:
        yield f"photo {address} is another one ({unlike:.0f})"


def _text(post: dict[str, Any]) -> str:
    """Return what a reader reads of a text, without figures."""
    soup = BeautifulSoup(re.sub(r"<!--.*?-->", "", post["content"], flags=re.DOTALL), "html.parser")
    for figure in soup.find_all("figure"):
        figure.decompose()
    return " ".join(soup.get_text(" ").split())


def _text_of(tale: Tale) -> str:
    notice = rf"(Ralat|Ditayangkan kembali) \([^)]*\): {re.escape(tale.notice)} " if tale.notice else ""
    text = re.escape(" ".join(tale.latest.paragraphs))
    return rf"{notice}{text} \({re.escape(OUTLET)}[^)]*\)"


def _wrong_in_ledger(row: dict[str, Any]) -> Iterator[str]:
    """Tell what of a promise is not settled: an open request, a claim, an error, a receipt twice.

    `late` may stay: it says only until when a request that was sent twice could still arrive.
    """
    if row["sent_version"] != row["story__version"] or row["error"] or row["parked"] or row["claim"]:
        yield f"version {row['sent_version']} of {row['story__version']}, {row['error'] or row['claim']}"
    entries = {name: entry for name, entry in row["ledger"].items() if name == "post" or " " in name}
    open_ = [name for name, entry in entries.items() if "id" not in entry]
    open_ += ["change"] if "change" in row["ledger"] else []
    if open_:
        yield f"still open in the ledger: {open_}"
    versions = [receipt["version"] for receipt in row["receipts"]]
    if versions != sorted(set(versions)) or versions[-1:] != [row["story__version"]]:
        yield f"receipts of versions {versions}"
