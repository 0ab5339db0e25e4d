from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from newsroom import export
from newsroom.management.listing import Listing
from newsroom.models import Story


class Command(Listing):
    help = "List every story, as one JSON object a line."

    def rows(self) -> Iterable[dict[str, Any]]:
        return map(export.story, Story.objects.order_by("id").prefetch_related("photos"))
