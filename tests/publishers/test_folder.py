"""Sites of plain files."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from posixpath import normpath
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from config import Site
from photos import Label, facts, labelled, labelled_like
from publishers import Refused, Unreachable, build
from publishers.folder import FolderPublisher
from tests.publishers.contract import PublisherContract, Reader
from tests.publishers.crawl import walk
from tests.publishers.samples import jpeg, picture, post


class FileReader(Reader):
    """Reads as a web server would serve it: folders by their index.html, nothing that starts with a dot."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get(self, address: str) -> bytes | None:
        path = self.root / address
        if path.is_dir():
            path = path / "index.html"
        assert not any(part.startswith(".") for part in path.relative_to(self.root).parts)
        return path.read_bytes() if path.is_file() else None

    def front(self) -> str:
        return (self.get("") or b"").decode()

    def resolve(self, page: str, src: str) -> str:
        return normpath(f"{page}/{src}")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "situs" / "media-center"


@pytest.fixture
def reader(root: Path) -> FileReader:
    return FileReader(root)


@pytest.fixture
def publisher(root: Path) -> FolderPublisher:
    return folder(root)


def folder(root: Path, **options: str) -> FolderPublisher:
    site = Site(name="mc", kind="folder", title="Media Center", path=str(root), **options)
    made = build(site)
    assert isinstance(made, FolderPublisher)
    return made


def tree(root: Path) -> dict[str, bytes]:
    """Return every file a reader could see."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".redaksi" not in path.parts
    }


class TestContract(PublisherContract):
    @pytest.fixture
    def publisher(self, root: Path) -> FolderPublisher:
        return folder(root)

    @pytest.fixture
    def reader(self, root: Path) -> FileReader:
        return FileReader(root)


def test_every_link_leads_somewhere_within_the_site(publisher: FolderPublisher, root: Path) -> None:
    for number in range(15):
        moment = datetime(2026, 9, 1, 3, tzinfo=UTC) + timedelta(days=6 * number)
        pictures = (picture(1),) if number % 3 else ()
        publisher.create(post(f"k{number}", published_at=moment, pictures=pictures), {})
    publisher.retract("k3", "Ditarik.", {})
    pages = [name for name in tree(root) if name.endswith(".html")]
    assert len(pages) > 15
    for name in pages:
        soup = BeautifulSoup((root / name).read_bytes(), "html.parser")
        links = [tag.get("href") or tag.get("src") for tag in soup.select("[href], [src]")]
        assert len(links) > 5 or name in ("404.html", "410.html")
        for link in links:
            target = (root / name).parent / str(link).partition("#")[0]
            assert not str(link).startswith(("/", "http"))
            assert (target / "index.html" if target.is_dir() else target).is_file() or str(link) == "#isi"


def test_the_front_page_shows_the_newest_first_and_leads_to_the_rest(
    publisher: FolderPublisher, reader: FileReader
) -> None:
    for number in range(16):
        moment = datetime(2026, 11, 1, 3, tzinfo=UTC) + timedelta(hours=number)
        publisher.create(
            post(f"k{number}", headline=f"Berita ke-{number:02}.", published_at=moment, pictures=()), {}
        )
    soup = BeautifulSoup(reader.front(), "html.parser")
    assert [h.get_text() for h in soup.find_all("h2")] == [f"Berita ke-{n:02}." for n in range(15, 2, -1)]
    assert "Semua berita" in soup.get_text()
    archive = (reader.get("arsip/2026-11/") or b"").decode()
    assert archive.index("Berita ke-15.") < archive.index("Berita ke-00.")
    assert "16 berita" in (reader.get("arsip/") or b"").decode()


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Jakarta", "Sabtu, 21 November 2026 pukul 06.30 WIB"),
        ("Asia/Makassar", "Sabtu, 21 November 2026 pukul 07.30 WITA"),
        ("Asia/Jayapura", "Sabtu, 21 November 2026 pukul 08.30 WIT"),
    ],
)
def test_the_hour_of_publication_is_said_with_its_zone(root: Path, zone: str, said: str) -> None:
    made = folder(root, zone=zone).create(
        post(published_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC), pictures=()), {}
    )
    assert said in FileReader(root).page(made).get_text()


def test_without_an_address_the_receipt_is_relative_and_with_one_it_is_absolute(root: Path) -> None:
    made = folder(root).create(post(), {})
    assert made.url.startswith("2026/11/pasar-murah-digelar-")
    assert made.url.endswith("/")
    found = folder(root, url="https://mc.contoh.go.id/berita").find(post().key)
    assert found is not None
    assert found.url == "https://mc.contoh.go.id/berita/" + made.url


def test_the_feed_is_readable_xml_with_absolute_links_when_the_address_is_known(root: Path) -> None:
    publisher = folder(root, url="https://mc.contoh.go.id")
    made = publisher.create(post(headline="Kopi & teh <murah>\x0b", notice="Ralat: harga."), {})
    item = ElementTree.parse(root / "rss.xml").find("channel/item")
    assert item is not None
    assert item.findtext("title") == "Kopi & teh <murah>"
    assert item.findtext("link") == made.url
    assert item.findtext("pubDate") == "Fri, 20 Nov 2026 14:05:00 +0700"
    assert "Ralat: harga." in str(item.findtext("description"))
    publisher.retract(made.remote_id, "Ditarik: <keliru>.", {})
    feed = ElementTree.parse(root / "rss.xml")
    (grave,) = feed.findall("channel/item")
    assert grave.findtext("guid") == item.findtext("guid")
    assert grave.findtext("title") == "Berita ini telah ditarik"
    assert grave.findtext("description") == "Ditarik: <keliru>."
    deleted = feed.find("channel/{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert deleted is not None
    assert deleted.get("ref") == item.findtext("guid")


def test_a_tombstone_gives_the_reason_and_the_date_and_no_search_engine_keeps_it(
    root: Path, reader: FileReader
) -> None:
    site = Site(name="mc", kind="folder", title="Media Center", path=str(root))
    options = FolderPublisher.Options.model_validate(site.options)
    moment = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    publisher = FolderPublisher("mc", "Media Center", options, now=lambda: moment)
    made = publisher.create(post(), {})
    publisher.retract(made.remote_id, "Ditarik karena <b>keliru</b>.", {})
    page = reader.page(made)
    assert "Ditarik karena <b>keliru</b>." in page.get_text()
    assert "Selasa, 24 November 2026 pukul 08.00 WIB" in page.get_text()
    robots = page.find("meta", attrs={"name": "robots"})
    assert robots is not None
    assert b"Pasar murah" not in b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def test_a_retracted_story_does_not_wander_in_time_when_retracted_again(root: Path) -> None:
    moments = iter([datetime(2026, 11, 24, 1, tzinfo=UTC), datetime(2026, 11, 25, 1, tzinfo=UTC)])
    options = FolderPublisher.Options.model_validate({"path": str(root)})
    publisher = FolderPublisher("mc", "Media Center", options, now=lambda: next(moments))
    made = publisher.create(post(), {})
    publisher.retract(made.remote_id, "Ditarik.", {})
    before = tree(root)
    publisher.retract(made.remote_id, "Ditarik.", {})
    assert tree(root) == before


def test_one_photo_in_two_stories_survives_the_retraction_of_one(
    publisher: FolderPublisher, reader: FileReader
) -> None:
    one, two = publisher.create(post("satu"), {}), publisher.create(post("dua"), {})
    publisher.retract(one.remote_id, "Ditarik.", {})
    assert all(reader.get(address) for address in reader.photos(two))


def test_a_slug_cannot_lead_out_of_the_site(publisher: FolderPublisher, root: Path) -> None:
    made = publisher.create(
        post("../../kunci", slug="../../etc/Pass wd", pictures=(picture(1, filename="../../x.PHP"),)), {}
    )
    assert made.url.startswith("2026/11/etc-pass-wd-")
    assert {path.name for path in root.parent.iterdir()} == {"media-center"}
    assert all(
        name.endswith((".html", ".jpg", ".css", ".xml", ".svg", ".txt", ".json")) for name in tree(root)
    )
    assert publisher.find("../../kunci") == made


def test_a_photo_that_cannot_be_decoded_is_still_shown_whole(
    publisher: FolderPublisher, reader: FileReader
) -> None:
    made = publisher.create(post(pictures=(picture(1, data=picture(1).data[:2000]),)), {})
    assert reader.get(reader.photos(made)[0]) == picture(1).data[:2000]


def test_the_small_picture_carries_the_label_of_the_large_one_and_nothing_else(
    publisher: FolderPublisher, root: Path
) -> None:
    label = Label(
        "Wali Kota menyimak", "MC. Contoh/nala", "(c) MC. Contoh", "nala", "Musrenbang", "Kota Contoh"
    )
    publisher.create(post(pictures=(picture(1, data=labelled(picture(1).data, label)),)), {})
    small = next(data for name, data in tree(root).items() if name.endswith("-kecil.jpg"))
    known = facts(small)
    assert max(known.width, known.height) == 720
    assert (known.description, known.credit, known.creator) == (label.caption, label.credit, label.creator)
    assert (known.copyright, known.city) == (label.copyright, label.city)
    assert b"Exif" not in small and labelled_like(small, picture(1).data) == labelled(small, Label())


def test_all_pages_can_be_drawn_again_from_the_records(publisher: FolderPublisher, root: Path) -> None:
    publisher.create(post("satu"), {})
    made = publisher.create(post("dua", published_at=datetime(2026, 10, 2, tzinfo=UTC)), {})
    publisher.retract(made.remote_id, "Ditarik.", {})
    before = tree(root)
    for path in root.rglob("*"):
        if path.is_file() and path.suffix in (".html", ".xml", ".css"):
            path.unlink()
    assert publisher.rebuild() == 2
    assert tree(root) == before


def test_an_empty_site_can_be_drawn_before_the_first_story(root: Path) -> None:
    folder(root).rebuild()
    assert "Belum ada berita." in FileReader(root).front()


def test_a_lost_record_gives_the_story_its_old_address(publisher: FolderPublisher, root: Path) -> None:
    made = publisher.create(post(), {})
    next((root / ".redaksi").glob("*.json")).unlink()
    assert publisher.create(post(slug="lain", version=2), {}).url == made.url


def test_a_story_deleted_by_hand_is_not_silently_made_again(publisher: FolderPublisher, root: Path) -> None:
    made = publisher.create(post(), {})
    next((root / ".redaksi").glob("*.json")).unlink()
    with pytest.raises(Refused, match="dihapus dengan tangan"):
        publisher.update(made.remote_id, post(version=2), {})
    publisher.retract(made.remote_id, "Ditarik.", {})
    page = (root / made.url / "index.html").read_text()
    assert "Ditarik." in page and "Pasar murah" not in page, "a take-down is done whatever a hand did"


def test_a_damaged_record_holds_up_no_other_story_and_the_doctor_names_it(
    publisher: FolderPublisher, root: Path
) -> None:
    publisher.create(post("satu"), {})
    next((root / ".redaksi").glob("*.json")).write_bytes(b'{"key": "sa')
    assert publisher.create(post("dua"), {}).state == "live"
    finding = publisher.check()[1]
    assert not finding.ok
    assert "satu.json" in finding.sentence


def test_the_doctor_finds_a_good_folder_good_and_changes_nothing(root: Path) -> None:
    assert [finding.ok for finding in folder(root).check()] == [True]
    assert not root.exists()


def test_a_folder_that_cannot_be_made_is_said_plainly_and_found_by_the_doctor(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("bukan folder")
    publisher = folder(tmp_path / "berkas" / "situs")
    with pytest.raises(Unreachable, match="tidak dapat ditulis"):
        publisher.create(post(), {})
    assert [finding.ok for finding in publisher.check()] == [False]


def in_a_child(work: Callable[[], None]) -> int:
    """Do `work` in a process of its own and return its exit status; 3 when it raised."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001  the child must end here whatever happens
            os._exit(3)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_when_the_disk_is_full_readers_see_what_they_saw_before(
    root: Path, publisher: FolderPublisher
) -> None:
    publisher.create(post("satu", pictures=()), {})
    before = tree(root)
    big = picture(2, data=picture(2).data + bytes(300_000))

    def publish() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        for act in (
            lambda: publisher.create(post("dua", pictures=(big,)), {}),
            lambda: publisher.update("satu", post("satu", version=2, pictures=(big,)), {}),
        ):
            with pytest.raises(Unreachable, match="penuh"):
                act()

    assert in_a_child(publish) == 0
    assert tree(root) == before
    assert list((root / ".redaksi" / "tmp").iterdir()) == []
    assert publisher.find("dua") is None


def die_at(step: int) -> Callable[[], int]:
    """End this process without warning at its `step`-th rename or removal."""
    seen = 0

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in ("os.rename", "os.remove"):
            seen += 1
            if seen == step:
                os._exit(9)

    sys.addaudithook(hook)
    return lambda: seen


LITTLE = picture(7, data=jpeg(7, 120, 80), width=120, height=80)
CALLS: dict[str, Callable[[FolderPublisher], object]] = {
    "create": lambda site: site.create(post("baru", category="Baru", tags=("baru",), pictures=(LITTLE,)), {}),
    "update": lambda site: site.update(
        "lama",
        post("lama", version=2, headline="Baru.", category="Lain", tags=("lain",), pictures=(LITTLE,)),
        {},
    ),
    "retract": lambda site: site.retract("lama", "Ditarik.", {}),
}


@pytest.mark.parametrize("name", CALLS)
def test_killed_at_any_step_a_repetition_makes_it_whole(tmp_path: Path, name: str) -> None:
    def site(place: Path) -> FolderPublisher:
        options = FolderPublisher.Options.model_validate({"path": str(place)})
        return FolderPublisher("mc", "Media Center", options, now=lambda: datetime(2026, 11, 25, tzinfo=UTC))

    site(tmp_path / "awal").create(post("lama", pictures=(picture(1),)), {})

    def prepared(place: Path) -> FolderPublisher:
        shutil.copytree(tmp_path / "awal", place)
        return site(place)

    calm = prepared(tmp_path / "tenang")
    CALLS[name](calm)
    deaths = 0
    for step in range(1, 100):
        place = tmp_path / f"{name}-{step}"
        prepared(place)

        def work(step: int = step, place: Path = place) -> None:
            die_at(step)
            CALLS[name](site(place))

        ended = in_a_child(work)
        assert ended in (0, 9)
        if ended == 0:
            break
        deaths += 1
        assert walk(place)[1] == []
        CALLS[name](site(place))
        assert tree(place) == tree(calm.root)
    assert deaths >= 6


def test_a_story_cut_short_is_not_reported_as_done(tmp_path: Path) -> None:
    publisher = folder(tmp_path)

    def work() -> None:
        die_at(4)
        publisher.create(post(), {})

    assert in_a_child(work) == 9
    assert publisher.find(post().key) is None


def test_files_are_readable_for_a_web_server_and_the_records_are_not(root: Path) -> None:
    def work() -> None:
        os.umask(0o077)
        folder(root).create(post(), {})

    assert in_a_child(work) == 0
    assert (root / ".redaksi").stat().st_mode & 0o777 == 0o700
    for path in [root, *root.rglob("*")]:
        if ".redaksi" not in path.parts:
            assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)


def test_the_record_is_plain_json(publisher: FolderPublisher, root: Path) -> None:
    publisher.create(post(), {})
    record = json.loads((root / ".redaksi" / f"{post().key}.json").read_text())
    assert record["headline"] == post().headline
    assert record["published_at"] == "2026-11-20T07:05:00Z"


def test_a_repeated_create_of_a_newer_version_shows_the_newer(
    publisher: FolderPublisher, reader: FileReader
) -> None:
    first = publisher.create(post(), {})
    again = publisher.create(replace(post(), version=2, headline="Judul baru."), {})
    assert (again.url, again.version) == (first.url, 2)
    assert "Judul baru." in reader.page(first).get_text()
