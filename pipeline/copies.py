"""copy_out and check_copy: a second copy of originals and packages is kept in step, and re-read like the first."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

import archive
import config
from archive.bag import INFO, MANIFEST, TAG_MANIFEST, read_manifest
from config import Finding
from newsroom.acts import ActRefused
from newsroom.copying import lag, lag_words
from newsroom.models import COPY_LANE, LOOK_LANE, PLACE, Copy, CopyPlace, Lane, Package, Person, log
from pipeline.backoff import backoff

ORIGINALS, PACKAGES = "originals", "packages"
LONGEST_MARK = 64
LOOK_EVERY = 60.0
"""Seconds between two looks whether the place is there, while nothing else is done with it."""
DEEP_ONE_IN = 10
"""Of what lies in a bucket one in so many is read in whole at each look; the others are asked for their size."""


class CopyRotten(Exception):
    """A copy is no longer what it was, or was not what it should be. A person must act."""


class SecondCopy:
    """The second copy as repair reads it. Raises archive.Missing, archive.Away."""

    def __init__(self, store: archive.Store, mark: str) -> None:
        self.store = store
        self.mark = mark

    def read_original(self, sha256: str) -> bytes:
        """Return an original, compared with its name. Raises archive.Damaged, too."""
        name = original_name(sha256)
        self.store.require(self.mark)
        data = self.store.read(name)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise archive.Damaged(f"Salinan {name} di {self.store.title} sudah berubah dari isi semula.")
        return data

    def read_package_file(self, package: str, name: str) -> bytes:
        """Return one file of a package as it lies there: whoever asks knows what it must be."""
        self.store.require(self.mark)
        return self.store.read(f"{PACKAGES}/{package}/{name}")


def second_copy() -> SecondCopy | None:
    """Return the second copy; None when there is none, or nothing was copied yet. Raises archive.Away."""
    wanted = settings.REDAKSI.archive.second_copy
    begun = CopyPlace.objects.first() if wanted is not None else None
    if wanted is None or begun is None:
        return None
    try:
        return SecondCopy(archive.open_store(wanted), begun.mark)
    except config.SettingsError as error:
        raise archive.Away(str(error)) from error


def reached() -> SecondCopy:
    """Return the second copy, seen to be there. Raises archive.Away."""
    second = second_copy()
    if second is None:
        raise archive.Away(
            "Salinan kedua sudah diatur, tetapi belum dimulai. Buka Arsip → Salinan kedua, lalu tekan "
            "“Mulai menyalin ke sini”."
        )
    second.store.require(second.mark)
    return second


def promise(kind: str, name: str, size: int) -> None:
    """Write down that the second copy is to hold this, where there is to be one."""
    if settings.REDAKSI.archive.second_copy is not None:
        Copy.objects.get_or_create(kind=kind, name=name, defaults={"size": size})


def promise_package(relative: str) -> None:
    """Write down that the second copy is to hold a package, named from the packages' folder."""
    if settings.REDAKSI.archive.second_copy is not None:
        promise(Copy.Kind.PACKAGE, relative, _size_of(_packages() / relative))


def copy_out(copy: Copy) -> None:
    """Copy one original or package, and read back what was written. Raises archive.ArchiveError, CopyRotten."""
    second = reached()
    size = 0
    for name, source, sha256 in _files(copy):
        try:
            size += second.store.keep(name, source, sha256)
        except archive.Differs as error:
            raise CopyRotten(str(error)) from error
        copy.hold()
    now = timezone.now()
    copy.done(kept_at=now, checked_at=now, size=size, sound=True)


def check_copy(copy: Copy) -> None:
    """Re-read one copy; what has rotted or is gone is told. Raises archive.ArchiveError, CopyRotten."""
    from pipeline.fixity import reading_for  # it repairs from here, and so knows this module, too

    second, reading, faults = reached(), reading_for(copy), []
    for name, source, sha256 in _files(copy):
        size = source.stat().st_size if source.exists() else None
        try:
            second.store.check(name, sha256, size, deep=_read_in_whole(name), reading=reading)
        except (archive.Damaged, archive.Missing) as error:
            faults.append(str(error))
        copy.hold()
    now = timezone.now()
    if faults:
        second.store.require(second.mark)  # a disk that was pulled out meanwhile has lost nothing
        copy.hold(checked_at=now, sound=False)
        told = " ".join(faults[:3])
        log("second_copy_failed", note=told)
        raise CopyRotten(f"{told} Tekan “Sisihkan dan salin lagi” bila berkas di sini utuh.")
    copy.done(checked_at=now, sound=True)


def begin(by: Person | None) -> int:
    """Take the place of the settings into use, and return how many files wait for it. Raises ActRefused.

    What was copied to another place before is copied to this one, too; what lies here already is compared.
    """
    wanted = settings.REDAKSI.archive.second_copy
    if wanted is None:
        raise ActRefused("Salinan kedua belum diatur. Isi archive.second_copy di settings.yaml dulu.")
    try:
        store = archive.open_store(wanted)
        mark = store.begin(f"redaksi-{secrets.token_hex(16)}")
    except (archive.ArchiveError, config.SettingsError) as error:
        raise ActRefused(str(error)) from error
    if len(mark) > LONGEST_MARK:
        raise ActRefused(f"{store.title} bertanda milik program lain. Pilih tempat yang kosong, lalu ulangi.")
    with transaction.atomic():
        known = CopyPlace.objects.filter(name=PLACE).first()
        if known is None or known.mark != mark:
            clean = {"scanned_at": None, "attempts": 0, "next_attempt_at": None, "error": "", "parked": False}
            fresh = {"kept_at": None, "checked_at": None, "sound": True, "error": "", "parked": False}
            Copy.objects.update(promised_at=timezone.now(), attempts=0, next_attempt_at=None, **fresh)
            CopyPlace.objects.update_or_create(
                name=PLACE,
                defaults={
                    "mark": mark,
                    "title": store.title[:300],
                    "begun_at": timezone.now(),
                    "begun_by": by,
                    **clean,
                },
            )
            log("second_copy_begin", by=by, note=store.title)
    for prefix in range(256):
        sweep(f"{prefix:02x}")
    sweep_packages()
    for lane in Lane.objects.filter(name__in=(COPY_LANE, LOOK_LANE)):
        lane.free()
    return Copy.objects.all().missing().count()


def sweep(shelf: str) -> None:
    """Write down every original of a shelf that lies here and is promised nowhere: no copy is forgotten."""
    if settings.REDAKSI.archive.second_copy is None:
        return
    root = _originals().root
    known = set(
        Copy.objects.filter(kind=Copy.Kind.ORIGINAL, name__startswith=shelf).values_list("name", flat=True)
    )
    found = (path for path in (root / shelf).glob("??/*") if path.name not in known)
    rows = [
        Copy(kind=Copy.Kind.ORIGINAL, name=path.name, size=path.stat().st_size)
        for path in found
        if path == root / path.name[:2] / path.name[2:4] / path.name and len(path.name) == 64
    ]
    Copy.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def sweep_packages() -> None:
    """Write down every package that was made and is promised nowhere."""
    known = set(Copy.objects.filter(kind=Copy.Kind.PACKAGE).values_list("name", flat=True))
    made = Package.objects.exclude(path="").values_list("path", flat=True).iterator()
    for path in made:
        if path not in known and (_packages() / path).is_dir():
            promise_package(path)


def copy_again(copy: Copy, by: Person) -> None:
    """Set aside at the second copy what is not what lies here, and copy it anew. Raises ActRefused."""
    if not by.operates:
        raise ActRefused("Akun Anda tidak berwenang untuk tindakan ini.")
    try:
        second = reached()
        for name, source, sha256 in _files(copy):
            if not source.exists():
                raise ActRefused(
                    f"{source} tidak ada di sini. Salinan di sana dibiarkan: mungkin itu satu-satunya."
                )
            try:
                second.store.check(name, sha256)
            except archive.Damaged:
                second.store.set_aside(name)
            except archive.Missing:
                pass
    except archive.ArchiveError as error:
        raise ActRefused(str(error)) from error
    copy.retry()
    Copy.objects.filter(pk=copy.pk).update(
        kept_at=None, checked_at=None, sound=True, promised_at=timezone.now()
    )
    log("second_copy_again", by=by, note=str(copy))


def names_of(copy: Copy) -> list[str]:
    """Return the names its files have in the second copy. Raises archive.ArchiveError."""
    return [name for name, _source, _sha256 in _files(copy)]


def concerns_all(error: Exception) -> bool:
    """Say whether an error is the place's and not one file's."""
    return isinstance(error, archive.Away)


def away(lane: Lane, error: Exception) -> None:
    """Leave the place in peace for a while: it is not there, and not one file's trouble."""
    Lane.objects.filter(pk=lane.pk).update(attempts=F("attempts") + 1)
    lane.shut(str(error), timezone.now() + backoff(lane.attempts), refused=False)


def look(lane: Lane) -> None:
    """See whether the place is there. Raises nothing."""
    if settings.REDAKSI.archive.second_copy is None or not CopyPlace.objects.exists():
        return
    try:
        reached()
    except archive.ArchiveError as error:
        away(lane, error)
    else:
        for troubled in Lane.objects.filter(name__in=(COPY_LANE, LOOK_LANE)).exclude(error=""):
            if troubled.name == COPY_LANE and Copy.objects.all().missing().filter(parked=False).exists():
                # A full disk is there, too: it is knocked at again, and only a copy that goes through says it is well.
                Lane.objects.filter(pk=troubled.pk).update(next_attempt_at=None)
            else:
                troubled.free()


@contextmanager
def watching(lane: str, stopping: threading.Event) -> Iterator[Callable[[], None]]:
    """Yield what the thread that re-reads copies does while none is due: see whether the place is there."""
    waited = 0.0

    def rest() -> None:
        nonlocal waited
        stopping.wait(1)
        waited += 1
        if waited >= LOOK_EVERY and lane:
            waited = 0.0
            look(Lane.objects.get_or_create(name=LOOK_LANE)[0])

    yield rest


def check() -> Iterator[Finding]:
    """Look whether the second copy is there and in step. Raises nothing."""
    found = lag()
    if not found.wanted:
        told = "Belum diatur: bila disk data rusak, arsip hilang. Isi archive.second_copy; lihat docs/archive.md."
        yield Finding("salinan kedua", True, told)
        return
    try:
        reached()
    except archive.ArchiveError as error:
        yield Finding("salinan kedua", False, f"{error} {lag_words(found)}.")
        return
    if found.trouble:
        yield Finding("salinan kedua", False, f"{found.trouble} {lag_words(found)}.")
        return
    rotten = Copy.objects.filter(sound=False).count()
    if rotten:
        yield Finding("salinan kedua", False, f"{rotten} salinan tidak utuh. Buka Perlu perhatian.")
        return
    old = found.oldest is not None and timezone.now() - found.oldest > timedelta(days=1)
    yield Finding("salinan kedua", not old, f"{lag_words(found)}.")


def original_name(sha256: str) -> str:
    """Return where an original lies below the second copy. Raises archive.Missing for what is no SHA-256."""
    return f"{ORIGINALS}/{_originals().path(sha256).relative_to(_originals().root).as_posix()}"


def _files(copy: Copy) -> list[tuple[str, Path, str]]:
    """Return what makes up a copy: its name there, where it lies here, and its SHA-256.

    A package's own manifests name its files; the one that names the others comes last, so that a package
    that has it is whole. Raises archive.Missing, archive.Damaged, archive.ArchiveError.
    """
    if copy.kind == Copy.Kind.ORIGINAL:
        return [(original_name(copy.name), _originals().path(copy.name), copy.name)]
    package = _packages() / copy.name
    try:
        tags = (package / TAG_MANIFEST).read_bytes()
        manifest = (package / MANIFEST).read_bytes()
    except FileNotFoundError as error:
        raise archive.Missing(f"Paket {package} tidak lengkap, jadi tidak dapat disalin.") from error
    except OSError as error:
        raise archive.ArchiveError(f"Paket {package} tidak dapat dibaca ({error.strerror}).") from error
    known = read_manifest(tags.decode("utf-8", "replace"))
    if known.get(MANIFEST) != hashlib.sha256(manifest).hexdigest():
        # By a list that has rotted here, a good copy would be taken for a rotten one.
        raise archive.Damaged(f"Daftar isi paket {package} sudah berubah. Pulihkan dulu paket ini.")
    digests = read_manifest(manifest.decode("utf-8", "replace")) | known
    digests[TAG_MANIFEST] = hashlib.sha256(tags).hexdigest()
    order = sorted(digests, key=lambda name: (name in (INFO, MANIFEST), name == TAG_MANIFEST, name))
    return [(f"{PACKAGES}/{copy.name}/{name}", package / name, digests[name]) for name in order]


def _read_in_whole(name: str) -> bool:
    """Choose at each quarter other ones of what is read in whole where reading costs money."""
    quarter = timezone.now().timestamp() // timedelta(days=90).total_seconds()
    return hashlib.sha256(f"{name} {quarter}".encode()).digest()[0] % DEEP_ONE_IN == 0


def _size_of(package: Path) -> int:
    return sum(
        (Path(folder) / name).stat().st_size for folder, _, names in os.walk(package) for name in names
    )


def _originals() -> archive.Originals:
    return archive.Originals(settings.REDAKSI.data / ORIGINALS)


def _packages() -> Path:
    return Path(settings.REDAKSI.data / PACKAGES)
