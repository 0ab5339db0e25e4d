"""All rules, in the order in which a copy editor would mention them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from prose.checks.abbreviations import abbreviation
from prose.checks.dates import date, future, weekday
from prose.checks.finding import Checked, Finding, Rule, Story
from prose.checks.headline import headline_capitals, headline_length, headline_marks
from prose.checks.lead import lead
from prose.checks.names import honorific, jabatan, name_variant
from prose.checks.numbers import money, percent, thousands, time
from prose.checks.passage import Passage
from prose.checks.pictures import alt, caption
from prose.checks.quotes import quotes
from prose.checks.repeats import doubled_word, spacing
from prose.checks.spelling import joined, spelling

RULES: dict[str, Rule] = {
    look.__name__: Rule(look.__name__, look)
    for look in (
        weekday,
        date,
        future,
        money,
        thousands,
        percent,
        time,
        spelling,
        joined,
        doubled_word,
        spacing,
        headline_length,
        headline_capitals,
        headline_marks,
        quotes,
        lead,
        name_variant,
        jabatan,
        honorific,
        abbreviation,
        caption,
        alt,
    )
}
_ORDER = {name: place for place, name in enumerate(RULES)}


def check(checked: Checked, off: Collection[str] = ()) -> list[Finding]:
    """Return what the rules not in `off` found, in reading order.

    Line ends are `\\n`. Two findings may touch the same words: `apply` makes the first of them.
    """
    story = Story(
        checked,
        Passage("headline", checked.headline),
        Passage("body", checked.body),
        tuple(Passage(f"caption:{item.name}", item.caption) for item in checked.captions),
    )
    found = [finding for name, rule in RULES.items() if name not in off for finding in rule.look(story)]
    places = {passage.where: place for place, passage in enumerate(story.texts)}
    found.sort(
        key=lambda item: (places.get(item.where, len(places)), item.start, item.end, _ORDER[item.rule])
    )
    return found


def apply(text: str, findings: Iterable[Finding]) -> str:
    """Return `text` with the fixes of its own findings made; of two that overlap, the first."""
    pieces, at = [], 0
    for finding in sorted(findings, key=lambda item: (item.start, item.end, _ORDER[item.rule])):
        if finding.fix is None or finding.start < at:
            continue
        pieces += [text[at : finding.start], finding.fix]
        at = finding.end
    return "".join([*pieces, text[at:]])
