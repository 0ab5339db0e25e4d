"""The second copy as people see it: what waits for it, since when, and what keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.acts import ActRefused
from newsroom.models import COPY_LANE, LOOK_LANE, Copy, CopyPlace, Lane, Person, log
from newsroom.templatetags.office import filesize, lasting, number


@dataclass(frozen=True)
class Lag:
    """How far the second copy is behind."""

    wanted: bool
    """The settings name a place for it."""
    begun: CopyPlace | None
    files: int = 0
    bytes: int = 0
    oldest: datetime | None = None
    trouble: str = ""
    """What keeps everything from the place; empty when it is well."""
    since: datetime | None = None
    next_try: datetime | None = None

    @property
    def tone(self) -> str:
        if self.trouble or not self.begun:
            return "bad" if self.wanted else "wait"
        return "wait" if self.files else "good"


def lag() -> Lag:
    """Count what waits for the second copy; the time this takes depends on what waits, not on what is kept."""
    wanted = settings.REDAKSI.archive.second_copy is not None
    if not wanted:
        return Lag(False, None)
    begun = CopyPlace.objects.first()
    waits = (
        Copy.objects.all()
        .missing()
        .aggregate(files=Count("pk"), bytes=Sum("size"), oldest=Min("promised_at"))
    )
    troubled = (
        Lane.objects.filter(name__in=(COPY_LANE, LOOK_LANE)).exclude(error="").order_by("since").first()
    )
    return Lag(
        True,
        begun,
        waits["files"],
        waits["bytes"] or 0,
        waits["oldest"],
        troubled.error if troubled else "",
        troubled.since if troubled else None,
        troubled.next_attempt_at if troubled else None,
    )


def lag_words(found: Lag) -> str:
    """Say in a line how far the second copy is behind."""
    if not found.wanted:
        return _("Salinan kedua: belum diatur")
    if found.begun is None:
        return _("Salinan kedua: sudah diatur, belum dimulai")
    if not found.files:
        return _("Salinan kedua: semua berkas sudah tersalin")
    waits = ngettext("%(count)s berkas (%(size)s)", "%(count)s berkas (%(size)s)", found.files)
    age = lasting(timezone.now() - found.oldest) if found.oldest else ""
    return _("Salinan kedua: %(waits)s menunggu, tertua %(age)s") % {
        "waits": waits % {"count": number(found.files), "size": filesize(found.bytes)},
        "age": age,
    }


def try_again(by: Person) -> None:
    """Let the place be knocked at now."""
    _operator(by)
    for lane in Lane.objects.filter(name__in=(COPY_LANE, LOOK_LANE)):
        Lane.objects.filter(pk=lane.pk).update(next_attempt_at=None)
    waiting = Copy.objects.all().missing().filter(parked=False)
    waiting.exclude(next_attempt_at=None).update(next_attempt_at=None)
    log("second_copy_retry", by=by)


def _operator(by: Person) -> None:
    if not by.operates:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
