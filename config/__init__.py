"""settings.yaml → one frozen, typed object. The only reader of that file."""

from config.finding import Finding
from config.oauth import OAuth
from config.settings import (
    FORM,
    Checks,
    Collage,
    FolderMailbox,
    ImapMailbox,
    Lmtp,
    Mailbox,
    Notices,
    Office,
    Outgoing,
    Settings,
    SettingsError,
    Site,
    Uploads,
    Web,
    Zone,
    load,
    secret,
)
from config.style import Style

__all__ = [
    "FORM",
    "Checks",
    "Collage",
    "Finding",
    "FolderMailbox",
    "ImapMailbox",
    "Lmtp",
    "Mailbox",
    "Notices",
    "OAuth",
    "Office",
    "Outgoing",
    "Settings",
    "SettingsError",
    "Site",
    "Style",
    "Uploads",
    "Web",
    "Zone",
    "load",
    "secret",
]
