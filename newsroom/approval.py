"""The leadership's chain: which steps a verified story waits for, and who may answer them.

The moves themselves (`approve`, `ask_changes`, `refuse`, `skip_approval`) stand in workflow.py, links in
approval_links.py. Docs: docs/approval.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from newsroom.models import (
    Approval,
    ApprovalLink,
    ApprovalPin,
    ApprovalQuerySet,
    Letter,
    Person,
    Right,
    Role,
    State,
    Story,
    holders,
)


@dataclass(frozen=True)
class Seat:
    """Somebody in an office of the leadership, now."""

    person: Person
    title: str
    """`Kabid`, or `Plh. Kabid`."""
    instead_of: Person | None = None

    @property
    def words(self) -> str:
        """Name the person as the office is written: `Plh. Kabid Rina (menggantikan Darto)`."""
        if self.instead_of is None:
            return f"{self.title} {self.person}"
        return _("%(title)s %(name)s (menggantikan %(absent)s)") % {
            "title": self.title,
            "name": self.person,
            "absent": self.instead_of,
        }


@dataclass(frozen=True)
class Signature:
    """How a step was answered: which one its answerer had before them, and by what road."""

    step: int | None = None
    """The step's row; None takes the one whose turn it is."""
    where: str = ""


def needed(story: Story) -> bool:
    """Say whether the story, once verified, waits for the chain."""
    rules = settings.REDAKSI.approval
    wanted = {name.casefold() for name in rules.categories}
    return bool(rules.chain) and (not wanted or story.category.strip().casefold() in wanted)


def begin(story: Story) -> None:
    """Let the story that was just verified wait for each step of the chain as the settings have it now."""
    if needed(story):
        Approval.objects.bulk_create(
            Approval(story=story, revision=story.revision, step=step, role=role)
            for step, role in enumerate(settings.REDAKSI.approval.chain, start=1)
        )


def current(story: Story) -> Approval | None:
    """Return the step whose turn it is; None when the story waits for nobody."""
    if story.state != State.VERIFIED:
        return None
    found: Approval | None = Approval.objects.filter(story=story).open().order_by("step").first()
    return found


def seat(person: Person, role: str) -> Seat | None:
    """Return as what `person` holds an office today: for themselves before acting for somebody."""
    if not person.is_active:
        return None
    if person.role == role:
        return Seat(person, str(Role(role).label))
    terms = [term for term in person.terms_now if term.role == role]
    for term in sorted(terms, key=lambda term: bool(term.acting)):
        return Seat(person, term.title, term.instead_of)
    return None


def seats(role: str) -> list[Seat]:
    """Return who answers for an office today, by name; whoever is stood in for is left out."""
    found = [taken for person in holders(role) if (taken := seat(person, role))]
    absent = {taken.instead_of.pk for taken in found if taken.instead_of}
    return [taken for taken in found if taken.person.pk not in absent]


def waiting_words(step: Approval) -> str:
    """Say for whom the story waits: `Menunggu persetujuan Kabid: Rina`."""
    label = Role(step.role).label
    taken = [one for one in seats(step.role) if one.person.pk not in step.story.written_by]
    if not taken:
        return _(
            "Menunggu persetujuan %(office)s, tetapi tidak ada yang dapat memberikannya sekarang. "
            "Minta admin menunjuk Plt. atau Plh."
        ) % {"office": label}
    plain = all(one.title == label for one in taken)
    return _("Menunggu persetujuan %(office)s: %(who)s") % {
        "office": label,
        "who": _(" atau ").join(str(one.person) if plain else one.words for one in taken),
    }


def objection(story: Story, answer: str, person: Person) -> str:
    """Say why `person` cannot answer the step whose turn it is; empty when they can."""
    step = current(story)
    if step is None:
        return _("Berita ini tidak sedang menunggu persetujuan. Muat ulang halaman.")
    if person.pk in story.written_by:
        return _("Penulis tidak boleh menyetujui beritanya sendiri. Mintalah pejabat lain atau Plh.")
    if answer == Approval.Answer.SKIPPED:
        if not settings.REDAKSI.approval.skip:
            return _("Menurut pengaturan, tahap persetujuan tidak boleh dilewati.")
        return "" if Role.CHIEF in person.roles else _("Hanya kepala redaksi yang dapat melewati tahap ini.")
    if seat(person, step.role) is None:
        return _("Tahap ini menunggu %(office)s; Anda sedang tidak memegang jabatan itu.") % {
            "office": Role(step.role).label
        }
    return ""


def answer(
    story: Story, given: str, by: Person, note: str, signature: Signature, now: datetime
) -> str | None:
    """Write down what `by` said to the step whose turn it is, and return as what they said it.

    None when somebody was quicker, or `by` had another step before them. To be called within the
    transaction of the move.
    """
    step = current(story)
    if step is None or signature.step not in (None, step.pk):
        return None
    skips = given == Approval.Answer.SKIPPED
    with translation.override("id"):  # it is kept for good
        taken = None if skips else seat(by, step.role)
        title = taken.title if taken else str(Role.CHIEF.label)
        told = taken.words.replace(f" {by}", "", 1) if taken else f"Tahap {Role(step.role).label}"
    absent = taken.instead_of if taken else None
    values = {"answer": given, "by": by, "title": title, "instead_of": absent, "note": note}
    still = Approval.objects.filter(pk=step.pk, revision=story.revision_id).open()
    if not still.update(**values, answered_at=now):
        return None
    withdraw_links(Approval.objects.filter(pk=step.pk), now)
    return told


def void(story: Story, now: datetime) -> None:
    """Let what was still open lapse, with its links: the story went back or was rejected."""
    rows = Approval.objects.filter(story=story).open()
    withdraw_links(rows, now)
    rows.update(answer=Approval.Answer.VOID, answered_at=now)


def withdraw_links(steps: Iterable[Approval], now: datetime, person: Person | None = None) -> int:
    """Withdraw the open links of these steps (to one person only, where given), with letters that have not left."""
    links = ApprovalLink.objects.filter(approval__in=steps, used_at=None, withdrawn_at=None)
    if person is not None:
        links = links.filter(person=person)
    letters = list(links.exclude(letter=None).values_list("letter", flat=True))
    count = links.update(withdrawn_at=now)
    Letter.objects.filter(pk__in=letters, sent_at=None, leaving_at=None).delete()
    return count


def mine(person: Person) -> ApprovalQuerySet:
    """Return the steps that wait for `person`, the longest waiting first; none of their own stories."""
    if not person.may(Right.APPROVE):
        return Approval.objects.none()
    return (
        Approval.objects.all()
        .current()
        .filter(role__in=person.roles, story__state=State.VERIFIED, revision=F("story__revision"))
        .exclude(story__author=person)
        .exclude(story__contributor__person=person)
        .select_related("story__contributor", "story__author", "revision__by")
        .order_by("story__sealed_at", "pk")
    )


def has_pin(person: Person) -> bool:
    return ApprovalPin.objects.filter(person=person).exists()
