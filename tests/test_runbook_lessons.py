"""Which lessons a runbook has learned: each is asked for by itself, and none goes missing."""

import time

import pytest
from runbook_support import (
    AS_OF,
    READ_WELL,
    RUNBOOK,
    assert_nothing_is_left,
    incident,
    postmortem,
    runbook,
)

NOTHING = "Every runbook says what the incidents taught\n"
ITEM = "- [ ] Update the runbook RB-checkout with the disk size (@payments-team, due 06/30)\n"
ASKED = "Update the runbook RB-checkout with the disk size"
LEARNED = "learned_from: [INC-2025-0142]\n"


def verdict(note=None):
    said = f", note: {note}" if note else ""
    return f"runbooks: [{{id: RB-checkout, verdict: outdated{said}}}]\n"


def updates(*steps, **more):
    """A review's updates of the runbook, one for each mitigation."""
    lines = [f"  - runbook: RB-checkout\n    mitigation: [{step}]\n" for step in steps]
    rest = "".join(f"    {name}: {value}\n" for name, value in more.items())
    return "runbook_updates:\n" + "".join(line + rest for line in lines)


def lessons(run):
    """What is still to be learned, line by line."""
    lines = run("runbook-updates").output.splitlines()
    return [line.removeprefix("    - ") for line in lines if line.startswith("    - ")]


def unlearned(run):
    """How often the gate says that a runbook was not updated."""
    found = run("check", *AS_OF, "--select", "runbook-not-updated")
    return found.output.count(" PM003 ")


def body(mitigation, more=""):
    """A runbook that says one thing."""
    head = RUNBOOK.partition("# Checkout is slow")[0].format(more=more)
    return {"runbooks/checkout.md": f"{head}## Mitigation\n\n{mitigation}\n"}


def test_a_declared_update_leaves_the_verdict_its_note(tmp_path, run, write):
    note = "Host names changed in March"
    write({**incident(more=verdict(note)), **postmortem(more=updates("Fail over")), **runbook()})
    assert lessons(run) == [note, "Mitigation: Fail over"]
    assert unlearned(run) == 2
    run("runbook-updates", "--apply")
    written = (tmp_path / "runbooks/checkout.md").read_text("utf-8")
    assert "3. Fail over\n" in written
    assert f"- INC-2025-0142: {note}\n" in written
    assert_nothing_is_left(run, tmp_path)


def test_a_verdict_without_a_note_is_answered_by_the_update(run, write):
    write({**incident(more=verdict()), **postmortem(more=updates("Fail over")), **runbook()})
    assert lessons(run) == ["Mitigation: Fail over"]
    run("runbook-updates", "--apply")
    assert lessons(run) == []


SAID = {
    "an entry": "1. Restart the workers.",
    "a box that can be ticked": "- [ ] Restart the **workers**",
    "a heading": "### Restart the workers",
    "a line of code": "```\nRestart the workers\n```",
    "a command of a step": "1. Run\n\n    ```sh\n    Restart the workers\n    ```",
    "a cell": "| Step | Why |\n| --- | --- |\n| Restart the workers | They hang |",
    "a value behind a label": "**Mitigation:** Restart the workers",
    "an entry over two lines": "- Restart\n  the workers",
    "an entry below another": "- First\n  - Restart the workers",
    "a sentence": "Look at the queue first. Restart the workers. Wait a minute.",
    "a sentence over two lines": "Look at the queue first. Restart\nthe workers. Wait a minute.",
    "a link": "- Restart the [workers](workers.md)",
    "what was applied as a lesson": "- INC-2025-0142: Restart the workers",
}
UNSAID = {
    "a part of a sentence": "- Never restart the workers while a migration runs.",
    "a line of a wrapped sentence": "Whatever happens, never\nrestart the workers\nwithout asking.",
    "a longer entry": "1. Restart the workers of the queue",
    "a comment": "<!-- Restart the workers -->",
    "a comment of several lines": "<!--\nRestart the workers\n-->",
    "a comment within an entry": "1. First\n\n    <!--\n    Restart the workers\n    -->",
    "a quotation": "> Restart the workers",
    "a condition": "1. If the queue is empty, restart the workers",
}


@pytest.mark.parametrize("text", SAID.values(), ids=list(SAID))
def test_what_the_runbook_says(text, run, write):
    write({**incident(), **postmortem(more=updates("Restart the workers")), **body(text)})
    assert lessons(run) == []


@pytest.mark.parametrize("text", UNSAID.values(), ids=list(UNSAID))
def test_what_only_looks_as_if_the_runbook_said_it(text, run, write):
    write({**incident(), **postmortem(more=updates("Restart the workers")), **body(text)})
    assert lessons(run) == ["Mitigation: Restart the workers"]
    assert unlearned(run) == 1


def test_a_short_note_is_not_found_in_everything(run, write):
    write({**incident(more=verdict("Do")), **body("- Do not wait")})
    assert lessons(run) == ["Do"]


def test_a_note_of_two_sentences_that_became_two_entries(run, write):
    note = "Drain the queue. Restart the workers."
    write({**incident(more=verdict(note)), **body("1. Drain the queue\n2. Restart the workers")})
    assert lessons(run) == []


def test_all_incidents_of_a_review_are_to_be_named(run, write):
    both = postmortem(more=updates("Reboot the broker"))
    path = "incidents/INC-2025-0142/postmortem.md"
    both[path] = both[path].replace("[INC-2025-0142]", "[INC-2025-0142, INC-2025-0143]")
    records = {**incident(), **incident("0143"), **both}
    write({**records, **runbook(more=LEARNED)})
    assert lessons(run) == ["Mitigation: Reboot the broker"]
    write(runbook(more="learned_from: [INC-2025-0142, INC-2025-0143]\n"))
    assert lessons(run) == []


@pytest.mark.parametrize("status", ["proposed", "applied"])
def test_an_update_that_is_declared_later_is_suggested(status, tmp_path, run, write):
    first = updates("Fail over")
    write({**incident(), **postmortem(more=first), **runbook()})
    run("runbook-updates", "--apply")
    first += f"    status: {status}\n"
    write(postmortem(more=first + updates("Reboot the broker").partition("\n")[2]))
    assert lessons(run) == ["Mitigation: Reboot the broker"]
    run("runbook-updates", "--apply")
    assert_nothing_is_left(run, tmp_path)


def test_an_update_that_is_declared_after_the_verdict_was_applied(run, write):
    write({**incident(more=verdict("The dashboard moved")), **runbook()})
    run("runbook-updates", "--apply")
    assert lessons(run) == []
    write(postmortem(more=updates("Reboot the broker")))
    assert lessons(run) == ["Mitigation: Reboot the broker"]


def test_an_update_that_is_declared_after_the_runbook_was_drafted(tmp_path, run, write):
    write(incident())
    run("runbook-updates", "--apply")
    assert lessons(run) == []
    write(postmortem(more=updates("Reboot the broker")))
    assert lessons(run) == ["Mitigation: Reboot the broker"]
    run("runbook-updates", "--apply")
    assert_nothing_is_left(run, tmp_path)


def test_a_reworded_lesson_counts_where_nothing_else_accounts_for_the_name(run, write):
    write({**incident(), **postmortem(more=updates("Reboot the broker")), **runbook()})
    assert unlearned(run) == 1
    write(runbook(more=LEARNED))
    assert (lessons(run), unlearned(run)) == ([], 0)


def test_a_reworded_lesson_beside_one_word_for_word_is_silenced_by_its_status(run, write):
    """The text alone cannot tell it from an update that was declared later."""
    both = updates("Fail over", "Reboot the broker")
    write({**incident(), **postmortem(more=both), **body("1. Fail over", LEARNED)})
    assert lessons(run) == ["Mitigation: Reboot the broker"]
    hint = run("check", *AS_OF, "--select", "runbook-not-updated").output
    assert "set its `status`: `applied` if the runbook says it in other words" in hint
    write(postmortem(more=both + "    status: applied\n"))
    assert (lessons(run), unlearned(run)) == ([], 0)


def test_a_reworded_note_is_answered_by_the_review(run, write):
    """A verdict has no status: what the review decided about its updates answers it."""
    noted = incident(more=verdict("The dashboard moved"))
    write({**noted, **postmortem(more=updates("Fail over")), **body("1. Fail over", LEARNED)})
    assert lessons(run) == ["The dashboard moved"]
    found = run("check", *AS_OF, "--select", "runbook-not-updated").output
    assert "set `status: applied` in an update of the review for this runbook" in found
    write(postmortem(more=updates("Fail over", status="applied")))
    assert (lessons(run), unlearned(run)) == ([], 0)


def test_a_decision_without_steps_answers_a_note(tmp_path, run, write):
    """Such as that of a review whose action item brought the incident's name into the runbook."""
    noted = incident(more=verdict("The dashboard moved"))
    write({**noted, **postmortem(actions=ITEM), **body(f"- {ASKED}", LEARNED)})
    assert lessons(run) == ["The dashboard moved"]
    decided = "runbook_updates:\n  - runbook: RB-checkout\n    status: applied\n"
    write(postmortem(more=decided, actions=ITEM))
    assert_nothing_is_left(run, tmp_path)


def test_a_request_is_suggested_beside_other_lessons(tmp_path, run, write):
    review = postmortem(more=updates("Fail over"), actions=ITEM)
    write({**incident(more=verdict("The dashboard moved")), **review, **runbook()})
    assert lessons(run) == ["The dashboard moved", "Mitigation: Fail over", ASKED]
    run("runbook-updates", "--apply")
    assert f"- INC-2025-0142: {ASKED}\n" in (tmp_path / "runbooks/checkout.md").read_text("utf-8")
    assert_nothing_is_left(run, tmp_path)


def test_a_request_stays_until_it_is_met_or_done(run, write):
    review = postmortem(more=updates("Fail over", status="applied"), actions=ITEM)
    write({**incident(), **review, **body("1. Fail over", LEARNED)})
    assert lessons(run) == [ASKED]
    done = ITEM.replace("[ ]", "[x]")
    write(postmortem(more=updates("Fail over", status="applied"), actions=done))
    assert run("runbook-updates").output == NOTHING


def test_a_lesson_with_a_link_is_known_again(tmp_path, run, write):
    """A link leads from the runbook to where it led from the review."""
    linked = "'See [the graph](evidence/pool.png)'"
    write({**incident(), **postmortem(more=updates(linked, "Fail over")), **runbook()})
    run("runbook-updates", "--apply")
    written = (tmp_path / "runbooks/checkout.md").read_text("utf-8")
    assert "[the graph](../incidents/INC-2025-0142/evidence/pool.png)" in written
    assert lessons(run) == []


def test_text_without_labels_is_written_as_a_lesson(tmp_path, run, write):
    section = "\n## Runbook update: RB-checkout\n\n- Ask the database team for the pool's size\n"
    write({**incident(), **postmortem(actions=section), **runbook()})
    assert lessons(run) == ["Ask the database team for the pool's size"]
    run("runbook-updates", "--apply")
    written = (tmp_path / "runbooks/checkout.md").read_text("utf-8")
    assert "- INC-2025-0142: Ask the database team for the pool's size\n" in written
    assert_nothing_is_left(run, tmp_path)


def test_a_status_that_is_none_decides_nothing(run, write):
    write({**incident(), **postmortem(more=updates("Fail over", status="aplied")), **runbook()})
    assert lessons(run) == ["Mitigation: Fail over"]


def test_services_of_one_slug_get_a_runbook_each(tmp_path, run, write):
    files = incident(more="alerts: [ApiDown]\n")
    path = "incidents/INC-2025-0142/incident.md"
    write({path: files[path].replace("[checkout]", "[api.v1, api-v1]")})
    listed = run("runbook-updates").output
    assert [line for line in listed.splitlines() if line.endswith("(new)")] == [
        "runbooks/api-v1-2.md (new)",
        "runbooks/api-v1.md (new)",
    ]
    run("runbook-updates", "--apply")
    heads = {
        path.name: path.read_text("utf-8").splitlines()[1:5]
        for path in sorted((tmp_path / "runbooks").iterdir())
    }
    assert heads == {
        "api-v1-2.md": [
            "id: RB-api-v1-2",
            'title: "api-v1"',
            "status: draft",
            'services: ["api-v1"]',
        ],
        "api-v1.md": ["id: RB-api-v1", 'title: "api.v1"', "status: draft", 'services: ["api.v1"]'],
    }
    assert run("runbook-updates").output == NOTHING
    assert run("check", *AS_OF, "--select", READ_WELL).exit_code == 0


def test_a_draft_is_written_before_what_a_review_adds_to_it(tmp_path, run, write):
    """Whatever the files are called: their order is that of the list."""
    more = "runbook_updates:\n  - scenario: The pool is exhausted\n    mitigation: [Enlarge the pool]\n"
    review, record = postmortem(more=more), incident(more="impact: {summary: Customers waited}\n")
    write(
        {
            "incidents/a.md": next(iter(review.values())),
            "incidents/b.md": next(iter(record.values())),
        }
    )
    run("runbook-updates", "--apply")
    written = (tmp_path / "runbooks/checkout.md").read_text("utf-8")
    assert "## Symptoms\n\n- Customers waited\n" in written
    assert "## The pool is exhausted\n" in written
    assert run("runbook-updates").output == NOTHING


def test_many_lessons_of_an_incident_take_little_time(run, write):
    """Two thousand take half a second; compared each with each they took minutes."""
    steps = (f"Take step number {number}" for number in range(2000))
    write({**incident(), **postmortem(more=updates(*steps)), **runbook(more=LEARNED)})
    start = time.process_time()
    assert unlearned(run) == 0
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("services", "written"),
    [
        ("[checkout]", 'title: "payments"\nstatus: draft\n'),
        ("[checkout, Payments]", 'title: "Payments"\nstatus: draft\nservices: ["Payments"]\n'),
    ],
    ids=["another service", "one of its services"],
)
def test_a_new_runbook_is_for_what_its_id_names(services, written, tmp_path, run, write):
    entry = "\n## Runbook updates\n\n- RB-payments — Add the failover page\n"
    records = {**incident(), **postmortem(actions=entry), **runbook()}
    path = "incidents/INC-2025-0142/incident.md"
    records[path] = records[path].replace("services: [checkout]", f"services: {services}")
    write({**records, **runbook(RUNBOOK.replace("[checkout]", "[checkout, Payments]"))})
    run("runbook-updates", "--apply")
    draft = (tmp_path / "runbooks/payments.md").read_text("utf-8")
    title = written.partition('"')[2].partition('"')[0]
    assert draft == (
        f"---\nid: RB-payments\n{written}learned_from: [INC-2025-0142]\n---\n\n# {title}\n\n"
        "## Learned from incidents\n\n- INC-2025-0142: Add the failover page\n"
    )
    assert_nothing_is_left(run, tmp_path)
