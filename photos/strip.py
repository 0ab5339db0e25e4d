"""The credit strip: a thin band under a picture that says whose it is, wherever the picture wanders."""

from __future__ import annotations

from PIL import Image, ImageDraw

from photos.lettering import drawable, font, lines

_HEIGHT = 0.034
"""Of the picture's width, or of its height where it stands upright."""
_LOWEST = 18
_PAPER, _INK = (245, 245, 243), (34, 34, 34)


def stripped(image: Image.Image, text: str, longest: int) -> Image.Image:
    """Return the picture with a strip under it, both together no longer than `longest` pixels.

    The picture is never covered. A text the strip has no room for ends in an ellipsis; one of which nothing
    can be written, such as emoji, makes no strip.
    """
    words = drawable(text)
    if not words:
        return image
    band = max(_LOWEST, round(max(image.size) * _HEIGHT))
    over = max(image.width, image.height + band) / longest
    if over > 1:
        size = max(1, int(image.width / over)), max(1, int(image.height / over))
        image = image.resize(size, Image.Resampling.LANCZOS)
        band = max(1, min(band, longest - image.height))
    made = Image.new("RGB", (image.width, image.height + band), _PAPER)
    made.paste(image, (0, 0))
    size_of_text = max(8, round(band * 0.58))
    margin = band * 0.4
    line = "".join(lines(words, size_of_text, image.width - 2 * margin, 1))
    place = margin, image.height + band / 2
    ImageDraw.Draw(made).text(place, line, fill=_INK, font=font(size_of_text), anchor="lm")
    return made
