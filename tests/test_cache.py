"""What is remembered never changes what is said, and is never needed."""

import cProfile
import pstats
import random
import re
import shutil
import sqlite3
import subprocess
from datetime import timedelta
from functools import cached_property
from operator import attrgetter

import pytest
from cache_support import CACHE, FIRST, changed, checked, records
from site_support import build, build_from_nothing, tree

from mkdocs_incident.cache.documents import RememberedFiles
from mkdocs_incident.cache.store import Store
from mkdocs_incident.policy import load_policy
from mkdocs_incident.source.document import Document, read_document


class Edits:
    """What happens to a repository over the years, one thing a call."""

    def __init__(self, root, chance):
        self.root, self.chance, self.gone, self.number = root, chance, {}, 0
        self.as_of = FIRST

    def any(self):
        return self.chance.choice(records(self.root))

    def delete(self):
        path = self.any()
        self.gone[path] = path.read_bytes()
        path.unlink()

    def restore(self):
        for path, content in self.gone.items():
            path.write_bytes(content)
        self.gone.clear()

    def delete_other_file(self):
        files = sorted(p for p in (self.root / "incidents").rglob("*.*") if p.suffix != ".md")
        if files:
            path = self.chance.choice(files)
            self.gone[path] = path.read_bytes()
            path.unlink()

    def copy(self):
        path = self.any()
        self.number += 1
        shutil.copy(path, path.with_name(f"copy-{self.number}.md"))

    def copy_as_another(self):
        path = self.any()
        self.number += 1
        text = re.sub(
            r"INC-20(\d\d)-\d{4}", rf"INC-20\1-9{self.number:03}", path.read_text("utf-8")
        )
        path.with_name(f"INC-2025-9{self.number:03}.md").write_text(text, "utf-8")

    def mistype_an_id(self):
        path = self.any()
        path.write_text(
            re.sub(r"(INC-\d{4}-\d\d)\d\d", r"\g<1>99", path.read_text("utf-8"), count=1), "utf-8"
        )

    def drop_a_line(self):
        path = self.any()
        lines = path.read_text("utf-8").splitlines(keepends=True)
        del lines[self.chance.randrange(len(lines))]
        path.write_text("".join(lines), "utf-8")

    def repeat_a_line(self):
        path = self.any()
        lines = path.read_text("utf-8").splitlines(keepends=True)
        place = self.chance.randrange(len(lines))
        path.write_text("".join([*lines[:place], lines[place], *lines[place:]]), "utf-8")

    def reopen(self):
        path = self.any()
        path.write_text(
            re.sub(r"(?m)^status: \w+$", "status: investigating", path.read_text("utf-8")), "utf-8"
        )

    def finish(self):
        path = self.any()
        path.write_text(
            path.read_text("utf-8")
            .replace("- [ ]", "- [x]")
            .replace("status: open", "status: done"),
            "utf-8",
        )

    def unfinish(self):
        path = self.any()
        path.write_text(path.read_text("utf-8").replace("- [x]", "- [ ]"), "utf-8")

    def break_the_yaml(self):
        changed(self.any(), "---\n", "---\n\tbroken: [\n")

    def stand_in(self):
        self.number += 1
        known = self.chance.choice(["INC-2025-0003", "INC-2025-9001", "INC-2025-0088"])
        place = self.root / f"incidents/2025/review-{self.number}.md"
        place.write_text(f"---\nkind: postmortem\nincidents: [{known}]\ntitle: Again\nseverity: SEV3\n"
                         "timeline:\n  - { at: 2025-09-01T10:00Z, event: Alert fires }\n---\n", "utf-8")  # fmt: skip

    def use_a_runbook(self):
        path = self.any()
        changed(
            path,
            "\n---\n",
            "\nrunbooks: [{ id: RB-label-service, verdict: wrong, note: Nothing helped }]\n---\n",
        )

    def part_of(self):
        changed(self.any(), "\n---\n", "\nmajor_incident: INC-2025-0014\n---\n")

    def waive(self):
        changed(
            self.any(),
            "\n## ",
            "\n<!-- mkdocs-incident: ignore missing-evidence until 2027-01-01: archived -->\n\n## ",
        )

    def other_alerts(self):
        path = self.root / "monitoring/alerts.yml"
        name = self.chance.choice(re.findall(r"alert: (\w+)", path.read_text("utf-8")))
        changed(path, f"alert: {name}", f"alert: {name}X")

    def other_policy(self):
        path = self.root / "incident.yml"
        text = path.read_text("utf-8")
        profile = self.chance.choice(["strict", "standard", "essential"])
        path.write_text(re.sub(r"(?m)^profile: \w+$", f"profile: {profile}", text), "utf-8")

    def move(self):
        path = self.any()
        self.number += 1
        path.rename(path.with_name(f"moved-{self.number}-{path.name}"))

    def wait(self):
        self.as_of += timedelta(
            minutes=self.chance.choice([1, 17, 61, 60 * 13, 60 * 24, 60 * 24 * 40])
        )

    def go_back(self):
        self.as_of -= timedelta(days=self.chance.choice([1, 100]))


ACTS = [
    name
    for name, value in vars(Edits).items()
    if callable(value) and name not in {"__init__", "any"}
]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_remembered_changes_no_finding(run, sample, seed):
    """After each of many edits, moves and hours, a run that remembers says what one without does."""
    chance = random.Random(seed)  # noqa: S311 - the same edits in every run
    edits = Edits(sample, chance)
    done = ["the beginning"]
    for _ in range(12):
        fresh = checked(run, "--no-cache", as_of=edits.as_of)
        assert checked(run, as_of=edits.as_of) == fresh, done
        done.append(chance.choice(ACTS))
        getattr(edits, done[-1])()


@pytest.mark.parametrize("act", ACTS)
def test_one_edit_and_back_changes_no_finding(run, sample, act):
    first = checked(run)
    kept = {
        path: path.read_bytes()
        for path in sample.rglob("*.*")
        if path.is_file() and CACHE not in path.parts
    }
    edits = Edits(sample, random.Random(3))  # noqa: S311
    getattr(edits, act)()
    assert checked(run, as_of=edits.as_of) == checked(run, "--no-cache", as_of=edits.as_of)
    for path in sample.rglob("*.md"):
        if path not in kept:
            path.unlink()
    for path, content in kept.items():
        path.write_bytes(content)
    assert checked(run) == first


def calls(run, *names):
    """How often functions of ours are called during a run."""
    profile = cProfile.Profile()
    profile.enable()
    checked(run)
    profile.disable()
    told = pstats.Stats(profile).stats
    return [
        sum(told[key][1] for key in told if key[2] == name and "mkdocs_incident" in key[0])
        for name in names
    ]


def test_only_what_changed_is_read_and_of_document_again(run, sample):
    count = len(records(sample))
    read, judged = calls(run, "read_document", "_of_document")
    assert read >= count  # those without a year are read again once it is known
    assert judged == count
    assert calls(run, "read_document", "_of_document") == [0, 0]
    path = sample / "runbooks/notification-worker.md"
    path.write_text(path.read_text("utf-8") + "\nAsk twice.\n", "utf-8")
    read, judged = calls(run, "read_document", "_of_document")
    assert read == 1
    assert 1 <= judged <= 5


def test_a_record_that_can_be_read_again_and_says_as_little(run, sample):
    """A runbook that can't be read may have the id that its file's name suggests; one that can has what it says."""
    path = sample / "runbooks/sorting-gateway.md"
    for text, is_missed in (("---\n", False), ("---\n---\n", True), ("---\n", False)):
        path.write_text(text, "utf-8")
        said = checked(run)
        assert said == checked(run, "--no-cache")
        assert ("Runbook `RB-sorting-gateway` does not exist" in said[1]) == is_missed


def test_it_does_not_grow_with_each_edit_of_the_policy(run, sample):
    def size():
        return (sample / CACHE / "cache.sqlite").stat().st_size

    checked(run)
    first = size()
    policy = sample / "incident.yml"
    for _ in range(40):
        policy.write_text(policy.read_text("utf-8") + "# \n", "utf-8")
        checked(run)
    assert size() < 4 * first
    assert calls(run, "read_document", "_of_document") == [0, 0]


def test_without_the_cache_nothing_is_written(run, sample):
    checked(run, "--no-cache")
    assert not (sample / CACHE).exists()


def test_git_ignores_it(run, sample):
    checked(run)
    subprocess.run(["git", "init", "-q", "."], cwd=sample, check=True)
    told = subprocess.run(
        ["git", "status", "--porcelain"], cwd=sample, check=True, capture_output=True, text=True
    )
    assert CACHE not in told.stdout


def judged(document):
    """The judgements of a document; a phrase is the same as itself only, and one that was kept is another."""
    found = document.judgements
    return [(passage, hit.start, hit.end, hit.phrase.pattern) for passage, hit in found]


def test_what_is_kept_of_a_document_is_not_made_anew(sample, monkeypatch):
    path = "incidents/2025/INC-2025-0022/postmortem.md"
    changed(sample / path, "\n## ", "\nAlice was careless, see [it](a.md).\n\n## ")
    policy = load_policy(sample / "incident.yml", sample)
    fresh = read_document(path, (sample / path).read_bytes(), policy.read_options)
    made = {name for name, value in vars(Document).items() if isinstance(value, cached_property)}
    kept = made - {
        "path",
        "blocks",
        "prose",
        "views",
    }  # what is there, and what is made when it is needed
    told = {name: attrgetter(name) for name in kept} | {"judgements": judged}
    expected = {name: tell(fresh) for name, tell in told.items()}
    assert all(expected.values())
    files = RememberedFiles(policy, Store(sample))
    files.document(path)
    files.save()
    monkeypatch.setattr(Document, "blocks", property(lambda _: pytest.fail("scanned again")))
    for name, value in expected.items():
        document = RememberedFiles(policy, Store(sample)).document(path)
        assert told[name](document) == value
    monkeypatch.undo()
    for name, value in expected.items():
        files = RememberedFiles(policy, Store(sample))
        document = files.document(path)
        with sqlite3.connect(sample / CACHE / "cache.sqlite") as connection:
            connection.execute("DELETE FROM kept")
        assert told[name](document) == value


def test_a_file_that_changes_before_it_is_asked_for(sample):
    """A server builds while somebody writes: a record is read as it is then."""
    path = "incidents/2025/INC-2025-0022/incident.md"
    policy = load_policy(sample / "incident.yml", sample)
    first = RememberedFiles(policy, Store(sample))
    first.document(path)
    first.save()
    files = RememberedFiles(policy, Store(sample), with_texts=True)
    files.expect([path])
    changed(sample / path, "severity: SEV2\n", "severity: SEV1\n")
    document = files.document(path)
    assert document.record["severity"] == "SEV1"
    assert "severity: SEV1\n" in document.source.text


def test_runs_at_once_say_the_same(command, sample):
    """Without a cache at first, so that all want to write it."""
    asked = [command, "check", "--format", "json", "--as-of", "2025-10-01"]
    started = [subprocess.Popen(asked, cwd=sample, stdout=subprocess.PIPE) for _ in range(4)]
    told = [process.communicate()[0] for process in started]
    assert len(set(told)) == 1
    again = subprocess.run(asked, cwd=sample, capture_output=True, check=False)
    assert again.stdout == told[0]
    assert again.stderr == b""


def test_two_branches_share_it(run, sample):
    """Going to and fro reads nothing a second time."""
    path = sample / "incidents/2025/INC-2025-0022/incident.md"
    here = path.read_text("utf-8")
    there = here.replace("severity: SEV2\n", "")
    told = {}
    for text in (here, there):
        path.write_text(text, "utf-8")
        told[text] = checked(run)
    assert told[here] != told[there]
    for text in (here, there):
        path.write_text(text, "utf-8")
        assert calls(run, "read_document") == [0]
        assert checked(run) == told[text]


def test_a_site_of_what_is_remembered_is_the_same_site(run, sample):
    """Built first, from what the build before and the gate remember, and without."""
    (sample / "docs").mkdir()
    (sample / "docs/index.md").write_text("# Home\n", "utf-8")
    sites = []
    # The first of each is a process that begins, in which sets have another order.
    for made, cache in ((build_from_nothing, "true"), (build, "true"), (build, "false")):
        (sample / "mkdocs.yml").write_text(
            "site_name: S\ntheme: {name: mkdocs}\nplugins: [search, {incident: "
            f"{{as_of: 2025-10-01, on_findings: warn, cache: {cache}}}}}]\n",
            "utf-8",
        )
        done = made(sample)
        assert done.code == 0, done.log
        sites.append((tree(done.site), done.log.splitlines()[:-1]))
        shutil.rmtree(done.site)
    assert sites[0] == sites[1] == sites[2]
    checked(run)
    record = sample / "incidents/2025/INC-2025-0022/incident.md"
    changed(record, "title: A partner's", "title: Another partner's")
    checked(run)
    without = build_from_nothing(sample)
    expected = tree(without.site)
    changed(sample / "mkdocs.yml", "cache: false", "cache: true")
    shutil.rmtree(without.site)
    assert tree(build(sample).site) == expected
    assert expected != sites[0][0]
