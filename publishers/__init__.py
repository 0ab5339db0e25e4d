"""Sites out: one module for each kind of site. A new kind is one module and one line in `KINDS`."""

from __future__ import annotations

from pydantic import ValidationError

from config import SettingsError, Site, explain
from publishers.assisted import AssistedPublisher
from publishers.base import (
    Asked,
    Changed,
    Held,
    Ledger,
    Note,
    Options,
    Picture,
    Post,
    Publisher,
    PublishError,
    Receipt,
    Refused,
    Seen,
    SiteAway,
    SiteRefused,
    Unanswered,
    Unreachable,
    consent,
)
from publishers.folder import FolderPublisher
from publishers.wordpress import WordPressPublisher
from publishers.wordpress_xmlrpc import WordPressXmlrpcPublisher

KINDS: dict[str, type[Publisher]] = {
    "assisted": AssistedPublisher,
    "folder": FolderPublisher,
    "wordpress": WordPressPublisher,
    "wordpress-xmlrpc": WordPressXmlrpcPublisher,
}


def build(site: Site, zone: str = "Asia/Jakarta") -> Publisher:
    """Return the publisher for `site`, whose dates are in the office's `zone` unless it names its own.

    Asks no network and no secret. Raises SettingsError with the place.
    """
    kind = KINDS.get(site.kind)
    if kind is None:
        raise SettingsError(
            f"sites.{site.name}.kind: jenis situs {site.kind} tidak dikenal; pilih {' atau '.join(KINDS)}."
        )
    given = {"zone": zone, **site.options} if "zone" in kind.Options.model_fields else site.options
    try:
        options = kind.Options.model_validate(given)
    except ValidationError as error:
        raise SettingsError("\n".join(explain(error, "sites", site.name))) from error
    return kind(site.name, site.title, options)


__all__ = [
    "KINDS",
    "Asked",
    "Changed",
    "Held",
    "Ledger",
    "Note",
    "Options",
    "Picture",
    "Post",
    "PublishError",
    "Publisher",
    "Receipt",
    "Refused",
    "Seen",
    "SiteAway",
    "SiteRefused",
    "Unanswered",
    "Unreachable",
    "build",
    "consent",
]
