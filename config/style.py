"""One site's style: how datelines, codes, captions and credits are written there, and how large photos are."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

PLACES = {
    "dateline": ("office", "city"),
    "tail": ("outlet", "writer", "editor", "office"),
    "caption": ("caption", "outlet", "writer", "editor", "photographer", "credit", "office", "city"),
    "credit": ("credit", "photographer", "outlet", "writer", "editor", "office"),
}
"""The fields each template may name in braces."""

_FIELD = re.compile(r"\{([^{}]*)\}")


class Style(BaseModel):
    """How one site wants its stories. What templates may say, and examples: docs/style.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dateline: str = Field("**{city}** – ", description="Before the text: {office} {city}.")
    tail: str = Field(
        "({outlet}/{writer})",
        description="Behind the text: {outlet} {writer} {editor} {office}. A line break at its start gives it "
        "a paragraph of its own.",
    )
    caption: str = Field(
        "{caption}",
        description="Under a photo: {caption}, which it must name, and {outlet} {writer} {editor} "
        "{photographer} {credit} {office} {city}.",
    )
    credit: str = Field(
        "{credit}",
        description="A photo's credit: {credit} {photographer} {outlet} {writer} {editor} {office}.",
    )
    names: dict[str, str] = Field(
        {}, description="Offices and outlets that have another name on this site: `{our name: its name}`."
    )
    longest: int = Field(1600, ge=320, le=6000, description="Longest side of a photo in pixels.")
    quality: int = Field(82, ge=40, le=95, description="JPEG quality of a photo, where its size allows it.")
    ceiling_kb: int = Field(500, ge=50, le=20_000, description="The largest file of a photo, in kilobytes.")
    credit_strip: bool = Field(
        False, description="Whether the credit is also written into the photo, in a thin strip under it."
    )

    @field_validator("dateline", "tail", "caption", "credit")
    @classmethod
    def _only_known_fields(cls, value: str, info: ValidationInfo) -> str:
        places = PLACES[info.field_name or ""]
        allowed = ", ".join(f"{{{name}}}" for name in places)
        unknown = [name for name in _FIELD.findall(value) if name not in places]
        if unknown:
            told = ", ".join(f"{{{name}}}" for name in unknown)
            raise ValueError(f"isian {told} tidak dikenal; yang dapat dipakai: {allowed}")
        if re.search(r"[{}]", _FIELD.sub("", value)):
            raise ValueError(f"kurung kurawalnya tidak berpasangan; tulis isian seperti {allowed}")
        return value

    @field_validator("caption")
    @classmethod
    def _with_the_caption(cls, value: str) -> str:
        if value.count("{caption}") != 1:
            raise ValueError("harus memuat {caption} satu kali, supaya keterangan foto tidak hilang")
        return value

    @field_validator("names")
    @classmethod
    def _no_empty_names(cls, value: dict[str, str]) -> dict[str, str]:
        if not all(ours.strip() and theirs.strip() for ours, theirs in value.items()):
            raise ValueError("nama tidak boleh kosong; tulis seperti {Nama kita: Nama di situs}")
        return value
