from __future__ import annotations

import json
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import config
from pipeline.lmtp import lmtp_door
from pipeline.worker import Worker


class Command(BaseCommand):
    help = "Walk the road, without the web server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="until nothing is due now, then stop")

    def handle(self, *, once: bool, **options: Any) -> None:
        worker = Worker()
        worker.start()
        try:
            if once:
                for name, count in worker.walk_once():
                    row = {"step": name, "done": count["done"], "failed": count["failed"]}
                    self.stdout.write(json.dumps(row))
            else:
                signal.signal(signal.SIGTERM, lambda *_: worker.stopping.set())
                with lmtp_door():
                    worker.walk()
        except config.SettingsError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            worker.stopping.set()
        finally:
            worker.stop()
