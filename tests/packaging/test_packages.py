"""What is shipped: the built wheel and sdist hold the right files and no other, and the wheel's program works alone."""

import ast
import email
import email.message
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SUPPORTED = ((3, 12), (3, 13), (3, 14))
IN_SDIST = ("tracker_tui", "tests", "docs")
BESIDE = {"config.example.toml", "README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml"}


def files_below(*folders: str) -> set[str]:
    """Return what stands in these folders of the project, without what running it leaves behind."""
    return {
        str(file.relative_to(ROOT))
        for folder in folders
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    (file,) = built.glob("*.whl")
    return zipfile.ZipFile(file)


def test_the_wheel_holds_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == files_below("tracker_tui") | {"tracker_tui/config/config.example.toml"}
    assert {"tracker_tui/tui/tracker.tcss", "tracker_tui/py.typed"} <= names
    info = {name.partition(".dist-info/")[2] for name in wheel.namelist() if ".dist-info/" in name}
    assert info == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}


def test_the_sdist_holds_what_is_needed_to_test_it(built: Path) -> None:
    (file,) = built.glob("*.tar.gz")
    with tarfile.open(file) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert names - {".gitignore", "PKG-INFO"} == files_below(*IN_SDIST) | BESIDE


def test_the_wheel_says_what_it_needs(wheel: zipfile.ZipFile) -> None:
    meta = metadata(wheel)
    assert meta["Requires-Python"] == ">=3.12"
    classifiers = meta.get_all("Classifier") or []
    told = {one.rpartition(" :: ")[2] for one in classifiers if one.startswith("Programming Language :: Python :: 3.")}
    assert told == {f"{major}.{minor}" for major, minor in SUPPORTED}
    needed = {one for one in meta.get_all("Requires-Dist") or [] if "extra ==" not in one}
    assert len(needed) == len(PYPROJECT["project"]["dependencies"])
    (script,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "tracker-tui = tracker_tui.__main__:run" in wheel.read(script).decode()


def metadata(wheel: zipfile.ZipFile) -> email.message.Message:
    (name,) = [name for name in wheel.namelist() if name.endswith("METADATA")]
    return email.message_from_bytes(wheel.read(name))


def test_an_installed_wheel_works_without_the_project_beside_it(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path)}

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "tracker_tui", *words]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout

    assert run("config", "example") == (ROOT / "config.example.toml").read_text()
    assert run("--version").split() == ["tracker-tui", metadata(wheel)["Version"]]


# ---- the supported interpreters


@pytest.mark.parametrize("version", SUPPORTED, ids=lambda version: ".".join(map(str, version)))
def test_every_supported_python_can_read_the_program(version: tuple[int, int]) -> None:
    """By that interpreter itself where it is installed, else by the grammar this one keeps of it."""
    files = [ROOT / name for name in files_below("tracker_tui") if name.endswith(".py")]
    assert len(files) > 100
    interpreter = pyenv(version) or shutil.which(f"python{version[0]}.{version[1]}")
    if interpreter is None:
        for file in files:
            ast.parse(file.read_text(), feature_version=version)
        return
    program = (
        "import sys\nfor name in sys.stdin.read().split('\\n'):\n    compile(open(name, 'rb').read(), name, 'exec')"
    )
    command = [interpreter, "-I", "-W", "error", "-c", program]
    listed = "\n".join(map(str, files))
    done = subprocess.run(command, input=listed, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def pyenv(version: tuple[int, int]) -> str | None:
    major, minor = version
    found = sorted(Path("~/.pyenv/versions").expanduser().glob(f"{major}.{minor}.*/bin/python"))
    return str(found[-1]) if found else None
