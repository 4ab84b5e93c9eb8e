"""Options and fixtures shared by all tests."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mkdocs_incident.cli import cli


def pytest_addoption(parser):
    parser.addoption(
        "--update",
        action="store_true",
        help="rewrite the expected files of cases from what is read now; read the diff",
    )


@pytest.fixture(scope="session")
def update(request):
    """Whether expected files are to be rewritten."""
    return request.config.getoption("--update")


@pytest.fixture
def write(tmp_path):
    """Write files, text or bytes by path, into the test's folder."""

    def write(files):
        for path, content in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())

    return write


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the command line in the test's folder, or in another: ``run("check", folder=…)``."""

    def run(*arguments, folder=tmp_path):
        monkeypatch.chdir(folder)
        result = CliRunner().invoke(cli, list(map(str, arguments)), prog_name="mkdocs-incident")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture(scope="session")
def command():
    """Path of the installed `mkdocs-incident`, to run it as people do."""
    return str(Path(sys.executable).with_name("mkdocs-incident"))
