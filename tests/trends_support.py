"""Small repositories over time, and what their pages draw and tell."""

import html
import re
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from site_support import build, write

CONFIG = "site_name: Test\nplugins:\n  - incident: {as_of: 2025-10-01, on_findings: ignore}\n"
PAGE = "knowledge-base/{}/index.html"
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"


def record(ident, began, minutes=None, severity="SEV3", fields="", *, services="orders"):
    """An incident that was detected at once, and resolved after so many minutes."""
    hours, rest = divmod(minutes or 0, 60)
    end = f"resolved_at: {began}T{hours:02}:{rest:02}Z" if minutes is not None else ""
    severity = f"severity: {severity}" if severity else ""
    return f"""\
---
kind: incident
id: {ident}
title: Orders wait in {ident}
{severity}
status: closed
incident_commander: "@orders-lead"
services: [{services}]
started_at: {began}T00:00Z
detected_at: {began}T00:00Z
{end}
{fields}
---

# Orders wait
"""


def repository(*records, **files):
    """A repository with these incidents, in the order given, and files by path."""
    incidents = {f"incidents/{number:03}.md": text for number, text in enumerate(records)}
    return {"mkdocs.yml": CONFIG, "docs/index.md": "# Home\n", **incidents, **files}


def builder(tmp_path):
    """Return what builds a repository."""

    def site(*records, **files):
        done = build(write(tmp_path, repository(*records, **files)), "--strict")
        assert done.code == 0, done.log
        return done

    return site


@dataclass
class Picture:
    """What a reader's browser is told to draw."""

    marks: dict = field(default_factory=dict)
    """Title → (per cent from the left, pixels from the top, shape)."""
    lines: list = field(default_factory=list)
    """(kind, pixels from the top, from and to in per cent)."""
    texts: list = field(default_factory=list)
    title: str = ""


def picture(done, name, page="trends"):
    """The picture of a measure, read as XML: it has to be well-formed."""
    text = done.page(PAGE.format(page))
    svg = re.search(rf'<svg class="inc-plot"[^>]*="plot-{name}-title.*?</svg>', text, re.DOTALL)
    if svg is None:
        return None
    bare = svg[0].replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ')
    root = ET.fromstring(bare)  # noqa: S314 - our own page
    assert root.get("role") == "img"
    labels = {root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")}
    assert set(root.get("aria-labelledby").split()) == labels

    def number(element, key):
        return float(element.get(key).removesuffix("%"))

    return Picture(
        marks={
            use.find(f"{SVG}title").text: (number(use, "x"), number(use, "y"), use.get(XLINK)[-1])
            for use in root.iter(f"{SVG}use")
        },
        lines=[
            (
                line.get("class").rpartition("-")[2],
                *(number(line, key) for key in ("y1", "x1", "x2")),
            )
            for line in root.iter(f"{SVG}line")
        ],
        texts=[text.text for text in root.iter(f"{SVG}text")],
        title=root.find(f"{SVG}title").text,
    )


def of_kind(drawn, kind):
    return [line[1:] for line in drawn.lines if line[0] == kind]


def measure(done, name):
    """The words of the part of the page that tells of a measure."""
    page = done.page(PAGE.format("trends"))
    part = re.search(rf'aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL)[1]
    return " ".join(
        html.unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", part, flags=re.DOTALL)).split()
    )
