"""Signing in by a grant: renewed in time, the newest refresh token on disk first, refusals told."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config import ImapMailbox, OAuth
from ingest import MailboxRefused, MailboxUnreachable, oauth
from tests.grants import Provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


def mailbox(provider: Provider, folder: Path, **changes: Any) -> ImapMailbox:
    return ImapMailbox(
        name="resmi",
        kind="imap",
        host="surel.contoh.example",
        user=provider.user,
        oauth=OAuth(**provider.settings(folder, **changes)),
    )


def granted(provider: Provider, folder: Path, **changes: Any) -> ImapMailbox:
    (folder / "izin.json").write_text(json.dumps({"refresh_token": provider.grant()}))
    return mailbox(provider, folder, **changes)


def kept(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "izin.json").read_text())
    return found


def test_a_token_is_asked_for_once_and_used_until_it_is_old(provider: Provider, tmp_path: Path) -> None:
    box = granted(provider, tmp_path)
    first = oauth.access_token(box)
    assert oauth.access_token(box) == first
    assert len(provider.asked) == 1
    assert oauth.access_token(box, renew=True) != first


def test_a_token_about_to_end_is_renewed(provider: Provider, tmp_path: Path) -> None:
    provider.lasts = 60
    box = granted(provider, tmp_path)
    assert oauth.access_token(box) != oauth.access_token(box)


def test_a_rotated_refresh_token_is_kept_for_the_next_renewal(provider: Provider, tmp_path: Path) -> None:
    box = granted(provider, tmp_path)
    for _ in range(3):  # each old refresh token is void at once
        oauth.access_token(box, renew=True)
    sent = [form["refresh_token"] for form in provider.asked]
    assert len(set(sent)) == 3
    assert kept(tmp_path)["refresh_token"] not in sent


def test_a_refresh_token_that_is_not_rotated_is_kept(provider: Provider, tmp_path: Path) -> None:
    provider.rotates = False
    box = granted(provider, tmp_path)
    before = kept(tmp_path)["refresh_token"]
    oauth.access_token(box)
    assert kept(tmp_path)["refresh_token"] == before


def test_the_grant_is_for_its_own_users_eyes_only(provider: Provider, tmp_path: Path) -> None:
    (tmp_path / "izin.json").touch(0o644)
    oauth.access_token(granted(provider, tmp_path))
    assert stat.S_IMODE((tmp_path / "izin.json").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"izin.json", "izin.json.lock"}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("invalid_grant", "kedaluwarsa atau dicabut"),
        ("invalid_client", "client_id"),
        ("invalid_scope", "izin IMAP"),
        ("sesuatu_yang_baru", "sesuatu_yang_baru"),
    ],
)
def test_a_refusal_is_told_with_what_to_do(
    provider: Provider, tmp_path: Path, error: str, words: str
) -> None:
    box = granted(provider, tmp_path)
    provider.refuse = error
    with pytest.raises(MailboxRefused, match=words) as caught:
        oauth.access_token(box)
    assert "rahasia penyedia" not in str(caught.value)


def test_a_revoked_grant_names_the_command_that_heals_it(provider: Provider, tmp_path: Path) -> None:
    box = granted(provider, tmp_path)
    provider.refuse = "invalid_grant"
    with pytest.raises(MailboxRefused, match="connect_mailbox resmi"):
        oauth.access_token(box)


def test_a_mailbox_never_connected_names_the_command(provider: Provider, tmp_path: Path) -> None:
    with pytest.raises(MailboxRefused, match=r"belum disambungkan.*connect_mailbox resmi"):
        oauth.access_token(mailbox(provider, tmp_path))


@pytest.mark.parametrize("content", ["bukan json", "[]", '{"refresh_token": ""}'])
def test_a_spoilt_token_file_is_told(provider: Provider, tmp_path: Path, content: str) -> None:
    (tmp_path / "izin.json").write_text(content)
    with pytest.raises(MailboxRefused, match=r"izin\.json"):
        oauth.access_token(mailbox(provider, tmp_path))


def test_a_token_folder_that_is_not_there_is_told(provider: Provider, tmp_path: Path) -> None:
    box = mailbox(provider, tmp_path / "tidak-ada")
    with pytest.raises(MailboxRefused, match="token_file"):
        oauth.access_token(box)


def test_a_provider_that_is_away_or_busy_is_asked_again_later(provider: Provider, tmp_path: Path) -> None:
    box = granted(provider, tmp_path)
    provider.broken = True
    with pytest.raises(MailboxUnreachable, match="sedang sibuk"):
        oauth.access_token(box)
    nobody = box.model_copy(
        update={"oauth": OAuth(**provider.settings(tmp_path, token_url="http://127.0.0.1:1/"))}
    )
    with pytest.raises(MailboxUnreachable, match="tidak dapat dihubungi"):
        oauth.access_token(nobody)


def test_the_owner_agrees_by_a_code(provider: Provider, tmp_path: Path) -> None:
    provider.pending = 2
    box = mailbox(provider, tmp_path)
    device = oauth.ask_device(box)
    assert device.code == "ABCD-EFGH"
    oauth.await_device(box, device)
    assert oauth.access_token(box) == kept(tmp_path)["access_token"]
    assert [form.get("grant_type", "")[-11:] for form in provider.asked] == ["", *["device_code"] * 3]


@pytest.mark.parametrize(
    ("error", "words"), [("access_denied", "tidak menyetujui"), ("expired_token", "kedaluwarsa")]
)
def test_an_owner_who_does_not_agree_is_told(
    provider: Provider, tmp_path: Path, error: str, words: str
) -> None:
    box = mailbox(provider, tmp_path)
    device = oauth.ask_device(box)
    provider.refuse = error
    with pytest.raises(MailboxRefused, match=words):
        oauth.await_device(box, device)
    assert not (tmp_path / "izin.json").exists()


def test_the_owner_agrees_by_a_link_and_pastes_the_address(provider: Provider, tmp_path: Path) -> None:
    box = mailbox(provider, tmp_path, device_url="", authorize_url=f"{provider.url}/masuk")
    link, verifier = oauth.sign_in_link(box)
    assert link.startswith(f"{provider.url}/masuk?client_id=redaksi-uji&")
    assert verifier not in link
    oauth.finish_link(box, verifier, " http://127.0.0.1/?state=x&code=4%2Fabc&scope=surel \n")
    assert provider.asked[-1]["code"] == "4/abc"
    assert provider.asked[-1]["code_verifier"] == verifier
    assert kept(tmp_path)["refresh_token"]


def test_an_address_without_a_code_is_told(provider: Provider, tmp_path: Path) -> None:
    with pytest.raises(MailboxRefused, match="Salin seluruh alamat"):
        oauth.finish_link(mailbox(provider, tmp_path), "x", "http://127.0.0.1/")


def test_tokens_are_in_no_log_and_no_error(
    provider: Provider, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    box = granted(provider, tmp_path)
    secret_words = [kept(tmp_path)["refresh_token"], oauth.access_token(box), kept(tmp_path)["refresh_token"]]
    provider.refuse = "invalid_grant"
    with pytest.raises(MailboxRefused) as caught:
        oauth.access_token(box, renew=True)
    said = caplog.text + str(caught.value) + repr(caught.value.__cause__)
    assert not [word for word in secret_words if word in said]


@pytest.mark.parametrize(
    "changes",
    [
        {"token_url": ""},
        {"token_url": "http://izin.contoh.example/token"},
        {"client_secret_env": "A", "client_secret_file": "b"},
    ],
)
def test_grants_that_cannot_work_are_refused_at_start(
    provider: Provider, tmp_path: Path, changes: dict[str, str]
) -> None:
    with pytest.raises(ValidationError):
        OAuth(**provider.settings(tmp_path, **changes))


def test_google_and_microsoft_need_no_addresses(tmp_path: Path) -> None:
    google = OAuth(provider="google", client_id="x", token_file=tmp_path / "izin")
    microsoft = OAuth(
        provider="microsoft", client_id="x", token_file=tmp_path / "izin", tenant="contoh.go.id"
    )
    # Google grants mail only to whoever signs in at its page, never by a code.
    assert google.place("device_url") == ""
    assert google.place("authorize_url").startswith("https://accounts.google.com/")
    assert microsoft.place("device_url").startswith("https://login.microsoftonline.com/contoh.go.id/")
    assert "offline_access" in microsoft.place("scope")
