"""Pictures: what a file says about itself, renditions that are safe to show, likeness."""

from photos.edits import Edits, cropped, focus_in_crop
from photos.facts import Facts, facts
from photos.labels import Label, labelled, labelled_like
from photos.likeness import NEAR, dhash, distance, probes
from photos.logo import LARGEST as LARGEST_LOGO
from photos.logo import logo
from photos.measures import Measures, measures
from photos.opening import UnreadablePhoto, reads_heic
from photos.rendering import Rendition, Size, picture, renditions

__all__ = [
    "LARGEST_LOGO",
    "NEAR",
    "Edits",
    "Facts",
    "Label",
    "Measures",
    "Rendition",
    "Size",
    "UnreadablePhoto",
    "cropped",
    "dhash",
    "distance",
    "facts",
    "focus_in_crop",
    "labelled",
    "labelled_like",
    "logo",
    "measures",
    "picture",
    "probes",
    "reads_heic",
    "renditions",
]
