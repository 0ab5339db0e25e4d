"""send: a letter of ours leaves the house."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.utils import timezone

import config
from config import Finding
from newsroom.approval_links import whole
from newsroom.models import Letter

MARK = "X-Redaksi-Letter"
"""Tells our own mail, should it come back to us; `ingest` sets it aside."""
PATIENCE = 30
"""Seconds the mail server has for each answer."""


class MailServerError(Exception):
    """The letter was not taken. The text says in Indonesian what to do; `again` whether time may heal it."""

    def __init__(self, sentence: str, *, again: bool) -> None:
        super().__init__(sentence)
        self.again = again


class AddressRefused(MailServerError):
    """The mail server takes nothing for this address."""


def send(letter: Letter) -> None:
    """Send one letter by SMTP, or leave it in the outbox folder. Raises MailServerError.

    When a connection breaks after the letter was handed over, nobody knows whether it left. A letter of
    people is then sent again under the same Message-ID: rather twice than never. An acknowledgement is not:
    RFC 3834 wants at most one.
    """
    if letter.leaving_at and letter.kind == Letter.Kind.ACKNOWLEDGEMENT:
        letter.done(sent_at=letter.leaving_at)
        return
    if settings.REDAKSI.outgoing.host:
        _by_smtp(letter)
    else:
        _into_folder(letter)
    letter.done(sent_at=timezone.now())


def compose(letter: Letter) -> EmailMessage:
    """Make the letter's message; the same letter always has the same Message-ID."""
    message = EmailMessage(policy=SMTP)
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
    if letter.kind == Letter.Kind.ACKNOWLEDGEMENT:
        message["Auto-Submitted"] = "auto-replied"  # RFC 3834 §3.1.7: no machine answers it
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # the same for Exchange, which knows no better
    # 7 bits on the way: not every server between here and there passes 8.
    message.set_content(whole(letter), cte="quoted-printable")
    return message


def check(wanted: config.Outgoing | None = None) -> Finding:
    """Try a server for letters, that of the settings by default, up to its sign-in; none is sent. Raises nothing."""
    outgoing = wanted or settings.REDAKSI.outgoing
    if not outgoing.host:
        folder = outgoing.path or settings.REDAKSI.data / "outbox"
        told = f"Belum ada server surel keluar; surat disimpan sebagai berkas di {folder}."
        return Finding("surel keluar", not outgoing.acknowledge, told)
    try:
        with _server(outgoing) as server:
            server.noop()
    except (MailServerError, config.SettingsError) as error:
        return Finding("surel keluar", False, str(error))
    return Finding("surel keluar", True, f"{_place(outgoing)} menerima kita; tidak ada surat yang dikirim.")


def _into_folder(letter: Letter) -> None:
    folder = settings.REDAKSI.outgoing.path or settings.REDAKSI.data / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{letter.pk:06d}.eml"
    draft = file.with_suffix(".part")
    draft.write_bytes(bytes(compose(letter)))
    draft.replace(file)


def mail_out(message: EmailMessage, to: str, leaving: Callable[[], None], stayed: Callable[[], None]) -> None:
    """Hand one message over: `leaving` is called before the server can have it, `stayed` when it surely has not.

    Raises MailServerError; when `stayed` was not called after `leaving`, nobody knows whether it left.
    """
    outgoing = settings.REDAKSI.outgoing
    with _server(outgoing) as server:
        _hand_over(server, bytes(message), to, parseaddr(outgoing.sender)[1], leaving, stayed)


def _by_smtp(letter: Letter) -> None:
    outgoing = settings.REDAKSI.outgoing
    address = parseaddr(outgoing.sender)[1]

    def hand_over(sender: str) -> None:
        data = bytes(compose(letter))
        _hand_over(
            server,
            data,
            letter.to,
            sender,
            lambda: letter.hold(leaving_at=timezone.now()),
            lambda: letter.hold(leaving_at=None),
        )

    with _server(outgoing) as server:
        if letter.kind != Letter.Kind.ACKNOWLEDGEMENT:
            hand_over(address)
            return
        try:
            hand_over("")  # RFC 3834 §3.3: what cannot be delivered comes back to nobody
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            if error.smtp_code < 500:
                raise
            # Some providers let nothing out without a sender of their own; Auto-Submitted still stops loops.
            server.rset()
            hand_over(address)


def _hand_over(
    server: smtplib.SMTP,
    data: bytes,
    to: str,
    sender: str,
    leaving: Callable[[], None],
    stayed: Callable[[], None],
) -> None:
    """Hand one mail over; its row says so before the server can have it. Raises smtplib.SMTPException."""
    server.ehlo_or_helo_if_needed()
    code, said = server.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, said, sender)
    code, said = server.rcpt(to)
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({to: (code, said)})
    leaving()
    try:
        code, said = server.data(data)
        if code != 250:
            raise smtplib.SMTPDataError(code, said)
    except smtplib.SMTPDataError:
        stayed()  # refused, so it has surely not left
        raise


@contextmanager
def _server(outgoing: config.Outgoing) -> Iterator[smtplib.SMTP]:
    """Connect and sign in. Raises MailServerError for whatever goes wrong inside, too."""
    place = _place(outgoing)
    try:
        context = ssl.create_default_context(cafile=str(outgoing.ca_file) if outgoing.ca_file else None)
        make = smtplib.SMTP_SSL if outgoing.security == "tls" else smtplib.SMTP
        how = {"context": context} if outgoing.security == "tls" else {}
        server = make(outgoing.host or "", outgoing.port, timeout=PATIENCE, **how)
        with server:
            if outgoing.security == "starttls":
                server.starttls(context=context)
            if outgoing.user:
                server.login(outgoing.user, config.secret(outgoing.password_env, outgoing.password_file))
            yield server
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise _told(place, error) from error


def _told(place: str, error: Exception) -> MailServerError:
    """Say in Indonesian what the mail server did, and whether time may heal it."""
    match error:
        case smtplib.SMTPAuthenticationError():
            again = error.smtp_code < 500
            return MailServerError(f"{place} menolak nama atau kata sandi. Periksa outgoing.", again=again)
        case smtplib.SMTPRecipientsRefused():
            address, (code, said) = next(iter(error.recipients.items()))
            # 4xx is not yet a no: many servers ask whoever is new to them to come back (greylisting).
            if code < 500:
                return MailServerError(f"{place} belum menerima alamat {address}{_quote(said)}.", again=True)
            told = f"{place} menolak alamat {address}{_quote(said)}. Periksa alamatnya."
            return AddressRefused(told, again=False)
        case smtplib.SMTPResponseException():
            told = f"{place} menolak surat ini{_quote(error.smtp_error)}."
            return MailServerError(told, again=error.smtp_code < 500)
        case smtplib.SMTPNotSupportedError():
            told = f"{place} tidak mengenal cara masuk atau enkripsi yang diminta. Periksa outgoing."
            return MailServerError(told, again=False)
        case ssl.SSLError():
            told = f"{place}: sertifikatnya tidak dapat dipercaya. Periksa outgoing."
            return MailServerError(told, again=False)
        case UnicodeError():
            told = f"{place} tidak dapat menerima alamat dengan huruf di luar ASCII. Periksa alamatnya."
            return MailServerError(told, again=False)
    return MailServerError(f"{place} tidak menjawab. Kami coba lagi nanti.", again=True)


def _quote(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f" (jawabannya: {' '.join(text.split())[:200]})" if text.strip() else ""


def _place(outgoing: config.Outgoing) -> str:
    return f"Server surat keluar {outgoing.host}:{outgoing.port}"
