"""What somebody wrote in a reply, without what they answered."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.forwards import set_aside_forwards, set_aside_quotes
from ingest.lines import lines_of
from ingest.message import Segment
from ingest.surroundings import set_aside_tail


def written(segments: Sequence[Segment]) -> str:
    """Return the writer's own words, however few.

    A story is segmented so that nothing is lost: when few words would remain, the quoted mail stays. Here the
    question is whether a reply says anything, so quotes, signature and closing go in any case.
    """
    lines = lines_of("".join(segment.text for segment in segments if segment.kind == "story"))
    set_aside_forwards(lines, "", 0)
    set_aside_quotes(lines)
    for line in lines:
        if line.text.lstrip().startswith(">"):
            line.kind = "quote"
    set_aside_tail(lines)
    return "".join(line.text for line in lines if line.kind == "story").strip()
