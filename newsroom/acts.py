"""What every act of a person at the desk can answer."""

from __future__ import annotations


class ActRefused(Exception):
    """Nothing was done. The text says in Indonesian why."""
