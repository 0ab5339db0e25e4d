"""settings.yaml → one frozen, typed object. The only reader of that file."""

from config.finding import Finding
from config.settings import (
    Collage,
    FolderMailbox,
    ImapMailbox,
    Mailbox,
    Office,
    Outgoing,
    Settings,
    SettingsError,
    Site,
    Web,
    Zone,
    load,
    secret,
)

__all__ = [
    "Collage",
    "Finding",
    "FolderMailbox",
    "ImapMailbox",
    "Mailbox",
    "Office",
    "Outgoing",
    "Settings",
    "SettingsError",
    "Site",
    "Web",
    "Zone",
    "load",
    "secret",
]
