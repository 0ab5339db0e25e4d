"""The road a story travels. Read this first.

Each step takes the rows that wait for it and leaves them in their next state; no step calls another.
A row that fails waits by itself, its error in front of the editors, and the others pass.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from newsroom.models import (
    Channel,
    Collage,
    Copy,
    CopyPlace,
    Delivery,
    Letter,
    Mailbox,
    Notice,
    Package,
    Proof,
    Round,
    Shelf,
    Story,
    Submission,
    Upload,
)
from newsroom.waiting import WaitingQuerySet
from pipeline.collages import make_collage
from pipeline.copies import check_copy, copy_out, watching
from pipeline.deliver import deliver
from pipeline.drift import compare_site
from pipeline.fixity import check_fixity, check_originals
from pipeline.lines import listening
from pipeline.notices import notify
from pipeline.post import send
from pipeline.prepare import give_up, prepare
from pipeline.preserve import amend, preserve
from pipeline.proof import leave_unproven, prove
from pipeline.receive import receive
from pipeline.release import release
from pipeline.reread import reread
from pipeline.strangers import scan_copy
from pipeline.telling import tell
from pipeline.uploads import submit


@dataclass(frozen=True)
class Step:
    waits: Callable[[], WaitingQuerySet]
    work: Callable[[Any], None]
    lane: str = ""
    """The field that parts the rows into lanes: one worker at a time in each, and a stalled lane holds
    up no other."""
    hands: int = 1
    """Rows worked on at once by one worker where there are no lanes."""
    give_up: Callable[[Any, str], None] | None = None
    """What becomes of a row that keeps failing for reasons of its own."""

    rest: Callable[[str, threading.Event], AbstractContextManager[Callable[[], None]]] | None = None
    """What a lane's thread does while nothing waits, instead of sleeping."""

    @property
    def name(self) -> str:
        return self.work.__name__


ROAD = (
    # what waits                        what is done with each
    Step(Mailbox.objects.due, receive, lane="name", rest=listening),  # kept on disk before it is read
    Step(Upload.objects.sent, submit),  # what came by the form is a mail like any other
    Step(Submission.objects.unread, prepare, hands=2, give_up=give_up),  # text and photos made clean
    Step(Submission.objects.to_reread, reread),  # a person wants it read once more
    # Here an editor verifies the story: see newsroom/workflow.py.
    Step(Story.objects.due, release),  # no embargo stands in the way
    Step(Delivery.objects.due, deliver, lane="site"),  # created, corrected or retracted
    Step(Proof.objects.due, prove, lane="site", give_up=leave_unproven),  # what readers were shown
    Step(Round.objects.due, compare_site),  # what a site's own people changed there is told
    Step(Letter.objects.unsent, send),  # contributors hear what is asked of them
    Step(Notice.objects.unsent, notify),  # and the office, when something is silent
    Step(Channel.objects.owing, tell, hands=2),  # and each person, what they chose to hear
    Step(Package.objects.unpreserved, preserve),  # every version, for good
    Step(Package.objects.questioned, amend),  # and once more when more is known of it
    Step(Copy.objects.due, copy_out, lane="place"),  # and once more, elsewhere
    Step(Package.objects.unchecked, check_fixity),  # nothing has rotted
    Step(Shelf.objects.unchecked, check_originals),  # nor any original
    Step(Copy.objects.unread, check_copy, lane="place", rest=watching),  # nor any copy
    Step(CopyPlace.objects.unscanned, scan_copy),  # nor has anything foreign come among them
    Step(Collage.objects.unmade, make_collage),  # and back into the queue, as a story
)
