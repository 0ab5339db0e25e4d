"""Which role may do what: the one table, and the words of it.

A person's rights are those of all their roles together. Docs: docs/people.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CONTRIBUTOR = "contributor", _("Kontributor")
    PHOTOGRAPHER = "photographer", _("Fotografer")
    VIDEOGRAPHER = "videographer", _("Kameraman")
    OPERATOR = "operator", _("Operator")
    EDITOR = "editor", _("Editor")
    CHIEF = "chief", _("Kepala redaksi")
    SECTION_HEAD = "section_head", _("Kasi / Kasubag")
    DIVISION_HEAD = "division_head", _("Kabid")
    SECRETARY = "secretary", _("Sekretaris")
    AGENCY_HEAD = "agency_head", _("Kepala dinas")
    IT_CONSULTANT = "it_consultant", _("Tenaga ahli TI")
    VIDCON_TEAM = "vidcon_team", _("Tim vidcon")
    PRESS_COORDINATOR = "press_coordinator", _("Koordinator wartawan")
    REQUESTER = "requester", _("Pemohon")
    SECURITY = "security", _("Keamanan dalam")
    ARCHIVIST = "archivist", _("Arsiparis")
    PPID = "ppid", _("PPID")
    AUDITOR = "auditor", _("Penilai (hanya membaca)")
    ADMIN = "admin", _("Admin")


class Right(StrEnum):
    WRITE = "write"
    """Send coverage, and write on one's own."""
    SEE = "see"
    """See everything of the desk: queue, mails, sites, archive."""
    OPERATE = "operate"
    """Repair what is stuck; mailboxes, contributors, tasks of sites."""
    EDIT = "edit"
    """Write on any story and decide on it."""
    ARCHIVE = "archive"
    """Describe what is kept, and keep the register of storage media."""
    CLASSIFY = "classify"
    """Set the class of public information, and what is exempt from it."""
    APPROVE = "approve"
    """Stand in the chain of leadership that approves."""
    LOG = "log"
    """Read the log and the list of people."""
    PEOPLE = "people"
    """Invite people, give roles, close accounts."""


_DESK = frozenset({Right.WRITE, Right.SEE, Right.OPERATE, Right.ARCHIVE})
_LEADER = frozenset({Right.SEE, Right.APPROVE, Right.LOG})
_READER = frozenset({Right.SEE})

RIGHTS: dict[str, frozenset[Right]] = {
    Role.CONTRIBUTOR: frozenset({Right.WRITE}),
    Role.PHOTOGRAPHER: frozenset({Right.WRITE}),
    Role.VIDEOGRAPHER: frozenset({Right.WRITE}),
    Role.OPERATOR: _DESK,
    Role.IT_CONSULTANT: _DESK,
    Role.EDITOR: _DESK | {Right.EDIT, Right.CLASSIFY},
    Role.CHIEF: _DESK | {Right.EDIT, Right.CLASSIFY, Right.APPROVE, Right.LOG},
    Role.SECTION_HEAD: _DESK | {Right.EDIT, Right.CLASSIFY, Right.APPROVE, Right.LOG},
    Role.DIVISION_HEAD: _LEADER,
    Role.SECRETARY: _LEADER,
    Role.AGENCY_HEAD: _LEADER,
    Role.ARCHIVIST: _READER | {Right.ARCHIVE, Right.CLASSIFY},
    Role.PPID: _READER | {Right.CLASSIFY},
    Role.AUDITOR: _READER | {Right.LOG},
    Role.ADMIN: frozenset(Right) - {Right.APPROVE},
    # Their work is in the rooms and the agenda; the desk's stories are not theirs.
    Role.VIDCON_TEAM: frozenset(),
    Role.PRESS_COORDINATOR: frozenset(),
    Role.REQUESTER: frozenset(),
    Role.SECURITY: frozenset(),
}

READING = frozenset({Right.SEE, Right.LOG})
"""Rights that change nothing."""
NOT_AT_THE_DESK = READING | {Right.ARCHIVE, Right.CLASSIFY}
"""Rights that change nothing but what stands about the archive."""


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """Return what these roles may do together; a role the table does not know may do nothing."""
    return frozenset().union(*(RIGHTS.get(role, frozenset()) for role in roles))
