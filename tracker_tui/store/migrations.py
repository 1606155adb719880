"""Store schema versions: each step lifts the tables by one version; the file keeps the old one until the next flush."""

from collections.abc import Callable, Mapping

import msgspec

from tracker_tui.store.atomic import Bodies, Tables

Step = Callable[[Tables], Tables]

STEPS: Mapping[int, Step] = {}
"""Version -> the step that lifts it by one. A step returns new tables and may raise ValueError."""

SCHEMA = 1 + len(STEPS)

STAMP = "store"
"""The meta document that carries the version."""


class NewerSchemaError(ValueError):
    """The store was written by a newer program: it is left untouched."""


def lift(bodies: Bodies, steps: Mapping[int, Step] = STEPS) -> Bodies:
    """Return tables as they stand in a file, lifted like `migrate`; only an older file is decoded for it."""
    meta = {key: msgspec.json.decode(body) for key, body in bodies.get("meta", {}).items()}
    newest = 1 + len(steps)
    if _version({**bodies, "meta": meta}, newest) == newest:
        return bodies
    tables = {name: {key: msgspec.json.decode(body) for key, body in table.items()} for name, table in bodies.items()}
    return {
        name: {key: msgspec.Raw(msgspec.json.encode(document)) for key, document in table.items()}
        for name, table in migrate(tables, steps).items()
    }


def migrate(tables: Tables, steps: Mapping[int, Step] = STEPS) -> Tables:
    """Return `tables` lifted to the newest version that `steps` reach, the same object when nothing is to do.

    Raises NewerSchemaError, or ValueError when the version is missing or nonsense.
    """
    newest = 1 + len(steps)
    version = _version(tables, newest)
    if version > newest:
        raise NewerSchemaError(f"schema {version} is newer than {newest}")
    while version < newest:
        tables = steps[version](tables)
        version += 1
    return _stamped(tables, version)


def _stamped(tables: Tables, version: int) -> Tables:
    """Return `tables` carrying `version` (the same object when they do already)."""
    meta = tables.get("meta", {})
    if meta.get(STAMP) == {"schema": version}:
        return tables
    return {**tables, "meta": {**meta, STAMP: {"schema": version}}}


def _version(tables: Tables, newest: int) -> int:
    if not any(tables.values()):
        return newest
    document = tables.get("meta", {}).get(STAMP)
    version = document.get("schema") if isinstance(document, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError("the schema version is missing")
    return version
