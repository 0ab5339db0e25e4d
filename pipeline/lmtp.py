"""The door for the office's own mail server, opened beside the worker."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, close_old_connections

import archive
import config
import ingest
from ingest.lmtp import Envelope, Listener, NotKept, open_already
from pipeline.receive import keep
from pipeline.stores import DiskFull

logger = logging.getLogger(__name__)


@contextmanager
def lmtp_door() -> Iterator[None]:
    """Listen while the block runs, when the settings ask for it. Raises config.SettingsError."""
    listener = open_door()
    try:
        yield
    finally:
        if listener is not None:
            listener.stop()


def open_door() -> Listener | None:
    """Listen as the settings say; None when they do not, or when another process of ours does already.

    Raises config.SettingsError when the address cannot be used.
    """
    wanted = settings.REDAKSI.lmtp
    if wanted is None:
        return None
    listener = Listener(wanted, take_in)
    try:
        listener.start()
    except OSError as error:
        if open_already(wanted):
            logger.info("LMTP: %s sudah didengarkan proses Redaksi yang lain.", wanted.listen)
            return None
        raise config.SettingsError(cannot_listen(wanted, error.strerror or str(error))) from error
    logger.info("LMTP: menerima surel di %s.", wanted.listen)
    return listener


def cannot_listen(wanted: config.Lmtp, why: str) -> str:
    """Say that the address is taken, and what to do."""
    return (
        f"lmtp.listen: alamat {wanted.listen} tidak dapat dipakai ({why}). "
        "Mungkin program lain memakainya; hentikan program itu atau ganti lmtp.listen di settings.yaml."
    )


def take_in(raw: ingest.RawMessage, envelope: Envelope) -> None:
    """Keep a mail the server hands over; when this returns it is on disk and in the ledger. Raises NotKept."""
    said = {"from": envelope.sender, "to": list(envelope.recipients)}
    close_old_connections()
    try:
        keep(raw, evidence={"envelope": said})
    except DiskFull as error:
        raise NotKept("452 4.3.1", str(error)) from error
    except archive.ArchiveError as error:
        full = isinstance(error.__cause__, OSError) and error.__cause__.errno in (errno.ENOSPC, errno.EDQUOT)
        raise NotKept("452 4.3.1" if full else "451 4.3.0", str(error)) from error
    except DatabaseError as error:
        raise NotKept("451 4.3.0", f"Basis data tidak menjawab: {error}") from error
    finally:
        close_old_connections()
