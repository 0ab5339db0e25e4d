"""Personal notices: what each person has chosen reaches them once, by real receivers on this machine."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from newsroom import comments, hearing, people
from newsroom.acts import ActRefused
from newsroom.hearing import DIGEST, MAIL, NOW, OFF, OWN, Wish, Written
from newsroom.models import (
    Approval,
    Bookmark,
    Channel,
    Comment,
    Contributor,
    Heartbeat,
    LogEntry,
    Mailbox,
    Person,
    Story,
    Tiding,
)
from newsroom.models import log as write_log
from newsroom.workflow import move
from pipeline import own_addresses, telling
from pipeline.notices import watch
from pipeline.tidings import SETTLES, clear_tidings, gather, open_bookmarks
from tests.newsroom.screens import make_story
from tests.office import SETTINGS, Office, coverage
from tests.pipeline.mail_server import Server, mail_server
from tests.pipeline.test_notices import SECRET, Receiver, receiving

Use = Callable[[str], None]
PUBLIC = "http://127.0.0.1:8000"
QUIET = ("21:00", "06:00")


@pytest.fixture
def server(office: Office, use: Use) -> Iterator[Server]:
    """An office whose letters leave by a mail server, and whose notices may go to this machine."""
    with mail_server() as started:
        use(settings_for(started))
        open_bookmarks()
        yield started


def settings_for(server: Server, more: str = "") -> str:
    outgoing = f"outgoing: {{host: 127.0.0.1, port: {server.port}, security: none}}\n"
    return f"{SETTINGS}{outgoing}notices: {{private_addresses: true}}\n{more}"


@pytest.fixture
def editor(office: Office, server: Server) -> Person:
    return listener(office, "bram")


def listener(office: Office, username: str, role: str = "editor", **fields: Any) -> Person:
    person = office.person(username, role)
    Person.objects.filter(pk=person.pk).update(email=f"{username}@contoh.example", **fields)
    return fresh(person)


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def wish(person: Person, *, quiet: tuple[str, str] = ("", ""), passes: bool = False, **wishes: Any) -> None:
    """Let a person choose: `late="now"`, or `late=("now", "own")`; of everything else they hear nothing."""
    chosen = {kind: Wish(OFF, MAIL) for kind in hearing.kinds_of(person)}
    for kind, said in wishes.items():
        chosen[kind] = Wish(said, MAIL) if isinstance(said, str) else Wish(*said)
    hearing.choose(fresh(person), Written(chosen, *quiet, passes, ["07:30", "13:00"]))


def tell_all(dies: Callable[..., Any] | None = None) -> None:
    """Do the road's step on every channel with something to tell, as the worker does, to its death if it `dies`."""
    from pipeline.flow import ROAD
    from pipeline.worker import Worker

    step = next(step for step in ROAD if step.name == "tell")
    worker = Worker()
    try:
        with connection.execute_wrapper(dies) if dies else nullcontext():
            if dies:
                gather()
            for channel in list(step.waits()):
                worker.attempt(step, channel)
    finally:
        worker.stop()


def arrive(office: Office, number: int, **how: Any) -> Story:
    """Put a story into the queue with the line the worker writes of it."""
    story = make_story(office, number, photos=0, **how)
    write_log("queue", story=story, version=1)
    return story


def subjects(server: Server) -> list[str]:
    told = [" ".join(str(letter["Subject"]).split()) for letter in server.letters]
    return [subject.removeprefix("Media Center Kota Uji: ") for subject in told]


def body(server: Server, number: int = -1) -> str:
    return server.letters[number].get_content()


def at(clock: str, day: int = 1) -> datetime:
    """Return a moment by the office's clocks."""
    hour, minute = clock.split(":")
    return datetime(2026, 12, day, int(hour), int(minute), tzinfo=ZoneInfo("Asia/Pontianak"))


def freeze(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


# What is told, to whom


def test_who_chose_it_hears_at_once_of_a_new_story_with_its_page_and_the_way_to_choose(
    office: Office, server: Server, editor: Person
) -> None:
    wish(editor, arrived=NOW)
    other = listener(office, "tini")
    wish(other)
    listener(office, "nala", "contributor")
    story = arrive(office, 1)
    assert (gather(), gather()) == (1, 0)
    tell_all()
    tell_all()
    (letter,) = server.letters
    assert (letter["To"], letter["Auto-Submitted"]) == ("bram@contoh.example", "auto-generated")
    assert subjects(server) == ["Kiriman baru: “Judul berita 1”"]
    assert f"{PUBLIC}/berita/{story.pk}/" in body(server)
    assert f"{PUBLIC}/akun/pemberitahuan/" in body(server)
    assert story.body[:20] not in body(server)
    assert f"<{PUBLIC}/akun/pemberitahuan/>" == letter["List-Unsubscribe"]


def test_numbers_of_people_in_a_headline_are_not_told_and_the_language_is_the_persons(
    office: Office, server: Server, editor: Person
) -> None:
    Person.objects.update(language="en")
    wish(editor, arrived=NOW)
    arrive(office, 1, headline="Warga ber-NIK 6171011203850004 diundang")
    gather()
    tell_all()
    assert "6171011203850004" not in str(server.letters[0])
    assert subjects(server)[0].startswith("New story: “Warga")


def test_the_whole_road_tells_of_a_mail_and_walking_it_again_tells_nothing_more(
    office: Office, server: Server, editor: Person
) -> None:
    wish(editor, arrived=NOW)
    office.post(coverage())
    office.work()
    office.work()
    assert subjects(server) == ["Kiriman baru: “Wali Kota Uji Membuka Musrenbang”"]


def test_what_goes_back_is_told_to_its_writer_unless_a_letter_says_so_at_the_same_address(
    office: Office, server: Server, editor: Person
) -> None:
    wish(editor)
    writer = listener(office, "nala", "contributor")
    Contributor.objects.update(person=writer)
    assert hearing.choices_of(writer).wishes["returned"] == Wish(NOW, MAIL)
    by_mail = arrive(office, 1)
    move(by_mail, "send_back", editor, "Lengkapi.")
    gather()
    tell_all()
    assert server.letters == [], "the letter in the thread says it"
    by_form = arrive(office, 2)
    by_form.mails.update(sender_address="")
    move(by_form, "send_back", editor, "Lengkapi.")
    gather()
    tell_all()
    assert subjects(server) == ["Dikembalikan kepada Anda: “Judul berita 2”"]


def test_who_is_called_hears_of_it_once_and_not_when_it_was_read_meanwhile(
    office: Office, server: Server, editor: Person
) -> None:
    wish(editor, mention=NOW)
    story = make_story(office, 1)
    author = office.person("tini")
    comment = comments.add(story, author, "Tolong dilihat, @bram.")
    gather()
    tell_all()
    comments.change(comment, author, "Tolong dilihat hari ini, @bram.")
    comments.add(story, author, "Sudah, @bram?")
    gather()
    editor.mentions.update(read_at=timezone.now())
    tell_all()
    assert subjects(server) == ["Tini menyebut Anda di komentar “Judul berita 1”"]


def test_a_bookmark_does_not_pass_whom_a_comment_has_only_just_come_to_call(
    office: Office, server: Server, editor: Person
) -> None:
    author = office.person("tini")
    comment = comments.add(make_story(office, 1), author, "Tolong dilihat.")
    Comment.objects.update(at=timezone.now() - SETTLES - timedelta(minutes=1))
    comments.change(comment, author, "Tolong dilihat, @bram.")
    gather()
    assert Bookmark.objects.get(name="mention").position == 0, "another may be written in this very moment"
    Comment.objects.update(changed_at=timezone.now() - SETTLES - timedelta(seconds=1))
    gather()
    assert Bookmark.objects.get(name="mention").position == editor.mentions.get().pk


def test_a_step_of_the_chain_is_told_to_whoever_holds_the_office_and_not_to_whom_it_was_taken_from(
    office: Office, server: Server, use: Use
) -> None:
    use(settings_for(server, "approval: {chain: [division_head]}\n"))
    head = listener(office, "rina", "division_head")
    gone = listener(office, "darto", "division_head")
    story = make_story(office, 1)
    move(story, "verify", office.person())
    gather()
    Person.objects.filter(pk=gone.pk).update(role="archivist")
    tell_all()
    assert [letter["To"] for letter in server.letters] == [head.email]
    assert subjects(server) == ["Menunggu persetujuan Anda: “Judul berita 1”"]
    listener(office, "sari", "division_head")
    assert gather() == 1, "whoever comes into the office later"
    move(Story.objects.get(), "approve", head, signature=None)
    tell_all()
    assert Approval.objects.get().by == head
    assert [letter["To"] for letter in server.letters] == [head.email], "answered meanwhile"


def test_a_clock_near_its_end_and_one_that_ran_out_are_told_once_each(
    office: Office, server: Server, editor: Person
) -> None:
    wish(editor, soon=NOW, late=NOW)
    story = make_story(office, 1)
    now = timezone.now()
    Story.objects.update(due_at=now + timedelta(minutes=44))
    assert (gather(), gather()) == (1, 0)
    tell_all()
    Story.objects.update(due_at=now - timedelta(minutes=1))
    assert (gather(), gather()) == (1, 0)
    tell_all()
    assert [subject.partition(" ")[0] for subject in subjects(server)] == ["Waktunya", "Terlambat"]
    Story.objects.update(due_at=now - timedelta(minutes=2))
    assert gather() == 1
    move(Story.objects.get(pk=story.pk), "spike", office.person("tini"), "Ganda.")
    tell_all()
    assert len(server.letters) == 2, "nobody is told of a clock that was stopped meanwhile"


def test_what_was_late_before_there_was_anybody_to_tell_floods_nobody(
    office: Office, server: Server, editor: Person
) -> None:
    wish(editor, late=NOW)
    for number in range(3):
        make_story(office, number, photos=0)
    Story.objects.update(due_at=timezone.now() - timedelta(hours=5))
    assert gather() == 0


def test_a_silent_mailbox_is_told_to_those_who_operate_and_so_is_its_end_without_any_office_address(
    office: Office, server: Server
) -> None:
    operator = listener(office, "wira", "operator")
    listener(office, "rina", "archivist")
    silent(60)
    assert watch() == 1
    gather()
    tell_all()
    silent(0)
    assert watch() == 1
    gather()
    tell_all()
    assert {letter["To"] for letter in server.letters} == {operator.email}
    assert subjects(server) == [
        "Kotak surel lokal diam; kiriman baru belum masuk",
        "Kotak surel lokal sudah diperiksa lagi",
    ]


def silent(minutes: float) -> None:
    now = timezone.now()
    Heartbeat.objects.update_or_create(
        worker="uji/1", defaults={"started_at": now - timedelta(days=1), "at": now}
    )
    checked = {"checked_at": now - timedelta(minutes=minutes)}
    Mailbox.objects.update_or_create(name="lokal", defaults=checked)


def test_a_closed_account_hears_nothing_and_its_own_address_is_deleted(
    office: Office, server: Server, editor: Person
) -> None:
    wish(editor, arrived=NOW)
    admin = office.person("admin", "admin")
    with receiving() as receiver:
        file = own_addresses.keep(editor, receiver.url).file
        arrive(office, 1)
        gather()
        people.close(fresh(editor), admin)
        tell_all()
        arrive(office, 2)
        assert gather() == 0
        clear_tidings()
    assert (server.letters, receiver.taken) == ([], [])
    assert not (office.folder / "var" / "secrets" / file).exists()
    assert Channel.objects.get(way=OWN).file == ""


# When: digest, quiet hours, floods


def test_a_digest_is_one_mail_at_its_hour_and_leaves_out_what_was_done_meanwhile(
    office: Office, server: Server, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(editor, arrived=DIGEST)
    freeze(monkeypatch, at("09:00"))
    Bookmark.objects.update(position=0)
    stories = [arrive(office, number) for number in range(3)]
    gather()
    tell_all()
    assert server.letters == []
    move(stories[0], "spike", office.person("tini"), "Ganda.")
    freeze(monkeypatch, at("12:59"))
    tell_all()
    assert server.letters == []
    freeze(monkeypatch, at("13:00"))
    tell_all()
    tell_all()
    assert subjects(server) == ["2 kiriman baru"]
    assert ("Judul berita 0" in body(server), "Judul berita 2" in body(server)) == (False, True)


def test_what_comes_in_the_quiet_hours_comes_as_one_digest_after_them_and_what_is_urgent_may_pass(
    office: Office, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = listener(office, "wira", "operator")
    wish(operator, quiet=QUIET, passes=True, arrived=NOW, mailbox=NOW)
    freeze(monkeypatch, at("23:00"))
    silent(60)
    watch()
    for number in range(2):
        arrive(office, number)
    gather()
    tell_all()
    assert subjects(server) == ["Kotak surel lokal diam; kiriman baru belum masuk"]
    freeze(monkeypatch, at("05:59", 2))
    tell_all()
    assert len(server.letters) == 1
    freeze(monkeypatch, at("06:00", 2))
    tell_all()
    assert subjects(server)[1:] == ["2 kiriman baru"]


@pytest.mark.parametrize(
    ("now", "quiet", "due"),
    [
        ("20:59", QUIET, None),
        ("21:00", QUIET, ("06:00", 2)),
        ("05:59", QUIET, ("06:00", 1)),
        ("06:00", QUIET, None),
        ("12:00", ("12:00", "13:00"), ("13:00", 1)),
        ("13:00", ("12:00", "13:00"), None),
    ],
)
def test_quiet_hours_go_over_midnight_or_not(
    office: Office, server: Server, editor: Person, now: str, quiet: tuple[str, str], due: Any
) -> None:
    wish(editor, quiet=quiet, arrived=NOW)
    over = hearing.choices_of(fresh(editor)).quiet_over("arrived", at(now))
    assert over == (at(*due) if due else None)


def test_a_burst_becomes_one_message_and_so_does_what_follows_within_ten_minutes(
    office: Office, server: Server, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(editor, arrived=NOW)
    start = timezone.now()
    for number in range(12):
        arrive(office, number)
    gather()
    tell_all()
    assert subjects(server) == ["12 kiriman baru"]
    for number in range(12, 15):
        arrive(office, number)
    gather()
    tell_all()
    assert len(server.letters) == 1
    freeze(monkeypatch, start + timedelta(minutes=11))
    tell_all()
    assert len(server.letters) == 4, "three are no flood"


def test_single_notices_turn_into_one_when_they_become_too_many(
    office: Office, server: Server, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(editor, arrived=NOW)
    start = timezone.now()
    for number in range(11):
        arrive(office, number)
        gather()
        tell_all()
    assert len(server.letters) == 5
    freeze(monkeypatch, start + timedelta(minutes=12))
    tell_all()
    assert subjects(server)[5:] == ["6 kiriman baru"]


# Once, whatever happens


def test_a_mail_of_which_nobody_knows_whether_it_left_is_not_sent_again(
    office: Office, server: Server, editor: Person
) -> None:
    wish(editor, arrived=NOW)
    arrive(office, 1)
    gather()
    server.hang_up = True
    tell_all()
    Channel.objects.get().retry()
    tell_all()
    assert len(server.letters) == 1
    assert Tiding.objects.get().outcome == Tiding.Outcome.DOUBTFUL


def test_a_mail_the_server_did_not_take_is_sent_when_it_does(
    office: Office, server: Server, editor: Person
) -> None:
    wish(editor, arrived=NOW)
    arrive(office, 1)
    gather()
    server.answers["DATA"] = ["451 come back later"]
    tell_all()
    channel = Channel.objects.get()
    assert channel.next_attempt_at and channel.error and not channel.parked
    channel.retry()
    tell_all()
    assert (len(server.letters), Channel.objects.get().error) == (1, "")


def test_an_address_the_server_refuses_waits_for_the_person_and_holds_up_nobody_else(
    office: Office, server: Server, editor: Person
) -> None:
    wish(editor, arrived=NOW)
    other = listener(office, "tini")
    wish(other, arrived=NOW)
    arrive(office, 1)
    gather()
    server.answers["RCPT"] = ["550 no such user"]
    tell_all()
    assert [letter["To"] for letter in server.letters] == [other.email]
    assert Channel.objects.get(person=editor).parked
    admin = office.person("admin", "admin")
    people.change_profile(editor, people.Profile(name="Bram"), admin, email="bram.baru@contoh.example")
    tell_all()
    assert [letter["To"] for letter in server.letters][1:] == ["bram.baru@contoh.example"]


# An address of one's own


@pytest.fixture
def receiver(server: Server, editor: Person) -> Iterator[Receiver]:
    """An editor who hears of new stories at an address of their own."""
    with receiving() as started:
        own_addresses.keep(editor, started.url)
        wish(editor, arrived=(NOW, OWN))
        yield started


def test_an_own_address_is_told_and_kept_like_a_password(
    office: Office, server: Server, editor: Person, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    arrive(office, 1)
    gather()
    receiver.refuses = True
    tell_all()
    row = Channel.objects.get(way=OWN)
    assert row.next_attempt_at and "Webhook tidak menerima" in row.error
    receiver.refuses = False
    row.retry()
    tell_all()
    tell_all()
    assert receiver.subjects == ["Kiriman baru: “Judul berita 1”"]
    assert server.letters == []
    file = office.folder / "var" / "secrets" / row.file
    assert (file.stat().st_mode & 0o777, SECRET in file.read_text()) == (0o600, True)
    assert SECRET not in caplog.text
    assert SECRET not in str(Channel.objects.values()) + str(list(editor.told_in_log.values()))
    file.unlink()
    arrive(office, 2)
    gather()
    tell_all()
    assert Channel.objects.get(way=OWN).parked
    own_addresses.keep(editor, receiver.url)
    tell_all()
    assert len(receiver.taken) == 2


def test_an_address_given_anew_in_the_moment_its_file_was_lost_is_kept(
    office: Office, editor: Person, receiver: Receiver
) -> None:
    folder = office.folder / "var" / "secrets"
    for _ in range(3):
        (folder / Channel.objects.get(way=OWN).file).unlink()
        own_addresses.keep(editor, receiver.url)
    assert (folder / Channel.objects.get(way=OWN).file).exists()


def test_without_the_own_address_everything_comes_by_mail_again(
    office: Office, server: Server, editor: Person, receiver: Receiver
) -> None:
    arrive(office, 1)
    gather()
    own_addresses.drop(editor)
    tell_all()
    assert (len(server.letters), receiver.taken) == (1, [])
    assert list((office.folder / "var" / "secrets").iterdir()) == []


@pytest.mark.parametrize(
    "written",
    [
        "file:///etc/passwd",
        "dbus://",
        "syslog://",
        "exec://x",
        "mailto://a:b@contoh.example",
        "",
        "tgram://",
        "jsons://a b",
        "json://x\nhttp://y",
        f"json://{'a' * 1000}",
    ],
)
def test_what_is_no_address_of_a_person_is_refused_without_being_repeated(
    office: Office, server: Server, editor: Person, written: str
) -> None:
    with pytest.raises(ActRefused) as refused:
        own_addresses.keep(editor, written)
    assert not written or written not in str(refused.value)
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]"],
)
def test_an_own_address_leads_neither_into_the_office_nor_to_this_machine(
    office: Office, server: Server, editor: Person, use: Use, host: str
) -> None:
    use(SETTINGS)
    with pytest.raises(ActRefused, match="jaringan kantor"):
        own_addresses.keep(editor, f"http://{host}/kait")


def test_the_connection_itself_is_looked_at_whatever_the_name_said_when_it_was_kept(
    office: Office, server: Server, editor: Person, receiver: Receiver, use: Use
) -> None:
    use(SETTINGS)
    row = Channel.objects.get(way=OWN)
    assert not own_addresses.tell_at(row, "Uji", "Uji")
    assert receiver.taken == []
    use(settings_for(server))
    assert own_addresses.tell_at(row, "Uji", "Uji")


def test_what_waits_follows_a_new_choice(office: Office, server: Server, editor: Person) -> None:
    wish(editor, arrived=DIGEST)
    arrive(office, 1)
    gather()
    wish(editor, arrived=NOW)
    tell_all()
    assert len(server.letters) == 1
    wish(editor, arrived=DIGEST)
    arrive(office, 2)
    gather()
    wish(editor)
    assert not Tiding.objects.filter(outcome="").exists()


def test_trying_a_channel_says_what_happened_and_wakes_it(
    office: Office, server: Server, editor: Person, receiver: Receiver
) -> None:
    receiver.refuses = True
    row = Channel.objects.get(way=OWN)
    assert "Webhook tidak menerima" in telling.try_out(row)
    receiver.refuses = False
    Channel.objects.filter(pk=row.pk).update(parked=True, error="Gagal.")
    assert telling.try_out(row) == ""
    assert (Channel.objects.get(pk=row.pk).parked, receiver.subjects) == (False, ["percobaan pemberitahuan"])


def test_the_doctor_says_when_people_cannot_be_told(office: Office, server: Server, use: Use) -> None:
    office.person()
    assert "1 akun belum punya alamat surel" in telling.check().sentence
    use(SETTINGS)
    assert "Surel keluar belum diatur" in telling.check().sentence


@pytest.mark.parametrize(
    ("role", "now", "digest"),
    [
        ("contributor", {"returned"}, set()),
        ("operator", {"returned", "mention", "site", "mailbox"}, set()),
        ("editor", {"returned", "mention", "late"}, {"arrived", "site", "mailbox"}),
        ("admin", {"returned", "mention", "late", "site", "mailbox"}, {"arrived"}),
        ("archivist", {"mention"}, set()),
        ("requester", set(), set()),
    ],
)
def test_what_is_usual_for_a_role_floods_nobody(
    office: Office, server: Server, role: str, now: set[str], digest: set[str]
) -> None:
    wishes = hearing.choices_of(office.person("baru", role)).wishes
    assert {kind for kind, chosen in wishes.items() if chosen.when == NOW} == now
    assert {kind for kind, chosen in wishes.items() if chosen.when == DIGEST} == digest


class Died(BaseException):
    """The worker is no more."""


def dying(moment: int) -> Callable[..., Any]:
    """Die just before the n-th statement that changes the database, as a worker that is killed does."""
    acts = 0

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal acts
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            acts += 1
            if acts == moment:
                raise Died
        return run(sql, *rest)

    return execute


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_at_any_moment_tells_nobody_twice_and_forgets_nobody(
    office: Office, server: Server, editor: Person
) -> None:
    other = listener(office, "tini")
    for person in (editor, other):
        wish(person, arrived=NOW)
    died = moment = 0
    while died == moment:
        moment += 1
        server.letters.clear()
        Tiding.objects.update(settled_at=timezone.now() - timedelta(hours=1))  # no flood
        arrive(office, moment)
        try:
            tell_all(dying(moment))
        except Died:
            died = moment
        Channel.objects.update(claim="", claimed_until=None)  # the next worker buries the dead
        gather()
        tell_all()
        told = Counter(str(letter["To"]) for letter in server.letters)
        rows = Tiding.objects.filter(event=f"log:{LogEntry.objects.latest('pk').pk}")
        assert max(told.values()) == 1, moment
        assert rows.count() == 2
        for row in rows:
            doubtful = row.outcome == Tiding.Outcome.DOUBTFUL
            assert doubtful or told[row.person.email] == 1, moment
        assert rows.filter(outcome=Tiding.Outcome.DOUBTFUL).count() <= 1
    assert died > 10
