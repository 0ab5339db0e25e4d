"""What is kept: originals under their checksum, one BagIt package for each version of a story, fixity."""

from archive.disk import ArchiveError, Damaged, Missing, Problem
from archive.fixity import check_package
from archive.originals import Originals
from archive.packages import SIP, make_package

__all__ = [
    "SIP",
    "ArchiveError",
    "Damaged",
    "Missing",
    "Originals",
    "Problem",
    "check_package",
    "make_package",
]
