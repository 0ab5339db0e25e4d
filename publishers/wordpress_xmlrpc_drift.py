"""What somebody at an old WordPress did to our stories, by XML-RPC: it lists pages of everything, not chosen stories.

So the site's stories are read page by page, without their texts, until all of ours were met. Photo files cannot be
asked for in bulk and are not looked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from publishers.wordpress_api import SiteFault
from publishers.wordpress_drift import GONE_CODE, Looker
from publishers.wordpress_objects import Glance, RemotePost
from publishers.wordpress_xmlrpc_api import XmlRpcApi

PAGE = 200
"""Stories in a page without texts."""
TEXT_PAGE = 50
FEW = 20
"""Up to so many texts are asked for one by one."""
MOST_PAGES = 1000


class XmlRpcLooker(Looker):
    api: XmlRpcApi

    def __init__(self, api: XmlRpcApi) -> None:
        super().__init__(api)

    def glances(self, numbers: Sequence[int]) -> dict[int, Glance]:
        wanted = set(numbers)
        found: dict[int, Glance] = {}
        for page in range(MOST_PAGES if wanted else 0):
            listed = self.api.glances(PAGE, page * PAGE)
            found |= {one.id: one for one in listed if one.id in wanted}
            # The newest come first: beyond our oldest there is nothing of ours.
            if len(listed) < PAGE or listed[-1].id <= min(wanted):
                break
        return found

    def texts(self, numbers: Sequence[int]) -> dict[int, RemotePost]:
        if len(numbers) <= FEW:
            return {}  # read one by one
        wanted = set(numbers)
        found: dict[int, RemotePost] = {}
        for page in range(MOST_PAGES):
            listed = self.api.texts(TEXT_PAGE, page * TEXT_PAGE)
            found |= {one.id: one for one in listed if one.id in wanted}
            if len(listed) < TEXT_PAGE or listed[-1].id <= min(wanted):
                break
        return found

    def single(self, number: int) -> RemotePost | None:
        try:
            return self.api.read(number)
        except SiteFault as fault:
            if fault.code != GONE_CODE:
                raise
            return None

    def lost(self, numbers: Collection[int]) -> set[int]:
        return set()
