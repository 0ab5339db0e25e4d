"""What is kept of the public pages."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from config.frozen import Frozen


class Proof(Frozen):
    picture: bool = Field(
        True, description="Whether a picture of the page is kept besides its HTML, where there is a Chromium."
    )
    chromium: Path | None = Field(
        None,
        description="The Chromium to use; by default the first of `chromium`, `chromium-browser`, "
        "`google-chrome-stable`, `google-chrome` and `chrome` on PATH.",
    )
