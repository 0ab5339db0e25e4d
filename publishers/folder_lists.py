"""The lists of a static site: its archive by month, its categories and tags, what was corrected and withdrawn.

A list is one page for each month and, where a month is long, pages of `ON_PAGE` numbered from its oldest story:
a new story changes the newest page only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from publishers.folder_frame import Look, month_name, page, up_from
from publishers.folder_record import PublicNote, Row, slug_of

ON_PAGE = 50
NEWEST = 20
"""Stories or notes on the first page of a list."""
LABEL = re.compile(r"\A(Ralat|Ditarik|Ditayangkan kembali)(?: \([^()]{1,60}\))?: ?")
"""How a note begins that says itself what it is and when; the log says both in its own way."""


@dataclass(frozen=True)
class Shelf:
    """One list of stories: all, a category's, a tag's."""

    path: str
    """Relative to the site's root, with a closing slash."""
    name: str
    back: tuple[str, str] = ("", "")
    """The page above it, relative to the site's root, and what it is called."""


ALL = Shelf("arsip/", "Arsip berita")


def category_shelf(name: str) -> Shelf:
    return Shelf(f"kategori/{slug_of(name)}/", name, ("kategori/index.html", "Semua kategori"))


def tag_shelf(name: str) -> Shelf:
    return Shelf(f"tag/{slug_of(name)}/", name, ("tag/index.html", "Semua tag"))


def by_month(live: Iterable[Row], look: Look) -> dict[str, list[Row]]:
    """Return the live stories of a list by month, both newest first."""
    months: dict[str, list[Row]] = {}
    for row in live:
        months.setdefault(look.month(row), []).append(row)
    return dict(sorted(months.items(), reverse=True))


def shelf_page(shelf: Shelf, months: Mapping[str, Sequence[Row]], look: Look) -> bytes:
    """Draw the first page of a list: its newest stories and its months."""
    root = up_from(shelf.path + "index.html")
    newest = [row for rows in months.values() for row in rows][:NEWEST]
    body = [f"<h1>{escape(shelf.name)}</h1>"]
    if not months:
        body.append('<p class="kosong">Belum ada berita.</p>')
    elif shelf != ALL:
        body.append(_stories(newest, look, root))
    if shelf == ALL or sum(map(len, months.values())) > NEWEST:
        rows = "".join(
            f'<li><a href="{month}/index.html">{month_name(month)}</a> <span>{len(rows)} berita</span></li>'
            for month, rows in months.items()
        )
        body += [
            "" if shelf == ALL else "<h2>Menurut bulan</h2>",
            f'<ul class="bulan">{rows}</ul>' if rows else "",
        ]
    if shelf.back[0]:
        body.append(f'<p class="lagi"><a href="{root}{shelf.back[0]}">{shelf.back[1]}</a></p>')
    return page(f"{shelf.path}index.html", shelf.name, body, look)


def month_pages(
    shelf: Shelf, month: str, months: Mapping[str, Sequence[Row]], look: Look
) -> dict[str, bytes]:
    """Draw one month of a list, by path; empty when it has no stories.

    The page without a number holds the newest 50 to 99, so that it is never nearly empty.
    """
    rows = list(reversed(months.get(month, ())))
    if not rows:
        return {}
    full = max(0, len(rows) // ON_PAGE - 1)
    order = list(months)
    place = order.index(month)
    later = order[place - 1] if place else ""
    earlier = order[place + 1] if place + 1 < len(order) else ""
    folder = f"{shelf.path}{month}/"
    made: dict[str, bytes] = {}
    for number in range(1, full + 1):
        # What such a page says changes only when a story joins or leaves it, or the next one becomes full.
        newer = ("../index.html" if number == full else f"../{number + 1}/index.html", "Lebih baru")
        older = (f"../{number - 1}/index.html", "Lebih lama") if number > 1 else ("", "")
        if not older[0] and earlier:
            older = (f"../../{earlier}/index.html", month_name(earlier))
        part = rows[(number - 1) * ON_PAGE : number * ON_PAGE]
        made[f"{folder}{number}/index.html"] = _month(shelf, month, part, look, f"{number}/", newer, older)
    newer = (f"../{later}/index.html", month_name(later)) if later else ("", "")
    older = (f"{full}/index.html", "Lebih lama") if full else ("", "")
    if not full and earlier:
        older = (f"../{earlier}/index.html", month_name(earlier))
    made[f"{folder}index.html"] = _month(shelf, month, rows[full * ON_PAGE :], look, "", newer, older)
    return made


def names_page(path: str, title: str, shelves: Iterable[Shelf], look: Look) -> bytes:
    """Draw the list of all categories or tags."""
    root = up_from(path)
    links = "".join(
        f'<li><a href="{root}{shelf.path}index.html">{escape(shelf.name)}</a></li>'
        for shelf in sorted(
            {shelf.path: shelf for shelf in shelves}.values(), key=lambda one: one.name.casefold()
        )
    )
    empty = '<p class="kosong">Belum ada yang dapat ditampilkan di sini.</p>'
    body = [f"<h1>{title}</h1>", f'<ul class="bulan">{links}</ul>' if links else empty]
    return page(path, title, body, look)


def notes_of(rows: Iterable[Row]) -> list[tuple[PublicNote, Row]]:
    """Return all that readers were told of all stories, newest first."""
    told = [(note, row) for row in rows for note in row.notes]
    return sorted(told, key=lambda one: (one[0].at, one[1].key), reverse=True)


def log_page(told: Sequence[tuple[PublicNote, Row]], look: Look) -> bytes:
    """Draw the first page of the public log of corrections."""
    counts = Counter(look.month_of(note.at) for note, _ in told)
    body = [
        "<h1>Ralat dan penarikan</h1>",
        f"<p>Di sini tercatat setiap ralat, penarikan, dan penayangan kembali di {escape(look.title)}, terbaru dahulu.</p>",
    ]
    if not told:
        body.append('<p class="kosong">Belum ada berita yang diralat atau ditarik.</p>')
    else:
        body.append(_log(told[:NEWEST], look, up_from("ralat/index.html")))
    if len(told) > NEWEST:
        rows = "".join(
            f'<li><a href="{month}/index.html">{month_name(month)}</a> <span>{count} catatan</span></li>'
            for month, count in counts.items()
        )
        body += ["<h2>Menurut bulan</h2>", f'<ul class="bulan">{rows}</ul>']
    return page("ralat/index.html", "Ralat dan penarikan", body, look)


def log_month(month: str, told: Sequence[tuple[PublicNote, Row]], look: Look) -> dict[str, bytes]:
    """Draw one month of the log, by path; empty when nothing was told in it."""
    rows = [one for one in told if look.month_of(one[0].at) == month]
    if not rows:
        return {}
    path = f"ralat/{month}/index.html"
    body = [
        f"<h1>Ralat dan penarikan, {month_name(month)}</h1>",
        _log(rows, look, up_from(path)),
        '<p class="lagi"><a href="../index.html">Semua ralat dan penarikan</a></p>',
    ]
    return {path: page(path, f"Ralat dan penarikan {month_name(month)}", body, look)}


def _month(
    shelf: Shelf,
    month: str,
    rows: Sequence[Row],
    look: Look,
    number: str,
    newer: tuple[str, str],
    older: tuple[str, str],
) -> bytes:
    path = f"{shelf.path}{month}/{number}index.html"
    root = up_from(path)
    name = month_name(month)
    title = f"{shelf.name}, {name}" + (f", bagian {number[:-1]}" if number else "")
    body = [
        f"<h1>{escape(name if shelf == ALL else f'{shelf.name}, {name}')}</h1>",
        _stories(list(reversed(rows)), look, root),
        '<nav class="halaman" aria-label="Halaman">',
        f'<a rel="prev" href="{newer[0]}">{newer[1]}</a>' if newer[0] else "",
        f'<a href="{root}{shelf.path}index.html">{escape(shelf.name)}</a>',
        f'<a rel="next" href="{older[0]}">{older[1]}</a>' if older[0] else "",
        "</nav>",
    ]
    return page(path, title, body, look)


def _stories(rows: Sequence[Row], look: Look, root: str) -> str:
    lines = "".join(
        f'<li><a href="{root}{escape(row.page)}">{escape(row.headline)}</a> '
        f'<span><time datetime="{look.exact(row.published_at)}">{look.day(row.published_at)}</time></span></li>'
        for row in rows
    )
    return f'<ul class="daftar">{lines}</ul>'


def _log(told: Sequence[tuple[PublicNote, Row]], look: Look, root: str) -> str:
    return f'<ol class="catatan">{"".join(_entry(note, row, look, root) for note, row in told)}</ol>'


def _entry(note: PublicNote, row: Row, look: Look, root: str) -> str:
    begins = LABEL.match(note.text)
    what = begins[1] if begins else "Ditarik" if note.withdrawn else "Ralat"
    words = note.text[begins.end() :] if begins else note.text
    name = row.headline if row.state == "live" else f"Berita {look.day(row.published_at)}"
    kind = ' class="penarikan"' if what == "Ditarik" else ""
    return (
        f"<li{kind}><p><strong>{what}</strong> {look.time(note.at)}</p>"
        f'<h2><a href="{root}{escape(row.page)}">{escape(name)}</a></h2>'
        f"<p>{escape(words or 'Alasan penarikan akan diumumkan di halaman beritanya.')}</p></li>"
    )
