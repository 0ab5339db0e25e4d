"""Writes settings.yaml for the screens that set something up: one change at a time, the old file kept beside it.

The new text is read and judged before it takes the old one's place, by a rename that either happens or does not.
Secrets go into files of their own.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from config.faults import SettingsError
from config.settings import Settings, understand
from config.splicing import Add, CannotSplice, Change, Put, Replace, lines_of, spliced

__all__ = [
    "Add",
    "CannotWrite",
    "ChangedMeanwhile",
    "Put",
    "Replace",
    "Written",
    "held",
    "keep_secret",
    "lines_of",
    "mark_of",
    "write",
]

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PRIVATE = 0o600


class CannotWrite(SettingsError):
    """The file stays as it was, and a person has to write `lines` into it; the text says why."""

    def __init__(self, sentence: str, lines: str) -> None:
        super().__init__(sentence)
        self.lines = lines


class ChangedMeanwhile(SettingsError):
    """Somebody else has changed the same place of the file since it was shown; nothing was written."""


@dataclass(frozen=True)
class Written:
    settings: Settings
    """What the file says now."""
    kept: Path
    """The file as it was."""


def held(path: Path, *place: str) -> Any:
    """Return what the file says at a place, as it is written there; None where it says nothing.

    An entry of a list is named by its `name`.
    """
    try:
        return _at(yaml.safe_load(path.read_bytes()), place)
    except (OSError, yaml.YAMLError):
        return None


def mark_of(value: Any) -> str:
    """Return a short mark that is another when `value`, as `held` returned it, is another."""
    written = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def write(
    path: Path,
    *changes: Change,
    at: datetime,
    judge: Callable[[Settings], None] = lambda settings: None,
    seen: Mapping[tuple[str, ...], str] | None = None,
) -> Written:
    """Make changes in the settings file, all or none; `at` is part of the kept file's name.

    `judge` may refuse the new settings with SettingsError; `seen` holds the marks of the places the person was
    shown. Raises SettingsError when the new settings are wrong, ChangedMeanwhile when a place is no longer as
    it was seen, CannotWrite when the file cannot be written.
    """
    lines = "".join(map(lines_of, changes))
    # The file behind a link is replaced, and the link stays.
    real = path.resolve()
    try:
        with _alone(real.parent):
            raw = real.read_bytes()
            if not real.stat().st_mode & 0o222 or not os.access(real, os.W_OK):
                raise CannotWrite(f"{path} hanya boleh dibaca; Redaksi tidak mengubahnya.", lines)
            _still_as_seen(raw, seen or {}, path)
            new = _changed(raw, changes, path, lines)
            settings = understand(new, path)
            judge(settings)
            kept = _keep(real, raw, at)
            _replace(real, new)
    except OSError as error:
        why = "disk penuh" if error.errno in FULL else error.strerror
        raise CannotWrite(f"{path} tidak dapat ditulis ({why}).", lines) from error
    return Written(settings, kept)


def keep_secret(folder: Path, name: str, value: str) -> Path:
    """Write a secret into a new file of `folder` that only we may read; return its path. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    stem = re.sub(r"[^a-z0-9.-]+", "-", name.lower()).strip("-.") or "rahasia"
    for number in range(1, 1000):
        path = folder / (stem if number == 1 else f"{stem}-{number}")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, PRIVATE)
        except FileExistsError:
            continue
        _fill(handle, f"{value}\n".encode(), path)
        _settle(folder)
        return path
    raise FileExistsError(errno.EEXIST, "terlalu banyak berkas rahasia bernama sama", str(folder / stem))


def _at(data: Any, place: tuple[str, ...]) -> Any:
    for step in place:
        if isinstance(data, list):
            rows = (row for row in data if isinstance(row, dict))
            data = next((row for row in rows if row.get("name") == step), None)
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data


def _still_as_seen(raw: bytes, seen: Mapping[tuple[str, ...], str], path: Path) -> None:
    try:
        data = yaml.safe_load(raw)
    except yaml.YAMLError:
        return  # told where the change is made
    for place, mark in seen.items():
        if mark_of(_at(data, place)) != mark:
            raise ChangedMeanwhile(
                f"{'.'.join(place)} di {path} baru saja diubah orang lain, jadi belum ada yang kami tulis. "
                "Periksa yang sekarang berlaku, lalu simpan lagi bila masih perlu."
            )


def _changed(raw: bytes, changes: tuple[Change, ...], path: Path, lines: str) -> bytes:
    try:
        text = raw.decode("utf-8")
        for change in changes:
            text = spliced(text, change)
    except CannotSplice as error:
        raise CannotWrite(f"{path} tidak dapat diubah dengan sendirinya: {error}.", lines) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise CannotWrite(f"{path}: bukan YAML yang benar, jadi tidak kami ubah.", lines) from error
    return text.encode()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else write settings here meanwhile, in this process or another."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _keep(real: Path, raw: bytes, at: datetime) -> Path:
    """Lay the old file beside itself, whole or not at all. Two in one second are both kept."""
    path = real.with_name(f"{real.name}.{at:%Y%m%d-%H%M%S}")
    number = 1
    while path.exists():
        number += 1
        path = real.with_name(f"{real.name}.{at:%Y%m%d-%H%M%S}-{number}")
    _put_in_place(path, raw, real.stat())
    return path


def _replace(real: Path, new: bytes) -> None:
    _put_in_place(real, new, real.stat())


def _put_in_place(path: Path, data: bytes, like: os.stat_result) -> None:
    """Write a file beside its place and rename it there; its owner and rights are those of another."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    fresh = Path(name)
    _fill(handle, data, fresh)
    try:
        if (like.st_uid, like.st_gid) != (os.geteuid(), os.getegid()):
            with contextlib.suppress(PermissionError):  # only root may give a file away
                os.chown(fresh, like.st_uid, like.st_gid)
        fresh.chmod(stat.S_IMODE(like.st_mode))
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _fill(handle: int, data: bytes, path: Path) -> None:
    """Write all of a new file to the disk, or leave none of it."""
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _settle(folder: Path) -> None:
    """Make the names in a folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
