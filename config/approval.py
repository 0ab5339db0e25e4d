"""Whom of the leadership a verified story waits for."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from config.frozen import Frozen

Office = Literal["section_head", "division_head", "secretary", "agency_head", "chief"]


class Approval(Frozen):
    chain: tuple[Office, ...] = Field(
        (),
        description="Who approves a verified story before it goes out, in this order; names as in "
        "[people.md](people.md). Nobody when empty.",
    )
    categories: tuple[str, ...] = Field(
        (), description="Categories whose stories need the chain; all stories when empty."
    )
    hours: int = Field(24, ge=1, le=48, description="How many hours a link for a phone lives.")
    pin: bool = Field(
        False,
        description="Links are sent only to people who have set a PIN. Without it, those who have one are asked.",
    )
    skip: bool = Field(False, description="A chief editor may skip a step, with a reason.")

    @field_validator("chain")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) != len(value):
            raise ValueError("setiap jabatan hanya sekali")
        return value
