"""Pictures down the road: what their files say is kept, what sites receive is small, edited and labelled."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import exifread
import pytest
from PIL import Image, IptcImagePlugin

import photos
from newsroom.models import Photo, Story
from newsroom.workflow import move
from pipeline.site_pictures import picture_name
from pipeline.stores import PUBLISHED, THUMBNAIL, originals, rendition
from tests.newsroom.screens import fresh
from tests.office import SETTINGS, Office
from tests.photos.pictures import (
    GREEN,
    decoded,
    encoded,
    exif,
    iptc,
    is_near,
    png_bomb,
    quarters,
    with_segment,
)


def camera_photo() -> bytes:
    data = encoded(quarters(2000, 1500), exif=exif(1, gps=True))
    return with_segment(
        data, iptc(headline=b"Musrenbang", creator=b"nala", credit=b"MC. Uji", copyright=b"(c) MC. Uji")
    )


def mail(*pictures: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"] = "nala@contoh.example"
    message["Subject"] = "Wali Kota Uji Membuka Musrenbang"
    message["Message-ID"] = "<gambar@contoh.example>"
    message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0700"
    captions = "\n".join(f"Foto {n}: Peserta menyimak paparan {n}." for n in range(1, len(pictures) + 1))
    message.set_content(
        "Kota Uji – Wali Kota Uji membuka musyawarah perencanaan di aula kecamatan, Jumat (20/11/2026).\n\n"
        f"{captions}\n\n(MC. Kota Uji/nala)\n"
    )
    for name, data in pictures:
        message.add_attachment(data, "image", "jpeg", filename=name)
    return bytes(message)


def queued(office: Office, *pictures: bytes) -> Story:
    office.post(mail(*((f"foto {n}.jpg", data) for n, data in enumerate(pictures, start=1))))
    office.work()
    return Story.objects.get()


def released(office: Office, *pictures: bytes) -> Story:
    story = queued(office, *pictures)
    move(story, "verify", office.person())
    office.work()
    return fresh(story)


def at(office: Office, site: str) -> list[Path]:
    """Return the pictures of a site, without its own small ones."""
    found = (office.folder / "situs" / site).rglob("*.jpg")
    return sorted(path for path in found if not path.stem.endswith("-kecil"))


def test_what_a_photo_says_and_how_it_looks_is_kept_with_it(office: Office) -> None:
    photo = queued(office, camera_photo()).photos.get()
    assert photo.facts["copyright"] == "(c) MC. Uji" and photo.facts["headline"] == "Musrenbang"
    assert photo.facts["gps"] == pytest.approx([-2.208333, 113.92], abs=1e-5)
    assert photo.facts["camera"] == "Contoh Kamera K-12"
    assert photo.exposure == pytest.approx(0.38, abs=0.1) and photo.sharpness is not None
    assert photo.credit == "MC. Uji" and photo.caption == "Peserta menyimak paparan 1."


def test_a_picture_that_is_none_or_a_bomb_never_stops_the_rest(office: Office) -> None:
    story = queued(office, png_bomb(8000, 8000), camera_photo(), camera_photo()[:300], b"")
    assert [photo.filename for photo in story.photos.filter(readable=True)] == ["foto 2.jpg"]
    for broken in story.photos.filter(readable=False):
        assert broken.problem.endswith(".") and broken.left_out


def test_a_site_receives_a_picture_with_its_label_and_without_its_place(office: Office) -> None:
    released(office, camera_photo())
    (file,) = at(office, "kota")
    data = file.read_bytes()
    known = photos.facts(data)
    assert known.description == "Peserta menyimak paparan 1."
    assert (known.credit, known.copyright) == ("MC. Uji", "(c) MC. Uji")
    assert not known.headline, "a corrected headline must not bring every photo anew"
    assert known.taken_at and known.taken_at.date() == date(2026, 11, 20)
    told = IptcImagePlugin.getiptcinfo(Image.open(io.BytesIO(data)))
    assert told and told[(2, 120)] == b"Peserta menyimak paparan 1."
    assert known.gps is None and exifread.process_file(io.BytesIO(data)) == {}
    assert b"Exif" not in data and b"GPS" not in data and b"Kamera" not in data


def test_each_site_receives_the_size_its_style_asks_for(office: Office, use: Callable[[str], None]) -> None:
    use(
        SETTINGS.replace(
            "path: ./situs/kota}", "path: ./situs/kota, style: {longest: 800, ceiling_kb: 50}}"
        ).replace(
            "path: ./situs/info-publik}", "path: ./situs/info-publik, style: {credit_strip: true}}"
        )
    )  # fmt: skip
    busy = encoded(Image.effect_noise((2000, 1500), 90).convert("RGB"))
    released(office, busy)
    (small,), (stripped,), (plain,) = (at(office, name) for name in ("kota", "info-publik", "media-center"))
    assert small.stat().st_size <= 50_000
    assert max(decoded(small.read_bytes()).size) <= 800
    assert stripped.stat().st_size <= 500_000 and plain.stat().st_size <= 500_000
    ratios = [
        image.width / image.height for image in map(decoded, (stripped.read_bytes(), plain.read_bytes()))
    ]
    assert ratios[1] == pytest.approx(4 / 3, abs=0.01) and ratios[0] < ratios[1] - 0.03, (
        "a strip stands under it"
    )


def test_a_picture_edited_after_it_was_published_takes_the_place_of_the_one_before(office: Office) -> None:
    story = released(office, camera_photo())
    (before,) = at(office, "kota")
    old = before.read_bytes()
    edits = photos.Edits(crop=(0.5, 0.0, 1.0, 0.5))
    story.photos.update(edits=edits.to_json())
    move(fresh(story), "correct", office.person("lain"), "Foto dipotong.")
    office.work()
    (after,) = at(office, "kota")
    assert after.name != before.name, "nobody's cache shows the old one"
    assert after.read_bytes() != old
    image = decoded(after.read_bytes())
    assert image.size == (1000, 750)
    assert is_near(image.getpixel((10, 700)), GREEN)


def test_renditions_with_and_without_edits_are_never_taken_for_each_other(office: Office) -> None:
    photo = queued(office, camera_photo()).photos.get()
    edits = photos.Edits(blurs=((0.0, 0.0, 0.5, 0.5),))
    for size in (PUBLISHED, THUMBNAIL):
        paths = {rendition(photo.sha256, size), rendition(photo.sha256, size, edits)}
        paths |= {rendition(photo.sha256, size._replace(strip="Foto: nala"))}
        paths |= {rendition(photo.sha256, size._replace(ceiling=1_500))}
        assert len({path.read_bytes() for path in paths}) == len(paths) == 4
    assert rendition(photo.sha256, PUBLISHED._replace(ceiling=900_000)) == rendition(photo.sha256, PUBLISHED)
    assert originals().read(photo.sha256) == camera_photo()


def test_a_picture_has_a_name_of_our_own() -> None:
    day = date(2026, 11, 25)
    assert picture_name(day, "MC. Palangka Raya", "judul-singkat", 1) == (
        "20261125_mc-palangka-raya_judul-singkat_01.jpg"
    )
    assert picture_name(day, "", "judul", 12) == "20261125_judul_12.jpg"
    assert len(picture_name(day, "Dinas " * 30, "kata-" * 30, 3)) < 100


def test_rows_without_facts_are_published_too(office: Office) -> None:
    story = queued(office, camera_photo())
    Photo.objects.update(facts={}, taken_at=None)
    move(story, "verify", office.person())
    office.work()
    (file,) = at(office, "kota")
    assert photos.facts(file.read_bytes()).copyright == ""
