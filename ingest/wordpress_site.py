"""A WordPress as its visitors may read it: posts and pictures by the REST interface, oldest first, page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from ingest.asking import Asker, NotFetched
from ingest.before import LONGEST_MOMENT, Library, OldPicture, OldPost, headline, with_pictures, words

PAGE = 20
_POST = "id,link,date_gmt,modified_gmt,title,content,featured_media,_links,_embedded"
_PICTURE = "id,post,source_url,caption,alt_text,mime_type,media_details"


class OldSite:
    """Reads one site. Raises NotFetched."""

    def __init__(self, url: str, asker: Asker) -> None:
        self.url = url.rstrip("/")
        self.asker = asker
        self._root = ""

    def page(self, number: int) -> list[OldPost]:
        """Return the posts of a page, counted from 1; none behind the last."""
        query = {
            "per_page": PAGE,
            "page": number,
            "orderby": "id",
            "order": "asc",
            "_embed": "author,wp:term",
            "_fields": _POST,
        }
        try:
            rows = self._list("posts", query)
        except NotFetched as error:
            if error.status == 400 and number > 1:
                return []  # WordPress' word for a page behind the last
            raise
        posts = [post for row in rows if (post := _post(row))]
        library = Library(self._pictures(posts))
        return [with_pictures(post, library) for post in posts]

    def _pictures(self, posts: Sequence[OldPost]) -> Iterator[OldPicture]:
        """Yield the pictures of these posts: those they are headed by, and those uploaded for them."""
        featured = sorted({post.featured for post in posts if post.featured})
        parents = [int(post.remote_id) for post in posts]
        for name, numbers in (("include", featured), ("parent", parents)):
            number = 1
            while numbers:
                query = {
                    name: ",".join(map(str, numbers)),
                    "per_page": 100,
                    "page": number,
                    "_fields": _PICTURE,
                }
                try:
                    rows = self._list("media", {**query, "media_type": "image"})
                except NotFetched as error:
                    if error.status == 400 and number > 1:
                        break
                    raise
                yield from (picture for row in rows if (picture := _picture(row)))
                if len(rows) < 100:
                    break
                number += 1

    def _list(self, kind: str, query: dict[str, Any]) -> list[dict[str, Any]]:
        roots = [self._root] if self._root else [f"{self.url}/wp-json/", f"{self.url}/?rest_route=/"]
        for root in roots:
            words = urlencode(query, safe=",:")
            address = f"{root}wp/v2/{kind}{'&' if '?' in root else '?'}{words}"
            try:
                rows = _decoded(self.asker.get(address))
            except NotFetched as error:
                if root != roots[-1] and error.status in (401, 403, 404):
                    continue
                raise
            if rows is not None:
                self._root = root
                return rows
        raise NotFetched(
            f"{self.url} tidak menyediakan daftar beritanya (REST API WordPress). Minta pengelola membuka /wp-json/, atau "
            "impor dari berkas ekspor (Perkakas → Ekspor di WordPress).",
            lasting=True,
        )


def _decoded(body: bytes) -> list[dict[str, Any]] | None:
    try:
        rows = json.loads(body.decode("utf-8-sig"))
    except ValueError:
        return None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else None


def _post(row: dict[str, Any]) -> OldPost | None:
    published = _moment(str(row.get("date_gmt") or ""))
    number = row.get("id")
    if published is None or not isinstance(number, int) or not 0 < number < 1 << 63:
        return None
    embedded = row.get("_embedded") or {}
    authors = [str(one.get("name") or "") for one in embedded.get("author") or () if isinstance(one, dict)]
    terms = [term for group in embedded.get("wp:term") or () for term in group if isinstance(term, dict)]
    featured = row.get("featured_media")
    return OldPost(
        remote_id=str(number),
        url=str(row.get("link") or ""),
        title=headline(_rendered(row.get("title"))),
        html=_rendered(row.get("content")),
        published_at=published,
        modified=str(row.get("modified_gmt") or "").replace("T", " ")[:LONGEST_MOMENT],  # as exports write it
        author=words(authors[0]) if authors else "",
        categories=_named(terms, "category"),
        tags=_named(terms, "post_tag"),
        featured=featured if isinstance(featured, int) else 0,
        locked=_locked(row.get("content")),
    )


def _locked(content: Any) -> bool:
    """Say whether the site keeps the text behind a password: then it lists the post without it."""
    return isinstance(content, dict) and bool(content.get("protected"))


def _picture(row: dict[str, Any]) -> OldPicture | None:
    address, number = str(row.get("source_url") or ""), row.get("id")
    if not address or not isinstance(number, int):
        return None
    details = row.get("media_details")
    original = details.get("original_image") if isinstance(details, dict) else None
    if isinstance(original, str) and original and "/" not in original:
        # WordPress shows a smaller one of very large photos, and keeps what was uploaded beside it.
        address = urljoin(address, quote(original))
    parent = row.get("post")
    return OldPicture(
        url=address,
        caption=words(_rendered(row.get("caption"))),
        alt=words(str(row.get("alt_text") or "")),
        number=number,
        parent=parent if isinstance(parent, int) else 0,
    )


def _named(terms: list[dict[str, Any]], taxonomy: str) -> tuple[str, ...]:
    names = (words(str(term.get("name") or "")) for term in terms if term.get("taxonomy") == taxonomy)
    return tuple(dict.fromkeys(filter(None, names)))


def _rendered(value: Any) -> str:
    return str(value.get("rendered") or "") if isinstance(value, dict) else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
