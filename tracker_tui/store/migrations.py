"""Store schema versions: each step lifts the tables by one version; the file keeps the old one until the next flush."""

from collections.abc import Callable, Mapping

from tracker_tui.store.atomic import Tables

Step = Callable[[Tables], Tables]

STEPS: Mapping[int, Step] = {}
"""Version -> the step that lifts it by one. A step returns new tables and may raise ValueError."""

SCHEMA = 1 + len(STEPS)


class NewerSchemaError(ValueError):
    """The store was written by a newer program: it is left untouched."""


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
    return stamp(tables, version)


def stamp(tables: Tables, version: int = SCHEMA) -> Tables:
    """Return `tables` carrying `version` (the same object when they do already)."""
    meta = tables.get("meta", {})
    if meta.get("store") == {"schema": version}:
        return tables
    return {**tables, "meta": {**meta, "store": {"schema": version}}}


def _version(tables: Tables, newest: int) -> int:
    if not any(tables.values()):
        return newest
    version = tables.get("meta", {}).get("store", {}).get("schema")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError("the schema version is missing")
    return version
