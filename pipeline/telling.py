"""tell: one person hears by one channel what is due there, each thing once.

A burst becomes one message, and so does what waited for the digest or for the end of the quiet hours. Just before
a message is handed over its rows say so: when nobody knows whether it left, it is not sent again. A channel that
fails waits by itself and says so on its person's page; it holds up nobody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from config import Finding
from newsroom import telling as words
from newsroom.hearing import MAIL, Choices, choices_of, mails, may_hear
from newsroom.models import Channel, Person, Tiding
from pipeline.notices import NoticeError
from pipeline.own_addresses import KINDS, AddressLost, tell_at
from pipeline.post import MARK, AddressRefused, MailServerError, mail_out

Act = Callable[[], None]
FLOOD = 5
"""Messages at once within `WITHIN` to one person; what is more becomes one."""
WITHIN = timedelta(minutes=10)
GIVE_UP_AFTER = 150
"""Failures in a row of a person's own address, a day or so, before only they can make it be tried again."""


def tell(channel: Channel) -> None:
    """Tell what is due on one channel. Raises MailServerError, NoticeError."""
    now = timezone.now()
    person = _person(channel)
    waiting = Tiding.objects.filter(channel=channel, outcome="").select_related("story__contributor")
    _settle(waiting.exclude(leaving_at=None), Tiding.Outcome.DOUBTFUL)
    due = []
    for row in waiting.filter(leaving_at=None, due_at__lte=now):
        if not may_hear(person, row.kind) or words.moot(row, person, now):
            _settle(Tiding.objects.filter(pk=row.pk), Tiding.Outcome.MOOT)
        else:
            due.append(row)
    for bundle in bundles(due, choices_of(person), now):
        _hand_over(channel, person, bundle)
    channel.done()


def _person(channel: Channel) -> Person:
    people = Person.objects.select_related("hearing").prefetch_related("terms", "channels")
    return people.get(pk=channel.person_id)


def bundles(due: Sequence[Tiding], choices: Choices, now: datetime) -> Iterator[Sequence[Tiding]]:
    """Yield what is told in one message each; what is not to be told yet gets another time."""
    digest = [row for row in due if row.digest]
    at_once = []
    for row in due:
        if row.digest:
            continue
        if over := choices.quiet_over(row.kind, now):  # it waited into the quiet hours
            Tiding.objects.filter(pk=row.pk).update(due_at=over, digest=True)
        else:
            at_once.append(row)
    if digest and not choices.quiet_over("", now):
        yield digest
    if not at_once:
        return
    lately = Tiding.objects.filter(
        person=at_once[0].person_id, digest=False, settled_at__gt=now - WITHIN
    ).exclude(outcome=Tiding.Outcome.MOOT)
    told = lately.count()
    if told + len(at_once) <= FLOOD:
        yield from ([row] for row in at_once)
    elif not told:
        yield at_once
    else:
        calm = lately.aggregate(last=Max("settled_at"))["last"] + WITHIN
        Tiding.objects.filter(pk__in=[row.pk for row in at_once]).update(due_at=calm)


def _hand_over(channel: Channel, person: Person, bundle: Sequence[Tiding]) -> None:
    subject, body = words.message(person, bundle)
    rows = Tiding.objects.filter(pk__in=[row.pk for row in bundle])

    def leaving() -> None:
        channel.hold()  # nobody else has this channel now
        rows.update(leaving_at=timezone.now())

    def stayed() -> None:
        rows.update(leaving_at=None)

    if channel.way == MAIL:
        _mail(person, subject, body, f"pemberitahuan-{bundle[0].pk}", leaving, stayed)
    else:
        leaving()
        with translation.override(person.language or settings.REDAKSI.office.language):
            try:
                _tell_own(channel, subject, body)
            except NoticeError:
                stayed()
                raise
    _settle(rows, Tiding.Outcome.TOLD)
    channel.hold(told_at=timezone.now())


def _settle(rows: QuerySet[Tiding], outcome: str) -> None:
    rows.update(outcome=outcome, settled_at=timezone.now())


def _mail(person: Person, subject: str, body: str, name: str, leaving: Act, stayed: Act) -> None:
    try:
        mail_out(compose(person, subject, body, name), person.email, leaving, stayed)
    except AddressRefused:
        raise
    except MailServerError as error:
        # Whatever is wrong with the office's server is not this person's to mend, and heals when it is mended.
        raise MailServerError(str(error), again=True) from error


def compose(person: Person, subject: str, body: str, name: str) -> EmailMessage:
    """Make a notice's mail. No machine is to answer it, and our own mailboxes set it aside."""
    host = urlsplit(settings.REDAKSI.web.public_url).hostname or "redaksi.invalid"
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.REDAKSI.outgoing.sender
    message["To"] = person.email
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(timezone.localtime(timezone.now()))
    message["Message-ID"] = f"<{name}@{host}>"
    message[MARK] = name
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{settings.REDAKSI.web.public_url.rstrip('/')}{reverse('own_notices')}>"
    message.set_content(body, cte="quoted-printable")
    return message


def _tell_own(channel: Channel, subject: str, body: str) -> None:
    kind = KINDS.get(channel.kind, "")
    try:
        taken = tell_at(channel, subject, body)
    except AddressLost as error:
        told = _("Alamat %(kind)s tidak ada lagi di folder data. Pasang lagi.") % {"kind": kind}
        raise NoticeError(told, again=False) from error
    if not taken:
        told = _("%(kind)s tidak menerima pemberitahuan. Periksa alamatnya, lalu tekan “Coba”.") % {
            "kind": kind
        }
        raise NoticeError(told, again=channel.attempts < GIVE_UP_AFTER)


def try_out(channel: Channel) -> str:
    """Send one message now; what went wrong as a sentence, empty when it was taken. A channel that works is due again."""
    person = _person(channel)
    subject, body = words.trial(person)
    try:
        if channel.way == MAIL:
            if not mails(person):
                return _("Surel ke akun Anda belum dapat dikirim.")
            stamp = f"percobaan-{person.pk}-{timezone.now():%Y%m%d%H%M%S%f}"
            _mail(person, subject, body, stamp, lambda: None, lambda: None)
        else:
            _tell_own(channel, subject, body)
    except (MailServerError, NoticeError) as error:
        return str(error)
    Channel.objects.filter(pk=channel.pk).update(told_at=timezone.now())
    channel.retry()
    return ""


def check() -> Finding:
    """Look whether people can be told what they have chosen to hear. Raises nothing."""
    people = Person.objects.filter(is_active=True)
    lacking = people.filter(email="").count()
    broken = Channel.objects.filter(person__is_active=True).stuck().count()
    if not settings.REDAKSI.outgoing.host:
        told = (
            "Surel keluar belum diatur, jadi orang hanya dapat diberi tahu lewat alamat mereka sendiri. "
            "Isi outgoing di settings.yaml."
        )
        return Finding("pemberitahuan orang", True, told)
    told = "Orang diberi tahu lewat surel, atau lewat alamat mereka sendiri."
    if lacking:
        told += f" {lacking} akun belum punya alamat surel."
    if broken:
        told += f" {broken} saluran sedang gagal; pemiliknya melihat sebabnya di akunnya."
    return Finding("pemberitahuan orang", True, told)
