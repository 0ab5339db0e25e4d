"""Every page asks the database as often for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from newsroom.clocks import pause
from newsroom.comments import add
from newsroom.editing import first_revision
from newsroom.models import (
    Abbreviation,
    Attachment,
    Contributor,
    Leader,
    Letter,
    LogEntry,
    Mailbox,
    Person,
    Photo,
    Presence,
    Sight,
    Sighting,
    Spelling,
    Story,
    Submission,
    Tag,
    log,
)
from newsroom.passes import invite
from newsroom.workflow import move
from tests.newsroom.leadership import leader
from tests.newsroom.screens import enter, make_story, release
from tests.newsroom.test_screens_access import TABLE
from tests.office import SETTINGS, Office

PORTAL = "  - {name: portal, kind: assisted, title: Portal, url: https://portal.contoh.example}\n"
CHAIN = "approval: {chain: [section_head], categories: [Resmi]}\n"

ELSEWHERE = {
    *("home", "arrivals", "mail_heartbeat", "draft_token"),  # no page with rows
    *("photo", "photo_preview", "original_mail", "original_photo", "original_attachment", "original_text"),
    *("proof_picture", "proof_page", "aside_picture", "mail_picture", "task_photo", "task_photos"),
    *("export_spellings", "export_abbreviations", "export_contributors", "export_log"),
    *("upload_draft", "upload_status", "upload_piece", "doctor"),
    "taking_progress",
    *("other_text", "share", "share_photo", "proposal", "pass"),
    *("fixity_json", "fixity_pdf", "destruction_files", "destruction_minutes"),
    *("candidate_photo", "collage", "collage_state", "collage_file", "collage_photo", "destruction"),
    *("medium", "change_medium", "add_holding", "import_holdings"),  # counted in test_media.py
}
"""Addresses of the table whose answer is one file, one number or a page of one row, or that are counted elsewhere."""


def few_or_many(office: Office, count: int, first: int) -> None:
    """Add `count` rows of every kind the desk's lists show."""
    editor, chief = Person.objects.get(username="bram"), Person.objects.get(username="kasi")
    for number in range(first, first + count):
        for kind, act in enumerate(_FATES):
            act(make_story(office, number * 10 + kind, photos=1), editor)
        _around(office, number, editor, chief)


def _around(office: Office, number: int, editor: Person, chief: Person) -> None:
    """Add what stands beside the stories: senders, people, held mails, mailboxes' notes, pairs of words."""
    person = office.person(f"orang-{number}", "contributor")
    person.terms.create(role="editor", starts=timezone.localdate(), set_by=chief)
    Contributor.objects.create(address=f"o{number}@contoh.example", name=f"Orang {number}", person=person)
    invite(office.person("admin", "admin"), name=f"Baru {number}", email="", role="editor")
    for disposition in ("held", "ignored", "failed"):
        sha256 = f"{disposition}{number}".rjust(64, "0")
        given = {"received_at": timezone.now(), "sender_address": "a@b.example", "reason": "Sebab."}
        mail = Submission.objects.create(
            sha256=sha256, size=1, mailbox="lokal", disposition=disposition, **given
        )
        log("hold", submission=mail)
    Sighting.objects.create(mailbox="lokal", uid=str(number), error="Terlalu besar.", parked=True)
    leader_now = Leader.objects.create(name=f"Pimpinan {number}")
    tag = Tag.objects.create(name=f"tag {number}", slug=f"tag-{number}")
    for story in Story.objects.filter(released_at__isnull=False):
        story.leaders.add(leader_now)
        story.tags.add(tag)
        for photo in story.photos.all():
            photo.leaders.add(leader_now)
    Spelling.objects.create(wrong=f"keliru {number}", right="benar", changed_by=editor)
    Abbreviation.objects.create(short=f"UJI{number}", long="Unit Jaga Informasi", changed_by=editor)


def _belongings(story: Story, by: Person, number: int) -> None:
    """Give a story one more of all it can have several of."""
    chief = Person.objects.get(username="kasi")
    add(story, by, f"@kasi mohon dilihat, nomor {number}.")
    first_revision(story, "edit", by)
    log("edit", story=story, by=by, note=str(number))
    mail = story.mails.earliest("pk")
    Attachment.objects.create(submission=mail, sha256="0" * 64, filename=f"{number}.pdf", size=1)
    Letter.objects.create(
        story=story,
        submission=mail,
        to="a@b.example",
        subject="x",
        body="x",
        message_id=f"<{story.pk}.{number}>",
    )
    Photo.objects.create(
        story=story,
        submission=mail,
        sha256=f"{story.pk}{number:06d}".rjust(64, "0"),
        order=number + 1,
        width=9,
        height=9,
        dhash=f"{number:016x}",
        child=bool(number % 2),
    )
    sent = {"sha256": f"u{story.pk}x{number}".rjust(64, "0"), "received_at": timezone.now()}
    again = Submission.objects.create(size=1, mailbox="lokal", disposition="accepted", story=story, **sent)
    story.proposals.create(submission=again, why="Balasan.", text={"headline": f"Judul {number}"})
    LogEntry.objects.create(verb="edit", by=chief, story=story, note=str(number))


def _waits(story: Story, by: Person) -> None:
    Presence.objects.create(story=story, person=Person.objects.get(username="kasi"))


def _pauses(story: Story, by: Person) -> None:
    pause(story, by, "Menunggu narasumber")


def _goes_back(story: Story, by: Person) -> None:
    move(story, "send_back", by, "Sebut jumlah pesertanya.")


def _is_refused(story: Story, by: Person) -> None:
    move(story, "spike", by, "Bukan berita.")


def _waits_for_approval(story: Story, by: Person) -> None:
    Story.objects.filter(pk=story.pk).update(category="Resmi")
    story.refresh_from_db()
    move(story, "verify", by)


def _is_published(story: Story, by: Person) -> None:
    Story.objects.filter(pk=story.pk).update(sites=["media-center"])
    story.refresh_from_db()
    release(story, by)
    Sight.objects.create(delivery=story.deliveries.get(), drift="hidden")
    story.deliveries.create(site="portal", asked=True, ledger={"asked": "tayang:1"})
    story.deliveries.create(site="kota", error="Situs menolak foto.", parked=True, attempts=2)


_FATES = (_waits, _pauses, _goes_back, _is_refused, _waits_for_approval, _is_published)


def addresses(rows: dict[str, Any]) -> dict[str, str]:
    """Return every page of the table a chief may read."""
    return {
        name: reverse(name, args=[rows.get(str(part), part) for part in arguments])
        for name, arguments, method, welcome in TABLE
        if method == "get"
        and "chief" in welcome
        and name not in ELSEWHERE
        and not name.startswith(("mfa_", "account_"))
    }


def test_every_page_asks_the_database_as_often_for_many_rows_as_for_few(
    office: Office, editor: Person, use: Callable[[str], None]
) -> None:
    use(SETTINGS + PORTAL + CHAIN)
    client = enter(leader(office, "kasi", "section_head"))
    Mailbox.objects.create(name="lokal")
    few_or_many(office, 2, first=1)
    story, released = (
        Story.objects.filter(state="queued").first(),
        Story.objects.filter(state="released").first(),
    )
    for one in (story, released):
        for number in range(3):
            _belongings(one, editor, number)
    assert story and released
    pages = addresses(
        {
            "STORY": story.pk,
            "RELEASED": released.pk,
            "RELEASED_PHOTO": released.photos.first().pk,
            "MAIL": story.mails.earliest("pk").pk,
            "PHOTO": story.photos.first().pk,
            "REVISION": story.revision_id,
            "SIGHT": released.deliveries.earliest("pk").sight.pk,
            "TASK": released.deliveries.get(site="portal").pk,
            "CONTRIBUTOR": story.contributor_id,
            "PERSON": Person.objects.get(username="orang-1").pk,
        }
    )

    pages["story, released"] = reverse("story", args=[released.pk])

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        return len(queries)

    everything = {"aksi": "semua", "tanya": "?"}
    client.post(reverse("archive_pick"), everything)
    client.post(reverse("archive_pick"), {**everything, "tanya": "?tampil=dinding"})
    client.get(pages["queue"])  # what is looked up once for all pages
    few = {name: asked(address) for name, address in pages.items()}
    few_or_many(office, 4, first=10)
    for one in (story, released):
        for number in range(3, 9):
            _belongings(one, editor, number)
    client.post(reverse("archive_pick"), everything)
    client.post(reverse("archive_pick"), {**everything, "tanya": "?tampil=dinding"})
    many = {name: asked(address) for name, address in pages.items()}
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}
    assert len(pages) > 20
