"""Rule unexplained-downgrade."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy import Policy
from mkdocs_incident.records import Incident, TimelineEvent
from mkdocs_incident.records.values import text
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.milestones import is_denied, says

_OF_SEVERITY = (
    r"severity|schweregrad|(?:re)?classif(?:ied|ies)|declare[sd]|declaring|triaged|rated"
    r"|downgrad(?:e[sd]?|ing)|upgrad(?:e[sd]?|ing)|(?:ab|auf|hoch|ein|herab|herauf)gestuft|herabgesetzt"
)
"""Words that give a level to an incident and are said of little else."""
_OF_ANYTHING = (
    r"priority|priorität|set|raise[sd]|lower(?:s|ed)|reduce[sd]|escalate[sd]|moved|changed|bumped"
    r"|dropped|assigned|gesetzt|gesenkt|erhöht"
)
"""Words that do it, too, but where a level is a common word (`high`) speak of other things."""
_BETWEEN = (
    r"as|to|from|at|an?|the|this|of|by|is|are|was|were|be|been|now|again|also|officially|initially|down"
    r"|up|back|incident|level|confirmed|determined|auf|von|als|zu|ist|wurde|jetzt"
)
_ANY = rf"{_OF_SEVERITY}|{_OF_ANYTHING}|{_BETWEEN}"
_GOVERNED = regex(
    rf"(?<!\w)(?P<verb>{_OF_SEVERITY}|{_OF_ANYTHING})(?P<rest>(?:[^\w@]|@[\w.-]+|\b(?:{_ANY})\b)*)$",
    re.IGNORECASE,
)
_DECLARED = regex(
    r"\W*(?:incident\s+)?(?:(?:is|was|wurde)\s+)?(?:declared|confirmed|ausgerufen)\b", re.IGNORECASE
)
_JOINT = regex(
    r"\W*(?P<word>[-=]+>|→|\b(?:to|auf|zu|from|von|instead of|statt)\b)\W*", re.IGNORECASE
)
_BACKWARDS = ("from", "von", "instead of", "statt")
_FROM = regex(r"\b(?:from|von)\W*$", re.IGNORECASE)
_OTHER_THING = regex(
    r"\W{0,2}(?:case|ticket|request|alert|alarm|bug|runbook|checklist|process|target|support)\b",
    re.IGNORECASE,
)
_OTHERS = regex(
    r"\b(?:case|ticket|their|vendor|supplier|provider|hersteller|lieferant|deren)\b", re.IGNORECASE
)
_FILLER = regex(rf"@[\w.-]+|\b(?:{_ANY}|ic|\w)\b|[^\w\s]", re.IGNORECASE)
_REACH = 80
"""So many characters before a level are read for what governs it."""


class _Step(msgspec.Struct, frozen=True):
    """A level that an entry gives to the incident."""

    event: TimelineEvent
    previous: str | None
    """The level that the entry says was before."""
    level: str
    is_explained: bool


@rule("INC004", "unexplained-downgrade", level=Level.WARNING, strict=Level.ERROR)
def unexplained_downgrade(incident: Incident, context: Context) -> Iterator[Finding]:
    """The severity was lowered, and nothing says why.

    ## Why it matters

    The severity is how grave an incident was at its worst. A level that sank without a reason looks like a deadline avoided: no postmortem, fewer updates. The timeline is read for it: an entry that lowers the level needs a few words more, and a level in the front matter that is below the gravest in the timeline needs an entry or a `severity_reason`.

    ## Example

    ```markdown
    ---
    severity: SEV3
    ---
    ## Timeline (UTC)

    - 14:28 — Classified as SEV2
    - 14:50 — Downgraded to SEV3
    ```

    ## Use instead

    ```markdown
    ---
    severity: SEV3
    ---
    ## Timeline (UTC)

    - 14:28 — Classified as SEV2
    - 14:50 — Downgraded to SEV3: only exports are affected, and they can wait
    ```
    """
    policy, declared = context.policy, incident.severity
    if declared is None or not policy.level(declared) or text(incident.record, "severity_reason"):
        return
    gravest: tuple[str, TimelineEvent] | None = None
    current: str | None = None
    explained = False
    for step in _steps(policy, context.corpus.timeline_holder(incident).timeline):
        previous = step.previous or current
        if previous is not None and policy.graver(previous, step.level):
            if not step.is_explained:
                yield Finding(
                    step.event.location,
                    f"Severity is lowered from `{previous}` to `{step.level}` without a reason",
                    hint="Say in the entry what became known, or give a `severity_reason`",
                )
                return
            explained = not policy.graver(step.level, declared)
        elif policy.graver(step.level, declared):
            explained = False
        for level in (previous, step.level):
            if level is not None and (gravest is None or policy.graver(level, gravest[0])):
                gravest = (level, step.event)
        current = step.level
    if gravest is None or explained or not policy.graver(gravest[0], declared):
        return
    yield Finding(
        incident.document.at("severity"),
        f"Severity is `{declared}`, but the timeline has it at `{gravest[0]}` and tells no reason to lower it",
        hint="Write how grave it was at its worst, or say why it is less with `severity_reason`",
        related=(Related(gravest[1].location, f"here it is {gravest[0]}"),),
    )


def _steps(policy: Policy, timeline: Iterable[TimelineEvent]) -> Iterator[_Step]:
    """Return the levels that the entries give to the incident, in their order."""
    levels = {_key(level.name): level.name for level in policy.levels}
    pattern = re.compile("|".join(map(_spelling, levels.values())), re.IGNORECASE)
    for event in timeline:
        found = list(pattern.finditer(event.event))
        if not found:
            continue
        rest = _FILLER.sub(" ", pattern.sub(" ", event.event))
        is_explained = bool(event.notes) or len(rest.split()) >= 2
        for chain in _chains(event.event, found):
            named = [levels[_key(match[0])] for match in chain.levels]
            if _is_given(chain, named[0]):
                named = named[::-1] if chain.joint in _BACKWARDS else named
                previous = named[0] if len(named) > 1 else None
                yield _Step(event, previous, named[-1], is_explained)


class _Chain(msgspec.Struct, frozen=True):
    """Levels that belong together, ``SEV2`` or ``SEV2 -> SEV3``, with what stands around them."""

    before: str
    levels: tuple[re.Match[str], ...]
    joint: str
    """What stands between two levels, empty for one."""
    after: str


def _chains(words: str, found: list[re.Match[str]]) -> Iterator[_Chain]:
    while found:
        levels, joint = [found.pop(0)], ""
        while found and (gap := _JOINT.fullmatch(words, levels[-1].end(), found[0].start())):
            joint = gap["word"].lower()
            levels.append(found.pop(0))
        start, end = levels[0].start(), levels[-1].end()
        yield _Chain(words[max(0, start - _REACH) : start], tuple(levels), joint, words[end:])


def _is_given(chain: _Chain, level: str) -> bool:
    """Whether the words around a level give it to the incident, not to a vendor's case."""
    if _OTHER_THING.match(chain.after) or (len(chain.levels) == 1 and _FROM.search(chain.before)):
        return False
    clause = re.split(r"[;,.!?]", chain.before)[-1]
    if _OTHERS.search(clause) or says(clause, "undecided"):
        return False
    verb = _GOVERNED.search(chain.before)
    if verb is None:
        return bool(_DECLARED.match(chain.after)) or (
            not chain.joint.isalpha() and bool(chain.joint)
        )
    is_common_word = not any(letter.isdigit() for letter in level)
    if is_common_word and not re.search(_OF_SEVERITY, verb[0], re.IGNORECASE):
        return False
    return not is_denied(verb)


def _key(level: str) -> str:
    return re.sub(r"[ -]", "", level).casefold()


def _spelling(level: str) -> str:
    """Return the pattern of a level's name: ``SEV1`` is also ``sev-1``."""
    letters = re.match(r"[A-Za-z]*", level)
    head = letters[0] if letters else ""
    return rf"(?<![\w-]){re.escape(head)}[ -]?{re.escape(level[len(head) :])}(?![\w-])"
