"""Templates of a project's own: what one does wrong is told in a line with its place."""

import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import meta
from site_support import CONFIGURED, PAGE_OF_INCIDENT, build, environment, write

from mkdocs_incident import pages
from mkdocs_incident.pages import records
from mkdocs_incident.pages.environment import environment as environment_of_templates
from mkdocs_incident.pages.own_templates import replaces_any

OURS = Path(pages.__file__).parent / "templates"

IMPORT = '{% import "incident/look.html" as look with context %}\n'


def site(tmp_path, templates, *arguments):
    """Build a repository with templates of its own, given by name."""
    files = {
        **CONFIGURED,
        "mkdocs.yml": CONFIGURED["mkdocs.yml"] + "theme: {name: mkdocs, custom_dir: ours}\n",
        **{f"ours/incident/{name}": text for name, text in templates.items()},
    }
    return build(write(tmp_path, files), *arguments)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("look.severity('SEV1', size=3)", "macro `severity(name)` is given `size`"),
        ("look.severity('SEV1', name=3)", "macro `severity(name)` is given `name` twice"),
        ("look.severity('SEV1', 2, 3)", "macro `severity(name)` is given 3 values"),
        ("look.severity()", "macro `severity(name)` is not given `name`"),
    ],
)
def test_a_call_that_does_not_fit_our_macro_is_told_with_what_it_takes(tmp_path, call, said):
    done = site(tmp_path, {"trends.html": f"{IMPORT}\n{{{{ {call} }}}}"})
    assert done.code == 1
    line = f"Template `incident/trends.html`, line 3: {said} (see our `incident/look.html`)\n"
    assert f"incident: {line}" in done.log


@pytest.mark.parametrize(
    ("macro", "uses", "said"),
    [
        (
            "table(groups)",
            "1",
            "`table(groups)` is given `file` in our `incident/actions.html`, line 39\n",
        ),
        ("table()", "1", "`table()` is given 1 value in our `incident/overview.html`, line 25\n"),
        (
            "table(groups, colour)",
            "colour",
            "`table(groups, colour)` is not given `colour` in our `incident/overview.html`, line 25\n",
        ),
    ],
)
def test_a_macro_that_takes_other_than_ours_is_told_with_who_calls_it(tmp_path, macro, uses, said):
    own = f"\n\n{{% macro {macro} %}}{{{{ {uses} }}}}{{% endmacro %}}"
    done = site(tmp_path, {"action_table.html": own})
    assert done.code == 1
    assert f"incident: Template `incident/action_table.html`, line 3: macro {said}" in done.log


LISTED = '{{ site.row("incident_table", site.corpus.incidents[0], url) }}'
"""A table's row as templates ask for it: a macro that is called elsewhere than in a template."""


@pytest.mark.parametrize(
    ("templates", "said"),
    [
        (
            {"incident_table.html": "\n{% macro row(a, b) %}{{ b }}{% endmacro %}"},
            "Template `incident/overview.html`, line 1: macro `row(a, b)` is not given `b`\n",
        ),
        (
            {"incident_table.html": "Nothing."},
            "Template `incident/overview.html`, line 1: `incident/incident_table.html` has no macro `row`\n",
        ),
        (
            {"look.html": "{% set incident = 5 %}"},
            "In a template that takes the place of ours `5` is no macro, and our `incident/incident_table",
        ),
    ],
)
def test_a_row_that_can_not_be_drawn_is_told_with_its_template(tmp_path, templates, said):
    done = site(tmp_path, {"overview.html": LISTED, **templates})
    assert done.code == 1
    assert f"incident: {said}" in done.log


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"{IMPORT}{{{{ look.due(5) }}}}",
            "line 2: 'int object' has no attribute 'overdue_days', in our `incident/look.html`, line ",
        ),
        (
            f"{IMPORT}{{{{ look.status(5) }}}}",
            "line 2: 'int' object has no attribute 'replace', in our `incident/look.html`, line 9, which it uses",
        ),
        ("{{ site.member_url(1) }}", "line 1: Site.member_url() missing 2 required"),
        ('{{ _("%(day)s") }}', "line 1: KeyError 'day'"),
        ('{% include "incident/trends.html" %}', "line 1: it uses itself without end"),
        ('{% include "mine/part.txt" %}', "line 1: there is no template `mine/part.txt`"),
        ("\n{{ " + "1" * 5000 + " }}", "`: Exceeds the limit"),
        (
            "{% for a in [1] %}" * 30 + "{% endfor %}" * 30,
            "`: too many statically nested blocks\n",
        ),
        (
            "{% include ['a.html', 'b.html'] %}",
            "line 1: there is no template `a.html` or `b.html`\n",
        ),
        ("{{ url() }}", "line 1: url() missing 1 required positional argument: 'path'\n"),
        (
            "{% macro plain(a) %}{% endmacro %}\n{% call plain(1) %}{% endcall %}",
            "line 2: macro `plain(a)` takes no block\n",
        ),
    ],
)
def test_whatever_an_own_template_raises_is_one_line_with_its_place(tmp_path, text, said):
    done = site(tmp_path, {"trends.html": text})
    assert done.code == 1
    start = "incident: Template `incident/trends.html"
    assert f"{start}{said}" in done.log or f"{start}`, {said}" in done.log


def test_how_a_mistake_came_to_be_is_told_where_it_is_asked_for(tmp_path):
    files = {
        **CONFIGURED,
        "mkdocs.yml": CONFIGURED["mkdocs.yml"] + "theme: {name: mkdocs, custom_dir: ours}\n",
        "ours/incident/trends.html": "{{ 1 / 0 }}",
    }
    write(tmp_path, files)
    told = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--verbose"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "ZeroDivisionError: division by zero\n" in told.stderr


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ heading | striptags | upper }}", "ORDERS STAY IN THE QUEUE"),
        (
            "{% set text %}{{ body }}{% endset %}{{ text | trim | truncate(14, true) }}",
            "<p><strong>...",
        ),
        ("{% filter upper %}{{ body }}{% endfilter %}", "<STRONG>IMPACT:</STRONG>"),
        ('{% if "restarted" in body %}Restarted.{% endif %}', "Restarted."),
        (
            "{% macro of() %}{{ body }}{% endmacro %}{{ of() | forceescape }}",
            "&lt;strong&gt;Impact",
        ),
    ],
)
def test_a_template_does_what_it_likes_with_heading_and_body(tmp_path, template, said):
    done = site(tmp_path, {"record.html": template}, "--strict")
    assert done.code == 0, done.log
    assert said in done.page(PAGE_OF_INCIDENT)


BASE = {"base.html": "{% block text %}{{ body }}{% endblock %}"}


@pytest.mark.parametrize(
    "templates",
    [
        {
            **BASE,
            "record.html": '{% extends "incident/base.html" %}{% block text %}{{ super() | upper }}{% endblock %}',
        },
        {"record.html": "{% block text %}{{ body }}{% endblock %}{{ self.text() | upper }}"},
        {
            "base.html": "{% filter upper %}{% block text %}{% endblock %}{% endfilter %}",
            "record.html": '{% extends "incident/base.html" %}{% block text %}{{ body }}{% endblock %}',
        },
        {"incident_chips.html": "{{ body | upper }}"},
        {"told.html": "{{ body | upper }}"},
    ],
)
def test_whatever_template_changes_a_body_is_given_it(tmp_path, templates):
    done = site(tmp_path, templates)
    assert done.code == 0, done.log
    assert "<STRONG>IMPACT:</STRONG>" in done.page(PAGE_OF_INCIDENT)


def test_templates_in_a_folder_that_is_a_link_are_given_the_body(tmp_path):
    shared = write(tmp_path / "shared", {"record.html": "{{ body | striptags | upper }}"})
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/incident").symlink_to(shared, target_is_directory=True)
    done = site(tmp_path, {})
    assert done.code == 0, done.log
    assert "IMPACT: ORDERS WERE LATE." in done.page(PAGE_OF_INCIDENT)


@pytest.mark.parametrize(
    ("path", "is_ahead"),
    [("incident/trends.html", True), ("partials/header.html", True), ("incident/look.html", False)],
)
def test_records_are_drawn_ahead_where_no_own_template_draws_them(tmp_path, path, is_ahead):
    write(tmp_path, {path: "{% set heading = 1 %}{{ heading + 1 }}"})
    env = environment_of_templates((), tmp_path)
    assert replaces_any(env, tmp_path, records.TEMPLATE, records.PARTS) is not is_ahead


def test_only_the_page_of_a_record_uses_templates_that_it_does_not_name():
    env = environment_of_templates(())
    unnamed = [
        file.name
        for file in sorted(OURS.glob("*.html"))
        for name in meta.find_referenced_templates(env.parse(file.read_text("utf-8")))
        if name is None
    ]
    assert unnamed == ["record.html"] * 2
    assert all(
        (OURS.parent / part.replace("incident", "templates", 1)).is_file() for part in records.PARTS
    )


def test_a_template_is_told_by_its_place_below_the_projects_folder(tmp_path):
    part = {
        "parts/late.html": "\n{{ 1 / 0 }}",
        "trends.html": '{% include "incident/parts/late.html" %}',
    }
    done = site(tmp_path, part)
    assert done.code == 1
    assert "incident: Template `incident/parts/late.html`, line 2: division by zero\n" in done.log
