"""Rule files of Prometheus: what they may hold, where they may lie, what can't be read."""

import os
import time

import pytest

from mkdocs_incident.source.front_matter import MAX_VALUES

RUNBOOK = """\
---
kind: runbook
id: RB-payments-api
title: Payments API is failing
owner: "@payments-team"
alerts: [PaymentsDown]
---

## Diagnosis

- Compare the size of the pool with the traffic
"""
POLICY = 'sources: [ops]\nalert_rules: ["monitoring/*.yml"]\n'
FILES = {"incident.yml": POLICY, "ops/runbooks/payments/api.md": RUNBOOK}


def rule_file(*rules):
    return "groups:\n  - name: payments\n    rules:\n" + "".join(f"      - {r}\n" for r in rules)


def linked(name, url):
    return f'{{alert: {name}, annotations: {{runbook_url: "{url}"}}}}'


@pytest.fixture
def said(write, run):
    """Return the first lines of what is found where these are the rules of a file."""

    def said(text):
        write({**FILES, "monitoring/payments.yml": text})
        lines = run("check", "--as-of", "2025-06-16").stdout.splitlines()
        return [line for line in lines if line.startswith(("monitoring/", "ops/"))]

    return said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("groups: 5\n", "1:9: error SCH004 `groups` is a number, expected a list [wrong-type]"),
        ("spec: yes\n", "1:7: error SCH004 `spec` is text, expected a mapping [wrong-type]"),
        (
            rule_file("{alert: [PaymentsDown]}"),
            "4:17: error SCH004 `alert` is a list, expected text [wrong-type]",
        ),
        (
            rule_file("PaymentsDown"),
            "4:9: error SCH004 An entry of `rules` is text, expected a mapping [wrong-type]",
        ),
        (
            rule_file("{alert: PaymentsDown, annotations: {runbook_url: false}}"),
            "4:58: error SCH004 `runbook_url` is true or false, expected text [wrong-type]",
        ),
        (b"\xff\xfeg\0", "1:1: error SRC006 File is UTF-16, expected UTF-8 [undecodable-file]"),
    ],
)
def test_what_cannot_be_read_is_one_finding_at_its_place(text, found, said):
    assert said(text) == [f"monitoring/payments.yml:{found}"]


@pytest.mark.parametrize("text", ["", "groups:\n", "groups: [{name: payments}]\n", "scrape: {}\n"])
def test_a_file_without_alerts_has_none(text, said):
    (only,) = said(text)
    assert only.endswith("Alert `PaymentsDown` is in no rule file [unknown-alert]")


LEADS = [
    "https://git.parcels.example/ops/blob/main/ops/runbooks/payments/api.md",
    "https://docs.parcels.example/runbooks/payments/api/",
    "https://docs.parcels.example/kb/payments/api.html",
]


@pytest.mark.parametrize("url", LEADS)
def test_a_url_that_leads_to_a_runbook_shows_where_they_are_published(url, said):
    gone = url.replace("/api", "/pool")
    (only,) = said(rule_file(linked("PaymentsDown", url), linked("PoolEmpty", gone)))
    assert only.endswith(
        "Alert `PoolEmpty` leads to the runbook `ops/runbooks/payments/pool`, "
        "which does not exist [dangling-runbook-url]"
    )
    assert said(rule_file(linked("PaymentsDown", gone))) == []


def test_what_lies_beside_the_source_is_elsewhere(said, write, run):
    site = "https://docs.parcels.example/ops"
    rules = (
        linked("PaymentsDown", f"{site}/runbooks/payments/api/"),
        linked("PaymentsDown", f"{site}/status/"),
    )
    assert len(said(rule_file(*rules))) == 1
    write({"incident.yml": POLICY.replace("[ops]", "[ops/runbooks]")})
    assert run("check").stdout == "No findings in 1 record\n"


@pytest.mark.parametrize(
    "url", ["http://[::1", "mailto:ops@parcels.example", "runbooks/%00", "#", "/"]
)
def test_any_url_is_taken(url, said):
    (only,) = said(rule_file("alert: PaymentsDown", linked("PoolEmpty", url)))
    assert "Alert `PoolEmpty` leads to no runbook here" in only


def test_a_link_that_leads_out_of_the_repository_is_a_mistake(tmp_path, write, run):
    repository = tmp_path / "repository"
    write({f"repository/{path}": text for path, text in FILES.items()})
    write({"elsewhere.yml": rule_file("alert: PoolEmpty"), "repository/monitoring/a.yml": ""})
    (repository / "monitoring/link.yml").symlink_to(tmp_path / "elsewhere.yml")
    result = run("check", folder=repository)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Path `monitoring/*.yml` leads out of this file's folder" in result.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_a_finding(tmp_path, write, run):
    write({**FILES, "monitoring/payments.yml": rule_file("alert: PaymentsDown")})
    (tmp_path / "monitoring/payments.yml").chmod(0)
    result = run("check")
    assert result.exit_code == 1
    assert "`monitoring/payments.yml` can't be read: permission denied" in result.stdout
    assert "hint: Make it a readable file, or take it out of `alert_rules`" in result.stdout


# How much is read

RULE = """\
      - alert: Alert{i}
        expr: rate(failed_total{{job="payments-api"}}[5m]) > {i}
        for: 10m
        labels: {labels}
        annotations:
          summary: Payments fail
          runbook_url: https://docs.parcels.example/runbooks/payments/api/
"""


@pytest.mark.parametrize("others", ["{severity: page, team: payments}", "*labels"])
def test_a_file_of_thousands_of_rules_is_read_to_its_end(others, said):
    """With aliases, too: each stands for nine values, 27,000 in all."""
    first = "&labels {severity: page, team: payments, region: all, tier: 1}"
    rules = "".join(RULE.format(i=i, labels=others if i else first) for i in range(3000))
    gone = linked("Last", "https://docs.parcels.example/runbooks/payments/pool/")
    (dangling, unknown) = said(f"groups:\n  - name: payments\n    rules:\n{rules}      - {gone}\n")
    assert "Alert `Last` leads to the runbook" in dangling
    assert unknown.endswith("Alert `PaymentsDown` is in no rule file [unknown-alert]")


BOMB = "groups: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 60)
)


@pytest.mark.parametrize("text", [BOMB, "groups: &a [*a]\n"], ids=["nested", "of itself"])
def test_a_bomb_of_aliases_is_refused_at_once(text, said):
    start = time.process_time()
    (only,) = said(text)
    assert only == (
        "monitoring/payments.yml:1:1: error SRC009 Aliases expand to more than 20,000 values "
        "[alias-bomb]"
    )
    assert time.process_time() - start < 5


def test_too_many_values_are_refused(said):
    (only,) = said("groups: []\nnames:\n" + "- a\n" * MAX_VALUES)
    assert only == (
        "monitoring/payments.yml:1:1: error SRC008 YAML has 200,005 values, the limit is 200,000 "
        "[oversized-file]"
    )


def test_the_limit_of_the_policy_counts_for_rule_files(write, run):
    record = FILES["ops/runbooks/payments/api.md"]
    text = rule_file("alert: PaymentsDown", "alert: PoolEmpty") + "#" * len(record)
    write({**FILES, "monitoring/payments.yml": text})
    write({"incident.yml": f"{POLICY}max_file_size: {len(record)}\n"})
    assert run("check", "--as-of", "2025-06-16").stdout == (
        f"monitoring/payments.yml:1:1: error SRC008 File has {len(text)} bytes, the limit is "
        f"{len(record)} [oversized-file]\n"
        "  hint: Split the file, or raise `max_file_size` in incident.yml\n\n"
        "1 error in 1 record\n"
    )
    write({"incident.yml": f"{POLICY}max_file_size: {len(text)}\n"})
    assert "oversized-file" not in run("check").stdout
