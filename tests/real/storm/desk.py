"""The editors of a storm's office: one JSON command a line, one JSON answer a line. Run with REDAKSI_SETTINGS set.

They do what the screens do, by the same functions: nothing here writes a row by itself.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up before
from django.core.management import call_command  # noqa: E402 - Django must be set up before

from newsroom import sites  # noqa: E402
from newsroom.editing import PhotoChange, edit  # noqa: E402
from newsroom.models import Contributor, Delivery, Person, Story  # noqa: E402
from newsroom.workflow import move  # noqa: E402
from tests.kept import lay  # noqa: E402
from tests.real.storm.tales import CREDIT, UNVERIFIED  # noqa: E402


def begin() -> bool:
    if not lay(settings.REDAKSI.data):
        call_command("migrate", verbosity=0)
    Person.objects.create(username="editor", name="Editor", role="editor")
    Contributor.objects.create(
        address="nala@contoh.example", name=CREDIT, outlet="MC. Kota Uji", initials="nala"
    )
    return True


def queued() -> dict[str, int]:
    """Return the rows of the stories whose mail has been read, by the tale's number."""
    rows = Story.objects.filter(state="queued", headline__contains=UNVERIFIED)
    return {re.findall(r"\d+", row.headline)[0]: row.pk for row in rows}


def publish(story: int, verb: str, text: dict[str, str], photos: list[dict[str, Any]], note: str) -> int:
    """Write in two sittings, of which only the second is verified; return the story's version."""
    row = Story.objects.get(pk=story)
    editor = Person.objects.get()
    draft = {"headline": f"{UNVERIFIED} {text['headline']}", "body": f"{UNVERIFIED}. {text['body']}"}
    edit(row, editor, draft, seen=row.revision_id)
    shown = {photo["filename"]: photo for photo in photos}
    changes = []
    for photo in row.photos.all():
        told = shown.get(photo.filename)
        changes.append(
            PhotoChange(
                pk=photo.pk,
                caption=told["caption"] if told else UNVERIFIED,
                credit=CREDIT,
                alt=told["alt"] if told else UNVERIFIED,
                order=told["order"] if told else 99,
                left_out=told is None,
            )
        )
    edit(row, editor, text, changes, seen=row.revision_id)
    move(row, verb, editor, note)
    return int(row.version)


def take_down(story: int, verb: str, note: str) -> int:
    row = Story.objects.get(pk=story)
    move(row, verb, Person.objects.get(), note)
    return int(row.version)


def retry() -> list[str]:
    """Press “Coba lagi” for every site where something waits; return what stood there for a person to act on."""
    owed: Any = Delivery.objects.all()
    rows = owed.owed().select_related("story").order_by("id")
    for site in sorted({row.site for row in rows}):
        sites.retry(site, Person.objects.get())
    return [f"{row.story.headline} → {row.site}: {row.error}" for row in rows if row.parked]


def state() -> list[dict[str, Any]]:
    """Return each promise as it stands."""
    fields = (
        "story",
        "site",
        "story__version",
        "sent_version",
        "state",
        "error",
        "parked",
        "claim",
        "remote_id",
        "ledger",
        "receipts",
    )
    return list(Delivery.objects.order_by("story", "site").values(*fields))


COMMANDS: dict[str, Callable[..., Any]] = {
    act.__name__: act for act in (begin, queued, publish, take_down, retry, state)
}


def main() -> None:
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = {"is": COMMANDS[command.pop("do")](**command)}
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    main()
