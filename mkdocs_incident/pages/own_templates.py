"""Templates of the project's own, which take the place of ours: what they replace, what is wrong with one."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplatesNotFound,
    TemplateSyntaxError,
    UndefinedError,
    meta,
    nodes,
)
from jinja2.environment import TemplateModule
from jinja2.runtime import Macro
from jinja2.utils import missing

from mkdocs_incident.patterns import regex
from mkdocs_incident.wording import counted, joined

_OURS = Path(__file__).parent / "templates"
_OUTER = regex(r"[\w.]+\.<locals>\.")
"""What Python puts before the name of a function within another one."""


class TemplateMistakeError(Exception):
    """A template of the project's own that can't be drawn; says which, where and why."""


class NoMacroError(UndefinedError):
    """A template has not the macro that another one asks it for."""


class NotGivenError(UndefinedError):
    """A macro uses a parameter that its call does not give."""


class NotMacroError(TemplateRuntimeError):
    """A template has something else where another one calls a macro."""


class MacroCallError(TemplateRuntimeError):
    """A call and its macro don't fit."""

    def __init__(self, macro: Macro, wrong: str) -> None:
        """Take the macro, and what is wrong with its call: ``is given `size` ``."""
        super().__init__(f"macro `{_signature(macro)}` {wrong}")
        self.macro = macro


class Undefined(StrictUndefined):
    """Tells what is missing of a macro; Jinja says that something is undefined."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        if isinstance(obj, TemplateModule):
            hint, exc = _no_macro(obj, name), NoMacroError
        elif hint is not None and hint == _not_given(name):
            exc = NotGivenError
        super().__init__(hint, obj, name, exc)


class OwnTemplates(FileSystemLoader):
    """Loads the project's templates, and says which of them can't be."""

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> Template:
        """Return a template; one that is not there is another loader's."""
        try:
            return super().load(environment, name, globals)
        except TemplateNotFound:
            raise
        except TemplateSyntaxError as error:
            raise TemplateMistakeError(
                f"Template `{name}`, line {error.lineno}: {_why(error)}"
            ) from error
        except UnicodeDecodeError as error:
            raise TemplateMistakeError(f"Template `{name}` is not UTF-8") from error
        except Exception as error:
            raise TemplateMistakeError(f"Template `{name}`: {_why(error)}") from error


class _Place(NamedTuple):
    """A line of a template."""

    path: Path
    line: int
    name: str
    """As other templates name this one."""

    @property
    def is_ours(self) -> bool:
        return self.path.is_relative_to(_OURS)

    def __str__(self) -> str:
        whose = "our " if self.is_ours else ""
        return f"{whose}`{self.name}`, line {self.line}"


def replaces_any(env: Environment, folder: Path, template: str, parts: Iterable[str]) -> bool:
    """Return whether a project replaces a template of ours, or one that it uses.

    Args:
        env: what templates are read with.
        folder: where the project's own are.
        template: name of the template of ours, such as ``incident/trends.html``.
        parts: names of those that ours use without naming them, as in ``{% include "incident/" ~ kind %}``.
    """
    left, seen = {template, *parts}, set()
    while left:
        name = left.pop()
        if (folder / name).is_file():  # as the loader finds it, through links, too
            return True
        seen.add(name)
        tree = env.parse((_OURS / name.removeprefix("incident/")).read_text("utf-8"))
        left |= set(filter(None, meta.find_referenced_templates(tree))) - seen
    return False


def macro_of(module: TemplateModule, name: str) -> Macro:
    """Return a macro of a template.

    Raises:
        NoMacroError: the template has none of that name.
    """
    macro = getattr(module, name, None)
    if not isinstance(macro, Macro):
        raise NoMacroError(_no_macro(module, name))
    return macro


def macro_call_error(
    error: TypeError | NotGivenError,
    called: Callable[..., Any],
    values: tuple[Any, ...],
    named: Mapping[str, Any],
) -> MacroCallError | None:
    """Return how a call does not fit its macro, None where the error has another cause.

    Args:
        error: what the call ended in.
        called: what was called.
        values: what it was given by place, after what Jinja tells it.
        named: what it was given by name.
    """
    if not isinstance(called, Macro):
        return None
    given = [value for value in values if not isinstance(value, nodes.EvalContext)]
    rest = called.arguments[len(given) :]
    if isinstance(error, NotGivenError):
        lacking = (name for name in rest if name not in named and _not_given(name) == str(error))
        name = next(lacking, None)
        return MacroCallError(called, f"is not given `{name}`") if name is not None else None
    steps = list(traceback.walk_tb(error.__traceback__))
    if steps[-1][0].f_code is not Macro.__call__.__code__:
        return None  # the macro was begun
    unknown = next((name for name in named if name not in rest), None)
    if unknown is None:
        return MacroCallError(called, f"is given {counted(len(given), 'value')}")
    if unknown == "caller":
        return MacroCallError(called, "takes no block")
    twice = " twice" if unknown in called.arguments else ""
    return MacroCallError(called, f"is given `{unknown}`{twice}")


def mistake_in_template(error: Exception, env: Environment) -> TemplateMistakeError | None:
    """Return what is wrong with a project's own template, None if an error comes from elsewhere.

    Args:
        error: what drawing raised; Jinja puts the templates' own lines into its traceback.
        env: what the templates were read with.
    """
    if isinstance(error, TemplateMistakeError):
        return error  # one that can't be loaded
    folders = [
        folder
        for loader in getattr(env.loader, "loaders", ())
        if isinstance(loader, OwnTemplates)
        for folder in loader.searchpath
    ]
    places = [
        _place(Path(step.f_code.co_filename), line, folders)
        for step, line in traceback.walk_tb(error.__traceback__)
        if "__jinja_exception__" in step.f_globals
    ]
    told = _told(error, places) if places else None
    return TemplateMistakeError(told) if told is not None else None


def _told(error: Exception, places: list[_Place]) -> str | None:
    """Return what is wrong; None where no template of the project's own has to do with it."""
    own = [place for place in places if not place.is_ours]
    why, inner = _why(error), places[-1]
    if not inner.is_ours or (own and isinstance(error, RecursionError)):
        return f"Template {own[-1]}: {why}"
    # Each of our templates has what the others use of it, so here another one takes the place of ours.
    if isinstance(error, NoMacroError):
        return f"Template {why}, which {inner}, uses"
    if isinstance(error, MacroCallError) and not (defined := _defined_at(error.macro)).is_ours:
        return f"Template {defined}: {why} in {inner}"
    if isinstance(error, NotMacroError):
        return f"In a template that takes the place of ours {why}, and {inner}, calls it"
    return f"Template {own[-1]}: {why}, in {inner}, which it uses" if own else None


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it uses itself without end, or is nested too deeply"
    if isinstance(error, TemplatesNotFound) and error.templates:
        names = [f"`{name}`" for name in error.templates]
        return f"there is no template {joined(names, 'or')}"
    if isinstance(error, TemplateNotFound) and error.name is not None:
        return f"there is no template `{error.name}`"
    if isinstance(error, MacroCallError) and (defined := _defined_at(error.macro)).is_ours:
        return f"{error} (see our `{defined.name}`)"
    if isinstance(error, SyntaxError):
        return error.msg  # its line is one of what Jinja compiled
    name = type(error).__name__
    said = _OUTER.sub("", " ".join(str(error).split()))
    return f"{name} {said}".rstrip() if isinstance(error, KeyError) or not said else said


def _no_macro(module: TemplateModule, name: str | None) -> str:
    return f"`incident/{Path(str(module.__name__)).name}` has no macro `{name}`"


def _not_given(name: str | None) -> str:
    """Return what Jinja says of a parameter that is not given."""
    return f"parameter {name!r} was not provided"


def _signature(macro: Macro) -> str:
    return f"{macro.name or 'caller'}({', '.join(macro.arguments)})"


def _defined_at(macro: Macro) -> _Place:
    """Return where a macro begins: Jinja knows the template's line of each line that it compiled."""
    function: Any = macro._func  # noqa: SLF001 - a macro tells it in no other way
    template: Template = function.__globals__["__jinja_template__"]
    line = template.get_corresponding_lineno(function.__code__.co_firstlineno)
    path = Path(template.filename or "")
    return _Place(path, line, _our_name(path) or template.name or "")


def _place(path: Path, line: int, folders: Iterable[str]) -> _Place:
    own = (path.relative_to(f).as_posix() for f in folders if path.is_relative_to(f))
    return _Place(path, line, _our_name(path) or next(own, path.name))


def _our_name(path: Path) -> str | None:
    return f"incident/{path.name}" if path.is_relative_to(_OURS) else None
