"""deliver: a site is brought to hold a story as of its latest version, or told to hold it no longer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from django.conf import settings
from django.utils import timezone

import prose
import publishers
from config import Site
from newsroom.dressing import Outfit, outfit
from newsroom.models import Delivery, Lane, Revision, State, Story
from newsroom.photos import barred_as_sealed
from pipeline.site_pictures import picture_name, site_picture
from prose import dates
from publishers import Picture, Post, Publisher, Receipt, Refused, Unreachable


class DeliveryLedger(MutableMapping[str, Any]):
    """A publisher's ledger in the Delivery row: each write is committed, and only while we hold the claim."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery

    def __getitem__(self, name: str) -> Any:
        return self.delivery.ledger[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.delivery.hold(ledger={**self.delivery.ledger, name: value})
        Lane.renew(self.delivery.claim)

    def __delitem__(self, name: str) -> None:
        self.delivery.hold(ledger={k: v for k, v in self.delivery.ledger.items() if k != name})

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.delivery.ledger))

    def __len__(self) -> int:
        return len(self.delivery.ledger)


def deliver(delivery: Delivery) -> None:
    """Bring one site up to the story's version. Raises PublishError."""
    story = delivery.story
    site = settings.REDAKSI.site(delivery.site)
    publisher = publishers.build(site, settings.REDAKSI.office.zone)
    sealed = story.sealed()
    ledger = DeliveryLedger(delivery)
    if story.state == State.RETRACTED:
        receipt = _retract(publisher, delivery, sealed, ledger)
    else:
        _need_open(story, sealed)
        receipt = _publish(publisher, delivery, make_post(story, sealed, site), ledger)
    _confirm(delivery, story.version, receipt)


def _need_open(story: Story, sealed: Revision) -> None:
    """Raise Refused when a photo was flagged since the text was sealed: nothing of it is sent."""
    for reason in barred_as_sealed(story, sealed.photos).values():
        raise Refused(
            f"{reason} Berita ini belum dikirim ke situs. Perbaiki fotonya lalu tayangkan ralat, atau tarik beritanya."
        )


def _publish(publisher: Publisher, delivery: Delivery, post: Post, ledger: DeliveryLedger) -> Receipt:
    remote_id = delivery.remote_id or _look(publisher, delivery, post.key)
    if not remote_id:
        return (
            publisher.create(post, ledger) if publisher.can_find else _create_blind(publisher, post, ledger)
        )
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
    if not remote_id:
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


def _confirm(delivery: Delivery, version: int, receipt: Receipt | None) -> None:
    now = timezone.now()
    proof: dict[str, Any] = {"version": version, "at": now.isoformat()}
    if receipt is None:
        delivery.done(sent_version=version, state="", confirmed_at=now, receipts=[*delivery.receipts, proof])
        return
    proof |= {
        "state": receipt.state,
        "remote_id": receipt.remote_id,
        "url": receipt.url,
        "sha256": receipt.sha256,
        "detail": receipt.detail,
    }
    delivery.done(
        sent_version=version,
        state=receipt.state,
        remote_id=receipt.remote_id,
        url=receipt.url,
        confirmed_at=now,
        receipts=[*delivery.receipts, proof],
    )


def make_post(story: Story, sealed: Revision, site: Site) -> Post:
    """Dress one verified text for a site."""
    worn = outfit(sealed, site)
    first = story.released_at or story.sealed_at or timezone.now()
    slug = prose.slug(sealed.headline) or story.key[:8]
    local = timezone.localtime(first, settings.REDAKSI.office.tz)
    outlet = sealed.byline_outlet or settings.REDAKSI.office.name
    pictures = tuple(
        _picture(sealed, photo, picture_name(local, outlet, slug, number), worn)
        for number, photo in enumerate(sealed.photos, start=1)
    )
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
    )


def notice_line(sealed: Revision) -> str:
    """Say to readers what this version changed, with its time and zone; empty for a first version."""
    if not sealed.notice:
        return ""
    word = {"correct": "Ralat", "retract": "Ditarik", "restore": "Ditayangkan kembali"}[sealed.why]
    return f"{word} ({dates.short(sealed.at, settings.REDAKSI.office.tz)}): {sealed.notice}"


def _picture(sealed: Revision, photo: Mapping[str, Any], filename: str, worn: Outfit) -> Picture:
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
