from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from collage import Made, PhotosRefused, Tile, make
from photos import facts
from photos.lettering import drawable, font, lines

SHAPES = ((400, 300), (300, 400), (480, 270), (320, 320))


def photo(number: int, size: tuple[int, int] | None = None) -> bytes:
    """Return a photo in one colour of its own."""
    image = Image.new("RGB", size or SHAPES[number % 4], colour(number))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def colour(number: int) -> tuple[int, int, int]:
    return 60 + number * 53 % 160, 60 + number * 97 % 160, 60 + number * 31 % 160


def tiles(count: int) -> list[Tile]:
    return [
        Tile(photo(number), f"Kegiatan {number}", date(2026, 6, 1), "Foto: nala") for number in range(count)
    ]


def small(given: Sequence[Tile], title: str = "Kolase", subtitle: str = "Juni–November 2026") -> Made:
    return make(given, title, subtitle, dpi=60)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def shown(image: Image.Image, wanted: tuple[int, int, int]) -> int:
    """Count the pixels that are nearly of a colour."""
    difference = ImageChops.difference(image, Image.new("RGB", image.size, wanted))
    close = [band.point(lambda value: 255 if value < 9 else 0) for band in difference.split()]
    both = ImageChops.multiply(ImageChops.multiply(close[0], close[1]), close[2])
    return both.histogram()[255]


@pytest.mark.parametrize("count", [6, 25])
def test_every_photo_is_on_the_page_and_on_the_web(count: int) -> None:
    made = make(tiles(count), "Kolase", dpi=36)
    for data in (made.print_jpeg, made.web_jpeg):
        image = opened(data)
        fair = image.width * image.height / count
        for number in range(count):
            assert shown(image, colour(number)) > fair / 12
    assert made.left_out == ()


def test_the_page_is_a3_at_300_dpi_and_the_web_picture_1600_wide() -> None:
    made = make(tiles(6), "Kolase")
    page, web = opened(made.print_jpeg), opened(made.web_jpeg)
    assert sorted(page.size) == [3508, 4961]
    assert page.info["dpi"] == (300, 300)
    assert max(web.size) == 2000
    assert len(made.web_jpeg) <= 500_000


def test_the_same_tiles_give_the_same_bytes() -> None:
    one, other = small(tiles(9)), small(tiles(9))
    assert (one.print_jpeg, one.web_jpeg) == (other.print_jpeg, other.web_jpeg)


@pytest.mark.parametrize(
    "change", [{"caption": "Lain"}, {"taken_on": date(2026, 7, 2)}, {"credit": "Foto: mit"}]
)
def test_caption_date_and_credit_are_printed(change: dict[str, object]) -> None:
    before = tiles(6)
    after = [Tile(**{**vars(before[0]), **change}), *before[1:]]
    assert small(before).print_jpeg != small(after).print_jpeg
    assert small(before).web_jpeg != small(after).web_jpeg


def test_title_and_subtitle_are_printed() -> None:
    plain = small(tiles(6), "", "")
    assert (
        plain.print_jpeg
        != small(tiles(6), "Kolase", "").print_jpeg
        != small(tiles(6), "Kolase", "2026").print_jpeg
    )


def test_a_photo_that_cannot_be_read_is_left_out_and_named() -> None:
    given = tiles(8)
    given[2] = Tile(b"bukan foto", "Rusak")
    whole = photo(5)
    given[5] = Tile(whole[:2] + b"\xff\xd9", "Kosong")
    made = small(given)
    assert [place for place, _ in made.left_out] == [2, 5]
    assert all(reason.endswith(".") for _, reason in made.left_out)
    assert shown(opened(made.print_jpeg), colour(7)) > 0


def test_a_photo_whose_header_is_fine_and_whose_picture_is_not_is_left_out_too() -> None:
    given = tiles(7)
    out = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(out, "PNG")
    whole = out.getvalue()
    given[3] = Tile(whole[:60] + bytes(len(whole) - 100) + whole[-40:], "Rusak")
    assert facts(given[3].data).problem == ""  # type: ignore[arg-type]
    made = small(given)
    assert [place for place, _ in made.left_out] == [3]


def test_half_a_photo_is_no_photo_for_a_collage() -> None:
    given = tiles(7)
    given[4] = Tile(photo(4)[:-50], "Terpotong")
    [(place, reason)] = small(given).left_out
    assert place == 4 and "tidak lengkap" in reason


def test_photos_may_be_given_as_files(tmp_path: Path) -> None:
    given = tiles(6)
    files = []
    for number, tile in enumerate(given):
        (tmp_path / f"{number}").write_bytes(tile.data)  # type: ignore[arg-type]
        files.append(Tile(tmp_path / f"{number}", tile.caption, tile.taken_on, tile.credit))
    assert small(files).print_jpeg == small(given).print_jpeg
    (tmp_path / "6").touch()
    made = small([*files, Tile(tmp_path / "6"), Tile(tmp_path / "tidak-ada")])
    assert [place for place, _ in made.left_out] == [6, 7]


@pytest.mark.parametrize("count", [0, 5, 121])
def test_too_few_or_too_many_photos_are_refused(count: int) -> None:
    with pytest.raises(PhotosRefused, match=f"tersedia {count}"):
        small([Tile(photo(0))] * count)


def test_photos_that_cannot_be_read_do_not_count() -> None:
    with pytest.raises(PhotosRefused, match=r"tersedia 5 \(2 foto lain tidak dapat dibaca\)"):
        small([*tiles(5), Tile(b""), Tile(b"x")])


def test_panoramas_and_tall_scans_do_not_break_the_page() -> None:
    given = [Tile(photo(number, (2000, 100) if number % 2 else (100, 2000))) for number in range(8)]
    image = opened(small(given).print_jpeg)
    assert all(shown(image, colour(number)) > 400 for number in range(8))


@pytest.mark.parametrize(
    ("focus", "kept"), [((0.05, 0.5), (210, 40, 40)), ((0.95, 0.5), (40, 60, 210)), (None, None)]
)
def test_a_crop_keeps_the_focus_of_its_photo(
    focus: tuple[float, float] | None, kept: tuple[int, int, int] | None
) -> None:
    image = Image.new("RGB", (1200, 200), (128, 128, 128))
    image.paste((210, 40, 40), (0, 0, 150, 200))
    image.paste((40, 60, 210), (1050, 0, 1200, 200))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    page = opened(small([Tile(out.getvalue(), focus=focus), *tiles(6)[1:]]).print_jpeg)
    ends = [end for end in ((210, 40, 40), (40, 60, 210)) if shown(page, end) > 100]
    assert ends == ([kept] if kept else [])


def test_nothing_of_the_photos_files_is_in_the_collage() -> None:
    out = io.BytesIO()
    tags = Image.Exif()
    tags[0x010F] = "Contoh"
    tags.get_ifd(0x8825).update({1: "S", 2: (2.0, 12.0, 30.0), 3: "E", 4: (113.0, 55.0, 12.0)})
    Image.new("RGB", (400, 300), "teal").save(out, "JPEG", exif=tags, comment=b"rahasia")
    made = small([Tile(out.getvalue())] * 6)
    for data in (made.print_jpeg, made.web_jpeg):
        assert not any(trace in data for trace in (b"Exif", b"rahasia", b"Contoh"))


def test_long_captions_end_in_an_ellipsis_inside_their_width() -> None:
    text = "Wali Kota membuka Musyawarah Perencanaan Pembangunan Kecamatan Contoh di aula kantor kecamatan"
    made = lines(text, 20, 240, 2)
    assert len(made) == 2 and made[-1].endswith("…")
    assert all(font(20).getlength(line) <= 240 for line in made)
    assert lines("Pendek", 20, 240, 2) == ["Pendek"]
    assert lines("Sangatpanjangsekalitanpaspasi" * 3, 20, 100, 1)[0].endswith("…")
    assert lines("", 20, 240, 2) == []
    assert lines("kata", 20, 3, 1) == ["…"]


def test_words_the_font_cannot_draw_are_written_plainly() -> None:
    assert drawable("Juni–November: “Café” 🙏 • 1 × 2\nاهلا") == "Juni-November: “Cafe” · 1 x 2"
    indonesian = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 .,:;!?()/'\"-“”‘’…%&+@"
    assert drawable(indonesian) == indonesian
