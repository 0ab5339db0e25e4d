"""An office whose second copy lies on a disk that is really full: told, told again after a while, and healed.

Run by tests/real/test_archive_full.py in a namespace of its own, with an empty folder and REDAKSI_SETTINGS.
Prints what it sees as JSON objects, one a line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from tests.office import Office


def tell(**seen: Any) -> None:
    print(json.dumps(seen), flush=True)


def fill(disk: Path) -> Path:
    """Leave no room at all."""
    junk = disk / "sampah"
    with junk.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    return junk


def publish(office: Office, number: int) -> Any:
    from newsroom.models import Story
    from newsroom.workflow import move
    from tests.office import coverage

    office.post(coverage(f"Berita {number}", message_id=f"<{number}@contoh.example>", seed=10 * number))
    office.work()
    story = Story.objects.latest("id")
    move(story, "verify", office.person())
    office.work()
    story.refresh_from_db()
    return story


def tell_of_the_trouble(office: Office, story: Any, before: dict[str, bytes]) -> None:
    from archive import check_package
    from newsroom.copying import lag, lag_words
    from newsroom.models import Copy, Package
    from pipeline.stores import originals, packages_folder
    from tests.crash import files_below
    from web.doctor import findings

    disk, found = office.folder / "salinan", lag()
    packages = [packages_folder() / package.path for package in Package.objects.all()]
    here = files_below(office.folder / "var")
    told = {finding.subject: finding for finding in findings()}["salinan kedua"]
    tell(
        state=story.state,
        live=[delivery.state for delivery in story.deliveries.all()],
        waiting=found.files,
        words=lag_words(found),
        trouble=found.trouble,
        doctor=told.sentence,
        well=told.ok,
        marked=Copy.objects.exclude(error="").count(),
        untouched=files_below(disk).items() >= before.items(),
        torn=[name for name, data in files_below(disk).items() if here.get(name) != data],
        unfinished=len(list((disk / ".belum-selesai").iterdir())),
        first_copy=[p.sentence for p in originals().check()]
        + [p.sentence for q in packages for p in check_package(q)],
    )


def main(folder: Path) -> None:
    disk = folder / "salinan"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "uji", disk], check=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "web.settings"
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from newsroom.copying import lag
    from newsroom.models import COPY_LANE, LOOK_LANE, Lane, Notice
    from pipeline import copies
    from pipeline.notices import watch
    from tests.crash import files_below
    from tests.kept import lay
    from tests.office import Office

    if not lay(settings.REDAKSI.data):
        call_command("migrate", verbosity=0)
    office = Office(folder)
    office.mailbox.mkdir()
    office.contributor()
    copies.begin(office.person())
    publish(office, 1)
    before = files_below(disk)
    tell(in_step=before == files_below(folder / "var"), waiting=lag().files, files=len(before))

    junk = fill(disk)
    story = publish(office, 2)
    tell_of_the_trouble(office, story, before)

    Lane.objects.filter(name=COPY_LANE).update(since=timezone.now() - timedelta(minutes=31))
    looking = Lane.objects.get_or_create(name=LOOK_LANE)[0]
    copies.look(looking)  # the disk is there: that alone does not make it well
    office.work()
    watch()
    tell(
        trouble=lag().trouble,
        notices=[notice.subject for notice in Notice.objects.filter(about="second_copy")],
    )

    junk.unlink()
    copies.look(looking)
    office.work()
    watch()
    clear = Notice.objects.filter(about="second_copy", kind=Notice.Kind.CLEAR).exists()
    same = files_below(disk) == files_below(folder / "var")
    tell(waiting=lag().files, trouble=lag().trouble, same=same, clear=clear)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
