"""deliver: a site is brought to hold a story as of its latest version, or told to hold it no longer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import prose
import publishers
from config import Site
from newsroom import clocks
from newsroom.dressing import Outfit, notice_line, notice_lines, outfit
from newsroom.models import Delivery, Lane, Package, Revision, State, Story
from newsroom.photos import barred_as_sealed
from newsroom.waiting import LEASE
from pipeline import drift
from pipeline.proof import promise
from pipeline.site_pictures import picture_name, site_picture
from publishers import Asked, Changed, Note, Picture, Post, Publisher, Receipt, Refused, Unreachable

NOBODYS: dict[str, Any] = {"asked": False, "taken_by": None, "taken_at": None}
"""A delivery that is no person's task (any more)."""


_standing: dict[str, tuple[Site, str, Publisher]] = {}


def standing(site: Site) -> Publisher:
    """Return the site's publisher, the same until its settings change: it keeps its line and what it has learned.

    A site's lane has one hand, so no two use it at once.
    """
    zone = settings.REDAKSI.office.zone
    built_for, built_zone, publisher = _standing.get(site.name, (None, "", None))
    if publisher is None or built_for != site or built_zone != zone:
        publisher = publishers.build(site, zone)
        _standing[site.name] = (site, zone, publisher)
    return publisher


class DeliveryLedger(MutableMapping[str, Any]):
    """A publisher's ledger in the Delivery row: each write is committed, and only while we hold the claim."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self._renewed = timezone.now()

    def __getitem__(self, name: str) -> Any:
        return self.delivery.ledger[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.delivery.hold(ledger={**self.delivery.ledger, name: value})
        if timezone.now() - self._renewed > LEASE / 15:
            Lane.renew(self.delivery.claim)
            self._renewed = timezone.now()

    def __delitem__(self, name: str) -> None:
        self.delivery.hold(ledger={k: v for k, v in self.delivery.ledger.items() if k != name})

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.delivery.ledger))

    def __len__(self) -> int:
        return len(self.delivery.ledger)


def deliver(delivery: Delivery) -> None:
    """Bring one site up to the story's version. Raises PublishError."""
    try:
        _bring(delivery)
    except (Asked, Refused) as error:
        if isinstance(error, Changed):
            drift.noticed(delivery, error)
        asked = isinstance(error, Asked)
        if delivery.asked != asked:
            delivery.hold(asked=asked)
        raise


def _bring(delivery: Delivery) -> None:
    begun = timezone.now()
    story = delivery.story
    site = settings.REDAKSI.site(delivery.site)
    if site is None:  # removed from the settings in this moment: it waits for the site's return
        return
    publisher = standing(site)
    sealed = story.sealed()
    ledger = DeliveryLedger(delivery)
    if story.state == State.RETRACTED:
        receipt = _retract(publisher, delivery, sealed, ledger)
    else:
        _need_open(story, sealed)
        if drift.passed_over(delivery, story.version, publisher):
            clocks.settle(story)
            return
        receipt = _publish(publisher, delivery, make_post(story, sealed, site), ledger)
    with transaction.atomic():
        _confirm(delivery, story.version, receipt, begun)
        drift.forget(delivery)
        clocks.settle(story)


def _need_open(story: Story, sealed: Revision) -> None:
    """Raise Refused when a photo was flagged since the text was sealed: nothing of it is sent."""
    for reason in barred_as_sealed(story, sealed.photos).values():
        raise Refused(
            f"{reason} Berita ini belum dikirim ke situs. Perbaiki fotonya lalu tayangkan ralat, atau tarik beritanya."
        )


def _publish(publisher: Publisher, delivery: Delivery, post: Post, ledger: DeliveryLedger) -> Receipt:
    remote_id = delivery.remote_id or _look(publisher, delivery, post.key)
    if not remote_id:
        # Where a person sends, nothing is sent blind: they look first.
        looks = publisher.can_find or publisher.assisted
        return publisher.create(post, ledger) if looks else _create_blind(publisher, post, ledger)
    if not publisher.can_update:
        raise Refused("Situs ini tidak dapat diralat dari sini. Ralat di situsnya, lalu catat alamatnya.")
    return publisher.update(remote_id, post, ledger)


def _create_blind(publisher: Publisher, post: Post, ledger: DeliveryLedger) -> Receipt:
    """Create where nothing can be looked up: once it may have been sent, only a person can tell."""
    if ledger.get("sent"):
        raise Refused(
            "Pengiriman ke situs ini terputus. Periksa di situs apakah berita sudah tayang, lalu catat alamatnya."
        )
    ledger["sent"] = True
    try:
        return publisher.create(post, ledger)
    except Unreachable:
        del ledger["sent"]
        raise


def _retract(
    publisher: Publisher, delivery: Delivery, sealed: Revision, ledger: DeliveryLedger
) -> Receipt | None:
    remote_id = delivery.remote_id or _look(publisher, delivery, delivery.story.key, drafts=True)
    if not remote_id and publisher.late(ledger):
        remote_id = _look(publisher, delivery, delivery.story.key, drafts=True)
    if not remote_id and not (publisher.assisted and delivery.ledger.get("asked")):
        return None
    if not publisher.can_retract:
        raise Refused("Situs ini tidak dapat menarik berita dari sini. Tarik di situsnya, lalu catat.")
    return publisher.retract(remote_id, notice_line(sealed), ledger)


def _look(publisher: Publisher, delivery: Delivery, key: str, *, drafts: bool = False) -> str:
    """Look before publishing: what an earlier, unrecorded attempt left at the site is taken up again.

    A draft is `create`'s own to go on with, but a retraction takes it too: its photo files are public.
    """
    if not publisher.can_find:
        return ""
    found = publisher.find(key)
    if found is None or (found.state == "draft" and not drafts):
        return ""
    delivery.hold(remote_id=found.remote_id, url=found.url)
    return found.remote_id


def _confirm(delivery: Delivery, version: int, receipt: Receipt | None, begun: datetime) -> None:
    now = timezone.now()
    proof: dict[str, Any] = {"version": version, "sent_at": begun.isoformat(), "at": now.isoformat()}
    if receipt is None:
        delivery.done(
            sent_version=version, state="", confirmed_at=now, receipts=[*delivery.receipts, proof], **NOBODYS
        )
        Package.objects.question(delivery.story_id, version)
        return
    proof |= {
        "state": receipt.state,
        "remote_id": receipt.remote_id,
        "url": receipt.url,
        "sha256": receipt.sha256,
        "detail": receipt.detail,
    }
    with transaction.atomic():
        delivery.done(
            sent_version=version,
            state=receipt.state,
            remote_id=receipt.remote_id,
            url=receipt.url,
            confirmed_at=now,
            receipts=[*delivery.receipts, proof],
            **NOBODYS,
        )
        promise(delivery, len(delivery.receipts) - 1)
        Package.objects.question(delivery.story_id, version)


def make_post(story: Story, sealed: Revision, site: Site) -> Post:
    """Dress one verified text for a site."""
    worn = outfit(sealed, site)
    first = _first_published(story)
    slug = prose.slug(sealed.headline) or story.key[:8]
    pictures = tuple(make_picture(story, sealed, worn, number) for number in range(1, len(sealed.photos) + 1))
    return Post(
        key=story.key,
        version=sealed.version,
        headline=sealed.headline,
        html=prose.to_html(worn.text.whole),
        text_lead=worn.lead,
        published_at=first,
        modified_at=sealed.at,
        slug=slug,
        pictures=pictures,
        category=sealed.category,
        byline=worn.byline,
        notice=notice_line(sealed),
        notes=tuple(Note(at, text) for at, text in notice_lines(sealed)),
    )


def make_picture(story: Story, sealed: Revision, worn: Outfit, number: int) -> Picture:
    """Make the text's photo of this number, from 1, for the site whose style is worn."""
    photo: Mapping[str, Any] = sealed.photos[number - 1]
    slug = prose.slug(sealed.headline) or story.key[:8]
    local = timezone.localtime(_first_published(story), settings.REDAKSI.office.tz)
    filename = picture_name(local, sealed.byline_outlet or settings.REDAKSI.office.name, slug, number)
    words = Picture(
        sha256=photo["sha256"],
        filename=filename,
        data=b"",
        width=0,
        height=0,
        caption=worn.caption(photo),
        credit=worn.credit(photo),
        alt=photo["alt"] or photo["caption"],
    )
    return site_picture(sealed, photo, words, worn.style)


def _first_published(story: Story) -> datetime:
    moment: datetime = story.released_at or story.sealed_at or timezone.now()
    return moment
