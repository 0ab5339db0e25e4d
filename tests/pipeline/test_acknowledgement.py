"""The acknowledgement: who hears from a machine, what it says, and what comes back of our letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from django.utils import timezone

from newsroom import desk
from newsroom.models import Contributor, Letter, LogEntry, Story, Submission, Trust
from newsroom.workflow import move
from pipeline.post import compose
from tests.office import SETTINGS, Office, coverage
from tests.pipeline.mail_server import Server, mail_server

ANSWERING = "outgoing: {acknowledge: true, sender: Redaksi Kota Uji <redaksi@contoh.example>}\n"
Use = Callable[[str], None]


@pytest.fixture
def answering(office: Office, use: Use) -> Office:
    use(SETTINGS + ANSWERING)
    return office


@pytest.fixture
def server(office: Office, use: Use) -> Iterator[Server]:
    """An office whose letters leave by a real mail server."""
    with mail_server() as server:
        outgoing = f"host: 127.0.0.1, port: {server.port}, security: none, sender: redaksi@contoh.example"
        use(SETTINGS + f"outgoing: {{acknowledge: true, {outgoing}}}\n")
        yield server


def with_header(data: bytes, *lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode() + data


def acknowledged() -> list[Letter]:
    return list(Letter.objects.filter(kind=Letter.Kind.ACKNOWLEDGEMENT).order_by("id"))


def received(office: Office, data: bytes) -> Submission:
    office.post(data)
    office.work()
    return Submission.objects.latest("id")


# What it says


def test_a_known_contributor_hears_the_number_and_what_was_understood(answering: Office) -> None:
    received(answering, coverage())
    (letter,) = acknowledged()
    story = Story.objects.get()
    assert letter.story == story
    assert letter.to == "nala@contoh.example"
    assert letter.subject == f"Re: Wali Kota Uji Membuka Musrenbang [MC-{story.pk:06d}]"
    assert letter.in_reply_to == "<satu@contoh.example>"
    assert letter.references.split()[-1] == "<satu@contoh.example>"
    for said in (
        f"MC-{story.pk:06d}",
        "Judul: Wali Kota Uji Membuka Musrenbang",
        "Kota: Kota Uji",
        "Penulis: MC. Kota Uji/nala",
        "Foto: 2, 2 di antaranya dengan keterangan",
        "paling besar 25 MB",
    ):
        assert said in letter.body, said
    assert "Mohon dilengkapi" not in letter.body, "nothing is missing"
    assert "Panduan" not in letter.body, "nobody else can open an address of this machine"
    assert "Info Publik" not in letter.body, "sites are the editors' business"


def test_the_guide_is_named_where_others_can_open_it(office: Office, use: Use) -> None:
    use(
        SETTINGS.replace("public_url: http://127.0.0.1:8000", "public_url: https://redaksi.contoh.example")
        + ANSWERING
    )
    received(office, coverage())
    (letter,) = acknowledged()
    assert "https://redaksi.contoh.example/panduan/" in letter.body
    assert letter.message_id.endswith("@redaksi.contoh.example>")


TEXT = (
    "Kota Uji – Wali Kota Uji membuka musyawarah perencanaan di aula kecamatan, Jumat (20/11/2026).\n\n"
    "Sebanyak 120 peserta dari delapan kelurahan hadir membawa usulan prioritas tahun depan.\n\n"
)


@pytest.mark.parametrize(
    ("mail", "asked"),
    [
        (coverage(photos=0), "Foto kegiatannya belum ada"),
        (coverage(text=TEXT), "2 dari 2 foto belum punya keterangan"),
        (coverage(text=TEXT, photos=1), "Foto itu belum punya keterangan"),
        (
            coverage(text=TEXT + "Foto: https://drive.google.com/drive/folders/abc\n", photos=0),
            "drive.google.com",
        ),
    ],
)
def test_what_is_missing_is_asked_for(answering: Office, mail: bytes, asked: str) -> None:
    received(answering, mail)
    (letter,) = acknowledged()
    assert asked in letter.body.partition("Mohon dilengkapi")[2]


def test_a_photo_that_is_cut_is_asked_for_again(answering: Office) -> None:
    message = message_from_bytes(coverage(photos=1), policy=default)
    assert isinstance(message, EmailMessage)
    (photo,) = message.iter_attachments()
    data = photo.get_content()
    photo.set_content(data[: len(data) // 2], "image", "jpeg", filename="terpotong.jpg")
    received(answering, bytes(message))
    (letter,) = acknowledged()
    assert "tidak utuh atau tidak dapat dibuka, mohon dikirim ulang: terpotong.jpg" in letter.body


def test_a_senders_words_are_quoted_shortly_and_without_links(answering: Office) -> None:
    received(answering, coverage("Menang hadiah di https://jahat.example/klaim " + "sekali " * 60))
    (letter,) = acknowledged()
    assert "jahat.example" not in letter.body
    assert all(len(line) < 250 for line in letter.body.splitlines())


def test_it_is_written_for_a_machine_to_leave_alone(answering: Office) -> None:
    received(answering, coverage())
    (letter,) = acknowledged()
    message = compose(letter)
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["From"] == "Redaksi Kota Uji <redaksi@contoh.example>"
    move(Story.objects.get(), "send_back", answering.person(), "Mohon nama camat.")
    assert compose(Letter.objects.get(kind=Letter.Kind.NOTE))["Auto-Submitted"] is None


# Who hears from us


def test_nobody_is_answered_unless_the_settings_ask_for_it(office: Office) -> None:
    assert received(office, coverage()).disposition == "accepted"
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "mail",
    [
        with_header(coverage(photos=0), "Auto-Submitted: auto-generated"),
        with_header(coverage(photos=0), "Auto-Submitted: auto-replied (vacation)"),
        with_header(coverage(photos=0), "Precedence: bulk"),
        with_header(coverage(photos=0), "List-Id: Humas <humas.milis.example>"),
        with_header(coverage(photos=0), "Return-Path: <>"),
        coverage(photos=0, sender="Sistem <no-reply@contoh.example>"),
        coverage(photos=0, sender="Milis <humas-request@contoh.example>"),
        coverage(photos=0, sender="Milis <owner-humas@contoh.example>"),
        coverage(photos=0, sender="MAILER-DAEMON@contoh.example"),
        coverage(photos=0, sender="Orang Asing <asing@lain.example>"),
        coverage(photos=0, sender="redaksi@contoh.example"),
    ],
    ids=range(11),
)
def test_machines_lists_and_strangers_are_never_answered_even_when_admitted(
    answering: Office, mail: bytes
) -> None:
    Contributor.objects.create(address="@contoh.example", name="Dinas Uji", lists=True)
    submission = received(answering, mail)
    if submission.disposition != "accepted":
        desk.admit(submission, answering.person())
        answering.work()
    submission.refresh_from_db()
    assert submission.disposition == "accepted"
    assert not Letter.objects.exists()


@pytest.mark.parametrize("trust", [Trust.UNKNOWN, Trust.NEW, Trust.SUSPICIOUS, Trust.BLOCKED])
def test_a_sender_who_is_not_believed_is_never_answered(answering: Office, trust: Trust) -> None:
    import ingest
    from pipeline.acknowledgement import acknowledge
    from pipeline.reading import read_mail

    submission = received(answering, coverage())
    Letter.objects.all().delete()
    message: ingest.Message = read_mail(submission)
    submission.trust = trust
    assert acknowledge(submission, message) is None
    submission.trust = Trust.KNOWN
    assert acknowledge(submission, message) is not None, "nothing else stood in the way"


def test_a_failed_authentication_is_never_answered(answering: Office, use: Use) -> None:
    use(SETTINGS + ANSWERING + "trusted_authserv_ids: [mx.contoh.example]\n")
    failed = "Authentication-Results: mx.contoh.example; dmarc=fail header.from=contoh.example"
    submission = received(answering, with_header(coverage(), failed))
    assert submission.disposition == "held"
    desk.admit(submission, answering.person())
    answering.work()
    submission.refresh_from_db()
    assert submission.disposition == "accepted"
    assert not Letter.objects.exists()


def test_the_answer_goes_to_the_contributor_and_nowhere_else(answering: Office) -> None:
    received(answering, with_header(coverage(), "Reply-To: Lain <lain@jahat.example>", "Cc: x@jahat.example"))
    (letter,) = acknowledged()
    assert letter.to == "nala@contoh.example"


def test_an_address_is_answered_once_in_an_hour(answering: Office) -> None:
    def mail(number: int) -> bytes:
        return coverage(
            f"Kegiatan nomor {number} di kelurahan", message_id=f"<{number}@x.example>", seed=number * 9
        )

    received(answering, mail(1))
    received(answering, mail(2))
    assert len(acknowledged()) == 1
    Letter.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    received(answering, mail(3))
    assert len(acknowledged()) == 2


def test_two_mails_at_once_are_answered_once(answering: Office) -> None:
    for number in (1, 2, 3):
        answering.post(
            coverage(f"Kegiatan {number} di kota", message_id=f"<{number}@x.example>", seed=number * 9)
        )
    answering.work()
    assert Story.objects.count() == 3
    assert len(acknowledged()) == 1


def test_old_mail_is_history(answering: Office) -> None:
    import os

    file = answering.post(coverage())
    old = (timezone.now() - timedelta(days=4)).timestamp()
    os.utime(file, (old, old))
    answering.work()
    assert Story.objects.exists()
    assert not Letter.objects.exists()


def test_a_mail_that_is_read_again_is_not_answered_again(answering: Office) -> None:
    from pipeline.acknowledgement import respond
    from pipeline.reading import read_mail

    submission = received(answering, coverage())
    Letter.objects.update(created_at=timezone.now() - timedelta(days=1))
    respond(submission, read_mail(submission))
    assert len(acknowledged()) == 1


# Our own mail


def test_our_own_letter_never_becomes_a_story(answering: Office) -> None:
    received(answering, coverage())
    letter = next((answering.folder / "var" / "outbox").glob("*.eml")).read_bytes()
    assert received(answering, letter).disposition == "ignored"
    stripped = re.sub(rb"(?im)^(?:x-redaksi-letter|auto-submitted|from):.*\r?\n", b"", letter)
    returned = received(answering, b"From: Nala <nala@contoh.example>\r\n" + stripped)
    assert (returned.disposition, "surat Redaksi sendiri" in returned.reason) == ("ignored", True)
    sent = received(answering, coverage(sender="redaksi@contoh.example", message_id="<k@lain.example>"))
    assert (sent.disposition, "alamat kantor sendiri" in sent.reason) == ("ignored", True)
    assert Story.objects.count() == 1
    assert len(acknowledged()) == 1


def test_an_office_may_list_its_own_address(answering: Office) -> None:
    answering.contributor("redaksi@contoh.example", name="Redaksi")
    assert received(answering, coverage(sender="redaksi@contoh.example")).disposition == "accepted"
    assert not Letter.objects.exists()


def test_a_persons_reply_to_the_acknowledgement_is_ordinary_mail(answering: Office) -> None:
    received(answering, coverage())
    letter = next((answering.folder / "var" / "outbox").glob("*.eml")).read_bytes()
    quoted = "".join(f"> {line}\n" for line in letter.decode().splitlines())
    reply = message_from_bytes(coverage("Re: lain", message_id="<b@contoh.example>", seed=50), policy=default)
    assert isinstance(reply, EmailMessage)
    reply.add_attachment(message_from_bytes(letter, policy=default), filename="surat.eml")
    body = reply.get_body()
    assert isinstance(body, EmailMessage)
    body.set_content(TEXT + quoted)
    assert received(answering, bytes(reply)).disposition in ("accepted", "proposed")


# On its way


def test_it_leaves_with_a_null_return_path(server: Server, office: Office) -> None:
    received(office, coverage(photos=0))
    assert [letter["To"] for letter in server.letters] == ["nala@contoh.example"]
    assert server.senders == ["<>"]
    assert server.letters[0]["Message-ID"] == acknowledged()[0].message_id
    assert "Yang kami baca" in server.letters[0].get_content()


def test_a_server_that_wants_a_sender_is_given_ours(server: Server, office: Office) -> None:
    server.answers["MAIL <>"] = ["553 5.1.7 no null sender here"]
    received(office, coverage(photos=0))
    assert server.senders == ["redaksi@contoh.example"]
    assert acknowledged()[0].sent_at


def test_a_note_of_people_has_a_return_path(server: Server, office: Office) -> None:
    received(office, coverage(photos=0))
    move(Story.objects.get(), "send_back", office.person(), "Mohon nama camat.")
    office.work()
    assert server.senders == ["<>", "redaksi@contoh.example"]


@pytest.mark.parametrize(
    ("command", "answer", "parked", "told"),
    [
        ("RCPT", "451 4.7.1 greylisted, try again", False, "belum menerima alamat nala@contoh.example"),
        ("RCPT", "550 5.1.1 no such user", True, "menolak alamat nala@contoh.example"),
        ("DATA", "554 5.7.1 looks like spam", True, "looks like spam"),
        ("DATA", "452 4.3.1 disk full", False, "disk full"),
        ("MAIL", "550 5.7.1 not allowed", True, "not allowed"),
    ],
)
def test_what_the_server_answers_is_told_and_decides_whether_to_try_again(
    server: Server, office: Office, command: str, answer: str, parked: bool, told: str
) -> None:
    use_note(office)
    server.answers[command] = [answer]
    office.work()
    letter = Letter.objects.get(kind=Letter.Kind.NOTE)
    assert (letter.sent_at, letter.parked) == (None, parked)
    assert told in letter.error
    letter.retry()
    office.work()
    letter.refresh_from_db()
    assert (letter.error, letter.sent_at is not None) == ("", True)
    assert len(server.letters) == 2, "the acknowledgement, and the note once"


def use_note(office: Office) -> None:
    """Send a story back to its contributor; the note waits to leave."""
    received(office, coverage(photos=0))
    move(Story.objects.get(), "send_back", office.person(), "Mohon nama camat.")


def test_a_line_that_breaks_after_the_letter_was_handed_over_sends_a_note_again_under_the_same_id(
    server: Server, office: Office
) -> None:
    use_note(office)
    server.hang_up = True
    office.work()
    Letter.objects.get(kind=Letter.Kind.NOTE).retry()
    office.work()
    notes = [letter["Message-ID"] for letter in server.letters[1:]]
    assert len(notes) == 2
    assert len(set(notes)) == 1


def test_an_acknowledgement_is_rather_lost_than_sent_twice(server: Server, office: Office) -> None:
    server.hang_up = True
    received(office, coverage(photos=0))
    (letter,) = acknowledged()
    assert letter.sent_at is None
    letter.retry()
    office.work()
    letter.refresh_from_db()
    assert (letter.sent_at is not None, letter.error) == (True, "")
    assert len(server.letters) == 1


# What comes back


def report(letter: Letter, *, action: str = "failed", headers_only: bool = False) -> bytes:
    """Return what a mail server writes to the sender of a letter it could not deliver (RFC 3464)."""
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    original = compose(letter).as_string()
    if headers_only:
        original = original.partition("\r\n\r\n")[0]
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.contoh.example\r\nTo: redaksi@contoh.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        "Message-ID: <laporan@mx.contoh.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.contoh.example\r\n\r\n"
        f"Final-Recipient: rfc822; {letter.to}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\n{original}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("headers_only", [False, True])
def test_a_letter_that_comes_back_is_told_on_its_story_and_to_the_editors(
    server: Server, office: Office, headers_only: bool
) -> None:
    use_note(office)
    office.work()
    letter = Letter.objects.get(kind=Letter.Kind.NOTE)
    submission = received(office, report(letter, headers_only=headers_only))
    letter.refresh_from_db()
    assert submission.disposition == "ignored"
    assert "Surat ke nala@contoh.example tidak sampai" in letter.error
    assert "550 5.1.1 User unknown" in letter.error
    assert letter in Letter.objects.all().attention()
    entry = LogEntry.objects.get(verb="undelivered")
    assert (entry.story, entry.submission) == (Story.objects.get(), submission)
    office.work()
    assert len(server.letters) == 2, "it is not sent again by itself"


def test_an_editor_sends_it_again_or_says_it_is_settled(server: Server, office: Office) -> None:
    use_note(office)
    office.work()
    letter = Letter.objects.get(kind=Letter.Kind.NOTE)
    received(office, report(letter))
    letter.refresh_from_db()
    desk.retry(letter, office.person())
    desk.retry(letter, office.person("kedua"))
    office.work()
    assert len(server.letters) == 3, "once more, though two have clicked"
    received(office, report(letter) + b"\r\n")
    letter.refresh_from_db()
    desk.handled(letter, office.person())
    assert letter not in Letter.objects.all().attention()
    with pytest.raises(desk.ActRefused, match="sudah ditangani"):
        desk.handled(letter, office.person("kedua"))
    office.work()
    assert len(server.letters) == 3


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_letter_that_is_only_late_is_no_trouble(server: Server, office: Office, action: str) -> None:
    use_note(office)
    office.work()
    letter = Letter.objects.get(kind=Letter.Kind.NOTE)
    received(office, report(letter, action=action))
    letter.refresh_from_db()
    assert letter.error == ""


def test_an_absence_notice_is_no_returned_letter(server: Server, office: Office) -> None:
    use_note(office)
    office.work()
    letter = Letter.objects.get(kind=Letter.Kind.NOTE)
    absent = (
        f"Return-Path: <>\r\nFrom: nala@contoh.example\r\nIn-Reply-To: {letter.message_id}\r\n"
        "Auto-Submitted: auto-replied\r\nSubject: Di luar kantor\r\n\r\nSaya cuti.\r\n"
    )
    assert received(office, absent.encode()).disposition == "ignored"
    letter.refresh_from_db()
    assert letter.error == ""


def test_a_report_that_names_no_letter_of_ours_changes_nothing(server: Server, office: Office) -> None:
    use_note(office)
    office.work()
    letter = Letter.objects.get(kind=Letter.Kind.NOTE)
    letter.message_id = "<tebakan@contoh.example>"
    received(office, report(letter))
    assert not Letter.objects.exclude(error="").exists()


# Corrections


def test_a_correction_is_acknowledged_as_a_proposal_under_the_storys_number(answering: Office) -> None:
    received(answering, coverage())
    Letter.objects.update(created_at=timezone.now() - timedelta(hours=2))
    story = Story.objects.get()
    letter = acknowledged()[0]
    text = TEXT.replace("120 peserta", "210 peserta") + "Foto 1: Satu.\n"
    correction = coverage(
        f"REVISI: {story.headline}", text=text, photos=1, seed=70, message_id="<dua@contoh.example>"
    )
    thread = f"In-Reply-To: {letter.message_id}", f"References: <satu@contoh.example> {letter.message_id}"
    assert received(answering, with_header(correction, *thread)).disposition == "proposed"
    assert Story.objects.count() == 1
    told = acknowledged()[1]
    assert told.story == story
    assert f"Perbaikan Anda untuk kiriman nomor MC-{story.pk:06d} kami terima sebagai usulan" in told.body
    assert "Naskah: diperbaiki" in told.body
    assert "Foto baru: 1, 1 di antaranya dengan keterangan" in told.body
    assert "Mohon dilengkapi" not in told.body
    assert told.in_reply_to == "<dua@contoh.example>"
