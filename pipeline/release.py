"""release: a verified story that no embargo holds back is promised to its sites."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction

from newsroom.models import Delivery, Story
from newsroom.workflow import MoveRefused, Overtaken, move

logger = logging.getLogger(__name__)
GONE = (
    "Situs tujuan berita ini tidak ada lagi pada pengaturan, jadi berita belum ditayangkan. Batalkan verifikasinya, pilih "
    "situs lain, lalu verifikasi lagi; atau kembalikan situsnya, lalu coba lagi."
)


def release(story: Story) -> None:
    """Make one promise for each site of the story, and move it to released.

    Whoever rejects it, reopens it or sets it a later time in this very moment is the quicker one: nothing goes out.
    Raises MoveRefused when none of its sites is left.
    """
    known = {site.name for site in settings.REDAKSI.sites}
    if story.sites and not known & set(story.sites):
        raise MoveRefused(GONE)
    try:
        with transaction.atomic():
            for site in story.sites:
                if site in known:
                    Delivery.objects.get_or_create(story=story, site=site)
            move(story, "release", by=None)
            story.done()
    except Overtaken:
        logger.info("Berita %s tidak jadi tayang sekarang: diputuskan lain pada saat terakhir.", story.pk)
