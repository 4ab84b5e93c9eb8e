"""What the words of a timeline tell, and what they do not, as the command judges them."""

import pytest

HEAD = """\
---
id: INC-2025-0142
title: Payments are failing
severity: {severity}
status: {status}
incident_commander: "@payments-lead"
{front}---

**Date:** 2025-06-15

## Impact

Every second payment failed.

## Timeline (UTC)

- 14:23 — Alert fires
"""


@pytest.fixture
def judge(write, run):
    """Check one incident with one rule, at a moment; the codes of findings are enough."""

    def judge(
        rule, *entries, at="2025-06-16", severity="SEV1", status="mitigating", front="", policy=""
    ):
        lines = "".join(f"- {entry}\n" for entry in entries)
        record = HEAD.format(severity=severity, status=status, front=front) + lines
        write({"incidents/INC-2025-0142.md": record, "incident.yml": policy})
        return run("check", "--as-of", at, "--select", rule).output

    return judge


# Who was told


@pytest.mark.parametrize(
    ("entry", "untold"),
    [
        ("Legal and exec on-call told", ""),
        ("Informed: legal, executives and @payments-lead", ""),
        ("Legal, executives, and management informed", ""),
        ("No fix yet; legal and the CTO briefed", ""),
        ("Executives told that the fix does not work, legal in the loop", ""),
        ("Rechtsabteilung und Geschäftsführung unterrichtet", ""),
        ("Legal told, executives not told yet", "executives"),
        ("Legal told; executives unreachable", "executives"),
        ("Legal told, executives: not yet", "executives"),
        ("Legal told. Executives to be informed at 15:00", "executives"),
        ("Legal informiert, Vorstand noch nicht benachrichtigt", "executives"),
        ("Executives told, legal to follow", "legal"),
        ("Executives told. Was legal informed? Nobody knows", "legal"),
        ("Executives told, legal counsel is on holiday until June", "legal"),
        ("Nobody told legal, but executives know: the CTO joins the call", "legal"),
    ],
)
def test_who_was_told(judge, entry, untold):
    found = judge("INC008", f"14:40 — {entry}", front="category: security\n")
    assert [who for who in ("legal", "executives") if f"word to {who}" in found] == untold.split()


@pytest.mark.parametrize(
    ("entry", "heard"),
    [
        ("Customers informed by e-mail", True),
        ("All customers affected by it were told", True),
        ("E-mail to all merchants", True),
        ("Stakeholder update 2 posted", True),
        ("Stakeholder update #2: investigating", True),
        ("Status page: investigating", True),
        ("Status page: payments are not working", True),
        ("Statusseite aktualisiert", True),
        ("Kunden per E-Mail informiert", True),
        ("Customers not informed yet", False),
        ("Next update to customers at 15:00", False),
        ("Status page still shows green", False),
        ("Status page is down, too", False),
        ("Status page update overdue", False),
        ("Stakeholder update: none yet", False),
        ("Customers told support", False),
        ("Support informed by customers", False),
        ("Customer support informed", False),
        ("Users table updated", False),
        ("Customers report failing payments", False),
        ("Kunden noch nicht informiert", False),
    ],
)
def test_whether_stakeholders_heard(judge, entry, heard):
    found = judge("COM002", f"14:40 — {entry}", at="2025-06-15T14:50Z")
    assert ("stakeholders within" in found) is not heard


@pytest.mark.parametrize(
    ("entry", "answered"),
    [
        ("14:38 — Escalated", True),
        ("14:30 — Escalated to engineering leadership", True),
        ("14:30 — Engineering leadership joins the call", True),
        ("14:38 — Eskaliert an die Leitung", True),
        ("14:30 — Escalated to the database team", False),
        ("14:40 — No escalation needed so far", False),
        ("14:40 — Escalation policy looked up", False),
        ("14:40 — Not escalated yet", False),
        ("14:40 — De-escalated after the rollback", False),
        ("14:40 — Engineering leadership not reached", False),
        ("14:56 — Escalated to engineering leadership", False),
    ],
)
def test_what_answers_for_a_tier(judge, entry, answered):
    found = judge("INC011", entry, at="2025-06-15T14:55Z")
    assert ("engineering leadership should know" in found) is not answered


# Which level an entry gives


@pytest.mark.parametrize(
    "entry",
    [
        "Severity lowered: SEV2 -> SEV3",
        "Downgraded from SEV2 to SEV3",
        "Downgraded to SEV3 from SEV2",
        "Severity SEV2 → SEV3",
        "sev-2 -> sev-3",
        "Severity reduced by @payments-lead from SEV2 to SEV3",
        "Herabgestuft von SEV2 auf SEV3",
    ],
)
def test_a_step_down_names_the_level_before(judge, entry):
    found = judge("INC004", f"14:40 — {entry}", severity="SEV3")
    assert "lowered from `SEV2` to `SEV3` without a reason" in found


@pytest.mark.parametrize(
    ("entry", "level"),
    [
        ("Classified as SEV2", "SEV2"),
        ("SEV-1 incident declared", "SEV1"),
        ("Incident declared: SEV2", "SEV2"),
        ("Incident declared (SEV2), room opened", "SEV2"),
        ("Severity set to SEV1", "SEV1"),
        ("Priority is now SEV2", "SEV2"),
        ("Schweregrad auf SEV2 gesetzt", "SEV2"),
        ("Opened a SEV1 case with AWS support, raised to their RDS team", None),
        ("Vendor raised severity of their case to SEV1", None),
        ("Raised a SEV1 ticket with the network provider", None),
        ("Not raised to SEV2 because only exports are hit", None),
        ("Will be raised to SEV2 if exports fail, too", None),
        ("Should this be raised to SEV2? No", None),
        ("Incident declared, SEV1 checklist opened", None),
        ("Downgraded from SEV2 to SEV3: only exports are hit", None),
        ("Raised from SEV4 to SEV3", None),
    ],
)
def test_which_level_an_entry_gives(judge, entry, level):
    found = judge("INC004", f"14:40 — {entry}", severity="SEV3")
    assert (f"but the timeline has it at `{level}`" in found) is (level is not None)
    assert level or "No findings" in found


@pytest.mark.parametrize(
    ("entries", "is_found"),
    [
        (["14:25 — alert with critical priority raised by Nagios", "14:28 — declared high"], False),
        (["14:25 — Memory limit of the pods set to critical", "14:28 — declared high"], False),
        (["14:25 — declared critical", "14:28 — downgraded to high"], True),
        (["14:25 — Severity: critical"], True),
    ],
)
def test_levels_that_are_common_words(judge, entries, is_found):
    policy = "severity: [critical, high, low]\n"
    found = judge("INC004", *entries, severity="high", policy=policy)
    assert ("INC004" in found) is is_found


@pytest.mark.parametrize(
    ("entries", "is_found"),
    [
        (["14:25 — Declared SEV1", "14:40 — Downgraded to SEV2: only exports are hit"], True),
        (["14:25 — Declared SEV1", "14:40 — Downgraded to SEV3: only exports are hit"], False),
        (
            [
                "14:25 — Declared SEV2",
                "14:40 — Downgraded to SEV3: only exports are hit",
                "14:50 — Raised to SEV1",
            ],
            True,
        ),
    ],
)
def test_the_reason_belongs_to_the_step_to_the_declared_level(judge, entries, is_found):
    assert ("INC004" in judge("INC004", *entries, severity="SEV3")) is is_found


# Categories and lost data


@pytest.mark.parametrize(
    ("category", "named"),
    [
        ("security", "security"),
        ('"security, billing"', "security"),
        ("Security/Privacy", "security"),
        ("Data breach", "security"),
        ("suspected security breach", "security"),
        ("IT-Sicherheit", "security"),
        ("data_loss", "data-loss"),
        ("Datenverlust", "data-loss"),
        ("no security impact; data loss", "data-loss"),
        ("billing", ""),
        ("not a security incident", ""),
        ("no security impact", ""),
        ("non-security", ""),
        ("keine Sicherheit betroffen", ""),
    ],
)
def test_categories(judge, category, named):
    found = judge("INC008", front=f"category: {category}\n")
    assert [n for n in ("security", "data-loss") if f"category `{n}`" in found] == named.split()


@pytest.mark.parametrize(
    "loss",
    [
        "true",
        "400",
        '"now known: 400 invoices lost"',
        "not all rows could be recovered",
        "0.5 % of orders lost",
        '"notable: 400 rows"',
        "12 label orders",
        "minor data loss",
        "No backup; 400 rows are missing",
        "none of the 400 rows could be recovered",
        "nothing could be restored",
        '"keine Sicherung, 400 Aufträge verloren"',
        "nicht alle Aufträge wiederhergestellt",
    ],
)
def test_what_is_a_loss(judge, loss):
    assert "category `data-loss`" in judge("INC008", front=f"impact: {{ data_loss: {loss} }}\n")


@pytest.mark.parametrize(
    "loss",
    [
        "false",
        "0",
        "none",
        "zero",
        '"no"',
        '"0 rows"',
        "no data was lost",
        "we lost none",
        "data was not lost",
        '"none, 1.1 million scans were replayed from the buffers"',
        '"No: the replica had all 400 rows"',
        "no data loss (400 rows were replayed)",
        "nobody knows yet",
        "unclear whether rows were lost",
        "unknown",
        "kein Datenverlust",
        "es gingen keine Daten verloren",
        "wird geprüft",
    ],
)
def test_what_is_no_loss_or_none_yet(judge, loss):
    assert "No findings" in judge("INC008", front=f"impact: {{ data_loss: {loss} }}\n")


# Causes that are not known


@pytest.mark.parametrize(
    ("cause", "is_unknown"),
    [
        ("Unknown.", True),
        ("Unknown, the logs were rotated.", True),
        ("Unknown so far", True),
        ("Unknown cause", True),
        ("The root cause is still unknown. We suspect the load balancer.", True),
        ("Why the pool ran empty is unclear", True),
        ("Root cause unknown — the core dump is gone", True),
        ("Noch unbekannt", True),
        ("Die Ursache ist unbekannt", True),
        ("Unknown clients flooded the login endpoint, and no rate limit stood before it.", False),
        ("Unknown field in a message stopped the parser", False),
        ("The configuration file was not found", False),
        ("The cause was a pool smaller than the load", False),
    ],
)
def test_unknown_causes(judge, cause, is_unknown):
    found = judge("INC006", f"15:47 — Resolved\n\n## Root cause\n\n{cause}\n", status="resolved")
    assert ("Cause is unknown" in found) is is_unknown


@pytest.mark.parametrize(
    ("item", "answers"),
    [
        ("Find out why the pool ran empty", True),
        ("Compare both heap dumps", True),
        ("Ask the vendor for a reproduction", True),
        ("Ursache der leeren Verbindungen untersuchen", True),
        ("Alert at 80 % of the pool", False),
        ("Make the pool larger", False),
    ],
)
def test_items_that_look_for_a_cause(judge, item, answers):
    after = f"\n\n## Root cause\n\nUnknown.\n\n## Action items\n\n- [ ] {item} (@payments-team, due 2025-06-16)\n"
    found = judge("INC006", f"15:47 — Resolved{after}", status="resolved")
    assert ("Cause is unknown" in found) is not answers


# Which milestone an entry tells


@pytest.mark.parametrize(
    ("entry", "milestone"),
    [
        ("@payments-lead assigned as incident manager", "ic_assigned"),
        ("Incident manager: @payments-lead", "ic_assigned"),
        ("Incident manager informed", None),
        ('Monitoring alert "stale index"', "detected"),
        ("Monitoring alert for the pool added", None),
        ("Monitoring alert clears", None),
        ("Found it: the index is stale", "identified"),
        ("Found it", "identified"),
        ("Not found it: next pod", None),
        ("Found it hard to reach the vendor", None),
        ("All clear", "resolved"),
        ("All good", "resolved"),
        ("We're all good again", "resolved"),
        ("Replicas are all good, so it is the primary", None),
        ("Closing the incident", "resolved"),
        ("One more look before closing the incident", None),
        ("Bereitschaft übernimmt", "acknowledged"),
        ("Bereitschaft übernimmt die Einsatzleitung", "ic_assigned"),
        ("Dienst läuft wieder", "mitigated"),
        ("Dienst läuft wieder nicht", None),
    ],
)
def test_milestones(write, run, entry, milestone):
    write({"record.md": f"**Date:** 2025-06-15\n\n## Timeline (UTC)\n\n- 14:23 — {entry}\n"})
    shown = run("show", "record.md").output
    found = [
        line.split(":")[0].strip() for line in shown.splitlines() if "timeline's words" in line
    ]
    assert found == ([milestone.replace("_", " ")] if milestone else [])


def test_all_good_in_the_middle_is_no_end(write, run):
    entries = "- 14:23 — Alert fires\n- 14:30 — All good\n- 14:40 — Errors again\n"
    write({"record.md": f"**Date:** 2025-06-15\n\n## Timeline (UTC)\n\n{entries}"})
    assert "resolved" not in run("show", "record.md").output


# Zones that a heading names


@pytest.mark.parametrize(
    ("heading", "offset"),
    [
        ("Timeline (Europe/Berlin)", "+02:00"),
        ("Timeline (Berlin time)", "+02:00"),
        ("Timeline (New York time)", "-04:00"),
        ("Timeline (Pacific Time)", "-07:00"),
        ("Timeline (Central European Time)", "+02:00"),
        ("Zeitverlauf (mitteleuropäische Zeit)", "+02:00"),
        ("Timeline (Etc/GMT+5)", "-05:00"),
        ("Timeline (PT, Pacific Time)", "-07:00"),
        ("Timeline (UTC, not Europe/Berlin)", "Z"),
        ("Timeline (Europe/Berlin, CEST)", "+02:00"),
        ("Timeline (CET)", "+01:00"),
        ("Timeline (PT)", ""),
        ("Timeline (local time)", ""),
        ("Timeline (Europe/Atlantis)", ""),
        ("Timeline (America/Indiana)", ""),
        ("Timeline (Atlantis time)", ""),
    ],
)
def test_zone_of_a_heading(write, run, heading, offset):
    write({"record.md": f"**Date:** 2025-06-15\n\n## {heading}\n\n- 14:23 — Alert fires\n"})
    assert (
        f"at: 2025-06-15T14:23{offset}  [" in run("show", "record.md", "--kind", "incident").output
    )


@pytest.mark.parametrize(
    ("day", "clock", "at"),
    [
        ("2025-03-29", "14:23", "2025-03-29T14:23+01:00"),
        ("2025-03-30", "02:30", "2025-03-30T02:30"),
        ("2025-03-30", "03:00", "2025-03-30T03:00+02:00"),
        ("2025-10-26", "01:59", "2025-10-26T01:59+02:00"),
        ("2025-10-26", "02:30", "2025-10-26T02:30"),
        ("2025-10-26", "03:00", "2025-10-26T03:00+01:00"),
    ],
)
def test_the_day_decides_between_summer_and_winter(write, run, day, clock, at):
    table = f"| Time (Europe/Berlin) | Event |\n|---|---|\n| {clock} | Alert fires |\n"
    note = f"All times Europe/Berlin.\n\n## Timeline\n\n- {clock} — Alert fires\n"
    for body in (f"## Timeline\n\n{table}", note):
        write({"record.md": f"**Date:** {day}\n\n{body}"})
        assert f"at: {at}  [" in run("show", "record.md", "--kind", "incident").output


# What is later than the run


LATER = (
    "14:58 — Escalated to engineering leadership",
    "15:00 — Executives, management and customers informed",
    "15:01 — Status page updated",
    "15:10 — Mitigated by a rollback",
    "15:47 — Resolved",
)
UPDATE = "  - {{ at: 2025-06-15T{}Z, audience: status-page, status: mitigating, text: Payments fail, next_update_at: 2025-06-15T{}Z }}\n"


@pytest.mark.parametrize("sent", [None, "14:25", "14:36"], ids=["none", "early", "promised"])
@pytest.mark.parametrize("at", ["14:30", "14:39", "14:54", "14:57"])
def test_a_run_in_the_past_does_not_know_what_came_later(judge, at, sent):
    now = {"at": f"2025-06-15T{at}Z"}
    before = UPDATE.format(sent, "14:50") if sent else ""
    after = UPDATE.format("15:00", "15:15")
    lists = [f"communications:\n{text}" if text else "" for text in (before, before + after)]
    # What is found is the same; where it stands moves with the lines above.
    as_it_was, as_it_is = (
        [
            line
            for line in judge("INC011,COM", *later, front=front, **now).splitlines()
            if "note" in line
        ]
        for later, front in zip(((), LATER), lists, strict=True)
    )
    strip = [sorted(line.split(" ", 1)[1] for line in found) for found in (as_it_was, as_it_is)]
    assert strip[0] == strip[1]
    assert strip[0] or at == "14:30"
