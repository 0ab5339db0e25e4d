"""settings.yaml → one frozen, typed object. The only reader of that file."""

from config.approval import Approval
from config.archive import Archive, BucketPlace, FolderPlace, Place
from config.database import Database
from config.doors import (
    FORM,
    FolderMailbox,
    ImapMailbox,
    Intake,
    Lmtp,
    Mailbox,
    Notices,
    Outgoing,
    Uploads,
)
from config.faults import SettingsError, explain
from config.finding import Finding
from config.oauth import OAuth
from config.proof import Proof
from config.secrets import secret
from config.settings import (
    Checks,
    Collage,
    Office,
    Settings,
    Site,
    Web,
    Zone,
    load,
)
from config.signin import Oidc, SignIn
from config.style import Style

__all__ = [
    "FORM",
    "Approval",
    "Archive",
    "BucketPlace",
    "Checks",
    "Collage",
    "Database",
    "Finding",
    "FolderMailbox",
    "FolderPlace",
    "ImapMailbox",
    "Intake",
    "Lmtp",
    "Mailbox",
    "Notices",
    "OAuth",
    "Office",
    "Oidc",
    "Outgoing",
    "Place",
    "Proof",
    "Settings",
    "SettingsError",
    "SignIn",
    "Site",
    "Style",
    "Uploads",
    "Web",
    "Zone",
    "explain",
    "load",
    "secret",
]
