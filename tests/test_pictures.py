"""Pictures of an incident's page: true to scale, readable, and every text in them only text."""

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_support import build, write

from mkdocs_incident.insights.cadence import Cadence
from mkdocs_incident.pages.fishbone import fishbone
from mkdocs_incident.pages.lettering import LETTER
from mkdocs_incident.pages.response_timeline import LAYOUTS, Mark, Timeline

SVG = "{http://www.w3.org/2000/svg}"
MINUTE = timedelta(minutes=1)
HOSTILE = "<script>alert(1)</script> & \"quotes\" 'of' </title></svg><b onload=x>"


def record(ident, timeline, *fields, status="closed"):
    head = ("---", f"id: {ident}", "title: Labels are late", "severity: SEV1", f"status: {status}",
            'incident_commander: "@labels-lead"', *fields, "---", "", "## Timeline (UTC)", "")  # fmt: skip
    return "\n".join([*head, *(f"- {entry}" for entry in timeline), ""])


MIDNIGHT = record(
    "INC-2025-0001",
    [
        "2025-05-01 23:40 — Printers stall (started)",
        "2025-05-01 23:50 — Detected: alert fires",
        "2025-05-01 23:55 — @labels-oncall acknowledges",
        "2025-05-02 00:20 — Cause identified: a full queue",
        "2025-05-02 00:30 — Mitigated: queue emptied",
        "2025-05-02 01:20 — Resolved",
    ],
    "communications:",
    "  - { at: 2025-05-02T00:00Z, audience: customers, text: Labels are late }",
    "  - { at: 2025-05-02T00:10Z, audience: customers, text: Still late }",
    "  - { at: 2025-05-02T00:51Z, audience: customers, text: On time again }",
)
HUNDREDS = record(
    "INC-2025-0002",
    [
        "2025-05-05 08:00 — Detected",
        *(f"2025-05-05 {8 + n // 60:02}:{n % 60:02} — Log line {n}" for n in range(1, 199)),
        "2025-05-05 11:30 — Resolved",
    ],
)
HOSTILE_TEXT = record(
    "INC-2025-0003",
    ["2025-05-06 08:00 — Detected", f"2025-05-06 08:30 — {HOSTILE}", "2025-05-06 09:00 — Resolved"],
)
AT_ONCE = record(
    "INC-2025-0004", ["2025-05-07 08:00 — Detected", "2025-05-07 08:00 — Resolved at once"]
)
ONE_ENTRY = record("INC-2025-0005", ["2025-05-08 08:00 — Detected: alert fires"])
DAYS = record(
    "INC-2025-0006",
    [
        "2025-05-10 08:00 — Labels are blank (started)",
        "2025-05-10 08:05 — Detected",
        "2025-05-10 08:20 — Cause identified: the font is gone",
        "2025-05-10 08:30 — Mitigated: old font",
        "2025-05-16 12:00 — Resolved",
    ],
)
LATE_CROWD = record(
    "INC-2025-0007",
    [
        "2025-05-19 02:00 — New fonts are installed",
        "2025-05-20 01:00 — The first printer restarts",
        "2025-05-20 02:00 — Labels are blank (started)",
        "2025-05-20 09:50 — Detected",
        "2025-05-20 09:52 — @labels-oncall acknowledges",
        "2025-05-20 09:54 — Cause identified: the font is gone",
        "2025-05-20 09:56 — Mitigated: old font",
        "2025-05-20 10:00 — Resolved",
    ],
)
LIVE = record(
    "INC-2025-0008",
    ["2025-06-30 22:00 — Detected", "2025-06-30 22:30 — Cause identified: a full queue"],
    status="identified",
)
RECORDS = {
    "midnight": MIDNIGHT, "hundreds": HUNDREDS, "hostile": HOSTILE_TEXT, "at once": AT_ONCE,
    "one entry": ONE_ENTRY, "days": DAYS, "late crowd": LATE_CROWD, "live": LIVE,
}  # fmt: skip
DRAWN = [name for name in RECORDS if name not in {"at once", "one entry"}]
NAMES = [layout.name for layout in LAYOUTS]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    files = {
        "mkdocs.yml": "site_name: T\nplugins:\n  - incident: {as_of: 2025-07-01T00:00Z, on_findings: ignore}\n",
        "docs/index.md": "# Home\n",
    }
    paths = {name: f"incidents/INC-2025-000{i}" for i, name in enumerate(RECORDS, start=1)}
    files |= {f"{paths[name]}/incident.md": text for name, text in RECORDS.items()}
    done = build(write(tmp_path_factory.mktemp("pictures"), files))
    assert done.code == 0, done.log
    return {name: done.page(f"{path}/incident/index.html") for name, path in paths.items()}


def drawing(page, layout="wide"):
    found = re.search(
        rf'<svg class="inc-timeline inc-timeline--{layout}".*?</svg>', page, re.DOTALL
    )
    return ET.fromstring(found[0])  # noqa: S314 - our own


def groups(svg, kind):
    return [g for g in svg.iter(f"{SVG}g") if g.get("class") == f"inc-{kind}"]


def place(element, name="x"):
    return float(element.get(name).removesuffix("%"))


def milestones(svg):
    """Milestone → place in percent."""
    return {
        flag.find(f"{SVG}title").text.split(":")[0]: place(flag.find(f"{SVG}line"), "x1")
        for flag in groups(svg, "flag")
    }


@pytest.mark.parametrize("layout", NAMES)
def test_a_minute_is_as_wide_as_any_other(pages, layout):
    svg = drawing(pages["midnight"], layout)
    at = milestones(svg)
    whole = 100  # minutes from the start to the resolution, and percent of the picture
    expected = {"Started": 0, "Detected": 10, "Acknowledged": 15, "Identified": 40, "Mitigated": 50,
                "Resolved": whole}  # fmt: skip
    assert at == pytest.approx(expected, abs=0.01)
    bars = {g.get("data-phase"): (place(g[1]), place(g[1], "width")) for g in groups(svg, "phase")}
    assert bars == {
        "detect": pytest.approx((0, 10), abs=0.01),
        "respond": pytest.approx((10, 30), abs=0.01),
        "mitigate": pytest.approx((40, 10), abs=0.01),
        "monitor": pytest.approx((50, 50), abs=0.01),
    }


def test_the_axis_names_the_day_at_midnight(pages):
    labels = {g[1].text: place(g[1]) for g in groups(drawing(pages["midnight"]), "axis")}
    assert labels["2 May"] == pytest.approx(20, abs=0.01)
    assert labels["01:00"] == pytest.approx(80, abs=0.01)


def test_a_silence_that_broke_the_cadence_is_marked_with_its_length(pages):
    svg = drawing(pages["midnight"])
    told = [g.find(f"{SVG}text").text for g in groups(svg, "silence")]
    assert told == ["41 min", "29 min"]
    states = [g.get("data-state") for g in groups(svg, "update")]
    assert states == ["kept", "kept", "late"]
    assert "more than 15\N{NO-BREAK SPACE}min of silence" in pages["midnight"]


@pytest.mark.parametrize("layout", NAMES)
def test_every_entry_is_a_mark_with_its_words(pages, layout):
    titles = [g[0].text for g in groups(drawing(pages["hundreds"], layout), "entry")]
    assert len(titles) == 200
    assert titles[117] == "5 May 2025, 09:57 UTC: Log line 117"


def test_words_of_a_record_are_never_markup(pages):
    page = pages["hostile"]
    assert "<script>alert(1)" not in page
    assert "onload=x>" not in page.replace("onload=x&gt;", "")
    for layout in NAMES:
        titles = [g[0].text for g in groups(drawing(page, layout), "entry")]
        assert HOSTILE in titles[1]


@pytest.mark.parametrize("name", ["at once", "one entry"])
def test_what_has_no_length_is_not_drawn_and_says_so(pages, name):
    assert "inc-timeline" not in pages[name]
    assert "Too few different moments are recorded" in pages[name]


def test_a_phase_that_dwarfs_the_others_is_said_in_words(pages):
    assert "Monitor takes 99 % of the picture" in pages["days"]
    assert "hardly show" not in pages["midnight"]


def test_an_entry_long_before_is_told_and_one_shortly_before_is_drawn(pages):
    titles = [g[0].text for g in groups(drawing(pages["late crowd"]), "entry")]
    assert titles[0] == "20 May 2025, 01:00 UTC: The first printer restarts"
    assert milestones(drawing(pages["late crowd"]))["Started"] == pytest.approx(100 / 9, abs=0.01)
    assert "1 entry long before or after the response is not drawn" in pages["late crowd"]
    assert "is not drawn" not in pages["midnight"]


def test_a_response_of_days_tells_days(pages):
    svg = drawing(pages["days"])
    assert "Resolved 16 May" in [text.text for text in svg.iter(f"{SVG}text")]
    axis = [g[1].text for g in groups(svg, "axis")]
    assert axis == ["11 May", "12 May", "13 May", "14 May", "15 May", "16 May"]


def test_a_live_response_goes_on_until_now(pages):
    svg = drawing(pages["live"])
    last = groups(svg, "phase")[-1]
    assert last.find(f"{SVG}title").text == "mitigate: 1 h 30 min so far"
    assert place(last[1]) == pytest.approx(25, abs=0.01)
    assert place(last[1]) + place(last[1], "width") == pytest.approx(100, abs=0.01)


def boxes(svg, layout):
    """The labels of milestones as rectangles, and their poles as lines, in pixels."""
    labels, poles = [], []
    for flag in groups(svg, "flag"):
        line, text = flag.find(f"{SVG}line"), flag.find(f"{SVG}text")
        x = place(line, "x1") * layout.width / 100
        poles.append((x, float(line.get("y1")), float(line.get("y2"))))
        if text is not None:
            length = len(text.text) * LETTER
            left = x + float(text.get("dx")) - (length if text.get("text-anchor") == "end" else 0)
            bottom = float(text.get("y"))
            labels.append((left, left + length, bottom - 10, bottom))
    return labels, poles


@pytest.mark.parametrize("layout", LAYOUTS, ids=NAMES)
@pytest.mark.parametrize("name", DRAWN)
def test_no_label_overlaps_another_or_is_struck_by_a_pole(pages, name, layout):
    svg = drawing(pages[name], layout.name)
    labels, poles = boxes(svg, layout)
    assert len(labels) == len(poles) > 1
    for (l1, r1, t1, b1), (l2, r2, t2, b2) in combinations(labels, 2):
        assert r1 <= l2 or r2 <= l1 or b1 <= t2 or b2 <= t1
    for left, right, top, bottom in labels:
        assert top >= 0
        assert right <= layout.width + 90
        assert not any(left < x < right and t < bottom and top < b for x, t, b in poles)


MOMENTS = st.lists(st.integers(0, 10_000), min_size=2, max_size=10, unique=True).map(sorted)


@given(MOMENTS, st.sampled_from(["Detected", "Acknowledged", "IC assigned"]))
def test_no_label_overlaps_wherever_the_milestones_are(minutes, name):
    origin = datetime(2025, 5, 1, tzinfo=UTC)
    at = [origin + minute * MINUTE for minute in minutes]
    marks = tuple(Mark(moment, name, "detected") for moment in at)
    silent = Cadence(None, 0, 0, (), "no-target", ())
    timeline = Timeline(at[0], at[-1], at[0], (), marks, (), (), silent, 0)
    for drawn in timeline.drawings:
        layout = drawn.layout
        shown = [flag for flag in drawn.flags if flag.label]
        assert shown
        for one, two in combinations(shown, 2):
            (l1, r1), (l2, r2) = one.ends(layout), two.ends(layout)
            assert one.row != two.row or r1 <= l2 or r2 <= l1
            for flag, other in ((one, two), (two, one)):
                left, right = flag.ends(layout)
                assert other.row <= flag.row or not left < other.pole(layout) < right
        labels = [(mark.x * layout.width / 100, len(mark.label) * LETTER) for mark in drawn.axis]
        for (x1, w1), (x2, w2) in pairwise(labels):
            assert x1 + w1 / 2 < x2 - w2 / 2


FACTORS = [
    ("Process", "Nobody rehearses the loss of the printing service, and the checklist for it is two years old"),
    ("technology", f"A {'very ' * 60}long factor"),
    ("technology", "One queue for all depots"),
    ("people", "Two teams, two rotas"),
    ("people", HOSTILE),
    (None, "It was Monday"),
]  # fmt: skip


def test_a_fishbone_wraps_and_stays_within_its_picture():
    bone = fishbone("Labels are late in all depots since the morning", FACTORS)
    assert [name for name, _ in bone.groups] == ["people", "process", "technology", "other"]
    assert [rib.name for rib in bone.ribs] == ["People", "Process", "Technology"]
    assert bone.width * 11 / 12 <= 640  # the least width that shows it, with words of 11 px or more
    for rib in bone.ribs:
        below = rib.y > bone.spine_y
        assert min(rib.y, rib.name_y - 10) >= 0
        assert max(rib.y, rib.name_y) <= bone.height
        for twig in rib.twigs:
            bottom = twig.y + 15 * (len(twig.lines) - 1)
            assert twig.x - max(map(len, twig.lines)) * LETTER > 0
            assert bone.spine_y < twig.y - 10 if below else bottom < bone.spine_y
            assert len(twig.lines) <= 5
            slope = (rib.spine_x - rib.top_x) / abs(rib.y - bone.spine_y)
            for y in (twig.y - 10, bottom):
                assert twig.x < rib.spine_x - abs(y - bone.spine_y) * slope
    spots = [
        (twig.x - 216, twig.x, line * 15 + twig.y - 12, line * 15 + twig.y)
        for rib in bone.ribs
        for twig in rib.twigs
        for line in range(len(twig.lines))
    ]
    for (l1, r1, t1, b1), (l2, r2, t2, b2) in combinations(spots, 2):
        assert r1 <= l2 or r2 <= l1 or b1 <= t2 or b2 <= t1


def test_factors_without_categories_are_a_list_and_no_picture():
    bone = fishbone("Labels are late", [(None, "One queue"), ("weather", "Rain")])
    assert not bone.is_drawn
    assert bone.groups == (("other", ("One queue", "Weather: Rain")),)
    assert fishbone("Labels are late", []) is None
