"""Kills a backup, and an import, with SIGKILL at one moment after another, and looks at what is left.

Run by tests/pipeline/test_saving_crash.py as a process of its own, with REDAKSI_SETTINGS naming a new office.
Prints one JSON object a line: {"phase", "moment", "killed", "wrong": [sentences]}.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import django

from tests.crash import Tripwire, forked
from tests.ingest.test_before import item, written

PHOTOS = 6


def tripped(work: Callable[[], object], moment: int, tally: Path | None = None) -> None:
    """Do `work` in this process until its death at `moment`; into `tally` goes how many acts it took."""
    from django.db import connection

    wire = Tripwire(moment)
    sys.addaudithook(wire.audit)
    with connection.execute_wrapper(wire.sql):
        work()
    if tally:
        tally.write_text(str(wire.acts))


def trials(
    phase: str, home: Path, work: Callable[[], object], look: Callable[[], list[str]], most: int
) -> None:
    """Kill `work` at moments spread over it, each time from the same beginning; then do it again, and look."""
    from django.db import connections

    before, tally = home.with_name("before"), home.with_name("tally")
    connections.close_all()
    shutil.copytree(home, before)
    forked(lambda: tripped(work, 0, tally))
    acts = int(tally.read_text())
    for moment in sorted({1 + number * acts // most for number in range(most)} | {acts}):
        connections.close_all()
        shutil.rmtree(home)
        shutil.copytree(before, home)
        killed = forked(lambda: tripped(work, moment)) == signal.SIGKILL  # noqa: B023 - done at once
        forked(work)  # type: ignore[arg-type]
        row = {"phase": phase, "moment": moment, "killed": killed, "wrong": look()}
        print(json.dumps(row), flush=True)
    shutil.rmtree(before)


def whole_backups(target: Path) -> list[str]:
    """Say what of any finished backup is not there, or not what it was; and what was left lying about."""
    from archive.disk import sha256_of
    from archive.vault import Vault

    vault = Vault.at(target)
    wrong = [f"left behind: {path.name}" for path in (target / "tmp").iterdir()]
    names = vault.names()
    if not 1 <= len(names) <= 2:
        wrong.append(f"backups: {names}")
    for name in names:
        for lies, digest in vault.sums(name).items():
            if sha256_of(target / lies) != digest:
                wrong.append(f"{name}: {lies}")
    return wrong


@contextmanager
def pictures_served(folder: Path) -> Iterator[str]:
    """Serve a folder's pictures by a process of their own, as the old site does; yield its address."""
    folder.mkdir()
    server = HTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    child = os.fork()
    if child == 0:
        server.serve_forever()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def exported(home: Path, address: str) -> Path:
    """Write an old site's export: three posts of two pictures, none of which is known yet."""
    from tests.office import picture  # it brings settings of its own, after ours are read

    posts = []
    for post in range(PHOTOS // 2):
        images = ""
        for number in (2 * post, 2 * post + 1):
            (home / "situs" / f"{number}.jpg").write_bytes(picture(100 + number, (64, 48)))
            images += f'<img src="{address}/{number}.jpg" alt="Pasar"/>'
        posts.append(item(post + 1, f"<p>Musyawarah ke-{post} di balai desa.</p>{images}"))
    return written(home, *posts)


def every_photo_once(expected: int = PHOTOS) -> list[str]:
    from newsroom.models import Origin, Package, Photo, Revision, Story
    from pipeline.stores import originals

    wrong = [problem.sentence for problem in originals().check()]
    hashes = list(Photo.objects.values_list("sha256", flat=True))
    if len(hashes) != expected or len(set(hashes)) != expected:
        wrong.append(f"{len(hashes)} photos, {len(set(hashes))} different")
    counts = [model.objects.count() for model in (Story, Origin, Revision, Package)]
    if len(set(counts)) != 1 or Story.objects.exclude(state="released").exists():
        wrong.append(f"stories, origins, revisions, packages: {counts}")
    return wrong


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "web.settings"
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from ingest.asking import Asker
    from pipeline.backup import back_up
    from pipeline.importing import import_file
    from pipeline.photo_folders import import_photos
    from tests.kept import lay
    from tests.office import picture

    if not lay(settings.REDAKSI.data):
        call_command("migrate", verbosity=0)
    home = settings.REDAKSI.data.parent
    folder, target = home / "foto", home / "cadangan"
    for number in range(PHOTOS):
        place = folder / f"Kegiatan {number % 2}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.jpg").write_bytes(picture(number, (64, 48)))
    trials("import", home, lambda: import_photos(folder), every_photo_once, 5)
    with pictures_served(home / "situs") as address:
        export = exported(home, address)
        asker = Asker(frozenset(["127.0.0.1"]), lambda _: None, pause=0)
        trials(
            "import site",
            home,
            lambda: import_file(export, address, asker),
            lambda: every_photo_once(2 * PHOTOS),
            5,
        )
    trials("backup", home, lambda: back_up(target), lambda: whole_backups(target), 5)


if __name__ == "__main__":
    main()
