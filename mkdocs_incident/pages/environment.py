"""The template environment: one look for one fact, on every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from mkdocs_incident.pages.markup import phrase, prose
from mkdocs_incident.policy import Policy

_HERE = Path(__file__).parent
STYLESHEET = _HERE / "assets" / "incident.css"
"""The one stylesheet of all pages."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

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
    steps = {level.name: step for step, level in enumerate(policy.levels, start=1)}
    env.globals["severity_step"] = lambda name: steps.get(name, 0)
    env.filters |= {
        "clock": clock,
        "counted": counted,
        "day": day,
        "duration": duration,
        "in_days": in_days,
        "joined": joined,
        "moment": moment,
        "phrase": phrase,
        "prose": prose,
        "thousands": thousands,
        "words": words,
    }
    return env


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


def duration(value: timedelta) -> str:
    """Return a span in its two greatest units: ``1 h 24 min``, ``2 d 3 h``."""
    minutes = int(value.total_seconds() // 60)
    if minutes < 1:
        return "0 min" if not value else "under 1 min"
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min")]
    first = next(i for i, (number, _) in enumerate(parts) if number)
    return " ".join(f"{number} {unit}" for number, unit in parts[first : first + 2] if number)


def in_days(days: int) -> str:
    """Return a distance to today in words: ``12 days overdue``, ``due today``, ``in 3 days``."""
    if days < 0:
        return f"{counted(-days, 'day')} overdue"
    return "due today" if days == 0 else f"in {counted(days, 'day')}"


def counted(count: int, noun: str, nouns: str | None = None) -> str:
    """Return a number with its noun: ``1 review``, ``2 reviews``."""
    return f"{thousands(count)} {noun if count == 1 else nouns or noun + 's'}"


def thousands(number: float) -> str:
    """Return a number with its thousands apart: ``212,400``."""
    return f"{number:,}"


def joined(parts: Sequence[str]) -> str:
    """Return words as prose: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def words(name: str) -> str:
    """Return a field's value as words: ``wont-do`` as ``won't do``, ``in-review`` as ``in review``."""
    return "won't do" if name == "wont-do" else name.replace("-", " ").replace("_", " ")


def _day(value: date) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def _machine(value: datetime) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"
