from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from collage import (
    KINDS,
    NAMES,
    OUTPUTS,
    Kind,
    PhotosRefused,
    Recipe,
    Rendered,
    Shot,
    drawing,
    planning,
    render,
    sheets,
)
from photos import Edits

ROOT = Path(__file__).parents[2]
SHAPES = ((600, 450), (450, 600), (640, 360), (480, 480))
PRINTED = ("print_jpeg", "pdf")


def colour(number: int) -> tuple[int, int, int]:
    return 60 + number * 53 % 160, 60 + number * 97 % 160, 60 + number * 31 % 160


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


class Archive:
    """Photos by their checksums, as originals are."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def __call__(self, sha256: str) -> bytes:
        return self.files[sha256]

    def keep(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        self.files[sha256] = data
        return sha256

    def shot(self, image: Image.Image, **told: object) -> Shot:
        return Shot(self.keep(jpeg(image)), *image.size, **told)  # type: ignore[arg-type]


def of_colours(count: int, **looks: object) -> tuple[Recipe, Archive]:
    archive = Archive()
    shots = [
        archive.shot(
            Image.new("RGB", SHAPES[number % 4], colour(number)),
            name=f"{number}.jpg",
            caption=f"Kegiatan {number}",
            taken_on=date(2026, 6 + number % 3, 1),
            credit="Foto: nala",
        )
        for number in range(count)
    ]
    looks = {"title": "Kolase", "subtitle": "Juni–November 2026"} | looks
    return Recipe(tuple(shots), **looks), archive  # type: ignore[arg-type]


def opened(path: Path) -> Image.Image:
    image = Image.open(path)
    image.load()
    return image.convert("RGB")


def shown(image: Image.Image, wanted: tuple[int, int, int]) -> int:
    """Count the pixels that are nearly of a colour."""
    difference = ImageChops.difference(image, Image.new("RGB", image.size, wanted))
    close = [band.point(lambda value: 255 if value < 9 else 0) for band in difference.split()]
    return ImageChops.multiply(ImageChops.multiply(close[0], close[1]), close[2]).histogram()[255]


def sums(made: Rendered) -> dict[str, str]:
    return {
        str(path.relative_to(made.files["print_jpeg"].parent)): hashlib.sha256(path.read_bytes()).hexdigest()
        for place in made.files.values()
        for path in ([place] if place.is_file() else sorted(place.rglob("*")))
        if path.is_file()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_photo_is_on_the_page_whole_enough_in_print_and_on_the_web(kind: Kind, tmp_path: Path) -> None:
    recipe, archive = of_colours(24, layout=kind)
    made = render(recipe, archive, tmp_path, ("print_jpeg", "web_jpeg"), dpi=40)
    assert made.left_out == () and made.recipe == recipe
    boxes = planning.plan(recipe).boxes
    for output, scale in (("print_jpeg", 40 / 25.4), ("web_jpeg", 2000 / 420)):
        image = opened(made.files[output])  # type: ignore[index]
        for number, box in enumerate(boxes):
            asked = box.width * box.height * scale * scale
            assert 0.8 * asked < shown(image, colour(number)) < 1.1 * asked


PROGRAM = """
import sys, hashlib
from pathlib import Path
from collage import loads, render
from tests.collage.test_rendering import sums
photos = {path.name: path for path in Path(sys.argv[1]).iterdir()}
recipe = loads(Path(sys.argv[2]).read_text())
print(sums(render(recipe, lambda sha256: photos[sha256], Path(sys.argv[3]), dpi=60)))
"""


def test_a_saved_recipe_gives_the_same_bytes_again_in_another_process_too(tmp_path: Path) -> None:
    recipe, archive = of_colours(12, layout="mosaic", page="a4-portrait", marks=True)
    mark = Image.new("RGBA", (200, 80), (0, 120, 110, 128))
    out = io.BytesIO()
    mark.save(out, "PNG")
    recipe = replace(recipe, mark=archive.keep(out.getvalue()))
    for name in ("foto", "satu", "dua"):
        (tmp_path / name).mkdir()
    for sha256, data in archive.files.items():
        (tmp_path / "foto" / sha256).write_bytes(data)
    (tmp_path / "resep.json").write_text(recipe.dumps())
    made = render(recipe, archive, tmp_path / "satu", dpi=60)
    assert set(made.files) == set(OUTPUTS) and len(sums(made)) == 4 + 12 + 1
    command = [
        sys.executable,
        "-c",
        PROGRAM,
        str(tmp_path / "foto"),
        str(tmp_path / "resep.json"),
        str(tmp_path / "dua"),
    ]
    again = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7"},
    )
    assert again.stdout.strip() == str(sums(made))


def test_bands_of_the_page_are_the_whole_page_cut(tmp_path: Path) -> None:
    recipe, archive = of_colours(9, title="Kolase yang judulnya panjang sekali dan tidak muat " * 3)
    sheet = sheets.print_sheet(recipe, planning.plan(recipe), 50)
    found = drawing.pictures(recipe.shots, range(9), [sheet], archive)
    pieces = {sheet.boxes[place]: made[0] for place, made in found if isinstance(made, list)}
    whole = drawing.band(sheet, 0, sheet.size[1], pieces)
    for top in range(0, sheet.size[1], 37):
        height = min(37, sheet.size[1] - top)
        part = whole.crop((0, top, sheet.size[0], top + height))
        assert ImageChops.difference(drawing.band(sheet, top, height, pieces), part).getbbox() is None


def test_print_is_a3_at_300_dpi_with_bleed_and_the_pdf_says_where_to_cut(tmp_path: Path) -> None:
    recipe, archive = of_colours(6, bleed=3.0, marks=True)
    made = render(recipe, archive, tmp_path, PRINTED)  # type: ignore[arg-type]
    with Image.open(made.files["print_jpeg"]) as image:
        assert image.size == (round(426 / 25.4 * 300), round(303 / 25.4 * 300))
        assert image.info["dpi"] == (300, 300)
    page = pypdfium2.PdfDocument(made.files["pdf"])[0]
    point = 72 / 25.4
    assert page.get_trimbox() == pytest.approx((10 * point, 10 * point, 430 * point, 307 * point), abs=0.01)
    assert page.get_bleedbox() == pytest.approx((7 * point, 7 * point, 433 * point, 310 * point), abs=0.01)
    assert page.get_mediabox() == pytest.approx((0, 0, 440 * point, 317 * point), abs=0.01)
    [drawn] = [each for each in page.get_objects() if isinstance(each, pypdfium2.PdfImage)]
    assert drawn.get_px_size() == image.size
    metadata = drawn.get_metadata()
    assert (metadata.horizontal_dpi, metadata.vertical_dpi) == pytest.approx((300, 300), rel=0.001)
    # The crop marks are there, and outside of what is printed.
    sheet = page.render(scale=1).to_pil().convert("L")
    assert min(sheet.crop((0, 0, 19, sheet.height)).tobytes()) < 200


def test_without_bleed_and_marks_the_page_is_its_trimmed_size(tmp_path: Path) -> None:
    recipe, archive = of_colours(6, bleed=0.0, page="story")
    made = render(recipe, archive, tmp_path, ("pdf", "web_jpeg", "web_webp"), dpi=50)
    page = pypdfium2.PdfDocument(made.files["pdf"])[0]
    assert page.get_mediabox() == page.get_trimbox() == page.get_bleedbox()
    assert page.get_size() == pytest.approx((180 / 25.4 * 72, 320 / 25.4 * 72), abs=0.01)
    assert {opened(made.files[name]).size for name in ("web_jpeg", "web_webp")} == {(1080, 1920)}  # type: ignore[index]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES[output] for output in made.files)


def test_pictures_for_the_web_stay_within_their_bytes(tmp_path: Path) -> None:
    archive = Archive()
    noise = [archive.shot(Image.effect_noise((900 + number, 600), 50).convert("RGB")) for number in range(6)]
    for ceiling in (400_000, 90_000):  # the first by quality, the second only by a smaller picture
        recipe = Recipe(tuple(noise), page="wide")
        made = render(recipe, archive, tmp_path, ("web_jpeg", "web_webp"), web_bytes=ceiling)
        for path in made.files.values():
            assert ceiling / 4 < path.stat().st_size <= ceiling


def test_photos_that_cannot_be_read_are_left_out_and_named_and_the_others_laid_out_anew(
    tmp_path: Path,
) -> None:
    recipe, archive = of_colours(9)
    broken = replace(recipe.shots[2], sha256=archive.keep(b"bukan foto"))
    half = replace(recipe.shots[5], sha256=archive.keep(archive(recipe.shots[5].sha256)[:-600]), name="")
    gone = replace(recipe.shots[8], sha256="e" * 64)
    shots = list(recipe.shots)
    shots[2], shots[5], shots[8] = broken, half, gone
    made = render(replace(recipe, shots=tuple(shots)), archive, tmp_path, dpi=50)
    assert [(one.place, one.name) for one in made.left_out] == [
        (2, "2.jpg"),
        (5, half.sha256[:12]),
        (8, "8.jpg"),
    ]
    assert all(one.why.endswith(".") for one in made.left_out)
    assert made.recipe == recipe.without({2, 5, 8})
    (tmp_path / "lain").mkdir()
    assert sums(render(made.recipe, archive, tmp_path / "lain", dpi=50)) == sums(made)


def test_a_broken_mark_is_named_and_the_rest_is_drawn(tmp_path: Path) -> None:
    recipe, archive = of_colours(6)
    recipe = replace(recipe, mark=archive.keep(b"<svg onload=alert(1)>"))
    made = render(recipe, archive, tmp_path, ("web_jpeg",))
    assert [(one.place, one.name) for one in made.left_out] == [(-1, "logo")]
    assert made.files["web_jpeg"].exists()


@pytest.mark.parametrize(
    ("count", "unreadable", "word"), [(5, 0, "tersedia 5."), (7, 2, r"5 \(2 foto lain"), (0, 0, "0")]
)
def test_too_few_photos_are_refused_and_nothing_is_left_behind(
    count: int, unreadable: int, word: str, tmp_path: Path
) -> None:
    recipe, archive = of_colours(count)
    for shot in recipe.shots[:unreadable]:
        archive.files[shot.sha256] = b""
    with pytest.raises(PhotosRefused, match=word):
        render(recipe, archive, tmp_path, dpi=40)
    assert list(tmp_path.iterdir()) == []


def test_progress_goes_on_to_its_end_and_may_stop_the_work(tmp_path: Path) -> None:
    recipe, archive = of_colours(8)
    archive.files[recipe.shots[4].sha256] = b"rusak"
    told: list[tuple[int, int]] = []
    render(recipe, archive, tmp_path, dpi=40, progress=lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[0] == (0, 13) and told[-1] == (13, 13)
    for path in tmp_path.glob("*.*"):
        path.unlink()

    def stop(done: int, of: int) -> None:
        if done == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        render(recipe, archive, tmp_path, PRINTED, dpi=40, progress=stop)  # type: ignore[arg-type]
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGB", (1200, 200), left)
    image.paste(right, (600, 0, 1200, 200))
    return image


@pytest.mark.parametrize(
    ("told", "red", "blue"),
    [
        ({"focus": (0.02, 0.5)}, True, False),
        ({"edits": Edits(focus=(0.98, 0.5))}, False, True),
        ({"edits": Edits(crop=(0.0, 0.0, 0.5, 1.0))}, True, False),
        ({"edits": Edits(focus=(0.98, 0.5)), "focus": (0.02, 0.5)}, True, False),
        ({"focus": (0.5, 0.5)}, True, True),
        ({"focus": (0.25, 0.5), "zoom": 2.0}, True, False),
    ],
)
def test_a_photo_shows_what_its_crop_focus_and_zoom_ask_for(
    told: dict[str, object], red: bool, blue: bool, tmp_path: Path
) -> None:
    recipe, archive = of_colours(8, layout="grid", title="", subtitle="", captions="none")
    wide = archive.shot(halves((210, 40, 40), (40, 60, 210)), **told)
    made = render(replace(recipe, shots=(wide, *recipe.shots[1:])), archive, tmp_path, ("web_jpeg",))
    image = opened(made.files["web_jpeg"])
    assert (shown(image, (210, 40, 40)) > 500, shown(image, (40, 60, 210)) > 500) == (red, blue)


def test_what_was_blurred_is_blurred_in_every_output(tmp_path: Path) -> None:
    recipe, archive = of_colours(6, bleed=0.0)
    face = Image.new("RGB", (1000, 750), (200, 200, 200))
    for row in range(300, 420, 8):
        face.paste((20, 160, 60), (400, row, 600, row + 4))
    hidden = archive.shot(face, edits=Edits(blurs=((0.38, 0.38, 0.62, 0.58),)))
    made = render(replace(recipe, shots=(hidden, *recipe.shots[1:])), archive, tmp_path, dpi=150)
    for path in (
        made.files["print_jpeg"],
        made.files["web_jpeg"],
        next(made.files["page"].glob("foto/001-*")),
    ):
        assert shown(opened(path), (20, 160, 60)) == 0


def test_words_are_printed_and_none_where_none_are_wished(tmp_path: Path) -> None:
    recipe, archive = of_colours(6)

    def printed(one: Recipe) -> bytes:
        return render(one, archive, tmp_path, ("web_jpeg",)).files["web_jpeg"].read_bytes()

    before = printed(recipe)
    first, *others = recipe.shots
    for change in ({"caption": "Lain"}, {"taken_on": date(2026, 7, 2)}, {"credit": "Foto: mit"}):
        assert printed(replace(recipe, shots=(replace(first, **change), *others))) != before
    assert (
        len({before, printed(replace(recipe, title="Lain")), printed(replace(recipe, subtitle="Lain"))}) == 3
    )
    assert printed(replace(recipe, start=date(2026, 1, 1))) == before, (
        "the period says nothing about the looks"
    )
    silent = replace(recipe, captions="none")
    changed = tuple(replace(shot, caption="Lain", credit="Lain") for shot in silent.shots)
    assert printed(silent) == printed(replace(silent, shots=changed)) != before


@pytest.mark.parametrize("page", ["a4-portrait", "a3-landscape", "story"])
@pytest.mark.parametrize("count", [6, 30, 120])
def test_words_stay_under_their_photo(count: int, page: str) -> None:
    text = "Wali Kota membuka Musyawarah Perencanaan Pembangunan Kecamatan Contoh"
    shots = tuple(
        Shot(
            f"{number:064x}",
            3,
            4 - number % 2,
            caption=text,
            taken_on=date(2026, 12, 28),
            credit="Foto: " + text,
        )
        for number in range(count)
    )
    recipe = Recipe(shots, page=page, captions="full", layout="timeline")
    plan = planning.plan(recipe)
    sheet = sheets.web_sheet(recipe, plan)
    boxes = {box[:1] + box[3:]: box for box in sheet.boxes}
    for line in sheet.words:
        right = line.x + sheets.font(line.size).getlength(line.text)
        assert right <= sheet.size[0] and line.y + line.size <= sheet.size[1]
        over = [box for box in boxes.values() if box[0] == line.x and box[3] <= line.y]
        if over and line.colour == recipe.colours.soft:
            assert right <= max(over, key=lambda box: box[3])[2] + 1


def test_nothing_of_the_photos_files_is_in_the_collage(tmp_path: Path) -> None:
    recipe, archive = of_colours(6)
    out = io.BytesIO()
    tags = Image.Exif()
    tags[0x010F] = "Contoh"
    tags.get_ifd(0x8825).update({1: "S", 2: (2.0, 12.0, 30.0), 3: "E", 4: (113.0, 55.0, 12.0)})
    Image.new("RGB", (400, 300), "teal").save(out, "JPEG", exif=tags, comment=b"rahasia")
    spy = replace(recipe.shots[0], sha256=archive.keep(out.getvalue()))
    made = render(replace(recipe, shots=(spy, *recipe.shots[1:])), archive, tmp_path, dpi=40)
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert not any(trace in path.read_bytes() for trace in (b"Exif", b"rahasia", b"Contoh"))
    assert made.left_out == ()


def test_the_page_with_the_photos_needs_nothing_and_believes_no_words(tmp_path: Path) -> None:
    recipe, archive = of_colours(6, title="<script>alert(1)</script> & “Kolase”")
    evil = replace(recipe.shots[0], caption='"><img src=x onerror=alert(1)>', credit="</small><b>")
    recipe = replace(recipe, shots=(evil, *recipe.shots[1:]))
    made = render(recipe, archive, tmp_path, ("page",))
    assert [path.name for path in tmp_path.iterdir()] == ["halaman"]
    html = (made.files["page"] / "index.html").read_text()
    assert (
        "<script" not in html
        and "onerror=alert(1)>" not in html
        and "http" not in html.replace("http-equiv", "")
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “Kolase”" in html
    named = sorted(path.name for path in (made.files["page"] / "foto").iterdir())
    assert len(named) == 6 and all(f'src="foto/{name}"' in html for name in named)
    assert "Senin, 1 Juni 2026 · &lt;/small&gt;&lt;b&gt;" in html
    render(replace(recipe, title="Lagi"), archive, tmp_path, ("page",))
    assert "Lagi" in (made.files["page"] / "index.html").read_text(), "a new page takes the old one's place"


LARGE = """
import sys, io
from pathlib import Path
from PIL import Image
from collage import Recipe, Shot, render
out = io.BytesIO()
Image.effect_noise((4000, 3000), 4).convert("RGB").save(out, "JPEG", quality=80)
shots = tuple(Shot(f"{number:064x}", 4000, 3000, caption="Kegiatan") for number in range(120))
Path("/proc/self/clear_refs").write_text("5")
render(Recipe(shots, layout="cover", page="a2-landscape"), lambda _: out.getvalue(), Path(sys.argv[1]), ("pdf",))
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024)
"""


def test_a2_with_120_photos_at_300_dpi_takes_less_than_300_mb(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LARGE, str(tmp_path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert 30 < int(done.stdout) < 300
