"""One act on many stories of the queue: each is done, or left alone, by itself.

Verification is not among them: a text is read by the one who verifies it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.clocks import pause, resume
from newsroom.editing import EditRefused, edit
from newsroom.models import Person, State, Story
from newsroom.workflow import MoveRefused, move

MOST = 100
"""Stories one act takes: more than a page shows, few enough to be answered at once."""


@dataclass(frozen=True)
class Picked:
    """A story as it stood in the list from which it was picked."""

    pk: int
    revision: int | None


@dataclass(frozen=True)
class Skipped:
    story: Story | None
    reason: str


@dataclass
class Outcome:
    """What became of each story that was picked."""

    act: str
    done: list[Story] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


Act = Callable[[Story, Person, Any], None]


def _category(story: Story, by: Person, value: str) -> None:
    edit(story, by, {"category": value}, seen=story.revision_id)


def _sites(story: Story, by: Person, value: list[str]) -> None:
    if story.state not in (State.QUEUED, State.RETURNED):
        raise ActRefused(_("Situsnya hanya dapat diganti sebelum berita diverifikasi."))
    edit(story, by, {}, seen=story.revision_id, settings={"sites": value})


def _send_back(story: Story, by: Person, value: str) -> None:
    move(story, "send_back", by, value)


def _spike(story: Story, by: Person, value: str) -> None:
    move(story, "spike", by, value)


def _unspike(story: Story, by: Person, _value: object) -> None:
    move(story, "unspike", by)


def _resume(story: Story, by: Person, _value: object) -> None:
    resume(story, by)


ACTS: dict[str, Act] = {
    "send_back": _send_back,
    "spike": _spike,
    "unspike": _unspike,
    "category": _category,
    "sites": _sites,
    "pause": pause,
    "resume": _resume,
}


def do(act: str, picked: Iterable[Picked], by: Person, value: Any = "") -> Outcome:
    """Do `act` to each story that still is as it was picked. Raises ActRefused when it can be done to none."""
    rows = list(dict.fromkeys(picked))
    _possible(act, rows, value)
    outcome = Outcome(act)
    for one in rows:
        story = Story.objects.select_related("contributor", "author").filter(pk=one.pk).first()
        try:
            _as_picked(story, one)
            ACTS[act](story, by, value)
        except (ActRefused, EditRefused, MoveRefused) as error:
            outcome.skipped.append(Skipped(story, str(error)))
        else:
            outcome.done.append(story)
    return outcome


def _possible(act: str, rows: list[Picked], value: Any) -> None:
    if act == "verify":
        raise ActRefused(
            _("Verifikasi tidak dapat dilakukan sekaligus: setiap berita dibaca dahulu. Buka satu per satu.")
        )
    if act not in ACTS:
        raise ActRefused(_("Pilih tindakannya lebih dahulu."))
    if not rows:
        raise ActRefused(_("Belum ada berita yang dipilih. Centang sedikitnya satu."))
    if len(rows) > MOST:
        raise ActRefused(_("Paling banyak %(most)d berita sekaligus.") % {"most": MOST})
    if act in ("send_back", "spike", "pause") and not str(value).strip():
        raise ActRefused(_("Tuliskan catatannya; semua yang dipilih menerima catatan yang sama."))
    known = {site.name for site in settings.REDAKSI.sites}
    if act == "sites" and (not value or not set(value) <= known):
        raise ActRefused(_("Pilih sedikitnya satu situs tujuan."))
    if act == "category" and len(value) > Story._meta.get_field("category").max_length:
        raise ActRefused(_("Nama kategori itu terlalu panjang."))


def _as_picked(story: Story | None, one: Picked) -> None:
    if story is None:
        raise ActRefused(_("Berita ini tidak ada."))
    if story.revision_id != one.revision:
        raise ActRefused(_("Teksnya berubah sejak daftar dibuka. Baca lagi, lalu putuskan."))
