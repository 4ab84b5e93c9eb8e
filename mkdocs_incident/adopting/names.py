"""What the name of a file and the text of a title tell: a day, a year, an id, a plainer title."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.clock import day_in
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.times import read_stamp
from mkdocs_incident.wording import slug

if TYPE_CHECKING:
    from mkdocs_incident.source.times import DateOrder

_DAY = regex(r"(?<!\d)((?:19|20)\d\d)([-_. ]?)(\d{2})\2(\d{2})(?!\d)")
_YEAR = regex(r"(?<!\d)(20\d\d)(?!\d)")
_ID = regex(r"(?<![A-Za-z0-9])(INC)[-_ ]?((?:20\d\d[-_ ])?\d{1,6})(?![\w]|-\d)", re.IGNORECASE)
_WORD = regex(r"(?<![\w/.-])\w")
_HUMPS = regex(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ALERT = regex(r"[A-Za-z][a-z0-9]*(?:[A-Z][A-Za-z0-9]*)+")
_SIGNS = ",:：–—|·-"
"""What parts a title from its date."""
_BEHIND_DATE = regex(rf"\s*[{_SIGNS}](?=\s|[^\W\d])|\s+(?=[^\W\d_])(?![a-zà-ÿ])|\s*(?=[\[(])")
_BEFORE_DATE = regex(r"\s*[,:：]\s*$|\s[–—|·-]+\s*$|[–—|·]\s*$")
_LEADING_SIGNS = regex(rf"^(?:[{_SIGNS}]\s+)+")
_WRAPPERS = {"()", "[]", "**", "__", "``"}
_BEFORE_DATES = {"date", "incident date", "report", "date of incident"}


def stem(path: str) -> str:
    """Return a file's name without its endings: ``hub down`` of ``a/hub down.md.txt``."""
    return re.sub(
        r"(?:\.(?:md|markdown|mdown|mkd|txt))+$", "", PurePosixPath(path).name, flags=re.IGNORECASE
    )


def day_in_path(path: str, order: DateOrder) -> date | None:
    """Return the day that the file's name, or its folders, give: ``2018/02/12-hub.md``."""
    name = stem(path)
    folder = PurePosixPath(path).parent.as_posix().replace("/", "-")
    for text in (name, f"{folder}-{name}"):
        for match in _DAY.finditer(text):
            try:
                return date(int(match[1]), int(match[3]), int(match[4]))
            except ValueError:
                continue
    return day_in(re.sub(r"[-_]+", " ", name), order)


def year_in_path(path: str) -> int | None:
    """Return the only year that a path names: ``2018/hub-down.md``."""
    years = set(_YEAR.findall(path))
    return int(years.pop()) if len(years) == 1 else None


def id_in_path(path: str) -> str | None:
    """Return the incident's id in the name of a file or its folder, in its usual spelling."""
    file = PurePosixPath(path)
    for name in (stem(path), file.parent.name):
        match = _ID.search(name)
        if match is not None:
            return f"INC-{re.sub(r'[_ ]', '-', match[2])}"
    return None


def title_in_path(path: str) -> str:
    """Return a file's name as a title: ``Hub down`` of ``2018-02-12-hub_down.md``."""
    name = _ID.sub(" ", _DAY.sub(" ", stem(path)))
    words = re.sub(r"[-_\s]+", " ", name).strip(" .")
    return words[:1].upper() + words[1:]


def without_day(title: str) -> str:
    """Return a title without the date at its begin or end, and what only announces that date.

    The date goes where it is whole and something parts it from the words: brackets around it, a sign
    such as a comma or a dash, or white space before a word that can begin a title. ``Hub down since
    2018-02-12`` and ``2018-02-12/13 Hub down`` stay as they are.
    """
    for match in _WORD.finditer(title):
        stamp = read_stamp(title[match.start() :])
        if stamp is None or stamp.month is None or stamp.year is None:
            continue
        written = title[match.start() : match.start() + stamp.end].rstrip("])*_`> ")
        before, after = title[: match.start()], title[match.start() + len(written) :]
        before, after, is_wrapped = _unwrapped(before, after)
        announced = before.strip(f"{_SIGNS} ")
        if not announced or is_kind_alone(announced) or normalised(announced) in _BEFORE_DATES:
            gap = _BEHIND_DATE.match(after)
            rest = after.strip() if is_wrapped else after[gap.end() :] if gap else ""
        elif not after.strip():
            gap = _BEFORE_DATE.search(before)
            rest = before.strip() if is_wrapped else before[: gap.start()] if gap else ""
        else:
            return title
        rest = _LEADING_SIGNS.sub("", rest.strip())
        is_whole = rest and read_stamp(rest) is None and _is_paired(rest)
        return rest if is_whole else title
    return title


def _unwrapped(before: str, after: str) -> tuple[str, str, bool]:
    """Return what stands before and behind a date without marks around it, and whether it had brackets."""
    is_wrapped = False
    while before and after and (before[-1] + after[0]) in _WRAPPERS:
        is_wrapped |= before[-1] in "(["
        before, after = before[:-1], after[1:]
    return before, after, is_wrapped


def _is_paired(text: str) -> bool:
    """Whether each bracket of a text is closed in it."""
    return all(text.count(begin) == text.count(end) for begin, end in ("()", "[]"))


def is_kind_alone(title: str) -> bool:
    """Return whether a title says what kind of document it is, and no more: ``Incident report``."""
    return normalised(title) in synonyms().titles


def alert_in(path: str, headings: list[str]) -> str | None:
    """Return the alert that a runbook is named after: file and heading are one ``CamelCase`` word."""
    name = stem(path)
    return name if name in headings and _ALERT.fullmatch(name) else None


def runbook_id(path: str) -> str:
    """Return the id that a runbook's file name suggests: ``RB-kube-pod-not-ready``."""
    return "RB-" + (slug(_HUMPS.sub("-", stem(path)).replace("_", "-")) or "runbook")
