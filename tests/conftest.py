"""Options and fixtures shared by all tests."""

import pytest
from click.testing import CliRunner

from mkdocs_incident.cli import cli


def pytest_addoption(parser):
    parser.addoption(
        "--update",
        action="store_true",
        help="rewrite the expected files of cases from what is read now; read the diff",
    )


@pytest.fixture
def update(request):
    """Whether expected files are to be rewritten."""
    return request.config.getoption("--update")


@pytest.fixture
def run(monkeypatch):
    """Run the command line in a folder: ``run("check", "--fail-on", "note", folder=…)``."""

    def run(*arguments, folder):
        monkeypatch.chdir(folder)
        result = CliRunner().invoke(cli, list(map(str, arguments)), prog_name="mkdocs-incident")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run
