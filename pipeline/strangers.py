"""scan_copy: what lies in the second copy and is none of ours is named, and left where it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.utils import timezone

import archive
from archive.disk import plain
from archive.stores import ASIDE, MARKER, UNFINISHED
from newsroom.models import LOOK_LANE, Copy, CopyPlace, FixityDay, FixityFinding, Lane, log
from pipeline import copies
from pipeline.copies import ORIGINALS, PACKAGES

BELOW = "salinan-kedua"
"""How a finding names the place, whatever its address."""
MOST = 1000
"""Foreign files named one by one; who has laid more there knows where they come from."""
_AT_ONCE = 500
_OWN = (MARKER, UNFINISHED, ASIDE)
_THE_DISKS_OWN = frozenset(
    ("lost+found", "System Volume Information", "$RECYCLE.BIN", ".Trashes", ".Spotlight-V100", ".fseventsd")
)


class Foreign(Exception):
    """Foreign files lie in the second copy. The text names them and says what to do."""


def scan_copy(place: CopyPlace) -> None:
    """Compare all names in the second copy with what was copied there. Raises Foreign, archive.ArchiveError.

    Nothing is moved or removed there: on a disk of its own a foreign file does no harm, and may be somebody's only one.
    """
    lane = Lane.objects.get_or_create(name=LOOK_LANE)[0]
    try:
        second = copies.reached()
        found = list(islice(_strangers(place, second.store), MOST + 1))
    except archive.Away as error:
        # Not a trouble of its own: the lane says what is wrong, and this is looked at again with the other copies.
        copies.away(lane, error)
        return
    if lane.error:
        lane.free()
    place.hold(scanned_at=timezone.now())
    _write_down(found[:MOST], second.store.title, all_seen=len(found) <= MOST)
    if not found:
        place.done()
        return
    more = " dan lainnya" if len(found) > 3 else ""
    raise Foreign(
        f"{second.store.title[0].upper()}{second.store.title[1:]} memuat {_count(found)} berkas asing: "
        f"{', '.join(found[:3])}{more}. Tidak ada yang dihapus. Periksa asalnya, pindahkan, lalu tekan “Coba lagi”."
    )


def _count(found: list[str]) -> str:
    return f"lebih dari {MOST}" if len(found) > MOST else str(len(found))


def _write_down(found: Iterable[str], title: str, *, all_seen: bool) -> None:
    """Make a finding of each new one; what is there no longer is settled."""
    rows = FixityFinding.objects.open().filter(what=FixityDay.Kind.COPY)
    paths = {f"{BELOW}/{name}": name for name in found}
    known = set(rows.values_list("path", flat=True))
    for gone in known - paths.keys() if all_seen else ():
        rows.filter(path=gone).update(settled_at=timezone.now(), outcome=FixityFinding.Outcome.GONE)
    new = [path for path in paths if path not in known]
    FixityFinding.objects.bulk_create(
        FixityFinding(
            what=FixityDay.Kind.COPY,
            path=path,
            kind="foreign",
            sentence=f"{paths[path]} di {title} bukan bagian dari salinan kedua; periksa asalnya, lalu pindahkan.",
        )
        for path in new
    )
    if new:
        log("second_copy_failed", note=f"Berkas asing: {', '.join(paths[path] for path in new[:10])}")


def _strangers(place: CopyPlace, store: archive.Store) -> Iterator[str]:
    """Yield the names of what is none of ours; a foreign folder beside ours is named once, as a whole."""
    told: set[str] = set()
    names = (plain(name) for name, _ in store.names(""))
    while batch := list(islice(names, _AT_ONCE)):
        ours = _known(batch)
        for name in batch:
            top = name.partition("/")[0]
            if name in ours or top in _OWN or top in _THE_DISKS_OWN:
                continue
            stranger = name if top in (ORIGINALS, PACKAGES) or "/" not in name else f"{top}/"
            if stranger not in told:
                told.add(stranger)
                yield stranger
        place.hold()


def _known(names: list[str]) -> set[str]:
    """Return those of the names that are ours."""
    originals = {name.rpartition("/")[2]: name for name in names if name.startswith(f"{ORIGINALS}/")}
    promised = Copy.objects.filter(kind=Copy.Kind.ORIGINAL, name__in=originals).values_list("name", flat=True)
    known = {copies.original_name(name) for name in promised}
    packages = {"/".join(name.split("/")[1:3]) for name in names if name.startswith(f"{PACKAGES}/")}
    for copy in Copy.objects.filter(kind=Copy.Kind.PACKAGE, name__in=packages):
        try:
            known.update(copies.names_of(copy))
        except archive.ArchiveError:
            # Our own manifests have rotted: until they are mended, nothing of this package is called foreign.
            known.update(name for name in names if name.startswith(f"{PACKAGES}/{copy.name}/"))
    return known
