"""Where answers go, who rewrote the sender, and a date that cannot be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest import Message, RawMessage, read
from tests.samples.parts import STORIES, mail, text

ARRIVED = datetime(2026, 11, 23, 3, 20, tzinfo=UTC)
BODY = text("\n\n".join(STORIES["banjir"]) + "\n")


def reading(*, headers: str = "", date: str = "Mon, 23 Nov 2026 10:12:00 +0700", **kwargs: str) -> Message:
    return read(
        RawMessage(mail("Banjir", BODY, date=date, headers=headers, **kwargs), "uji", received_at=ARRIVED)
    )


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("", ""),
        ("Reply-To: Budi <budi@contoh.go.id>\n", ""),
        ("Reply-To: BUDI@CONTOH.go.id\n", ""),
        ("Reply-To: Humas <humas@kantor.example>\n", "humas@kantor.example"),
        ("Reply-To: a@b.example, c@d.example\n", ""),
        ("Reply-To: bukan alamat\n", ""),
    ],
)
def test_answers_wanted_elsewhere_are_named_and_said(header: str, address: str) -> None:
    message = reading(headers=header)
    assert message.reply_to == address
    assert any("dibalas ke alamat lain" in defect for defect in message.defects) == bool(address)


@pytest.mark.parametrize(
    ("sender", "header"),
    [
        ("'Sri' via Warta <warta@contoh.go.id>", ""),
        ("Warta <warta@contoh.go.id>", "X-Original-From: Sri <sri@contoh.go.id>\n"),
        ("Warta <warta@contoh.go.id>", "X-Original-Sender: sri@contoh.go.id\n"),
        ("SRS0=x=y=asal.example=sri@penerus.example", ""),
    ],
)
def test_a_sender_rewritten_on_the_way_is_told(sender: str, header: str) -> None:
    assert any("milis atau penerus" in defect for defect in reading(sender=sender, headers=header).defects)


def test_a_sender_as_written_is_told_nothing_of() -> None:
    assert reading(headers="X-Original-From: budi@contoh.go.id\n").defects == ()


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("Mon, 23 Nov 2026 10:12:00 +0700", False),
        ("Sen, 23 Nov 2026 12.12 WIT", False),
        ("Sen, 23 Nov 2026 11.12 WITA", False),
        ("Thu, 1 Jan 1970 00:00:00 +0000", True),
        ("Fri, 1 Jan 2036 10:00:00 +0700", True),
        ("Sun, 22 Nov 2026 10:00:00 +0700", True),
    ],
)
def test_a_date_more_than_a_day_from_its_arrival_is_told(date: str, told: bool) -> None:
    found = [defect for defect in reading(date=date).defects if "berbeda lebih dari sehari" in defect]
    assert bool(found) == told


def test_a_mail_read_from_a_file_years_later_has_its_servers_to_speak_for_it() -> None:
    received = "Received: from a by b; Mon, 23 Nov 2026 10:13:00 +0700\n"
    raw = mail("Banjir", BODY, headers=received)
    message = read(RawMessage(raw, "uji", received_at=ARRIVED + timedelta(days=900)))
    assert message.defects == ()


def test_without_a_time_of_arrival_nothing_is_said_of_the_date() -> None:
    assert read(RawMessage(mail("Banjir", BODY, date="Thu, 1 Jan 1970 00:00:00 +0000"), "uji")).defects == ()
