"""Signing in to a mail server by a grant instead of a password (OAuth 2.0, RFC 6749; devices: RFC 8628).

The grant lies in the mailbox's `token_file`, for its own user's eyes only. A provider may give out a new
refresh token with every renewal; it is on disk before it is used. Tokens are never logged or shown.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from config import ImapMailbox, OAuth, SettingsError, secret
from ingest.mailbox import MailboxRefused, MailboxUnreachable

_TIMEOUT = (10, 30)
_EARLY = 120
"""Seconds before its end at which an access token is renewed."""
_OUR_PAGE = "http://127.0.0.1/"
"""Where the provider sends the owner's browser afterwards. Nothing listens there: the owner copies the address."""
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True)
class DeviceCode:
    """What the owner types at the provider's page."""

    url: str
    code: str
    device_code: str
    interval: float
    """Seconds between two questions whether the owner has agreed."""
    until: float
    """By time.monotonic."""


def access_token(mailbox: ImapMailbox, *, renew: bool = False) -> str:
    """Return a token to sign in with, renewed when it is old or `renew`. Raises MailboxError."""
    oauth = _of(mailbox)
    with _alone(oauth):
        kept = _read(mailbox, oauth)
        if not renew and kept.get("access_token") and kept.get("expires_at", 0) - _EARLY > time.time():
            return str(kept["access_token"])
        answer = _ask(
            mailbox,
            oauth.place("token_url"),
            {"grant_type": "refresh_token", "refresh_token": kept["refresh_token"], **_client(oauth)},
        )
        return _keep(mailbox, oauth, answer, kept["refresh_token"])


def ask_device(mailbox: ImapMailbox) -> DeviceCode:
    """Ask the provider for a code that the mailbox's owner types at its page. Raises MailboxError."""
    oauth = _of(mailbox)
    form = {"client_id": oauth.client_id, "scope": oauth.place("scope")}
    answer = _ask(mailbox, oauth.place("device_url"), form)
    url = answer.get("verification_uri") or answer.get("verification_url")
    if not url or not answer.get("user_code") or not answer.get("device_code"):
        raise MailboxUnreachable(_odd(mailbox))
    until = time.monotonic() + float(answer.get("expires_in", 900))
    interval = float(answer.get("interval", 5))
    return DeviceCode(str(url), str(answer["user_code"]), str(answer["device_code"]), interval, until)


def await_device(mailbox: ImapMailbox, device: DeviceCode) -> None:
    """Wait until the owner has agreed, and keep the grant. Raises MailboxError."""
    oauth = _of(mailbox)
    interval = device.interval
    form = {"grant_type": _DEVICE, "device_code": device.device_code, **_client(oauth)}
    while time.monotonic() < device.until:
        time.sleep(interval)
        answer = _post(mailbox, oauth.place("token_url"), form)
        error = answer.get("error")
        if error == "slow_down":
            interval += 5
        elif error != "authorization_pending":
            _keep(mailbox, oauth, _granted(mailbox, answer))
            return
    raise MailboxRefused(f"Kode untuk {mailbox.user} sudah kedaluwarsa. {_reconnect(mailbox)}")


def sign_in_link(mailbox: ImapMailbox) -> tuple[str, str]:
    """Return the page where the owner signs in, and the secret that `finish_link` asks for (PKCE, RFC 7636)."""
    oauth = _of(mailbox)
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    question = {
        "client_id": oauth.client_id,
        "redirect_uri": _OUR_PAGE,
        "response_type": "code",
        "scope": oauth.place("scope"),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
        "login_hint": mailbox.user,
    }
    return f"{oauth.place('authorize_url')}?{urlencode(question)}", verifier


def finish_link(mailbox: ImapMailbox, verifier: str, pasted: str) -> None:
    """Keep the grant, from the address the owner's browser was sent to. Raises MailboxError."""
    oauth = _of(mailbox)
    code = parse_qs(urlsplit(pasted.strip()).query).get("code", [""])[0]
    if not code:
        raise MailboxRefused(
            "Alamat yang ditempel tidak memuat kode. Salin seluruh alamat dari baris alamat peramban sesudah "
            "menyetujui, termasuk yang sesudah tanda tanya."
        )
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _OUR_PAGE,
        "code_verifier": verifier,
        **_client(oauth),
    }
    _keep(mailbox, oauth, _ask(mailbox, oauth.place("token_url"), form))


def _of(mailbox: ImapMailbox) -> OAuth:
    if mailbox.oauth is None:
        raise MailboxRefused(
            f"Kotak surel {mailbox.name} memakai kata sandi; tidak ada yang perlu disambungkan."
        )
    return mailbox.oauth


def _client(oauth: OAuth) -> dict[str, str]:
    form = {"client_id": oauth.client_id}
    if oauth.client_secret_env or oauth.client_secret_file:
        try:
            form["client_secret"] = secret(oauth.client_secret_env, oauth.client_secret_file)
        except SettingsError as error:
            raise MailboxRefused(str(error)) from error
    return form


def _ask(mailbox: ImapMailbox, url: str, form: dict[str, str]) -> dict[str, Any]:
    return _granted(mailbox, _post(mailbox, url, form))


def _post(mailbox: ImapMailbox, url: str, form: dict[str, str]) -> dict[str, Any]:
    place = urlsplit(url).hostname
    try:
        response = requests.post(url, data=form, timeout=_TIMEOUT, allow_redirects=False)
        answer = response.json()
    except requests.JSONDecodeError as error:
        raise MailboxUnreachable(_odd(mailbox)) from error
    except requests.RequestException:
        # The exception's own text may repeat what was sent; only its kind goes on.
        raise MailboxUnreachable(
            f"Server izin {place} tidak dapat dihubungi. Periksa sambungan internet; akan dicoba lagi."
        ) from None
    if response.status_code >= 500 or response.status_code == 429 or not isinstance(answer, dict):
        raise MailboxUnreachable(f"Server izin {place} sedang sibuk. Akan dicoba lagi.", wait=60)
    return answer


def _granted(mailbox: ImapMailbox, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer when it is no refusal. Raises MailboxRefused with what the owner does next."""
    error = str(answer.get("error", ""))
    if not error:
        return answer
    who = {"google": "Google", "microsoft": "Microsoft"}.get(_of(mailbox).provider, "Pemberi izin")
    if error in ("invalid_grant", "interaction_required", "expired_token"):
        raise MailboxRefused(
            f"Izin {who} untuk {mailbox.user} sudah kedaluwarsa atau dicabut. {_reconnect(mailbox)}"
        )
    if error in ("access_denied", "authorization_declined"):
        raise MailboxRefused(f"Pemilik {mailbox.user} tidak menyetujui. {_reconnect(mailbox)}")
    if error in ("invalid_client", "unauthorized_client"):
        raise MailboxRefused(
            f"{who} tidak mengenal aplikasi ini ({error}). Periksa client_id dan rahasia aplikasinya di "
            f"settings.yaml (kotak surel {mailbox.name}, bagian oauth)."
        )
    if error == "invalid_scope":
        raise MailboxRefused(
            f"{who} tidak mengizinkan aplikasi ini membaca surel. Tambahkan izin IMAP pada pendaftaran aplikasinya."
        )
    raise MailboxRefused(f"{who} menolak permintaan izin ({error[:60]}). {_reconnect(mailbox)}")


def _reconnect(mailbox: ImapMailbox) -> str:
    return f"Sambungkan ulang dengan `manage.py connect_mailbox {mailbox.name}`."


def _odd(mailbox: ImapMailbox) -> str:
    return f"Server izin untuk {mailbox.user} menjawab dengan cara yang tidak dapat dimengerti. Akan dicoba lagi."


@contextmanager
def _alone(oauth: OAuth) -> Iterator[None]:
    """Let one process at a time renew a grant: a refresh token may be good for one use only."""
    file = oauth.token_file.with_name(oauth.token_file.name + ".lock")
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise MailboxRefused(
            f"Folder {file.parent} untuk token_file tidak ada atau tidak dapat ditulisi ({error.strerror}). "
            "Buat foldernya atau perbaiki token_file di settings.yaml."
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _read(mailbox: ImapMailbox, oauth: OAuth) -> dict[str, Any]:
    try:
        kept = json.loads(oauth.token_file.read_text(encoding="utf-8"))
        if isinstance(kept, dict) and kept.get("refresh_token"):
            return kept
    except FileNotFoundError:
        raise MailboxRefused(
            f"Kotak surel {mailbox.name} belum disambungkan. "
            f"Jalankan `manage.py connect_mailbox {mailbox.name}` sekali."
        ) from None
    except (OSError, ValueError) as error:
        raise MailboxRefused(
            f"Berkas {oauth.token_file} tidak dapat dibaca. {_reconnect(mailbox)}"
        ) from error
    raise MailboxRefused(f"Berkas {oauth.token_file} tidak memuat izin. {_reconnect(mailbox)}")


def _keep(mailbox: ImapMailbox, oauth: OAuth, answer: dict[str, Any], refresh_token: str = "") -> str:
    """Keep what was granted, the rotated refresh token too, and return the access token."""
    token = str(answer.get("access_token", ""))
    refresh_token = str(answer.get("refresh_token") or refresh_token)
    if not token:
        raise MailboxUnreachable(_odd(mailbox))
    if not refresh_token:
        raise MailboxRefused(
            f"Izin untuk {mailbox.user} diberikan hanya untuk sesaat. Cabut izin lama di akunnya, lalu ulangi "
            f"`manage.py connect_mailbox {mailbox.name}`."
        )
    try:
        lasts = float(answer.get("expires_in", 0))
    except (TypeError, ValueError):
        lasts = 0
    kept = {"refresh_token": refresh_token, "access_token": token, "expires_at": time.time() + lasts}
    _write(oauth.token_file, json.dumps(kept).encode())
    return token


def _write(path: Path, data: bytes) -> None:
    """Put `data` in place at once, flushed, for this user's eyes only."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise MailboxRefused(
            f"Berkas izin {path} tidak dapat ditulis ({error.strerror}). Periksa folder dan hak aksesnya."
        ) from error
