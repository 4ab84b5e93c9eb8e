"""Work that is done in several processes, where that pays."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
R = TypeVar("R")

_SLICE = 250
"""Items that a process takes: its memory goes with it, and starting it takes some hundredths of a second."""


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
    sys.stdout.flush()
    sys.stderr.flush()  # else each copy would print it again
    pending = list(enumerate(slices))[::-1]
    running: dict[Any, tuple[int, BaseProcess]] = {}
    done: dict[int, R] = {}
    try:
        for place in range(len(slices)):
            while place not in done:
                while pending and len(running) < _processors():
                    number, part = pending.pop()
                    here, process = _started(lambda part: [work(part)], part)
                    running[here] = number, process
                for ready in _ready(running):
                    number, process = running.pop(ready)
                    answers = _next_answer(ready)
                    _end(ready, process)
                    done[number] = answers[0] if answers else work(slices[number])
            yield done.pop(place)
    finally:
        for here, (_, process) in running.items():
            process.terminate()
            _end(here, process)


def ahead(work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
    """Yield what work gives for each item, in their order, made by copies of this process ahead of the asking.

    What is done here between two answers costs no time while there are processors enough. A copy waits with
    what nobody takes; it keeps what it learns until all is done. When the work is done here, and what becomes of
    that of a process which ends early, is as in `in_slices`.
    """
    if not pays(items):
        yield from map(work, items)
        return
    sys.stdout.flush()
    sys.stderr.flush()
    count = _processors()
    running: dict[Any, tuple[int, BaseProcess]] = {}
    answers: list[deque[R]] = [deque() for _ in range(count)]
    try:
        for number in range(count):
            here, process = _started(lambda part: map(work, part), items[number::count])
            running[here] = number, process
        for place, item in enumerate(items):
            own = place % count
            while not answers[own] and any(number == own for number, _ in running.values()):
                for ready in _ready(running):
                    found = _next_answer(ready)
                    answers[running[ready][0]] += found
                    if not found:
                        _end(ready, running.pop(ready)[1])
            yield answers[own].popleft() if answers[own] else work(item)
    finally:
        for here, (_, process) in running.items():
            process.terminate()
            _end(here, process)


def pays(items: Sequence[object]) -> bool:
    """Return whether work on so many items is done in several processes."""
    return len(items) > _SLICE and _can_copy()


def _can_copy() -> bool:
    is_possible = hasattr(os, "fork") and sys.platform != "darwin"
    return is_possible and _processors() > 1 and threading.active_count() == 1


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def _started(
    work: Callable[[Sequence[T]], Iterable[Any]], part: Sequence[T]
) -> tuple[Connection, BaseProcess]:
    from multiprocessing import get_context  # noqa: PLC0415 - most runs have little to do

    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(there, work, part), daemon=True)
    process.start()
    there.close()
    return here, process


def _answer(
    there: Connection, work: Callable[[Sequence[T]], Iterable[Any]], part: Sequence[T]
) -> None:
    """Send the answers; a process that can't ends, and what hindered it shows where it is done again."""
    gc.freeze()  # to look for cycles among what was there before would copy it all
    try:
        for answer in work(part):
            there.send(answer)
    except BaseException:  # noqa: BLE001
        os._exit(1)


def _ready(running: Iterable[Any]) -> list[Any]:
    """Wait until processes have an answer or have ended, and return where that is read."""
    from multiprocessing.connection import wait  # noqa: PLC0415 - as above

    return wait([*running])


def _next_answer(here: Any) -> list[Any]:
    """Return the answer that a process has sent; none where it has ended."""
    try:
        return [here.recv()]
    except (EOFError, OSError):
        return []


def _end(here: Any, process: BaseProcess) -> None:
    here.close()
    process.join()
