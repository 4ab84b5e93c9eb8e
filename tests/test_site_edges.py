"""Sites of names, files and templates that nobody planned for: clear words, nothing lost."""

import pytest
from site_support import CONFIGURED, INCIDENT, build, write


def site(tmp_path, files, options="", theme="mkdocs"):
    config = (
        f"site_name: Test\ntheme: {theme}\nplugins:\n  - search\n"
        f"  - incident:\n      as_of: 2025-04-01\n{options}"
    )
    return build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": config, **files}))


@pytest.mark.parametrize("name", ["東" * 120, "a" * 300, "🚚-" * 90])
def test_a_name_longer_than_a_file_may_have_has_a_page(tmp_path, name):
    text = INCIDENT.replace("services: [orders]", f"services: [{name}, {name}x]")
    done = site(tmp_path, {"incidents/INC-2025-0001/incident.md": text})
    assert done.code == 0, done.log
    assert len([page for page in done.pages() if page.startswith("knowledge-base/services/")]) == 4


@pytest.mark.parametrize("name", ["index", "README", ".."])
def test_a_name_that_a_folder_has_itself_gets_another_one(tmp_path, name):
    text = INCIDENT.replace("services: [orders]", f"services: ['{name}']")
    done = site(tmp_path, {"incidents/INC-2025-0001/incident.md": text})
    assert "is left out" not in done.log
    pages = [page for page in done.pages() if page.startswith("knowledge-base/services/")]
    assert len(pages) == 3  # the index, `orders` of the runbook, and this one
    services = done.page("knowledge-base/services/index.html")
    assert f">{name}</a>" in services


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ 1 / 0 }}", "Template `incident/trends.html`, line 1: division by zero"),
        ("\n{% if %}", "Template `incident/trends.html`, line 2: Expected an expression"),
        ("{{ nobody.knows }}", "Template `incident/trends.html`, line 1: 'nobody' is undefined"),
        (
            "\n\n{% include 'incident/other.html' %}",
            "Template `incident/trends.html`, line 3: there is no template `incident/other.html`",
        ),
        (b"\xff", "Template `incident/trends.html` is not UTF-8"),
    ],
)
def test_a_mistake_in_an_own_template_is_told_with_its_place(tmp_path, text, said):
    files = {"ours/incident/trends.html": text}
    done = site(tmp_path, files, theme="{name: mkdocs, custom_dir: ours}")
    assert done.code == 1
    assert f"incident: {said}" in done.log


def test_two_pages_at_one_address_are_refused_by_their_names(tmp_path):
    done = site(tmp_path, {}, "      pages: {owners: who.md, causes: who.md}\n")
    assert done.code == 1
    assert "the option `pages` puts `owners` and `causes` at the same address, `who.md`" in done.log


def test_a_file_that_can_not_be_read_is_named_on_the_overview(tmp_path):
    files = {"incidents/INC-2025-0009.md": "---\nid: [\n---\n"}
    done = site(tmp_path, files, "      on_findings: warn\n")
    assert (
        "1 file can't be read as a record and counts nowhere: incidents/INC-2025-0009.md"
        in done.text("knowledge-base/index.html").replace("&#39;", "'")
    )


def test_only_a_policy_that_lists_services_misses_one(tmp_path):
    page = "knowledge-base/services/index.html"
    assert "not in the policy's list" not in site(tmp_path, {}).text(page)
    listed = CONFIGURED["incident.yml"] + "services: {labels: {}}\n"
    done = site(tmp_path, {"incident.yml": listed})
    assert "not in the policy" in done.text(page)
