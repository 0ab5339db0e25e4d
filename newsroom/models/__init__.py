"""Rows of the newsroom."""

from __future__ import annotations

from newsroom.models.approval import Approval, ApprovalLink, ApprovalPin, ApprovalQuerySet
from newsroom.models.archive import DOCUMENT_WITHIN, Collage, Package, Shelf, reread_after
from newsroom.models.checks import Abbreviation, Ignored, Spelling
from newsroom.models.comment import Comment, Mention
from newsroom.models.copies import COPY_LANE, LOOK_LANE, PLACE, Copy, CopyPlace
from newsroom.models.delivery import ASSISTED, Delivery, DeliveryQuerySet, Lane
from newsroom.models.describing import Leader, Tag
from newsroom.models.draft import Draft
from newsroom.models.drift import OUT_OF_SIGHT, Choice, Drift, Round, Sight
from newsroom.models.fixity import FixityDay, FixityFinding, FixityReport
from newsroom.models.hearing import Bookmark, Channel, Hearing, Tiding
from newsroom.models.letters import Letter, Notice
from newsroom.models.log import LATE, Heartbeat, LogEntry, log
from newsroom.models.mail import (
    Attachment,
    Disposition,
    Mailbox,
    Proposal,
    Sighting,
    Submission,
    Trust,
    Upload,
    UploadedFile,
)
from newsroom.models.media import Holding, Medium
from newsroom.models.origin import Fetched, Origin, Source
from newsroom.models.people import Contributor, Pass, Person, Term, holders
from newsroom.models.proof import Proof
from newsroom.models.queue import PRESENT_FOR, Pause, Presence, SavedView
from newsroom.models.reading import Habit, PictureSighting
from newsroom.models.records import (
    Destroyed,
    Destruction,
    FilingRule,
    FinalDisposition,
    InfoClass,
    Record,
    Retention,
    Security,
)
from newsroom.models.safety import Safeguard
from newsroom.models.searching import Entry, KnownWord, SavedSearch
from newsroom.models.sharing import Share, ShareQuerySet
from newsroom.models.story import (
    PHOTO_FLAGS,
    PUBLIC,
    PUBLISH_WITHIN,
    VERIFY_WITHIN,
    Consent,
    Overrule,
    Photo,
    Revision,
    State,
    Story,
    StoryQuerySet,
)
from newsroom.roles import Right, Role

__all__ = [
    "ASSISTED",
    "COPY_LANE",
    "DOCUMENT_WITHIN",
    "LATE",
    "LOOK_LANE",
    "OUT_OF_SIGHT",
    "PHOTO_FLAGS",
    "PLACE",
    "PRESENT_FOR",
    "PUBLIC",
    "PUBLISH_WITHIN",
    "VERIFY_WITHIN",
    "Abbreviation",
    "Approval",
    "ApprovalLink",
    "ApprovalPin",
    "ApprovalQuerySet",
    "Attachment",
    "Bookmark",
    "Channel",
    "Choice",
    "Collage",
    "Comment",
    "Consent",
    "Contributor",
    "Copy",
    "CopyPlace",
    "Delivery",
    "DeliveryQuerySet",
    "Destroyed",
    "Destruction",
    "Disposition",
    "Draft",
    "Drift",
    "Entry",
    "Fetched",
    "FilingRule",
    "FinalDisposition",
    "FixityDay",
    "FixityFinding",
    "FixityReport",
    "Habit",
    "Hearing",
    "Heartbeat",
    "Holding",
    "Ignored",
    "InfoClass",
    "KnownWord",
    "Lane",
    "Leader",
    "Letter",
    "LogEntry",
    "Mailbox",
    "Medium",
    "Mention",
    "Notice",
    "Origin",
    "Overrule",
    "Package",
    "Pass",
    "Pause",
    "Person",
    "Photo",
    "PictureSighting",
    "Presence",
    "Proof",
    "Proposal",
    "Record",
    "Retention",
    "Revision",
    "Right",
    "Role",
    "Round",
    "Safeguard",
    "SavedSearch",
    "SavedView",
    "Security",
    "Share",
    "ShareQuerySet",
    "Shelf",
    "Sight",
    "Sighting",
    "Source",
    "Spelling",
    "State",
    "Story",
    "StoryQuerySet",
    "Submission",
    "Tag",
    "Term",
    "Tiding",
    "Trust",
    "Upload",
    "UploadedFile",
    "holders",
    "log",
    "reread_after",
]
