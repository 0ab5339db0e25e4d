"""A released story as a message for WhatsApp, with the address of a site where readers find it."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

import prose
from config import Site
from newsroom.dressing import outfit
from newsroom.export import public_address
from newsroom.models import Delivery, State, Story


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
