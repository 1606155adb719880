"""The base of every frozen type of the model."""

from typing import dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, kw_only_default=True)
class _FrozenMeta(msgspec.StructMeta):
    """Tells type checkers what the base passes down at run time: frozen, keyword-only."""


class Fact(msgspec.Struct, metaclass=_FrozenMeta, frozen=True, kw_only=True, gc=False):
    """A fact or a view of facts: frozen, keyword-only, compared by value; never part of a reference cycle."""
