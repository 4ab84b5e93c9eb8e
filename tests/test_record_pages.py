"""What a record's page says beside the record's own text: what is waived, where responders meet."""

import re
from html import unescape

import pytest
from site_support import build, write

CONFIG = """\
site_name: Test
plugins:
  - search
  - incident:
      as_of: 2025-06-15T15:00Z
      on_findings: warn
"""
LIVE = """\
---
id: INC-2025-0142
title: "Payments fail: no connection is free"
severity: SEV2
status: investigating
incident_commander: "@payments-lead"
services: [payments-api]
---

## Timeline (UTC)

- 2025-06-15 14:23 — Alert on failing payments fires
"""
PLAN = """\
---
kind: mitigation-plan
incident: INC-2025-0142
title: Free the connections
communication: { channel: "#payments-war-room" }
---
"""
PAGE = "incidents/INC-2025-0142/incident/index.html"


@pytest.fixture
def page_of(tmp_path):
    def page_of(record, policy="", **files):
        path = "incidents/INC-2025-0142/incident.md"
        texts = {"mkdocs.yml": CONFIG, "docs/index.md": "# Home\n", path: record}
        done = build(write(tmp_path, {**texts, "incident.yml": policy, **files}))
        assert done.code == 0, done.log
        return done.text(PAGE)

    return page_of


@pytest.mark.parametrize(
    ("policy", "named"),
    [
        ("", "#incident-2025-06-15-payments-fail-no-connection-is-free"),
        ('channel: "{severity}-{id}"\n', "sev2-inc-2025-0142"),
    ],
    ids=["by default", "by the policy"],
)
def test_a_live_incident_names_the_channel_of_its_responders(page_of, policy, named):
    assert f"Channel {named} " in page_of(LIVE, policy)


def test_the_channel_that_a_plan_names_wins(page_of):
    text = page_of(LIVE, **{"incidents/INC-2025-0142/plan.md": PLAN})
    assert "Channel #payments-war-room " in text


def test_a_long_title_gives_no_longer_channel_than_a_chat_takes(page_of):
    long = LIVE.replace("no connection is free", "no connection is free in any region " * 3)
    name = page_of(long).partition("Channel ")[2].split()[0]
    assert len(name) <= 80
    assert name.startswith("#incident-2025-06-15-payments-fail-")
    assert not name.endswith("-")


def test_nobody_meets_in_the_channel_of_a_closed_incident(page_of):
    assert "#incident-" not in page_of(LIVE.replace("investigating", "closed"))


def test_what_is_waived_is_shown_with_its_reason_and_its_last_day(page_of):
    waived = LIVE.replace(
        'incident_commander: "@payments-lead"\n',
        "# mkdocs-incident: waive missing-incident-commander until 2025-07-01: The rota starts in July\n",
    )
    text = page_of(waived, "rules: { first-update-late: off }\n")
    shown = text.partition("Waived here")[2]
    assert "missing-incident-commander" in shown
    assert "Until 1 Jul 2025 : The rota starts in July" in shown
    assert "missing-incident-commander" not in text.partition("Waived here")[0]


def incident(ident, *fields, body="", severity="SEV2", status="closed"):
    head = ("---", f"id: {ident}", f"severity: {severity}", f"status: {status}",
            'incident_commander: "@labels-lead"', *fields, "---", "")  # fmt: skip
    return "\n".join([*head, body])


TIMES = """\
## Timeline (UTC)

- 2025-03-03 08:00 — Labels are blank (started)
- 2025-03-03 08:04 — Detected: alert fires
- 2025-03-03 08:09 — Classified as SEV2
- 2025-03-03 08:20 — Mitigated: the old font is back
- 2025-03-03 08:50 — Cause identified: the font was deleted
- 2025-03-03 12:28 — Resolved
"""
RESPONSE = incident(
    "INC-2025-0001",
    "title: Labels are blank in all depots",
    "services: [label-service]",
    "alerts: [LabelRenderLatency]",
    "category: data loss",
    "affected_systems: [printers]",
    "major_incident: INC-2025-0003",
    "impact:",
    "  { summary: No label could be printed., data_loss: true, compliance: none reported, reputation: low }",
    "mitigations:",
    "  - { strategy: rollback, action: Put the old font back, result: Labels print, approved_by: '@labels-lead' }",
    "communications:",
    "  - { at: 2025-03-03T08:30Z, audience: customers, status: Identified, text: Labels are blank }",
    "  - { at: 2025-03-03T10:00Z, audience: customers, text: Still blank, next_update_at: 2025-03-03T10:30Z }",
    body=TIMES,
)
REVIEW = """\
---
incidents: [INC-2025-0001]
title: A font that nobody owned
status: final
published_on: 2025-03-04
keywords: [font, blank label]
resolution: The font is part of the image.
root_cause: The clean-up job deleted a font that only labels use.
five_whys:
  - { why: Why were labels blank?, because: The font was gone. }
  - { why: Why was it gone?, because: A clean-up deleted it. }
contributing_factors:
  - { category: process, factor: Nobody owns fonts }
  - { category: technology, factor: One volume for all }
action_items:
  - { id: AI-1, title: Own the fonts, type: preventive, owner: "@labels-team", due: 2025-03-20, status: open }
---

# A font that nobody owned

## What went well

- The old font was at hand
"""
AGAIN = incident(
    "INC-2025-0002",
    "title: Labels are blank again in all depots",
    "services: [label-service]",
    "alerts: [LabelRenderLatency]",
    "recurrence_of: INC-2025-0001",
    "major_incident: INC-2025-0003",
    "impact: { users_affected_percent: 40 }",
    severity="SEV3",
    body="""\
## Timeline (UTC)

- 2025-04-12 08:00 — Detected: alert fires
- 2025-04-12 09:00 — Resolved

## Mitigation

| Action | Result |
| --- | --- |
| Restart of the printers | Labels print |

## 5 Whys

1. **Why were labels blank?**
   → The font was gone again.

## Contributing factors

- One volume for all
""",
)
WHOLE = incident(
    "INC-2025-0003",
    "title: Two depots stand still",
    'roles: { coordinator: "@duty-manager" }',
    severity="SEV1",
    status="investigating",
    body="## Timeline (UTC)\n\n- 2025-06-15 14:00 — Detected\n",
)
LONE_PART = incident("INC-2025-0004", "title: A lone part", "major_incident: INC-2025-0999")
STANDS_IN = """\
---
id: INC-2025-0005
title: Scales show nothing
status: final
incident_status: closed
severity: SEV3
incident_commander: "@depot-lead"
---

# Scales show nothing

## Timeline (UTC)

- 2025-05-05 08:00 — Detected
- 2025-05-05 08:30 — Resolved

## Root cause

A cable was cut.
"""
FULL_PLAN = """\
---
kind: mitigation-plan
incident: INC-2025-0003
severity: SEV1
status: active
monitor_for: 7 days
summary: { problem: Nothing moves., eta: tonight }
horizons:
  immediate:
    goal: Parcels move.
    actions:
      - { title: Sort by hand, owner: "@depot-team", done: true, risk: Low (slow) }
      - { title: Reboot, owner: "@sre-team", due: 2025-06-10, risk: High (may stop all) }
    success_criteria: [No parcel waits]
  long_term:
    actions:
      - { title: Buy a second switch, due: 2025-09-01 }
risks:
  - { action: Reboot, risk: High, description: All stops, mitigation: By night }
verification: [Belts run]
rollback: { when: [Belts stop], steps: Switch it off }
---

# Get the depots going

## Communication plan

**Incident channel:** #depots
"""
BODY_PLAN = """\
---
kind: mitigation-plan
incident: INC-2025-0003
severity: SEV1
status: superseded
superseded_by: plan.md
---

# Wait

## Risks

| Action | Risk level | Description | Mitigation |
| --- | --- | --- | --- |
| Wait | Medium | It stays as it is | None |

## Verification

- Belts run
"""
ODD = incident(
    "INC-2025-0006",
    "title: [1]",
    "impact: { summary: 3, data_loss: [], compliance: { a: b }, users_affected: many }",
    "mitigations: [1, { action: 2 }, { strategy: [x] }]",
    "communications: [{ at: never, text: 4 }, { audience: <b>all</b>, text: '<script>x</script>' }, null]",
    "major_incident: { a: 1 }",
    "recurrence_of: 7",
    "five_whys: [{ why: 1 }, x, { because: <i>y</i> }]",
    "contributing_factors: [{ category: 2, factor: z }, { factor: '<u>cut</u>' }]",
    "keywords: 5",
    "root_cause: 2025-01-01",
    "timeline: [{ at: x, event: 3 }, { at: 2025-05-01T10:00Z }, 9]",
)
ODD_PLAN = """\
---
kind: mitigation-plan
incident: 4
summary: 1
monitor_for: []
horizons: { immediate: [], short_term: { goal: 3, actions: [1, { title: 2 }], success_criteria: x }, long_term: 5 }
risks: [1, { risk: 3 }, { risk: high, action: [] }]
risk_of_inaction: none
verification: 4
rollback: { when: 3, steps: { a: b } }
created_at: soon
---
"""
UNRESOLVED = incident("INC-2025-0007", "title: Nobody wrote down the end", severity="SEV1")
LATE_REVIEW = """\
---
incidents: [INC-2025-0007]
title: An end that nobody wrote down
status: final
published_on: 2025-05-01
---
"""
FOLDERS = {
    "response": "incidents/INC-2025-0001/incident", "review": "incidents/INC-2025-0001/postmortem",
    "again": "incidents/INC-2025-0002/incident", "whole": "incidents/INC-2025-0003/incident",
    "plan": "incidents/INC-2025-0003/plan", "body plan": "incidents/INC-2025-0003/first-plan",
    "lone part": "incidents/INC-2025-0004/incident", "stands in": "incidents/INC-2025-0005/postmortem",
    "unresolved": "incidents/INC-2025-0007/incident", "its review": "incidents/INC-2025-0007/postmortem",
    "odd": "incidents/INC-2025-0006/incident", "odd plan": "incidents/INC-2025-0006/mitigation-plan",
}  # fmt: skip
SOURCES = (
    RESPONSE, REVIEW, AGAIN, WHOLE, FULL_PLAN, BODY_PLAN, LONE_PART, STANDS_IN, UNRESOLVED,
    LATE_REVIEW, ODD, ODD_PLAN,
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    files = {"mkdocs.yml": CONFIG.replace("warn", "ignore"), "docs/index.md": "# Home\n"}
    files |= {
        f"{folder}.md": source for folder, source in zip(FOLDERS.values(), SOURCES, strict=True)
    }
    done = build(write(tmp_path_factory.mktemp("site"), files))
    assert done.code == 0, done.log
    return done


@pytest.fixture
def words(site):
    """The words of a page, or of one of its sections: from its heading to the next one of ours."""

    def words(name, heading=None):
        path = f"{FOLDERS[name]}/index.html"
        if heading is None:
            return unescape(site.text(path))
        parts = site.page(path).split("<h2 ")
        found = [part for part in parts if part.partition("</h2>")[0].endswith(f">{heading}")]
        assert len(found) <= 1
        section = f"<h2 {found[0].partition('</section>')[0]}" if found else ""
        return unescape(" ".join(re.sub(r"<[^>]+>", " ", section).split()))

    return words


def test_each_step_stands_beside_its_target(words):
    text = words("response")
    assert (
        " Detected 4 min "
        "Classified 5 min ✓ met: within 5 min "
        "Engaged not recorded 30 min allowed "
        "Mitigated 16 min "
        "Resolved 4 h 24 min ✗ missed: +24 min, 4 h allowed "
        "Longest silence 2 h 28 min ✗ missed: +1 h 58 min, 30 min allowed "
        "Status page told not recorded 30 min allowed no word to them with a time "
        "Mitigated before the cause was known. "
        "Not recorded: assignment of the incident commander and acknowledgement. "
    ) in text


def test_a_publication_is_judged_where_its_deadline_is_known(words):
    assert "postmortem: final , published in time ( 4 Mar 2025 , due 5 Mar 2025 )" in words(
        "response"
    )
    assert "published" not in words("unresolved").partition("Linked from")[0]


def test_a_detection_that_stands_for_the_start_is_no_phase(words):
    assert "09:00 UTC: respond, mitigate and monitor 1 h." in words("again")
    assert "Not recorded: start, assignment of the incident commander, ack" in words("again")


def test_a_live_incident_says_what_is_left(words):
    text = words("whole")
    assert "Resolved not yet 2 h allowed, 1 h left" in text
    assert "Longest silence 1 h ✗ missed: +45 min, 15 min allowed" in text
    assert "engineering leadership : due since 15 Jun 2025, 14:15 UTC (after 15 min)" in text
    assert "Escalation" not in words("response")


def test_what_harm_was_done_beside_the_failure_is_said(words):
    text = words("response")
    assert "Data loss yes Compliance none reported Reputation low" in text
    assert "Category data loss Systems printers" in text


def test_a_severity_that_its_facts_contradict_is_named(words):
    suggested = "Declared SEV3 . The facts suggest SEV2: 40 % of users were affected, over 10 %."
    assert suggested in words("again")
    assert "The facts suggest" not in words("whole")


def test_what_front_matter_lists_is_shown_and_what_the_body_lists_is_not_repeated(words):
    assert words("response", "What was done to end it") == (
        "What was done to end it Put the old font back rollback Result: Labels print "
        "Approved by @labels-lead"
    )
    assert words("again", "What was done to end it") == ""
    assert words("again").count("Restart of the printers") == 1
    assert words("response", "What others were told") == (
        "What others were told 3 Mar 2025, 08:30 UTC customers Identified Labels are blank "
        "3 Mar 2025, 10:00 UTC customers late Still blank Next one promised for 10:30"
    )


def test_whys_are_a_chain_that_ends_in_the_cause(words):
    chain = (
        "Why were labels blank? The font was gone. Why was it gone? A clean-up deleted it. cause"
    )
    assert words("response", "Why it happened").startswith(
        f"Why it happened From the postmortem . {chain} Contributing factors"
    )
    assert words("review", "Why it happened").startswith(f"Why it happened {chain}")
    assert words("again", "Why it happened") == ""
    assert words("again").count("The font was gone again.") == 1


def test_factors_are_a_fishbone_with_their_list(site, words):
    page = site.page(f"{FOLDERS['response']}/index.html")
    bone = re.search(r"<svg[^>]*inc-fishbone-title.*?</svg>", page, re.DOTALL)[0]
    assert "Nobody owns fonts" in bone
    assert "One volume for all" in bone
    listed = "Process Nobody owns fonts Technology One volume for all"
    assert words("response", "Why it happened").endswith(listed)


def test_a_major_incident_and_its_parts_lead_to_each_other(words):
    parts = words("whole", "Its parts")
    assert parts.startswith("Its parts Coordinated by @duty-manager . SEV2 INC-2025-0001 Labels")
    assert "SEV3 INC-2025-0002" in parts
    part = words("response", "Part of a major incident")
    assert part.startswith(
        "Part of a major incident Part of INC-2025-0003 Two depots stand still . "
        "Coordinated by @duty-manager . SEV3 INC-2025-0002"
    )
    assert words("lone part", "Part of a major incident") == (
        "Part of a major incident Part of INC-2025-0999 no such incident . Coordinator not recorded."
    )


def test_a_recurrence_says_what_had_been_promised(words):
    assert words("again", "It happened before") == (
        "It happened before It repeats INC-2025-0001 Labels are blank in all depots . "
        "Preventive action AI-1 “ Own the fonts ” had been open for 40 days, 23 days overdue"
    )
    similar = words("again", "Similar incidents")
    assert "INC-2025-0001 Labels are blank in all depots 3 Mar 2025 , this one is declared a" in (
        similar
    )
    assert "same service label-service" in similar


def test_a_closed_incident_ends_in_an_article_for_the_next_time(words):
    assert words("response", "In short, for the next time") == (
        "In short, for the next time Keywords font, blank label Problem No label could be printed. "
        "Cause The clean-up job deleted a font that only labels use. "
        "Resolution The font is part of the image. Prevention Own the fonts open "
        "Related INC-2025-0002 , INC-2025-0003 More in the postmortem ."
    )
    for name in ("whole", "stands in", "again"):
        assert words(name, "In short, for the next time") == ""


def test_a_postmortem_that_stands_for_its_incident_tells_the_response(site, words):
    assert "Resolved 30 min ✓ met: within 1 d" in words("stands in")
    assert "inc-timeline" in site.page(f"{FOLDERS['stands in']}/index.html")
    assert "inc-timeline" not in site.page(f"{FOLDERS['review']}/index.html")


def test_our_headings_are_in_the_table_of_contents(site):
    page = site.page(f"{FOLDERS['response']}/index.html")
    contents = re.findall(r'<a href="#(inc-[\w-]+|linked-from)" class="nav-link">', page)
    assert contents == [
        "inc-why", "inc-mitigations", "inc-updates", "inc-major", "inc-similar", "inc-knowledge",
        "linked-from",
    ]  # fmt: skip


def test_a_plan_shows_its_horizons_with_what_is_done_and_late(words):
    text = words("plan")
    assert (
        "Immediate 1 of 2 done Parcels move. done: Sort by hand @depot-team low risk "
        "Risk: Low (slow) "
        "open: Reboot @sre-team , 5 days overdue high risk Risk: High (may stop all) Reached when No parcel waits "
        "Long term 0 of 1 done open: Buy a second switch no owner , due 1 Sep 2025"
    ) in text
    assert words("plan", "Risks") == (
        "Risks Action Risk What may happen What is done about it Reboot high All stops By night"
    )
    assert words("plan", "How success is verified") == "How success is verified Belts run"
    assert words("plan", "When to roll back, and how").endswith("Belts stop Steps Switch it off")


def test_what_a_plan_tells_in_its_body_is_told_once(words):
    text = words("body plan")
    assert text.count("It stays as it is") == 1
    assert text.count("Belts run") == 1
    assert "1 medium risk" in text


def test_values_of_any_type_are_shown_as_text_or_not_at_all(site, words):
    assert "Why it happened" in words("odd")
    page = site.page(f"{FOLDERS['odd']}/index.html")
    for markup in ("<b>all</b>", "<script>x", "<i>y</i>", "<u>cut</u>"):
        assert markup not in page
    assert "No actions" not in words("odd plan")
