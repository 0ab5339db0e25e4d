"""Old stories and photos come into the archive once, with their dates, and are sent nowhere."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import responses
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from ingest.asking import Asker
from newsroom.describing import tags_named
from newsroom.figures import figures
from newsroom.models import Delivery, Origin, Package, Photo, Source, Story, Tag
from newsroom.period import Period
from newsroom.records import record_of
from newsroom.workflow import move
from pipeline import importing
from pipeline.importing import import_file, waiting
from tests.ingest.test_before import item, written
from tests.newsroom.screens import enter
from tests.office import SETTINGS, Office, picture

SITE = "https://kota.contoh.example"
UP = f"{SITE}/wp-content/uploads"
WORDPRESS = (
    SETTINGS
    + "  - {name: situs-kota, kind: wordpress, title: Situs Kota WP, url: 'https://www.kota.contoh.example', "
    "user: redaksi, password_env: UJI}\n"
)


def asker(**options: Any) -> Asker:
    waits: list[float] = []
    made = Asker(frozenset(["kota.contoh.example"]), lambda _: None, pause=0, sleep=waits.append, **options)
    made.waits = waits  # type: ignore[attr-defined]
    return made


def export(folder: Path, *numbers: int) -> Path:
    body = '<p>Musyawarah di balai desa.</p><img src="{}/{}.jpg" alt="Balai"/>'
    terms = '<category domain="category">Ekonomi</category><category domain="post_tag">musyawarah</category>'
    return written(folder, *(item(n, body.format(UP, n), more=terms) for n in numbers))


@responses.activate
def test_an_old_story_is_released_with_its_date_and_goes_to_no_site(office: Office, tmp_path: Path) -> None:
    for number in (1, 2):
        responses.get(f"{UP}/{number}.jpg", body=picture(number))
    file = export(tmp_path, 1, 2)
    assert import_file(file, SITE, asker()) == {"new": 2}
    assert import_file(file, SITE, asker()) == {"known": 2}
    assert len(responses.calls) == 2
    story = Story.objects.order_by("id").first()
    assert story is not None
    assert (story.state, story.released_at.isoformat(), str(story.event_on)) == (
        "released", "2019-05-03T02:00:00+00:00", "2019-05-03",
    )  # fmt: skip
    assert (story.category, [tag.name for tag in story.tags.all()]) == ("Ekonomi", ["musyawarah"])
    assert (story.byline_writer, story.origin.url) == ("Nala Ayuningtias", f"{SITE}/?p=1")
    assert [photo.alt for photo in story.photos.all()] == ["Balai"]
    sealed = story.sealed()
    assert (sealed.why, sealed.by, len(sealed.photos)) == ("import", None, 1)
    assert not Delivery.objects.exists()
    assert not story.log.filter(verb="verify").exists()
    assert str(record_of(story).closed_on) == "2019-05-03"
    page = enter(office.person("bram", "editor")).get(f"/arsip/{story.pk}/").content.decode()
    assert "tidak diverifikasi di sini. Alamat semula: " + f"{SITE}/?p=1" in page
    done = office.work()
    assert done.get("deliver", (0, 0)) == (0, 0)
    assert Package.objects.exclude(path="").count() == 2
    assert Photo.objects.count() == 2
    assert Tag.objects.count() == 1
    published = figures(Period(2019, 5)).whole
    assert (published.received, published.published, published.publishing.judged) == (0, 0, 0)


def test_a_tag_that_was_imported_is_the_one_an_archivist_writes(office: Office, tmp_path: Path) -> None:
    Tag.objects.create(name="Ekonomi/Bisnis", slug="ekonomibisnis")  # as earlier imports wrote it
    terms = "".join(
        f'<category domain="post_tag">{name}</category>' for name in ("Ekonomi/Bisnis", "HUT ke-79/RI")
    )
    import_file(written(tmp_path, item(1, "<p>Isi.</p>", more=terms)), SITE, asker())
    names = ["Ekonomi/Bisnis", "HUT ke-79/RI"]
    assert {tag.name for tag in tags_named(names)} == set(names)
    assert Tag.objects.count() == 2


@responses.activate
def test_a_linked_site_owes_nothing_until_the_story_is_corrected(
    office: Office, tmp_path: Path, use: Callable[[str], None]
) -> None:
    use(WORDPRESS)
    responses.get(f"{UP}/5.jpg", body=picture(5))
    import_file(export(tmp_path, 5), SITE, asker())
    delivery = Delivery.objects.get()
    assert (delivery.site, delivery.remote_id, delivery.url) == ("situs-kota", "5", f"{SITE}/?p=5")
    assert not Delivery.objects.all().due().exists()
    move(delivery.story, "correct", office.person(), "Nama diperbaiki.")
    assert [row.site for row in Delivery.objects.all().due()] == ["situs-kota"]


@responses.activate
def test_what_redaksi_itself_published_there_is_not_brought_in(
    office: Office, tmp_path: Path, use: Callable[[str], None]
) -> None:
    use(WORDPRESS)
    ours = Story.objects.create(key="k", headline="Kita", received_at=timezone.now())
    Delivery.objects.create(story=ours, site="situs-kota", remote_id="6", sent_version=1)
    assert import_file(export(tmp_path, 6), SITE, asker()) == {"ours": 1}
    assert Story.objects.count() == 1


def test_a_post_behind_a_password_is_named_and_never_shown_until_its_site_shows_it(
    office: Office, tmp_path: Path
) -> None:
    word = "<wp:post_password>rahasia</wp:post_password>"
    file = written(tmp_path, item(8, "<p>Hanya untuk anggota.</p>", more=word))
    assert import_file(file, SITE, asker()) == {"locked": 1}
    assert not Story.objects.exists()
    ((address, why),) = waiting(Source.objects.get())
    assert address == f"{SITE}/?p=8"
    assert "Dilindungi kata sandi" in why
    assert import_file(written(tmp_path, item(8, "<p>Untuk semua.</p>")), SITE, asker()) == {"new": 1}
    assert Story.objects.get().origin.problem == ""


@responses.activate
def test_pictures_beyond_what_one_story_holds_are_told_as_lacking(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_PHOTOS", 1)
    responses.get(f"{UP}/1.jpg", body=picture(1))
    body = "".join(f'<p>Isi.</p><img src="{UP}/{number}.jpg"/>' for number in (1, 2, 3))
    assert import_file(written(tmp_path, item(1, body)), SITE, asker()) == {"new": 1}
    assert (
        Origin.objects.get().problem == "2 foto lagi tidak diambil: paling banyak 1 foto untuk satu berita."
    )


@responses.activate
def test_a_busy_site_is_waited_for_and_a_lost_photo_is_named(office: Office, tmp_path: Path) -> None:
    responses.get(f"{UP}/1.jpg", status=503, headers={"Retry-After": "7"})
    responses.get(f"{UP}/1.jpg", body=picture(1))
    responses.get(f"{UP}/2.jpg", status=404)
    responses.get(f"{UP}/3.jpg", status=302, headers={"Location": "http://169.254.169.254/rahasia"})
    for _ in range(5):
        responses.get(f"{UP}/4.jpg", status=500)
    polite = asker()
    file = export(tmp_path, 1, 2, 3, 4)
    assert import_file(file, SITE, polite) == {"new": 3, "later": 1}
    assert 7.0 in polite.waits  # type: ignore[attr-defined]
    problems = dict(Origin.objects.values_list("remote_id", "problem"))
    assert problems["1"] == ""
    assert "404" in problems["2"]
    assert "bukan situs yang diimpor" in problems["3"]
    assert Origin.objects.get(remote_id="4").story is None
    responses.replace(responses.GET, f"{UP}/4.jpg", body=picture(4))
    assert import_file(file, SITE, polite) == {"known": 3, "new": 1}
    assert Source.objects.get().finished_at is not None


def test_folders_of_photos_become_a_story_for_each_day_and_each_photo_comes_once(
    office: Office, tmp_path: Path
) -> None:
    root = tmp_path / "Foto lama"
    (root / "Pelantikan_Camat").mkdir(parents=True)
    day = {0x9003: "2012:08:17 09:00:00"}
    for number in range(3):
        _shot(root / "Pelantikan_Camat" / f"DSC_{number}.JPG", number, day)
    _shot(root / "Pelantikan_Camat" / "lusa.jpg", 7, {0x9003: "2012:08:19 09:00:00"})
    _shot(root / "Pelantikan_Camat" / "jam-salah.jpg", 8, {0x9003: "2112:08:17 09:00:00"})
    os.utime(root / "Pelantikan_Camat" / "jam-salah.jpg", (1_345_200_000, 1_345_200_000))  # 17 August 2012
    (root / "tanpa-exif.jpg").write_bytes(picture(50))
    os.utime(root / "tanpa-exif.jpg", (1_300_000_000, 1_300_000_000))
    (root / "kembar.jpg").write_bytes((root / "Pelantikan_Camat" / "DSC_0.JPG").read_bytes())
    (root / "rusak.jpg").write_bytes(b"bukan foto")
    (root / "catatan.txt").write_text("bukan foto")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert _photos(root) == {"stories": 4, "photos": 6, "known": 1, "broken": 1}
    assert _photos(root) == {"stories": 0, "photos": 0, "known": 7, "broken": 1}
    told = sorted(
        Story.objects.values_list("headline", "event_on", "photos__pk")
        .values_list("headline", flat=True)
        .distinct()
    )
    assert "Pelantikan Camat, 19 Agustus 2012" in told
    assert not Story.objects.filter(released_at__gt=timezone.now()).exists()
    undated = Photo.objects.get(filename="tanpa-exif.jpg")
    assert undated.facts["day_from_file"] is True
    assert "tidak menyebut kapan" in undated.story.origin.problem
    assert str(undated.story.event_on) == "2011-03-13"
    assert {path: path.read_bytes() for path in before} == before


def _shot(path: Path, seed: int, exif: dict[int, str]) -> None:
    from PIL import Image

    told = Image.Exif()
    told.get_ifd(0x8769).update(exif)
    path.write_bytes(picture(100 + seed, exif=told))


def _photos(root: Path) -> dict[str, int]:
    out = io.StringIO()
    call_command("import_photos", str(root), stdout=out, stderr=io.StringIO())
    told: dict[str, int] = json.loads(out.getvalue())
    return told


def test_a_file_that_is_no_export_is_told(office: Office, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<html></html>")
    with pytest.raises(CommandError, match="bukan berkas ekspor"):
        call_command("import_wordpress", str(tmp_path / "a.xml"), stderr=io.StringIO())
    with pytest.raises(CommandError, match="tidak dapat dibaca"):
        call_command("import_wordpress", str(tmp_path / "tidak-ada.xml"), stderr=io.StringIO())
