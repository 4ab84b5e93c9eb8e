"""Work in several processes gives what it gives in one."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mkdocs_incident.workers import in_slices

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from repository import generate

several = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="one processor, or a system on which processes are not copied",
)


def in_a_process(code):
    """What a program prints that has no other thread, as the command line has none."""
    before = "import os\nfrom mkdocs_incident.workers import in_slices\nhere = os.getpid()\n"
    done = subprocess.run(
        [sys.executable, "-c", before + code], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


def test_answers_come_in_the_order_of_the_items():
    code = "print([n for part in in_slices(lambda part: [n * 2 for n in part], range(2000)) for n in part])"
    assert in_a_process(code) == f"{[number * 2 for number in range(2000)]}\n"


@several
def test_other_processes_do_it_where_it_is_much():
    code = (
        "print('once', set(in_slices(lambda _: os.getpid(), range(10))) == {here})\n"
        "many = set(in_slices(lambda _: os.getpid(), range(1000)))\n"
        "print(len(many), here in many)"
    )
    assert in_a_process(code) == "once True\n4 False\n"


def test_a_process_that_dies_loses_nothing():
    code = (
        "def work(part):\n"
        "    if os.getpid() != here and part[0]:\n"
        "        os._exit(9)\n"
        "    return sum(part)\n"
        "print(sum(in_slices(work, range(1000))))"
    )
    assert in_a_process(code) == f"{sum(range(1000))}\n"


def test_an_error_is_raised_here():
    code = (
        "try:\n"
        "    list(in_slices(lambda part: 1 // part[0], range(1000)))\n"
        "except ZeroDivisionError as error:\n"
        "    print(error)"
    )
    assert in_a_process(code) == "integer division or modulo by zero\n"


def test_an_answer_that_cannot_be_sent_is_made_here():
    code = "print([f() for f in in_slices(lambda part: lambda: len(part), range(600))])"
    assert in_a_process(code) == "[250, 250, 100]\n"


def test_beside_another_thread_nothing_is_copied():
    release = threading.Event()
    other = threading.Thread(target=release.wait)
    other.start()
    try:
        assert set(in_slices(lambda _: os.getpid(), range(1_000))) == {os.getpid()}
    finally:
        release.set()
        other.join()


def test_many_records_say_the_same_from_one_process_and_from_several(command, tmp_path):
    generate(tmp_path, 400, faults=0.3)

    def checked(*options):
        asked = [command, "check", "--format", "json", "--as-of", "2026-01-01", *options]
        done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (1, "")
        return done.stdout

    alone = checked("--no-cache")
    assert checked() == alone
    assert checked() == alone
    (tmp_path / ".incident_cache").rename(tmp_path / "moved")
    (tmp_path / ".incident_cache").write_text("in the way", "utf-8")
    assert checked() == alone
