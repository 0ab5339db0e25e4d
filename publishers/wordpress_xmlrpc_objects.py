"""What WordPress answers by XML-RPC, as far as we read it, and the same in the words of the REST publisher."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from xmlrpc.client import DateTime

from pydantic import BaseModel, BeforeValidator

from publishers.wordpress_objects import Glance, RemotePost, Written


def _iso(value: Any) -> Any:
    return value.value if isinstance(value, DateTime) else value


Moment = Annotated[str, BeforeValidator(_iso)]
"""A time as WordPress writes it: UTC, `20261120T07:05:00`."""


class Term(BaseModel):
    term_id: int
    name: str = ""
    taxonomy: str = ""


class Thumbnail(BaseModel):
    attachment_id: int = 0


class PostStruct(BaseModel):
    post_id: int
    post_status: str
    post_title: str
    post_content: str
    post_name: str
    link: str
    post_date_gmt: Moment
    post_modified_gmt: Moment
    # PHP writes an empty table as a list.
    post_thumbnail: Annotated[Thumbnail, BeforeValidator(lambda value: value or {})] = Thumbnail()
    terms: list[Term] = []

    def remote(self, server_time: datetime | None) -> RemotePost:
        """Return the post in the words of the REST interface."""
        return RemotePost(
            id=self.post_id,
            status=_status(self.post_status, self.post_date_gmt, server_time),
            slug=self.post_name,
            link=self.link,
            modified_gmt=self.post_modified_gmt,
            title=Written(raw=self.post_title),
            content=Written(raw=self.post_content),
            featured_media=self.post_thumbnail.attachment_id,
            tags=[term.term_id for term in self.terms if term.taxonomy == "post_tag"],
            categories=[term.term_id for term in self.terms if term.taxonomy == "category"],
        )


class GlanceStruct(BaseModel):
    """A post without its text."""

    post_id: int
    post_status: str
    post_date_gmt: Moment
    post_modified_gmt: Moment

    def glance(self, server_time: datetime | None) -> Glance:
        status = _status(self.post_status, self.post_date_gmt, server_time)
        return Glance(id=self.post_id, status=status, modified_gmt=self.post_modified_gmt)


class SizeFile(BaseModel):
    file: str


class Details(BaseModel):
    width: int = 0
    height: int = 0
    sizes: Annotated[dict[str, SizeFile], BeforeValidator(lambda value: value or {})] = {}


class MediaStruct(BaseModel):
    attachment_id: int
    link: str
    title: str
    caption: str
    description: str
    parent: int = 0
    # `false` until the site has looked at the file.
    metadata: Annotated[Details, BeforeValidator(lambda value: value or {})] = Details()

    @property
    def address(self) -> str:
        """The file to show: WordPress' large size, the whole photo where it is no larger than that."""
        large = self.metadata.sizes.get("large")
        return f"{self.link.rpartition('/')[0]}/{large.file}" if large else self.link


class Uploaded(BaseModel):
    """What an upload answers; before WordPress 4.4 nothing but the number is of use."""

    id: int


class Option(BaseModel):
    value: Any = ""


class Profile(BaseModel):
    # PHP writes a table whose numbers have gaps as a struct.
    roles: Annotated[
        list[str], BeforeValidator(lambda value: list(value.values()) if isinstance(value, dict) else value)
    ] = []


def _moment(iso: str) -> datetime:
    """Return the time; what is no time (a draft of an old WordPress has zeros) is long past."""
    try:
        return datetime.strptime(iso.rstrip("Z"), "%Y%m%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _status(status: str, date_gmt: str, server_time: datetime | None) -> str:
    """Return REST's name of a state.

    XML-RPC calls a post that waits for its time `publish`; the site's own clock tells it from a shown one.
    """
    waits = status == "publish" and server_time is not None and _moment(date_gmt) > server_time
    return "future" if waits else status
