"""Words: clean characters, Markdown to safe HTML and back, Indonesian dates and numbers, house style."""

from prose.cleaning import clean, slug
from prose.dates import clock, duration, long_date, moment, plain_date, short, zone_label
from prose.dressing import Dressed, dress, render
from prose.names import FullName, read_name
from prose.numbers import money, number, percent
from prose.reading import from_html
from prose.style import Fields, Known, take_apart
from prose.whatsapp import whatsapp, whatsapp_link
from prose.writing import paragraphs, sanitise, to_html, to_text

__all__ = [
    "Dressed",
    "Fields",
    "FullName",
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
    "read_name",
    "render",
    "sanitise",
    "short",
    "slug",
    "take_apart",
    "to_html",
    "to_text",
    "whatsapp",
    "whatsapp_link",
    "zone_label",
]
