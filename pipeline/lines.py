"""The connection to a mail server between two looks: one for each mailbox, kept open and listened to.

The thread of a mailbox's lane both looks and listens, so a server never sees two connections of ours. What
the server tells while we listen (IDLE) is a hint that makes the mailbox due at once; the looks go on at their
interval whatever it tells, and find out when the line has died.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

import config
import ingest
from newsroom.models import Mailbox

logger = logging.getLogger(__name__)


class Line:
    """One mailbox's connection, of the one thread that looks into the mailbox."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._inbox: ingest.ImapInbox | None = None
        self._wanted: config.ImapMailbox | None = None

    def open(self, wanted: config.ImapMailbox) -> ingest.ImapInbox:
        """Return the mailbox afresh: on the line at hand if that still works. Raises MailboxError."""
        if wanted != self._wanted:  # the settings name another server, account or folder now
            self.close()
            self._wanted = wanted
        if self._inbox is not None:
            try:
                self._inbox.renew()
            except ingest.MailboxError as error:
                logger.info("kotak surel %s: %s", self.name, error)
                self.close()
        if self._inbox is None:
            self._inbox = ingest.ImapInbox(wanted)
        return self._inbox

    def rest(self, stopping: threading.Event) -> None:
        """Let about a second pass; when the server tells of new mail meanwhile, the mailbox is due."""
        if not any(box.name == self.name for box in settings.REDAKSI.mailboxes):
            self.close()
        if self._inbox is None or not self._inbox.can_listen:
            stopping.wait(1)
            return
        try:
            news = self._inbox.listen(1)
        except ingest.MailboxError as error:
            logger.info("kotak surel %s: %s", self.name, error)
            self.close()
            stopping.wait(1)
            return
        if news:
            Mailbox.objects.filter(name=self.name, error="", parked=False).update(next_attempt_at=None)

    def close(self) -> None:
        inbox, self._inbox = self._inbox, None
        if inbox is not None:
            inbox.close()


class _Kept(threading.local):
    line: Line | None = None


_kept = _Kept()


@contextmanager
def opened(wanted: config.Mailbox) -> Iterator[ingest.Inbox]:
    """Open a mailbox for one look; its line is kept where this thread listens to it. Raises MailboxError."""
    line = _kept.line
    if line is None or not isinstance(wanted, config.ImapMailbox):
        with ingest.open_mailbox(wanted) as inbox:
            yield inbox
        return
    inbox = line.open(wanted)
    try:
        yield inbox
    except BaseException:
        line.close()
        raise


@contextmanager
def listening(name: str, stopping: threading.Event) -> Iterator[Callable[[], None]]:
    """Keep the line of a mailbox open between this thread's looks; yield what it does while nothing waits."""
    line = _kept.line = Line(name)
    try:
        yield lambda: line.rest(stopping)
    finally:
        _kept.line = None
        line.close()
