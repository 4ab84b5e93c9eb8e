"""The closing report of one incident, as Markdown: what was promised, kept, found and is still due."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.actions import TrackedAction
from mkdocs_incident.insights.cadence import FirstWord, State
from mkdocs_incident.insights.follow_up import FollowUp, minute
from mkdocs_incident.insights.markdown_text import inline, link, paragraphs, table
from mkdocs_incident.insights.metrics import Step
from mkdocs_incident.insights.root_cause import root_cause
from mkdocs_incident.insights.runbook_edits import rebased
from mkdocs_incident.insights.runbook_lessons import LACKING
from mkdocs_incident.language import gettext, marked
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import mappings, text
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import counted, moment, span

NOT_RECORDED = marked("not recorded")
_NO_TARGET = "none"

_MEASURED = {
    "detect": "From start to detection",
    "classify": "From detection to classification",
    "assign": "From detection to an incident commander",
    "acknowledge": "From detection to acknowledgement",
    "engage": "From detection to engagement",
    "mitigate": "From detection to mitigation",
    "resolve": "From detection to resolution",
}
_TOLD_BY = {
    "detection": "; this is its detection, the start is not recorded",
    "first-entry": "; this is the first known moment, neither start nor detection is recorded",
}


def closing_report(corpus: Corpus, incident: Incident, as_of: datetime) -> list[str]:
    """Return the report line by line; links are relative to the root of the repository."""
    known = FollowUp(corpus, incident, as_of)
    report = _Report(known)
    sections = {
        "Response": report.response_table(),
        "Root cause": report.root_cause(),
        "Mitigation": report.mitigations(),
        "Action items": report.actions(),
        "Artefacts": report.artefacts(),
        "Next steps": [f"- {step}" for step in known.next_steps] or ["Nothing is left to do."],
    }
    lines = [*report.head(), *report.facts()]
    for title, body in sections.items():
        lines += ["", f"## {title}", "", *body]
    return lines


class _Report(msgspec.Struct, frozen=True):
    known: FollowUp

    def head(self) -> list[str]:
        kind = "Closing report" if self.known.measured.is_over else "Report on a live incident"
        ident, title = (
            self.known.incident.id or self.known.incident.document.path,
            self.known.incident.title,
        )
        states = [state for _, _, target, state, _ in self._rows() if target != _NO_TARGET]
        stand: dict[State, str] = {
            "met": "met",
            "missed": "missed",
            "pending": "still ahead",
            "unknown": "unknown",
        }
        counts = [(states.count(state), words) for state, words in stand.items()]
        told = ", ".join(f"{count} {words}" for count, words in counts if count)
        promised = f"Of {counted(len(states), 'target')}: {told}" if states else "No target was set"
        steps = len(self.known.next_steps)
        due = f"{counted(steps, 'step')} still to take" if steps else "nothing left to do"
        return [
            f"# {kind}: {inline(ident)}{f', {inline(title)}' if title != ident else ''}",
            "",
            f"{promised}; {due}.",
            "",
            f"As of {moment(self.known.as_of)}. All times are UTC.",
            "",
        ]

    def facts(self) -> list[str]:
        incident, begin = self.known.incident, self.known.measured.begin
        impact = self._impact()
        began = NOT_RECORDED
        if begin is not None:
            about = "about " if begin.approximate else ""
            began = f"{about}{minute(begin.at)}{_TOLD_BY.get(begin.told_by, '')}"
        resolved, duration = self.known.measured.resolved_at, self.known.measured.duration
        rows = {
            "Severity": inline(incident.severity or NOT_RECORDED),
            "Status": inline(incident.status),
            "Services": inline(", ".join(incident.services) or NOT_RECORDED),
            "Incident commander": inline(incident.commander or NOT_RECORDED),
            "Began": began,
            "Resolved": minute(resolved)
            if resolved
            else (NOT_RECORDED if self.known.measured.is_over else "not yet"),
            "Duration": span(duration)
            if duration is not None
            else (NOT_RECORDED if self.known.measured.is_over else "not over"),
            **impact,
        }
        return table(["Fact", "Recorded"], ([name, value] for name, value in rows.items()))

    def _impact(self) -> dict[str, str]:
        """Return what is known of the harm; of what is not, only that it is not."""
        found: dict[str, Any] = {}
        where = self.known.incident.document
        for document in self.known.incident.documents:
            impact = document.record.get("impact")
            if isinstance(impact, dict) and not found:
                found, where = impact, document
        shown: dict[str, str] = {}
        summary = text(found, "summary")
        if summary or not found:
            shown["Impact"] = self._said(summary or NOT_RECORDED, where)
        users, share = found.get("users_affected"), found.get("users_affected_percent")
        parts = [f"{users:,}" if isinstance(users, int) and not isinstance(users, bool) else ""]
        if isinstance(share, int | float) and not isinstance(share, bool):
            parts.append(f"({share:g} %)" if parts[0] else f"{share:g} %")
        shown["Users affected"] = " ".join(filter(None, parts)) or NOT_RECORDED
        failed = found.get("requests_failed")
        if isinstance(failed, int) and not isinstance(failed, bool):
            shown["Requests failed"] = f"{failed:,}"
        for name, title in (("revenue", "Revenue"), ("data_loss", "Data loss")):
            value = found.get(name)
            if isinstance(value, bool):
                value = "yes" if value else "no"
            if isinstance(value, str | int | float):
                shown[title] = self._said(str(value), where)
        return shown

    def response_table(self) -> list[str]:
        rows = [[name, took, target, result] for name, took, target, _, result in self._rows()]
        lines = table(["Measure", "Took", "Target", "Result"], rows)
        return [*lines, "", self._order()]

    def _order(self) -> str:
        """Say whether harm was ended before its cause was found."""
        if self.known.measured.mitigated_first:
            return "Harm was ended no later than its cause was found."
        if self.known.measured.mitigated_first is not None:
            ended = "mitigated" in self.known.measured.moments
            return (
                "The cause was found before harm was ended."
                if ended
                else "The cause is found, harm is not ended yet."
            )
        if self.known.measured.is_over:
            return "Whether harm was ended before its cause was found is not recorded."
        return "Neither is the cause found, nor is harm ended."

    def _rows(self) -> Iterator[tuple[str, str, str, State, str]]:
        """Yield each measure: its name, what it took, its target, how that stands, in words."""
        for step in self.known.measured.steps:
            target = span(step.target) if step.target is not None else _NO_TARGET
            yield _MEASURED[step.name], took(step), target, step.state, _verdict(step)
        cadence = self.known.measured.cadence
        longest = cadence.longest
        silence, beyond = NOT_RECORDED, None
        if longest is not None:
            silence = f"{span(longest.counted)}, {_between(longest.since, longest.until)}"
            beyond = longest.counted - cadence.every if cadence.every is not None else None
        if not cadence.heard and not self.known.measured.is_over:
            silence += ", no update recorded"
        result = _result(cadence.state, beyond, "no update with a time is recorded")
        every = span(cadence.every) if cadence.every is not None else _NO_TARGET
        yield "Longest silence towards stakeholders", silence, every, cadence.state, result
        for word in cadence.first_words:
            yield self._first_word(word)
        if self.known.measured.publication is not None:
            yield self._publication()

    def _first_word(self, word: FirstWord) -> tuple[str, str, str, State, str]:
        waited = span(word.waited) if word.waited is not None else NOT_RECORDED
        if word.waited is None and not self.known.measured.is_over and word.state != "unknown":
            waited = "not yet"
        beyond = word.waited - word.allowed if word.waited is not None else None
        why = "no word to them with a time is recorded"
        name = f"First word to {word.audience}"
        return name, waited, span(word.allowed), word.state, _result(word.state, beyond, why)

    def _publication(self) -> tuple[str, str, str, State, str]:
        told = self.known.measured.publication
        due_at = told.due_at if told is not None else None
        published = told.published_on if told is not None else None
        state: State = told.state if told is not None else "unknown"
        due = f"by {minute(due_at)}" if due_at is not None else "once it is resolved"
        if due_at is None and self.known.measured.is_over:
            due = "counts from the resolution"
        beyond = None
        if due_at is not None:
            day = published or self.known.as_of.date()
            beyond = timedelta(days=(day - due_at.date()).days)
        result = {"met": "met", "missed": "missed", "pending": "not yet"}.get(state, "unknown")
        if state == "missed" and beyond:
            result = f"missed by {counted(beyond.days, 'day')}"
        if state == "unknown":
            result = "unknown: no day of publication" if due_at else "unknown: no resolution"
        on = str(published or ("not yet" if state == "pending" else NOT_RECORDED))
        return "Postmortem published", on, due, state, result

    def root_cause(self) -> list[str]:
        cause = root_cause(self.known.corpus, self.known.incident)
        if cause is None:
            return ["Not recorded."]
        lines = paragraphs(rebased(cause.words, cause.path, ""))
        if cause.path in {
            plan.document.path for plan in self.known.corpus.plans_of(self.known.incident)
        }:
            lines += ["", f"As the mitigation plan has it: {link(cause.path)}."]
        return lines

    def mitigations(self) -> list[str]:
        rows = [
            [
                self._said(what, document),
                inline(text(entry, "strategy") or NOT_RECORDED),
                self._said(text(entry, "result") or NOT_RECORDED, document),
                inline(text(entry, "approved_by") or NOT_RECORDED),
            ]
            for document in self.known.incident.documents
            for _, entry in mappings(document.record, "mitigations")
            if (what := text(entry, "action") or text(entry, "strategy"))
        ]
        return table(["Action", "Strategy", "Result", "Approved by"], rows) or ["Not recorded."]

    def actions(self) -> list[str]:
        rows = [
            [
                self._said(action.title, action.document),
                inline(action.owner or "nobody"),
                str(action.due or "no date"),
                self._state(action),
            ]
            for action in self.known.tracked
        ]
        return table(["Action", "Owner", "Due", "State"], rows) or ["None."]

    def _state(self, action: TrackedAction) -> str:
        if action.status == "wont-do":
            return f"won't do: {self._said(action.reason or 'no reason recorded', action.document)}"
        late = f", {counted(action.overdue_days, 'day')} overdue" if action.overdue_days else ""
        return f"{inline(action.status.replace('-', ' '))}{late}"

    def artefacts(self) -> list[str]:
        incident, corpus = self.known.incident, self.known.corpus
        lines = [f"- Record: {link(incident.document.path)}"]
        for review in self.known.reviews:
            published = f", published on {review.published_on}" if review.published_on else ""
            where = link(review.document.path)
            lines.append(f"- Postmortem: {where}, {inline(review.status)}{published}")
        if not self.known.reviews:
            lines.append("- Postmortem: none")
        lines += [
            f"- Mitigation plan: {link(plan.document.path)}, {inline(plan.status)}"
            for plan in corpus.plans_of(incident)
        ]
        evidence = [
            (document, entry)
            for document in incident.documents
            for _, entry in mappings(document.record, "evidence")
        ]
        lines += [
            f"- Evidence: {self._evidence(document, entry)}" for document, entry in evidence
        ] or ["- Evidence: none"]
        for use in incident.runbooks:
            runbook = corpus.runbook_by_id.get(use.id)
            where = link(runbook.document.path, use.id) if runbook else inline(use.id)
            name = "Runbook used" if use.was_used else "Runbook left alone"
            told = LACKING.get(use.verdict or "", use.verdict) if use.was_used else use.note
            said = f", {self._said(told, incident.document)}" if told else ""
            lines.append(f"- {name}: {where}{said}")
        for runbook in corpus.runbooks:
            if incident.id is not None and incident.id in runbook.learned_from:
                where = link(runbook.document.path, runbook.id or runbook.title)
                lines.append(f"- Runbook that learned from it: {where}")
        return lines

    def _evidence(self, document: Document, entry: dict[str, Any]) -> str:
        path, url, title = text(entry, "path"), text(entry, "url"), text(entry, "title")
        if path is not None:
            return link(posixpath.normpath(_beside(document, path)), title)
        if url is not None and re.match(r"https?://", url):
            return link(url, title)
        return inline(title or url or NOT_RECORDED)

    def _said(self, value: str, document: Document) -> str:
        """Return a record's text on one line, its links as they are from the root."""
        return inline(rebased(value, document.path, ""))


def took(step: Step, say: Callable[[timedelta], str] = span) -> str:
    """Return how long a step took, in words; of support hours where the level counts those."""
    if step.span is None:
        return gettext("not yet") if step.state in {"pending", "missed"} else gettext(NOT_RECORDED)
    said = say(step.span)
    if step.approximate:
        said = gettext("about %(span)s", span=said)
    if step.counted and step.counted != step.span:
        return gettext("%(span)s (%(counted)s of support)", span=said, counted=say(step.counted))
    return said


def _verdict(step: Step) -> str:
    if step.state == "missed" and step.span is None and step.beyond is not None:
        return f"missed, {span(step.beyond)} over so far"
    return _result(step.state, step.beyond, step.obstacle.words if step.obstacle else "")


def _result(state: State, beyond: timedelta | None, why: str) -> str:
    """Return how a target stands, in words."""
    if state == "met":
        return f"met, {span(-beyond)} to spare" if beyond else "met"
    if state == "missed":
        return f"missed by {span(beyond)}" if beyond else "missed"
    if state == "pending":
        return (
            f"{span(-beyond)} left" if beyond is not None and beyond < timedelta(0) else "not yet"
        )
    return f"unknown: {why}" if state == "unknown" else "no target"


def _between(since: datetime, until: datetime) -> str:
    return (
        f"{minute(since)} to {until:%H:%M}"
        if since.date() == until.date()
        else (f"{minute(since)} to {minute(until)}")
    )


def _beside(document: Document, target: str) -> str:
    return posixpath.join(posixpath.dirname(document.path), target)
