"""New postmortems and runbooks, templates of a project's own, and the editor that is opened on what is new."""

import os
import subprocess
import sys

import pytest
from authoring_support import FILES, INCIDENT, LIVE, OLD, PATH, POLICY, errors, same_as
from new_support import AT, KNOWN, files


def test_a_postmortem_leads_to_what_the_incident_says(repository, write, update):
    run, text = repository
    used = "runbooks: [{id: RB-payments-api, verdict: helped}]\nmitigations:"
    resolved = LIVE.replace("mitigating", "resolved").replace("mitigations:", used)
    timeline, _, _ = resolved.partition("\n## Root")
    write({PATH: f"{timeline}- 2025-06-15 15:40 — Resolved\n"})
    done = run("new", "postmortem", "INC-2025-0142", "--author", "@sre-lead")
    assert done.exit_code == 0, done.output
    path = PATH.replace("incident.md", "postmortem.md")
    same_as("postmortem.md", text(path), update)
    assert not errors(run, path)
    for said in ("14:23", "4200", "@payments-team", "Restart"):
        assert said not in text(path)


def test_a_postmortem_may_cover_several_incidents(repository, write):
    run, text = repository
    write({PATH: LIVE})
    assert run("new", "postmortem", "INC-2025-0142", "INC-2025-0141").exit_code == 0
    review = text(PATH.replace("incident.md", "postmortem.md"))
    assert "incidents: [INC-2025-0142, INC-2025-0141]\n" in review
    assert "[INC-2025-0141](../INC-2025-0141/incident.md)" in review
    again = run("new", "postmortem", "INC-2025-0141")
    assert again.exit_code == 2
    assert "has a postmortem" in again.stderr


def test_a_postmortem_of_a_single_file_stands_beside_it(write, run):
    write({"incidents/INC-2025-0141-labels.md": INCIDENT})
    done = run("new", "postmortem", "INC-2025-0141")
    assert done.stdout.splitlines()[0] == "incidents/INC-2025-0141-labels-postmortem.md"
    assert not errors(run)


@pytest.mark.parametrize("subject", ["checkout", "OrdersLost"])
def test_a_runbook_for_a_service_or_an_alert(repository, write, subject, update):
    run, text = repository
    rules = "groups: [{name: g, rules: [{alert: OrdersLost, expr: up}]}]"
    write({"incident.yml": f"alert_rules: [rules.yml]\n{POLICY}", "rules.yml": rules})
    done = run("new", "runbook", "--for", subject)
    assert done.exit_code == 0, done.output
    path = f"runbooks/{subject.lower()}.md"
    assert done.stdout.splitlines()[0] == path
    same_as(f"runbook-for-{subject}.md", text(path), update)
    assert not errors(run, path)


@pytest.mark.parametrize(
    ("subject", "said"),
    [("payments-api", "`RB-payments-api` exists"), ("chekout", "Did you mean `checkout`?")],
)
def test_a_runbook_that_exists_or_is_for_nothing_is_refused(repository, tmp_path, subject, said):
    run, _ = repository
    before = files(tmp_path)
    done = run("new", "runbook", "--for", subject)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert files(tmp_path) == before


def test_nothing_is_written_over(repository, write):
    """A file that the policy excludes is no record, and still somebody's."""
    run, text = repository
    path = PATH.replace("incident.md", "postmortem.md")
    write({"incident.yml": f'exclude: ["**/postmortem.md"]\n{POLICY}', PATH: LIVE, path: "mine\n"})
    done = run("new", "postmortem", "INC-2025-0142")
    assert done.exit_code == 1
    assert f"`{path}` exists already" in done.stderr
    assert text(path) == "mine\n"


# Templates and editors


def test_a_project_has_templates_of_its_own(repository, write):
    run, text = repository
    write({".incident/templates/runbook.md":
           "---\nid: {{ id }}\ntitle: {{ title | yaml }}\nstatus: draft\n---\n\n## Diagnose\n"})  # fmt: skip
    assert run("new", "runbook", "--for", "checkout", "--title", "Kasse: was tun?").exit_code == 0
    assert text("runbooks/checkout.md") == (
        '---\nid: RB-checkout\ntitle: "Kasse: was tun?"\nstatus: draft\n---\n\n## Diagnose\n'
    )


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("---\nid: {{ id }}\n{% if %}\n", ".incident/templates/runbook.md:3:1: "),
        ("---\nid: {{ id }}\n\ntitle: {{ nobody }}\n", ".incident/templates/runbook.md:4:1: "),
        ("{{ ().__class__.__base__.__subclasses__() }}", "unsafe"),
        (b"\xff", "can't be used"),
        ("---\nid: {{ id }}\nkind: runbook\n---\n", "Nothing is written. Correct the template"),
    ],
)
def test_a_template_that_is_wrong_is_named_with_its_line(
    repository, write, tmp_path, template, said
):
    run, _ = repository
    write({".incident/templates/runbook.md": template})
    before = files(tmp_path)
    done = run("new", "runbook", "--for", "checkout")
    assert done.exit_code == 1
    assert said in done.stderr
    assert files(tmp_path) == before


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_editor_is_opened_only_on_request(write, tmp_path, command):
    write({**FILES, "editor": '#!/bin/sh\necho edited >> "$1"\n'})
    (tmp_path / "editor").chmod(0o755)
    environment = {**os.environ, "EDITOR": str(tmp_path / "editor"), "VISUAL": ""}
    for more in ((), ("--edit",)):
        done = subprocess.run(
            [command, "new", "incident", *KNOWN, *AT, *more],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        text = (tmp_path / done.stdout.splitlines()[0]).read_text("utf-8")
        assert text.endswith("edited\n") is bool(more)


def test_the_old_records_are_never_touched(repository):
    run, text = repository
    run("new", "incident", *KNOWN, *AT)
    assert text(OLD) == INCIDENT
