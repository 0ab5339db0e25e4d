"""How a story is found on a WordPress without a ledger."""

from __future__ import annotations

from typing import Any

from publishers.wordpress_api import Api
from publishers.wordpress_markup import read_mark
from publishers.wordpress_objects import RemotePost

ALL = "publish,future,draft,pending,private,trash"
"""`any` would leave out the trash."""


class Search:
    """By the marker in its text, which holds for every state; by its slug where the site's search is not sure.

    Plugins replace WordPress' search by one of their own that passes over comments. So it is believed to have
    found nothing only after it has found a story that is there.
    """

    def __init__(self, api: Api) -> None:
        self.api = api
        self.shown = ""
        """The key of a story that we have seen at the site."""

    def held(self, site_key: str, slug: str = "") -> list[RemotePost]:
        """Return what the site holds under a key, the published first, then the oldest."""
        slugs = [site_key, *(f"{site_key}-{n}" for n in range(2, 9)), f"{site_key}__trashed"]
        slugs += [slug] if slug else []
        found = self._marked(site_key, search=site_key)
        if slug or not self._works():
            found |= self._marked(site_key, **{"slug[]": slugs})
        return sorted(found.values(), key=lambda stored: (stored.status != "publish", stored.id))

    def _works(self) -> bool:
        if not self.shown:
            return False
        return self.api.memory.recall("search", lambda: bool(self._marked(self.shown, search=self.shown)))

    def _marked(self, site_key: str, **query: Any) -> dict[int, RemotePost]:
        found = {}
        for stored in self.api.many(RemotePost, "/wp/v2/posts", status=ALL, **query):
            mark = read_mark(stored.content.raw)
            if mark and mark.key == site_key:
                found[stored.id] = stored
        return found
