"""Pictures: what a file says about itself, renditions that are safe to show, likeness."""

from photos.edits import Edits
from photos.facts import Facts, facts
from photos.likeness import dhash, distance
from photos.opening import UnreadablePhoto, reads_heic
from photos.rendering import Rendition, picture, renditions

__all__ = [
    "Edits",
    "Facts",
    "Rendition",
    "UnreadablePhoto",
    "dhash",
    "distance",
    "facts",
    "picture",
    "reads_heic",
    "renditions",
]
