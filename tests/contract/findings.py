"""Holds one simulated service against its API description and against recordings, and excuses what is documented."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from tests.contract.holding import Answer, Held
from tests.contract.household import PREFIX
from tests.contract.openapi import Fault, Spec
from tests.contract.recordings import maps_of, recorded_shape, vocabulary
from tests.contract.shapes import Shape, differences, shape_of, type_of

SPECS = Path(__file__).parents[2].parent / "shared" / "specs"


class Excuse(NamedTuple):
    """A documented difference: patterns (of `fnmatch`) for the name, the endpoint and the finding; and why."""

    name: str
    endpoint: str
    finding: str
    reason: str


@dataclass(frozen=True)
class Finding:
    """A difference between a simulated answer and what is known of the real one."""

    name: str
    endpoint: str
    text: str
    excuse: Excuse | None = None

    def __str__(self) -> str:
        return f"{self.name}: {self.endpoint}: {self.text}"


def findings(name: str, held: Held, spec: Spec | None, excuses: Iterable[Excuse]) -> list[Finding]:
    """Return every difference, each once, with its excuse if it has one."""
    excuses = tuple(excuses)
    found = {
        (endpoint, text): None
        for answer in held.answers
        for endpoint, text in (*_described(name, answer, spec), *_recorded(name, answer, closed=spec is None))
    }
    return [Finding(name, *one, _excuse(name, *one, excuses)) for one in found]


def spec_of(held: Held, file: str | None) -> Spec | None:
    """Return the description a service is held against."""
    return None if file is None else Spec.read(SPECS / file, PREFIX.get(held.service, ""))


def _described(name: str, answer: Answer, spec: Spec | None) -> Iterator[tuple[str, str]]:
    if spec is None:
        return
    endpoint = f"{answer.method} {answer.path}"
    operation = spec.operation(answer.method, answer.path)
    if operation is None:
        yield endpoint, "the description has no such path"
        return
    endpoint = f"{answer.method} {operation.template}"
    for parameter in sorted(answer.query):
        if parameter.lower() not in operation.parameters:
            yield endpoint, f"the description has no parameter {parameter}"
    if answer.status >= 400:
        yield endpoint, f"answers {answer.status}"
        return
    schema = operation.schemas.get(str(answer.status)) or operation.schemas.get("200")
    if answer.body is None or schema is None:
        return
    recorded = recorded_shape(name, answer.path)
    for fault in spec.faults(answer.body, schema):
        if recorded is not None and _shown(recorded, fault.at, answer.body):
            continue
        if not _is_loose(name, fault):
            yield endpoint, str(fault)


def _is_loose(name: str, fault: Fault) -> bool:
    """Return whether the fault is one of Seerr's descriptions: they name half of the keys and hardly any null."""
    if "eerr " not in name:
        return False
    if fault.what == "null where the schema allows none":
        return True
    return fault.what == "unknown key" and fault.at.rpartition(".")[2] in vocabulary("seerr")


def _recorded(name: str, answer: Answer, *, closed: bool) -> Iterator[tuple[str, str]]:
    recorded = recorded_shape(name, answer.path)
    if recorded is None or answer.body is None:
        return
    for fault in differences(recorded, shape_of([answer.body], maps_of(answer.path)), closed=closed):
        yield f"{answer.method} {answer.path}", str(fault)


def _shown(recorded: Shape, at: str, body: object) -> bool:
    """Return whether recordings show the same at a place: then the description is behind."""
    shape: Shape | None = recorded
    values = [body]
    for step in _steps(at):
        if shape is None:
            return False
        if step == "[]":
            shape = shape.items
            values = [one for value in values if isinstance(value, list) for one in value]
        else:
            shape = shape.keys.get(step)
            values = [value[step] for value in values if isinstance(value, dict) and step in value]
    return shape is not None and {type_of(value) for value in values} <= shape.types


def _steps(at: str) -> Iterator[str]:
    for part in at.split("."):
        name, *elements = part.split("[]")
        if name:
            yield name
        yield from ["[]"] * len(elements)


def _excuse(name: str, endpoint: str, text: str, excuses: tuple[Excuse, ...]) -> Excuse | None:
    matching = (
        one
        for one in excuses
        if fnmatchcase(name, one.name) and fnmatchcase(endpoint, one.endpoint) and fnmatchcase(text, one.finding)
    )
    return next(matching, None)


__all__ = ["Excuse", "Fault", "Finding", "findings", "spec_of"]
