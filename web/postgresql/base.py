"""PostgreSQL as the rest of Redaksi expects a database to be: one writer at a time, and no fault for a NUL.

On SQLite every transaction begins IMMEDIATE, so whoever reads and then writes within one is alone. Here a lock that ends
with the transaction does the same; single statements need none. PostgreSQL refuses NUL in texts and half characters in
JSON, which mails and file names bring along: they are left out at this one door. Sums of whole numbers stay whole.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg.adapt import AdaptersMap
from psycopg.types.json import Jsonb
from psycopg.types.string import StrDumperUnknown

ONE_WRITER = 0x52454441
"""The number of the lock: REDA."""
_NUL_IN_JSON = re.compile(r"((?<!\\)(?:\\\\)*)\\u0000")


class CleanText(StrDumperUnknown):
    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\x00", "") if "\x00" in obj else obj)


def clean_json(value: Any, encoder: type[json.JSONEncoder] | None = None) -> str:
    """Write a value as JSON that PostgreSQL takes."""
    written = json.dumps(value, cls=encoder, ensure_ascii=False)
    return _NUL_IN_JSON.sub(r"\1", written).encode("utf-8", "replace").decode()


def _is_whole(field: Any) -> bool:
    return str(field.get_internal_type()).endswith("IntegerField")


def _whole(value: Any, *_: object) -> Any:
    """Give a sum as the whole number it is: PostgreSQL adds large ones up as decimals, which no JSON takes."""
    return int(value) if isinstance(value, Decimal) else value


@lru_cache
def _adapters(template: AdaptersMap) -> AdaptersMap:
    adapters = AdaptersMap(template)
    adapters.register_dumper(str, CleanText)
    return adapters


class DatabaseOperations(operations.DatabaseOperations):
    def get_db_converters(self, expression: Any) -> list[Any]:
        converters: list[Any] = super().get_db_converters(expression)
        if getattr(expression, "contains_aggregate", False) and _is_whole(expression.output_field):
            converters.append(_whole)
        return converters

    def adapt_json_value(self, value: Any, encoder: type[json.JSONEncoder] | None) -> Jsonb:
        return Jsonb(value, dumps=partial(clean_json, encoder=encoder))


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params["context"] = _adapters(params["context"])
        return params

    def init_connection_state(self) -> None:
        super().init_connection_state()
        with self.connection.cursor() as cursor:
            # Discs have no arm that has to travel, and compiling a question takes longer than ours take (measured).
            cursor.execute("SET random_page_cost = 1.1; SET jit = off")

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)
        if not autocommit:
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_WRITER])
