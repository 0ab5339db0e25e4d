"""What a careful copy editor looks for in a story, each rule by itself. Every rule: docs/checks.md."""

from prose.checks.finding import Caption, Checked, Finding
from prose.checks.lists import Lists
from prose.checks.registry import RULES, apply, check

__all__ = ["RULES", "Caption", "Checked", "Finding", "Lists", "apply", "check"]
