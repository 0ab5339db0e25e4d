"""Mails in files, folders and mboxes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import MailboxRefused, iter_files

ONE = b"From: a@contoh.go.id\r\nSubject: satu\r\n\r\nhalo \xe9\r\n"
TWO = b"From: b@contoh.go.id\nSubject: dua\n\nFrom here on\n>From there\n>>From afar\n"


def read(path: Path) -> list[bytes]:
    return [raw.data for raw in iter_files(path)]


def test_a_file_that_is_named_is_a_mail_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "surat").write_bytes(ONE)
    assert read(tmp_path / "surat") == [ONE]


def test_an_mbox_is_split_and_unquoted_and_otherwise_untouched(tmp_path: Path) -> None:
    quoted = (
        TWO.replace(b">>From", b">>>From").replace(b"\n>From", b"\n>>From").replace(b"\nFrom h", b"\n>From h")
    )
    separator = b"From a@contoh.go.id Mon Nov 23 10:00:00 2026\n"
    (tmp_path / "kotak").write_bytes(separator + ONE + b"\n" + separator + quoted + b"\n" + separator + ONE)
    assert read(tmp_path / "kotak") == [ONE, TWO, ONE]


def test_a_line_that_begins_with_from_inside_a_paragraph_splits_nothing(tmp_path: Path) -> None:
    mail = b"Subject: x\n\nsatu\nFrom dua\n"
    (tmp_path / "kotak").write_bytes(b"From a Mon Nov 23 10:00:00 2026\n" + mail + b"\n")
    assert read(tmp_path / "kotak") == [mail]


def test_a_folder_is_read_with_all_below_it(tmp_path: Path) -> None:
    (tmp_path / "b.eml").write_bytes(TWO)
    short = TWO.partition(b"From here")[0]
    (tmp_path / "a.EML").write_bytes(ONE)
    (tmp_path / "catatan.txt").write_bytes(b"bukan surel")
    (tmp_path / ".tersembunyi.eml").write_bytes(b"bukan")
    (tmp_path / "dalam").mkdir()
    (tmp_path / "dalam" / "c.mbox").write_bytes(b"From x\n" + ONE + b"\nFrom y\n" + short)
    assert sorted(read(tmp_path)) == sorted([ONE, TWO, ONE, short.removesuffix(b"\n")])


def test_a_maildir_is_read_without_its_unfinished_mail(tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"1.{name}").write_bytes(ONE + name.encode())
    assert sorted(read(tmp_path)) == [ONE + b"cur", ONE + b"new"]


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MailboxRefused, match="tidak-ada"):
        read(tmp_path / "tidak-ada.eml")
