"""Reading XMP, which is XML from strangers: no document types, no entities, no more than a caption needs."""

from __future__ import annotations

import re
from xml.parsers import expat

_MOST_BYTES = 1_000_000
_MOST_ELEMENTS = 5_000
_MOST_TEXT = 4_000
_DEEPEST = 40

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_NAMES = {
    "http://purl.org/dc/elements/1.1/ description": "description",
    "http://purl.org/dc/elements/1.1/ creator": "creator",
    "http://purl.org/dc/elements/1.1/ rights": "copyright",
    "http://ns.adobe.com/photoshop/1.0/ Headline": "headline",
    "http://ns.adobe.com/photoshop/1.0/ Credit": "credit",
    "http://ns.adobe.com/photoshop/1.0/ City": "city",
    "http://ns.adobe.com/photoshop/1.0/ State": "province",
    "http://ns.adobe.com/photoshop/1.0/ Country": "country",
    "http://ns.adobe.com/photoshop/1.0/ DateCreated": "date",
}
_LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"


class _Refused(Exception):
    """The packet asks for more than words."""


def xmp_texts(packet: object) -> dict[str, str]:
    """Return the words of an XMP packet by our names; empty for one that is broken, hostile or too large.

    Of several languages the default (`x-default`) or else the first is taken; several creators are joined.
    """
    raw = packet.encode() if isinstance(packet, str) else packet
    if not isinstance(raw, bytes) or not raw or len(raw) > _MOST_BYTES:
        return {}
    reader = _Reader()
    try:
        reader.read(raw.rstrip(b"\0 \r\n\t"))
    except (expat.ExpatError, _Refused, ValueError, LookupError):
        return {}
    return reader.texts()


class _Reader:
    """Collects the text of the properties we know; everything else passes by."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.elements = 0
        self.found: dict[str, list[tuple[str, str]]] = {}
        self.language = ""
        self.parts: list[str] = []

    def read(self, raw: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(raw, True)

    def texts(self) -> dict[str, str]:
        told = {}
        for name, items in self.found.items():
            if name == "creator":
                told[name] = ", ".join(dict.fromkeys(text for _, text in items))
            else:
                told[name] = next((text for language, text in items if language == "x-default"), items[0][1])
        return told

    def _refuse(self, *_: object) -> None:
        raise _Refused

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > _MOST_ELEMENTS or len(self.path) >= _DEEPEST:
            raise _Refused
        self.path.append(name)
        self.parts = []
        self.language = attributes.get(_LANGUAGE, "")
        if name == f"{_RDF}Description":  # a property may stand as an attribute as well
            for key, value in attributes.items():
                self._keep(_NAMES.get(key), value)

    def _end(self, name: str) -> None:
        self.path.pop()
        text, self.parts = "".join(self.parts), []
        if name == f"{_RDF}li":  # inside the property and the list it holds
            name = self.path[-2] if len(self.path) > 1 else ""
        self._keep(_NAMES.get(name), text)

    def _text(self, text: str) -> None:
        self.parts.append(text)

    def _keep(self, name: str | None, text: str) -> None:
        words = re.sub(r"[ \t]+", " ", text).strip()[:_MOST_TEXT]
        if name and words:
            self.found.setdefault(name, []).append((self.language, words))
