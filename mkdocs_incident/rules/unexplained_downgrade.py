"""Rule unexplained-downgrade."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.policy import Policy
from mkdocs_incident.records import Incident, TimelineEvent
from mkdocs_incident.records.values import text
from mkdocs_incident.rules.rule import Context, rule

_CHANGE = re.compile(
    r"\b(?:classif|declar|severity|downgrad|upgrad|lower|rais|reduc|escalat|set\b|eingestuft|herab)\w*",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:^|\s)(?:@[\w.-]+|as|at|by|down|from|incident|is|now|ic|set|the|to|was|auf|von|to be|also|officially)(?=\s|$)",
    re.IGNORECASE,
)


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
    declared = incident.severity
    if context.policy.level(declared) is None or text(incident.record, "severity_reason"):
        return
    policy = context.policy
    gravest: tuple[str, TimelineEvent] | None = None
    current: str | None = None
    explained = False
    for event in context.corpus.timeline_holder(incident).timeline:
        named = _levels(policy, event.event)
        if not named or not _CHANGE.search(event.event):
            continue
        if current is not None and policy.graver(current, named[-1]):
            explained = bool(event.notes) or _says_more(policy, event.event)
            if not explained:
                yield Finding(
                    event.location,
                    f"Severity is lowered from `{current}` to `{named[-1]}` without a reason",
                    hint="Say in the entry what became known, or give a `severity_reason`",
                )
                return
        current = named[-1]
        if gravest is None or policy.graver(current, gravest[0]):
            gravest = (current, event)
    if gravest is None or declared is None or explained or not policy.graver(gravest[0], declared):
        return
    yield Finding(
        incident.document.at("severity"),
        f"Severity is `{declared}`, but the timeline has it at `{gravest[0]}` and tells no reason to lower it",
        hint="Write how grave it was at its worst, or say why it is less with `severity_reason`",
        related=(Related(gravest[1].location, f"here it is {gravest[0]}"),),
    )


def _levels(policy: Policy, words: str) -> list[str]:
    """Return the levels that a text names, in its order."""
    found = []
    for level in policy.levels:
        letters = re.match(r"[A-Za-z]*", level.name)
        head = letters[0] if letters else ""
        rest = re.escape(level.name[len(head) :])
        pattern = rf"(?<![\w-]){re.escape(head)}[ -]?{rest}(?![\w-])"
        found += [(m.start(), level.name) for m in re.finditer(pattern, words, re.IGNORECASE)]
    return [name for _, name in sorted(found)]


def _says_more(policy: Policy, words: str) -> bool:
    """Whether an entry says anything beside the change itself."""
    rest = _CHANGE.sub(" ", words)
    for level in policy.levels:
        rest = re.sub(re.escape(level.name), " ", rest, flags=re.IGNORECASE)
    rest = _FILLER.sub(" ", _FILLER.sub(" ", re.sub(r"[^\w@.\s-]", " ", rest)))
    return len(re.findall(r"\w{2,}", rest)) >= 2
