"""What was changed on a portal's public pages. Only what readers see can be compared, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from publishers.assisted_page import Page, blocks, letters
from publishers.assisted_reading import Answer, Visit
from publishers.base import Asked, Held, Seen, Unreachable

LONGEST = 200_000
"""Characters of an article that are kept."""


def compare(visit: Visit, held: Sequence[Held]) -> Iterator[Seen]:
    """Yield what readers find of each story. Raises Unreachable when not one page answers."""
    failed: Unreachable | None = None
    answered = False
    for one in held:
        try:
            answer = visit.read(visit.tidy(one.url))
        except Asked:
            continue  # led off the portal: nothing can be told
        except Unreachable as error:
            failed = error
            continue
        answered = True
        if seen := _seen(one, answer):
            yield seen
    if failed and not answered:
        raise failed


def _seen(one: Held, answer: Answer) -> Seen | None:
    known = one.ledger.get("seen", {})
    if answer.gone:
        lost = one.shown and not known.get("gone")
        return Seen(one.key, "deleted" if lost else "", mark="gone", record={"seen": {"gone": True}})
    if answer.status != 200 or not one.headline:
        return None
    page = Page(answer)
    if not one.shown:
        return Seen(one.key, "shown" if page.names(one.headline) else "", mark="open", steady=False)
    if not one.paragraphs and not known:
        return None  # a person's word, never read by us
    rest = [block for block in blocks(one.html) if letters(one.lead) not in block]
    found = [page.names(one.headline), page.has(one.lead), sum(page.has_letters(block) for block in rest)]
    wanted = known.get("found") or [True, True, one.paragraphs]
    less = any(has < had for has, had in zip(found, wanted, strict=True))
    article = page.article(one.headline, one.lead, rest)
    heading = page.soup.find("h1")
    return Seen(
        key=one.key,
        drift="edited" if less else "",
        mark=" ".join(str(int(part)) for part in found),
        steady=False,
        title=" ".join(heading.get_text().split()) if heading else "",
        text=article.decode_contents()[:LONGEST] if less else "",
        record={"seen": {"found": found}},
    )
