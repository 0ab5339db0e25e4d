"""The words of personal notices: one plain sentence each, in the person's language, with the page it is about.

Of a story nothing but its headline is told, with identity and bank numbers masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import prose
from newsroom import clocks
from newsroom.approval import mine
from newsroom.models import Mention, Notice, Person, State, Story, Tiding
from prose.personal import hide

LISTED = 20
"""Lines of a digest; the others are counted."""
LONGEST_HEADLINE = 120


def message(person: Person, tidings: Sequence[Tiding]) -> tuple[str, str]:
    """Write what is told to a person as subject and body."""
    with translation.override(person.language or settings.REDAKSI.office.language):
        lines = [f"{sentence(row)}\n{address(row)}" for row in tidings[:LISTED]]
        if (more := len(tidings) - LISTED) > 0:
            lines.append(_("… dan %(count)s lagi.") % {"count": prose.number(more)})
        subject = sentence(tidings[0]).rstrip(".") if len(tidings) == 1 else _counted(tidings)
        choice = _("Atur pemberitahuan Anda: %(address)s") % {"address": _full(reverse("own_notices"))}
        return f"{settings.REDAKSI.office.name}: {subject}", "\n\n".join([*lines, choice]) + "\n"


def trial(person: Person) -> tuple[str, str]:
    """Write what a channel is tried with."""
    with translation.override(person.language or settings.REDAKSI.office.language):
        at = timezone.localtime(timezone.now(), settings.REDAKSI.office.tz)
        subject = _("percobaan pemberitahuan")
        body = _("Dikirim %(at)s atas permintaan Anda. Saluran ini berjalan.") % {
            "at": f"{at:%d/%m/%Y %H.%M}"
        }
        choice = _("Atur pemberitahuan Anda: %(address)s") % {"address": _full(reverse("own_notices"))}
        return f"{settings.REDAKSI.office.name}: {subject}", f"{body}\n\n{choice}\n"


def _counted(tidings: Sequence[Tiding]) -> str:
    count = len(tidings)
    if all(row.kind == "arrived" and not row.twist for row in tidings):
        return ngettext("%(count)d kiriman baru", "%(count)d kiriman baru", count) % {"count": count}
    if all(row.kind == "late" for row in tidings):
        return ngettext("%(count)d berita terlambat", "%(count)d berita terlambat", count) % {"count": count}
    return ngettext("%(count)d pemberitahuan", "%(count)d pemberitahuan", count) % {"count": count}


def sentence(row: Tiding) -> str:
    """Say what has happened, in the language of now."""
    told = {"story": _headline(row.story), "name": hide(row.name), "time": _time(row.at)}
    return _sentences()[row.kind, row.twist] % told


def _sentences() -> dict[tuple[str, str], str]:
    return {
        ("arrived", ""): _("Kiriman baru: %(story)s."),
        ("arrived", "again"): _("Dikirim ulang: %(story)s."),
        ("returned", ""): _("Dikembalikan kepada Anda: %(story)s."),
        ("returned", "asked"): _("Redaksi menanyakan sesuatu tentang %(story)s."),
        ("returned", "changes"): _("Pimpinan minta perubahan: %(story)s."),
        ("mention", ""): _("%(name)s menyebut Anda di komentar %(story)s."),
        ("approval", ""): _("Menunggu persetujuan Anda: %(story)s."),
        ("soon", ""): _("Waktunya habis pukul %(time)s: %(story)s."),
        ("late", ""): _("Terlambat sejak %(time)s: %(story)s."),
        ("site", ""): _("%(name)s tidak menerima berita."),
        ("site", "over"): _("%(name)s sudah menerima berita lagi."),
        ("mailbox", ""): _("Kotak surel %(name)s diam; kiriman baru belum masuk."),
        ("mailbox", "over"): _("Kotak surel %(name)s sudah diperiksa lagi."),
    }


def address(row: Tiding) -> str:
    """Return the page a notice leads to."""
    if row.story_id:
        return _full(reverse("story", args=[row.story_id]))
    return _full(reverse("mailboxes") if row.kind == "mailbox" else reverse("site_list"))


def moot(row: Tiding, person: Person, now: datetime) -> bool:
    """Say whether there is nothing to tell any more: it was done meanwhile, or is not theirs to see."""
    if row.story_id and not Story.objects.filter(pk=row.story_id).visible_to(person).exists():
        return row.kind != "returned" or person.pk not in row.story.written_by
    match row.kind:
        case "arrived":
            return bool(row.story.state != State.QUEUED)
        case "mention":
            comment = int(row.event.partition(":")[2])
            return not Mention.objects.filter(comment=comment, person=person, read_at=None).exists()
        case "approval":
            step = int(row.event.partition(":")[2])
            return not mine(person).filter(pk=step).exists()
        case "soon":
            return not clocks.soon(clocks.needing(Story.objects.filter(pk=row.story_id), now), now).exists()
        case "late":
            return not clocks.late(clocks.needing(Story.objects.filter(pk=row.story_id), now), now).exists()
        case "returned":
            return bool(row.story.state != State.RETURNED and not row.twist)
        case "site" | "mailbox":
            return not row.twist and _is_over(row)
    return False


def _is_over(row: Tiding) -> bool:
    return Notice.objects.filter(pk=int(row.event.partition(":")[2])).exclude(ended_at=None).exists()


def _headline(story: Story | None) -> str:
    if story is None:
        return ""
    text = " ".join(hide(story.headline).split()) or _("tanpa judul")
    short = text if len(text) <= LONGEST_HEADLINE else f"{text[: LONGEST_HEADLINE - 1].rstrip()}…"
    return f"“{short}”"


def _time(at: Any) -> str:
    zone = settings.REDAKSI.office.tz
    local = timezone.localtime(at, zone)
    today = timezone.localtime(timezone.now(), zone).date()
    clock = prose.clock(at, zone)
    return clock if local.date() == today else f"{local:%d/%m/%Y} {clock}"


def _full(path: str) -> str:
    return f"{settings.REDAKSI.web.public_url.rstrip('/')}{path}"
