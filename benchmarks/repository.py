"""Writes a repository of a company's incidents: ``.venv/bin/python benchmarks/repository.py FOLDER [INCIDENTS [FAULTS]]``.

A third of the incidents are major ones with a postmortem of their own, every fiftieth has a mitigation plan;
of the others the record is its own review. Half of all keep timeline and action items in front matter, half in the
body. A tenth comes back after an earlier one; what is due after the last day is open, all else is closed. Beside the
records stands an `incident.yml` with the services, teams and people. The same arguments give the same files, byte for
byte.
"""
# ruff: noqa: INP001, S311 - a script that prints, and whose chance is repeatable

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from pathlib import Path

FIRST_YEAR = 2016
YEARS = 10
AS_OF = date(FIRST_YEAR + YEARS, 1, 1)
"""The day on which the records are as they are told."""
SERVICES = 200
PEOPLE = 400
VOCABULARY = 30_000
REPEATED = 0.1
"""Share of incidents whose cause is one that was there before."""
STEPS = (
    "Alert fires",
    "Acknowledged",
    "Classified as SEV{severity}",
    "Incident commander assigned: {commander}",
    "Cause identified",
    "Mitigated",
    "Resolved",
)
FAULTS = ("severity", "incident_commander", "preventive", "due", "reference")
"""What is left out of, or wrong in, a record that has a fault."""


class Words:
    """A made-up language in which words are as frequent as in a natural one (Zipf's law)."""

    def __init__(self, seed: int = 7) -> None:
        self.chance = random.Random(seed)
        syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
        self.words = ["".join(self.chance.choices(syllables, k=self.chance.randint(2, 5)))
                      for _ in range(VOCABULARY)]  # fmt: skip
        self.weights = list(accumulate(1 / rank for rank in range(10, VOCABULARY + 10)))

    def services(self) -> list[str]:
        """Return names of services."""
        return ["-".join(self.chance.choices(self.words, k=2)) for _ in range(SERVICES)]

    def people(self) -> dict[str, str]:
        """Return handles of people, each with a name."""
        names = (self.chance.choices(self.words, k=2) for _ in range(PEOPLE))
        return {f"@{one}-{two}": f"{one} {two}".title() for one, two in names}

    def text(self, length: int) -> str:
        """Return so many words."""
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=length))

    def sentence(self, length: int) -> str:
        """Return so many words as a sentence, without its full stop."""
        return self.text(length).capitalize()

    def paragraph(self, sentences: int) -> str:
        """Return sentences of twelve words."""
        return " ".join(f"{self.sentence(12)}." for _ in range(sentences))


@dataclass(frozen=True)
class Action:
    """Something to be done after an incident."""

    title: str
    kind: str
    due: date | None

    @property
    def is_done(self) -> bool:
        """Whether it was done, on the day that it was due."""
        return self.due is not None and self.due < AS_OF


@dataclass(frozen=True)
class Made:
    """One incident, before it is written."""

    number: int
    began: datetime
    service: str
    commander: str
    scribe: str
    cause: str
    severity: int
    has_front_matter_data: bool
    fault: str
    earlier: str
    """Id of the incident whose cause came back; empty where none did."""
    words: Words

    @property
    def id(self) -> str:
        """Its id."""
        return f"INC-{self.began.year}-{self.number:05}"

    @property
    def is_major(self) -> bool:
        """Whether it has a postmortem of its own, and more people."""
        return self.severity <= 2

    @property
    def owner(self) -> str:
        """Whose service it is."""
        return f"@{self.service}-team"

    @cached_property
    def title(self) -> str:
        """What happened."""
        return self.words.sentence(6)

    @cached_property
    def events(self) -> list[tuple[datetime, str]]:
        """Its timeline: the milestones, and a remark after each."""
        at, found = self.began, []
        for step in STEPS:
            found.append((at, step.format(severity=self.severity, commander=self.commander)))
            at += timedelta(minutes=self.words.chance.randint(1, 9))
            found.append((at, self.words.sentence(9)))
            at += timedelta(minutes=self.words.chance.randint(1, 9))
        return found[:-1]

    @cached_property
    def actions(self) -> list[Action]:
        """What is to be done."""
        kinds = ("preventive", "preventive", "detective", "process")
        day = self.began.date()
        return [
            Action(
                self.words.sentence(8),
                "process" if self.fault == "preventive" else kind,
                None if self.fault == "due" else day + timedelta(days=8 * (place + 1)),
            )
            for place, kind in enumerate(kinds if self.is_major else kinds[1:])
        ]


def made(words: Words, people: Sequence[str], incidents: int, faults: float) -> Iterator[Made]:
    """Yield so many incidents, of which a share has a fault."""
    services = words.services()
    causes: list[tuple[str, str, str]] = []
    step = timedelta(days=365 * YEARS) / max(incidents, 1)
    for number in range(incidents):
        service, cause = words.chance.choice(services), words.sentence(30)
        earlier = ""
        if causes and words.chance.random() < REPEATED:
            service, cause, earlier = words.chance.choice(causes)
            cause = " ".join(cause.split()[:20]) + " " + words.text(10)
        began = datetime(FIRST_YEAR, 1, 1, 8) + step * number  # noqa: DTZ001 - UTC, as the records say
        fault = words.chance.choice(FAULTS) if words.chance.random() < faults else ""
        item = Made(number, began.replace(second=0, microsecond=0), service,
                    words.chance.choice(people), words.chance.choice(people), cause,
                    words.chance.choice((1, 2, 3, 3, 4, 4)), number % 2 == 0, fault, earlier,
                    words)  # fmt: skip
        causes.append((service, cause, item.id))
        yield item


def incident(made: Made) -> Iterator[str]:
    """Yield the lines of an incident's record; a minor one is its own review."""
    words = made.words
    yield "---"
    yield f"id: {made.id}"
    yield f"title: {made.title}"
    if made.fault != "severity":
        yield f"severity: SEV{made.severity}"
    yield "status: closed"
    if made.fault != "incident_commander":
        yield f'incident_commander: "{made.commander}"'
    yield f'roles: {{ technical_lead: "@{made.service}-oncall", communications_lead: "@support-lead", scribe: "{made.scribe}" }}'
    yield f"services: [{made.service}]"
    yield f"alerts: [{alert(made.service)}]"
    yield "detection: { method: automated-alert, source: Alertmanager }"
    yield f"impact: {{ summary: {words.sentence(14)}, users_affected: {words.chance.randint(1, 9000)}, data_loss: false }}"
    yield "mitigations:"
    yield f'  - {{ strategy: rollback, action: {words.sentence(8)}, approved_by: "@{made.service}-lead", validation: {words.sentence(6)} }}'
    if made.is_major:
        yield "communications:"
        yield from (
            f'  - {{ at: {at:%Y-%m-%dT%H:%MZ}, audience: "stakeholders, executives, status-page", status: {status}, '
            f"text: {words.sentence(12)}, next_update_at: {at + timedelta(minutes=30):%Y-%m-%dT%H:%MZ} }}"
            for (at, _), status in zip(
                made.events[2::3], ("Investigating", "Monitoring", "Resolved"), strict=False
            )
        )
        yield f"evidence: [{{ title: {words.sentence(4)}, url: 'https://charts.parcels.example/{made.number}' }}]"
    runbook = "missing-one" if made.fault == "reference" else made.service
    yield f"runbooks: [{{ id: RB-{runbook}, verdict: helped }}]"
    if made.has_front_matter_data:
        yield from timeline_as_data(made)
        if not made.is_major:
            yield from actions_as_data(made)
    if made.earlier:
        yield f"recurrence_of: {made.earlier}"
    yield f"tags: [{', '.join(words.text(3).split())}]"
    yield "---"
    yield f"\n# {made.id}: {made.title}\n"
    if not made.has_front_matter_data:
        yield f"**Date:** {made.began:%Y-%m-%d}\n"
    yield words.paragraph(5)
    yield from symptom(made)
    if not made.has_front_matter_data:
        yield from timeline_as_table(made)
    if made.is_major:
        yield "\nThe review is in [postmortem.md](postmortem.md)."
    else:
        yield from analysis(made)
        if not made.has_front_matter_data:
            yield from actions_as_list(made)


def symptom(made: Made) -> Iterator[str]:
    """Yield what was seen, as people paste it: a name, an excerpt of a log, an earlier incident."""
    words = made.words
    yield f"\n`{made.service}` failed — “{words.text(5)}” — until it was restarted:\n\n```text"
    for second in range(4):
        yield f"{made.began:%Y-%m-%dT%H:%M}:{second:02}Z ERROR {words.text(1)}: {words.text(6)} (code={second})"
    yield "```"
    if made.earlier:
        yield f"\nThis is what {made.earlier} was about."


def postmortem(made: Made) -> Iterator[str]:
    """Yield the lines of a major incident's review."""
    yield "---"
    yield "kind: postmortem"
    yield f"incidents: [{made.id}]"
    yield f"title: {made.words.sentence(7)}"
    yield "status: final"
    yield f'authors: ["{made.commander}", "{made.scribe}"]'
    yield f"published_on: {made.began.date() + timedelta(days=3)}"
    yield f"review_meeting_at: {made.began.date() + timedelta(days=2)}T10:00Z"
    yield f"keywords: [{', '.join(made.words.text(4).split())}]"
    yield f"resolution: {made.words.sentence(10)}"
    if made.has_front_matter_data:
        yield from actions_as_data(made)
    yield "---"
    yield f"\n# {made.words.sentence(7)}\n"
    yield made.words.paragraph(6)
    yield from analysis(made)
    if not made.has_front_matter_data:
        yield from actions_as_list(made)


def timeline_as_data(made: Made) -> Iterator[str]:
    """Yield the timeline as front matter."""
    yield "timeline:"
    yield from (
        f'  - {{ at: {at:%Y-%m-%dT%H:%MZ}, event: "{event}" }}' for at, event in made.events
    )


def timeline_as_table(made: Made) -> Iterator[str]:
    """Yield the timeline as a section of the body."""
    yield "\n## Timeline\n\n| Time (UTC) | Event | Actor |\n| --- | --- | --- |"
    yield from (f"| {at:%H:%M} | {event} | @{made.service}-oncall |" for at, event in made.events)


def actions_as_data(made: Made) -> Iterator[str]:
    """Yield the action items as front matter."""
    yield "action_items:"
    for place, action in enumerate(made.actions, 1):
        yield f"  - id: {made.id}-AI-{place}"
        yield f"    title: {action.title}"
        yield f"    type: {action.kind}"
        yield f'    owner: "{made.owner}"'
        if action.due:
            yield f"    due: {action.due}"
        yield f"    priority: P2\n    ticket: OPS-{made.number}{place}"
        yield (
            f"    status: done\n    done_on: {action.due}" if action.is_done else "    status: open"
        )


def actions_as_list(made: Made) -> Iterator[str]:
    """Yield the action items as a section of the body."""
    yield "\n## Action items\n"
    for action in made.actions:
        box = "x" if action.is_done else " "
        until = f", due {action.due}" if action.due else ""
        yield f"- [{box}] [{action.kind}] {action.title} ({made.owner}{until}, OPS-{made.number})"


def analysis(made: Made) -> Iterator[str]:
    """Yield the sections in which a review explains."""
    words = made.words
    yield f"\n## Root cause\n\n{made.cause}.\n\n{words.paragraph(4)}"
    yield "\n## Whys\n"
    for _ in range(4):
        yield f"- Why {words.text(8)}?\n  - Because {words.text(12)}."
    yield "\n## Contributing factors\n"
    yield from (f"- {words.sentence(10)}" for _ in range(3))
    for heading in ("What went well", "What went poorly", "Where we got lucky", "Lessons learned"):
        yield f"\n## {heading}\n"
        yield from (f"- {words.sentence(12)}" for _ in range(3))


def alert(service: str) -> str:
    """Return the name of the alert that watches a service."""
    return f"{service.title().replace('-', '')}Errors"


def runbook(service: str, words: Words) -> Iterator[str]:
    """Yield the lines of a service's runbook."""
    yield "---"
    yield f"kind: runbook\nid: RB-{service}\ntitle: Runbook of {service}"
    yield f'owner: "@{service}-team"\nservices: [{service}]'
    yield f"alerts: [{alert(service)}]"
    yield f"reviewed_on: {FIRST_YEAR + YEARS - 1}-12-01\nreview_every_days: 365"
    yield f"---\n\n# Runbook of {service}\n\n{words.paragraph(2)}"
    for heading in ("Symptoms", "Diagnosis", "Mitigation", "Escalation", "Prevention"):
        yield f"\n## {heading}\n"
        yield from (f"{place}. {words.sentence(10)}." for place in range(1, 6))


def plan(made: Made) -> Iterator[str]:
    """Yield the lines of a mitigation plan that was carried out."""
    words, day = made.words, made.began.date()
    yield f"---\nkind: mitigation-plan\nincident: {made.id}\nseverity: SEV{made.severity}\nstatus: executed"
    yield f'author: "@{made.service}-lead"\ncreated_at: {day}T12:00Z\n---'
    yield f"\n# {words.sentence(6)}\n\n**Root cause:** {made.cause}."
    yield "\n## Summary"
    for label in ("Problem", "Impact", "Solution"):
        yield f"\n**{label}:** {words.sentence(12)}."
    yield "\n**ETA:** 2 hours"
    for horizon in ("Immediate", "Short-term", "Long-term"):
        yield f"\n## {horizon} actions\n\n**Goal:** {words.sentence(8)}.\n"
        for _ in range(2):
            yield f"- [x] {words.sentence(6)}"
            yield f"  - What: {words.sentence(9)}\n  - How: {words.sentence(9)}\n  - Risk: Low\n  - Priority: P2"
            yield f"  - Rollback: {words.sentence(6)}\n  - Owner: {made.owner}\n  - Due: {day + timedelta(days=5)}"
        yield f"\n**Success criteria:**\n\n- {words.sentence(8)}"


def policy(services: Iterable[str], people: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of the policy: who owns which service, and who there is."""
    yield "services:"
    for service in services:
        yield f'  {service}:\n    owner: "@{service}-team"\n    alerts: [{alert(service)}]'
    yield 'people:\n  "@support-lead": {}'
    yield from (f'  "{handle}": {{ name: {name} }}' for handle, name in people.items())
    roles = ("lead", "oncall")
    yield from (f'  "@{service}-{role}": {{}}' for service in services for role in roles)
    yield "teams:"
    yield from (f'  - "@{service}-team"' for service in services)


def write(path: Path, lines: Iterator[str]) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def generate(folder: Path, incidents: int, faults: float = 0) -> dict[str, str]:
    """Write a repository.

    Args:
        folder: where; made if it is not there.
        incidents: how many; with one postmortem in three, a plan in fifty, and a runbook a service.
        faults: share of the incidents with one of `FAULTS`, 0 to 1.

    Returns:
        The fault of each incident that has one, by id.
    """
    words = Words()
    services: set[str] = set()
    planted: dict[str, str] = {}
    people = words.people()
    for item in made(words, [*people], incidents, faults):
        services.add(item.service)
        if item.fault:
            planted[item.id] = item.fault
        place = folder / "incidents" / str(item.began.year) / item.id
        write(place / "incident.md", incident(item))
        if item.is_major:
            write(place / "postmortem.md", postmortem(item))
        if item.number % 50 == 0:
            write(place / "plan.md", plan(item))
    for service in sorted(services):
        write(folder / "runbooks" / f"{service}.md", runbook(service, words))
    write(folder / "incident.yml", policy(sorted(services), people))
    return planted


def main() -> None:
    """Write the repository that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("incidents", type=int, nargs="?", default=10_000)
    parser.add_argument("faults", type=float, nargs="?", default=0.0, help="share of the incidents")
    asked = parser.parse_args()
    generate(asked.folder, asked.incidents, asked.faults)


if __name__ == "__main__":
    main()
