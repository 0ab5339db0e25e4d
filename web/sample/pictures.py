"""Photo-like pictures of camera size, painted by rule: no real place, no real face."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import datetime

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

CAMERA = (4000, 3000)
SKETCH = (1000, 750)
SKINS = ("#8d5a3b", "#a56b46", "#b97d55", "#7b4a2e", "#c48a63")
CLOTHES = ("#2f4858", "#7a2e2e", "#c8a24a", "#356859", "#5b3a6b", "#d9d4c5", "#8b3f1f", "#23395d", "#b5651d")
VEILS = ("#d8c3a5", "#5d7b6f", "#2f3e46", "#b56576", "#e0d6c8", "#6d597a")

Scene = Callable[[Image.Image, random.Random], Image.Image]


def photograph(
    scene: str,
    seed: int,
    *,
    taken_at: datetime,
    size: tuple[int, int] = CAMERA,
    orientation: int = 1,
    gps: bool = False,
) -> Image.Image:
    """Paint `scene` (a key of SCENES) at camera size; the picture's info holds its EXIF."""
    chance = random.Random(seed)  # noqa: S311 - pictures, not secrets
    sketch = SCENES[scene](Image.new("RGB", SKETCH, "#888"), chance)
    upright = size if orientation in (1, 3) else (size[1], size[0])
    if upright[0] < upright[1]:
        sketch = sketch.crop((220, 0, 782, 750))
    picture = sketch.resize(upright, Image.Resampling.BICUBIC)
    picture = _lens(picture, chance)
    picture = _as_held(picture, orientation)
    exif = picture.getexif()
    exif[0x010F], exif[0x0110] = "Contoh", "Kamera K-12"
    exif[0x0112] = orientation
    exif[0x0132] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    exif.get_ifd(0x8769)[0x9003] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    if gps:
        exif.get_ifd(0x8825).update({1: "S", 2: (2.0, 12.0, 30.0), 3: "E", 4: (113.0, 55.0, 12.0)})
    picture.info["exif"] = exif.tobytes()
    return picture


def jpeg(picture: Image.Image, quality: int = 88) -> bytes:
    """Return the picture as a camera would store it."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=picture.info["exif"])
    return out.getvalue()


def _as_held(picture: Image.Image, orientation: int) -> Image.Image:
    turns = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    return picture.transpose(turns[orientation]) if orientation in turns else picture


def _lens(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Add what a lens and a sensor add: vignette and grain."""
    small = (250, 188)
    shade = Image.new("L", small, 255)
    edge = ImageDraw.Draw(shade)
    for step in range(60):
        edge.rectangle((step, step, small[0] - step, small[1] - step), outline=185 + step)
    shade = shade.filter(ImageFilter.GaussianBlur(25)).resize(picture.size)
    picture = ImageChops.multiply(picture, Image.merge("RGB", (shade,) * 3))
    grain = Image.effect_noise((1000, 750), 14).resize(picture.size, Image.Resampling.NEAREST)
    picture = Image.blend(picture, Image.merge("RGB", (grain,) * 3), 0.045)
    return ImageEnhance.Contrast(picture).enhance(1.08 + chance.random() * 0.08)


def _gradient(picture: Image.Image, top: str, bottom: str) -> None:
    column = Image.new("RGB", (1, 2))
    column.putpixel((0, 0), _rgb(top))
    column.putpixel((0, 1), _rgb(bottom))
    picture.paste(column.resize(picture.size, Image.Resampling.BILINEAR))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _lights(picture: Image.Image, chance: random.Random, count: int, colour: str) -> Image.Image:
    glow = Image.new("RGB", picture.size)
    pen = ImageDraw.Draw(glow)
    for _ in range(count):
        x, y, r = chance.randrange(1000), chance.randrange(320), chance.randrange(14, 46)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=colour)
    return ImageChops.screen(picture, glow.filter(ImageFilter.GaussianBlur(9)))


def _person(pen: ImageDraw.ImageDraw, chance: random.Random, x: int, foot: int, tall: int) -> None:
    """Draw somebody who does not exist: shoulders, head, hair, cap or veil, no features."""
    head = tall // 7
    wide = int(tall * 0.32)
    skin, cloth = chance.choice(SKINS), chance.choice(CLOTHES)
    top = foot - tall
    pen.rounded_rectangle((x - wide // 3, foot - tall // 2, x + wide // 3, foot), 12, fill="#2a2a30")
    pen.rounded_rectangle(
        (x - wide // 2, top + int(head * 1.25), x + wide // 2, foot - tall // 3), wide // 4, fill=cloth
    )
    for stripe in range(top + int(head * 1.7), foot - tall // 3 - 8, 14):
        pen.line(
            (x - wide // 2 + 6, stripe, x + wide // 2 - 6, stripe + 6), fill=chance.choice(CLOTHES), width=3
        )
    pen.rounded_rectangle(
        (x - wide // 2 - 9, top + int(head * 1.5), x - wide // 2 + 7, foot - tall // 2), 8, fill=cloth
    )
    pen.rounded_rectangle(
        (x + wide // 2 - 7, top + int(head * 1.5), x + wide // 2 + 9, foot - tall // 2), 8, fill=cloth
    )
    veiled = chance.random() < 0.4
    if veiled:
        veil = chance.choice(VEILS)
        pen.ellipse((x - head * 0.72, top - 6, x + head * 0.72, top + head * 1.9), fill=veil)
    pen.ellipse((x - head // 2, top, x + head // 2, top + int(head * 1.25)), fill=skin)
    if veiled:
        pen.chord((x - head * 0.56, top - 8, x + head * 0.56, top + head * 1.1), 180, 360, fill=veil)
    elif chance.random() < 0.5:
        pen.rounded_rectangle((x - head // 2, top - 8, x + head // 2, top + head // 3), 5, fill="#16161a")
    else:
        pen.chord((x - head // 2 - 2, top - 4, x + head // 2 + 2, top + head), 180, 360, fill="#1d1714")


def _people(picture: Image.Image, chance: random.Random, count: int, foot: int, tall: int) -> None:
    pen = ImageDraw.Draw(picture)
    step = 900 // count
    for number in range(count):
        x = 70 + number * step + chance.randrange(-12, 12)
        _person(pen, chance, x, foot + chance.randrange(-8, 8), tall + chance.randrange(-24, 24))


def _ceremony(picture: Image.Image, chance: random.Random) -> Image.Image:
    _gradient(picture, "#3b2f2a", "#7d6450")
    pen = ImageDraw.Draw(picture)
    for fold in range(0, 1000, 36):
        shade = chance.choice(("#7c1f26", "#8a262d", "#6d1a20"))
        pen.rectangle((fold, 0, fold + 36, 470), fill=shade)
    picture = _lights(picture.filter(ImageFilter.GaussianBlur(4)), chance, 12, "#5a4420")
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((190, 70, 810, 250), 8, fill="#f2ead8")
    pen.rectangle((190, 200, 810, 250), fill="#0f766e")
    for line, width in ((105, 430), (135, 520), (165, 340)):
        pen.rounded_rectangle((500 - width // 2, line, 500 + width // 2, line + 14), 5, fill="#3d4a4f")
    pen.rectangle((0, 600, 1000, 750), fill="#4a3526")
    _people(picture, chance, chance.choice((5, 6, 7)), 690, 330)
    return picture


def _meeting(picture: Image.Image, chance: random.Random) -> Image.Image:
    _gradient(picture, "#cfd6d4", "#9aa6a3")
    pen = ImageDraw.Draw(picture)
    for window in range(60, 1000, 240):
        pen.rectangle((window, 60, window + 170, 330), fill="#e9f3f7", outline="#8b9794", width=6)
        pen.rectangle((window, 230, window + 170, 330), fill="#8fb08c")
    picture = picture.filter(ImageFilter.GaussianBlur(5))
    _people(picture, chance, 6, 640, 300)
    pen = ImageDraw.Draw(picture)
    pen.polygon(((40, 560), (960, 560), (1000, 750), (0, 750)), fill="#6e4d2f")
    pen.polygon(((40, 560), (960, 560), (966, 590), (34, 590)), fill="#8a6238")
    for paper in range(120, 900, 140):
        pen.polygon(((paper, 620), (paper + 70, 612), (paper + 84, 650), (paper + 6, 660)), fill="#f4f1ea")
    return picture


def _field(picture: Image.Image, chance: random.Random) -> Image.Image:
    _gradient(picture, "#7fb4dd", "#dfeaf0")
    pen = ImageDraw.Draw(picture)
    for cloud in range(6):
        x, y = chance.randrange(1000), chance.randrange(40, 200)
        pen.ellipse((x, y, x + 180 + cloud * 8, y + 46), fill="#f6f9fb")
    for tree in range(-30, 1000, 54):
        height = chance.randrange(90, 190)
        pen.ellipse(
            (tree, 430 - height, tree + 110, 480), fill=chance.choice(("#2f5d3a", "#3c6e47", "#274e31"))
        )
    pen.rectangle((0, 450, 1000, 750), fill="#7d9a4e")
    picture = picture.filter(ImageFilter.GaussianBlur(4))
    _people(picture, chance, chance.choice((4, 5)), 660, 330)
    pen = ImageDraw.Draw(picture)
    for blade in range(0, 1000, 7):
        base = 750 - chance.randrange(10)
        pen.line(
            (blade, base, blade + chance.randrange(-9, 9), base - chance.randrange(24, 90)),
            fill="#4f7a33",
            width=3,
        )
    return picture


def _market(picture: Image.Image, chance: random.Random) -> Image.Image:
    _gradient(picture, "#d9c6a0", "#8e7a5c")
    pen = ImageDraw.Draw(picture)
    for stall in range(0, 1000, 200):
        colour = chance.choice(("#b23a48", "#2a6f97", "#e09f3e", "#386641"))
        pen.polygon(((stall, 120), (stall + 200, 120), (stall + 180, 220), (stall + 20, 220)), fill=colour)
        for band in range(stall, stall + 200, 50):
            pen.polygon(((band, 120), (band + 25, 120), (band + 27, 220), (band + 6, 220)), fill="#f5f0e4")
    picture = _lights(picture.filter(ImageFilter.GaussianBlur(3)), chance, 9, "#6b5320")
    _people(picture, chance, 5, 620, 310)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 560, 1000, 750), fill="#5c4126")
    for row in range(590, 750, 44):
        for fruit in range(10, 1000, 40):
            colour = chance.choice(("#c1121f", "#e9c46a", "#588157", "#f4a261", "#7f4f24"))
            pen.ellipse((fruit, row, fruit + 38, row + 38), fill=colour)
    return picture


def _river(picture: Image.Image, chance: random.Random) -> Image.Image:
    _gradient(picture, "#f3b562", "#f7e1b5")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((660, 190, 780, 310), fill="#fff3cf")
    for house in range(0, 1000, 90):
        height = chance.randrange(40, 120)
        pen.rectangle(
            (house, 400 - height, house + 80, 420), fill=chance.choice(("#4a3b35", "#5b463c", "#3d302b"))
        )
    for tower in (260, 700):
        pen.polygon(((tower, 400), (tower + 26, 110), (tower + 52, 400)), fill="#3b2a26")
    pen.arc((286, 130, 726, 560), 180, 360, fill="#3b2a26", width=10)
    pen.rectangle((0, 392, 1000, 410), fill="#35261f")
    pen.rectangle((0, 410, 1000, 750), fill="#9c6b3c")
    for _ in range(260):
        x, y = chance.randrange(1000), chance.randrange(415, 750)
        pen.line(
            (x, y, x + chance.randrange(20, 90), y),
            fill=chance.choice(("#e9b872", "#7f5530", "#c98f4e")),
            width=3,
        )
    pen.polygon(((330, 600), (640, 600), (600, 650), (370, 650)), fill="#2b1d17")
    _person(pen, chance, 450, 612, 170)
    _person(pen, chance, 540, 612, 150)
    return picture


SCENES: dict[str, Scene] = {
    "ceremony": _ceremony,
    "meeting": _meeting,
    "field": _field,
    "market": _market,
    "river": _river,
}
