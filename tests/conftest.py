"""Options shared by all tests."""

import pytest


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
