"""The document's title: what it says of the record's kind, id and name."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal, get_args

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block, Heading
from mkdocs_incident.source.labels import bare, without_bold
from mkdocs_incident.source.synonyms import normalised, synonyms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mkdocs_incident.source.draft import Draft
    from mkdocs_incident.source.text import Fragment

Kind = Literal["incident", "postmortem", "runbook", "mitigation-plan"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ID = regex(r"\b[A-Z][A-Z0-9]{1,9}-(?:\d{4}-)?\d{1,6}\b")

_LEADING_ID = regex(rf"\[?(?P<id>{ID.pattern})\]?\s*(?:[:：—–|-]+\s*|$|(?=\s))")
_LEADING_WORDS = regex(r"(?P<words>[^:：]{2,50}?)(?:\s*[:：]\s*|\s+[—–|-]+\s+|$)")
_FILE_NAMES = (
    ("postmortem", ("postmortem", "post mortem", "post incident review")),
    ("mitigation-plan", ("mitigation plan",)),
    ("runbook", ("runbook",)),
)
_WHOLE_NAMES = {
    "incident": "incident",
    "pir": "postmortem",
    "review": "postmortem",
    "retrospective": "postmortem",
    "plan": "mitigation-plan",
}
_FOLDERS = {
    "runbooks": "runbook",
    "runbook": "runbook",
    "playbooks": "runbook",
}
_REVIEWS = {"postmortems", "post-mortems"}
_INCIDENTS = {"incidents", "incident-reports", "incident_reports", "outages"}


def kind_named(name: str | None) -> Kind | None:
    """Return the kind of record that has a name; None where none has."""
    return next((kind for kind in KINDS if kind == name), None)


def infer_kind(path: str, data: Mapping[str, Any], blocks: Sequence[Block]) -> Kind:
    """Return the kind of a document that does not name it, by folder, file name, fields and title."""
    return kind_named(told_kind(path, data, blocks)[0]) or "incident"


def told_kind(
    path: str, data: Mapping[str, Any], blocks: Sequence[Block]
) -> tuple[str, str, int | None]:
    """Return the kind that path, fields and title tell, what tells it, and on which line.

    The kind is empty if none of them does, the line None if it is not the title.
    """
    parts = PurePosixPath(path)
    folders = [part.lower() for part in parts.parts[:-1]]
    heading = next((block.text for block in blocks if isinstance(block, Heading)), None)
    stem = normalised(parts.stem.replace("-", " ").replace("_", " "))
    runbooks = next((folder for folder in folders if folder in _FOLDERS), "")
    reviews = next((folder for folder in folders if folder in _REVIEWS), "")
    incidents = next((folder for folder in folders if folder in _INCIDENTS), "")
    tellings = (
        (_FOLDERS.get(runbooks, ""), f"folder `{runbooks}`"),
        (_kind_of_file_name(stem), "file name"),
        (_kind_of_fields(data), "front matter"),
        (_split(heading)[0] if heading is not None else "", "title"),
        ("postmortem" if reviews else "", f"folder `{reviews}`"),
        ("incident" if incidents else "", f"folder `{incidents}`"),
        ("incident" if {"incident", "outage"} & {*stem.split()} else "", "file name"),
    )
    kind, what = next((telling for telling in tellings if telling[0]), ("", ""))
    return kind, what, heading.line if what == "title" and heading is not None else None


def _kind_of_file_name(stem: str) -> str:
    for kind, words in _FILE_NAMES:
        if any(word in stem for word in words):
            return kind
    return _WHOLE_NAMES.get(stem, "")


def _kind_of_fields(data: Mapping[str, Any]) -> str:
    if "incidents" in data:
        return "postmortem"
    if "horizons" in data:
        return "mitigation-plan"
    return "runbook" if str(data.get("id", "")).startswith("RB-") else ""


def _split(heading: Fragment) -> tuple[str, Fragment | None, Fragment]:
    """Split ``Postmortem: INC-2025-0142 — Title`` into kind, id and what remains as the title."""
    kind = ""
    ident: Fragment | None = None
    rest = bare(heading)
    while True:
        if ident is None and (match := _LEADING_ID.match(rest.text)):
            ident = rest.cut(match.start("id"), match.end("id"))
            rest = rest.cut(match.end())
            continue
        words = None if kind else _LEADING_WORDS.match(rest.text)
        kind = kind or (synonyms().titles.get(normalised(words["words"]), "") if words else "")
        if words and kind and (words.end("words") < len(rest.text) or ident is not None):
            rest = rest.cut(words.end())
            continue
        return kind, ident, rest


def read_title(draft: Draft, heading: Fragment) -> None:
    """Read the record's title and the id of the incident or runbook that stands in it."""
    _, ident, rest = _split(heading)
    title = rest if rest.text else heading
    draft.put(("title",), without_bold(title.text), title)
    if ident is None:
        return
    if draft.kind == "incident":
        draft.put(("id",), ident.text, ident)
    elif draft.kind == "mitigation-plan":
        draft.put(("incident",), ident.text, ident)
    elif draft.kind == "postmortem" and "incidents" not in draft.front:
        draft.add("incidents", ident.text, ident)
    elif draft.kind == "runbook" and ident.text.startswith("RB-"):
        draft.put(("id",), ident.text, ident)
