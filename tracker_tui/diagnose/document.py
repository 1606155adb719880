"""Writes docs/diagnoses.md from the catalogue: `python -m tracker_tui.diagnose.document > docs/diagnoses.md`."""

import sys

from tracker_tui.diagnose.catalogue import AREAS

_HEAD = """# Diagnoses

What the program can say about a request, a service or a library. The codes are stable: scripts may rely on them; the
sentences beside them may change. Each verdict names the service and the value it saw, carries its evidence, and gives
at most one next step. It stands once, at the smallest thing it covers: an episode, a season, a request, or, when the
cause lies with a service, a client or a library, among the problems.

Attention: **info** is worth knowing, **wait** is normal waiting, **warn** wants a look, **error** wants a hand. Which
of several levels a code has depends on the evidence and on how long it lasts; the thresholds are in `[attention]` of
the configuration.

This page is written from the code: `python -m tracker_tui.diagnose.document > docs/diagnoses.md`.
"""


def document() -> str:
    """Return the page."""
    parts = [_HEAD]
    for area, codes in AREAS:
        parts.append(f"\n## {area}\n\n| code | attention | meaning |\n|---|---|---|\n")
        parts += [
            f"| `{code.name}` | {', '.join(level.word for level in code.levels)} | {code.means} |\n" for code in codes
        ]
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(document())
