"""compare_site: once a night, what a site holds now beside what it has confirmed. Nothing is written there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

import prose
import publishers
from config import Site
from newsroom.dressing import outfit
from newsroom.drift import left_alone
from newsroom.models import OUT_OF_SIGHT, PUBLIC, Delivery, Package, Revision, Round, Sight, State, log
from publishers import Changed, Held, Publisher, Refused, Seen

PHOTOS_IN_A_NIGHT = 1500
"""Stories whose photo files are looked for in one night; those of a larger site take turns."""
TOGETHER = 200
LONGEST_TEXT = 500_000
"""Characters kept of a text as found."""
UNDECIDED: dict[str, Any] = {"choice": "", "chosen_by": None, "chosen_at": None}
NOTHING: dict[str, Any] = {
    **UNDECIDED,
    "drift": "",
    "found_at": None,
    "found_mark": "",
    "title": "",
    "text": "",
    "record": {},
}


def compare_site(turn: Round) -> None:
    """Compare all stories of one site. A site that does not answer is no drift: raises Unreachable, Unanswered."""
    site = settings.REDAKSI.site(turn.site)
    if site is None:  # removed from the settings in this moment
        return
    # Not the one that delivers: that keeps its line and its knowledge to its own thread.
    publisher = publishers.build(site, settings.REDAKSI.office.zone)
    rows = {str(row.pk): row for row in _compared(site, publisher)}
    held = list(as_held(list(rows.values()), site, publisher))
    same: list[Sight] = []
    count = 0
    try:
        for seen in publisher.compare(held):
            count += 1
            row = rows[seen.key]
            if _let_be_gone(_sight(row)):
                if _is_back(seen):
                    _back(row, seen)
                else:
                    same.append(_looked(row, seen))
            elif seen.drift or _sight(row).is_open:
                note(row, seen)
            else:
                same.append(_looked(row, seen))
            if len(same) >= TOGETHER:
                same = _keep(same)
                turn.hold(stories=count)
    except Refused as error:
        turn.done(looked_at=timezone.now(), stories=count, refusal=str(error))
    else:
        turn.done(looked_at=timezone.now(), stories=count, refusal="")
    finally:
        _keep(same)


def note(delivery: Delivery, seen: Seen) -> None:
    """Keep what was found of one story, unless it was sent or decided about since it was looked at."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update().select_related("story").get(pk=delivery.pk)
        if (row.sent_version, row.claim, row.ledger) != (
            delivery.sent_version,
            delivery.claim,
            delivery.ledger,
        ):
            return
        sight, _ = Sight.objects.select_for_update().get_or_create(delivery=row)
        before = sight.drift, sight.found_mark, sight.choice
        for name, value in _found(seen).items():
            setattr(sight, name, value)
        sight.looked_at = timezone.now()
        if before != (sight.drift, sight.found_mark, ""):
            for name, value in UNDECIDED.items():
                setattr(sight, name, value)
            sight.found_at = timezone.now() if seen.drift else None
            verb = "drift" if seen.drift else "drift_over"
            what = sight.get_drift_display() if seen.drift else ""
            told = " · ".join(filter(None, (row.site, str(what))))
            log(verb, story=row.story, version=row.story.version, note=told)
        sight.save()


def noticed(delivery: Delivery, error: Changed) -> None:
    """Keep what a delivery came upon: the next step is a person's choice, not another try."""
    note(delivery, error.seen)


def passed_over(delivery: Delivery, version: int, publisher: Publisher) -> bool:
    """Say whether the story is gone from the site and an editor let it be: then this version is not sent there.

    The site is asked: where its people show the story again, what readers see is ours to correct.
    """
    sight = Sight.objects.filter(delivery=delivery).first()
    if sight is None or not _let_be_gone(sight):
        return False
    if _is_back(_looked_for(delivery, publisher)):
        delivery.hold(ledger=_as_before(delivery))
        return False
    told = left_alone(delivery, version, sight.chosen_by)
    delivery.done(sent_version=version, receipts=[*delivery.receipts, told], asked=False)
    Package.objects.question(delivery.story_id, version)
    return True


def forget(delivery: Delivery) -> None:
    """The site holds our version: what was found there is over."""
    Sight.objects.filter(delivery=delivery).update(mark="", **NOTHING)


def open_rounds() -> None:
    """Make a row for each site of the settings; its first turn is the next one."""
    known = set(Round.objects.values_list("site", flat=True))
    fresh = [Round(site=site.name) for site in settings.REDAKSI.sites if site.name not in known]
    if fresh:
        Round.objects.bulk_create(fresh, ignore_conflicts=True)


def _compared(site: Site, publisher: Publisher) -> QuerySet[Delivery]:
    """Return what the site has confirmed and nothing is on its way to, what was not looked at longest first."""
    rows = (
        Delivery.objects.filter(site=site.name, claim="", state__in=("live", "hidden"))
        .exclude(remote_id="")
        .filter(story__state__in=PUBLIC, sent_version=F("story__version"))
        .select_related("story", "sight")
        .order_by(F("sight__looked_at").asc(nulls_first=True), "id")
    )
    return rows[: publisher.most_looks] if publisher.most_looks is not None else rows


def as_held(rows: Sequence[Delivery], site: Site, publisher: Publisher) -> Iterator[Held]:
    """Yield what the site is believed to hold; the photo files of a large site take turns, night by night."""
    turns = -(-len(rows) // PHOTOS_IN_A_NIGHT) or 1
    tonight = timezone.localdate(timezone.now(), settings.REDAKSI.office.tz).toordinal() % turns
    for row in rows:
        yield _held(row, site, publisher, photos=row.pk % turns == tonight)


def _held(row: Delivery, site: Site, publisher: Publisher, *, photos: bool) -> Held:
    receipt = row.receipts[-1] if row.receipts else {}
    # What was let be as gone is looked for: known as gone, it would be found as it should be.
    gone = _let_be_gone(_sight(row))
    return Held(
        key=str(row.pk),
        remote_id=row.remote_id,
        url=row.url,
        shown=row.story.state == State.RELEASED,
        mark="" if gone else _trusted_mark(row),
        sha256=_last_sum(row) if gone else receipt.get("sha256", ""),
        ledger={name: value for name, value in row.ledger.items() if not gone or name != "seen"},
        photos=photos,
        **(_words(row, site, receipt) if publisher.most_looks is not None else {}),
    )


def _looked_for(delivery: Delivery, publisher: Publisher) -> Seen | None:
    """Look at one story now; None when nothing can be told."""
    site = settings.REDAKSI.site(delivery.site)
    return next(iter(publisher.compare([_held(delivery, site, publisher, photos=False)])), None)


def _let_be_gone(sight: Sight) -> bool:
    return sight.is_let_be and sight.drift in OUT_OF_SIGHT


def _is_back(seen: Seen | None) -> bool:
    return seen is not None and seen.drift not in OUT_OF_SIGHT


def _back(row: Delivery, seen: Seen) -> None:
    """The site shows a story again that was let be as gone: what was passed over is owed to its readers."""
    version = row.story.version
    with transaction.atomic():
        note(row, seen)
        free = Delivery.objects.filter(pk=row.pk, claim="", sent_version=row.sent_version)
        skipped = bool(row.receipts) and row.receipts[-1].get("state") == "kept"
        free.update(ledger=_as_before(row), **({"sent_version": version - 1} if skipped else {}))


def _as_before(row: Delivery) -> dict[str, Any]:
    """Return the ledger with our own last text as what is compared with, not its absence."""
    return {**row.ledger, "seen": {"text": _last_sum(row), "shown": True}}


def _last_sum(row: Delivery) -> str:
    return next((one["sha256"] for one in reversed(row.receipts) if one.get("sha256")), "")


def _words(row: Delivery, site: Site, receipt: dict[str, Any]) -> dict[str, Any]:
    """Return the words as they were sent, for a page that can only be read."""
    try:
        sealed = row.story.sealed()
    except Revision.DoesNotExist:
        return {}
    worn = outfit(sealed, site)
    found = (receipt.get("detail") or {}).get("paragraphs") or [0]
    return {
        "headline": sealed.headline,
        "lead": worn.lead,
        "html": prose.to_html(worn.text.whole),
        "paragraphs": found[0],
    }


def _trusted_mark(row: Delivery) -> str:
    """Return the mark of the last look, unless the site has confirmed something since."""
    sight = _sight(row)
    fresh = row.confirmed_at is not None and sight.looked_at > row.confirmed_at
    return sight.mark if fresh else ""


def _sight(row: Delivery) -> Sight:
    found: Sight = getattr(row, "sight", None) or Sight(delivery=row)
    return found


def _found(seen: Seen) -> dict[str, Any]:
    if not seen.drift:
        return {**NOTHING, "mark": _steady(seen)}
    return {
        "drift": seen.drift,
        "mark": "",
        "found_mark": seen.mark[:200],
        "title": seen.title[:LONGEST_TEXT],
        "text": seen.text[:LONGEST_TEXT],
        "record": dict(seen.record),
    }


def _steady(seen: Seen) -> str:
    return seen.mark[:200] if seen.steady else ""


def _looked(row: Delivery, seen: Seen) -> Sight:
    # A row without a number of its own: the delivery is what it meets the one that is there by.
    return Sight(delivery=row, looked_at=timezone.now(), mark=_steady(seen))


def _keep(same: Sequence[Sight]) -> list[Sight]:
    """Write when many were looked at and found right; return none left to write."""
    batches = iter(same)
    while batch := list(islice(batches, TOGETHER)):
        Sight.objects.bulk_create(
            batch, update_conflicts=True, unique_fields=["delivery"], update_fields=["looked_at", "mark"]
        )
    return []
