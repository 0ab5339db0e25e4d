"""What went wrong with an IMAP server, as a sentence with the way out."""

from __future__ import annotations

import errno
import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient.exceptions import LoginError, ProtocolError

from config import ImapMailbox
from ingest.mailbox import MailboxError, MailboxRefused, MailboxUnreachable

_EXPIRED, _NOT_YET = 10, 9  # OpenSSL's X509_V_ERR_* numbers
_WRONG_NAME = (62, 64)  # of a host, of an address
_UNKNOWN_ISSUERS = (2, 18, 19, 20, 21, 27)
_TOO_MANY = ("too many", "maximum number of connections", "[inuse]", "simultaneous")
_RATE = ("[limit]", "[overquota]", "rate limit", "bandwidth", "throttl")
_BUSY = ("[unavailable]", "[serverbug]", "try again", "temporar", "system error")
_CONNECTIONS_WAIT, _RATE_WAIT, _BUSY_WAIT = 60, 15 * 60, 60
"""Seconds a server that limits us is left alone."""
_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def classified(mailbox: ImapMailbox, *, signing_in: bool = False) -> Iterator[None]:
    """Turn whatever the network or the server does into a MailboxError. Never shows the password."""
    try:
        yield
    except MailboxError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise _certificate(mailbox, error) from error
    except ssl.SSLError as error:
        raise MailboxUnreachable(
            f"Sambungan aman ke {mailbox.host}:{mailbox.port} gagal. Periksa port dan security di settings.yaml "
            "(993 untuk tls, 143 untuk starttls)."
        ) from error
    except imaplib.IMAP4.error as error:
        raise _answer(mailbox, error, signing_in=signing_in) from error
    except OSError as error:
        if error.errno in _FULL:
            raise  # our disk, not the server
        raise MailboxUnreachable(_network(mailbox, error)) from error
    except (ProtocolError, ValueError, EOFError) as error:
        raise MailboxUnreachable(
            f"Server {mailbox.host} menjawab dengan cara yang tidak dapat dimengerti. Akan dicoba lagi."
        ) from error


def _network(mailbox: ImapMailbox, error: OSError) -> str:
    place = f"{mailbox.host}:{mailbox.port}"
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return (
            f"Nama server {mailbox.host} belum dapat dicari. Periksa sambungan internet (DNS) komputer ini; "
            "akan dicoba lagi."
        )
    if isinstance(error, socket.gaierror):
        return (
            f"Nama server {mailbox.host} tidak ditemukan. Periksa tulisan host di settings.yaml "
            "dan sambungan internet komputer ini."
        )
    if isinstance(error, ConnectionRefusedError):
        return f"Server {place} menolak sambungan. Periksa port di settings.yaml, atau tanyakan pengelola server."
    if isinstance(error, TimeoutError):
        return f"Server {place} tidak menjawab dalam {mailbox.timeout} detik. Akan dicoba lagi."
    if isinstance(error, ConnectionError):
        return f"Sambungan ke {place} terputus. Akan dicoba lagi."
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
        return f"Komputer ini tidak tersambung ke jaringan {place}. Periksa sambungan internetnya; akan dicoba lagi."
    return (
        f"Server {place} tidak dapat dihubungi ({error.strerror or 'jaringan terganggu'}). Akan dicoba lagi."
    )


def _certificate(mailbox: ImapMailbox, error: ssl.SSLCertVerificationError) -> MailboxRefused:
    code = error.verify_code
    if code in _WRONG_NAME:
        return MailboxRefused(
            f"Sertifikat server dibuat untuk nama lain, bukan {mailbox.host}. "
            "Tulis host seperti yang tercantum di sertifikatnya; tanyakan pengelola server."
        )
    if code in (_EXPIRED, _NOT_YET):
        return MailboxRefused(
            f"Sertifikat server {mailbox.host} tidak berlaku hari ini. Minta pengelola server memperbaruinya, "
            "dan periksa jam komputer ini."
        )
    if code in _UNKNOWN_ISSUERS:
        return MailboxRefused(
            f"Penerbit sertifikat server {mailbox.host} tidak dikenal. Bila server memakai sertifikat buatan sendiri, "
            "minta berkas sertifikat penerbitnya dan sebut di ca_file pada settings.yaml."
        )
    return MailboxRefused(f"Sertifikat server {mailbox.host} tidak dapat dipercaya ({error.verify_message}).")


def _answer(mailbox: ImapMailbox, error: Exception, *, signing_in: bool) -> MailboxError:
    """Classify what the server answered, or that it stopped answering."""
    said = _words(error)
    low = said.lower()
    if limit := _limit(mailbox, low):
        return limit
    # IMAPClient wraps a line that broke while signing in as a refusal.
    if isinstance(error, imaplib.IMAP4.abort) or isinstance(error.__context__, imaplib.IMAP4.abort):
        return MailboxUnreachable(f"Server {mailbox.host} memutus sambungan. Akan dicoba lagi.")
    if signing_in or isinstance(error, LoginError):
        return MailboxRefused(_login(mailbox, low))
    if isinstance(error, imaplib.IMAP4.readonly):
        return MailboxRefused(
            f"Folder {mailbox.folder} hanya dapat dibaca. Pakai after: nothing di settings.yaml."
        )
    if "starttls" in low:
        return MailboxRefused(
            f"Server {mailbox.host} tidak mengenal STARTTLS. Pakai security: tls dan port 993."
        )
    return MailboxRefused(f"Server {mailbox.host} menolak permintaan: {said}.")


def _limit(mailbox: ImapMailbox, said: str) -> MailboxUnreachable | None:
    """Return how long to leave a server alone that says it has had enough (RFC 5530), if it says so."""
    if any(word in said for word in _TOO_MANY):
        return MailboxUnreachable(
            f"Server {mailbox.host} membatasi sambungan serentak untuk {mailbox.user}. Tutup program surel lain "
            "yang memakai akun ini; akan dicoba lagi sebentar lagi.",
            wait=_CONNECTIONS_WAIT,
        )
    if any(word in said for word in _RATE):
        return MailboxUnreachable(
            f"Server {mailbox.host} membatasi banyaknya permintaan hari ini. Redaksi menunggu seperempat jam, "
            "lalu melanjutkan sendiri; tidak ada yang hilang.",
            wait=_RATE_WAIT,
        )
    if any(word in said for word in _BUSY):
        return MailboxUnreachable(
            f"Server {mailbox.host} sedang sibuk atau diperbaiki. Akan dicoba lagi.", wait=_BUSY_WAIT
        )
    return None


def _login(mailbox: ImapMailbox, said: str) -> str:
    host = mailbox.host.lower()
    off = ("disabled", "not enabled", "not allowed", "not connected")
    if ("imap" in said or "authenticated but" in said) and any(word in said for word in off):
        return (
            f"IMAP belum dinyalakan untuk {mailbox.user}. Nyalakan akses IMAP di pengaturan surelnya "
            "(atau minta pengelola server), lalu coba lagi."
        )
    if "privacyrequired" in said or "logindisabled" in said or "plaintext" in said:
        return f"Server {mailbox.host} meminta sambungan aman. Pakai security: tls atau starttls di settings.yaml."
    if mailbox.oauth is not None:
        return (
            f"{mailbox.host} menolak izin {mailbox.user}. Periksa bahwa user di settings.yaml adalah akun yang "
            f"memberi izin dan IMAP-nya menyala, lalu sambungkan ulang dengan `manage.py connect_mailbox {mailbox.name}`."
        )
    if "[expired]" in said or "password expired" in said:
        return f"Kata sandi {mailbox.user} sudah kedaluwarsa. Ganti di webmail, lalu isi yang baru."
    if "browser" in said:
        return (
            f"{mailbox.host} meminta {mailbox.user} masuk lewat peramban sekali untuk memastikan pemiliknya. "
            "Buka webmail-nya, masuk, lalu tunggu beberapa menit."
        )
    sentence = f"{mailbox.host} menolak nama atau kata sandi {mailbox.user}. "
    if host.endswith(("gmail.com", "googlemail.com", "google.com")) or "googleapp" in said:
        return sentence + (
            "Gmail meminta Sandi Aplikasi: nyalakan verifikasi 2 langkah, buat Sandi Aplikasi di akun Google, "
            "lalu pakai sandi 16 huruf itu."
        )
    if "yahoo" in host:
        return sentence + "Yahoo meminta sandi aplikasi: buat di Keamanan akun Yahoo, lalu pakai sandi itu."
    if host.endswith(("office365.com", "outlook.com", "hotmail.com", "live.com")):
        return sentence + (
            "Microsoft tidak lagi menerima kata sandi untuk IMAP; isi bagian oauth di settings.yaml, lalu "
            f"jalankan `manage.py connect_mailbox {mailbox.name}`."
        )
    if "application" in said and "password" in said:
        return sentence + "Server meminta sandi aplikasi; buat di pengaturan keamanan akun itu."
    return (
        sentence
        + "Periksa user dan kata sandinya; bila akun memakai verifikasi 2 langkah, buat sandi aplikasi."
    )


def _words(error: Exception) -> str:
    """What the server said, as text; IMAPClient and imaplib wrap it in `b'…'`."""
    text = str(error)
    if text.startswith(("b'", 'b"')):
        text = text[2:-1]
    return " ".join(text.split())[:300].rstrip(".")
