"""Tell many stories: `python -m tests.endtoend.stories --seeds 500`; says which seeds break a law, and how."""

import argparse
import asyncio
import logging
import sys
import tempfile
import traceback
from pathlib import Path

from tests.endtoend.stories.telling import STEPS, Broken, Telling


def say(text: str) -> None:
    """Write a line at once: a run lasts."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def main() -> int:
    """Return how many stories broke a law."""
    parser = argparse.ArgumentParser(prog="python -m tests.endtoend.stories", description=__doc__)
    parser.add_argument("--seeds", type=int, default=50, help="how many stories")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--steps", type=int, default=STEPS, help="events of each story")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(asked.first, asked.first + asked.seeds):
            telling = Telling(seed, Path(folder))
            try:
                await telling.told(asked.steps)
            except Broken as fault:
                broken += 1
                say(f"{fault}\n")
            except Exception:  # noqa: BLE001 - a fault of the story itself is to be seen, and the next one told
                broken += 1
                say("\n".join([f"seed {seed}", *telling.tale.told, traceback.format_exc()]))
            for fault_of_words in telling.faults:
                say(f"seed {seed}: {fault_of_words}")
    say(f"{broken} of {asked.seeds} stories broke a law")
    return broken


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(main()) else 0)
