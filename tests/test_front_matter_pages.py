"""What front matter says stands on its record's page and is found by the search: no field of a schema is forgotten."""

import json
import re
from functools import cache
from html import unescape

import pytest
import yaml
from site_support import ROOT, build, write

from mkdocs_incident.pages.records import PAGE_KEYS

CONFIG = """\
site_name: Test
plugins:
  - search
  - incident:
      as_of: 2025-06-15T15:00Z
      on_findings: ignore
"""
THEMES_OWN = {*PAGE_KEYS, "nav_title"} - {"tags"}
"""Keys that themes read, and nobody else."""
MEANT = {"id", "incident", "incidents", "duration", "kind", "at"}
"""Fields whose text has a meaning that pages show in words of their own, or that names the record."""
LINKS = {"uri", "uri-reference"}


@cache
def schema(name):
    return json.loads((ROOT / f"schemas/{name}.schema.json").read_text())


def resolved(node, root):
    """The node that a reference leads to, and the schema that it stands in."""
    if "$ref" not in node:
        return node, root
    address, _, pointer = node["$ref"].partition("#")
    target = root = schema(address.rpartition(":")[2]) if address else root
    for part in filter(None, pointer.split("/")):
        target = target[part]
    found, root = resolved(target, root)
    return {**found, **{key: value for key, value in node.items() if key != "$ref"}}, root


class Filled:
    """A record with every field of its schema, each text a word of its own."""

    def __init__(self, kind, mark, **given):
        self.mark = mark
        self.words = {}
        self.links = set()
        self.record = {**self.value(schema(kind), schema(kind), ()), **given}

    def value(self, node, root, route):
        node, root = resolved(node, root)
        kinds = node.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if "const" in node or "enum" in node:
            return node.get("const") or node["enum"][0]
        if "object" in kinds:
            return {
                name: self.value(entry, root, (*route, name))
                for name, entry in node["properties"].items()
                if route or name not in THEMES_OWN
            }
        if "string" in kinds:
            return self.text(node.get("format"), route)
        if "array" in kinds:
            return [self.value(node["items"], root, (*route, "x"))]
        return True if "boolean" in kinds else 7

    def text(self, form, route):
        if form == "date":
            return "2025-03-04"
        if form == "instant":
            return "2025-03-04T10:00Z"
        names = [name for name in route if name != "x"]
        word = f"{self.mark}{''.join(names).replace('_', '')}z"  # no word is a part of another
        if names[-1] not in MEANT:
            self.words[".".join(names)] = word
        if form in LINKS or names[-2:] == ["evidence", "path"]:
            self.links.add(word)
        return f"https://{word}.example/" if form in LINKS else word


INCIDENT = {"id": "INC-2025-0001", "severity": "SEV2", "duration": "2 h"}
HELD = "---\nid: INC-2025-0002\nseverity: SEV2\nstatus: closed\ntitle: Held\n---\n\n# Held\n"
FILLED = {
    "incidents/INC-2025-0001/incident.md": Filled("incident", "wa", **INCIDENT, status="closed"),
    "incidents/INC-2025-0003/incident.md": Filled(
        "incident", "wb", **INCIDENT | {"id": "INC-2025-0003"}, status="investigating"
    ),
    "incidents/INC-2025-0002/postmortem.md": Filled(
        "postmortem",
        "wc",
        **INCIDENT | {"id": "INC-2025-0002"},
        incidents=["INC-2025-0002"],
        status="final",
    ),
    "incidents/INC-2025-0004/postmortem.md": Filled(
        "postmortem",
        "wd",
        **INCIDENT | {"id": "INC-2025-0004"},
        incidents=["INC-2025-0004"],
        status="draft",
    ),
    "incidents/INC-2025-0002/plan.md": Filled(
        "mitigation-plan", "we", incident="INC-2025-0002", status="active"
    ),
    "runbooks/orders.md": Filled("runbook", "wf", id="RB-orders"),
}
NAMES = ["closed", "live", "two files", "stands in", "plan", "runbook"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    files = {"mkdocs.yml": CONFIG, "docs/index.md": "# Home\n"}
    files["incidents/INC-2025-0002/incident.md"] = HELD
    files |= {
        path: f"---\n{yaml.safe_dump(filled.record, sort_keys=False)}---\n"
        for path, filled in FILLED.items()
    }
    files |= {
        f"{path.rpartition('/')[0]}/{filled.mark}evidencepathz": "age\n"
        for path, filled in FILLED.items()
    }
    done = build(write(tmp_path_factory.mktemp("site"), files))
    assert done.code == 0, done.log
    return done


def main_part(page):
    """A page without its title and navigation."""
    return page.partition('class="inc inc-record-page"')[2].partition('id="linked-from"')[0].lower()


def missing(words, text):
    return {name: word for name, word in words.items() if word not in text}


@pytest.mark.parametrize("path", FILLED, ids=NAMES)
def test_every_text_of_front_matter_stands_on_the_page(site, path):
    page = main_part(site.page(f"{path.removesuffix('.md')}/index.html"))
    links = FILLED[path].links
    plain = unescape(re.sub(r"<[^>]+>", " ", page))
    assert missing(FILLED[path].words, page) == {}
    texts = {name: word for name, word in FILLED[path].words.items() if word not in links}
    assert missing(texts, plain) == {}


@pytest.mark.parametrize("path", FILLED, ids=NAMES)
def test_every_text_of_front_matter_is_found_by_the_search(site, path):
    entries = json.loads(site.page("search/search_index.json"))["docs"]
    own = [e for e in entries if e["location"].startswith(f"{path.removesuffix('.md')}/")]
    said = " ".join(f"{entry['title']} {entry['text']}" for entry in own).lower()
    texts = {name: w for name, w in FILLED[path].words.items() if w not in FILLED[path].links}
    assert missing(texts, said) == {}


def test_the_schemas_are_filled_to_their_depth():
    words = FILLED["incidents/INC-2025-0002/postmortem.md"].words
    assert {"summary", "runbook_updates.symptoms", "action_items.ticket", "timeline.notes"} <= {
        *words
    }
    assert "horizons.long_term.actions.rollback" in FILLED["incidents/INC-2025-0002/plan.md"].words


SECTIONS = """\
## Summary

Orders stayed.

## Root cause

The worker hangs.

## What went well

- The alert fired

## Lessons learned

- Watch the worker
"""
TOLD = """\
---
incidents: [INC-2025-0002]
title: Told twice
status: final
root_cause: The worker hangs.
what_went_poorly: [Nobody looked]
summary: |
  Orders stayed.

  For these reasons:
  - the worker
  - the queue
---

# Told twice

"""
STEPS = """\
---
kind: mitigation-plan
incident: INC-2025-0002
status: active
summary: { problem: Orders wait., impact: Late., solution: Two workers., eta: 2025-06-15T21:00Z }
horizons:
  immediate:
    actions:
      - title: Restart it
        risk: Orders may be sent twice
        how: |
          jobctl pause orders
          jobctl resume orders
---
"""


@pytest.fixture
def page(tmp_path):
    def page(text, name="postmortem"):
        files = {"mkdocs.yml": CONFIG, "docs/index.md": "# Home\n"}
        files["incidents/INC-2025-0002/incident.md"] = HELD
        files[f"incidents/INC-2025-0002/{name}.md"] = text
        done = build(write(tmp_path, files))
        assert done.code == 0, done.log
        return done.page(f"incidents/INC-2025-0002/{name}/index.html")

    return page


def test_what_the_body_tells_is_not_told_again(page):
    told = page(TOLD + SECTIONS)
    assert told.count("The worker hangs.") == 1
    assert re.findall(r'<h2 id="(inc-[^"]*)"', told) == ["inc-summary", "inc-what_went_poorly"]
    assert told.count("The alert fired") == 1


def test_paragraphs_and_lists_of_a_text_stay_apart(page):
    told = page(TOLD).partition('id="inc-summary"')[2].partition("</section>")[0]
    assert re.findall("<p>(.*?)</p>", told) == [
        "Orders stayed.",
        "For these reasons:",
        "- the worker",
        "- the queue",
    ]


def test_a_plan_says_how_and_when(page):
    told = page(STEPS, "plan")
    assert "<pre><code>jobctl pause orders\njobctl resume orders\n</code></pre>" in told
    text = " ".join(re.sub(r"<[^>]+>", " ", told).split())
    assert "15 Jun 2025, 21:00 UTC ETA" in text or "ETA 15 Jun 2025, 21:00 UTC" in text
    assert "Risk: Orders may be sent twice In detail How jobctl" in text
    assert "Impact Late. Solution Two workers." in text


def test_actions_that_the_body_tells_are_not_told_again(page):
    body = """
## Immediate actions

- [ ] Restart it
  - **How:** jobctl resume orders
  - **Risk:** Low (orders may be sent twice)
"""
    front = STEPS.partition("horizons:")[0] + "---\n\n# Get the queue going\n"
    told = page(front + body, "plan")
    assert 'data-risk="low"' in told
    assert told.count("orders may be sent twice") == told.count("jobctl resume orders") == 1
