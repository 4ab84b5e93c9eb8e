"""The formats of five teams, as each of them writes, under the preset whose levels it uses.

What is found is what a reader of the record would say, too: read `shapes/*.txt` with that in mind.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
INCIDENT, REVIEW = "incidents/{}/incident.md", "incidents/{}/postmortem.md"

OPEN_INCIDENT = """\
id: INC-2025-0066
title: Route export stalls
severity: SEV2
status: mitigating
incident_commander: "@route-lead"
detected_at: 2025-07-30T23:52Z
"""

SHAPES = {
    # preset, moment of the run, file → the shape in reading/ and the front matter that names it
    "response-with-phases": (
        "p1-p4",
        "2025-11-05",
        {INCIDENT.format("INC-2025-0140"): ("response-headings", "id: INC-2025-0140\n")},
    ),
    "postmortem-in-bullets": (
        "sev1-sev4",
        "2025-08-02",
        {REVIEW.format("INC-2025-0066"): ("postmortem-bullets", "incidents: [INC-2025-0066]\n")},
    ),
    "record-and-review": (
        "p0-p3",
        "2025-10-16",
        {
            INCIDENT.format("INC-2025-0112"): ("incident-record", "id: INC-2025-0112\n"),
            REVIEW.format("INC-2025-0112"): (
                "post-incident-review",
                "incidents: [INC-2025-0112]\n",
            ),
            "incidents/INC-2025-0112/preventive-actions.md": (
                "preventive-actions",
                "kind: postmortem\nincidents: [INC-2025-0112]\n",
            ),
        },
    ),
    "report-and-five-whys": (
        "sev1-sev4",
        "2025-09-04",
        {
            INCIDENT.format("INC-2025-0087"): ("incident-report", "id: INC-2025-0087\n"),
            REVIEW.format("INC-2025-0087"): ("five-whys-arrows", "incidents: [INC-2025-0087]\n"),
        },
    ),
    "plan-beside-an-open-incident": (
        "sev1-sev4",
        "2025-07-31T00:20Z",
        {
            "incidents/INC-2025-0066/mitigation-plan.md": (
                "plan-nested",
                "kind: mitigation-plan\n",
            ),
            INCIDENT.format("INC-2025-0066"): (
                None,
                OPEN_INCIDENT,
            ),
        },
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shape(name, write, run, update):
    preset, as_of, files = SHAPES[name]
    shown = {}
    for path, (shape, front) in files.items():
        body = (HERE / "reading" / shape / "input.md").read_text("utf-8") if shape else ""
        shown[path] = f"---\n{front}---\n\n{body}"
    write({"incident.yml": f"severity: {preset}\n", **shown})
    result = run("check", "--as-of", as_of)
    expected = HERE / "shapes" / f"{name}.txt"
    if update:
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(result.output, "utf-8")
    assert result.output == expected.read_text("utf-8")
