"""The rows of fetching from a mail server: a Dovecot of our own on this machine."""

from __future__ import annotations

import imaplib
import multiprocessing
import os
import ssl
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import yaml

from bench.measure import Row
from tests.real.dovecot import PASSWORD, USER, Dovecot

ROUNDS = 2
SETS = ((300, 20_000), (6, 12_000_000))
"""Mails and bytes of each."""


def fetch(folder: Path) -> list[Row]:
    """Mails from the server onto the disk and into the ledger, small ones and large ones."""
    rows = []
    for count, size in SETS:
        with Dovecot() as server:
            server.deliver_many([_mail(number, size) for number in range(count)])
            ours = min(_alone(_ours, server.settings(since_days=1).model_dump_json()) for _ in range(ROUNDS))
            floor = min(_alone(_bare, server.port, str(server.ca_file)) for _ in range(ROUNDS))
        what = f"{count} mails of {size / 1e6:.2g} MB from Dovecot, kept and in the ledger"
        rows.append(
            Row(
                what,
                f"{count / ours:.0f}/s, {count * size / 1e6 / ours:.0f} MB/s",
                f"{count / floor:.0f}/s, {count * size / 1e6 / floor:.0f} MB/s",
                "bare imaplib: the same bodies one by one, each flushed into a file; no name, no row, no retry",
                ours / floor,
            )
        )
    return rows


def _mail(number: int, size: int) -> bytes:
    head = b"From: nala@contoh.example\r\nSubject: Ukur %d\r\n\r\n" % number
    line = b"%076d\r\n" % number
    return head + line * ((size - len(head)) // len(line))


def _alone(work: object, *arguments: object) -> float:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return float(pool.submit(work, *arguments).result())  # type: ignore[arg-type,call-overload]


def _ours(mailbox: str) -> float:
    """Take everything in, in a new office."""
    with tempfile.TemporaryDirectory(prefix="redaksi-bench-") as office:
        file = Path(office) / "settings.yaml"
        settings = {"office": {"name": "Ukur", "zone": "Asia/Jakarta"}, "data": "./var", "sites": []}
        box = {key: value for key, value in yaml.safe_load(mailbox).items() if value is not None}
        file.write_text(yaml.safe_dump({**settings, "mailboxes": [box]}))
        os.environ.update(REDAKSI_SETTINGS=str(file), DJANGO_SETTINGS_MODULE="web.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        taken = _look()
        connections.close_all()
        return taken


def _look() -> float:
    from newsroom.models import Mailbox, Sighting, Submission
    from pipeline.flow import ROAD
    from pipeline.worker import Worker

    worker = Worker()
    worker.start()
    start = time.perf_counter()
    while True:
        worker.attempt(ROAD[0], Mailbox.objects.get())
        if not Sighting.objects.unfetched().exists():
            break
    taken = time.perf_counter() - start
    worker.stop()
    if not Submission.objects.exists():
        raise RuntimeError("nothing was taken in")
    return taken


def _bare(port: int, ca_file: str) -> float:
    start = time.perf_counter()
    context = ssl.create_default_context(cafile=ca_file)
    with imaplib.IMAP4_SSL("localhost", port, ssl_context=context) as client:
        client.login(USER, PASSWORD)
        client.select("INBOX", readonly=True)
        for uid in client.uid("SEARCH", "ALL")[1][0].split():
            answer = client.uid("FETCH", uid.decode(), "(INTERNALDATE BODY.PEEK[])")[1][0]
            with tempfile.NamedTemporaryFile() as file:
                file.write(answer[1])
                file.flush()
                os.fsync(file.fileno())
    return time.perf_counter() - start
