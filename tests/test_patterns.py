"""Regular expressions that are compiled when they are first used."""

import copy
import importlib
import re
from pathlib import Path

import pytest

import mkdocs_incident
from mkdocs_incident.patterns import regex

PACKAGE = Path(mkdocs_incident.__file__).parent
MODULES = [
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    for path in sorted(PACKAGE.rglob("*.py"))
    if "regex(" in path.read_text("utf-8") and path.stem != "patterns"
]


@pytest.mark.parametrize("name", MODULES)
def test_each_of_a_module_compiles(name):
    lazy = type(regex(""))
    found = [value for value in vars(importlib.import_module(name)).values() if type(value) is lazy]
    for pattern in found:
        compiled = re.compile(pattern.pattern, pattern.flags)
        assert pattern.groupindex == compiled.groupindex


def test_it_is_used_as_a_compiled_one_is():
    pattern = regex(r"(?P<level>sev)-?(\d)", re.IGNORECASE)
    assert pattern.search("a Sev-1")["level"] == "Sev"
    assert [match[2] for match in pattern.finditer("sev1, SEV2")] == ["1", "2"]
    assert pattern.sub(r"SEV\2", "sev-3") == "SEV3"
    with pytest.raises(AttributeError):
        pattern.nothing  # noqa: B018


def test_it_can_be_copied():
    assert copy.copy(regex("sev")).search("a sev")
