"""Work in several processes gives what it gives in one."""

import os
import re
import subprocess
import sys
import threading
import time
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
    before = "import os\nfrom mkdocs_incident.workers import ahead, in_slices\nhere = os.getpid()\n"
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


ON_A_LARGE_MACHINE = "import multiprocessing, time\nos.sched_getaffinity = lambda _: range(64)\n"


@several
def test_slices_are_given_to_eight_processes_however_many_there_could_be():
    code = (
        f"{ON_A_LARGE_MACHINE}"
        "answers = in_slices(lambda part: time.sleep(20 if part[0] else 0), range(250 * 20))\n"
        "next(answers)\n"
        "print(len(multiprocessing.active_children()) in {7, 8})\n"
        "answers.close()"
    )
    assert in_a_process(code) == "True\n"


@several
def test_eight_processes_work_ahead_however_many_there_could_be():
    code = f"{ON_A_LARGE_MACHINE}print(len({{*ahead(lambda _: os.getpid(), range(300))}}))"
    assert in_a_process(code) == "8\n"


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


def test_answers_made_ahead_come_in_the_order_of_the_items():
    code = "print([*ahead(lambda n: n * 2, range(700))] == [n * 2 for n in range(700)])"
    assert in_a_process(code) == "True\n"


@several
def test_other_processes_work_ahead_where_it_is_much():
    code = (
        "print('few', {*ahead(lambda _: os.getpid(), range(10))} == {here})\n"
        "many = {*ahead(lambda _: os.getpid(), range(300))}\n"
        "print(len(many) > 1, here in many)"
    )
    assert in_a_process(code) == "few True\nTrue False\n"


def test_a_process_that_dies_ahead_loses_nothing():
    code = (
        "def work(n):\n"
        "    if os.getpid() != here and n == 101:\n"
        "        os._exit(9)\n"
        "    return n * 'answer'\n"
        "print([*map(len, ahead(work, range(300)))] == [6 * n for n in range(300)])"
    )
    assert in_a_process(code) == "True\n"


def test_an_error_ahead_is_raised_where_its_answer_is_asked_for():
    code = (
        "answers = ahead(lambda n: 1 // (n - 200), range(300))\n"
        "print(len([next(answers) for _ in range(200)]))\n"
        "try:\n"
        "    next(answers)\n"
        "except ZeroDivisionError as error:\n"
        "    print(error)"
    )
    assert in_a_process(code) == "200\ninteger division or modulo by zero\n"


def test_who_stops_asking_leaves_no_process_behind():
    code = (
        "import multiprocessing\n"
        "answers = ahead(lambda n: n * 'answer', range(1000))\n"
        "next(answers)\n"
        "answers.close()\n"
        "print(multiprocessing.active_children())"
    )
    assert in_a_process(code) == "[]\n"


@several
def test_processes_end_with_the_one_that_asked_however_it_ends():
    code = (
        "import multiprocessing, time\n"
        "from mkdocs_incident.workers import ahead\n"
        "answers = ahead(lambda n: 'answer' * 100_000, range(1000))\n"
        "next(answers)\n"
        "print(*[child.pid for child in multiprocessing.active_children()], flush=True)\n"
        "time.sleep(100)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as asking:
        children = asking.stdout.readline().split()
        asking.kill()
    assert len(children) > 1
    for _ in range(100):
        left = [pid for pid in children if is_running(pid)]
        if not left:
            return
        time.sleep(0.1)
    raise AssertionError(f"{left} wait for somebody who has ended")


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


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
    generate(tmp_path, 290, faults=0.3)

    def checked(*options):
        asked = [command, "check", "--format", "json", "--as-of", "2026-01-01", *options]
        done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (1, "")
        return done.stdout

    alone = checked("--no-cache")
    assert checked() == alone
    assert checked() == alone
    for path in (tmp_path / "incidents").rglob("*.md"):  # as another branch does, or a formatter
        path.write_text(path.read_text("utf-8").replace("severity: SEV2\n", ""), "utf-8")
    alone = checked("--no-cache")
    assert checked() == alone
    assert checked() == alone
    (tmp_path / ".incident_cache").rename(tmp_path / "moved")
    (tmp_path / ".incident_cache").write_text("in the way", "utf-8")
    assert checked() == alone


@several
def test_many_records_that_changed_are_read_in_several_processes(tmp_path):
    generate(tmp_path, 290)
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from mkdocs_incident.judging.memory import Memory\n"
        "from mkdocs_incident.policy import load_policy\n"
        "from mkdocs_incident.cache import documents\n"
        f"root = Path({str(tmp_path)!r})\n"
        "policy = load_policy(root / 'incident.yml', root)\n"
        "Memory(policy).corpus()\n"
        "for path in (root / 'incidents').rglob('*.md'):\n"
        "    path.write_text(path.read_text('utf-8') + 'One line more.\\n', 'utf-8')\n"
        "read = documents.read_document\n"
        "here = []\n"
        "documents.read_document = lambda *a, **k: here.append(a) or read(*a, **k)\n"
        "print(len(Memory(policy).corpus().documents) > 250, len(here))"
    )
    assert in_a_process(code) == "True 0\n"


def built(folder, site, processors=None):
    """Build a site, where told so with the processors of these numbers only."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", site],
        cwd=folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        preexec_fn=processors and (lambda: os.sched_setaffinity(0, processors)),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


SITE = "site_name: Many\ntheme: {name: mkdocs, custom_dir: overrides}\nplugins: [search, {incident: {as_of: 2026-01-01}}]\n"


@several
def test_a_large_site_is_the_same_from_one_process_and_from_several(tmp_path):
    generate(tmp_path, 90)
    (tmp_path / "docs").mkdir()
    (tmp_path / "overrides").mkdir()
    (tmp_path / "mkdocs.yml").write_text(SITE, "utf-8")
    assert built(tmp_path, "many") == (0, "")
    assert built(tmp_path, "one", {min(os.sched_getaffinity(0))}) == (0, "")
    many, one = (
        {
            path.relative_to(tmp_path / site): path.read_bytes()
            for path in (tmp_path / site).rglob("*")
            if path.is_file() and path.suffix != ".gz"  # which holds the time
        }
        for site in ("many", "one")
    )
    assert len([path for path in many if path.suffix == ".html"]) > 250
    assert many == one


def test_a_template_of_ones_own_does_with_the_body_of_each_of_many_records_what_it_likes(tmp_path):
    generate(tmp_path, 90)
    (tmp_path / "docs").mkdir()
    (tmp_path / "overrides" / "incident").mkdir(parents=True)
    (tmp_path / "overrides" / "incident" / "record.html").write_text(
        "{{ heading }}<p>{{ body | striptags | wordcount }} words.</p>", "utf-8"
    )
    (tmp_path / "mkdocs.yml").write_text(SITE, "utf-8")
    assert built(tmp_path, "site") == (0, "")
    pages = [path.read_text("utf-8") for path in (tmp_path / "site/incidents").rglob("*.html")]
    assert len(pages) > 90
    assert all(int(re.search(r"<p>(\d+) words\.</p>", page)[1]) > 20 for page in pages)
