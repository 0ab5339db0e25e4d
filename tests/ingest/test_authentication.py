"""Which Authentication-Results are believed, and what they do to a sender."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import RawMessage, Sender, read
from ingest.authentication import authenticated
from ingest.headers import Headers

OURS = "mx.contoh.example"
RECEIVED = "Received: from luar.example by mx.contoh.example; Fri, 2 Oct 2026 08:00:00 +0700"
FAILED = f"Authentication-Results: {OURS}; dmarc=fail (p=none) header.from=melati.example"
PASSED = f"Authentication-Results: {OURS}; dmarc=pass header.from=melati.example"


def result(*clauses: str, name: str = OURS) -> str:
    return f"Authentication-Results: {name}; " + "; ".join(clauses)


def sender(*headers: str, trusted: tuple[str, ...] = (OURS,), address: str = "sari@melati.example") -> Sender:
    lines = [*headers, f"From: Sari <{address}>", "Subject: Uji", "", "Isi berita."]
    data = "\r\n".join(lines).encode("latin-1")
    return read(RawMessage(data, "uji"), trusted_authserv_ids=trusted).sender


@pytest.mark.parametrize(
    "headers",
    [
        (FAILED, RECEIVED),
        (RECEIVED, FAILED),
        (FAILED.replace(OURS, "MX.Contoh.Example"), RECEIVED),
        (FAILED.replace("; ", ";\r\n\t"), RECEIVED),
        (PASSED, FAILED, RECEIVED),
        (FAILED, RECEIVED, PASSED),
        (result("spf=pass smtp.mailfrom=melati.example"), FAILED, RECEIVED),
        (result("dkim=fail header.d=melati.example"), RECEIVED),
        (result("dkim=fail header.i=@surat.melati.example"), RECEIVED),
        (result("spf=fail smtp.mailfrom=sari@melati.example"), RECEIVED),
        (result("spf=fail smtp.helo=melati.example"), RECEIVED),
        (result("dmarc=none header.from=melati.example", "dkim=fail header.d=melati.example"), RECEIVED),
        (result("dkim=fail header.d=melati.example", "dkim=pass header.d=lain.example"), RECEIVED),
        (result("dkim=fail header.d=melati.example", "spf=pass smtp.mailfrom=a@lain.example"), RECEIVED),
    ],
)
def test_a_sender_our_server_could_not_confirm_is_a_problem(headers: tuple[str, ...]) -> None:
    who = sender(*headers)
    assert who.address == "sari@melati.example"
    assert "server surel kita tidak dapat memastikannya" in who.problem
    assert "sari@melati.example" in who.problem


def test_a_pass_says_nothing_of_a_mail_with_a_second_subject_put_above() -> None:
    assert sender(PASSED, RECEIVED).server == "pass"
    assert sender(PASSED, RECEIVED, "Subject: Yang lain").server == ""


@pytest.mark.parametrize(
    "headers",
    [
        (RECEIVED,),
        (PASSED, RECEIVED),
        (result("none"), RECEIVED),
        (FAILED.replace(OURS, "mx.luar.example"), RECEIVED),
        (FAILED.replace(OURS, f"x.{OURS}"), RECEIVED),
        (FAILED.replace(OURS, f"{OURS}.luar.example"), RECEIVED),
        (RECEIVED, RECEIVED, FAILED),
        (PASSED, RECEIVED, FAILED),
        (result("dmarc=temperror header.from=melati.example"), RECEIVED),
        (result("dkim=fail header.d=lain.example", "spf=fail smtp.mailfrom=a@lain.example"), RECEIVED),
        (result("dkim=fail header.d=xmelati.example"), RECEIVED),
        (result("dkim=fail header.d=melati.example", "spf=pass smtp.mailfrom=a@melati.example"), RECEIVED),
        (result("dmarc=pass header.from=melati.example", "dkim=fail header.d=melati.example"), RECEIVED),
        (result("spf=softfail smtp.mailfrom=melati.example"), RECEIVED),
    ],
)
def test_nothing_speaks_against_a_sender_without_a_failure_we_believe(headers: tuple[str, ...]) -> None:
    assert sender(*headers).problem == ""


@pytest.mark.parametrize(
    "value",
    [
        "",
        ";;;",
        f"{OURS}",
        f"{OURS}; dmarc",
        f"{OURS}; dmarc=",
        f"{OURS} 99; dmarc=fail",
        f"{OURS}; " + "(" * 5_000 + "dmarc=fail",
        f"{OURS}; dmarc=fail; x=" + "y" * 20_000,
        f"{OURS}; dmarc=\xff",
    ],
)
def test_a_header_that_cannot_be_read_counts_as_none(value: str) -> None:
    broken = f"Authentication-Results: {value}"
    assert sender(broken, RECEIVED) == Sender("sari@melati.example", "Sari")
    assert sender(broken, FAILED, RECEIVED).problem


PIECES = st.sampled_from(
    [OURS, "; ", "dmarc", "=", "fail", "none", "header", ".", "from", "(", ")", '"', "1", "/"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=15))
def test_no_header_makes_the_reading_raise(pieces: list[str]) -> None:
    value = f"{OURS}; {''.join(pieces)}".encode("utf-8", "replace")
    who = Sender("sari@melati.example", "Sari")
    assert authenticated(who, Headers([("authentication-results", value)]), (OURS,)).address == who.address


def test_no_header_is_believed_while_no_name_is_trusted() -> None:
    assert sender(FAILED, RECEIVED, trusted=()).problem == ""


def test_a_trusted_name_may_be_written_in_capitals_in_the_settings() -> None:
    assert sender(FAILED, RECEIVED, trusted=("lain.example", OURS.upper())).problem


def test_what_already_speaks_against_a_sender_is_not_replaced() -> None:
    assert "tidak ditulis dengan benar" in sender(FAILED, RECEIVED, address="bukan-alamat").problem
