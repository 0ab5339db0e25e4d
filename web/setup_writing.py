"""What the setup's screens share: who may open them, and how a choice gets into settings.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

import config
from config.splicing import Change
from config.writing import CannotWrite, Put, held, lines_of, write
from newsroom.views import access
from pipeline.settings_file import judge, take_up

administrators = access.administrators("setup")


@dataclass(frozen=True)
class Outcome:
    """What became of a wish to change settings.yaml."""

    kept: str = ""
    """The old file's name beside the new one."""
    done: bool = False
    refusal: str = ""
    """Why it was not written; the person changes something."""
    unwritten: CannotWrite | None = None
    """The file cannot be written here: its lines are to be pasted."""

    @property
    def status(self) -> int:
        return 409 if self.unwritten else 422 if self.refusal else 200


def carry_out(changes: Sequence[Change], seen: Mapping[tuple[str, ...], str] | None = None) -> Outcome:
    """Write changes into settings.yaml and take them up; where somebody has pasted them already, see that they stand."""
    path = file()
    take_up()
    if not changes or all(_stands(path, change) for change in changes):
        return Outcome(done=True)
    try:
        written = write(path, *changes, at=timezone.localtime(), judge=judge, seen=seen)
    except CannotWrite as error:
        return Outcome(unwritten=error)
    except config.SettingsError as error:
        return Outcome(refusal=str(error))
    take_up()
    return Outcome(kept=written.kept.name, done=True)


def _stands(path: Path, change: Change) -> bool:
    if isinstance(change, Put):
        return bool(held(path, *change.place) == change.value)
    return bool(held(path, *change.place, change.entry["name"]) == change.entry)


def written_lines(changes: Sequence[Change]) -> str:
    return "".join(map(lines_of, changes))


def file() -> Path:
    """Return the settings file."""
    source = settings.REDAKSI.source
    if source is None:
        raise config.SettingsError("Pengaturan tidak dibaca dari berkas, jadi tidak dapat diubah dari sini.")
    return source.path


def anchored(path: str) -> Path:
    """Return the place a path of the settings means: relative ones begin at the file."""
    return file().parent / path


def as_written(path: Path) -> str:
    """Return a path as the settings name it: from their own folder where it lies below it."""
    home = file().parent
    return f"./{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def restart_wanted() -> bool:
    """Say whether the file holds something that only a new start takes up."""
    source = settings.REDAKSI.source
    return bool(source and source.restart)
