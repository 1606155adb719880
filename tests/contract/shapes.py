"""The shape of recorded answers: which keys every record has, and of which JSON types the values are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.contract.openapi import Fault


@dataclass
class Shape:
    """What a set of values has in common. `always` are the keys of every object among them."""

    types: set[str] = field(default_factory=set)
    always: set[str] = field(default_factory=set)
    keys: "dict[str, Shape]" = field(default_factory=dict)
    items: "Shape | None" = None


def type_of(value: object) -> str:
    """Return the JSON type; whole and broken numbers are one."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def shape_of(values: Iterable[Any], maps: frozenset[str] = frozenset(), at: str = "") -> Shape:
    """Return the shape of values; objects at a place named in `maps` have keys that are data (ids, hashes)."""
    values = list(values)
    shape = Shape({type_of(value) for value in values})
    objects = [value for value in values if isinstance(value, dict)]
    lists = [value for value in values if isinstance(value, list)]
    if at in maps:
        shape.keys["{}"] = shape_of((one for value in objects for one in value.values()), maps, f"{at}.{{}}")
    elif objects:
        shape.always = set.intersection(*(set(value) for value in objects))
        for name in set().union(*objects):
            shape.keys[name] = shape_of((value[name] for value in objects if name in value), maps, f"{at}.{name}")
    elements = [one for value in lists for one in value]
    if elements:
        shape.items = shape_of(elements, maps, f"{at}[]")
    return shape


def differences(recorded: Shape, simulated: Shape, at: str = "", *, closed: bool = False) -> Iterator[Fault]:
    """Yield where simulated values lack what all recorded ones have, or are of a type never recorded.

    `closed`: keys never recorded are named too (for servers without an API description).
    """
    known = recorded.types - {"null"}
    for kind in sorted(simulated.types - recorded.types):
        if known or kind != "null":
            if not known:
                continue  # recorded only as null: of any type
            yield Fault(at, f"{kind} where recordings have {' or '.join(sorted(recorded.types))}")
    if simulated.keys:
        for name in sorted(recorded.always - simulated.always):
            yield Fault(f"{at}.{name}", "every recording has this key")
    for name, shape in sorted(simulated.keys.items()):
        if name in recorded.keys:
            yield from differences(recorded.keys[name], shape, f"{at}.{name}", closed=closed)
        elif closed and recorded.keys:
            yield Fault(f"{at}.{name}", "no recording has this key")
    if recorded.items is not None and simulated.items is not None:
        yield from differences(recorded.items, simulated.items, f"{at}[]", closed=closed)
