"""The formats that CI systems and reviewers read, through the command, against whole files."""

import json
import re
import shutil
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from mkdocs_incident.diagnostic import Diagnostic, Level, Location
from mkdocs_incident.reporters import REPORTERS
from mkdocs_incident.reporters.report import Owed, Report
from mkdocs_incident.reporters.text import visible

HERE = Path(__file__).parent / "reports"
EXPECTED = {
    "gitlab": "gl-code-quality-report.json",
    "junit": "junit.xml",
    "markdown": "comment.md",
}
RULES = "missing-severity,timeline-out-of-order,action-without-owner,action-overdue,postmortem-overdue,broken-link"
PATH = "incidents/INC-2025-0142/incident.md"
EMPTY = Report(diagnostics=(), records=1, sources={}, rules=(), paths=(PATH,))


@pytest.fixture
def report(tmp_path, run):
    """Print the sample records in a format: ``report("junit", "incidents/…")``."""
    records = tmp_path / "records"
    shutil.copytree(HERE / "records", records)

    def report(name, *arguments):
        given = ("--as-of", "2025-07-02", "--select", RULES, "--format", name, *arguments)
        return run("check", *given, folder=records)

    return report


def finding(level, message, *, name="x", line=1, path=PATH, hint=""):
    return Diagnostic(Location(path, line, 1, line, 2), "X001", name, level, message, hint)


def printed(name, *diagnostics, **changes):
    return REPORTERS[name](replace(EMPTY, diagnostics=diagnostics, **changes))


@pytest.mark.parametrize("name", EXPECTED)
def test_report(name, report, update):
    result = report(name)
    expected = HERE / EXPECTED[name]
    if update:
        expected.write_text(result.output, "utf-8")
    assert result.output == expected.read_text("utf-8")
    assert result.exit_code == 1


# GitLab Code Quality


def test_gitlab_without_findings():
    assert json.loads(printed("gitlab")) == []


def test_gitlab_fingerprints_are_unique_and_stay_when_lines_move():
    def fingerprints(*diagnostics):
        return [issue["fingerprint"] for issue in json.loads(printed("gitlab", *diagnostics))]

    here, there = (finding(Level.ERROR, "m", line=line) for line in (3, 9))
    assert fingerprints(here) == fingerprints(there)
    assert len(set(fingerprints(here, there, finding(Level.ERROR, "n")))) == 3


def test_gitlab_has_a_severity_that_gitlab_knows_for_each_level():
    issues = json.loads(printed("gitlab", *[finding(level, "m") for level in Level]))
    severities = [issue["severity"] for issue in issues]
    assert len(set(severities)) == len(Level)
    assert set(severities) <= {"info", "minor", "major", "critical", "blocker"}


def test_gitlab_and_sarif_share_the_fingerprint(report):
    issues = json.loads(report("gitlab").output)
    results = json.loads(report("sarif").output)["runs"][0]["results"]
    assert [issue["fingerprint"] for issue in issues] == [
        result["partialFingerprints"]["mkdocsIncident/v1"] for result in results
    ]


# JUnit


def suite_of(written):
    """The suite of a report, after what every reader relies on."""
    root = ET.fromstring(written.encode())  # noqa: S314 - written by the test itself
    [suite] = root
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    assert int(suite.get("tests")) == len(suite)
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
    for case in suite:
        assert case.tag == "testcase"
        assert {"classname", "name", "file"} == set(case.keys())
        children = [child.tag for child in case]
        assert children in ([], ["failure"], ["system-out"], ["failure", "system-out"])
        for failure in case.findall("failure"):
            assert {"type", "message"} == set(failure.keys())
            assert failure.text
    return suite


def test_junit_has_a_case_for_every_record(report):
    suite = suite_of(report("junit").output)
    assert [case.get("name") for case in suite] == [
        "incidents/INC-2025-0142/incident.md",
        "incidents/INC-2025-0142/postmortem.md",
        "incidents/INC-2025-0150/incident.md",
        "runbooks/checkout.md",
    ]


def test_junit_has_a_case_for_the_paths_asked_for(report):
    suite = suite_of(report("junit", "runbooks").output)
    assert [case.get("name") for case in suite] == ["runbooks/checkout.md"]


def test_junit_has_a_case_for_a_file_that_is_no_record():
    suite = suite_of(printed("junit", finding(Level.ERROR, "m", path="incident.yml")))
    assert [(case.get("name"), len(case)) for case in suite] == [(PATH, 0), ("incident.yml", 1)]


@pytest.mark.parametrize(("level", "failures"), [("error", 1), ("warning", 1), ("note", 0)])
def test_junit_fails_on_errors_and_warnings(level, failures):
    suite = suite_of(printed("junit", finding(Level.parse(level), "m")))
    assert suite.get("failures") == str(failures)
    assert len(suite[0]) == 1


def test_junit_names_the_gravest_finding_and_tells_all():
    suite = suite_of(
        printed(
            "junit",
            finding(Level.WARNING, "first", name="a"),
            finding(Level.ERROR, "second", name="b", line=2),
        )
    )
    [failure] = suite.findall("testcase/failure")
    assert failure.attrib == {"type": "b", "message": "second; 1 more finding below"}
    assert failure.text == f"{PATH}:1:1: warning X001 first [a]\n{PATH}:2:1: error X001 second [b]"


def test_junit_attaches_no_file_that_a_record_names():
    written = printed("junit", finding(Level.NOTE, "[[ATTACHMENT|/etc/hosts]]"))
    assert "[[ATTACHMENT" not in written


# Markdown


def read(written):
    """What a reader sees of Markdown: text, code and HTML tags as (kind, text)."""
    parser = MarkdownIt("commonmark").enable("table")
    seen = []
    for token in parser.parse(written):
        if token.type == "html_block":
            seen += [("tag", tag) for tag in re.findall(r"<[^>]*>", token.content)]
        for child in token.children or ():
            if child.type == "text":
                seen.append(("text", child.content))
            elif child.type == "code_inline":
                seen.append(("code", child.content))
            elif child.type == "html_inline":
                seen.append(("tag", child.content))
            else:
                assert child.type in {"softbreak", "strong_open", "strong_close"}, child
    return seen


def test_markdown_without_findings():
    assert printed("markdown") == "## Incident records: no findings\n\nNo findings in 1 record\n"


@pytest.mark.parametrize(
    ("levels", "fail_on", "verdict"),
    [
        (("error",), "error", "1 error blocks the merge"),
        (("error", "error", "note"), "error", "2 errors block the merge"),
        (("warning", "note"), "error", "nothing blocks the merge"),
        (("warning", "note"), "warning", "1 finding blocks the merge"),
        (("error", "warning", "note"), "note", "3 findings block the merge"),
    ],
)
def test_markdown_verdict(levels, fail_on, verdict):
    diagnostics = [finding(Level.parse(level), "m", line=i) for i, level in enumerate(levels)]
    written = printed("markdown", *diagnostics, fail_on=Level.parse(fail_on))
    assert written.startswith(f"## Incident records: {verdict}\n")
    assert ("### Blocks the merge" in written) is ("nothing" not in verdict)


def test_markdown_verdict_follows_the_command(report):
    assert "5 findings block the merge" in report("markdown", "--fail-on", "warning").output


@pytest.mark.parametrize(("count", "is_folded"), [(10, False), (11, True)])
def test_markdown_folds_more_than_ten_warnings(count, is_folded):
    written = printed("markdown", *[finding(Level.WARNING, f"m{i}") for i in range(count)])
    assert ("<summary>Worth a look (11)</summary>" in written) is is_folded
    assert ("### Worth a look" in written) is not is_folded


def test_markdown_owed_is_that_of_the_paths(report):
    shown = report("markdown", "incidents/INC-2025-0150").output
    assert "| `@label-lead` | Postmortem of INC-2025-0150 |" in shown
    assert "INC-2025-0142" not in shown
    assert "Who owes what" not in report("markdown", "runbooks").output


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("`SEV9` is no level", "`SEV9` is no level"),
        ("a lone ` backtick", "a lone \\` backtick"),
        ("`a` and ` b", "`a` and \\` b"),
        ("`` is empty", "\\`\\` is empty"),
        ("@payments-team, @org/team: now", "`@payments-team`, `@org/team:` now"),
        ("ask a.person@example.org", "ask `a.person@example.org`"),
        ("see #12, org/repo#3 and GH-4", "see `#12`, `org/repo#3` and `GH-4`"),
        ("at https://example.org/a_b or www.x.org", "at `https://example.org/a_b` or `www.x.org`"),
        ("<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"),
        ("![x](y.png) [z](javascript:1)", "!\\[x\\](y.png) \\[z\\](javascript:1)"),
        ("snake_case *b* ~~c~~ \\", "snake\\_case \\*b\\* \\~\\~c\\~\\~ \\\\"),
        ("$1 and $2", "<span>$</span>1 and <span>$</span>2"),
        ("`a|b` | c", "<code>a&#124;b</code> &#124; c"),
        ("two\nlines\r\n x", "two␊lines␍␊ x"),
    ],
)
def test_markdown_keeps_what_a_record_says_inert(written, shown):
    item = printed("markdown", finding(Level.ERROR, written)).splitlines()[-1]
    assert item == f"- `{PATH}:1` {shown} (`x`)"


ANYTHING = st.text(st.characters(exclude_categories=()))
LIVELY = st.text(st.sampled_from("`|\\@#<>[]()!*_~&;$ \n.:/-aw1")) | ANYTHING
TAGS = {"<br>", "<code>", "</code>", "<span>", "</span>", "<details>", "</details>", "<summary>",
        "</summary>"}  # fmt: skip
OWED = st.tuples(st.none() | LIVELY, LIVELY, st.none() | st.dates(), LIVELY, st.booleans()).map(
    lambda told: Owed(*told)
)


def letters(value):
    return re.sub(r"[\s`]", "", visible(value))


@given(LIVELY, LIVELY, st.lists(OWED, max_size=2))
def test_markdown_shows_anything_and_obeys_nothing(message, hint, owed):
    diagnostic = finding(Level.ERROR, message, hint=hint)
    written = printed("markdown", diagnostic, owed=owed)
    seen = read(written)
    assert {text for kind, text in seen if kind == "tag"} <= TAGS
    depth, shown = 0, ""
    for kind, text in seen:
        if kind == "tag":
            depth += {"<code>": 1, "</code>": -1}.get(text, 0)
            continue
        shown += text
        if kind == "text" and not depth:
            assert not re.search(r"@|#\w|://|www\.|\bGH-\d", text, re.IGNORECASE)
    assert letters(message) in letters(shown)
    assert letters(hint) in letters(shown)
    rows = [token for token in MarkdownIt("commonmark").enable("table").parse(written)
            if token.type in {"tr_open", "td_open"}]  # fmt: skip
    assert len(rows) == (1 + 5 * len(owed) if owed else 0)


def test_markdown_puts_what_is_late_first():
    owed = [
        Owed("@a", "on time", date(2025, 1, 1), PATH, is_late=False),
        Owed(None, "some day", None, PATH, is_late=False),
        Owed("@b", "late", date(2025, 6, 1), PATH, is_late=True),
    ]
    rows = printed("markdown", owed=owed).splitlines()[-3:]
    assert rows == [
        f"| `@b` | late | **overdue** since 2025-06-01 | `{PATH}` |",
        f"| `@a` | on time | 2025-01-01 | `{PATH}` |",
        f"| nobody | some day | no date | `{PATH}` |",
    ]


@pytest.mark.parametrize("size", [20, 60, 2_000, 100_000])
def test_markdown_is_cut_to_what_github_takes(size):
    long = "x" * size
    diagnostics = [finding(level, long, line=i) for level in Level for i in range(3000)]
    owed = [Owed("@a", f"owed {i}", date(2025, 6, 1), PATH, is_late=True) for i in range(3000)]
    written = printed("markdown", *diagnostics, owed=owed)
    assert len(written) < 65_536
    hidden = [
        int(n.replace(",", "")) for n in re.findall(r"^and ([\d,]+) more", written, re.MULTILINE)
    ]
    shown = len(re.findall(r"^- |^\| `@a`", written, re.MULTILINE))
    assert shown + sum(hidden) == 12_000
    for title in ("Blocks the merge", "Worth a look", "Who owes what by when", "3,000 notes"):
        assert title in written
    assert written.count("<details>") == written.count("</details>") == 3


# Whatever a record says


@given(ANYTHING, ANYTHING, ANYTHING)
def test_junit_is_xml_whatever_a_record_says(path, name, message):
    diagnostics = [finding(level, message, name=name, path=path, hint=message) for level in Level]
    suite_of(printed("junit", *diagnostics, paths=(path,)))


@given(ANYTHING)
def test_gitlab_prints_anything(message):
    [issue] = json.loads(printed("gitlab", finding(Level.ERROR, message, path=message)))
    assert issue["description"] == message


LIVE = """\
---
id: INC-2025-0142
title: Payments are failing
severity: SEV1
status: investigating
incident_commander: "@payments-lead"
---

## Timeline (UTC)

- 2025-06-15 14:23 — alert fires

## Action items

- [ ] Refuse a pool below ten connections (@payments-team, due 2025-06-10)
- [ ] Alert at 80 % of the pool (@payments-team, due 2025-06-12)
"""


def test_fingerprints_stay_while_days_pass(write, run):
    """A finding of the clock is the same tomorrow, or every merge request would show it as new."""
    write({PATH: LIVE})

    def seen(moment):
        told = run(
            "check", "--as-of", moment, "--select", "INC011,ACT004,COM", "--format", "gitlab"
        )
        return [issue["fingerprint"] for issue in json.loads(told.output)]

    first = seen("2025-06-15T17:00Z")
    assert len(first) == len(set(first)) >= 4
    for moment in ("2025-06-15T17:31Z", "2025-06-16", "2025-06-18T11:30Z", "2025-08-01"):
        assert set(seen(moment)) == set(first), moment
