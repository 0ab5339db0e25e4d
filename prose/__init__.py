"""Words: clean characters, Markdown to safe HTML and back, Indonesian dates and numbers, house style."""

from prose.cleaning import clean, slug
from prose.dates import clock, duration, long_date, moment, plain_date, short, zone_label
from prose.dressing import Dressed, dress, render
from prose.numbers import money, number, percent
from prose.reading import from_html
from prose.style import Fields, Known, take_apart
from prose.writing import paragraphs, sanitise, to_html, to_text

__all__ = [
    "Dressed",
    "Fields",
    "Known",
    "clean",
    "clock",
    "dress",
    "duration",
    "from_html",
    "long_date",
    "moment",
    "money",
    "number",
    "paragraphs",
    "percent",
    "plain_date",
    "render",
    "sanitise",
    "short",
    "slug",
    "take_apart",
    "to_html",
    "to_text",
    "zone_label",
]
