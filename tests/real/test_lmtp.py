"""The whole product takes mail from the office's mail server."""

from __future__ import annotations

import smtplib
from pathlib import Path

import pytest

from tests.office import coverage
from tests.ports import free_port
from tests.real.chromium import SETTINGS, Product

pytestmark = pytest.mark.real


def test_a_mail_handed_over_by_lmtp_is_kept_before_it_is_answered_and_becomes_a_story(tmp_path: Path) -> None:
    port = free_port()
    product = Product(tmp_path, SETTINGS + f"lmtp: {{{{listen: 127.0.0.1:{port}, largest_mb: 5}}}}\n")
    product.lay()
    product.contributor("nala@contoh.example", "Nala Ayuningtias", "MC. Kota Uji", "nala")
    with product:
        with smtplib.LMTP("127.0.0.1", port, timeout=60) as server:
            mail = coverage().replace(b"\n", b"\r\n")
            recipients = ["redaksi@contoh.example"]
            assert server.sendmail("nala@contoh.example", recipients, mail) == {}
            (kept,) = product.command("submissions", "--json")  # answered means kept
            with pytest.raises(smtplib.SMTPException, match="552"):
                server.sendmail("nala@contoh.example", recipients, b"Subject: x\r\n\r\n" + b"y" * 6_000_000)
        (story,) = product.await_stories(1)
    assert story["headline"] == "Wali Kota Uji Membuka Musrenbang"
    original = tmp_path / "var" / "originals" / kept["sha256"][:2] / kept["sha256"][2:4] / kept["sha256"]
    assert original.read_bytes() == mail
