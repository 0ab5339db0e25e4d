"""When a verified story goes out: changed or brought forward up to its very moment."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.models import PUBLISH_WITHIN, Person, State, Story, log
from newsroom.templatetags.office import moment


def may_schedule(story: Story, person: Person) -> bool:
    """Say whether `person` may change when the story goes out."""
    return person.edits and story.state == State.VERIFIED


def schedule(story: Story, by: Person, until: datetime | None) -> None:
    """Let the verified `story` go out at `until`, at once without it. Raises ActRefused.

    One conditional UPDATE: either the time is changed or the story had gone out, never both.
    """
    if not may_schedule(story, by):
        raise ActRefused(
            _("Jadwal hanya dapat diubah editor, selama berita belum tayang. Muat ulang halaman.")
        )
    if until is not None and until <= timezone.now():
        raise ActRefused(_("Waktu itu sudah lewat. Pilih waktu yang akan datang, atau tayangkan sekarang."))
    with transaction.atomic():
        as_seen = Story.objects.filter(
            pk=story.pk, state=State.VERIFIED, version=story.version, embargo_until=story.embargo_until
        )
        if not as_seen.update(embargo_until=until, due_at=(until or timezone.now()) + PUBLISH_WITHIN):
            raise ActRefused(
                _("Berita ini baru saja tayang atau jadwalnya diubah orang lain. Muat ulang halaman.")
            )
        log("schedule", by=by, story=story, version=story.version, note=moment(until) or _("sekarang"))
    story.embargo_until = until
