"""An office for tests: loaded as a plugin, because Django reads the settings before any conftest."""

from __future__ import annotations

import io
import itertools
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest

hypothesis.settings.register_profile("redaksi", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("redaksi")

SETTINGS = """
office:    {name: Media Center Kota Uji, zone: Asia/Pontianak, language: id}
data:      ./var
web:       {listen: 127.0.0.1:8000, public_url: http://127.0.0.1:8000}
mailboxes:
  - {name: lokal, kind: folder, path: ./mailbox}
proof:     {picture: false}
sites:
  - {name: media-center, kind: folder, title: Media Center, path: ./situs/media-center}
  - {name: info-publik, kind: folder, title: Info Publik, path: ./situs/info-publik}
  - {name: kota, kind: folder, title: Situs Kota, path: ./situs/kota}
"""


def _in_memory(folder: str = "/dev/shm", room: int = 2_000_000_000) -> bool:
    """Say whether there is room in memory for what tests write: there a flush to the disk takes no time."""
    if not os.access(folder, os.W_OK) or shutil.disk_usage(folder).free < room:
        return False
    return not os.statvfs(folder).f_flag & os.ST_NOEXEC  # some tests put a program into their folder


if "TMPDIR" not in os.environ and _in_memory():
    os.environ["TMPDIR"] = "/dev/shm"
    tempfile.tempdir = None

_home = tempfile.TemporaryDirectory(prefix="redaksi-test-")
_file = Path(_home.name) / "settings.yaml"
_file.write_text(SETTINGS)
if _database := os.environ.get("REDAKSI_TEST_DATABASE"):  # an empty PostgreSQL to run the tests on
    _file.write_text(f"{SETTINGS}database: {{url: '{_database}'}}\n")
os.environ["REDAKSI_SETTINGS"] = str(_file)


class Office:
    """A folder with settings, a mailbox and sites, and the people a test needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mailbox = folder / "mailbox"
        self._numbers = itertools.count(1)

    def post(self, data: bytes, name: str = "") -> Path:
        """Lay a mail into the mailbox, as a mail server does."""
        for sub in ("tmp", "new", "cur"):
            (self.mailbox / sub).mkdir(parents=True, exist_ok=True)
        file = self.mailbox / "new" / (name or f"{next(self._numbers):06d}.uji")
        file.write_bytes(data)
        return file

    def person(self, username: str = "editor", role: str = "editor", name: str = "") -> Any:
        from newsroom.models import Person

        person, _ = Person.objects.get_or_create(
            username=username, defaults={"name": name or username.title(), "role": role}
        )
        return person

    def contributor(self, address: str = "nala@contoh.example", **fields: Any) -> Any:
        from newsroom.models import Contributor

        defaults = {"name": "Nala Ayuningtias", "outlet": "MC. Kota Uji", "initials": "nala", **fields}
        return Contributor.objects.get_or_create(address=address, defaults=defaults)[0]

    def work(self) -> dict[str, tuple[int, int]]:
        """Walk the road until nothing is due; return done and failed for each step."""
        from pipeline.worker import Worker

        worker = Worker()
        worker.start()
        try:
            return {name: (count["done"], count["failed"]) for name, count in worker.walk_once()}
        finally:
            worker.stop()


def picture(seed: int = 1, size: tuple[int, int] = (640, 480), **save: Any) -> bytes:
    """Return a small JPEG unlike those of other seeds."""
    return _drawn(seed, size, **save) if save else _drawn_once(seed, size)


def _drawn(seed: int, size: tuple[int, int], **save: Any) -> bytes:
    from PIL import Image

    chance = random.Random(seed)
    image = Image.new("RGB", (8, 6))
    image.putdata([(chance.randrange(256), chance.randrange(256), chance.randrange(256)) for _ in range(48)])
    out = io.BytesIO()
    image.resize(size, Image.Resampling.BICUBIC).save(out, "JPEG", quality=85, **save)
    return out.getvalue()


_drawn_once = lru_cache(maxsize=500)(_drawn)


def coverage(
    subject: str = "Wali Kota Uji Membuka Musrenbang",
    *,
    sender: str = "Nala Ayuningtias <nala@contoh.example>",
    text: str = "",
    photos: int = 2,
    message_id: str = "<satu@contoh.example>",
    seed: int = 0,
    draw: Callable[[int], bytes] = picture,
) -> bytes:
    """Return a coverage mail with captioned photos."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "redaksi@contoh.example"
    message["Subject"] = subject
    message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0700"
    message["Message-ID"] = message_id
    captions = "".join(f"Foto {n}: Keterangan foto nomor {n}.\n" for n in range(1, photos + 1))
    message.set_content(
        text
        or "Kota Uji – Wali Kota Uji membuka musyawarah perencanaan di aula kecamatan, Jumat (20/11/2026).\n\n"
        "Sebanyak 120 peserta dari delapan kelurahan hadir membawa usulan prioritas tahun depan.\n\n"
        f"{captions}\n(MC. Kota Uji/nala)\n"
    )
    for number in range(1, photos + 1):
        message.add_attachment(draw(seed + number), "image", "jpeg", filename=f"foto {number}.jpg")
    if photos:
        message.set_boundary("batas-antarbagian")
    return bytes(message)


def rows_written() -> int:
    """Return how many rows this connection has written so far; on PostgreSQL, in this transaction."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        return int(connection.connection.total_changes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


def every_row() -> str:
    """Return all that the database holds, as text."""
    from django.db import connection

    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the tables' own names
            told.append(repr(cursor.fetchall()))
    return "\n".join(told)


@pytest.fixture
def office(tmp_path: Path, settings: Any, db: None) -> Office:
    """Give a test an office of its own, with an editor and one known contributor."""
    import config

    file = tmp_path / "settings.yaml"
    file.write_text(SETTINGS)
    settings.REDAKSI = config.load(file)
    settings.DATA = settings.REDAKSI.data
    # How slowly a password is hashed is not what these tests are about.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REDAKSI.data.mkdir()
    place = Office(tmp_path)
    place.mailbox.mkdir()
    place.contributor()
    return place


@pytest.fixture
def use(office: Office, settings: Any) -> Callable[[str], None]:
    """Let a test replace the office's settings file."""
    import config

    def replace(text: str) -> None:
        file = office.folder / "settings.yaml"
        file.write_text(text)
        settings.REDAKSI = config.load(file)

    return replace


@pytest.fixture(scope="session", autouse=True)
def _office_home() -> Iterator[None]:
    yield
    _home.cleanup()
