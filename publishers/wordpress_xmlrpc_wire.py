"""python-wordpress-xmlrpc made fit for use: what the library leaves open is closed here.

The library (2.3, of 2014) gives the methods' names and arguments. Its client asks the site for a list of methods
before anything else, its lists fail on Python 3.10 and later, and what it rests on sends a request again when the
answer is lost and waits for an answer for ever; see `QuietClient`, `OnceTransport` and `unmarshalled`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any
from xml.parsers import expat
from xmlrpc.client import DateTime, Fault, ResponseError, ServerProxy, Transport, Unmarshaller

import wordpress_xmlrpc.base
from wordpress_xmlrpc import Client

# The library looks for `collections.Iterable`, which Python has moved. The name is replaced in its own module only.
wordpress_xmlrpc.base.collections = SimpleNamespace(Iterable=Iterable)

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for, common in text pasted from Word."""
ILLEGAL_BYTES = bytes(byte for byte in range(32) if byte not in b"\t\n\r")


class Unreadable(Exception):
    """An answer that is not the whole and sound XML of one method's outcome."""


class OnceTransport(Transport):
    """Sends a request exactly once. Its parent would send again by itself, and the site would publish twice."""

    def __init__(self, send: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._send_once = send

    def request(self, host: Any, handler: str, request_body: Any, verbose: bool = False) -> Any:
        return unmarshalled(self._send_once(request_body))


class QuietClient(Client):  # type: ignore[misc]
    """The library's client without its opening request and without its own names for faults."""

    def __init__(self, url: str, user: str, password: str, send: Callable[[bytes], bytes]) -> None:
        # Not the parent's own: it would ask for `mt.supportedMethods` at once.
        self.url, self.username, self.password, self.blog_id = url, cleaned(user), cleaned(password), 0
        self.server = ServerProxy(url, transport=OnceTransport(send))

    def call(self, method: Any) -> Any:
        """Carry out one of the library's methods. Raises Fault with the site's own code."""
        args = cleaned(list(method.get_args(self)))
        return method.process_result(getattr(self.server, method.method_name)(*args))

    def say(self, name: str, *args: Any) -> Any:
        """Carry out the method `name`, for which the library has no class fit for use."""
        signed = (self.blog_id, self.username, self.password)
        return getattr(self.server, name)(*signed, *cleaned(list(args)))


def cleaned(value: Any) -> Any:
    """Return a value without characters that XML cannot carry: the site would refuse the whole request."""
    if isinstance(value, str):
        return ILLEGAL.sub("", value)
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    if isinstance(value, dict):
        return {name: cleaned(one) for name, one in value.items()}
    return value


def moment(iso: str) -> DateTime:
    """Return a time (`20261120T07:05:00`, UTC without saying so) as WordPress takes it."""
    return DateTime(iso)


def unmarshalled(body: bytes) -> Any:
    """Return what an answer holds. Raises Fault when it says no, Unreadable when it proves nothing.

    An answer with a document type is refused, so that no entity of it is ever expanded.
    """
    # Plugins leave empty lines before the answer, and old texts may hold characters that no XML has.
    body = body.translate(None, ILLEGAL_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    target = Unmarshaller()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = target.start
    parser.EndElementHandler = target.end
    parser.CharacterDataHandler = target.data
    # Expat has decoded the text already.
    target.xml(None, None)  # type: ignore[arg-type]
    try:
        parser.Parse(body, True)
        values = target.close()
    except Fault as fault:
        if isinstance(fault.faultCode, int):
            raise
        raise Unreadable("a fault without a number") from fault
    # What else Python's reader raises for sound XML that is no answer.
    except (
        expat.ExpatError, ResponseError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError,
    ) as error:  # fmt: skip
        raise Unreadable(str(error)) from error
    if len(values) != 1:
        raise Unreadable("not one value")
    return values


def _no_doctype(*_: object) -> None:
    raise Unreadable("a document type")
