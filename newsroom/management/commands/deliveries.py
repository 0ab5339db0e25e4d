from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from newsroom import export
from newsroom.management.listing import Listing
from newsroom.models import Delivery


class Command(Listing):
    help = "List what each site holds of each story, as one JSON object a line."

    def rows(self) -> Iterable[dict[str, Any]]:
        found = Delivery.objects.order_by("story_id", "site").select_related("story")
        return map(export.delivery, found)
