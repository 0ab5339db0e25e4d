"""Tags by XML-RPC. Never by name in the post itself: the site would make a second one where two look alike."""

from __future__ import annotations

import re
from html import unescape

from publishers.wordpress_api import SiteFault
from publishers.wordpress_tags import Tags
from publishers.wordpress_xmlrpc_api import XmlRpcApi


class XmlRpcTags(Tags):
    api: XmlRpcApi

    def _same(self, name: str) -> list[int]:
        """Return the numbers of the tags of that name, sought by its longest word: sites keep `&` in another form."""
        longest = max(re.findall(r"\w+", name), key=len, default=name)
        known = self.api.terms("post_tag", longest)
        return [tag.term_id for tag in known if unescape(tag.name).casefold() == name.casefold()]

    def _make(self, name: str) -> int:
        try:
            return self.api.make_term("post_tag", name)
        except SiteFault:
            # The fault for a tag that is there has the number of every other trouble.
            if same := self._same(name):
                return min(same)
            raise
