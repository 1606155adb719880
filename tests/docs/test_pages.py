"""What the pages name exists."""

import re
from pathlib import Path

import pytest

from tests.test_layering import MAY_IMPORT

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    new = set(re.findall(r"the new file `([^`]+)`", text))
    named = set(re.findall(r"`((?:tracker_tui|tests|docs)/[\w./-]+)`", text)) - new
    links = {(page.parent / link).resolve() for link in re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", text)}
    assert not [one for one in named if not (ROOT / one).exists()]
    assert not [link for link in links if not link.exists()]


def test_the_table_of_rooms_is_the_house() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("## The rooms")[2].partition("## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(MAY_IMPORT)
