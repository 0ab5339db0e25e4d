"""What is kept: originals under their checksum, one BagIt package for each version of a story, fixity."""

from archive.disk import ArchiveError, Damaged, Missing, Problem
from archive.dublin import dublin_core
from archive.fixity import check_package
from archive.originals import Originals
from archive.pace import Pace, Reading
from archive.packages import METADATA, SIP, make_package, package_name
from archive.repair import Repair, SecondCopy, mend_originals, mend_package
from archive.stores import Away, Differs, Store, open_store

__all__ = [
    "METADATA",
    "SIP",
    "ArchiveError",
    "Away",
    "Damaged",
    "Differs",
    "Missing",
    "Originals",
    "Pace",
    "Problem",
    "Reading",
    "Repair",
    "SecondCopy",
    "Store",
    "check_package",
    "dublin_core",
    "make_package",
    "mend_originals",
    "mend_package",
    "open_store",
    "package_name",
]
