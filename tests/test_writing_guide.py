"""The guide on writing is true: its commands print what it says, on the sample knowledge base."""

import json
import re
import shlex
import shutil
from pathlib import Path

from authoring_support import errors

from mkdocs_incident.authoring.rendering import OWN_TEMPLATES
from mkdocs_incident.authoring.reviews import INVITED
from mkdocs_incident.authoring.updates import AUDIENCES

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs/guide/writing.md").read_text("utf-8")
SESSION = re.compile(r"^```console\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
ALERT = {
    "version": "4",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "SortingRejectRate", "severity": "warning"},
            "annotations": {},
            "startsAt": "2025-10-01T14:31:00Z",
        }
    ],
}


def commands():
    """Yield each command of the guide, with what it is said to print."""
    for block in SESSION.finditer(GUIDE):
        for part in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def test_every_command_prints_what_the_guide_says(tmp_path, run):
    for name in ("incidents", "runbooks", "monitoring"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "incident.yml", tmp_path)
    (tmp_path / "alert.json").write_text(json.dumps(ALERT), "utf-8")
    seen = 0
    for command, output in commands():
        assert run(*shlex.split(command)[1:]).stdout == output, command
        seen += 1
    assert seen > 7
    assert not errors(run, as_of="2025-10-01T15:10Z")


def test_the_guides_template_can_be_used(write, run):
    (shown,) = re.findall(r'^```jinja title="([^"]+)"\n(.*?)^```$', GUIDE, re.MULTILINE | re.DOTALL)
    assert shown[0].startswith(OWN_TEMPLATES)
    write({shown[0]: shown[1]})
    run("new", "incident", "--title", "Zahlung", "--severity", "SEV2", "--commander", "@a", "--at", "2025-06-15T14:30Z")  # fmt: skip
    told = run("comms", "INC-2025-0001", "--at", "2025-06-15T14:50Z").stdout
    assert told == (
        "Meldung 1 zu INC-2025-0001: Zahlung\n\nAuswirkung: [… wen es trifft]\n"
        "Nächste Meldung: 2025-06-15 15:20 UTC\n"
    )


def test_the_guide_names_every_audience_and_template():

    for audience in (*AUDIENCES, INVITED):
        assert f"`{audience}`" in GUIDE
    ours = ROOT / "mkdocs_incident/authoring/templates"
    assert {f.stem for f in (ours / "comms").iterdir()} == {*AUDIENCES, INVITED}
    for template in ours.glob("*.md"):
        assert f"`{template.name}`" in GUIDE
