"""Who may import whom, as DESIGN.md draws it, and who may read the clock."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mkdocs_incident

PACKAGE = Path(mkdocs_incident.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = [
    {"patterns"},
    {"language"},
    {"file_names", "wording", "workers"},
    {"diagnostic", "acceptance"},
    {"source"},
    {"schema", "records"},
    {"policy"},
    {"files"},
    {"cache"},
    {"corpus"},
    {"insights", "editing"},
    {"rules"},
    {"judging", "waiving", "ical", "baseline"},
    {"check", "reporters", "pages", "authoring", "adopting"},
    {"lsp"},
    {"cli", "plugin", "__main__"},
]
RANKS = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}
"""Parts of the package, lowest first: each imports from below itself only."""

OWNERS = {
    "babel": {"language"},
    "mkdocs": {"plugin"},
    "yaml": {"source"},
    "frontmatter": {"source"},
    "jsonschema": {"schema", "policy"},
    "jsonschema_rs": {"acceptance"},
    "jinja2": {"pages", "authoring"},
    "markupsafe": {"pages", "authoring"},
    "markdown": {"pages", "authoring"},
    "nh3": {"pages", "authoring"},
    "icalendar": {"ical"},
    "pagefind": {"pages"},
    "pygls": {"lsp"},
    "lsprotocol": {"lsp"},
    "click": {"cli"},
    "msgspec": set(RANKS),  # value types are made everywhere
}
"""Other people's libraries, and the parts that may know them."""


def part_of(module):
    """`rules` for ``rules/broken_link.py``, `check` for ``check.py``."""
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(module):
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: relative import"
            if node.module == "mkdocs_incident":
                yield from (f"mkdocs_incident.{alias.name}" for alias in node.names)
            else:
                yield node.module


def name_of(module):
    return module.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_imports_go_downwards(module):
    own = part_of(module)
    for name in imports(module):
        if not name.startswith("mkdocs_incident."):
            continue
        part = name.split(".")[1]
        if part in {own, "__version__"} or (own, part) == ("__main__", "cli"):
            continue
        assert own != "__init__", f"the package itself imports `{part}`"
        assert RANKS[part] < RANKS[own], f"`{own}` imports `{part}`"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_each_library_has_its_owner(module):
    for name in imports(module):
        library = name.split(".")[0]
        if library in {"mkdocs_incident", *sys.stdlib_module_names}:
            continue
        assert part_of(module) in OWNERS[library], f"`{name}` in {name_of(module)}"


def test_every_library_is_used_by_its_owner():
    """An owner that no longer uses its library would leave the rule above without meaning."""
    used = {(n.split(".")[0], part_of(m)) for m in MODULES for n in imports(m)}
    for library, owners in OWNERS.items():
        assert {owner for name, owner in used if name == library} & owners, library


def test_reporters_know_diagnostics_only():
    for module in (PACKAGE / "reporters").glob("*.py"):
        parts = {n.split(".")[1] for n in imports(module) if n.startswith("mkdocs_incident.")}
        assert parts <= {"wording", "patterns", "diagnostic", "reporters", "__version__"}


READING = {"yaml", "frontmatter", "jsonschema", "msgspec"}
"""What every record passes through."""


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("mkdocs_incident", set(OWNERS)),
        ("mkdocs_incident.check", set(OWNERS) - READING),
        ("mkdocs_incident.cli.check", set(OWNERS) - READING - {"click"}),
    ],
)
def test_importing_loads_nothing_it_does_not_need(module, absent):
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert module in done.stdout.split()
    assert not absent & set(done.stdout.split())


CLOCKS = {
    "now", "utcnow", "today", "time_ns", "localtime", "gmtime", "monotonic", "perf_counter",
    "fromtimestamp", "st_mtime",
}  # fmt: skip
MAY_READ_THE_CLOCK = {"cli", "plugin"}


def clock_readings(module):
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS and not is_given(node):
            yield f"{name_of(module)}:{node.lineno} {node.attr}"
        if isinstance(node, ast.ImportFrom | ast.Import):
            names = {alias.name for alias in node.names}
            if "time" in names and getattr(node, "module", None) != "datetime":
                yield f"{name_of(module)}:{node.lineno} time"


def is_given(node):
    """Whether `today` is an object's own (`context.today`), which the run was told."""
    owner = node.value.attr if isinstance(node.value, ast.Attribute) else node.value
    return node.attr == "today" and getattr(owner, "id", owner) not in {"date", "datetime"}


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_only_the_edges_read_the_clock(module):
    if part_of(module) not in MAY_READ_THE_CLOCK:
        assert not list(clock_readings(module))


def test_the_command_line_does_read_it():
    """So that the test above is known to see a clock."""
    assert list(clock_readings(PACKAGE / "cli/gate.py"))
