"""TXT records out of the DNS, by which a signature's key is found."""

from __future__ import annotations

import time
from collections.abc import Callable

import dns.exception
import dns.rdatatype
import dns.resolver

Lookup = Callable[[str], bytes | None]
"""Return the TXT record of a name, None when there is none. Raises Unanswered."""

TIMEOUT = 5.0
"""Seconds for one answer, as dkimpy waits."""
PROBE = 2.0
"""Seconds for the question whether the DNS answers at all."""
SILENCE = 300.0
"""Seconds for which a DNS that did not answer is not asked again: an office without internet waits once."""


class Unanswered(Exception):
    """The DNS did not answer, which says nothing about the record. Ask again another day."""


class Resolver:
    """Asks the system's DNS, or the server given as `host:port`; remembers for minutes that it is silent."""

    def __init__(
        self, server: str = "", *, timeout: float = TIMEOUT, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._server = server
        self._timeout = timeout
        self._now = now
        self._silent_until = 0.0

    def __call__(self, name: str) -> bytes | None:
        """Return the TXT record of `name`, its strings joined; of several the one with a key. Raises Unanswered."""
        if self._now() < self._silent_until:
            raise Unanswered("silent")
        try:
            answer = self._asked().resolve(
                name, dns.rdatatype.TXT, raise_on_no_answer=False, lifetime=self._timeout, search=False
            )
        except dns.resolver.NXDOMAIN:
            return None
        except dns.exception.Timeout as error:
            self._doubt()
            raise Unanswered(str(error)) from error
        except (dns.resolver.NoResolverConfiguration, dns.resolver.NoNameservers, OSError) as error:
            raise Unanswered(str(error)) from error
        except (dns.exception.DNSException, UnicodeError):
            return None  # a name the DNS cannot have: too long, an empty label
        records = [b"".join(record.strings) for record in answer.rrset or ()]
        return next((record for record in records if b"p=" in record), records[0] if records else None)

    def answers(self) -> bool:
        """Say whether the DNS answers at all, asking it for the root's servers."""
        try:
            self._asked().resolve(
                ".", dns.rdatatype.NS, raise_on_no_answer=False, lifetime=PROBE, search=False
            )
        except (dns.exception.Timeout, dns.resolver.NoResolverConfiguration, OSError):
            return False
        except dns.exception.DNSException:
            return True  # refused, but answered
        return True

    def _asked(self) -> dns.resolver.Resolver:
        if not self._server:
            return dns.resolver.Resolver()
        host, _, port = self._server.rpartition(":")
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [host.strip("[]")]
        resolver.port = int(port)
        return resolver

    def _doubt(self) -> None:
        """Find out whether the whole DNS is silent or only that name's own server.

        Anyone can name a server that never answers; it must not stop us from asking for others.
        """
        try:
            self._asked().resolve(
                ".",
                dns.rdatatype.NS,
                raise_on_no_answer=False,
                lifetime=min(PROBE, self._timeout),
                search=False,
            )
        except dns.exception.Timeout:
            self._silent_until = self._now() + SILENCE
        except (dns.exception.DNSException, OSError):
            return  # refused, but answered
