"""What a build does about findings, and about a policy that is wrong."""

import re

import pytest
from plugin_support import BROKEN, options
from site_support import (
    CONFIGURED,
    FILES,
    INCIDENT,
    PAGE_OF_INCIDENT,
    build,
    write,
)


def test_errors_are_all_logged_and_then_end_the_build(tmp_path):
    broken = INCIDENT.replace("severity: SEV2\n", "").replace(
        'incident_commander: "@orders-lead"\n', ""
    )
    files = {**CONFIGURED, "incidents/INC-2025-0001/incident.md": broken}
    done = build(write(tmp_path, files))
    assert done.code == 1
    errors = [line for line in done.log.splitlines() if line.startswith("ERROR")]
    at = r"ERROR +-  incident: incidents/INC-2025-0001/incident\.md:\d+:\d+: error INC\d+ .+ \[missing-"
    assert [bool(re.match(at, line)) for line in errors] == [True, True, False]
    assert errors[2].endswith("incident: 2 errors in records, nothing was built")
    assert not done.site.exists()


def test_an_old_site_survives_a_build_that_errors_end(tmp_path):
    folder = write(tmp_path, CONFIGURED)
    assert build(folder).code == 0
    write(folder, {"incidents/INC-2025-0001/incident.md": INCIDENT.replace("severity: SEV2\n", "")})
    done = build(folder)
    assert done.code == 1
    assert (done.site / PAGE_OF_INCIDENT).is_file()


def test_warnings_count_under_strict_and_only_there(tmp_path):
    folder = write(tmp_path, FILES)
    done = build(folder)
    assert done.code == 0
    assert re.search(
        r"WARNING -  incident: .+: warning [A-Z]+\d+ .+\[runbook-not-updated\]", done.log
    )
    assert build(folder, "--strict").code == 1


def test_notes_are_logged_and_never_count(small_site):
    assert re.search(r"INFO +-  incident: .+: note ACT\d+ .+\[action-overdue\]", small_site.log)


def test_on_findings_warn_publishes_with_the_findings_on_the_page(tmp_path):
    done = build(write(tmp_path, {**BROKEN, "mkdocs.yml": options("on_findings: warn")}))
    assert done.code == 0, done.log
    assert re.search(r"WARNING -  incident: .+ error .+`SEV9`", done.log)
    assert "ERROR" not in done.log
    words = done.text(PAGE_OF_INCIDENT)
    assert "1 finding in this record" in words
    assert "SEV9 is not one of" in words
    assert "finding" not in done.text("runbooks/orders/index.html")


def test_on_findings_ignore_says_nothing(tmp_path):
    done = build(
        write(tmp_path, {**BROKEN, "mkdocs.yml": options("on_findings: ignore")}), "--strict"
    )
    assert done.code == 0, done.log
    assert "SEV9" not in done.log
    assert "inc-findings" not in done.page(PAGE_OF_INCIDENT)


def test_a_wrong_policy_ends_the_build_with_its_places(tmp_path):
    files = {**FILES, "incident.yml": "severity: sev1-sev4\nsource: [incidents]\n"}
    done = build(write(tmp_path, files))
    assert done.code == 1
    assert "ERROR   -  incident: incident.yml:2:1: error" in done.log
    assert "incident: the configuration has 1 error, nothing was built" in done.log


def test_an_unknown_rule_in_the_policy_ends_the_build_with_its_place(tmp_path):
    done = build(write(tmp_path, {**FILES, "incident.yml": "rules:\n  no-such-rule: off\n"}))
    assert done.code == 1
    assert "incident.yml:2:3: error SCH005 Rule `no-such-rule` does not exist" in done.log


def test_the_policy_may_stand_elsewhere(tmp_path):
    kb = {f"kb/{p}" if p.startswith(("inc", "run")) else p: t for p, t in CONFIGURED.items()}
    kb["mkdocs.yml"] = options("config: kb/incident.yml")
    done = build(write(tmp_path, kb), "--strict")
    assert done.code == 0, done.log
    assert (done.site / PAGE_OF_INCIDENT).is_file()


@pytest.mark.parametrize(
    "content",
    [
        b"---\nid: [\n---\n\n# Broken\n",
        b"---\nid: INC-2025-0002\n",
        b"\xff\xfe\x00bad",
        b"just text\n",
        b"---\n- a\n---\n",
        b"",
    ],
)
def test_a_file_that_is_no_record_is_published_with_its_findings(tmp_path, content):
    files = {**CONFIGURED, "incidents/INC-2025-0002.md": content}
    done = build(write(tmp_path, {**files, "mkdocs.yml": options("on_findings: warn")}))
    assert done.code == 0, done.log
    assert "in this record" in done.text("incidents/INC-2025-0002/index.html")
