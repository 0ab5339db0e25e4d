"""A released story as a message for WhatsApp, with the address of a site where readers find it."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import prose
from config import Site
from newsroom.acts import ActRefused
from newsroom.dressing import outfit
from newsroom.export import public_address
from newsroom.models import Delivery, Person, Right, Share, State, Story, log
from newsroom.photos import barred_as_sealed

PHOTOS = 10
"""Sent along at most: a phone hands them over at once."""
LONGEST_CHANNEL = 80


def shareable(story: Story) -> Sequence[tuple[Site, Delivery]]:
    """Return the sites where readers find the story now, in the order of the settings; none once it is withdrawn."""
    if story.state != State.RELEASED:
        return ()
    rows = {row.site: row for row in story.deliveries.all() if row.state == "live" and row.url}
    return [(site, rows[site.name]) for site in settings.REDAKSI.sites if site.name in rows]


def message(story: Story, site: Site, row: Delivery) -> str:
    """Return the released text as a message, in the site's style and with its address."""
    sealed = story.sealed()
    text = outfit(sealed, site).text
    return prose.whatsapp(
        sealed.headline,
        text.body,
        dateline=text.before,
        link=public_address(row),
        tags=(sealed.category,),
        code=text.after,
    )


def photos_to_share(story: Story) -> list[int]:
    """Return the numbers, from 1, of the released photos that readers may see now, the first ones."""
    if not shareable(story):
        return []
    shown = story.sealed().photos
    closed = barred_as_sealed(story, shown)
    return [number for number, photo in enumerate(shown, 1) if photo["sha256"] not in closed][:PHOTOS]


def may_note(person: Person) -> bool:
    """Say whether a person's shares are noted; which story it is is asked before."""
    return person.may(Right.WRITE) or person.may(Right.APPROVE)


def note_share(story: Story, by: Person, way: str, channel: str = "") -> Share:
    """Note that `by` shared the story: one line for each of their groups, renewed when they do it again. Raises ActRefused."""
    if not may_note(by):
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
    if not shareable(story):
        raise ActRefused(_("Berita ini tidak sedang tayang, jadi tidak dapat ditandai sudah dibagikan."))
    channel = " ".join(channel.replace("\0", "").split())[:LONGEST_CHANNEL]
    way = way if way in Share.Way.values else Share.Way.MARK
    standing = Share.objects.filter(story=story, by=by, channel=channel, undone_at=None)
    if standing.update(at=timezone.now(), way=way):
        return standing.get()
    try:
        with transaction.atomic():
            made = Share.objects.create(story=story, by=by, way=way, channel=channel)
            log("share", by=by, story=story, note=channel)
    except IntegrityError:  # two taps in one moment
        return standing.get()
    return made


def undo_share(share: Share, by: Person) -> None:
    """Take one's own mark back. Raises ActRefused."""
    with transaction.atomic():
        mine = Share.objects.filter(pk=share.pk, by=by, undone_at=None)
        if not mine.update(undone_at=timezone.now()):
            raise ActRefused(_("Tanda ini bukan milik Anda atau sudah dihapus. Muat ulang halaman."))
        log("unshare", by=by, story=share.story, note=share.channel)
