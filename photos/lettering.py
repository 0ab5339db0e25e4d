"""Words on a collage and under a picture, in the scalable font that Pillow carries: the same letters on every machine."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageDraw, ImageFont

LINE = 1.28
"""Line height, in font sizes."""
_ABSENT = "\U000f0000"
# The font holds what Indonesian is written with, and little more.
_SUBSTITUTES = {"–": "-", "—": "-", "−": "-", "•": "·", "×": "x", "½": "1/2"}


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the font at `size` pixels."""
    made = ImageFont.load_default(size)
    if not isinstance(made, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType")
    return made


@lru_cache(maxsize=4096)
def _has(char: str) -> bool:
    # What the font lacks is drawn as an empty frame, the same for every character.
    face = font(24)
    return char == " " or bytes(face.getmask(char)) != bytes(face.getmask(_ABSENT))


def drawable(text: str) -> str:
    """Return `text` with what the font lacks written plainly (– as -, é as e), or left out, such as emoji."""
    plain = "".join(char if _has(char) else _plainly(char) for char in " ".join(text.split()))
    return " ".join(plain.split())


def _plainly(char: str) -> str:
    if char in _SUBSTITUTES:
        return _SUBSTITUTES[char]
    letters = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    return letters if letters and all(_has(letter) for letter in letters) else " "


def lines(text: str, size: int, width: float, most: int) -> list[str]:
    """Break `text` into at most `most` lines no wider than `width`; what does not fit ends in an ellipsis."""
    face = font(size)
    made: list[str] = []
    words = text.split()
    while words and len(made) < most:
        count = len(words)
        last = len(made) == most - 1
        while count > 1 and face.getlength(" ".join(words[:count])) > width:
            count -= 1
        line = " ".join(words[:count])
        if face.getlength(line) > width or (last and count < len(words)):
            line = _cut(line, face, width, count < len(words))
        made.append(line)
        words = words[count:]
    return made


def _cut(line: str, face: ImageFont.FreeTypeFont, width: float, more: bool) -> str:
    if not more and face.getlength(line) <= width:
        return line
    while line and face.getlength(f"{line}…") > width:
        shorter = line.rpartition(" ")[0]
        line = shorter if len(shorter) > len(line) / 2 else line[:-1]
    return f"{line.rstrip(' ,.;:–-')}…"


@dataclass(frozen=True)
class Pen:
    """Writes lines on one picture."""

    draw: ImageDraw.ImageDraw

    def write(self, x: float, y: float, text: list[str], size: int, colour: str) -> float:
        """Write lines from their top left corner; return the y below them."""
        for line in text:
            self.draw.text((round(x), round(y)), line, font=font(size), fill=colour, anchor="la")
            y += size * LINE
        return y
