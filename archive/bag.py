"""The parts of a bag (RFC 8493) that are not payload."""

from __future__ import annotations

from collections.abc import Mapping

DECLARATION = "bagit.txt"
DECLARATION_TEXT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"


def manifest_text(digests: Mapping[str, str]) -> str:
    """Write a manifest as `sha256sum -c` reads it, in the order of the names."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def read_manifest(text: str) -> dict[str, str]:
    """Return the digests of a manifest by name; lines that are none are left out."""
    digests = {}
    for line in text.split("\n"):
        digest, _, name = line.partition("  ")
        if name:
            digests[name] = digest
    return digests
