"""Options and fixtures shared by all tests."""

import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from browser_support import PALETTES, chromium, copy_of_this_repository, listening, served
from click.testing import CliRunner
from site_support import CONFIGURED, build, build_from_nothing
from site_support import write as write_files

from mkdocs_incident.cli.commands import cli

pytest_plugins = ("cache_support", "ci_support", "metrics_support", "new_support", "typed_support")
"""Where fixtures stand that several modules of one subject share."""


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


@pytest.fixture
def repository_of(write, run, tmp_path):
    """Write files; gives a command's outcome among them, and a file's text as it is now, of `path` unless told."""

    def repository_of(files, path):
        write(files)

        def text(path=path):
            return (tmp_path / path).read_bytes().decode()

        return run, text

    return repository_of


@pytest.fixture(scope="session")
def command():
    """Path of the installed `mkdocs-incident`, to run it as people do."""
    return str(Path(sys.executable).with_name("mkdocs-incident"))


@pytest.fixture(scope="session")
def browser():
    """A real browser."""
    path = chromium()
    # Imported here, so that a machine without the driver skips as aloud as one without a browser.
    sync_api = pytest.importorskip("playwright.sync_api")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def small_site(tmp_path_factory):
    """The small repository of `site_support`, built under --strict as somebody does who types it; only to be read."""
    folder = write_files(tmp_path_factory.mktemp("small"), CONFIGURED)
    done = build_from_nothing(folder, "--strict")
    assert done.code == 0, done.log
    return done


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory):
    """Tell where the site of the sample knowledge base is served in a theme; it is built when first asked for."""

    @cache
    def sample_site(theme):
        folder = copy_of_this_repository(tmp_path_factory.mktemp(theme))
        if theme == "mkdocs":
            (folder / "mkdocs.yml").write_text(
                "site_name: Plain\ntheme: {name: mkdocs, color_mode: auto, highlightjs: false}\n"
                "plugins: [search, {incident: {as_of: 2025-10-01}}]\n"
            )
        done = build(folder)
        assert done.code == 0, done.log
        return serving.enter_context(served(done.site))

    with ExitStack() as serving:
        yield sample_site


@pytest.fixture(scope="session", params=["material", "mkdocs"])
def address(request, sample_site):
    """Where the site of the sample knowledge base is served, once in each theme.

    pytest keeps the one of the latest theme only; the sites themselves stay for all modules.
    """
    return sample_site(request.param)


@pytest.fixture(params=PALETTES)
def palette(request):
    """The colours that the reader prefers."""
    return request.param


@pytest.fixture
def open_page(browser, address):
    """Open a page; what it logs and asks for is kept on it."""
    contexts = []

    def open_page(path, width=1440, **settings):
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        page = listening(context.new_page(), address)
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
