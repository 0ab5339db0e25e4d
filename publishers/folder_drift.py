"""What was changed by hand in a site's folder: its records and pages are read again where a file's date is new."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from publishers.base import Changed, Held, Ledger, Post, Seen, consent
from publishers.folder_record import Record, read_record, record_path

START, END = '<div class="naskah">\n', "\n</div>"
"""What stands around a story's text on its page."""
GONE = "gone"
CHANGED = (
    "Berita ini diubah dengan tangan di folder {title}. Buka “Berubah di situs”, lihat bedanya, lalu pilih versi yang "
    "tetap."
)
DELETED = (
    "Berita ini tidak ditemukan lagi di folder {title}; mungkin dihapus dengan tangan. Periksa folder itu, lalu "
    "putuskan apakah berita perlu ditayangkan lagi."
)


def compare(root: Path, held: Sequence[Held]) -> Iterator[Seen]:
    """Yield what the folder holds of each story now. Raises OSError."""
    for one in held:
        record = read_record(record_path(root, one.remote_id))
        mark = _mark(root, one.remote_id, record)
        yield Seen(one.key, mark=mark) if one.mark == mark else _seen(root, one, record, mark)


def left_alone(root: Path, record: Record) -> bool:
    """Say whether a story's page is there and tells what we put there. Raises OSError."""
    page = _page(root, record)
    if record.state == "hidden":
        return page != "" and START.strip() not in page
    return f"<h1>{escape(record.headline)}</h1>" in page and f"{START}{record.html}{END}" in page


def record_of(title: str, text: str, *, shown: bool = True) -> dict[str, Any]:
    """Return what of a story is compared with the next time it is read, as the ledger's `seen`."""
    return {"text": hashlib.sha256(text.encode()).hexdigest(), "title": title, "shown": shown}


def ask_if_changed(root: Path, remote_id: str, post: Post, ledger: Ledger, title: str) -> None:
    """Raise Changed where the folder is not as we left it, until a person wants this version in place of that state."""
    held = Held("", remote_id, "", shown=True, ledger=dict(ledger))
    (seen,) = compare(root, [held])
    asked = consent(post.version, seen.mark)
    if ledger.get("asked") == asked:
        return
    if seen.mark == GONE:
        raise Changed(DELETED.format(title=title), seen)
    if seen.drift and ledger.get("seen", {}).get("shown"):
        raise Changed(CHANGED.format(title=title), seen)


def _seen(root: Path, one: Held, record: Record | None, mark: str) -> Seen:
    known: Mapping[str, Any] = one.ledger.get("seen") or {"text": one.sha256}
    page = _page(root, record)
    if not one.shown:
        again = record is not None and (record.state == "live" or START.strip() in page)
        return Seen(one.key, "shown" if again else "", mark=mark)
    if record is None or record.state != "live":
        gone = record_of("", "", shown=False) | {"gone": True}
        return Seen(one.key, "" if known.get("gone") else "deleted", mark=mark, record={"seen": gone})
    if not page:
        drift = "hidden" if known.get("shown", True) else ""
        return Seen(one.key, drift, mark=mark, record={"seen": record_of("", "", shown=False)})
    title, text = _words(page, record)
    found = record_of(title, text)
    same = found["text"] == (known.get("text") or found["text"]) and title == known.get(
        "title", record.headline
    )
    if not same:
        return Seen(one.key, "edited", mark=mark, title=title, text=text, record={"seen": found})
    lost = sorted({*_lost(root, record)} - set(one.ledger.get("lost", ())))
    kept = {"lost": sorted({*one.ledger.get("lost", ()), *lost})}
    return Seen(
        one.key, "photos" if lost else "", mark=mark, title=title, text=text, record=kept if lost else {}
    )


def _words(page: str, record: Record) -> tuple[str, str]:
    """Return headline and text as the page has them: byte for byte where it was left alone."""
    soup = None
    title, text = record.headline, record.html
    if f"<h1>{escape(record.headline)}</h1>" not in page:
        soup = BeautifulSoup(page, "html.parser")
        heading = soup.find("h1")
        title = " ".join(heading.get_text().split()) if heading else ""
    if f"{START}{record.html}{END}" not in page:
        soup = soup or BeautifulSoup(page, "html.parser")
        body = soup.find("div", class_="naskah")
        text = body.decode_contents().strip() if body else ""
    return title, text


def _page(root: Path, record: Record | None) -> str:
    try:
        return (root / record.address / "index.html").read_text("utf-8", "replace") if record else ""
    except FileNotFoundError:
        return ""


def _lost(root: Path, record: Record) -> Iterator[str]:
    """Yield the photo files that are gone or, by the sum in their name, no longer what we put there."""
    for photo in record.photos:
        for name in {photo.file, photo.small}:
            path = root / record.address / name
            named = re.search(r"-([0-9a-f]{8})\.jpg$", name)
            whole = path.is_file() and (not named or _sum(path) == named[1])
            if not whole:
                yield name


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:8]


def _mark(root: Path, key: str, record: Record | None) -> str:
    """Return a sum of the dates and sizes of a story's files: as long as it is the same, nobody touched them."""
    if record is None:
        return GONE
    folder = root / record.address
    files = [record_path(root, key), folder / "index.html"]
    files += [folder / name for photo in record.photos for name in (photo.file, photo.small)]
    facts = []
    for path in files:
        try:
            stat = path.stat()
            facts.append(f"{path.name} {stat.st_size} {stat.st_mtime_ns}")
        except FileNotFoundError:
            facts.append(f"{path.name} -")
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:32]
