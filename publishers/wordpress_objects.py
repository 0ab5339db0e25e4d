"""What WordPress' REST API answers, as far as we read it. An answer that does not fit proves nothing."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator


class Written(BaseModel):
    """Text as it is stored; only shown to those who may edit."""

    raw: str


class RemotePost(BaseModel):
    id: int
    status: str
    slug: str
    link: str
    modified_gmt: str
    title: Written
    content: Written
    featured_media: int = 0
    tags: list[int] = []
    categories: list[int] = []


class Glance(BaseModel):
    """A post without its text."""

    id: int
    status: str
    modified_gmt: str


class Size(BaseModel):
    source_url: str


class MediaDetails(BaseModel):
    width: int | None = None
    sizes: Annotated[dict[str, Size], BeforeValidator(lambda value: value or {})] = {}


class Media(BaseModel):
    id: int
    slug: str
    source_url: str
    alt_text: str
    title: Written
    caption: Written
    description: Written
    post: int | None = None
    # PHP writes an empty table as [].
    media_details: Annotated[MediaDetails, BeforeValidator(lambda value: value or {})]
    missing_image_sizes: list[Any] = []

    @property
    def whole(self) -> bool:
        """Say whether the site has finished making its sizes of the photo."""
        return self.media_details.width is not None and not self.missing_image_sizes

    @property
    def address(self) -> str:
        """The file to show: WordPress' large size, the whole photo where it is no larger than that."""
        large = self.media_details.sizes.get("large")
        return large.source_url if large else self.source_url


class Named(BaseModel):
    """An attachment or term by number and name."""

    id: int
    slug: str = ""
    name: str = ""


class Me(BaseModel):
    id: int
    # An account without any rights has an empty list here.
    capabilities: Annotated[dict[str, bool], BeforeValidator(lambda value: value or {})] = {}


_FIELDS: dict[type[BaseModel], str] = {
    # Only what is stored: what readers would see takes the site longest to make.
    RemotePost: "id,status,slug,link,modified_gmt,title.raw,content.raw,featured_media,tags,categories",
    Glance: "id,status,modified_gmt",
    Media: "id,slug,source_url,alt_text,title,caption,description,post,media_details,missing_image_sizes",
    Named: "id,slug,name",
    Me: "id,capabilities",
}


def fields_of(kind: type[BaseModel]) -> dict[str, str]:
    """Return the query that asks for no more than `kind` holds."""
    return {"_fields": _FIELDS[kind]} if kind in _FIELDS else {}
