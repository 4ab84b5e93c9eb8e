"""Files for other programs: feeds, the calendar and the incidents as data, from real builds."""

import json
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import pytest
from icalendar import Calendar
from site_support import CONFIGURED, INCIDENT, POSTMORTEM, build, write

from mkdocs_incident.schema.bundling import bundled
from mkdocs_incident.schema.formats import format_checker

ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = "https://kb.parcels.example/docs/"
YML = "site_name: Test\n{url}plugins:\n  - search\n  - incident: {{as_of: 2025-04-01{more}}}\n"
REVIEW = "incidents/INC-2025-0001/postmortem.md"


@pytest.fixture
def published(tmp_path):
    def published(url=f"site_url: {ADDRESS}\n", more="", **files):
        yml = YML.format(url=url, more=more)
        done = build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": yml, **files}), "--strict")
        assert done.code == 0, done.log
        return done.site / "knowledge-base"

    return published


def test_the_atom_feed_tells_final_postmortems(published):
    root = ET.fromstring((published() / "postmortems.atom").read_text("utf-8"))  # noqa: S314 - ours
    assert root.findtext(f"{ATOM}title") == "Test: postmortems"
    assert root.findtext(f"{ATOM}updated") == "2025-03-04T00:00:00Z"
    (entry,) = root.findall(f"{ATOM}entry")
    where = f"{ADDRESS}incidents/INC-2025-0001/postmortem/"
    assert entry.findtext(f"{ATOM}id") == where
    assert entry.find(f"{ATOM}link").get("href") == where
    assert entry.findtext(f"{ATOM}title") == "A worker that nobody restarted"
    assert [c.get("term") for c in entry.findall(f"{ATOM}category")] == ["SEV2", "orders"]
    summary = entry.findtext(f"{ATOM}summary")
    assert summary.startswith("Orders were late.\n\nThe worker of INC-2025-0001 had no")


def test_the_json_feed_tells_the_same(published):
    feed = json.loads((published() / "postmortems.json").read_text("utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{ADDRESS}knowledge-base/postmortems.json"
    (item,) = feed["items"]
    assert item["url"] == f"{ADDRESS}incidents/INC-2025-0001/postmortem/"
    assert item["date_published"] == "2025-03-04T00:00:00Z"
    assert item["tags"] == ["SEV2", "orders"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("status: final", "status: draft"),
        ("published_on: 2025-03-04\n", ""),
        ("published_on: 2025-03-04", "published_on: 2025-05-04"),
    ],
    ids=["draft", "undated", "not yet"],
)
def test_what_is_not_published_is_in_no_feed(published, old, new):
    folder = published(**{REVIEW: POSTMORTEM.replace(old, new)})
    assert json.loads((folder / "postmortems.json").read_text())["items"] == []
    assert "<entry>" not in (folder / "postmortems.atom").read_text()


def test_without_an_address_there_are_no_feeds_but_the_rest(published):
    folder = published(url="")
    assert not (folder / "postmortems.atom").exists()
    assert not (folder / "postmortems.json").exists()
    (incident,) = json.loads((folder / "incidents.json").read_text())["incidents"]
    assert incident["url"] == "incidents/INC-2025-0001/incident/"
    assert "URL" not in (folder / "due.ics").read_text()


def test_feeds_can_be_left_out(published):
    folder = published(more=", feeds: false")
    assert not list(folder.glob("*.*s*on")) + list(folder.glob("*.ics"))


def test_the_calendar_holds_what_is_due(published):
    review = POSTMORTEM.replace(
        "status: final", "status: in-review\nreview_meeting_at: 2025-04-02T14:00+02:00"
    )
    calendar = Calendar.from_ical((published(**{REVIEW: review}) / "due.ics").read_bytes())
    events = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    assert set(events) == {
        "Restart the worker by itself (@orders-team)",
        "Postmortem of INC-2025-0001",
        "Review of A worker that nobody restarted",
    }
    action = events["Restart the worker by itself (@orders-team)"]
    assert action.decoded("dtstart") == date(2025, 3, 20)
    assert action["url"] == f"{ADDRESS}incidents/INC-2025-0001/postmortem/"
    deadline = events["Postmortem of INC-2025-0001"].decoded("dtstart")
    assert deadline == datetime(2025, 3, 5, 9, 24, tzinfo=UTC)
    meeting = events["Review of A worker that nobody restarted"].decoded("dtstart")
    assert meeting == datetime(2025, 4, 2, 12, 0, tzinfo=UTC)
    assert len({str(event["uid"]) for event in events.values()}) == 3


def test_all_incidents_are_data_as_their_schema_says(published):
    data = json.loads((published() / "incidents.json").read_text("utf-8"))
    jsonschema.validate(data, bundled("incidents", [], None), format_checker=format_checker())
    (incident,) = data["incidents"]
    assert incident["id"] == "INC-2025-0001"
    assert (incident["began_at"], incident["minutes"]) == ("2025-03-03T08:00:00Z", 84)
    assert [action["overdue_days"] for action in incident["actions"]] == [12, 0]
    assert incident["postmortems"][0]["published_on"] == "2025-03-04"


def test_the_sample_knowledge_base_follows_the_schema(tmp_path):
    root = Path(__file__).parent.parent
    done = build(root, "--site-dir", str(tmp_path / "site"))
    assert done.code == 0, done.log
    data = json.loads((tmp_path / "site/knowledge-base/incidents.json").read_text("utf-8"))
    jsonschema.validate(data, bundled("incidents", [], None), format_checker=format_checker())
    assert len(data["incidents"]) > 20


def test_text_that_xml_and_utf8_cannot_hold_is_replaced(published):
    odd = POSTMORTEM.replace("A worker that nobody restarted", '"Odd \\x0b \\uFFFF <b> & ]]>"', 1)
    folder = published(**{REVIEW: odd})
    root = ET.fromstring((folder / "postmortems.atom").read_text("utf-8"))  # noqa: S314 - ours
    assert "<b> & ]]>" in root.find(f"{ATOM}entry").findtext(f"{ATOM}title")
    json.loads((folder / "incidents.json").read_text("utf-8"))
    Calendar.from_ical((folder / "due.ics").read_bytes())


def test_a_file_of_the_users_own_stays_and_is_said_aloud(tmp_path):
    files = {
        **CONFIGURED,
        "mkdocs.yml": YML.format(url="", more=""),
        "docs/knowledge-base/due.ics": "mine",
    }
    done = build(write(tmp_path, files))
    assert (done.site / "knowledge-base/due.ics").read_text() == "mine"
    assert "`knowledge-base/due.ics` is left out" in done.log


def test_an_incident_without_times_is_there_with_nothing_made_up(published):
    bare = INCIDENT.partition("## Timeline")[0]
    folder = published(
        **{"incidents/INC-2025-0001/incident.md": bare}, more=", on_findings: ignore"
    )
    (incident,) = json.loads((folder / "incidents.json").read_text())["incidents"]
    assert (incident["began_at"], incident["resolved_at"], incident["minutes"]) == (
        None,
        None,
        None,
    )
