from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from newsroom import export
from newsroom.management.listing import Listing
from newsroom.models import Package


class Command(Listing):
    help = "List the preserved packages, as one JSON object a line."

    def rows(self) -> Iterable[dict[str, Any]]:
        return map(export.package, Package.objects.exclude(path="").order_by("story_id", "version"))
