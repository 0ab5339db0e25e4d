"""What is well and what is not: settings, database, disk, mailboxes, sites, the worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

import config
import ingest
import photos
import prose
import publishers
from config import Finding
from ingest import doc
from ingest.lmtp import open_already
from newsroom import sites
from newsroom.models import Heartbeat
from pipeline import copies, notices, post, proof, safety, telling, trust
from pipeline.lmtp import cannot_listen
from pipeline.stores import SPARE_BYTES
from publishers.wordpress_rehearsal import rehearse


def findings(write: bool = False) -> Iterator[Finding]:
    """Look at everything once, the cheap things first; with `write` rehearse at every site. Raises nothing."""
    yield _settings()
    database = _database()
    yield database
    yield _disk()
    for mailbox in settings.REDAKSI.mailboxes:
        yield from ingest.check(mailbox)
    if settings.REDAKSI.lmtp is not None:
        yield _lmtp(settings.REDAKSI.lmtp)
    for site in settings.REDAKSI.sites:
        try:
            publisher = publishers.build(site, settings.REDAKSI.office.zone)
            found = publisher.check()
            yield from found
            if write and all(one.ok for one in found):
                yield from rehearse(publisher)
        except config.SettingsError as error:
            yield Finding(f"situs {site.name}", False, str(error))
    yield from _readers()
    yield proof.check()
    yield post.check()
    yield notices.check()
    if database.ok:
        yield telling.check()
        yield from safety.check()
        yield from copies.check()
        yield from _queues()
        yield _worker()


def _settings() -> Finding:
    source = settings.REDAKSI.source
    if source and source.fault:
        told = f"settings.yaml berubah tetapi salah, jadi yang lama masih dipakai. {source.fault}"
        return Finding("pengaturan", False, told)
    if source and source.restart:
        told = "settings.yaml berubah. Yang dapat dipakai langsung sudah dipakai; untuk sisanya, jalankan ulang Redaksi."
        return Finding("pengaturan", False, told)
    return Finding("pengaturan", True, f"settings.yaml terbaca; kantor: {settings.REDAKSI.office.name}.")


def _readers() -> Iterator[Finding]:
    """Say what of a mail cannot be read or checked on this machine. Not a fault: the files are kept."""
    lacking = []
    if not doc.readable():
        lacking.append("naskah .doc (pasang program antiword)")
    if not photos.reads_heic():
        lacking.append("foto HEIC dari iPhone (pasang tambahan heic)")
    if lacking:
        said = f"Belum dapat dibaca di komputer ini: {' dan '.join(lacking)}. Berkasnya tetap disimpan."
    else:
        said = "Naskah .doc dan foto HEIC dapat dibaca."
    yield Finding("pembaca", True, said)
    if trust.system_dns().answers():
        yield Finding("DNS", True, "DNS menjawab; tanda tangan digital pengirim dapat diperiksa.")
    else:
        yield Finding(
            "DNS",
            True,
            "DNS tidak menjawab. Surel tetap masuk, tetapi pengirimnya tidak dapat menjadi “terverifikasi”. "
            "Periksa sambungan internet, atau isi intake.dns.",
        )


def _lmtp(wanted: config.Lmtp) -> Finding:
    match open_already(wanted):
        case True:
            return Finding("LMTP", True, f"Surel diterima di {wanted.listen}.")
        case None:
            return Finding(
                "LMTP", False, f"Tidak ada yang menerima surel di {wanted.listen}. Jalankan `make run`."
            )
        case _:
            return Finding("LMTP", False, cannot_listen(wanted, "dipakai program lain"))


def _queues() -> Iterator[Finding]:
    """Say which site is paused, or left in peace because it is away or refuses us, and how much waits for it."""
    for health in sites.healths():
        lane = health.lane
        waits = f"{prose.number(health.waiting)} berita menunggu."
        if lane.paused_at:
            since = f"{timezone.localtime(lane.paused_at):%d/%m/%Y %H.%M}"
            told = f"Dijeda oleh {lane.paused_by} sejak {since}: {lane.paused_reason} {waits}"
            yield Finding(f"situs {health.name}: jeda", True, told)
        if lane.error:
            yield Finding(f"situs {health.name}: pengiriman", False, f"{lane.error} {waits}")


def _database() -> Finding:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Finding(
            "basis data",
            False,
            f"Basis data tidak dapat dibuka ({error}). Periksa disk dan izinnya, atau server PostgreSQL-nya.",
        )
    if missing:
        return Finding("basis data", False, "Basis data belum mutakhir. Jalankan `manage.py migrate`.")
    kind = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    return Finding("basis data", True, f"Basis data mutakhir ({kind}).")


def _disk() -> Finding:
    try:
        free = shutil.disk_usage(settings.REDAKSI.data).free
    except OSError as error:
        return Finding("disk", False, f"Folder data tidak dapat dibaca ({error.strerror}).")
    gigabytes = f"{free / 1e9:.1f}".replace(".", ",")
    if free < SPARE_BYTES:
        return Finding(
            "disk", False, f"Sisa disk {gigabytes} GB. Kosongkan ruang; surel baru menunggu sampai itu."
        )
    return Finding("disk", True, f"Sisa disk {gigabytes} GB.")


def _worker() -> Finding:
    beat = Heartbeat.objects.order_by("-at").first()
    if beat is None:
        return Finding("pekerja", False, "Pekerja tidak berjalan. Jalankan `make run` atau `manage.py work`.")
    silent = timezone.now() - beat.at
    if silent > timedelta(minutes=1):
        return Finding(
            "pekerja",
            False,
            f"Pekerja diam sejak {timezone.localtime(beat.at):%d/%m/%Y %H.%M}. Hentikan, lalu jalankan lagi.",
        )
    return Finding("pekerja", True, "Pekerja berjalan.")
