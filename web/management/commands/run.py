from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from waitress.server import create_server

import config
from newsroom import passes
from pipeline.lmtp import open_door
from pipeline.worker import Worker


class Command(BaseCommand):
    help = "The whole of Redaksi in one process: web server and worker."

    def handle(self, **options: Any) -> None:
        from web.wsgi import application

        host, _, port = settings.REDAKSI.web.listen.rpartition(":")
        try:
            server = create_server(
                application, host=host, port=int(port), threads=8, ident="Redaksi", **_behind(host)
            )
        except OSError as error:
            raise CommandError(
                f"Alamat {settings.REDAKSI.web.listen} tidak dapat dipakai ({error.strerror}). "
                "Mungkin Redaksi sudah berjalan; kalau bukan, ganti web.listen di settings.yaml."
            ) from error
        try:
            door = open_door()
        except config.SettingsError as error:
            server.close()
            raise CommandError(str(error)) from error
        worker = Worker()
        worker.start()
        walking = threading.Thread(target=worker.walk, name="worker")
        walking.start()
        signal.signal(signal.SIGTERM, _leave)
        if first := passes.first():
            self.stderr.write("Belum ada akun. Buat akun admin pertama di sini (sekali pakai, 7 hari):")
            self.stderr.write(f"  {passes.link(first)}")
        self.stderr.write(f"Redaksi siap di {settings.REDAKSI.web.public_url} (Ctrl+C untuk berhenti)")
        try:
            server.run()  # returns on SystemExit and KeyboardInterrupt
        finally:
            self.stderr.write("Menyelesaikan pekerjaan yang sedang berjalan …")
            if door is not None:
                door.stop()
            worker.stopping.set()
            walking.join(timeout=60)
            worker.stop()


def _behind(host: str) -> dict[str, Any]:
    """Believe a web server of this machine what it says of the visitor: sign-ins are counted by address."""
    if not settings.SECURE or host.strip("[]") not in ("127.0.0.1", "localhost", "::1"):
        return {}
    proxy = "::1" if "::1" in host else "127.0.0.1"
    return {"trusted_proxy": proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}}


def _leave(*_: object) -> None:
    raise SystemExit(0)
