"""One value of a YAML text changed; every other character of it, comments included, stays as it is.

The text is parsed only to find out where a value stands. What is written there is made by the library that reads
it later, so that `yes` stays a word and `1:30` no number. A text that cannot be changed so is said to be one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

Step = str | int
Place = tuple[Step, ...]
"""The way to a value: keys of mappings, numbers in lists."""


class CannotSplice(Exception):
    """The text is written in a way that we cannot change without touching more of it."""


@dataclass(frozen=True)
class Put:
    """The value at `place` becomes `value`; what leads there is made."""

    place: tuple[str, ...]
    value: Any


@dataclass(frozen=True)
class Add:
    """An entry more, at the end of a list. Its `name` is not in the list yet."""

    place: tuple[str, ...]
    entry: dict[str, Any]


@dataclass(frozen=True)
class Replace:
    """The entry of a list whose `name` is the same becomes `entry`."""

    place: tuple[str, ...]
    entry: dict[str, Any]


Change = Put | Add | Replace


def spliced(text: str, change: Change) -> str:
    """Return `text` with one change made. Raises CannotSplice, yaml.YAMLError."""
    wanted = changed(yaml.safe_load(text) or {}, change)
    try:
        new = _spliced(text, change)
        good = yaml.safe_load(new) == wanted
    except (yaml.YAMLError, AttributeError, IndexError) as error:
        raise CannotSplice("cara penulisannya tidak kami kenal") from error
    if not good:
        raise CannotSplice("cara penulisannya tidak kami kenal")
    return new


def changed(data: dict[Any, Any], change: Change) -> dict[Any, Any]:
    """Return the data a changed text stands for. Raises CannotSplice when there is no place for the change."""
    made: dict[Any, Any] = _own(data)
    if isinstance(change, Put):
        *way, last = change.place
        parent = _descend(made, way, {})
        parent[_key(parent, last)] = _own(change.value)
        return made
    rows = _descend(made, change.place, [])
    if not isinstance(rows, list):
        raise CannotSplice(f"{'.'.join(change.place)} bukan daftar")
    index = _index(rows, change.entry["name"])
    if isinstance(change, Add):
        if index is not None:
            raise CannotSplice(f"nama {change.entry['name']} sudah ada")
        rows.append(_own(change.entry))
        return made
    if index is None:
        raise CannotSplice(f"tidak ada yang bernama {change.entry['name']}")
    rows[index] = _own(change.entry)
    return made


def lines_of(change: Change) -> str:
    """Return what a change looks like in the file, for a person to paste."""
    if isinstance(change, Put):
        value = change.value
        for key in reversed(change.place[1:]):
            value = {key: value}
        return f"{change.place[0]}: {_flow(value)}\n"
    head = "".join(f"{'  ' * depth}{key}:\n" for depth, key in enumerate(change.place))
    return head + _item(change.entry, 2 * len(change.place))


def _descend(data: Any, way: Any, empty: Any) -> Any:
    """Go down to a place; what is not there yet, or has no value, is made on the way."""
    for number, key in enumerate(way):
        if not isinstance(data, dict):
            raise CannotSplice(f"{'.'.join(way[:number])} tidak berisi kunci dan nilai")
        here = _key(data, key)
        if data.get(here) is None:
            data[here] = type(empty)() if number == len(way) - 1 else {}
        data = data[here]
    if isinstance(empty, dict) and not isinstance(data, dict):
        raise CannotSplice(f"{'.'.join(way)} tidak berisi kunci dan nilai")
    return data


def _own(value: Any) -> Any:
    """Return a copy no part of which is shared, not even what one alias names twice."""
    if isinstance(value, dict):
        return {key: _own(one) for key, one in value.items()}
    return [_own(one) for one in value] if isinstance(value, list) else value


def _key(data: dict[Any, Any], key: str) -> Any:
    """Return the key as the reader has it: YAML 1.1 reads a bare `off` as the truth value false."""
    return next((held for held in (key, yaml.safe_load(key)) if held in data), key)


def _index(rows: list[Any], name: str) -> int | None:
    named = (number for number, row in enumerate(rows) if isinstance(row, dict) and row.get("name") == name)
    return next(named, None)


def _spliced(text: str, change: Change) -> str:
    if isinstance(change, Put):
        return _put(text, change.place, change.value)
    node = _node(text, change.place)
    if isinstance(change, Add):
        return _add(text, change, node)
    rows: Any = yaml.safe_load(text)
    for step in change.place:
        rows = rows[step]
    index = _index(rows, change.entry["name"]) or 0  # `changed` has found it
    place: Place = (*change.place, index)
    held = rows[index]
    for key in held.keys() - change.entry.keys():
        text = _drop(text, place, key)
    for key, value in change.entry.items():
        if key not in held or held[key] != value:
            text = _put(text, (*place, key), value)
    return text


def _put(text: str, place: Place, value: Any) -> str:
    at = len(place)
    while at and _node(text, place[:at]) is None:
        at -= 1
    node = _node(text, place[:at])
    if at == len(place) and node is not None:
        return _over(text, node, _flow(value))
    for key in reversed(place[at + 1 :]):
        value = {key: value}
    return _into(text, node, f"{_flow(place[at])}: {_flow(value)}")


def _add(text: str, change: Add, node: Node | None) -> str:
    if isinstance(node, SequenceNode) and node.value:
        if node.flow_style:
            return _before_end(text, node, _flow(change.entry))
        return _after_line(text, _end(text, node), _item(change.entry, node.start_mark.column))
    *way, last = change.place
    parent = _node(text, tuple(way))
    if node is None and isinstance(parent, MappingNode) and not parent.flow_style:
        column = parent.value[0][0].start_mark.column if parent.value else 0
        return _into(text, parent, f"{last}:\n{_item(change.entry, column + 2)}".rstrip("\n"))
    if node is None:
        return _put(text, change.place, [change.entry])
    if isinstance(parent, MappingNode) and parent.flow_style:
        return _over(text, node, _flow([change.entry]))
    column = parent.value[0][0].start_mark.column if isinstance(parent, MappingNode) else 0
    start, end = node.start_mark.index, _end(text, node)
    item = _item(change.entry, column + 2).rstrip("\n")
    rest = text[end:]
    # A remark behind the empty value stays on its line.
    line, newline, below = rest.partition("\n")
    return f"{text[:start].rstrip(' ')}{line}\n{item}{newline or chr(10)}{below}"


def _drop(text: str, place: Place, key: str) -> str:
    """Take one key out of a mapping."""
    node = _node(text, place)
    pairs = node.value if isinstance(node, MappingNode) else []
    number = next(number for number, pair in enumerate(pairs) if pair[0].value == key)
    start, end = pairs[number][0].start_mark.index, _end(text, pairs[number][1])
    if isinstance(node, MappingNode) and node.flow_style:
        if number + 1 < len(pairs):
            return text[:start] + text[pairs[number + 1][0].start_mark.index :]
        return text[: _end(text, pairs[number - 1][1])] + text[end:]
    if number == 0:
        return text[:start] + text[pairs[1][0].start_mark.index :]
    line = text.rfind("\n", 0, start) + 1
    return text[:line] + text[_line_end(text, end) :]


def _node(text: str, place: Place) -> Node | None:
    """Return what stands at `place`, None where nothing does."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for step in place:
        if isinstance(node, MappingNode):
            node = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, SequenceNode) and isinstance(step, int):
            node = node.value[step]
        else:
            return None
    return node


def _over(text: str, node: Node, new: str) -> str:
    """Write `new` in the place of a value."""
    start, end = node.start_mark.index, max(node.start_mark.index, _end(text, node))
    before = text[:start].rstrip()
    if before.endswith(":"):  # a block below its key, or nothing yet: now on the key's line
        return f"{before} {new}{text[end:]}"
    return text[:start] + new + text[end:]


def _into(text: str, node: Node | None, pair: str) -> str:
    """Write one more key and value into a mapping."""
    if node is None:  # an empty file
        return f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{pair}\n"
    if isinstance(node, ScalarNode):  # a key without a value
        return _over(text, node, f"{{{pair}}}")
    if not isinstance(node, MappingNode) or node.flow_style:
        return _before_end(text, node, pair)
    column = node.value[0][0].start_mark.column
    return _after_line(text, _end(text, node), f"{' ' * column}{pair}\n")


def _before_end(text: str, node: Node, new: str) -> str:
    """Write one more part into what ends in a bracket."""
    end = node.end_mark.index - 1
    before = text[:end].rstrip()
    comma = "" if before.endswith((",", "{", "[")) else ","
    return f"{before}{comma}{'' if before.endswith(('{', '[')) else ' '}{new}{text[end:]}"


def _after_line(text: str, index: int, new: str) -> str:
    end = _line_end(text, index)
    break_ = "" if end == 0 or text[end - 1] == "\n" else "\n"
    return text[:end] + break_ + new + text[end:]


def _line_end(text: str, index: int) -> int:
    at = text.find("\n", index)
    return len(text) if at < 0 else at + 1


def _end(text: str, node: Node) -> int:
    """Return where a value's own text ends; the parser's mark lies at whatever comes after a block."""
    if isinstance(node, ScalarNode):
        if node.style in ("|", ">"):
            return len(text[: node.end_mark.index].rstrip())
        return int(node.end_mark.index)
    if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    if isinstance(node, MappingNode):
        # An alias has the marks of what it names.
        return max(int(last[0].end_mark.index), _end(text, last[1]))
    return _end(text, last)


class _Dumper(yaml.SafeDumper):
    """Writes as the reader reads; text of several lines in one, so that no indentation is part of it."""


def _text(dumper: yaml.SafeDumper, value: str) -> ScalarNode:
    style = '"' if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def _flow(value: Any) -> str:
    """Return a value on one line, fit to stand anywhere."""
    made = yaml.dump(
        [value], Dumper=_Dumper, default_flow_style=True, width=10**9, allow_unicode=True, sort_keys=False
    )
    return made.strip()[1:-1]


def _line(key: str, value: Any) -> str:
    """Return a key and its value on one line of a block, where fewer values need quotes."""
    if isinstance(value, dict | list):
        return f"{_flow(key)}: {_flow(value)}"
    made = yaml.dump({key: value}, Dumper=_Dumper, default_flow_style=False, width=10**9, allow_unicode=True)
    return made.rstrip("\n")


def _item(entry: dict[str, Any], column: int) -> str:
    """Return an entry of a list, a line for each of its keys."""
    lines = [_line(key, value) for key, value in entry.items()]
    indent = " " * column
    return f"{indent}- " + f"\n{indent}  ".join(lines) + "\n"
