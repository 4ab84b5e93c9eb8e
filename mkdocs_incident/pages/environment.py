"""The template environment: one look for one fact, on every page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, TemplateError
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from mkdocs_incident.insights.directory import handles
from mkdocs_incident.language import formats, gettext, ngettext, number, spoken
from mkdocs_incident.pages import facets
from mkdocs_incident.pages.markup import phrase, prose
from mkdocs_incident.pages.own_templates import (
    NotGivenError,
    NotMacroError,
    OwnTemplates,
    TemplateMistakeError,
    Undefined,
    macro_call_error,
)
from mkdocs_incident.pages.sent_updates import audience_words
from mkdocs_incident.pages.spans import span
from mkdocs_incident.pages.years import LATEST_ROWS, year_anchor, year_words
from mkdocs_incident.policy.model import handle_key
from mkdocs_incident.policy.presets import SeverityLevel
from mkdocs_incident.wording import capitalised, enumerated, joined, words

_HERE = Path(__file__).parent
STYLESHEET = _HERE / "assets" / "incident.css"
"""The one stylesheet of all pages."""
SCRIPT = _HERE / "assets" / "incident.js"
"""The one script: what it adds to tables, nobody needs."""

Url = Callable[[str], str | None]
"""Path of a record, an evidence file or an index page → URL from the page that is drawn.

None where nothing is published there.
"""


def environment(levels: tuple[SeverityLevel, ...], overrides: Path | None = None) -> Environment:
    """Return the environment, which keeps compiled templates from build to build of a served site.

    Args:
        levels: severities, gravest first.
        overrides: folder in which a template below ``incident/`` replaces ours.
    """
    own = (overrides / "incident").glob("*") if overrides is not None else ()
    return _environment(levels, overrides, frozenset(own))


@lru_cache(maxsize=1)
def _environment(
    levels: tuple[SeverityLevel, ...], overrides: Path | None, own: frozenset[Path]
) -> Environment:
    del own  # one that is new takes the place of a compiled one
    folders = [OwnTemplates(overrides)] if overrides is not None else []
    ours = PrefixLoader({"incident": FileSystemLoader(_HERE / "templates")})
    env = Environment(
        loader=ChoiceLoader([*folders, ours]),
        autoescape=True,
        undefined=Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.context_class = _Context
    env.policies["ext.i18n.trimmed"] = True
    env.newstyle_gettext = True  # type: ignore[attr-defined] # set by the extension
    env.globals |= {
        "_": _gettext,
        "gettext": _gettext,
        "ngettext": _ngettext,
        "pgettext": _pgettext,
    }
    env.policies["json.dumps_kwargs"] = {"ensure_ascii": False}  # the order of keys has a meaning
    steps = {level.name: step for step, level in enumerate(levels, start=1)}
    env.globals["severity_step"] = lambda name: steps.get(name, 0)
    env.globals["facets"] = facets
    env.globals["latest_rows"] = LATEST_ROWS
    env.globals["table_texts"] = table_texts
    env.filters |= {
        "clock": clock,
        "audience": audience_words,
        "capitalised": capitalised,
        "day": day,
        "duration": span,
        "enumerated": enumerated,
        "handle_key": handle_key,
        "handles": handles,
        "in_days": in_days,
        "joined": joined,
        "moment": moment,
        "moment_words": formats.moment,
        "phrase": phrase,
        "prose": prose,
        "number": number,
        "words": words,
        "year_anchor": year_anchor,
        "year_words": year_words,
    }
    return env


def compile_all(env: Environment) -> None:
    """Compile the templates of all pages; a mistake in one shows when it is drawn."""
    for file in sorted((_HERE / "templates").glob("*.html")):
        with suppress(TemplateError, TemplateMistakeError):
            env.get_template(f"incident/{file.name}")


class _Context(Context):
    """Calls macros and plain functions at once: Jinja asks each of them at three places for what it wants to be told."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a macro, a function or what only Jinja knows how to call."""
        if isinstance(called, Macro):
            args = (self.eval_ctx, *args)
        elif not isinstance(called, FunctionType | MethodType) or hasattr(called, "jinja_pass_arg"):
            if not callable(called):
                raise NotMacroError(f"`{called!r}` is no macro")
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)  # which Jinja hands on for what wants a context
        kwargs.pop("_loop_vars", None)
        try:
            return called(*args, **kwargs)
        except (TypeError, NotGivenError) as error:
            mistake = macro_call_error(error, called, args, kwargs)
            if mistake is None:
                raise
            raise mistake from error


def table_texts(noun: str, nouns: str) -> dict[str, str]:
    """Return what the script says around a table of `nouns`, which are in the language in force."""
    return {
        "filter": gettext("Filter %(nouns)s", nouns=nouns),
        "search": gettext("Search"),
        "clear": gettext("Clear"),
        "sort": gettext("Sort by"),
        "usual": gettext("usual order"),
        "export": gettext("Export as CSV"),
        "all": gettext("{all} %(nouns)s", nouns=nouns),
        "some": gettext("{count} of {all} %(nouns)s", nouns=nouns),
        "none": gettext("No %(noun)s of {all} matches", noun=noun),
        "pages": gettext("Pages"),
        "page": gettext("Page {page} of {pages}"),
        "previous": gettext("Previous"),
        "next": gettext("Next"),
    }


def day(value: date) -> Markup:
    """Return a day as ``15 Jun 2025``, with its machine value."""
    return _time(value.isoformat()[:10], formats.day(value))


def moment(value: datetime) -> Markup:
    """Return an instant as ``15 Jun 2025, 14:23 UTC``, with its machine value."""
    return _time(_machine(value), formats.moment(value))


def clock(value: datetime) -> Markup:
    """Return an instant as ``14:23``, where the day is known from what stands around it."""
    at = value.astimezone(UTC)
    return _time(_machine(at), f"{at:%H:%M}")


def _time(machine: str, said: str) -> Markup:
    return Markup(f'<time datetime="{machine}">{escape(said)}</time>')  # noqa: S704 - escaped


def in_days(days: int) -> str:
    """Return a distance to today in words: ``12 days overdue``, ``due today``, ``in 3 days``."""
    if days < 0:
        return ngettext("%(num)s day overdue", "%(num)s days overdue", -days)
    return (
        gettext("due today") if days == 0 else ngettext("in %(num)s day", "in %(num)s days", days)
    )


def _gettext(message: str, **values: Any) -> Markup:
    return _markup(spoken().translations.gettext(message), values)


def _ngettext(singular: str, plural: str, num: int, **values: Any) -> Markup:
    text = spoken().translations.ngettext(singular, plural, num)
    return _markup(text, {"num": number(num), **values})


def _pgettext(context: str, message: str, **values: Any) -> Markup:
    return _markup(spoken().translations.pgettext(context, message), values)


def _markup(text: str, values: dict[str, Any]) -> Markup:
    """Fill in values, which are escaped; a text may hold tags without attributes, and stand in an attribute."""
    return _template(text) % values if values else _without_values(text)


@lru_cache(maxsize=2048)
def _without_values(text: str) -> Markup:
    return _template(text) % {}


def _template(text: str) -> Markup:
    return Markup(text.replace('"', "&#34;"))  # noqa: S704 - the project's own catalogue


def _machine(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
