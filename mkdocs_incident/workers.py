"""Work that is done in several processes, where that pays."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

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
                    here, process = _started(work, part)
                    running[here] = number, process
                for ready in wait([*running]):
                    number, process = running.pop(ready)
                    answers = _answers(ready, process)
                    done[number] = answers[0] if answers else work(slices[number])
            yield done.pop(place)
    finally:
        for _, process in running.values():
            process.terminate()
            process.join()


def pays(items: Sequence[object]) -> bool:
    """Return whether work on so many items is done in several processes."""
    return len(items) > _SLICE and _can_copy()


def _can_copy() -> bool:
    is_possible = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
    return is_possible and _processors() > 1 and threading.active_count() == 1


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def _started(
    work: Callable[[Sequence[T]], Any], part: Sequence[T]
) -> tuple[Connection, BaseProcess]:
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(there, work, part), daemon=True)
    process.start()
    there.close()
    return here, process


def _answer(there: Connection, work: Callable[[Sequence[T]], Any], part: Sequence[T]) -> None:
    """Send the answer; a process that can't ends, and what hindered it shows where it is done again."""
    try:
        there.send(work(part))
    except BaseException:  # noqa: BLE001
        os._exit(1)


def _answers(here: Any, process: BaseProcess) -> list[Any]:
    try:
        return [here.recv()]
    except (EOFError, OSError):
        return []
    finally:
        here.close()
        process.join()
