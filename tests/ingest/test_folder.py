"""A folder on this disk as a mailbox."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import FolderMailbox
from ingest import Inbox, MailboxRefused, check, open_mailbox

MAIL = b"From: budi@contoh.go.id\r\nSubject: x\r\n\r\nhalo \xe9\r\n"
OLD = 1_795_000_000.0


def mailbox(path: Path) -> FolderMailbox:
    return FolderMailbox(name="lokal", kind="folder", path=path)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    with open_mailbox(mailbox(tmp_path)) as opened:
        yield opened


def put(path: Path, data: bytes = MAIL, *, at: float = OLD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (at, at))
    return path


def everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_missing_folder_is_refused_with_its_path(tmp_path: Path) -> None:
    wanted = mailbox(tmp_path / "tidak-ada")
    with pytest.raises(MailboxRefused, match="tidak-ada"):
        open_mailbox(wanted)
    (finding,) = check(wanted)
    assert not finding.ok
    assert "tidak-ada" in finding.sentence


def test_new_and_read_mails_of_a_maildir_are_listed_oldest_first(maildir: Path, inbox: Inbox) -> None:
    put(maildir / "new" / "3.c.host", at=OLD + 3)
    put(maildir / "cur" / "1.a.host:2,S", at=OLD + 1)
    put(maildir / "new" / "2.b.host", at=OLD + 2)
    put(maildir / "tmp" / "4.d.host", at=OLD)
    assert inbox.uids(()) == ["1.a.host", "2.b.host", "3.c.host"]
    assert inbox.uids(["1.a.host", "3.c.host"]) == ["2.b.host"]


def test_a_flag_changed_by_a_mail_program_makes_no_new_mail(maildir: Path, inbox: Inbox) -> None:
    path = put(maildir / "new" / "1.a.host")
    known = inbox.uids(())
    (maildir / "cur").mkdir(exist_ok=True)
    path.rename(maildir / "cur" / "1.a.host:2,RS")
    assert inbox.uids(known) == []


def test_a_mail_moved_between_listing_and_fetching_is_found(maildir: Path, inbox: Inbox) -> None:
    path = put(maildir / "new" / "1.a.host")
    assert inbox.uids(()) == ["1.a.host"]
    path.rename(maildir / "cur" / "1.a.host:2,S")
    raw = inbox.fetch("1.a.host")
    assert raw is not None
    assert raw.data == MAIL


def test_a_mail_deleted_meanwhile_is_gone_not_an_error(maildir: Path, inbox: Inbox) -> None:
    path = put(maildir / "new" / "1.a.host")
    inbox.uids(())
    path.unlink()
    assert inbox.fetch("1.a.host") is None


def test_the_bytes_and_the_time_are_the_files(tmp_path: Path, inbox: Inbox) -> None:
    put(tmp_path / "kiriman" / "satu.eml")
    (uid,) = inbox.uids(())
    raw = inbox.fetch(uid)
    assert raw is not None
    assert (raw.data, raw.mailbox, raw.uid) == (MAIL, "lokal", uid)
    assert raw.received_at == datetime.fromtimestamp(OLD, UTC)


def test_reading_and_settling_change_nothing(maildir: Path, inbox: Inbox) -> None:
    put(maildir / "new" / "1.a.host")
    put(maildir / "cur" / "2.a.host:2,")
    before = everything(maildir)
    for uid in inbox.uids(()):
        inbox.fetch(uid)
        inbox.settle(uid)
    assert everything(maildir) == before


@pytest.mark.parametrize(
    "name", [".satu.eml", "satu.eml.part", "satu.tmp", "catatan.txt", ".sampah/satu.eml", "satu.eml~"]
)
def test_hidden_temporary_and_other_files_are_no_mail(tmp_path: Path, inbox: Inbox, name: str) -> None:
    put(tmp_path / name)
    assert inbox.uids(()) == []


def test_an_empty_file_is_no_mail_yet(tmp_path: Path, inbox: Inbox) -> None:
    put(tmp_path / "satu.eml", b"")
    assert inbox.uids(()) == []


def test_a_file_still_written_waits_until_it_is_whole_or_left_alone(tmp_path: Path, inbox: Inbox) -> None:
    path = put(tmp_path / "satu.eml", MAIL[:-4], at=datetime.now(UTC).timestamp())
    assert inbox.uids(()) == []
    put(path, MAIL, at=datetime.now(UTC).timestamp())
    assert len(inbox.uids(())) == 1
    put(path, MAIL[:-4], at=OLD)
    assert len(inbox.uids(())) == 1


def test_a_file_that_was_read_too_early_is_read_again_when_it_is_whole(tmp_path: Path, inbox: Inbox) -> None:
    path = put(tmp_path / "satu.eml", MAIL[:-4])
    known = inbox.uids(())
    put(path, MAIL)
    (uid,) = inbox.uids(known)
    raw = inbox.fetch(uid)
    assert raw is not None
    assert raw.data == MAIL


def test_a_file_that_grew_since_it_was_listed_is_left_for_the_next_look(tmp_path: Path, inbox: Inbox) -> None:
    path = put(tmp_path / "satu.eml", MAIL[:-4])
    (uid,) = inbox.uids(())
    put(path, MAIL)
    assert inbox.fetch(uid) is None


def test_a_name_too_long_for_the_ledger_still_tells_files_apart(tmp_path: Path, inbox: Inbox) -> None:
    for name in ("a", "b"):
        put(tmp_path / ("x" * 120) / ("y" * 120) / f"{'z' * 120}{name}.eml")
    uids = inbox.uids(())
    assert len(set(uids)) == 2
    assert all(len(uid) <= 200 for uid in uids)
    assert inbox.fetch(uids[0]) is not None


def test_a_good_folder_is_found_good(maildir: Path) -> None:
    put(maildir / "new" / "1.a.host")
    (finding,) = check(mailbox(maildir))
    assert finding.ok
    assert "1 surel" in finding.sentence
