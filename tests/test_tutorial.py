"""The tutorial is true: whoever types it, from the alert to the postmortem, gets what it shows."""

import re
import shlex
from pathlib import Path

import pytest
from site_support import build

TUTORIAL = Path(__file__).resolve().parent.parent / "docs/guide/tutorial.md"
BLOCK = re.compile(
    r'^```(?P<kind>\w+)(?: title="(?P<path>[^"]+)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL
)


def sessions(text):
    """Yield each command of a console, with the lines that it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def matches(shown, printed):
    """Whether output is what is shown; a line of `…` at the end stands for all that follows."""
    if shown.endswith("…\n"):
        return printed.startswith(shown.removesuffix("…\n"))
    return shown == printed


@pytest.fixture
def typed(tmp_path, run):
    """A folder in which all of it was typed, and how many commands that were."""
    count = 0
    for block in BLOCK.finditer(TUTORIAL.read_text("utf-8")):
        if block["path"]:
            target = tmp_path / block["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block["text"], "utf-8")
            continue
        assert block["kind"] == "console"
        for command, shown in sessions(block["text"]):
            program, *arguments = shlex.split(command)
            if program == "mkdocs":
                done = build(tmp_path)
                assert done.code == 0, done.log
                continue
            result = run(*arguments)
            assert result.exit_code == 0, result.output
            assert matches(shown, result.output), f"{command}\n{result.output}"
            count += 1
    return tmp_path, count


def test_an_evening_from_the_alert_to_the_postmortem(typed, run):
    folder, count = typed
    assert count > 20
    done = run("check", "--as-of", "2025-11-17", "--fail-on", "note")
    assert done.output == "No findings in 4 records\n"
    plan = (folder / "incidents/INC-2025-0001/mitigation-plan.md").read_text("utf-8")
    assert "status: executed\n" in plan
    review = (folder / "incidents/INC-2025-0001/postmortem.md").read_text("utf-8")
    assert "status: final\n" in review
    assert "- [x] AI-2" in review
    runbook = (folder / "runbooks/label-service.md").read_text("utf-8")
    assert "learned_from: [INC-2025-0001]\n" in runbook
    assert "Look for the oldest job and its driver" in runbook
    page = (folder / "site/incidents/INC-2025-0001/incident/index.html").read_text("utf-8")
    assert "Timeline of the response, to scale" in page
    assert (folder / "site/knowledge-base/action-items/index.html").exists()
