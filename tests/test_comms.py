"""`comms`: what each audience is told, what it is never told, and who should have been."""

import json

import pytest
from authoring_support import (
    FILES,
    INC,
    LIVE,
    PATH,
    RESOLVED,
    REVIEW,
    REVIEW_PATH,
    communications,
    errors,
    same_as,
)

AT = ("--at", "2025-06-15T14:50:12Z")
PLAN = """---
kind: mitigation-plan
incident: INC-2025-0142
severity: SEV2
status: active
---

## Summary

**Problem:** Cards are declined

**Impact:** Every third card payment

**Solution:** A larger cache

**ETA:** 15:30 UTC

## Immediate actions

- [x] Route half of the payments to the second provider
- [ ] Enlarge the token cache

**Success criteria:**

- Fewer than 1 % declined
"""
PLAN_PATH = PATH.replace("incident.md", "mitigation-plan.md")
FILL = ("--impact", "Every third card payment fails.", "--done", "Half of the payments go another way",
        "--doing", "We enlarge what is too small")  # fmt: skip


@pytest.fixture
def repository(repository_of):
    """A repository with a live incident; gives a command's outcome, and a file's text."""
    return repository_of({**FILES, PATH: LIVE}, PATH)


# What is told


@pytest.mark.parametrize(
    "audience", ["team", "stakeholders", "status-page", "management", "executive", "customer"]
)
def test_what_an_audience_is_told(repository, write, audience, update):
    run, _ = repository
    write({PLAN_PATH: PLAN})
    done = run("comms", INC, "--audience", audience, *AT)
    assert done.exit_code == 0, done.output
    same_as(f"comms-{audience}.txt", done.stdout, update)


@pytest.mark.parametrize("audience", ["resolution", "status-page", "executive", "customer", "team"])
def test_what_is_told_when_it_is_over(repository, write, audience, update):
    run, _ = repository
    write({PATH: RESOLVED})
    done = run("comms", INC, "--audience", audience, "--at", "2025-06-15T15:45Z")
    assert done.exit_code == 0, done.output
    same_as(f"comms-over-{audience}.txt", done.stdout, update)


def resolution_of(run):
    done = run("comms", INC, "--audience", "resolution", "--at", "2025-06-15T15:45Z")
    assert done.exit_code == 0, done.output
    return done.stdout


def plan_about(cause, status="active"):
    """A plan that names a cause."""
    return PLAN.replace("status: active", f"status: {status}").replace(
        "\n## Summary", f"\n**Root cause:** {cause}\n\n## Summary"
    )


@pytest.mark.parametrize(
    ("status", "named", "told"),
    [
        ("active", "The cache is too small. It has 2,000 entries", "The cache is too small."),
        ("executed", "The cache is too small", "The cache is too small."),
        ("superseded\nsuperseded_by: mitigation-plan-2.md", "The cache is slow", "not known yet."),
        ("active", "Under investigation", "not known yet."),
    ],
)
def test_a_cause_that_only_the_plan_names_is_told(repository, write, status, named, told):
    run, _ = repository
    write({PATH: RESOLVED.partition("\n## Root")[0], PLAN_PATH: plan_about(named, status)})
    assert f"\nCause: {told}\n" in resolution_of(run)


def test_a_cause_is_that_of_the_review_then_of_the_incident_then_of_a_plan(repository, write):
    run, _ = repository
    unknown = RESOLVED.partition("\n## Root")[0]
    second = PLAN_PATH.replace("plan.md", "plan-2.md")
    third = PLAN_PATH.replace("plan.md", "plan-3.md")
    write({
        PATH: RESOLVED,
        REVIEW_PATH: f"{REVIEW}\n## Root cause\n\nNobody counts cards\n",
        PLAN_PATH: plan_about("The cache is slow", "executed"),
        second: plan_about("The cache is full", "executed"),
        third: plan_about("The cache is small"),
    })  # fmt: skip
    assert "\nCause: Nobody counts cards.\n" in resolution_of(run)
    write({REVIEW_PATH: REVIEW})
    assert "\nCause: The token cache of payments-api holds 2,000 entries.\n" in resolution_of(run)
    write({PATH: unknown})
    assert "\nCause: The cache is small.\n" in resolution_of(run)


def test_a_review_may_end_with_an_unknown_cause_and_a_draft_does_not(repository, write):
    run, _ = repository
    draft = f"{REVIEW}\n## Root cause\n\nUnknown: no logs are left\n"
    final = draft.replace("status: draft", "status: final")
    write({PATH: RESOLVED, REVIEW_PATH: final})
    assert "\nCause: not known yet.\n" in resolution_of(run)
    write({REVIEW_PATH: draft})
    assert "\nCause: The token cache of payments-api holds 2,000 entries.\n" in resolution_of(run)


def test_a_resolution_is_told_of_what_is_resolved(repository):
    run, _ = repository
    done = run("comms", INC, "--audience", "resolution", *AT)
    assert done.exit_code == 1
    assert "INC-2025-0142 is mitigating" in done.stderr


@pytest.mark.parametrize(
    "audience", ["team", "stakeholders", "status-page", "management", "executive", "customer"]
)
def test_what_nobody_wrote_is_a_prompt(repository, write, audience):
    """A record of four facts: no impact, cause, step, plan or time; each text asks, none answers."""
    run, _ = repository
    write({PATH: '---\nid: INC-2025-0142\ntitle: Cards\nseverity: SEV4\nstatus: investigating\n'
                 'incident_commander: "@payments-lead"\n---\n'})  # fmt: skip
    told = run("comms", INC, "--audience", audience, *AT).stdout
    assert "[… when the next update comes]" in told
    assert told.count("[… ") >= 2
    assert "began" not in told
    assert "noticed" not in told


def test_a_time_of_detection_is_not_called_the_beginning(repository, write):
    run, _ = repository
    write({PATH: LIVE.replace("started_at: 2025-06-15T14:18Z\n", "")})
    assert "27 min after it was noticed" in run("comms", INC, *AT).stdout


@pytest.mark.parametrize(
    ("status", "cause", "said", "told"),
    [
        ("detected", "", "Investigating", "We are looking into it."),
        ("identified", "", "Identified", "We are working on restoring the service."),
        ("mitigating", "", "Investigating", "We are working on restoring the service."),
        ("mitigating", "cause", "Identified", "We are working on restoring the service."),
        ("mitigating", "plan", "Identified", "We are working on restoring the service."),
        ("monitoring", "", "Monitoring", "Measures are in place, and we are watching"),
    ],
)
def test_a_status_page_says_no_more_than_is_known(  # noqa: PLR0917
    repository, write, status, cause, said, told
):
    run, _ = repository
    record = LIVE if cause == "cause" else LIVE.partition("\n## Root")[0]
    write({PLAN_PATH: plan_about("The cache is too small" if cause == "plan" else "Unknown")})
    write({PATH: record.replace("status: mitigating", f"status: {status}")})
    page = run("comms", INC, "--audience", "status-page", *AT).stdout
    assert page.startswith(f"{said} · update 1 · ")
    assert told in page


@pytest.mark.parametrize(
    ("level", "minutes"), [("SEV1", "15:05"), ("SEV2", "15:20"), ("SEV3", "16:50")]
)
def test_the_next_update_comes_as_the_level_asks(repository, write, level, minutes):
    run, _ = repository
    write({PATH: LIVE.replace("SEV2", level)})
    assert f"Next update: 2025-06-15 {minutes} UTC" in run("comms", INC, *AT).stdout
    chosen = run("comms", INC, *AT, "--next-update", "2025-06-15T14:59Z").stdout
    assert "Next update: 2025-06-15 14:59 UTC" in chosen


# What is never told outside


SECRETS = [
    "@payments-lead is on it",
    "Ask payments-lead",
    "Follow #incident-cards",
    "See INC-2025-0141",
    "See inc-2024-0007",
    "See RB-payments-api",
    "Work on AI-3",
    "PaymentsDeclineRate fires",
    "The payments-api is slow",
    "Pool of tokens-eu-1 is full",
    "Restart `tokend`",
    "10.4.2.17 is down",
    "A SEV2 incident",
    "Kim Example looks into it",
    "We know that the token cache of payments-API holds 2,000 entries",
    "It was sized for one country",
]


@pytest.fixture
def secretive(repository, write):
    """A record with systems, and a policy with somebody's name."""
    run, _ = repository
    write({PATH: LIVE.replace("services: [", "affected_systems: [tokens-eu-1]\nservices: [")})
    policy = FILES["incident.yml"].replace('["@payments-lead", "@sre-lead"]',
             '{"@payments-lead": {name: Kim Example}, "@sre-lead": {}}')  # fmt: skip
    write({"incident.yml": policy})
    return run


@pytest.mark.parametrize("audience", ["status-page", "customer"])
@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_internal_leaves_the_company(secretive, secret, audience):
    done = secretive("comms", INC, "--audience", audience, "--impact", secret, *AT)
    assert done.exit_code == 1
    assert not done.stdout
    assert f"The text for `{audience}` tells what is internal" in done.stderr


@pytest.mark.parametrize("secret", SECRETS)
def test_a_summary_that_tells_too_much_is_left_out(secretive, tmp_path, secret):
    path = tmp_path / PATH
    path.write_text(path.read_text("utf-8").replace("Every third card payment is declined.", json.dumps(secret)), "utf-8")  # fmt: skip
    done = secretive("comms", INC, "--audience", "status-page", *AT)
    assert done.exit_code == 0, done.output
    assert "[… what customers notice, in their words]" in done.stdout
    assert secret not in done.stdout


@pytest.mark.parametrize("status", ["active", "superseded\nsuperseded_by: mitigation-plan-2.md"])
def test_the_cause_that_a_plan_names_does_not_leave_the_company(secretive, write, status):
    write({PLAN_PATH: plan_about("One region sends all cards twice", status)})
    said = ("--impact", "One region sends all cards twice, sorry")
    done = secretive("comms", INC, "--audience", "customer", *said, *AT)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "One region sends all cards twice" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        "Card payments at checkout fail since 14:18 UTC for one in 3",
        "Write to help@parcels.example, or see https://parcels.example/#status",
        "Every third card payment is declined",
        "Version 4.9.2 of the app can't pay",
    ],
)
def test_ordinary_words_are_told(secretive, words):
    done = secretive("comms", INC, "--audience", "status-page", "--impact", words, *AT)
    assert done.exit_code == 0, done.stderr
    assert words in done.stdout


def test_neither_a_template_nor_a_text_of_ones_own_tells_it(repository, write):
    run, _ = repository
    write({".incident/templates/comms/status-page.txt": "Down, says @sre-lead\n", "sent.txt": "INC-2025-0142"})  # fmt: skip
    assert run("comms", INC, "--audience", "status-page", *AT).exit_code == 1
    assert run("comms", INC, "--audience", "customer", "--text", "sent.txt", *AT).exit_code == 1
    assert run("comms", INC, "--audience", "team", "--text", "sent.txt", *AT).exit_code == 0


def test_a_template_for_outside_is_not_even_given_it(repository, write):
    run, _ = repository
    write({".incident/templates/comms/customer.txt": "{{ cause }}\n"})
    done = run("comms", INC, "--audience", "customer", *AT)
    assert done.exit_code == 1
    assert "comms/customer.txt:1:1: " in done.stderr
    assert "'cause' is undefined" in done.stderr


def test_templates_speak_any_language(repository, write):
    run, _ = repository
    write({".incident/templates/comms/stakeholders.txt":
           "Meldung {{ number }}: {{ title }}. Nächste um {{ next_update_at.strftime('%H:%M') }} UTC\n"})  # fmt: skip
    assert run("comms", INC, *AT).stdout == (
        "Meldung 1: Cards are declined because the token cache is full. Nächste um 15:20 UTC\n"
    )


# What is recorded


def test_an_update_is_recorded_in_place(repository):
    run, text = repository
    before = text()
    done = run("comms", INC, *FILL, *AT, "--record")
    assert done.exit_code == 0, done.output
    (entry,) = communications(run)
    assert done.stdout.startswith(entry["text"].split("\n", maxsplit=1)[0])
    assert {key: entry[key] for key in ("at", "audience", "status", "next_update_at")} == {
        "at": "2025-06-15T14:50Z",
        "audience": "stakeholders",
        "status": "mitigating",
        "next_update_at": "2025-06-15T15:20Z",
    }
    assert [line for line in before.splitlines() if line not in text().splitlines()] == []
    assert "COM001" not in run("check", PATH).output
    assert not errors(run, PATH)


def test_updates_are_numbered_by_those_sent(repository):
    run, _ = repository
    audiences = ["stakeholders", "management", "status-page", "stakeholders", "status-page"]
    numbers = [1, 2, 1, 4, 2]  # whom the outside sees: those for the same audience
    for minute, (number, audience) in enumerate(zip(numbers, audiences, strict=True)):
        at = ("--at", f"2025-06-15T14:5{minute}Z")
        eta = ("--eta", "15:30 UTC")
        done = run("comms", INC, "--audience", audience, *FILL, *eta, "--record", *at)
        assert done.exit_code == 0, done.stderr
        assert f"pdate {number} · 2025-06-15 14:5{minute} UTC" in done.stdout.splitlines()[0]
    assert [entry["audience"] for entry in communications(run)] == audiences


def test_a_text_that_nobody_finished_is_not_recorded(repository):
    run, text = repository
    before = text()
    done = run("comms", INC, *AT, "--record")
    assert done.exit_code == 1
    assert "1 place to be filled in:\n  what is being done now\n" in done.stderr
    assert text() == before


def test_the_text_that_was_sent_can_be_recorded(repository, write):
    run, _ = repository
    write({"sent.txt": "Some cards are declined.\nWe are on it: next word at 15:20.\n"})
    done = run("comms", INC, "--audience", "status-page", "--text", "sent.txt", "--record", *AT)
    assert done.exit_code == 0, done.output
    (entry,) = communications(run)
    assert (entry["audience"], entry["status"]) == ("status-page", "identified")
    assert entry["text"] == "Some cards are declined.\nWe are on it: next word at 15:20."


def test_a_dry_run_records_nothing(repository):
    run, text = repository
    before = text()
    done = run("comms", INC, *FILL, *AT, "--record", "--dry-run")
    assert "+communications:" in done.stderr
    assert text() == before


def test_a_resolution_is_recorded_for_stakeholders(repository, write):
    run, _ = repository
    write({PATH: RESOLVED})
    at = ("--at", "2025-06-15T15:45Z")
    assert run("comms", INC, "--audience", "resolution", "--record", *at).exit_code == 0
    (entry,) = communications(run)
    assert (entry["audience"], entry["status"]) == ("stakeholders", "resolved")
    assert "next_update_at" not in entry


# Who should have been told


def due(run, as_of):
    done = run("comms", "--due", "--as-of", as_of)
    return done.exit_code, done.stdout


def test_who_should_have_been_told(repository):
    run, _ = repository
    assert due(run, "2025-06-15T14:40Z") == (0, "Everybody was told as of 2025-06-15 14:40 UTC\n")
    said = (
        "INC-2025-0142 stakeholders: nobody told them 31 min after detection, SEV2 asks for it within 30 min\n"
        "INC-2025-0142 the status page: nobody told them 31 min after detection, SEV2 asks for it within 30 min\n"
    )
    assert due(run, "2025-06-15T14:54Z") == (1, said)
    told = ("--audience", "status-page", "--record", "--at", "2025-06-15T14:55Z")
    assert run("comms", INC, *told).exit_code == 0
    assert due(run, "2025-06-15T15:20Z")[0] == 0
    assert due(run, "2025-06-15T15:40Z") == (
        1,
        "INC-2025-0142 stakeholders: promised for 2025-06-15 15:25 UTC, 15 min ago\n",
    )


def test_a_word_in_the_timeline_counts_and_grows_old(repository, write):
    run, _ = repository
    told = "command\n- 2025-06-15 14:30 — Status page and customers informed\n"
    write({PATH: LIVE.replace("command\n", told)})
    assert due(run, "2025-06-15T15:00Z")[0] == 0
    said = (
        "INC-2025-0142 stakeholders: the last update was sent 40 min ago (2025-06-15 14:30 UTC), "
        "SEV2 asks for one every 30 min\n"
    )
    assert due(run, "2025-06-15T15:10Z") == (1, said)


def test_nobody_waits_for_word_of_what_is_over(repository, write):
    run, _ = repository
    write({PATH: RESOLVED})
    assert due(run, "2025-06-20T00:00Z")[0] == 0


def test_what_cannot_be_judged_is_said(repository, write):
    run, _ = repository
    write(
        {
            PATH: LIVE.partition("impact:")[0].replace("started_at: 2025-06-15T14:18Z\n", "")
            + "---\n"
        }
    )
    done = run("comms", "--due", "--as-of", "2025-06-15T15:00Z")
    assert (done.exit_code, done.stderr) == (
        0,
        "note: INC-2025-0142 tells no level or no time of detection\n",
    )


# Wrong calls


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Name an incident"),
        ((INC, "--due"), "name none"),
        ((INC, "--dry-run"), "`--dry-run` goes with `--record`"),
        (("INC-2025-0143",), "is not the id of an incident here"),
        ((INC, "--duration", "soon"), "`soon` is no span of time"),
        ((INC, "--output", "no/such/folder"), "can't be written"),
    ],
)
def test_wrong_calls_are_explained(repository, arguments, said):
    run, _ = repository
    done = run("comms", *arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
