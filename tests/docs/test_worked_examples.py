"""The worked examples of the documentation are carried out on a copy of the program, and their own tests pass there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]

_STEP = re.compile(
    r"^In (?:the new file )?`(?P<file>[^`]+)`(?:, after the line `(?P<anchor>[^`]+)`)?:\n\n"
    r"```(?:python|toml|json)\n(?P<code>.*?)```$",
    re.MULTILINE | re.DOTALL,
)


class Step(NamedTuple):
    """One edit that a page asks for: a new file, or lines after a line (`anchor`) of an existing one."""

    file: str
    anchor: str | None
    code: str


def steps_of(page: Path) -> list[Step]:
    text = page.read_text(encoding="utf-8")
    steps = [Step(one["file"], one["anchor"], one["code"]) for one in _STEP.finditer(text)]
    blocks = re.findall(r"^```(?:python|toml|json)$", text, re.MULTILINE)
    assert len(steps) == len(blocks), "a block of code without an instruction"
    return steps


def carry_out(step: Step, house: Path) -> None:
    target = house / step.file
    if step.anchor is None:
        assert not target.exists(), f"{step.file} exists"
        target.parent.mkdir(exist_ok=True)
        target.write_text(step.code, encoding="utf-8")
        return
    lines = target.read_text(encoding="utf-8").splitlines(keepends=True)
    places = [number for number, line in enumerate(lines) if line.rstrip("\n") == step.anchor]
    assert len(places) == 1, f"{step.file} has the line {len(places)} times: {step.anchor!r}"
    lines.insert(places[0] + 1, step.code)
    target.write_text("".join(lines), encoding="utf-8")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the program, its tests and pages, without what was compiled."""
    for folder in ("tracker_tui", "tests", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "config.example.toml"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/adding-*.md")), ids=lambda page: page.stem)
def test_a_worked_example_works(page: Path, house: Path) -> None:
    steps = steps_of(page)
    for step in steps:
        carry_out(step, house)
    proofs = [step.file for step in steps if Path(step.file).name.startswith("test_")]
    assert proofs, "the example proves nothing"
    laws = [*_LAWS, "--deselect", _WRITTEN]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *proofs, *laws],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]


_LAWS = (
    "tests/test_layering.py",
    "tests/config/test_example.py",
    "tests/diagnose/test_catalogue.py",
    "tests/plan/test_plan.py",
)
"""What holds for every kind, code and file."""
_WRITTEN = "tests/diagnose/test_catalogue.py::test_the_page_is_what_the_code_says"
"""Holds the page of the original against the code of the copy."""
