"""A mailbox on a real IMAP server."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest import (
    Glance,
    ImapInbox,
    MailboxRefused,
    MailboxUnreachable,
    Start,
    check,
    imap_session,
    open_mailbox,
)
from tests.grants import Provider
from tests.real.dovecot import PASSWORD, Dovecot
from tests.real.relay import counting, cutting_after, freezing

pytestmark = pytest.mark.real

MAIL = (
    b"From: Budi Contoh <budi@contoh.go.id>\r\nSubject: =?utf-8?B?UmFwYXQ=?=\r\n  terlipat\r\nX-Aneh:\ttab \r\n"
    b"\r\nIsi dengan titik\r\n.\r\n8-bit: caf\xe9 \xc3\xa9\r\n\r\n--  \r\n"
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture
def dovecot(shared: Dovecot) -> Dovecot:
    """The shared server with an empty INBOX."""
    shared.empty()
    shared.password_file.write_text(PASSWORD + "\n")
    return shared


@pytest.fixture
def own() -> Iterator[Dovecot]:
    """A server for a test that stops, kills or rebuilds it."""
    with Dovecot() as server:
        yield server


def test_the_bytes_fetched_are_the_bytes_delivered(dovecot: Dovecot) -> None:
    uid = dovecot.deliver(MAIL)
    with open_mailbox(dovecot.settings()) as inbox:
        raw = inbox.fetch(uid)
    assert raw is not None
    assert raw.data == MAIL
    assert (raw.mailbox, raw.uid) == ("uji", uid)
    assert raw.uidvalidity > 0


def test_a_large_mail_comes_whole_piece_by_piece(dovecot: Dovecot) -> None:
    large = MAIL + b"".join(b"%076d\r\n" % line for line in range(130_000))
    uid = dovecot.deliver(large)
    with open_mailbox(dovecot.settings()) as inbox:
        raw = inbox.fetch(uid)
    assert raw is not None
    assert raw.data == large


def test_a_large_mail_whose_last_piece_is_exactly_full_comes_whole(dovecot: Dovecot) -> None:
    size = 8 << 20
    large = MAIL + b"x" * (size - len(MAIL) - 2) + b"\r\n"
    uid = dovecot.deliver(large)
    with open_mailbox(dovecot.settings()) as inbox:
        raw = inbox.fetch(uid)
    assert raw is not None
    assert raw.data == large


def test_the_time_of_arrival_is_the_servers(dovecot: Dovecot) -> None:
    uid = dovecot.deliver(MAIL, date='"23-Nov-2025 10:12:13 +0800"')
    with open_mailbox(dovecot.settings()) as inbox:
        raw = inbox.fetch(uid)
    assert raw is not None
    assert raw.received_at == datetime(2025, 11, 23, 2, 12, 13, tzinfo=UTC)


def test_reading_leaves_the_mail_unseen(dovecot: Dovecot) -> None:
    uid = dovecot.deliver(MAIL)
    with open_mailbox(dovecot.settings()) as inbox:
        inbox.fetch(uid)
        inbox.settle(uid)
    assert r"\Seen" not in dovecot.flags(uid)


def test_reading_for_marking_leaves_the_mail_unseen_until_it_is_settled(dovecot: Dovecot) -> None:
    uid = dovecot.deliver(MAIL)
    with open_mailbox(dovecot.settings(after="mark")) as inbox:
        inbox.fetch(uid)
        assert r"\Seen" not in dovecot.flags(uid)
        inbox.settle(uid)
    assert r"\Seen" in dovecot.flags(uid)


def test_a_settled_mail_is_moved(dovecot: Dovecot) -> None:
    dovecot.make_folder("Sudah Diambil")
    uid = dovecot.deliver(MAIL)
    other = dovecot.deliver(MAIL)
    with open_mailbox(dovecot.settings(after="move", move_to="Sudah Diambil")) as inbox:
        inbox.settle(uid)
        assert inbox.fetch(uid) is None
    assert dovecot.uids() == [other]
    assert len(dovecot.uids("Sudah Diambil")) == 1


def test_moving_to_a_folder_that_is_not_there_is_refused_and_the_mail_stays(dovecot: Dovecot) -> None:
    uid = dovecot.deliver(MAIL)
    mailbox = dovecot.settings(after="move", move_to="Tidak Ada")
    with open_mailbox(mailbox) as inbox, pytest.raises(MailboxRefused):
        inbox.settle(uid)
    assert dovecot.uids() == [uid]
    last = check(mailbox)[-1]
    assert not last.ok
    assert "Tidak Ada" in last.sentence


def test_only_mail_not_known_is_listed_oldest_first(dovecot: Dovecot) -> None:
    first, second, third = (dovecot.deliver(MAIL) for _ in range(3))
    with open_mailbox(dovecot.settings()) as inbox:
        assert inbox.uids(()) == [first, second, third]
        assert inbox.uids([first, second]) == [third]
        assert inbox.uids({first, second, third}) == []


def test_a_mail_passed_over_among_the_last_known_is_listed_again(dovecot: Dovecot) -> None:
    first, second, third = (dovecot.deliver(MAIL) for _ in range(3))
    with open_mailbox(dovecot.settings()) as inbox:
        assert inbox.uids([first, third]) == [second]


def test_the_first_look_goes_back_only_as_far_as_told(dovecot: Dovecot) -> None:
    old = _internal_date(datetime.now(UTC) - timedelta(days=30))
    first = dovecot.deliver(MAIL, date=old)
    recent = dovecot.deliver(MAIL)
    passed_over = dovecot.deliver(MAIL, date=old)
    last = dovecot.deliver(MAIL)
    week = Start(datetime.now(UTC) - timedelta(days=7))
    with open_mailbox(dovecot.settings()) as inbox:
        assert inbox.uids((), week) == [recent, last]
        assert inbox.uids([recent, last], week) == []
        assert inbox.uids(()) == [first, recent, passed_over, last]


def test_a_mail_deleted_meanwhile_is_gone_not_an_error(dovecot: Dovecot) -> None:
    uid = dovecot.deliver(MAIL)
    with open_mailbox(dovecot.settings()) as inbox:
        assert inbox.uids(()) == [uid]
        dovecot.remove(uid)
        assert inbox.fetch(uid) is None


@pytest.mark.parametrize("name", ["Rilis Jum'at & Sabtu", "Arsip é 日本", 'Kutip "ganda"', "Humas/Provinsi"])
def test_folders_are_found_by_their_unicode_names(dovecot: Dovecot, name: str) -> None:
    if name not in _folder_names(dovecot):
        dovecot.make_folder(name)
    uid = dovecot.deliver(MAIL, name)
    with open_mailbox(dovecot.settings(folder=name)) as inbox:
        raw = inbox.fetch(uid)
    assert raw is not None
    assert raw.data == MAIL


def test_a_folder_that_is_not_there_is_refused_with_the_names_of_those_that_are(dovecot: Dovecot) -> None:
    if "Arsip Ünik" not in _folder_names(dovecot):
        dovecot.make_folder("Arsip Ünik")
    with pytest.raises(MailboxRefused, match="Arsip Ünik"):
        open_mailbox(dovecot.settings(folder="Tidak Ada"))


def test_a_wrong_password_is_refused_and_never_shown(dovecot: Dovecot) -> None:
    dovecot.password_file.write_text("bukan-sandi-9Qz\n")
    with pytest.raises(MailboxRefused) as caught:
        open_mailbox(dovecot.settings())
    assert "kata sandi" in str(caught.value)
    assert "bukan-sandi-9Qz" not in str(caught.value) + repr(caught.value.__cause__)


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"ca_file": None}, MailboxRefused, "Penerbit sertifikat"),
        ({"host": "127.0.0.1"}, MailboxRefused, "nama lain"),
        ({"host": "surel.contoh.invalid"}, MailboxUnreachable, "tidak ditemukan"),
        ({"ca_file": "/tidak/ada.pem"}, MailboxRefused, "ca_file"),
        ({"password_file": "/tidak/ada"}, MailboxRefused, "kata sandi"),
    ],
)
def test_each_fault_is_told_by_its_cause(
    dovecot: Dovecot, changes: dict[str, Any], kind: type[Exception], words: str
) -> None:
    mailbox = dovecot.settings(**changes)
    with pytest.raises(kind, match=words):
        open_mailbox(mailbox)
    last = check(mailbox)[-1]
    assert not last.ok
    assert words in last.sentence


def test_tls_on_the_plain_port_is_told_by_its_cause(dovecot: Dovecot) -> None:
    with pytest.raises(MailboxUnreachable, match="Periksa port"):
        open_mailbox(dovecot.settings(port=dovecot.plain_port))


@pytest.mark.parametrize("security", ["starttls", "none"])
def test_the_plain_port_is_read_with_starttls_and_on_this_machine_without(
    dovecot: Dovecot, security: str
) -> None:
    uid = dovecot.deliver(MAIL)
    with open_mailbox(dovecot.settings(port=dovecot.plain_port, security=security)) as inbox:
        raw = inbox.fetch(uid)
    assert raw is not None
    assert raw.data == MAIL


def test_starttls_checks_the_certificate_too(dovecot: Dovecot) -> None:
    with pytest.raises(MailboxRefused, match="Penerbit sertifikat"):
        open_mailbox(dovecot.settings(port=dovecot.plain_port, security="starttls", ca_file=None))


def test_a_good_mailbox_is_found_good_step_by_step(dovecot: Dovecot) -> None:
    if "Sudah Diambil" not in _folder_names(dovecot):
        dovecot.make_folder("Sudah Diambil")
    findings = check(dovecot.settings(after="move", move_to="Sudah Diambil"))
    assert [finding.ok for finding in findings] == [True] * 4


def test_a_rebuilt_mailbox_shows_another_uidvalidity(own: Dovecot) -> None:
    own.deliver(MAIL)
    with open_mailbox(own.settings()) as inbox:
        before = inbox.uidvalidity
    own.rebuild_uidvalidity()
    with open_mailbox(own.settings()) as inbox:
        assert inbox.uidvalidity != before
        assert inbox.uids(()) == ["1"]


def test_a_server_killed_while_we_read_is_unreachable_and_read_on_afterwards(own: Dovecot) -> None:
    uid = own.deliver(MAIL)
    with open_mailbox(own.settings()) as inbox:
        assert inbox.uids(()) == [uid]
        own.kill()
        with pytest.raises(MailboxUnreachable):
            inbox.fetch(uid)
    with pytest.raises(MailboxUnreachable, match=r"menolak sambungan|terputus"):
        open_mailbox(own.settings())
    own.start()
    with open_mailbox(own.settings()) as inbox:
        raw = inbox.fetch(uid)
    assert raw is not None
    assert raw.data == MAIL


def test_a_server_that_says_goodbye_is_unreachable(own: Dovecot) -> None:
    uid = own.deliver(MAIL)
    with open_mailbox(own.settings()) as inbox:
        own.stop()
        with pytest.raises(MailboxUnreachable):
            inbox.fetch(uid)


def test_a_connection_cut_in_mid_body_gives_no_half_mail(dovecot: Dovecot) -> None:
    large = MAIL + b"".join(b"%076d\r\n" % line for line in range(20_000))
    uid = dovecot.deliver(large)
    with (
        cutting_after(dovecot.port, 1_000_000) as port,
        open_mailbox(dovecot.settings(port=port)) as inbox,
        pytest.raises(MailboxUnreachable),
    ):
        inbox.fetch(uid)


def test_a_server_that_falls_silent_is_given_up_after_the_timeout(dovecot: Dovecot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(MailboxUnreachable, match="tidak menjawab dalam 1 detik"):
            open_mailbox(dovecot.settings(port=port, timeout=1))


def test_a_server_that_limits_connections_is_unreachable_not_refused() -> None:
    with (
        Dovecot(connections=1) as server,
        open_mailbox(server.settings()),
        pytest.raises(MailboxUnreachable, match="membatasi sambungan"),
    ):
        open_mailbox(server.settings())


def test_new_mail_is_told_while_we_listen(dovecot: Dovecot) -> None:
    with ImapInbox(dovecot.settings()) as inbox:
        assert inbox.can_listen
        assert not inbox.listen(0)
        uid = dovecot.deliver(MAIL)
        assert inbox.listen(20)
        inbox.renew()
        assert inbox.uids(()) == [uid]
        assert not inbox.listen(0)


def test_a_mail_taken_away_and_another_come_is_news(dovecot: Dovecot) -> None:
    first = dovecot.deliver(MAIL)
    with ImapInbox(dovecot.settings()) as inbox:
        assert not inbox.listen(0)
        dovecot.remove(first)
        dovecot.deliver(MAIL)
        assert any(inbox.listen(10) for _ in range(3))


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_server_that_goes_while_we_listen_is_noticed_and_read_on_afterwards(own: Dovecot, how: str) -> None:
    with ImapInbox(own.settings()) as inbox:
        assert not inbox.listen(0)
        getattr(own, how)()
        with pytest.raises(MailboxUnreachable):
            for _ in range(3):
                inbox.listen(10)
    own.start()
    uid = own.deliver(MAIL)
    with ImapInbox(own.settings()) as inbox:
        assert inbox.uids(()) == [uid]


def test_a_line_that_died_in_silence_is_given_up_at_the_next_look(dovecot: Dovecot) -> None:
    with (
        freezing(dovecot.port) as (port, freeze),
        ImapInbox(dovecot.settings(port=port, timeout=1)) as inbox,
    ):
        assert not inbox.listen(0)
        freeze()
        assert not inbox.listen(0)  # nothing tells us that the cable is cut
        with pytest.raises(MailboxUnreachable):
            inbox.renew()


def test_size_and_time_are_known_before_a_mail_is_fetched(dovecot: Dovecot) -> None:
    mail = MAIL + b"panjang\r\n" * 10_000
    uid = dovecot.deliver(mail, date='"23-Nov-2025 10:12:13 +0800"')
    with counting(dovecot.port) as (port, received), ImapInbox(dovecot.settings(port=port)) as inbox:
        before = received()
        glance = inbox.glance([uid, "999"])
        assert received() - before < 5_000  # TLS may still have tickets to deliver
    assert glance == {uid: Glance(len(mail), datetime(2025, 11, 23, 2, 12, 13, tzinfo=UTC))}


def test_sender_and_subject_of_a_large_mail_are_read_without_its_body(dovecot: Dovecot) -> None:
    uid = dovecot.deliver(MAIL + b"x" * 3_000_000 + b"\r\n")
    with counting(dovecot.port) as (port, received), ImapInbox(dovecot.settings(port=port)) as inbox:
        before = received()
        sender, subject = inbox.head(uid)
        assert received() - before < 2_000
    assert (sender.address, sender.name, subject) == ("budi@contoh.go.id", "Budi Contoh", "Rapat terlipat")


def test_a_number_given_to_another_mail_is_noticed(dovecot: Dovecot) -> None:
    uid = dovecot.deliver(MAIL)
    with open_mailbox(dovecot.settings()) as inbox:
        same = inbox.glance([uid])
        assert inbox.reused(same) == []
        # What the ledger would hold of the mail that had this number before.
        other = {uid: Glance(len(MAIL) + 77, datetime(2020, 1, 1, tzinfo=UTC))}
        assert inbox.reused(other) == [uid]


def test_what_came_into_the_folder_later_is_new_however_old_it_is(dovecot: Dovecot) -> None:
    old = _internal_date(datetime.now(UTC) - timedelta(days=30))
    dovecot.deliver(MAIL, date=old)
    with open_mailbox(dovecot.settings()) as inbox:
        start = Start(datetime.now(UTC), inbox.uidvalidity, inbox.uidnext)
    rescued = dovecot.deliver(MAIL, date=old)  # as from the spam folder
    with open_mailbox(dovecot.settings()) as inbox:
        assert inbox.uids((), start) == [rescued]
        assert inbox.uids((), start, whole=True) == [rescued]


def test_one_connection_serves_listening_and_looking() -> None:
    with Dovecot(connections=1) as server, ImapInbox(server.settings()) as inbox:
        for _ in range(3):
            assert not inbox.listen(0)
            inbox.renew()
            assert inbox.uids(()) == []


def test_we_sign_in_by_a_grant_and_renew_one_that_is_no_longer_taken(tmp_path: Path) -> None:
    with Provider() as provider, Dovecot(tokeninfo=provider.tokeninfo) as server:
        (tmp_path / "izin.json").write_text(json.dumps({"refresh_token": provider.grant()}))
        mailbox = server.settings(password_file=None, oauth=provider.settings(tmp_path))
        uid = server.deliver(MAIL)
        for renewals in (1, 2):
            with open_mailbox(mailbox) as inbox:
                assert inbox.uids(()) == [uid]
            assert len(provider.asked) == renewals
            provider.forget()
        assert [finding.ok for finding in check(mailbox)] == [True] * 3


def test_a_grant_for_another_account_is_refused_with_the_way_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Provider("lain@contoh.go.id") as provider, Dovecot(tokeninfo=provider.tokeninfo) as server:
        (tmp_path / "izin.json").write_text(json.dumps({"refresh_token": provider.grant()}))
        mailbox = server.settings(password_file=None, oauth=provider.settings(tmp_path))
        with pytest.raises(MailboxRefused, match="connect_mailbox uji"):
            open_mailbox(mailbox)
    kept = json.loads((tmp_path / "izin.json").read_text())
    assert kept["access_token"] not in caplog.text
    assert kept["refresh_token"] not in caplog.text


def test_in_a_folder_of_20000_mails_only_the_new_one_is_listed_and_fetched(own: Dovecot) -> None:
    own.deliver_many([b"Subject: lama\r\n\r\nx\r\n"] * 20_000)
    with open_mailbox(own.settings()) as inbox:
        known = set(inbox.uids(()))
        assert len(known) == 20_000
    uid = own.deliver(MAIL)
    with counting(own.port) as (port, received), open_mailbox(own.settings(port=port)) as inbox:
        assert inbox.uids(known) == [uid]
        raw = inbox.fetch(uid)
    assert raw is not None
    assert raw.data == MAIL
    assert received() < 20_000  # bytes; the list of all UIDs alone is 110,000


def _internal_date(moment: datetime) -> str:
    return moment.strftime('"%d-%b-%Y %H:%M:%S +0000"')


def _folder_names(server: Dovecot) -> list[str]:
    client = imap_session.connect(server.settings())
    try:
        imap_session.login(client, server.settings())
        return imap_session.folders(client)
    finally:
        client.logout()
