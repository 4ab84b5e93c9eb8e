"""What is left to do about an incident, and what its closing report is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.actions import TrackedAction, tracked_actions
from mkdocs_incident.insights.demands import postmortem_due_after
from mkdocs_incident.insights.markdown_text import inline, link
from mkdocs_incident.insights.metrics import Response, response
from mkdocs_incident.insights.runbook_suggestion import Suggestion
from mkdocs_incident.insights.runbook_updates import runbook_updates
from mkdocs_incident.records import Incident, Postmortem
from mkdocs_incident.source.times import in_utc, later, parse_instant
from mkdocs_incident.wording import counted, span


class FollowUp(msgspec.Struct, frozen=True, dict=True):
    """An incident at a moment: its response, its reviews, and what came of both."""

    corpus: Corpus
    incident: Incident
    as_of: datetime

    @cached_property
    def measured(self) -> Response:
        """How its response went."""
        return response(self.corpus, self.incident, self.as_of)

    @cached_property
    def reviews(self) -> list[Postmortem]:
        """Its postmortems."""
        return self.corpus.postmortems_of(self.incident)

    @cached_property
    def tracked(self) -> list[TrackedAction]:
        """What was promised because of it."""
        document = self.incident.document
        return [
            action
            for action in tracked_actions(self.corpus, self.as_of.date())
            if any(incident.document is document for incident in action.incidents)
        ]

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """What runbooks should say because of it."""
        documents = {id(review.document) for review in self.reviews}
        return [
            suggestion
            for suggestion in runbook_updates(self.corpus)
            if (suggestion.incident is not None and suggestion.incident.id == self.incident.id)
            or (suggestion.review is not None and id(suggestion.review.document) in documents)
        ]

    @cached_property
    def next_steps(self) -> list[str]:
        """What is left to do, in Markdown, the most pressing first."""
        return [
            *self._response_steps(),
            *self._review_steps(),
            *self._action_steps(),
            *(f"Update a runbook: {inline(s.headline)} ({link(s.path)})" for s in self.suggestions),
            *self._closing_steps(),
        ]

    def _response_steps(self) -> Iterator[str]:
        if self.measured.is_over:
            return
        resolve = self.measured.step("resolve")
        yield f"Resolve the incident{_remaining(resolve.counted, resolve.target)}"
        cadence = self.measured.cadence
        if cadence.every is not None and cadence.gaps:
            promised = [
                update.next_update_at
                for update in self.incident.communications
                if update.at is not None and update.at <= self.as_of and update.next_update_at
            ]
            told = f", promised for {minute(max(promised))}" if promised else ""
            left = _remaining(cadence.gaps[-1].counted, cadence.every)
            yield f"Send the next update to stakeholders{left}{told}"
        for word in cadence.first_words:
            if word.state in {"pending", "missed"} and word.waited is None:
                yield f"Tell {word.audience}, due {span(word.allowed)} after detection"

    def _review_steps(self) -> Iterator[str]:
        told = self.measured.publication
        final = any(review.status == "final" for review in self.reviews)
        if told is not None and not final:
            verb = "Finish" if self.reviews else "Write"
            after = postmortem_due_after(self.corpus.policy, self.incident)
            due = f", due {span(after)} after the resolution" if after is not None else ""
            due = f", due {minute(told.due_at)}" if told.due_at is not None else due
            late = " (late)" if told.due_at is not None and self.as_of > told.due_at else ""
            yield f"{verb} the postmortem{due}{late}"
        for review in self.reviews:
            planned = parse_instant(review.record.get("review_meeting_at"))
            if planned is not None and in_utc(planned) > self.as_of:
                yield f"Hold the review meeting, planned for {minute(in_utc(planned))}"
        yield from self._meeting_to_plan(is_final=final)

    def _meeting_to_plan(self, *, is_final: bool) -> Iterator[str]:
        level, resolved = self.measured.level, self.measured.resolved_at
        planned = any(parse_instant(r.record.get("review_meeting_at")) for r in self.reviews)
        if level is None or level.review_meeting is None or is_final or planned:
            return
        if not self.measured.is_over:
            return
        due_at = later(resolved, level.review_meeting) if resolved is not None else None
        due = f", due {minute(due_at)}" if due_at is not None else ""
        yield f"Plan the review meeting{due}"

    def _action_steps(self) -> Iterator[str]:
        open_ones = [action for action in self.tracked if action.is_open]
        overdue = sum(bool(action.overdue_days) for action in open_ones)
        if open_ones:
            number = "all" if overdue == len(open_ones) > 1 else overdue
            late = f", {number} of them overdue" if overdue else ""
            yield f"Close {counted(len(open_ones), 'open action item')}{late}"

    def _closing_steps(self) -> Iterator[str]:
        if not self.measured.is_over:
            return
        for plan in self.corpus.plans_of(self.incident):
            if plan.status == "active":
                yield f"Say how the mitigation plan ended ({link(plan.document.path)})"
        if self.incident.status != "closed":
            yield "Set the record's status to `closed`"


def _remaining(counted_so_far: timedelta | None, allowed: timedelta | None) -> str:
    if counted_so_far is None or allowed is None:
        return ""
    left = allowed - counted_so_far
    return f", {span(left)} left" if left >= timedelta(0) else f", {span(-left)} late"


def minute(at: datetime) -> str:
    """Return a moment as a report writes it, in UTC."""
    return f"{at:%Y-%m-%d %H:%M}"
