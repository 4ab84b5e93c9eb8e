"""The template environment: one look for one fact, on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from mkdocs_incident.insights.directory import handles
from mkdocs_incident.pages import facets
from mkdocs_incident.pages.markup import phrase, prose
from mkdocs_incident.policy import Policy
from mkdocs_incident.policy.model import handle_key
from mkdocs_incident.wording import counted, joined, span, words

_HERE = Path(__file__).parent
STYLESHEET = _HERE / "assets" / "incident.css"
"""The one stylesheet of all pages."""
SCRIPT = _HERE / "assets" / "incident.js"
"""The one script: what it adds to tables, nobody needs."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Url = Callable[[str], str | None]
"""Path of a record, an evidence file or an index page → URL from the page that is drawn.

None where nothing is published there.
"""


def environment(policy: Policy, overrides: Path | None = None) -> Environment:
    """Return the environment; a template below ``incident/`` in `overrides` replaces ours."""
    folders = [FileSystemLoader(overrides)] if overrides is not None else []
    ours = PrefixLoader({"incident": FileSystemLoader(_HERE / "templates")})
    env = Environment(
        loader=ChoiceLoader([*folders, ours]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.policies["json.dumps_kwargs"] = {"ensure_ascii": False}  # the order of keys has a meaning
    steps = {level.name: step for step, level in enumerate(policy.levels, start=1)}
    env.globals["severity_step"] = lambda name: steps.get(name, 0)
    env.globals["facets"] = facets
    env.globals["table_texts"] = table_texts
    env.filters |= {
        "clock": clock,
        "counted": counted,
        "day": day,
        "duration": span,
        "handle_key": handle_key,
        "handles": handles,
        "in_days": in_days,
        "joined": joined,
        "moment": moment,
        "phrase": phrase,
        "prose": prose,
        "thousands": thousands,
        "words": words,
    }
    return env


def table_texts(noun: str, nouns: str) -> dict[str, str]:
    """Return what the script says around a table of `nouns`."""
    return {
        "filter": f"Filter {nouns}",
        "search": "Search",
        "clear": "Clear",
        "sort": "Sort by",
        "usual": "usual order",
        "export": "Export as CSV",
        "all": f"{{all}} {nouns}",
        "some": f"{{count}} of {{all}} {nouns}",
        "none": f"No {noun} of {{all}} matches",
        "pages": "Pages",
        "page": "Page {page} of {pages}",
        "previous": "Previous",
        "next": "Next",
    }


def day(value: date) -> Markup:
    """Return a day as ``15 Jun 2025``, with its machine value."""
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat()[:10], _day(value))


def moment(value: datetime) -> Markup:
    """Return an instant as ``15 Jun 2025, 14:23 UTC``, with its machine value."""
    at = value.astimezone(UTC)
    return Markup('<time datetime="{}">{}, {:%H:%M} UTC</time>').format(_machine(at), _day(at), at)


def clock(value: datetime) -> Markup:
    """Return an instant as ``14:23``, where the day is known from what stands around it."""
    at = value.astimezone(UTC)
    return Markup('<time datetime="{}">{:%H:%M}</time>').format(_machine(at), at)


def in_days(days: int) -> str:
    """Return a distance to today in words: ``12 days overdue``, ``due today``, ``in 3 days``."""
    if days < 0:
        return f"{counted(-days, 'day')} overdue"
    return "due today" if days == 0 else f"in {counted(days, 'day')}"


def thousands(number: float) -> str:
    """Return a number with its thousands apart: ``212,400``."""
    return f"{number:,}"


def _day(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def _machine(value: datetime) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"
