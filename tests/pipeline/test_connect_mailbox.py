"""The owner of a mailbox gives the grant once, by a command."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from tests.grants import Provider
from tests.office import SETTINGS, Office


def connected(use: Callable[[str], None], provider: Provider, folder: Path, **changes: str) -> None:
    mailbox = {
        "name": "resmi",
        "kind": "imap",
        "host": "127.0.0.1",
        "port": 1,
        "user": provider.user,
        "oauth": provider.settings(folder, **changes),
    }
    settings = yaml.safe_load(SETTINGS)
    settings["mailboxes"] = [mailbox]
    use(yaml.safe_dump(settings))


def test_a_code_is_shown_and_the_grant_kept_and_what_is_still_wrong_is_told(
    office: Office, use: Callable[[str], None], tmp_path: Path
) -> None:
    said = io.StringIO()
    with Provider() as provider:
        connected(use, provider, tmp_path)
        # Nothing listens at the mail server's port here: the grant is kept all the same.
        with pytest.raises(CommandError, match="belum dapat dibaca"):
            call_command("connect_mailbox", "resmi", stderr=said)
    assert "ABCD-EFGH" in said.getvalue()
    assert "menolak sambungan" in said.getvalue()
    kept = json.loads((tmp_path / "izin.json").read_text())
    assert kept["refresh_token"]
    assert kept["refresh_token"] not in said.getvalue()
    assert kept["access_token"] not in said.getvalue()


def test_an_owner_who_refuses_is_told_and_nothing_is_kept(
    office: Office, use: Callable[[str], None], tmp_path: Path
) -> None:
    with Provider() as provider:
        provider.refuse = "access_denied"
        connected(use, provider, tmp_path)
        with pytest.raises(CommandError, match="tidak menyetujui"):
            call_command("connect_mailbox", "resmi", stderr=io.StringIO())
    assert not (tmp_path / "izin.json").exists()


def test_where_the_owner_signs_in_by_a_link_the_address_is_pasted(
    office: Office, use: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO("http://127.0.0.1/?code=abc&scope=surel\n"))
    with Provider() as provider:
        connected(use, provider, tmp_path, device_url="", authorize_url=f"{provider.url}/masuk")
        with pytest.raises(CommandError, match="belum dapat dibaca"):
            call_command("connect_mailbox", "resmi", stderr=said)
    assert f"{provider.url}/masuk?" in said.getvalue()
    assert (tmp_path / "izin.json").exists()


def test_a_mailbox_without_a_grant_in_the_settings_is_refused(office: Office) -> None:
    with pytest.raises(CommandError, match="bagian oauth"):
        call_command("connect_mailbox", "lokal")
