"""Which pages of a static site follow from a change to some of its stories, and what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from publishers import folder_feeds as feeds
from publishers import folder_lists as lists
from publishers import folder_pages as pages
from publishers.folder_files import Change
from publishers.folder_frame import Look, lone_page
from publishers.folder_record import Record, Row, read_record, record_path
from publishers.folder_theme import KEPT

Shelves = dict[str, tuple[lists.Shelf, list[Row]]]


class Lists:
    """Everything but the stories' own pages. Put into a change in an order in which no link leads nowhere."""

    def __init__(
        self, change: Change, rows: Sequence[Row], look: Look, present: Iterable[Record] = ()
    ) -> None:
        self.change = change
        self.root = change.root
        self.look = look
        self.rows = rows
        """All stories, newest first, as they will be."""
        self.live = [row for row in rows if row.state == "live"]
        self.present = {record.key: record for record in present}
        """Records that are not yet on disk as they will be."""

    def draw(self, touched: Sequence[Row]) -> None:
        """Draw the lists that show a touched story: as it is, or as it was."""
        months = {self.look.month(row) for row in touched}
        self._furniture()
        shelves = self._shelves()
        for path, shelf in {shelf.path: shelf for row in touched for shelf in _shelves_of(row)}.items():
            self._shelf(shelf, shelves[path][1] if path in shelves else [], months)
        self._shelf(lists.ALL, self.live, months)
        for folder, title in (("kategori/", "Kategori"), ("tag/", "Tag")):
            names = [shelf for path, (shelf, _) in shelves.items() if path.startswith(folder)]
            self.change.put(
                folder + "index.html", lists.names_page(folder + "index.html", title, names, self.look)
            )
        self._log({self.look.month_of(note.at) for row in touched for note in row.notes})
        self._site_map(months)
        self._feeds()
        self._front()

    def _furniture(self) -> None:
        put, look = self.change.put, self.look
        for name, data in look.theme.files.items():
            put(f"tema/{name}", data)
        put("ikon.svg", feeds.icon(look))
        css = look.theme.css or (Path(__file__).parent / "folder.css").read_text("utf-8")
        put("gaya.css", f"{css}\n{look.theme.more_css}".encode() if look.theme.more_css else css.encode())
        put("robots.txt", feeds.robots(look))
        gone = "Berita ini telah ditarik. Alasannya tercatat di halaman ralat dan penarikan situs ini."
        put("410.html", lone_page("Berita telah ditarik", gone, look, "ralat/", "Ralat dan penarikan"))
        lost = "Halaman yang Anda cari tidak ada, atau alamatnya keliru ditulis."
        put("404.html", lone_page("Halaman tidak ditemukan", lost, look))
        put(KEPT, look.theme.model_dump_json().encode())

    def _shelves(self) -> Shelves:
        shelves: Shelves = {}
        for row in self.live:
            for shelf in {one.path: one for one in _shelves_of(row)}.values():
                shelves.setdefault(shelf.path, (shelf, []))[1].append(row)
        return shelves

    def _shelf(self, shelf: lists.Shelf, rows: Sequence[Row], touched: set[str]) -> None:
        months = lists.by_month(rows, self.look)
        short = shelf != lists.ALL and len(rows) <= lists.NEWEST
        # A list that has just become long, or short again, needs the pages of all its months.
        every = shelf != lists.ALL and len(rows) <= 2 * lists.NEWEST
        order = sorted({*months, *touched})
        near = {
            order[place + step]
            for place, month in enumerate(order)
            if every or month in touched
            for step in (-1, 0, 1)
            if 0 <= place + step < len(order)
        }
        for month in sorted(near):
            drawn = {} if short else lists.month_pages(shelf, month, months, self.look)
            self._put_all(drawn, f"{shelf.path}{month}")
        path = f"{shelf.path}index.html"
        if months or shelf == lists.ALL:
            self.change.put(path, lists.shelf_page(shelf, months, self.look))
        else:
            self.change.drop(self.root / path)

    def _log(self, months: set[str]) -> None:
        told = lists.notes_of(self.rows)
        if len(told) <= 2 * lists.NEWEST:  # as with a list that becomes long, or short again
            months = months | {self.look.month_of(note.at) for note, _ in told}
        for month in sorted(months):
            drawn = lists.log_month(month, told, self.look) if len(told) > lists.NEWEST else {}
            self._put_all(drawn, f"ralat/{month}")
        self.change.put("ralat/index.html", lists.log_page(told, self.look))

    def _site_map(self, touched: set[str]) -> None:
        months = lists.by_month(self.live, self.look) if self.look.url else {}
        for month in sorted(touched):
            name = feeds.map_of(month)
            if month in months:
                self.change.put(name, feeds.month_map(months[month], self.look))
            else:
                self.change.drop(self.root / name)
        if self.look.url:
            self.change.put("sitemap.xml", feeds.site_map(months, self.look))
        else:
            self.change.drop(self.root / "sitemap.xml")

    def _feeds(self) -> None:
        told = [row for _, row in lists.notes_of(self.rows)[: feeds.TOLD_IN_FEED]]
        wanted = {row.key: row for row in [*self.live[: feeds.IN_FEED], *told]}
        newest = sorted(wanted.values(), key=lambda row: (row.published_at, row.key), reverse=True)
        records = self._records(newest, len(newest))
        self.change.put("rss.xml", feeds.rss(records, self.look))
        self.change.put("feed.json", feeds.json_feed(records, self.look))

    def _front(self) -> None:
        shown = self._records(self.live, pages.ON_FRONT)
        more = len(self.live) > len(shown)
        older = f"arsip/{self.look.month(self.live[0])}/index.html" if more else ""
        self.change.put("index.html", pages.front_page(shown, self.look, older))

    def _records(self, rows: Iterable[Row], most: int) -> list[Record]:
        """Return the first records that can be read."""
        found: list[Record] = []
        for row in rows:
            if len(found) == most:
                break
            record = self.present.get(row.key) or read_record(record_path(self.root, row.key))
            if record is not None:
                found.append(record)
        return found

    def _put_all(self, drawn: dict[str, bytes], folder: str) -> None:
        """Put these pages and drop the others of their folder."""
        for path, data in drawn.items():
            self.change.put(path, data)
        for file in sorted((self.root / folder).glob("**/index.html")):
            if file.relative_to(self.root).as_posix() not in drawn:
                self.change.drop(file)


def story_files(record: Record, look: Look) -> dict[str, bytes]:
    """Draw a story's own page, and for a withdrawn one the mark of it, by name within its folder."""
    if record.state == "live":
        return {"index.html": pages.story_page(record, look)}
    return {
        "index.html": pages.tombstone_page(record, look),
        "ditarik.txt": feeds.withdrawn_text(record, look),
    }


def redraw(root: Path, records: Sequence[Record], look: Look, ours: Callable[[Record], bool]) -> int:
    """Draw the stories' own pages anew, a hundred at a time; return how many were left, being ours no more."""
    left = 0
    for first in range(0, len(records), 100):
        change = Change(root)
        for record in records[first : first + 100]:
            if not ours(record):
                left += 1
                continue
            change.put_all(record.address, story_files(record, look))
        change.commit()
    return left


def _shelves_of(row: Row) -> list[lists.Shelf]:
    named = [lists.category_shelf(row.category)] if row.category else []
    return named + [lists.tag_shelf(tag) for tag in row.tags]
