"""What a package holds, and what becomes of it when more is known later."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import bagit
import pytest
from django.utils import timezone

from newsroom.models import DOCUMENT_WITHIN, Delivery, Leader, LogEntry, Package, Proof, Story, Tag, log
from newsroom.workflow import move
from pipeline.stores import packages_folder
from tests.office import Office, coverage

CHECKOUT = Path(__file__).parents[2]
DC = {"dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/"}


def published(office: Office, photos: int = 2) -> Story:
    office.post(coverage(photos=photos))
    office.work()
    story = Story.objects.get()
    story.event_on, story.event_place = date(2026, 11, 20), "Aula Kecamatan"
    story.save(update_fields=["event_on", "event_place"])
    story.tags.add(Tag.objects.create(name="Musrenbang", slug="musrenbang"))
    story.leaders.add(Leader.objects.create(name="Ratna Uji", title="Wali Kota"))
    story.photos.filter(order=1).update(left_out=True)
    move(story, "verify", office.person())
    office.work()
    story.refresh_from_db()
    return story


def folder_of(package: Package) -> Path:
    return Path(packages_folder() / package.path)


def metadata_of(package: Package) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder_of(package) / "data/metadata.json").read_bytes())
    return told


class Loads(HTMLParser):
    """Notes whatever a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "iframe", "object", "embed", "base", "form"):
            self.found.append(tag)
        self.found += [value or "" for name, value in attrs if name in ("src", "srcset", "background")]


def test_a_package_explains_itself_and_verifies_with_the_tools_of_others(office: Office) -> None:
    published(office)
    package = Package.objects.get()
    data = folder_of(package) / "data"
    assert bagit.Bag(str(folder_of(package))).validate()
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        done = subprocess.run(
            ["sha256sum", "--check", "--strict", manifest],
            cwd=folder_of(package),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    told = metadata_of(package)
    assert next((data / "mail").iterdir()).read_bytes() == coverage()
    for photo in told["photos"]:
        assert hashlib.sha256((data / photo["file"]).read_bytes()).hexdigest() == photo["sha256"]
    assert [photo["published"] for photo in told["photos"]] == [True, False]
    assert (told["event_on"], told["event_place"]) == ("2026-11-20", "Aula Kecamatan")
    assert (told["tags"], told["leaders"]) == (["Musrenbang"], ["Wali Kota Ratna Uji"])
    assert {"verify", "release"} <= {entry["verb"] for entry in told["log"]}
    assert len(told["receipts"]) == 3
    for receipt in told["receipts"]:
        assert (data / receipt["proof"]["page"]["file"]).is_file()


def test_the_page_is_one_file_that_loads_nothing_and_shows_the_photos_readers_saw(office: Office) -> None:
    published(office)
    page = (folder_of(Package.objects.get()) / "data/index.html").read_text()
    loads = Loads()
    loads.feed(page)
    assert len(loads.found) == 1, "the photo that was left out is not shown"
    assert loads.found[0].startswith("data:image/jpeg;base64,/9j/")
    assert "Aula Kecamatan" in page
    assert "Wali Kota Ratna Uji" in page
    assert len(page) < 400_000


def test_a_photo_that_cannot_be_drawn_is_named_in_the_page(office: Office) -> None:
    office.post(coverage(photos=1))
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    broken = story.photos.get()
    from pipeline.packing import _page, make_sip
    from pipeline.stores import originals

    sealed = story.sealed()
    told = dict(make_sip(Package.objects.get()).metadata)
    sha256 = originals().keep(b"bukan gambar")
    told["photos"] = [{**told["photos"][0], "sha256": sha256}]
    assert "Foto ini tidak dapat digambar" in _page(sealed, told).decode()
    assert broken.sha256 != sha256


def test_dublin_core_says_who_what_when_and_where(office: Office) -> None:
    story = published(office)
    root = ElementTree.parse(folder_of(Package.objects.get()) / "data/dublin-core.xml").getroot()

    def texts(name: str) -> list[str | None]:
        return [element.text for element in root.findall(name, DC)]

    assert texts("dc:title") == [story.headline]
    assert texts("dc:publisher") == ["Media Center Kota Uji"]
    assert texts("dcterms:created") == ["2026-11-20"]
    assert texts("dcterms:spatial") == ["Aula Kecamatan"]
    assert "Musrenbang" in texts("dc:subject")
    assert texts("dcterms:isVersionOf") == [story.key]


SCHEMA = CHECKOUT / "archive/metadata.schema.json"


def faults(value: Any, rule: dict[str, Any], at: str = "$") -> list[str]:
    """Return where a value breaks a JSON schema, for the words our schema uses."""
    if "$ref" in rule:
        return faults(value, json.loads(SCHEMA.read_text())["$defs"][rule["$ref"].rpartition("/")[2]], at)
    if "anyOf" in rule:
        return [] if any(not faults(value, one, at) for one in rule["anyOf"]) else [f"{at}: none fits"]
    if "const" in rule:
        return [] if value == rule["const"] else [f"{at}: {value!r}"]
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "boolean": bool,
        "null": type(None),
    }
    wanted = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    if type(value) not in [kinds[kind] for kind in wanted]:
        return [f"{at}: {type(value).__name__}"]
    found = []
    if isinstance(value, str) and not re.search(rule.get("pattern", ""), value):
        found.append(f"{at}: {value!r}")
    if isinstance(value, list):
        for number, item in enumerate(value):
            found += faults(item, rule["items"], f"{at}[{number}]")
    if isinstance(value, dict):
        known = rule.get("properties", {})
        found += [f"{at}.{name} is missing" for name in rule.get("required", []) if name not in value]
        if rule.get("additionalProperties") is False:
            found += [f"{at}.{name} is not documented" for name in value if name not in known]
        for name in value.keys() & known.keys():
            found += faults(value[name], known[name], f"{at}.{name}")
    return found


def test_metadata_are_as_the_schema_that_travels_with_them_says(office: Office) -> None:
    published(office)
    package = Package.objects.get()
    shipped = folder_of(package) / "data/metadata.schema.json"
    assert shipped.read_bytes() == SCHEMA.read_bytes()
    assert (CHECKOUT / "docs/package-metadata.schema.json").read_bytes() == SCHEMA.read_bytes()
    told = metadata_of(package)
    assert faults(told, json.loads(SCHEMA.read_text())) == []
    assert faults({**told, "asing": 1, "version": "satu"}, json.loads(SCHEMA.read_text())) == [
        "$.asing is not documented",
        "$.version: str",
    ]


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def late_proof(office: Office, **changes: Any) -> None:
    """Let one site's page be read only after the story was packaged."""
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    Package.objects.update(promised_at=timezone.now() - DOCUMENT_WITHIN - timedelta(minutes=1))
    (office.folder / "situs").mkdir(exist_ok=True)
    (office.folder / "situs/kota").write_text("bukan folder")  # this site cannot be written yet
    office.work()


def test_a_receipt_that_comes_late_makes_a_new_revision_and_leaves_the_first_as_it_was(
    office: Office,
) -> None:
    late_proof(office)
    first = Package.objects.get()
    before = contents(folder_of(first))
    assert [receipt["site"] for receipt in metadata_of(first)["receipts"]] == ["info-publik", "media-center"]

    (office.folder / "situs/kota").unlink()
    Delivery.objects.update(next_attempt_at=None)
    from newsroom.models import Lane

    Lane.objects.update(next_attempt_at=None, error="")
    office.work()

    first, second = Package.objects.order_by("revision")
    assert (first.path, second.path) == (f"{first.story.key}/v1", f"{first.story.key}/v1-r2")
    assert contents(folder_of(first)) == before
    assert bagit.Bag(str(folder_of(second))).validate()
    told = metadata_of(second)
    assert len(told["receipts"]) == 3
    assert all(receipt["proof"]["proven"] for receipt in told["receipts"])
    assert told["revision"] == 2
    office.work()
    assert Package.objects.count() == 2, "nothing more has become known"
    assert not Package.objects.exclude(questioned_at=None).exists()


def test_a_proof_settled_late_and_a_decision_about_a_site_are_packaged_too(office: Office) -> None:
    story = published(office)
    Proof.objects.filter(site="kota").update(words="Baru terbaca kemudian.")
    Package.objects.question(story, 1)
    office.work()
    assert Package.objects.count() == 2
    log("keep_theirs", by=office.person(), story=story, version=1, note="kota · Naskah diubah")
    office.work()
    third = Package.objects.latest("revision")
    assert third.path.endswith("/v1-r3")
    assert "keep_theirs" in {entry["verb"] for entry in metadata_of(third)["log"]}


def test_a_question_with_nothing_new_makes_no_package(office: Office) -> None:
    story = published(office)
    Package.objects.question(story, 1)
    office.work()
    assert Package.objects.count() == 1
    assert Package.objects.get().questioned_at is None


def test_what_becomes_known_while_a_package_is_written_is_not_forgotten(office: Office) -> None:
    from pipeline.preserve import preserve

    story = published(office)
    package = Package.objects.get()
    Package.objects.filter(pk=package.pk).update(
        path="", claim="uji", questioned_at=timezone.now() + timedelta(seconds=60)
    )
    package.refresh_from_db()
    preserve(package)
    assert Package.objects.get().questioned_at is not None
    assert story.packages.count() == 1


def test_packages_of_older_releases_stay_valid_and_get_a_revision_only_when_asked(office: Office) -> None:
    published(office)
    Package.objects.update(digest="", recheck_at=None)
    office.work()
    assert Package.objects.count() == 1
    Package.objects.question(Story.objects.get(), 1)
    office.work()
    assert Package.objects.count() == 2


@pytest.mark.parametrize("verb", ["correct", "retract"])
def test_a_new_version_starts_with_its_own_first_revision(office: Office, verb: str) -> None:
    story = published(office)
    move(story, verb, office.person(), "Jumlah peserta keliru.")
    office.work()
    assert list(Package.objects.order_by("pk").values_list("version", "revision")) == [(1, 1), (2, 1)]
    assert LogEntry.objects.filter(verb="preserve").count() == 2
