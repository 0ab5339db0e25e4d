from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from newsroom import export
from newsroom.management.listing import Listing
from newsroom.models import Submission


class Command(Listing):
    help = "List every mail taken in and what became of it, as one JSON object a line."

    def rows(self) -> Iterable[dict[str, Any]]:
        found = Submission.objects.order_by("id").select_related("story", "revision_of", "duplicate_of")
        return map(export.submission, found.prefetch_related("story__photos"))
