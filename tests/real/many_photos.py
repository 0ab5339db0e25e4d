"""python -m tests.real.many_photos: half a year of released stories with 240 small photos, in an empty database."""

from __future__ import annotations

import os
import random
from datetime import datetime, time, timedelta

import django
from django.conf import settings
from django.utils import timezone

OWN_SETTINGS = os.environ.get("REDAKSI_SETTINGS", "")
from tests.office import picture  # noqa: E402 - it puts settings of its own in the place of these

STORIES, EACH = 60, 4
FLAGGED = 7
"""Every seventh story shows a child without consent on its first photo."""
TOPICS = (
    "Jembatan ditinjau",
    "Panen raya padi",
    "Donor darah digelar",
    "Pasar ikan direnovasi",
    "Bus sekolah",
)
SHAPES = ((480, 320), (480, 360), (320, 440), (520, 300))


def main() -> None:
    os.environ["REDAKSI_SETTINGS"] = OWN_SETTINGS
    django.setup()
    from newsroom.editing import first_revision
    from newsroom.models import Leader, Photo, Revision, Story, Tag
    from pipeline.collages import last_period
    from pipeline.stores import originals

    chance = random.Random(7)
    start, end = last_period(timezone.localdate(), settings.REDAKSI.collage.months)
    leader = Leader.objects.create(name="Contoh Nama", title="Wali Kota")
    Tag.objects.create(name="infrastruktur", slug="infrastruktur")
    for number in range(STORIES):
        day = start + timedelta(days=number * (end - start).days // STORIES)
        at = datetime.combine(day, time(10), settings.REDAKSI.office.tz)
        topic = TOPICS[number % len(TOPICS)]
        story = Story.objects.create(
            key=f"uji-{number}", headline=f"{topic} {number + 1}", body="Isi.", received_at=at
        )
        if number % 3 == 0:
            story.leaders.add(leader)
        scene = chance.getrandbits(64)
        for order in range(EACH):
            seed = number * EACH + order
            size = SHAPES[seed % len(SHAPES)]
            # The last two of a story are the same scene a moment later.
            like = scene ^ (1 << order) if order >= EACH - 2 else chance.getrandbits(64)
            Photo.objects.create(
                story=story,
                sha256=originals().keep(picture(seed, size)),
                filename=f"foto {order + 1}.jpg",
                caption=f"{topic} oleh wali kota bersama warga kelurahan, foto {order + 1} kegiatan {number + 1}",
                credit="MC. Kota Uji/nala",
                order=order,
                width=size[0],
                height=size[1],
                dhash=f"{like:016x}",
                sharpness=chance.uniform(2, 30),
                exposure=chance.uniform(0.2, 0.8),
                child=number % FLAGGED == 0 and order == 0,
            )
        revision = first_revision(story, "receive")
        Revision.objects.filter(pk=revision.pk).update(sealed=True)
        Story.objects.filter(pk=story.pk).update(state="released", released_at=at)


if __name__ == "__main__":
    main()
