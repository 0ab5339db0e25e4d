"""The row of a whole mail: from its bytes to a story with renditions in the editors' queue."""

from __future__ import annotations

import email
import io
import multiprocessing
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from email import policy
from email.message import EmailMessage
from pathlib import Path

from PIL import Image

from bench.measure import Row
from bench.samples import photos_in

ROUNDS = 3
SETTINGS = """
office:    {name: Ukur, zone: Asia/Jakarta}
data:      ./var
mailboxes: [{name: lokal, kind: folder, path: ./mailbox}]
sites:     [{name: kota, kind: folder, title: Kota, path: ./situs}]
"""


def mail(folder: Path) -> list[Row]:
    """A mail of 17 MB with three photos of 12 megapixels, from `receive` to the story in the queue."""
    photos = photos_in(folder)[:3]
    mails = [mail_of([_padded(data) for data in photos], number) for number in range(ROUNDS + 1)]
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        floor_wall, floor_cpu = pool.submit(_floor, mails[1:]).result()  # its memory is not ours
    ours_wall, ours_cpu = _ours(mails)
    size = len(mails[0]) / 1e6
    what = f"mail of {size:.0f} MB with three photos of 12 MP, received and prepared"
    floor_is = (
        "stdlib email and Pillow alone: parse, decode, 1600 + 400 px; nothing kept, flushed or understood"
    )
    return [
        Row(f"{what}: wall", f"{ours_wall:.2f} s", f"{floor_wall:.2f} s", floor_is, ours_wall / floor_wall),
        Row(f"{what}: CPU", f"{ours_cpu:.2f} s", f"{floor_cpu:.2f} s", floor_is, ours_cpu / floor_cpu),
    ]


def _ours(mails: list[bytes]) -> tuple[float, float]:
    with tempfile.TemporaryDirectory(prefix="redaksi-bench-") as office:
        file = Path(office) / "settings.yaml"
        file.write_text(SETTINGS)
        (Path(office) / "mailbox").mkdir()
        os.environ.update(REDAKSI_SETTINGS=str(file), DJANGO_SETTINGS_MODULE="web.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from newsroom.models import Contributor

        call_command("migrate", verbosity=0)
        Contributor.objects.create(address="nala@contoh.example", name="Nala")
        _prepare(mails[0])  # imports and connections are not what is measured
        best = min(_prepare(data) for data in mails[1:])
        connections.close_all()
        return best


def _prepare(data: bytes) -> tuple[float, float]:
    from ingest import RawMessage
    from newsroom.models import Story
    from pipeline.receive import keep
    from pipeline.worker import Worker

    worker = Worker()
    worker.start()
    before = Story.objects.count()
    wall, cpu = time.perf_counter(), time.process_time()
    keep(RawMessage(data=data, mailbox="lokal"))
    list(worker.walk_once())
    taken = time.perf_counter() - wall, time.process_time() - cpu
    worker.stop()
    if Story.objects.count() != before + 1:
        raise RuntimeError("the mail did not become a story")
    return taken


def _floor(mails: list[bytes]) -> tuple[float, float]:
    return min(_bare(data) for data in mails)


def _bare(data: bytes) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    message = email.message_from_bytes(data, policy=policy.default)
    for part in message.walk():
        if part.get_content_maintype() == "image":
            picture = Image.open(io.BytesIO(part.get_payload(decode=True)))  # type: ignore[arg-type]
            for longest in (1600, 400):
                scale = longest / max(picture.size)
                size = round(picture.width * scale), round(picture.height * scale)
                picture.draft("RGB", size)
                picture = picture.resize(size, Image.Resampling.LANCZOS)
                picture.save(io.BytesIO(), "JPEG", quality=82, optimize=True, progressive=True)
        elif not part.is_multipart():
            part.get_content()
    return time.perf_counter() - wall, time.process_time() - cpu


def _padded(data: bytes, size: int = 4_150_000) -> bytes:
    """Bring a painted photo to a camera's file size, with bytes after its end that decoders pass over.

    They differ each time, so that no photo is one that is known already.
    """
    return data + os.urandom(max(0, size - len(data)))


def mail_of(photos: list[bytes], number: int) -> bytes:
    message = EmailMessage()
    message["From"] = "Nala <nala@contoh.example>"
    message["Subject"] = f"Wali Kota Membuka Musrenbang {number}"
    message["Message-ID"] = f"<ukur-{number}@contoh.example>"
    paragraph = "Sebanyak 120 peserta dari delapan kelurahan hadir membawa usulan prioritas tahun depan. " * 4
    message.set_content("\n\n".join([f"Kota Contoh – {paragraph}"] * 8))
    for place, data in enumerate(photos):
        message.add_attachment(data, "image", "jpeg", filename=f"foto {place}.jpg")
    return bytes(message)
