"""Work that is done in several processes, where that pays."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
R = TypeVar("R")

_SLICE = 250
"""Items that a process takes: its memory goes with it, and starting it takes some hundredths of a second."""
_MOST = 8
"""Processes at once: each has memory of its own, what one alone does bounds the gain, and a container that may
use a few of a machine's many processors still sees them all."""


def in_slices(work: Callable[[Sequence[T]], R], items: Sequence[T]) -> Iterator[R]:
    """Yield what work gives for each slice of items, in their order.

    The processes are copies of this one: they know all that it knows, and nothing that they learn comes
    back but the answers, which have to be picklable. Where there is little to do, one processor, no way
    to copy a process, or another thread that a copy would lack, the work is done here; so is that of a
    process that ends without an answer.
    """
    slices = [items[start : start + _SLICE] for start in range(0, len(items), _SLICE)]
    if not pays(items):
        yield from map(work, slices)
        return
    pending = list(enumerate(slices))[::-1]
    done: dict[int, R] = {}
    with _Copies() as copies:
        for place in range(len(slices)):
            while place not in done:
                while pending and len(copies) < _processors():
                    copies.start(lambda part: [work(part)], *pending.pop())
                for number, found in copies.answers():
                    if found:
                        done[number] = found[0]
                    elif number not in done:
                        done[number] = work(slices[number])
            yield done.pop(place)


def ahead(work: Callable[[T], R], items: Sequence[T]) -> Generator[R, None, None]:
    """Yield what work gives for each item, in their order, made by copies of this process ahead of the asking.

    What is done here between two answers costs no time while there are processors enough. A copy waits with
    what nobody takes; it keeps what it learns until all is done. When the work is done here, and what becomes of
    that of a process which ends early, is as in `in_slices`.
    """
    if not pays(items):
        yield from map(work, items)
        return
    count = _processors()
    waiting: list[deque[R]] = [deque() for _ in range(count)]
    with _Copies() as copies:
        for number in range(count):
            copies.start(lambda part: map(work, part), number, items[number::count])
        for place, item in enumerate(items):
            own = place % count
            while not waiting[own] and own in copies:
                for number, found in copies.answers():
                    waiting[number] += found
            yield waiting[own].popleft() if waiting[own] else work(item)


def pays(items: Sequence[object]) -> bool:
    """Return whether work on so many items is done in several processes."""
    return len(items) > _SLICE and _can_copy()


def _can_copy() -> bool:
    is_possible = hasattr(os, "fork") and sys.platform != "darwin"
    return is_possible and _processors() > 1 and threading.active_count() == 1


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    return min(_MOST, len(allowed(0)) if allowed is not None else os.cpu_count() or 1)


class _Copies:
    """Copies of this process that work, by number."""

    def __init__(self) -> None:
        self._running: dict[Any, tuple[int, BaseProcess]] = {}  # by where its answers are read

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for here, (_number, process) in self._running.items():
            process.terminate()
            _end(here, process)

    def __len__(self) -> int:
        return len(self._running)

    def __contains__(self, wanted: int) -> bool:
        return any(number == wanted for number, _ in self._running.values())

    def start(
        self, work: Callable[[Sequence[T]], Iterable[Any]], number: int, part: Sequence[T]
    ) -> None:
        """Begin work that gives any number of answers."""
        from multiprocessing import get_context  # noqa: PLC0415 - most runs have little to do

        sys.stdout.flush()
        sys.stderr.flush()  # else the copy would print it again
        context = get_context("fork")
        here, there = context.Pipe(duplex=False)
        args = (there, [here, *self._running], work, part)
        process = context.Process(target=_answer, args=args, daemon=True)
        process.start()
        there.close()
        self._running[here] = number, process

    def answers(self) -> Iterator[tuple[int, list[Any]]]:
        """Wait for some; yield from whom and the answer, or none from one that has ended."""
        from multiprocessing.connection import wait  # noqa: PLC0415 - as above

        for here in wait([*self._running]):
            number, process = self._running[here]
            found = _next_answer(here)
            if not found:
                del self._running[here]
                _end(here, process)
            yield number, found


def _answer(
    there: Connection,
    inherited: Iterable[Connection],
    work: Callable[[Sequence[T]], Iterable[Any]],
    part: Sequence[T],
) -> None:
    """Send the answers; a process that can't ends, and what hindered it shows where it is done again."""
    # Else nobody tells that who would read is gone, and sending waits for ever.
    for end in inherited:
        end.close()
    gc.freeze()  # to look for cycles among what was there before would copy it all
    try:
        for answer in work(part):
            there.send(answer)
    except BaseException:  # noqa: BLE001
        os._exit(1)


def _next_answer(here: Any) -> list[Any]:
    """Return the answer that a process has sent; none where it has ended."""
    try:
        return [here.recv()]
    except (EOFError, OSError):
        return []


def _end(here: Any, process: BaseProcess) -> None:
    here.close()
    process.join()
