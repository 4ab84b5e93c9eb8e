"""The table of figures, in Markdown."""
# ruff: noqa: INP001 - a script's neighbour

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processes import Spent


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    figure: str
    ours: str
    base: str = ""
    ratio: str = ""
    by_processor: str = ""
    target: str = ""
    is_met: bool | None = None

    def __str__(self) -> str:
        """Return it in Markdown."""
        met = {None: "", True: "yes", False: "**no**"}[self.is_met]
        cells = (self.figure, self.ours, self.base, self.ratio, self.by_processor, self.target, met)
        return f"| {' | '.join(cells)} |"


HEAD = """\
| figure | ours | base | ratio | of processor time | target | met |
| --- | --- | --- | --- | --- | --- | --- |"""


def compared(figure: str, ours: Spent, base: Spent, at_most: float | None = None) -> Row:
    """Return how long one thing takes against another.

    Args:
        figure: what is compared.
        ours: of a run, or of a record.
        base: of the same.
        at_most: the ratio of seconds on the clock that is wanted; None where it is only told.
    """
    ratio = ours.wall / base.wall
    return Row(
        figure,
        _seconds(ours.wall),
        _seconds(base.wall),
        as_ratio(ratio),
        as_ratio(ours.processor / base.processor),
        f"≤ {at_most:g}" if at_most else "",
        ratio <= at_most if at_most else None,
    )


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def as_ratio(ratio: float) -> str:
    """Return a ratio with as many digits as it deserves."""
    return f"{ratio:.2f}" if ratio < 100 else f"{ratio:.0f}"


def same(figure: str, differences: int) -> Row:
    """Return whether two outcomes are the same."""
    said = f"{differences:,} differ" if differences else "same"
    return Row(figure, said, target="same", is_met=not differences)


def mebibytes(size: float) -> str:
    """Return a number of bytes as people say it."""
    return f"{size / 2**20:.0f} MiB"
