"""Whole processes, measured: what a person waits for, what the processor does, how much memory is there at most."""
# ruff: noqa: INP001, S603 - scripts that run programs

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Spent:
    """What one process took, or the median of several."""

    wall: float
    """Seconds of the clock."""
    processor: float
    """Seconds of all processors, with those of the processes that it started and waited for."""
    peak: float
    """Bytes of memory in use at most (resident), in the largest process."""

    def __add__(self, other: Spent) -> Spent:
        """Return what two processes took, one after the other."""
        return Spent(
            self.wall + other.wall, self.processor + other.processor, max(self.peak, other.peak)
        )


@dataclass(frozen=True)
class Place:
    """Where processes run, and with which variables."""

    folder: Path
    environment: Mapping[str, str]

    def run(
        self, *command: str | Path, codes: Sequence[int] = (0,), out: Path | None = None
    ) -> Spent:
        """Run a program to its end.

        A process counts the memory of the one that started it, too: this one must stay small.

        Args:
            command: program and arguments.
            codes: exit statuses that are no mistake.
            out: the file that gets what is printed; None throws it away.

        Raises:
            RuntimeError: the program ended with another status.
        """
        with tempfile.TemporaryFile() as errors, (out or Path(os.devnull)).open("wb") as output:
            begin = time.perf_counter()
            process = subprocess.Popen(
                list(map(str, command)),
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
            )
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except BaseException:
                process.kill()
                process.wait()
                raise
            wall = time.perf_counter() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in codes:
                errors.seek(0)
                said = errors.read().decode("utf-8", "replace")[-2000:]
                shown = " ".join(map(str, command[:4]))
                raise RuntimeError(f"{shown} … ended with {process.returncode}:\n{said}")
        return Spent(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def medians(rounds: int, subjects: Mapping[str, Callable[[], Spent]]) -> dict[str, Spent]:
    """Run all subjects in turn, several times over, so that a busy machine is busy for each of them."""
    runs: dict[str, list[Spent]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, run in subjects.items():
            runs[name].append(run())
    return {
        name: Spent(
            median(spent.wall for spent in spents),
            median(spent.processor for spent in spents),
            median(spent.peak for spent in spents),
        )
        for name, spents in runs.items()
    }
