"""Tags by number, each made once: WordPress makes two when it is asked for one twice at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from html import unescape

from publishers.base import PublishError, Unanswered
from publishers.wordpress_api import Api, SiteFault
from publishers.wordpress_objects import Named


class Tags:
    def __init__(self, api: Api, now: Callable[[], datetime], wait_out: Callable[[str], None]) -> None:
        self.api = api
        self._now = now
        self._wait_out = wait_out
        self._open: dict[str, str] = {}
        """Tags whose making was not answered, and when it was asked for, for whichever story."""

    def numbers(self, names: Iterable[str]) -> list[int]:
        """Return the numbers of tags, made where the site has none; a tag we may not make is left out."""
        numbers = set()
        for name in names:
            if same := self._same(name):
                self._open.pop(name.casefold(), None)
                numbers.add(min(same))
                continue
            try:
                numbers.add(self._made(name))
            except SiteFault as fault:
                if fault.code == "term_exists" and fault.term:
                    numbers.add(fault.term)
        return sorted(numbers)

    def _made(self, name: str) -> int:
        if sent := self._open.get(name.casefold()):
            self._wait_out(sent)
        self._open[name.casefold()] = self._now().isoformat()
        try:
            number = self._make(name)
        except Unanswered:
            raise
        except PublishError:
            del self._open[name.casefold()]
            raise
        del self._open[name.casefold()]
        return number

    def _same(self, name: str) -> list[int]:
        """Return the numbers of the tags of that name, whatever their case."""
        known = self.api.many(Named, "/wp/v2/tags", search=name, context="view")
        return [tag.id for tag in known if unescape(tag.name).casefold() == name.casefold()]

    def _make(self, name: str) -> int:
        return self.api.post(Named, "/wp/v2/tags", {"name": name}).id
