"""Every code is documented, stable in form, and the page says what the catalogue says."""

import ast
import re
from pathlib import Path

import pytest

from tracker_tui.diagnose import catalogue, document
from tracker_tui.diagnose.catalogue import AREAS, CODES
from tracker_tui.diagnose.rule import Code
from tracker_tui.model.states import Attention

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "tracker_tui" / "diagnose").glob("*.py"))


def test_the_page_is_what_the_code_says() -> None:
    assert (ROOT / "docs" / "diagnoses.md").read_text(encoding="utf-8") == document.document()


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_a_code_explains_itself(code: Code) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9_]+", code.name)
    assert code.means[0].isupper()
    assert code.means.endswith(".")
    assert "|" not in code.means
    assert code.levels == tuple(sorted(code.levels)), "gravest last"
    assert Attention.NONE not in code.levels


def test_no_code_is_in_two_areas() -> None:
    names = [code.name for _, codes in AREAS for code in codes]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("module", MODULES, ids=lambda file: file.name)
def test_every_code_that_a_module_makes_is_in_the_catalogue(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    made = [
        node.value.keywords[0].value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "Code"
        and isinstance(node.value.keywords[0].value, ast.Constant)
    ]
    assert set(made) <= CODES.keys()


@pytest.mark.parametrize("module", MODULES, ids=lambda file: file.name)
def test_every_rule_of_a_module_is_asked(module: Path) -> None:
    """A rule is what takes a matter and a scene, or a scene alone, and yields."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    asked = {rule.__name__ for rule in (*catalogue.RULES, *catalogue.COMMON_RULES)}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        takes = [ast.unparse(one.annotation) for one in node.args.args if one.annotation is not None]
        gives = ast.unparse(node.returns) if node.returns is not None else ""
        if (takes, gives) in (
            (["Matter", "Scene"], "Iterable[Word]"),
            (["Scene"], "Iterable[Problem | Later]"),
        ):
            assert node.name in asked, f"{module.name}: {node.name} is never asked"


def test_a_verdict_keeps_to_the_levels_of_its_code() -> None:
    with pytest.raises(ValueError, match="never error"):
        CODES["STALLED"]("qBittorrent", level=Attention.ERROR)
