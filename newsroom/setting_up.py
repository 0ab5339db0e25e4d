"""How far setting up the office has come: computed from the settings, the rows and the log, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.models import LogEntry, Pass, Person, Role

NAMES = ("kantor", "orang", "surel", "situs", "uji")
SAMPLE = "Media Center Kota Contoh"
"""The office's name in the settings file as it comes."""
VERBS = (
    *("setup_office", "setup_mailbox", "setup_outgoing", "setup_site"),
    *("setup_skip", "setup_close", "setup_open", "trial"),
)


@dataclass(frozen=True)
class Step:
    name: str
    title: str
    about: str
    done: bool
    skipped: bool

    @property
    def settled(self) -> bool:
        return self.done or self.skipped


@dataclass(frozen=True)
class Progress:
    steps: list[Step]
    closed: bool
    """Somebody has put the list away."""

    @property
    def settled(self) -> int:
        return sum(step.settled for step in self.steps)

    @property
    def over(self) -> bool:
        return self.settled == len(self.steps)


def progress() -> Progress:
    """Return every step of the setup, and whether it is done or was skipped."""
    return _progress(_told())


def banner() -> Progress | None:
    """Return what an administrator is reminded of; None once all is done, put away, or was there already."""
    told = _told()
    if _closed(told) or (not told and _real_mailbox() and _real_site()):
        return None
    found = _progress(told)
    return None if found.over else found


def _told() -> list[tuple[str, str]]:
    return list(LogEntry.objects.filter(verb__in=VERBS).order_by("id").values_list("verb", "note"))


def _closed(told: list[tuple[str, str]]) -> bool:
    said = [verb for verb, _note in told if verb in ("setup_close", "setup_open")]
    return bool(said) and said[-1] == "setup_close"


def _progress(told: list[tuple[str, str]]) -> Progress:
    verbs = {verb for verb, _note in told}
    skipped = {note for verb, note in told if verb == "setup_skip"}
    done = {
        "kantor": "setup_office" in verbs or settings.REDAKSI.office.name != SAMPLE,
        "orang": _people(),
        "surel": "setup_mailbox" in verbs or _real_mailbox(),
        "situs": "setup_site" in verbs or _real_site(),
        "uji": "trial" in verbs,
    }
    words = _words()
    steps = [Step(name, *words[name], done[name], name in skipped) for name in NAMES]
    return Progress(steps, _closed(told))


def _words() -> dict[str, tuple[str, str]]:
    return {
        "kantor": (_("Kantor"), _("Nama, zona waktu, bahasa, dan logo.")),
        "orang": (_("Orang"), _("Undang rekan pertama; tiap orang punya akun sendiri.")),
        "surel": (_("Kotak surel"), _("Alamat tempat liputan dikirim, dan server untuk surat keluar.")),
        "situs": (_("Situs"), _("Tempat berita ditayangkan.")),
        "uji": (_("Surel uji"), _("Satu surel diikuti dari kotak surel sampai antrean.")),
    }


def _people() -> bool:
    """Say whether somebody besides the first works here, or is invited."""
    if Person.objects.filter(is_active=True).exclude(role=Role.CONTRIBUTOR)[1:2].exists():
        return True
    waiting = Pass.objects.filter(kind=Pass.Kind.INVITATION, used_at=None, withdrawn_at=None)
    return waiting.exclude(by=None).filter(expires_at__gt=timezone.now()).exists()


def _real_mailbox() -> bool:
    """Say whether mail comes from elsewhere than the sample's folder."""
    return settings.REDAKSI.lmtp is not None or any(
        box.kind != "folder" or not _ours(box.path) for box in settings.REDAKSI.mailboxes
    )


def _real_site() -> bool:
    """Say whether there is a site besides the sample's."""
    return any(
        site.kind != "folder" or not _ours(site.options.get("path", "")) for site in settings.REDAKSI.sites
    )


def _ours(path: Any) -> bool:
    """Say whether a folder lies among our data, as the sample's do."""
    return Path(path).resolve().is_relative_to(settings.REDAKSI.data.resolve())
