"""Secrets planted wherever they can occur, and everything the program ever puts out searched for them."""

import base64
import json
from urllib.parse import quote_plus

import pytest

from tests.hardness import canaries, plants
from tests.hardness.canaries import LEAK, OUTPUTS, Found, Output
from tests.hardness.plants import PLANTS, Plant

NOT_SENT = {plants.NOTIFY, plants.COMMAND, plants.ENVIRONMENT}
"""Secrets that no service ever gets to see."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return canaries.run(tmp_path_factory.mktemp("canaries"))


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.place for plant in PLANTS])
def test_it_comes_out_nowhere(found: Found, plant: Plant) -> None:
    assert plant in NOT_SENT or plant in found.sent, "nobody sent it: this proves nothing"
    leaks = [cell.output.name for cell in found.cells() if cell.plant is plant and cell.verdict == LEAK]
    assert not leaks


@pytest.mark.parametrize("output", OUTPUTS, ids=[output.name for output in OUTPUTS])
def test_there_was_something_to_search(found: Found, output: Output) -> None:
    assert output.proof in found.texts[output.name]


@pytest.mark.parametrize("before", ["", "a", "ab", "me:"])
def test_a_secret_is_found_in_each_of_its_forms(before: str) -> None:
    plant = plants.PASSWORD
    text = before + plant.text
    for form in (text, quote_plus(text), json.dumps(text), text.upper(), plant.core.encode().hex(), plant.core[:20]):
        assert plant.is_in(f"some {form} words")
    assert plant.is_in(base64.b64encode(text.encode()).decode())
    assert not plant.is_in(plants.PROXY.text)
