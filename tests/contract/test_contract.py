"""Every simulated answer against the API descriptions and the recordings that lie beside the project."""

import asyncio
import re
from collections.abc import Iterator

import pytest

from tests.contract.decoded import UNREAD, decoded
from tests.contract.excuses import EXCUSES
from tests.contract.findings import Finding, findings, spec_of
from tests.contract.holding import Held
from tests.contract.household import HOUSEHOLD
from tests.contract.openapi import Fault, Spec
from tests.contract.recordings import CAPTURES, RECORDINGS, Recording, maps_of
from tests.contract.report import hold, table
from tests.contract.shapes import differences, shape_of
from tracker_tui.simulate.server import SimHost

needs_knowledge = pytest.mark.skipif(not CAPTURES.is_dir(), reason="descriptions and recordings are not at hand")

NO_DATA = {"/", "/web/", "/health", "/ping", "/api", "/System/Ping", "/{path:.*}", "/api/v2/torrents/delete"}
NO_DATA |= {f"/api/v2/{text}" for text in ("auth/login", "auth/logout", "app/version", "app/webapiVersion")}
"""Routes whose answers are no data of a description."""


@pytest.fixture(scope="module")
def host() -> Iterator[SimHost]:
    with SimHost() as one:
        yield one


@pytest.fixture(scope="module")
def household(host: SimHost) -> dict[str, Held]:
    return {name: asyncio.run(hold(host, name)) for name in HOUSEHOLD}


@pytest.fixture(scope="module")
def found(household: dict[str, Held]) -> list[Finding]:
    return [
        finding
        for name, (_, file) in HOUSEHOLD.items()
        for finding in findings(name, household[name], spec_of(household[name], file), EXCUSES)
    ]


@needs_knowledge
@pytest.mark.parametrize("name", HOUSEHOLD)
def test_a_simulated_service_answers_as_the_real_one(name: str, found: list[Finding]) -> None:
    assert [str(one) for one in found if one.name == name and one.excuse is None] == []


@needs_knowledge
def test_every_excuse_is_needed(found: list[Finding]) -> None:
    used = {one.excuse for one in found}
    assert [excuse for excuse in EXCUSES if excuse not in used] == []


@needs_knowledge
@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda one: one.file)
def test_a_recording_is_compared_with_something(recording: Recording, household: dict[str, Held]) -> None:
    answered = {
        name
        for name in recording.of
        for answer in household[name].answers
        if answer.path == recording.path and answer.body
    }
    assert answered == set(recording.of)


@pytest.mark.parametrize("name", HOUSEHOLD)
def test_every_simulated_path_is_held(name: str, household: dict[str, Held]) -> None:
    asked = {one.path for one in household[name].answers}
    patterns = {route: re.compile(re.sub(r"\{[^}]*\}", "[^/]+", route)) for route in household[name].routes - NO_DATA}
    assert {route for route, pattern in patterns.items() if not any(map(pattern.fullmatch, asked))} == set()


@pytest.mark.parametrize("name", HOUSEHOLD)
def test_our_clients_only_read(name: str, household: dict[str, Held]) -> None:
    """qBittorrent's library reads by POST; validating a path changes nothing; a refresh is what the user asks for."""
    sent = {one.path for one in household[name].answers if one.ours and one.method != "GET"}
    allowed = (
        "/api/v2/auth/",
        "/api/v2/app/",
        "/api/v2/sync/",
        "/api/v2/torrents/info",
        "/api/v2/torrents/files",
        "/Environment/ValidatePath",
    )
    assert {path for path in sent if not path.startswith(allowed) and not path.endswith("/Refresh")} == set()


@pytest.mark.parametrize("name", HOUSEHOLD)
def test_our_clients_ask_nothing_that_is_refused(name: str, household: dict[str, Held]) -> None:
    refused = {(one.path, one.status) for one in household[name].answers if one.ours and one.status >= 400}
    assert {status for _, status in refused} <= {404}, refused
    assert name.startswith(("Shoko", "Jellyfin")) or not refused, "only routes that come and go by version are tried"


@needs_knowledge
def test_the_table(household: dict[str, Held], found: list[Finding]) -> None:
    text = table(household, found)
    print(f"\n{text}")  # noqa: T201 - read with -s
    assert all(name in text for name in HOUSEHOLD)


# ---- the judges themselves

DOCUMENT = {
    "paths": {
        "/things": {"get": {"parameters": [{"name": "page", "in": "query"}], "responses": {}}},
        "/things/{id}": {"get": {"responses": {}}},
        "/things/special": {"get": {"responses": {}}},
    },
    "components": {
        "schemas": {
            "Word": {"type": "string", "enum": ["a", "b"]},
            "Base": {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]},
            "Thing": {
                "allOf": [{"$ref": "#/components/schemas/Base"}],
                "properties": {
                    "word": {"$ref": "#/components/schemas/Word"},
                    "share": {"type": "number"},
                    "note": {"type": "string", "nullable": True},
                    "map": {"type": "object", "additionalProperties": {"type": "integer"}},
                    "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
                    "many": {"type": "array", "items": {"$ref": "#/components/schemas/Word"}},
                    "free": {"type": "object"},
                },
            },
        }
    },
}
THING = {"$ref": "#/components/schemas/Thing"}

JUDGED: list[tuple[str, object, list[Fault]]] = [
    ("nothing wrong", {"id": 1, "word": "a", "share": 1, "note": None, "either": 2, "free": {"x": [None]}}, []),
    ("an unknown key", {"id": 1, "other": 1}, [Fault(".other", "unknown key")]),
    ("a missing key", {}, [Fault(".id", "required key is missing")]),
    ("a wrong type", {"id": "1"}, [Fault(".id", "string where the schema says integer")]),
    ("truth is no number", {"id": True}, [Fault(".id", "boolean where the schema says integer")]),
    ("an unknown word", {"id": 1, "many": ["a", "c"]}, [Fault(".many[]", "'c' is none of the schema's words")]),
    ("a null", {"id": 1, "share": None}, [Fault(".share", "null where the schema allows none")]),
    ("a map", {"id": 1, "map": {"x": "y"}}, [Fault(".map.{}", "string where the schema says integer")]),
    ("neither", {"id": 1, "either": 1.5}, [Fault(".either", "number where the schema says string")]),
]


@pytest.mark.parametrize(("value", "faults"), [row[1:] for row in JUDGED], ids=[row[0] for row in JUDGED])
def test_the_judge_of_descriptions(value: object, faults: list[Fault]) -> None:
    assert list(Spec(DOCUMENT).faults(value, THING)) == faults


@pytest.mark.parametrize(
    ("method", "path", "template"),
    [
        ("GET", "/base/things", "/things"),
        ("GET", "/base/THINGS/7", "/things/{id}"),
        ("GET", "/base/things/special", "/things/special"),
        ("POST", "/base/things", None),
        ("GET", "/things", None),
        ("GET", "/base/things/7/8", None),
    ],
)
def test_paths_are_found(method: str, path: str, template: str | None) -> None:
    operation = Spec(DOCUMENT, "/base").operation(method, path)
    assert (operation.template if operation else None) == template


SHAPES: list[tuple[str, list[object], list[object], list[str]]] = [
    ("alike", [{"a": 1}, {"a": 2, "b": 1}], [{"a": 3.5}], []),
    ("a key of all is missing", [{"a": 1, "b": 1}], [{"a": 1}], [".b: every recording has this key"]),
    ("a key of some is missing", [{"a": 1, "b": 1}, {"a": 1}], [{"a": 1}], []),
    ("in one record only", [{"a": 1}], [{"a": 1}, {}], [".a: every recording has this key"]),
    ("another type", [{"a": 1}], [{"a": "1"}], [".a: string where recordings have number"]),
    ("null never recorded", [{"a": 1}], [{"a": None}], [".a: null where recordings have number"]),
    ("only null recorded", [{"a": None}], [{"a": 1}], []),
    ("deeper", [{"a": [{"b": 1}]}], [{"a": [{"c": 1}]}], [".a[].b: every recording has this key"]),
    ("no elements to compare", [{"a": [{"b": 1}]}], [{"a": []}], []),
]


@pytest.mark.parametrize(("recorded", "simulated", "said"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES])
def test_the_judge_of_recordings(recorded: list[object], simulated: list[object], said: list[str]) -> None:
    assert [str(one) for one in differences(shape_of(recorded), shape_of(simulated))] == said


def test_a_closed_comparison_names_what_was_never_recorded() -> None:
    recorded, simulated = shape_of([{"a": 1}]), shape_of([{"a": 1, "b": 2}])
    assert list(differences(recorded, simulated)) == []
    assert list(differences(recorded, simulated, closed=True)) == [Fault(".b", "no recording has this key")]


def test_keys_that_are_data_are_one() -> None:
    shape = shape_of([{"torrents": {"ab": {"x": 1}, "cd": {"x": 1, "y": 1}}}], maps_of("/api/v2/sync/maindata"))
    assert set(shape.keys["torrents"].keys) == {"{}"}
    assert shape.keys["torrents"].keys["{}"].always == {"x"}


@needs_knowledge
def test_every_recording_is_decoded_without_a_loss() -> None:
    captures = decoded()
    assert [one for one in captures if one.skipped] == []
    assert {one.recording.path for one in captures if one.good is None} == set(UNREAD)
    assert all(one.good is None or one.good > 0 for one in captures)
