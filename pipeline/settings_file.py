"""settings.yaml changed while Redaksi runs: what is asked for anew each time is taken up, all else at the next start.

That is the sites, the mailboxes (each has a lane, and a line that is opened anew when its entry changes), the
server for letters, and the office's name, address and mark. The rest (addresses, zone, language, folders) was built
into what runs; a changed file says so in the doctor.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

import config
import publishers
from config.settings import Source, stamp_of

logger = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()
OURS = ("originals", "packages", "renditions", "outbox", "workers", "secrets")
"""Folders under `data` that no site may lie in."""


def take_up() -> None:
    """Take up what may change in the settings file if it has: one look at its date when it has not.

    A file that is wrong changes nothing; the doctor tells what is wrong with it.
    """
    now: config.Settings = settings.REDAKSI
    if now.source is None or now.source.same:
        return
    with _one_at_a_time:
        now = settings.REDAKSI
        if now.source is not None and not now.source.same:
            settings.REDAKSI = _renewed(now, now.source)


def _renewed(now: config.Settings, source: Source) -> config.Settings:
    stamp = stamp_of(source.path)
    try:
        new = config.load(source.path)
        judge(new)
    except config.SettingsError as error:
        logger.warning("Pengaturan berubah tetapi salah, jadi yang lama tetap dipakai: %s", error)
        return now.known_as(Source(source.path, stamp, str(error), source.restart))
    living = _living(now, new)
    other = now.known_as(source, **living).model_dump() != new.model_dump()
    names = ", ".join(site.name for site in new.sites) or "-"
    logger.info("Pengaturan berubah; situs sekarang: %s.", names)
    return now.known_as(Source(source.path, stamp, restart=other), **living)


def _living(now: config.Settings, new: config.Settings) -> dict[str, Any]:
    """Return the parts that a running Redaksi takes up."""
    fixed = {"zone": now.office.zone, "language": now.office.language}
    return {
        "sites": new.sites,
        "mailboxes": new.mailboxes,
        "outgoing": new.outgoing,
        "office": new.office.model_copy(update=fixed),
    }


def judge(wanted: config.Settings) -> None:
    """Raise SettingsError unless every site of the settings can be built and has a folder of its own."""
    faults = list(folder_faults(wanted))
    for site in wanted.sites:
        try:
            publishers.build(site, wanted.office.zone)
        except config.SettingsError as error:
            faults.append(str(error))
    if faults:
        raise config.SettingsError("\n".join(faults))


def folder_faults(wanted: config.Settings) -> Iterator[str]:
    """Say which sites share a folder, or lie where the newsroom keeps its own files."""
    taken: dict[Path, str] = {}
    ours = [(wanted.data / name).resolve() for name in OURS]
    for site in wanted.sites:
        if site.kind != "folder" or "path" not in site.options:
            continue
        path = Path(site.options["path"]).resolve()
        if (other := taken.setdefault(path, site.name)) != site.name:
            yield f"sites.{site.name}.path: folder ini sudah dipakai situs {other}; beri folder sendiri."
        if any(path.is_relative_to(own) or own.is_relative_to(path) for own in ours):
            yield f"sites.{site.name}.path: folder ini berisi berkas Redaksi sendiri; pilih folder lain."
