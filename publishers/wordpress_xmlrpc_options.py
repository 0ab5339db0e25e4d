"""The keys of an XML-RPC site in settings.yaml."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from publishers.wordpress_options import WordPressOptions


class WordPressXmlrpcOptions(WordPressOptions):
    endpoint: str = Field(
        "", description="The address of xmlrpc.php, where WordPress lies in another folder than the site."
    )
    markup: Literal["block", "classic"] = Field(
        "classic", description="`block` for sites that use the block editor."
    )

    @field_validator("endpoint")
    @classmethod
    def _safe_endpoint(cls, value: str) -> str:
        return cls._safe_url(value) if value else value
