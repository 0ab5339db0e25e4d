"""A look into a mailbox in a process of its own: what it kept, and how much memory it took.

Run by `run_alone`, with REDAKSI_SETTINGS naming an office: `python -m tests.real.fetcher prepare|look`.
Prints one JSON object: kept, size, megabytes.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.real.dovecot import Dovecot

ROOT = Path(__file__).parent.parent.parent


def run_alone(
    folder: Path, dovecot: Dovecot, act: str, *, at_once: int = 1, **changes: Any
) -> dict[str, int]:
    """Do `act` in `at_once` fresh processes that share an office in `folder`; return what the last one told."""
    from tests.office import SETTINGS  # which names settings of its own: not for the process that looks

    office = folder / "office"
    office.mkdir(exist_ok=True)
    settings = yaml.safe_load(SETTINGS)
    wanted = dovecot.settings(since_days=36_500, **changes)
    settings["mailboxes"] = [wanted.model_dump(mode="json", exclude_none=True)]
    (office / "settings.yaml").write_text(yaml.safe_dump(settings))
    environment = {**os.environ, "REDAKSI_SETTINGS": str(office / "settings.yaml")}
    command = [sys.executable, "-m", "tests.real.fetcher", act]
    runs = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(at_once)
    ]
    told = [run.communicate(timeout=120)[0] for run in runs]
    if any(run.returncode for run in runs):
        raise RuntimeError(f"a fetcher failed: {told}")
    answers: list[dict[str, int]] = [json.loads(line) for line in told]
    return max(answers, key=lambda answer: answer["kept"])


def main(act: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "web.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import Max

    from tests.kept import lay

    settings.DATA.mkdir(exist_ok=True)
    lay(settings.DATA)
    if "newsroom_mailbox" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    if act == "look":
        _look()
    from newsroom.models import Submission

    kept = Submission.objects.aggregate(size=Max("size"))
    told = {"kept": Submission.objects.count(), "size": kept["size"] or 0, "megabytes": _peak()}
    print(json.dumps(told))
    connection.close()


def _peak() -> int:
    """Return this process's peak memory in megabytes. `ru_maxrss` would begin at the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 << 20)


def _look() -> None:
    from newsroom.models import Mailbox
    from pipeline.flow import ROAD
    from pipeline.worker import Worker

    worker = Worker()
    worker.start()
    worker.attempt(ROAD[0], Mailbox.objects.get())
    worker.stop()


if __name__ == "__main__":
    main(sys.argv[1])
