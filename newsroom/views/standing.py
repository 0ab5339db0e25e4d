"""Where a story stands on each site, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.models import OUT_OF_SIGHT, Choice, Delivery, Lane, Package, Sight, State, Story
from newsroom.sites import lanes_of
from newsroom.templatetags.office import day, short


@dataclass(frozen=True)
class Standing:
    delivery: Delivery
    title: str
    """The site's name as people know it."""
    words: str
    tone: str
    """`live`, `wait`, `held`, `gone`, or `task` where a person is to act at the site."""
    url: str
    site: str = ""
    """The site's name where it holds up every story, so that its page says more."""

    @property
    def drift(self) -> int | None:
        """The number of what was found at the site, where that differs from what it had confirmed."""
        sight = sight_of(self.delivery)
        return sight.pk if sight and sight.drift else None

    @property
    def task(self) -> int | None:
        """The task's number, where this is one."""
        return self.delivery.pk if self.delivery.owed and self.delivery.by_hand else None


def standings(
    story: Story, deliveries: Iterable[Delivery], lanes: Mapping[str, Lane] | None = None
) -> list[Standing]:
    """Return one line for each site the story was promised to, in the order of the settings."""
    places = {site.name: place for place, site in enumerate(settings.REDAKSI.sites)}
    lanes = lanes_of(places) if lanes is None else lanes
    lines = []
    for delivery in sorted(deliveries, key=lambda row: (places.get(row.site, len(places)), row.site)):
        delivery.story = story  # it is: saves a query a line
        lane = lanes.get(delivery.site)
        words, tone = _state(delivery, lane)
        words, tone = _as_found(delivery, words, tone)
        lines.append(
            Standing(
                delivery,
                title(delivery.site),
                words,
                tone,
                address(delivery.site, delivery.url),
                delivery.site if delivery.owed and _site_trouble(delivery, lane) else "",
            )
        )
    return lines


def site_lines(story: Story, lanes: Mapping[str, Lane] | None = None) -> dict[str, Any]:
    """Return what the page says of a story's sites, and whether it is worth asking again soon."""
    lines = standings(story, _with_sights(story), lanes)
    waits = story.state == State.VERIFIED and story.embargo_until is None
    return {
        "standings": lines,
        "site_titles": [site.title for site in settings.REDAKSI.sites if site.name in story.sites],
        "changing": waits or any(line.tone in ("wait", "held") for line in lines),
    }


def _with_sights(story: Story) -> Iterable[Delivery]:
    rows = story.deliveries.all()
    known = "deliveries" in getattr(story, "_prefetched_objects_cache", {})
    return rows if known else rows.select_related("sight")


def title(name: str) -> str:
    """Return the site's name as people know it; the short one when the settings have it no longer."""
    site = settings.REDAKSI.site(name)
    return site.title if site else name


def address(name: str, url: str) -> str:
    """Return where a reader finds the story; folder sites give addresses relative to themselves."""
    if url.startswith(("https://", "http://")):
        return url
    site = settings.REDAKSI.site(name)
    if not url or site is None or site.kind != "folder" or ":" in url.partition("/")[0]:
        return ""
    return reverse("site_file", kwargs={"name": name, "file": url.lstrip("/")})


@dataclass(frozen=True)
class Fixity:
    row: Package | None
    words: str
    tone: str
    """`good`, `bad` or `wait`."""
    brief: str = ""
    """For a list; the words where they are short enough."""


def fixity(package: Package | None) -> Fixity:
    """Say whether a preserved version is still what it was."""
    if package is not None and (package.error or not package.sound):
        why = package.error or _("ditemukan tidak utuh, menunggu diperiksa ulang")
        if package.path:
            return Fixity(package, _("Rusak: %(why)s") % {"why": why}, "bad", _("Paket arsip rusak"))
        return Fixity(package, why, "bad", _("Belum dapat dipaketkan"))
    if package is not None and not package.path and package.revision > 1:
        return Fixity(package, _("Menunggu dipaketkan: ada yang baru diketahui"), "wait")
    if package is None or not package.path:
        return Fixity(package, _("Belum dipaketkan"), "wait")
    if package.checked_at is None:
        return Fixity(package, _("Menunggu diperiksa ulang"), "wait")
    return Fixity(package, _("Utuh, diperiksa %(day)s") % {"day": day(package.checked_at)}, "good")


def paused_words(lane: Lane) -> str:
    """Say who has paused a site, since when and why."""
    return _("Dijeda oleh %(who)s sejak %(time)s: %(why)s") % {
        "who": lane.paused_by,
        "time": short(lane.paused_at),
        "why": lane.paused_reason,
    }


def _site_trouble(delivery: Delivery, lane: Lane | None) -> str:
    """Say what keeps every story from the site; empty where this one has a trouble of its own, or may pass."""
    if lane is None or delivery.parked:
        return ""
    if lane.paused_at and delivery.story.state != State.RETRACTED:
        return paused_words(lane)
    if not lane.error:
        return ""
    if lane.refused:
        return _("Tertahan: situs ini menolak kita sejak %(time)s.") % {"time": short(lane.since)}
    # Not before now, though nobody has knocked yet.
    again = max(lane.next_attempt_at or timezone.now(), timezone.now())
    return _("Tertahan: situs ini tidak dapat dipakai sejak %(time)s. Dicoba lagi %(again)s.") % {
        "time": short(lane.since),
        "again": short(again),
    }


def sight_of(delivery: Delivery) -> Sight | None:
    """Return what the site was last seen to hold; None when it was never looked at."""
    found: Sight | None = getattr(delivery, "sight", None)
    return found


def _as_found(delivery: Delivery, words: str, tone: str) -> tuple[str, str]:
    """Say what was changed at the site and what was decided, where that is the case."""
    sight = sight_of(delivery)
    if sight is None or not sight.drift:
        return words, tone
    if sight.is_open:
        return _("Berubah di situs: %(what)s") % {"what": sight.get_drift_display().lower()}, "task"
    if sight.choice == Choice.RESTORE:
        return (
            (words, tone)
            if delivery.error or delivery.by_hand
            else (_("Versi kita sedang dikembalikan"), "wait")
        )
    if sight.drift in OUT_OF_SIGHT:
        return _("%(what)s di situs, dibiarkan") % {"what": sight.get_drift_display()}, "gone"
    return f"{words} · {_('versi situs dibiarkan')}", tone


def _removed(delivery: Delivery) -> str:
    """Say what becomes of what a site is owed that the settings have no longer."""
    if delivery.story.state == State.RETRACTED and delivery.state == "live":
        return _(
            "Situs ini tidak ada lagi pada pengaturan, jadi penarikan tidak dikirim. Pembaca mungkin masih melihatnya; "
            "minta pengelola situs menghapusnya."
        )
    return _("Situs ini tidak ada lagi pada pengaturan, jadi tidak dikirim ke sana.")


def _state(delivery: Delivery, lane: Lane | None = None) -> tuple[str, str]:
    if delivery.owed and settings.REDAKSI.site(delivery.site) is None:
        return _removed(delivery), "task"
    if delivery.owed and (trouble := _site_trouble(delivery, lane)):
        return trouble, "held"
    if delivery.owed and delivery.by_hand:
        return _task_state(delivery)
    if delivery.owed and delivery.error:
        if delivery.next_attempt_at:
            again = short(delivery.next_attempt_at)
            return _("Tertahan: %(why)s Dicoba lagi %(time)s.") % {
                "why": delivery.error,
                "time": again,
            }, "held"
        return _("Tertahan: %(why)s") % {"why": delivery.error}, "held"
    if delivery.owed:
        if delivery.story.state == State.RETRACTED:
            return _("Menunggu ditarik"), "wait"
        return (_("Ralat menunggu dikirim") if delivery.sent_version else _("Menunggu")), "wait"
    said = unproven(delivery.receipts[-1]) if delivery.receipts else ""
    if delivery.state == "live":
        return _("Tayang %(time)s") % {"time": short(delivery.confirmed_at)} + said, "live"
    if delivery.state == "hidden":
        return _("Ditarik %(time)s") % {"time": short(delivery.confirmed_at)} + said, "gone"
    return _("Tidak pernah tayang di sini"), "gone"


def _task_state(delivery: Delivery) -> tuple[str, str]:
    """Say where a task at a portal stands."""
    if delivery.told and not delivery.error:
        return _("Sedang diperiksa"), "wait"
    if delivery.story.state == State.RETRACTED:
        return _("Menunggu ditarik dengan tangan"), "task"
    if delivery.state == "live":
        return _("Ralat menunggu dikerjakan dengan tangan"), "task"
    return _("Menunggu ditayangkan dengan tangan"), "task"


def unproven(receipt: Mapping[str, Any]) -> str:
    """Say whose word a receipt is where no page proved it; else empty."""
    who = (receipt.get("detail") or {}).get("recorded_by")
    return f" · {_('dicatat oleh %(who)s, tidak terbaca otomatis') % {'who': who}}" if who else ""
