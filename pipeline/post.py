"""send: a letter of ours leaves the house."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone

import config
from newsroom.models import Letter

MARK = "X-Redaksi-Letter"
"""Tells our own mail, should it come back to us; `ingest` sets it aside."""


class MailServerError(Exception):
    """The letter was not taken. The text says in Indonesian what to do; `again` whether time may heal it."""

    def __init__(self, sentence: str, *, again: bool) -> None:
        super().__init__(sentence)
        self.again = again


def send(letter: Letter) -> None:
    """Send one letter by SMTP, or leave it in the outbox folder. Raises MailServerError."""
    outgoing = settings.REDAKSI.outgoing
    message = compose(letter)
    if outgoing.host:
        _smtp(outgoing, message)
    else:
        folder = outgoing.path or settings.REDAKSI.data / "outbox"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{letter.pk:06d}.eml"
        draft = file.with_suffix(".part")
        draft.write_bytes(bytes(message))
        draft.replace(file)
    letter.done(sent_at=timezone.now())


def compose(letter: Letter) -> EmailMessage:
    """Make the letter's message; the same letter always has the same Message-ID."""
    message = EmailMessage()
    message["From"] = settings.REDAKSI.outgoing.sender
    message["To"] = letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(timezone.localtime(letter.created_at))
    message["Message-ID"] = letter.message_id
    if letter.in_reply_to:
        message["In-Reply-To"] = letter.in_reply_to
    if letter.references:
        message["References"] = letter.references
    message[MARK] = str(letter.pk)
    message.set_content(letter.body)
    return message


def _smtp(outgoing: config.Outgoing, message: EmailMessage) -> None:
    where = f"Server surat keluar {outgoing.host}:{outgoing.port}"
    context = ssl.create_default_context()
    try:
        if outgoing.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(outgoing.host, outgoing.port, timeout=30, context=context)
        else:
            server = smtplib.SMTP(outgoing.host, outgoing.port, timeout=30)
        with server:
            if outgoing.security == "starttls":
                server.starttls(context=context)
            if outgoing.user:
                server.login(outgoing.user, config.secret(outgoing.password_env, outgoing.password_file))
            server.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise MailServerError(
            f"{where} menolak nama atau kata sandi. Periksa outgoing.", again=False
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise MailServerError(
            f"{where} menolak alamat {message['To']}. Periksa alamatnya.", again=False
        ) from error
    except ssl.SSLError as error:
        raise MailServerError(
            f"{where}: sertifikatnya tidak dapat dipercaya. Periksa outgoing.", again=False
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerError(f"{where} tidak menjawab. Kami coba lagi nanti.", again=True) from error
