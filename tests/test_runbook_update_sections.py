"""A review's section `Runbook update: …`, in the forms people write it: nothing of it is lost."""

import pytest
from runbook_support import AS_OF, READ_WELL, incident, postmortem, runbook

BOLD = """\
**Symptoms**

- Checkout waits for a connection

**Diagnosis**

- Compare the size of the pool with the last release

**Mitigation**

1. Roll the release back

**Escalation**

- Call @database-oncall after 10 minutes
"""
WITH_COLONS = BOLD.replace("**\n", ":**\n")
HEADINGS = BOLD.replace("**\n", "\n").replace("**", "### ")
BULLETS = """\
- **Symptoms:** Checkout waits for a connection
- **Diagnosis:** Compare the size of the pool with the last release
- **Mitigation**
  1. Roll the release back
- **Escalation**: Call @database-oncall after 10 minutes
"""

ADDED = {
    "symptoms": "Checkout waits for a connection",
    "diagnosis": "Compare the size of the pool with the last release",
    "mitigation": "Roll the release back",
    "escalation": "Call @database-oncall after 10 minutes",
}


def section(body):
    return f"\n## Runbook update: RB-checkout\n\n{body}"


def shown(run):
    """What is read as the update, without places, a text and a list of one alike."""
    lines = run("show", "incidents/INC-2025-0142/postmortem.md").output.splitlines()
    found, name = {}, ""
    for line in lines[lines.index(next(x for x in lines if "runbook_updates:" in x)) + 2 :]:
        text = line.strip().rpartition("  [")[0] or line.strip()
        if not line.startswith("      "):
            break
        if line.startswith("        - "):
            found[name] = [*found.get(name, []), text.removeprefix("- ")]
        else:
            name, _, value = text.partition(":")
            found |= {name: [value.strip()]} if value else {}
    return found


@pytest.mark.parametrize(
    "body", [BOLD, WITH_COLONS, HEADINGS, BULLETS], ids=["bold", "colons", "headings", "bullets"]
)
def test_labels_of_any_form(body, tmp_path, run, write):
    write({**incident(), **postmortem(actions=section(body)), **runbook()})
    assert shown(run) == {
        "runbook": ["RB-checkout"],
        **{name: [text] for name, text in ADDED.items()},
    }
    assert run("runbook-updates", "--apply").exit_code == 0
    edited = (tmp_path / "runbooks/checkout.md").read_text("utf-8")
    assert "1. Restart the workers\n2. Enlarge the pool\n3. Roll the release back\n" in edited
    assert "- Call @payments-lead\n- Call @database-oncall after 10 minutes\n" in edited
    assert "## Symptoms\n\n- Checkout waits for a connection\n" in edited
    assert (run("check", *AS_OF, "--select", READ_WELL, "--fail-on", "warning")).exit_code == 0


def test_what_the_tool_wrote_is_read_again(tmp_path, run, write):
    """A scenario's section in a runbook has the labels that a review's section may have."""
    more = "runbook_updates:\n  - runbook: RB-checkout\n    scenario: Empty pool\n" + "".join(
        f"    {name}: {text}\n" for name, text in ADDED.items()
    )
    write({**incident(), **postmortem(more=more), **runbook()})
    run("runbook-updates", "--apply")
    written = (tmp_path / "runbooks/checkout.md").read_text("utf-8")
    body = written.partition("Learned from INC-2025-0142.\n\n")[2]
    assert body.startswith("**Symptoms**\n\n- Checkout waits")
    write({**incident(), **postmortem(actions=section(body)), **runbook()})
    read = {name: [text] for name, text in ADDED.items()}
    assert shown(run) == {"runbook": ["RB-checkout"], **read}


def test_parts_of_an_entry_and_a_label_given_twice(run, write):
    body = """\
- **Mitigation:** Drain the queue
- **Diagnosis:**
  - Look at the pool
    - its size
    - its age
- **Mitigation:** Roll the release back
"""
    write({**incident(), **postmortem(actions=section(body)), **runbook()})
    assert shown(run) == {
        "runbook": ["RB-checkout"],
        "mitigation": ["Drain the queue", "Roll the release back"],
        "diagnosis": ["Look at the pool; its size; its age"],
    }


def test_text_below_no_label_is_kept_for_whoever_reviews_it(run, write):
    body = """\
It misled two responders.

**Mitigation**

- Roll the release back

### Open questions

Who owns the pool?
"""
    write({**incident(), **postmortem(actions=section(body)), **runbook()})
    assert shown(run) == {
        "runbook": ["RB-checkout"],
        "mitigation": ["Roll the release back"],
        "reason": ["It misled two responders. Open questions: Who owns the pool?"],
    }


def test_entries_of_a_section_that_names_nothing_are_suggestions_each(tmp_path, run, write):
    section = """
## Runbook updates

Agreed in the meeting.

- RB-checkout: Compare the size of the pool with the last release
- RB-checkout: Tell `@database-oncall`
  - after 10 minutes
- [x] **RB-checkout** — Enlarge the pool at once
"""
    write({**incident(), **postmortem(actions=section), **runbook()})
    listed = run("runbook-updates").output
    assert [line for line in listed.splitlines() if line.startswith("    - ")] == [
        "    - Compare the size of the pool with the last release",
        "    - Tell `@database-oncall`; after 10 minutes",
    ]
    run("runbook-updates", "--apply")
    written = (tmp_path / "runbooks/checkout.md").read_text("utf-8")
    assert "- INC-2025-0142: Compare the size of the pool with the last release\n" in written
    assert run("runbook-updates").output == "Every runbook says what the incidents taught\n"
    assert run("check", *AS_OF, "--select", READ_WELL, "--fail-on", "warning").exit_code == 0


def suggested(run, write, body, heading="Runbook updates"):
    """What each runbook is to learn from a plain list of updates."""
    section = f"\n## {heading}\n\n{body}\n"
    records = {**incident(), **postmortem(actions=section), **runbook()}
    write(records)
    assert "SCH" not in run("check", *AS_OF).output
    found, name = {}, ""
    for line in run("runbook-updates").output.splitlines():
        if line.startswith("    - "):
            found[name] = [*found.get(name, []), line.removeprefix("    - ")]
        elif "`RB-" in line:
            name = line.partition("`")[2].partition("`")[0]
    return found


@pytest.mark.parametrize(
    "entry",
    [
        "RB-checkout：Ask first",
        "RB-checkout → Ask first",
        "RB-checkout -> Ask first",
        "**RB-checkout:** Ask first",
        "`RB-checkout`: Ask first",
        "[RB-checkout](../../runbooks/checkout.md): Ask first",
        "[RB-checkout.md](../../runbooks/RB-checkout.md) — Ask first",
        "~~RB-other~~ RB-checkout: Ask first",
        "RB-checkout\n  - Ask first",
    ],
)
def test_an_entry_says_what_stands_behind_the_id(entry, run, write):
    assert suggested(run, write, f"- {entry}") == {"RB-checkout": ["Ask first"]}


@pytest.mark.parametrize("entry", ["~~RB-checkout: Ask first~~", "RB-checkout", "RB-checkout."])
def test_an_entry_that_says_nothing_to_add(entry, run, write):
    assert suggested(run, write, f"- [ ] {entry}") == {}


@pytest.mark.parametrize(
    "heading", ["Runbook-Aktualisierungen", "Runbook-Änderungen", "ランブック更新", "手順書更新"]
)
def test_the_heading_in_other_languages(heading, run, write):
    found = suggested(run, write, "- RB-checkout: Ask first", heading)
    assert found == {"RB-checkout": ["Ask first"]}


def test_subsections_that_are_named_for_runbooks(run, write):
    body = """\
- RB-queue: Tell the shops

### RB-checkout

- Ask first

### `RB-payments`: Payments fail

**Mitigation**

1. Fail over
2. Wait a minute

#### Why

It took an hour.
"""
    assert suggested(run, write, body) == {
        "RB-checkout": ["Ask first"],
        "RB-payments": ["Mitigation: Fail over", "Mitigation: Wait a minute"],
        "RB-queue": ["Tell the shops"],
    }


def test_an_id_with_a_dot(run, write):
    assert suggested(run, write, "- RB-api.v1: Ask first.") == {"RB-api.v1": ["Ask first."]}


def test_a_label_behind_entries_is_for_all_of_them(run, write):
    entries = "- [x] RB-checkout: Wait\n- [ ] RB-checkout: Ask first"
    found = suggested(run, write, f"{entries}\n\n**Reason:** The pool was empty")
    assert found == {"RB-checkout": ["Ask first — The pool was empty"]}
    assert suggested(run, write, f"{entries}\n\n**Status:** applied") == {}


@pytest.mark.parametrize("text", ["None.", "- None", "- Nothing yet", "No runbook needs a change."])
def test_a_section_that_asks_for_nothing(text, run, write):
    section = f"\n## Runbook updates\n\n{text}\n"
    write({**incident(), **postmortem(actions=section), **runbook()})
    assert run("runbook-updates").output == "Every runbook says what the incidents taught\n"
