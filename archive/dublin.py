"""Dublin Core: the few words about a package that any archive in the world can read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

_TERMS = "http://purl.org/dc/terms/"
_ELEMENTS = "http://purl.org/dc/elements/1.1/"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def dublin_core(terms: Iterable[tuple[str, str]]) -> bytes:
    """Write terms, `dc:title` or `dcterms:created` and their values, as XML; those without a value are left out."""
    ElementTree.register_namespace("dc", _ELEMENTS)
    ElementTree.register_namespace("dcterms", _TERMS)
    root = ElementTree.Element("metadata")
    for name, value in terms:
        prefix, _, term = name.partition(":")
        space = {"dc": _ELEMENTS, "dcterms": _TERMS}[prefix]
        if text := _NO_XML.sub("", value).strip():
            ElementTree.SubElement(root, f"{{{space}}}{term}").text = text
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
