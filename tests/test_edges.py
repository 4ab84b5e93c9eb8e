"""Records at the edges: unfilled templates, the calendar's ends, links and names that lead astray."""

import subprocess

import pytest
from click.testing import CliRunner

from mkdocs_incident.cli.commands import cli

INCIDENT = """\
---
id: INC-2025-0001
severity: SEV2
status: {status}
incident_commander: {commander}
services: [payments-api]
---
# INC-2025-0001: Card payments are failing

**Date:** {date}

## Timeline (UTC)

- 14:23 — alert fires
- 15:47 — resolved
"""
REVIEW = """
## Root cause

The pool size was read from the wrong variable.

## Action items

- [ ] {action} (@payments-team, due 2025-06-22)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "incidents/INC-2025-0001").mkdir(parents=True)
    (tmp_path / "runbooks").mkdir()
    return tmp_path


def write(
    folder, *, status="closed", commander='"@payments-lead"', date="2025-06-15", action="Cap it"
):
    text = INCIDENT.format(status=status, commander=commander, date=date)
    record = folder / "incidents/INC-2025-0001/incident.md"
    record.write_text(text + REVIEW.format(action=action), "utf-8")


def run(*arguments):
    return CliRunner(catch_exceptions=False).invoke(cli, arguments)


@pytest.mark.parametrize(
    "name", ["TBC", "nobody", '"@"', '"@tbd"', '"[Name]"', '"<handle>"', '"{name}"']
)
def test_a_commander_that_a_template_left_open_is_missing(folder, name):
    write(folder, commander=name)
    assert "INC002" in run("check", "--as-of", "2025-06-16").output


@pytest.mark.parametrize("action", ["<Preventive action 1>", "[Action 1]", "{action}"])
def test_an_action_that_a_template_left_open_prevents_nothing(folder, action):
    write(folder, action=action)
    assert "PM001" in run("check", "--as-of", "2025-06-16").output


@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01"])
def test_the_ends_of_the_calendar_are_days_like_others(folder, date):
    write(folder, date=date)
    assert run("check", "--as-of", "2025-06-16").exit_code == 0


def test_an_instant_before_the_first_day_in_utc_is_no_crash(folder):
    write(folder)
    record = folder / "incidents/INC-2025-0001/incident.md"
    text = record.read_text("utf-8")
    record.write_text(
        text.replace("services:", 'started_at: "0001-01-01T00:00+14:00"\nservices:'), "utf-8"
    )
    assert run("check", "--as-of", "2025-06-16").exit_code in {0, 1}


def test_a_link_that_leads_out_of_the_repository_is_not_read(folder, tmp_path_factory):
    write(folder)
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.md"
    secret.write_text("a secret", "utf-8")
    (folder / "incidents/notes.md").symlink_to(secret)
    result = run("check", "--as-of", "2025-06-16")
    assert "incidents/notes.md:1:1: error SRC007" in result.output
    assert "a secret" not in result.output


def test_a_policy_that_cannot_be_opened_is_not_passed_over(folder):
    write(folder)
    (folder / "incident.yml").symlink_to("nowhere.yml")
    assert run("check").exit_code == 2


@pytest.mark.parametrize("name", ["pay\tments.md", 'pay"ments.md', "pay ments.md"])
def test_the_patch_takes_names_that_git_quotes(folder, name):
    write(folder)
    runbook = folder / "runbooks" / name
    runbook.write_text("---\nid: RB-payments-api\ntitle: Payments\n---\n# Payments\n", "utf-8")
    patch = run("runbook-updates", "--patch").output
    subprocess.run(["git", "init", "--quiet"], check=True)
    subprocess.run(["git", "apply"], input=patch.encode(), check=True)
    assert "services: [payments-api]" in runbook.read_text("utf-8")
    assert run("runbook-updates", "--patch").output == ""


def test_a_draft_takes_no_name_that_exists(folder):
    write(folder)
    (folder / "incident.yml").write_text('exclude: ["runbooks/*"]\n', "utf-8")
    (folder / "runbooks/payments-api.md").write_text("not a record\n", "utf-8")
    assert "+++ b/runbooks/payments-api-2.md" in run("runbook-updates", "--patch").output
