"""What is wrong with settings.yaml, said in the operator's words."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError


class SettingsError(Exception):
    """settings.yaml cannot be used; the text names the place and what is wrong with it."""


_ROWS = "isinya harus berupa kunci dan nilai, misalnya nama: nilai"
# pydantic's kinds of fault (https://docs.pydantic.dev/latest/errors/validation_errors/) in our words.
_PLAIN = {
    "int_parsing": "harus berupa angka bulat",
    "int_type": "harus berupa angka bulat",
    "int_from_float": "harus berupa angka bulat, tanpa koma",
    "float_parsing": "harus berupa angka",
    "float_type": "harus berupa angka",
    "string_type": "harus berupa teks; apit dengan tanda kutip bila isinya angka",
    "bool_parsing": "isi dengan true atau false",
    "bool_type": "isi dengan true atau false",
    "greater_than_equal": "paling kecil {ge}",
    "less_than_equal": "paling besar {le}",
    "greater_than": "harus lebih dari {gt}",
    "less_than": "harus kurang dari {lt}",
    "string_pattern_mismatch": "tulisannya tidak sesuai pola {pattern}",
    "string_too_short": "paling sedikit {min_length} huruf",
    "string_too_long": "paling banyak {max_length} huruf",
    "literal_error": "isi dengan salah satu: {expected}",
    "model_type": _ROWS,
    "model_attributes_type": _ROWS,
    "dict_type": _ROWS,
    "dict_attributes_type": _ROWS,
    "list_type": "harus berupa daftar; awali tiap barisnya dengan tanda hubung",
    "tuple_type": "harus berupa daftar; awali tiap barisnya dengan tanda hubung",
    "path_type": "harus berupa nama berkas atau folder",
}


def _limits(context: dict[str, Any]) -> dict[str, Any]:
    """Return what a fault's sentence may name: its limits, and the values allowed without quotes."""
    expected = str(context.get("expected", "")).replace("'", "").replace(" or ", " atau ")
    return {**context, "expected": expected}


def explain(error: ValidationError, *place: str | int) -> list[str]:
    """Say each fault of a pydantic ValidationError as `place: sentence`."""
    lines = []
    for fault in error.errors():
        where = ".".join(str(step) for step in (*place, *fault["loc"]) if step not in ("folder", "imap"))
        kind = fault["type"]
        if kind == "extra_forbidden":
            lines.append(f"{where}: kunci ini tidak dikenal.")
        elif kind == "missing":
            lines.append(f"{where}: wajib diisi.")
        elif kind in ("union_tag_invalid", "union_tag_not_found"):
            lines.append(f"{where}: kind harus folder atau imap.")
        else:
            told = _PLAIN.get(kind)
            text = told.format(**_limits(fault.get("ctx", {}))) if told else fault["msg"]
            text = text.removeprefix("Value error, ")
            lines.append(f"{where}: {text}." if where else f"{text}.")
    return lines
