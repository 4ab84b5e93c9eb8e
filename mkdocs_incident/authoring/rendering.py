"""Texts from templates, ours or a project's own in ``.incident/templates/``."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.editing.record_text import EditError
from mkdocs_incident.editing.yaml_text import scalar_text
from mkdocs_incident.insights.markdown_text import inline, link
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy import Policy
from mkdocs_incident.wording import joined, moment, span, words

OWN_TEMPLATES = ".incident/templates"
"""Where a project keeps its own, relative to its root; each replaces ours of the same name."""
_OURS = Path(__file__).parent / "templates"
_NOT_TEXT = regex(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
"""What no file of text holds, and what reorders the text around it; names and summaries of alerts come
from other programs."""
_PROMPT = regex(r"\[… [^\[\]\n]{1,77}\]")


def render(policy: Policy, name: str, facts: dict[str, Any]) -> str:
    """Return the text that a template makes of facts; it ends with one line break.

    Args:
        policy: says where the project is.
        name: such as ``incident.md`` or ``comms/status-page.txt``.
        facts: what the template may use, by name.

    Raises:
        EditError: the project's own template is wrong.
    """
    own = policy.root / OWN_TEMPLATES / name
    try:
        text = _environment(policy.root).get_template(name).render(facts)
    except Exception as error:  # a template may raise whatever its expressions do
        if not own.exists():
            raise
        path = f"{OWN_TEMPLATES}/{name}"
        why = " ".join(str(error).split()) or type(error).__name__
        raise EditError(
            Location(path, _line(error, own)),
            f"`{path}` can't be used: {why}",
            "Correct it, or remove it to use the template that comes with mkdocs-incident",
        ) from error
    return _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", text).strip("\n") + "\n"


def _line(error: Exception, own: Path) -> int:
    """Return the line of a template that an error is about, 1 where it is not known."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename) == own]
    return next((line for line in reversed(lines) if line is not None), 1)


@lru_cache(maxsize=4)
def _environment(root: Path) -> SandboxedEnvironment:
    loader = ChoiceLoader([FileSystemLoader(root / OWN_TEMPLATES), FileSystemLoader(_OURS)])
    environment = SandboxedEnvironment(
        loader=loader,
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "yaml": scalar_text,
        "yaml_list": yaml_list,
        "markdown": inline,
        "link": link,
        "joined": joined,
        "moment": _minute,
        "span": span,
        "words": words,
        "sentence": sentence,
    }
    environment.globals["prompt"] = prompt
    return environment


def yaml_list(values: Iterable[str]) -> str:
    """Return texts as a YAML list on one line."""
    return f"[{', '.join(scalar_text(value, in_flow=True) for value in values)}]"


def _minute(value: datetime) -> str:
    return moment(value)


def sentence(text: str) -> str:
    """Return a text on one line that ends as a sentence does."""
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?", "…", ":", "]")) else f"{line}."


def prompt(what: str) -> str:
    """Return what stands where a record says nothing: it reads as a value that is missing."""
    return f"[… {what}]"


def prompts_in(text: str) -> list[str]:
    """Return what a text still leaves to be filled in, in its order."""
    return [found[2:-1].strip("… ") for found in _PROMPT.findall(text)]
