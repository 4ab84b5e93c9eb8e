"""`new`: a record with the next id, in the right place, and nothing that nobody said."""

import contextlib
import json
import os
import pty
import re
import select
import subprocess
import sys

import pytest
from authoring_support import FILES, INCIDENT, LIVE, PATH, POLICY, errors, same_as
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from new_support import AT, KNOWN, files

from mkdocs_incident.authoring.places import claimed_id
from mkdocs_incident.authoring.webhooks import PayloadError, read_payload
from mkdocs_incident.corpus import Corpus, load_corpus
from mkdocs_incident.policy import Policy, load_policy


def alert(name="PaymentsDeclineRate", at="2025-06-15T14:22:31.123456789Z", **more):
    given = {"status": "firing", "labels": {"alertname": name}, "annotations": {}, "startsAt": at}
    for key, value in more.items():
        given[key] = {**given[key], **value} if isinstance(given.get(key), dict) else value
    return given


def alertmanager(*alerts, **more):
    return {"version": "4", "status": "firing", "alerts": list(alerts), **more}


GROUPED = alertmanager(
    alert(
        labels={"severity": "warning", "service": "payments-api"},
        annotations={
            "summary": "Every third payment is declined",
            "runbook_url": "https://kb.parcels.example/runbooks/payments",
            "dashboard_url": "https://grafana.parcels.example/d/pay",
        },
        generatorURL="https://prometheus.parcels.example/graph?g0.expr=rate",
    ),
    alert(
        "CheckoutConversionDrop",
        "2025-06-15T16:25:00+02:00",
        labels={"severity": "critical", "service": "checkout"},
        annotations={"summary": "Orders | fall <b>by half</b>"},
        generatorURL="javascript:alert(1)",
    ),
    alert("LabelQueueBacklog", "2025-06-15T14:00:00Z", status="resolved"),
    externalURL="https://alerts.parcels.example",
)
PAGE = {
    "event": {
        "id": "01BTZ",
        "event_type": "incident.triggered",
        "resource_type": "incident",
        "occurred_at": "2025-06-15T14:22:40.169Z",
        "data": {
            "id": "PGR0VU2",
            "type": "incident",
            "html_url": "https://parcels.pagerduty.example/incidents/PGR0VU2",
            "number": 412,
            "status": "triggered",
            "created_at": "2025-06-15T14:22:31Z",
            "title": "[FIRING:1] PaymentsDeclineRate: every third card is declined",
            "service": {"summary": "Payments API", "type": "service_reference"},
            "priority": {"summary": "sev-2"},
            "urgency": "high",
        },
    }
}


# Incidents


def test_an_alertmanager_group_becomes_one_incident(repository, write, update):
    run, text = repository
    write({"payload.json": json.dumps(GROUPED)})
    done = run("new", "incident", "--from", "payload.json", "--commander", "@payments-lead", *AT)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == PATH
    assert "judge SEV1 again" in done.stdout
    same_as("incident-from-alertmanager.md", text(), update)
    assert not errors(run, PATH)


def test_a_payload_may_begin_with_a_byte_order_mark(repository, write):
    run, _ = repository
    write({"payload.json": "\ufeff" + json.dumps(GROUPED)})
    done = run("new", "incident", "--from", "payload.json", "--commander", "@payments-lead", *AT)
    assert done.exit_code == 0, done.output


def test_what_reorders_text_in_a_payload_is_replaced(repository, write):
    run, text = repository
    alert = json.loads(json.dumps(GROUPED))
    for one in alert["alerts"]:
        one["annotations"]["summary"] = "Cards \u202efail"
    alert["commonAnnotations"] = {"summary": "Cards \u202efail"}
    write({"payload.json": json.dumps(alert)})
    done = run("new", "incident", "--from", "payload.json", "--commander", "@payments-lead", *AT)
    assert done.exit_code == 0, done.output
    assert "\u202e" not in text()
    assert "\\u202e" not in text()
    assert "fail" in text()


def test_a_page_is_read_from_standard_input(write, tmp_path, command, run, update):
    write(FILES)
    done = subprocess.run(
        [command, "new", "incident", "--from", "-", "--commander", "@payments-lead", *AT],
        input=json.dumps(PAGE), capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    same_as("incident-from-pagerduty.md", (tmp_path / PATH).read_text("utf-8"), update)
    assert not errors(run, PATH)


def test_options_say_what_no_payload_does(repository, update):
    run, text = repository
    more = ("--service", "payments-api", "--alert", "PaymentsDeclineRate", "--started-at",
            "2025-06-15T14:18Z", "--detected-at", "2025-06-15T14:22Z", "--impact",
            "Every third card is declined")  # fmt: skip
    done = run("new", "incident", *KNOWN, *more, *AT)
    assert done.exit_code == 0, done.output
    same_as("incident-by-hand.md", text(), update)
    assert not errors(run, PATH)


def test_what_a_person_says_goes_before_the_payload(repository, write):
    run, text = repository
    write({"payload.json": json.dumps(GROUPED)})
    assert run("new", "incident", "--from", "payload.json", *KNOWN, *AT).exit_code == 0
    assert "title: Cards are declined\nseverity: SEV2\nstatus:" in text()


def test_what_no_file_can_hold_is_replaced(repository, write):
    run, text = repository
    payload = alertmanager(alert(annotations={"summary": "Pool \x00 of \ud800 tokens\x1b[31m"}))
    write({"payload.json": json.dumps(payload)})
    done = run("new", "incident", "--from", "payload.json", *KNOWN, *AT)
    assert done.exit_code == 0, done.output
    assert "fires: Pool \ufffd of \ufffd tokens\ufffd[31m (detected)" in text()
    assert not errors(run, PATH)


def test_alerts_after_the_declaration_stand_behind_it(repository, write):
    run, text = repository
    write(
        {"payload.json": json.dumps(alertmanager(alert(), alert("Late", "2025-06-15T14:40:00Z")))}
    )
    assert run("new", "incident", "--from", "payload.json", *KNOWN, *AT).exit_code == 0
    stamps = re.findall(r"^- 2025-06-15 (\d\d:\d\d) — ", text(), re.MULTILINE)
    assert stamps == ["14:22", "14:30", "14:40"]


@pytest.mark.parametrize(
    ("label", "level"),
    [("critical", "SEV1"), ("page", "SEV1"), ("Warning", "SEV3"), ("sev_2", "SEV2"), ("P9", None)],
)
def test_a_label_says_the_level_where_it_certainly_means_one(tmp_path, label, level):
    corpus = load_corpus(Policy(tmp_path))
    payload = alertmanager(alert(labels={"severity": label}))
    assert read_payload(json.dumps(payload), corpus).severity == level


def test_own_levels_are_meant_by_their_names_only(tmp_path, write):
    write({"incident.yml": "severity: [critical, minor]\n", "incidents/README.md": ""})
    corpus = load_corpus(load_policy(tmp_path / "incident.yml", tmp_path))
    found = [
        read_payload(json.dumps(alertmanager(alert(labels={"severity": word}))), corpus).severity
        for word in ("Critical", "page", "warning")
    ]
    assert found == ["critical", None, None]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it is no JSON"),
        ("[1, 2]", "it is no mapping"),
        ("{}", "it is empty"),
        ('{"hello": 1}', "it has the keys `hello`"),
        (json.dumps(alertmanager(alert(status="resolved"))), "no alert with a name and a time fires"),
        (json.dumps(alertmanager(alert(at="0001-01-01T00:00:00Z"))), "no alert with a name and a time"),
        ('{"event": {"event_type": "pagey.ping", "data": {}}}', "`pagey.ping`, expected one about an"),
        ('{"event": {"data": {"type": "incident", "status": "resolved"}}}', "is resolved already"),
    ],
)  # fmt: skip
def test_what_is_no_alarm_is_refused(repository, write, tmp_path, content, said):
    run, _ = repository
    write({"payload.json": content})
    before = files(tmp_path)
    done = run("new", "incident", "--from", "payload.json", *KNOWN)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert files(tmp_path) == before


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
EMPTY = Corpus(Policy(), ())


@settings(deadline=None, max_examples=200)
@given(json_values, json_values, json_values)
def test_any_json_is_read_or_refused(one, two, three):
    entry = {**alert(), "labels": one, "annotations": two, "startsAt": three}
    known = alert(labels={"severity": one, "service": two}, annotations={"summary": three})
    for payload in (
        one,
        alertmanager(entry, known, one, externalURL=two, commonAnnotations=three),
        {"event": {"event_type": one, "data": {**PAGE["event"]["data"], "title": two,
                   "service": three, "priority": one, "number": two}}},
    ):  # fmt: skip
        with contextlib.suppress(PayloadError):
            assert read_payload(json.dumps(payload), EMPTY).started_at.tzinfo is not None


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(min_size=1, max_size=60).filter(lambda text: text.split()))
def test_any_words_make_a_record_that_reads_as_them(repository, title):
    run, text = repository
    done = run("new", "incident", "--title", title, "--impact", title, *KNOWN[2:], *AT)
    if done.exit_code:  # what no file can hold
        assert re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", title), done.output
        return
    path = done.stdout.splitlines()[0]
    shown = json.loads(run("show", path, "--format", "json").stdout)
    assert shown[0]["record"]["title"] == " ".join(title.split())
    assert text(path).count("\n---\n") == 1


def test_all_that_is_missing_is_named_at_once(repository):
    run, _ = repository
    done = run("new", "incident")
    assert done.exit_code == 2
    assert "Give `--title`, `--severity` and `--commander`: nothing else says it" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--severity", "SEV9"), "`SEV9` is not one of SEV1, SEV2, SEV3, SEV4"),
        (("--commander", "@payment-lead"), "Did you mean `@payments-lead`"),
        (("--service", "payment-api"), "Did you mean `payments-api`"),
        (("--title", "  "), "Give `--title`"),
    ],
)
def test_names_that_the_policy_does_not_know_are_refused(repository, tmp_path, arguments, said):
    run, _ = repository
    before = files(tmp_path)
    done = run("new", "incident", *KNOWN, *arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert files(tmp_path) == before


def on_a_terminal(arguments, answers, folder):
    """Run a command as somebody at a terminal does; return what stood there."""
    screen, terminal = pty.openpty()
    child = subprocess.Popen(
        arguments, cwd=folder, stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    shown, pending = "", list(answers)
    while select.select([screen], [], [], 30)[0]:
        try:
            read = os.read(screen, 4096).decode()
        except OSError:  # the other end is closed
            break
        if not read:
            break
        shown += read
        if pending and shown.rstrip(" ").endswith(":"):
            os.write(screen, f"{pending.pop(0)}\n".encode())
            shown += "⏎"
    os.close(screen)
    return child.wait(timeout=30), shown


@pytest.mark.skipif(sys.platform == "win32", reason="has no such terminals")
def test_a_terminal_is_asked_for_what_nobody_said(write, tmp_path, command):
    write(FILES)
    answers = ["Cards are declined", "sev2", "payments-api, checkout", "@payments-lead"]
    code, shown = on_a_terminal([command, "new", "incident", *AT], answers, tmp_path)
    assert code == 0, shown
    assert [line.split(":")[0] for line in shown.splitlines() if "⏎" in line] == [
        "What fails, for whom", "Severity (SEV1, SEV2, SEV3, SEV4)", "Services, with commas",
        "Incident commander, as a handle",
    ]  # fmt: skip
    text = (tmp_path / PATH).read_text("utf-8")
    assert "title: Cards are declined\nseverity: SEV2\n" in text
    assert "services: [payments-api, checkout]\n" in text


@pytest.mark.skipif(sys.platform == "win32", reason="has no such terminals")
def test_a_mistyped_answer_is_asked_again_at_once(write, tmp_path, command):
    write(FILES)
    answers = ["  ", "Cards are declined\x1b[D", "Cards are declined", "SEV9", "sev-2", "paymets-api",
               "payments-api", "@nobody", "@payments-lead"]  # fmt: skip
    code, shown = on_a_terminal([command, "new", "incident", *AT], answers, tmp_path)
    assert code == 0, shown
    assert "Error: The answer holds U+001B (ESCAPE), which no record may hold" in " ".join(
        shown.replace("`", "").split()
    )
    assert "Error: `SEV9` is not one of SEV1, SEV2, SEV3, SEV4" in shown
    assert shown.count("⏎") == len(answers)
    assert "severity: SEV2\n" in (tmp_path / PATH).read_text("utf-8")


@pytest.mark.parametrize("spelled", ["sev2", "SEV-2", "Sev 2"])
def test_a_level_is_written_as_the_policy_names_it(repository, tmp_path, spelled):
    run, _ = repository
    done = run("new", "incident", *KNOWN, "--severity", spelled, *AT)
    assert done.exit_code == 0, done.output
    assert "severity: SEV2\n" in (tmp_path / PATH).read_text("utf-8")


def test_a_template_with_an_id_of_its_own_is_refused(repository, write, tmp_path):
    run, _ = repository
    write({".incident/templates/incident.md": "---\nid: INC-1\ntitle: {{ title | yaml }}\n---\n"})
    before = files(tmp_path)
    done = run("new", "incident", *KNOWN, *AT)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Template gives the record the id `INC-1`, expected `INC-2025-0142`" in done.stderr
    assert "Write `id: {{ id }}` in the template in `.incident/templates`" in done.stderr
    assert files(tmp_path) == before


# Ids and places


@pytest.mark.parametrize(
    ("ident", "path", "expected"),
    [
        ("INC-2025-0141", "incidents/INC-2025-0141/incident.md", "incidents/INC-2025-0142/incident.md"),
        ("INC-2025-0141", "incidents/2025/06/INC-2025-0141.md", "incidents/2025/06/INC-2025-0142.md"),
        ("INC-2025-0141", "incidents/2025/INC-2025-0141-labels-twice.md",
         "incidents/2025/INC-2025-0142-cards-are-declined.md"),
        ("INC-2025-0141", "incidents/inc-2025-0141/README.md", "incidents/inc-2025-0142/README.md"),
        ("SRE-7", "incidents/SRE-7/incident.md", "incidents/SRE-8/incident.md"),
        ("INC-2024-0141", "incidents/2024/INC-2024-0141/incident.md", PATH.replace("0142", "0001")),
    ],
)  # fmt: skip
def test_ids_and_paths_are_as_the_repository_has_them(  # noqa: PLR0917
    write, run, tmp_path, ident, path, expected
):
    record = INCIDENT.replace("INC-2025-0141", ident)
    if "2024" in ident:
        record = record.replace("2025-06-10", "2024-06-10")
    write({path: record})
    done = run("new", "incident", *KNOWN, *AT)
    assert done.stdout.splitlines()[0] == expected, done.output
    assert f"id: {ident[:-4]}"[:8] in (tmp_path / expected).read_text("utf-8")
    assert not errors(run)


def test_the_first_incident_has_a_folder_of_its_own(run, tmp_path):
    done = run("new", "incident", *KNOWN, *AT)
    assert done.stdout.splitlines()[0] == "incidents/INC-2025-0001/incident.md"
    assert files(tmp_path) == ["incidents/INC-2025-0001/incident.md"]


def test_an_id_that_only_a_path_names_is_taken(repository, write):
    run, _ = repository
    write({"incidents/2025/INC-2025-0150/evidence/pool.csv": "1"})
    done = run("new", "incident", *KNOWN, *AT)
    assert done.stdout.splitlines()[0] == "incidents/2025/INC-2025-0151/incident.md"


def test_the_year_is_that_of_the_incident(repository):
    run, _ = repository
    done = run("new", "incident", *KNOWN, "--detected-at", "2024-12-31T23:50Z", "--at", "2025-01-01T00:05Z")  # fmt: skip
    assert done.stdout.splitlines()[0] == "incidents/2024/INC-2024-0001/incident.md"


@pytest.mark.parametrize("shape", ["folder", "file"])
def test_runs_at_once_never_take_the_same_id(write, tmp_path, command, shape):
    """Eight real processes; in one-file repositories, where each file has another name, too."""
    if shape == "folder":
        write(FILES)
    else:
        write({"incident.yml": POLICY, "incidents/INC-2025-0141-labels.md": INCIDENT})
    runs = [
        subprocess.Popen(
            [command, "new", "incident", "--title", f"Failure {number}", *KNOWN[2:], *AT],
            cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )
        for number in range(8)
    ]  # fmt: skip
    written = [run.communicate(timeout=120)[0].splitlines()[0] for run in runs]
    ids = sorted(re.findall(r"INC-2025-\d{4}", path)[0] for path in written)
    assert ids == [f"INC-2025-{number:04d}" for number in range(142, 150)]
    for path in written:
        assert re.findall(r"INC-2025-\d{4}", path)[0] in (tmp_path / path).read_text("utf-8")
    assert not [path for path in files(tmp_path) if ".new" in path]


def test_who_read_the_repository_before_another_run_wrote_takes_the_next_id(repository, tmp_path):
    run, _ = repository
    before = load_corpus(load_policy(tmp_path / "incident.yml", tmp_path))
    run("new", "incident", *KNOWN, *AT)
    with claimed_id(before, 2025) as ident, claimed_id(before, 2025) as other:
        assert (ident, other) == ("INC-2025-0143", "INC-2025-0144")
    assert not [path for path in files(tmp_path) if ".new" in path]


def test_the_number_of_a_run_that_was_killed_is_passed_over(repository, write):
    run, _ = repository
    write({"incidents/.INC-2025-0142.new": ""})
    done = run("new", "incident", *KNOWN, *AT)
    assert done.stdout.splitlines()[0] == "incidents/2025/INC-2025-0143/incident.md"


def test_an_open_incident_with_the_same_alert_is_named(repository, write):
    run, _ = repository
    write({PATH: LIVE.replace("services: [payments-api]", "alerts: [PaymentsDeclineRate]"),
           "payload.json": json.dumps(GROUPED)})  # fmt: skip
    done = run("new", "incident", "--from", "payload.json", *KNOWN, *AT)
    assert done.exit_code == 0
    assert "note: INC-2025-0142 is open and names `PaymentsDeclineRate`, too" in done.stderr
