"""Getting into an IMAP server: connect, secure, sign in, open the folder."""

from __future__ import annotations

import contextlib
import imaplib
import ssl
from typing import Any

import certifi
from imapclient import IMAPClient, SocketTimeout

from config import ImapMailbox, SettingsError, secret
from ingest import imap_errors, oauth
from ingest.mailbox import MailboxRefused


def connect(mailbox: ImapMailbox) -> IMAPClient:
    """Connect and secure the connection. Raises MailboxError."""
    with imap_errors.classified(mailbox):
        client = IMAPClient(
            mailbox.host,
            mailbox.port,
            ssl=mailbox.security == "tls",
            ssl_context=_tls(mailbox) if mailbox.security == "tls" else None,
            timeout=SocketTimeout(mailbox.timeout, mailbox.timeout),
        )
        # Naive local times would lose the server's zone.
        client.normalise_times = False
        if mailbox.security == "starttls":
            try:
                client.starttls(_tls(mailbox))
            except BaseException:
                leave(client)
                raise
        return client


def login(client: IMAPClient, mailbox: ImapMailbox) -> None:
    """Sign in by password or by grant. Raises MailboxError."""
    if mailbox.oauth is not None:
        _login_by_grant(client, mailbox)
        return
    try:
        password = secret(mailbox.password_env, mailbox.password_file)
    except SettingsError as error:
        raise MailboxRefused(str(error)) from error
    with imap_errors.classified(mailbox, signing_in=True):
        client.login(mailbox.user, password)


def _login_by_grant(client: IMAPClient, mailbox: ImapMailbox) -> None:
    """Sign in with the token at hand; one the server no longer takes is renewed once."""
    if not client.has_capability("AUTH=XOAUTH2"):
        raise MailboxRefused(
            f"Server {mailbox.host} tidak menerima izin OAuth. Pakai password_env atau password_file "
            "sebagai ganti oauth di settings.yaml."
        )
    for renew in (False, True):
        token = oauth.access_token(mailbox, renew=renew)
        try:
            with imap_errors.classified(mailbox, signing_in=True):
                client.oauth2_login(mailbox.user, token)
        except MailboxRefused:
            if renew:
                raise
        else:
            return


def select(client: IMAPClient, mailbox: ImapMailbox) -> dict[bytes, Any]:
    """Open the folder, for reading only when nothing is to be changed. Raises MailboxError."""
    with imap_errors.classified(mailbox):
        try:
            opened: dict[bytes, Any] = client.select_folder(
                mailbox.folder, readonly=mailbox.after == "nothing"
            )
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            names = folders(client)
            if mailbox.folder.upper() != "INBOX" and mailbox.folder not in names:
                raise MailboxRefused(
                    f"Folder {mailbox.folder} tidak ada di {mailbox.host}. Yang ada: {', '.join(names)}."
                ) from error
            raise
        return opened


def folders(client: IMAPClient) -> list[str]:
    """Return the names of the folders that can be opened, in plain Unicode."""
    return sorted(str(name) for flags, _, name in client.list_folders() if b"\\Noselect" not in flags)


def leave(client: IMAPClient) -> None:
    """Say goodbye and hang up. Raises nothing: the server may be gone already, and nothing is lost by it."""
    for farewell in (client.logout, client.shutdown):
        with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError, AttributeError):
            farewell()


def _tls(mailbox: ImapMailbox) -> ssl.SSLContext:
    if mailbox.ca_file is None:
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return context
    try:
        return ssl.create_default_context(cafile=str(mailbox.ca_file))
    except (OSError, ssl.SSLError) as error:
        raise MailboxRefused(
            f"Berkas sertifikat {mailbox.ca_file} tidak dapat dibaca. Perbaiki ca_file di settings.yaml."
        ) from error
