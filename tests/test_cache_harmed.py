"""A cache that was spoiled, replaced, locked or forged changes nothing that is said."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from datetime import date
from hashlib import blake2b
from typing import Any

import pytest
from cache_support import CACHE, SINGLE, changed, checked, kept

from mkdocs_incident.cache.documents import RememberedFiles
from mkdocs_incident.cache.pickles import dumps, loads
from mkdocs_incident.cache.rows import Rows
from mkdocs_incident.cache.store import Store
from mkdocs_incident.judging.names import ALERT_RULES
from mkdocs_incident.policy import load_policy
from mkdocs_incident.source.document import read_document
from mkdocs_incident.source.title import KINDS


def truncated(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoiled(path):
    content = bytearray(path.read_bytes())
    for place in range(200, len(content), 997):
        content[place] ^= 0x5A
    path.write_bytes(bytes(content))


def slightly_spoiled(path):
    """A bit in every blob, behind what the database itself looks at."""
    with sqlite3.connect(path) as connection:
        for key, blob in connection.execute("SELECT key, blob FROM kept").fetchall():
            other = bytearray(blob)
            other[-len(other) // 3] ^= 1
            connection.execute("UPDATE kept SET blob = ? WHERE key = ?", (bytes(other), key))


def of_another_shape(path):
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE kept (one, two, three)")


def of_other_columns(path):
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE kept")
        connection.execute("CREATE TABLE kept (k, v)")


def of_text(path):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE kept SET blob = CAST(blob AS TEXT)")


def of_a_name_that_is_no_text(path):
    path.write_bytes(path.read_bytes().replace(b"sqlite_autoindex", b"sqlite\xe6autoindex"))


def a_folder(path):
    path.unlink()
    path.mkdir()


HARMS = {
    "truncated": truncated,
    "spoiled": spoiled,
    "slightly-spoiled": slightly_spoiled,
    "of-another-shape": of_another_shape,
    "of-other-columns": of_other_columns,
    "of-text": of_text,
    "of-a-name-that-is-no-text": of_a_name_that_is_no_text,
    "text": lambda path: path.write_text("not a database\n" * 999),
    "empty": lambda path: path.write_bytes(b""),
    "a-folder": a_folder,
    "gone": lambda path: shutil.rmtree(path.parent),
    "a-file-for-the-folder": lambda path: (shutil.rmtree(path.parent), path.parent.write_text("")),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_spoiled_cache_is_only_empty(run, sample, harm):
    first = checked(run)
    assert checked(run) == first
    HARMS[harm](sample / CACHE / "cache.sqlite")
    assert checked(run) == first
    changed(sample / "incidents/2025/INC-2025-0022/incident.md", "severity: SEV2\n", "")
    without = checked(run, "--no-cache")
    assert without != first
    assert checked(run) == without
    assert checked(run) == without


def usable(sample):
    """The keys under which something is kept that is what was put there."""
    store = Store(sample)
    with sqlite3.connect(sample / CACHE / "cache.sqlite") as connection:
        keys = [key for (key,) in connection.execute("SELECT CAST(key AS BLOB) FROM kept")]
    return sorted(key for key in keys if store.get(key) is not None)


@pytest.mark.parametrize("harm", sorted({*HARMS} - {"a-folder", "a-file-for-the-folder"}))
def test_a_spoiled_cache_is_filled_again(run, sample, harm):
    """One run may be needed to see the harm; where no file can be made, there is nothing to fill."""
    checked(run)
    whole = usable(sample)
    assert len(whole) > 100
    HARMS[harm](sample / CACHE / "cache.sqlite")
    checked(run)
    checked(run)
    assert usable(sample) == whole


def test_a_cache_whose_head_lets_nobody_write_is_filled_again(run, sample):
    checked(run)
    path = sample / CACHE / "cache.sqlite"
    content = bytearray(path.read_bytes())
    content[18] = 3  # the version that writing asks for
    path.write_bytes(bytes(content))
    changed(sample / "incidents/2025/INC-2025-0022/incident.md", "severity: SEV2\n", "")
    without = checked(run, "--no-cache")
    assert checked(run) == without
    assert checked(run) == without
    assert path.read_bytes()[18] < 3
    assert len(usable(sample)) > 100


OTHER_VALUES = (5, "x", {}, (b"1", {"a": (1,)}), ({"a"}, {"a": 1}), ["kind"])


@pytest.mark.parametrize("value", OTHER_VALUES, ids=repr)
def test_a_cache_that_holds_something_else_is_only_empty(run, sample, value):
    """Sealed as it should be, so that only its shape tells; what changed alone is written, too."""
    checked(run)
    record = sample / "incidents/2025/INC-2025-0022/incident.md"
    for part in ("whole", "changes"):
        changed(record, "severity: SEV2\n", "" if part == "whole" else "severity: SEV1\n")
        with sqlite3.connect(sample / CACHE / "cache.sqlite") as connection:
            for (key,) in connection.execute("SELECT key FROM kept").fetchall():
                if part == "whole" or len(key) > 16:
                    other = sealed_again(key, value)
                    connection.execute("UPDATE kept SET blob = ? WHERE key = ?", (other, key))
        without = checked(run, "--no-cache")
        assert checked(run) == without
        assert checked(run) == without
        changed(record, "title: ", "severity: SEV2\ntitle: ")


@pytest.mark.parametrize("value", OTHER_VALUES, ids=repr)
def test_changes_that_are_none_are_passed_over(tmp_path, value):
    store = Store(tmp_path)
    rows = {"b": ("kept",)}
    first = Rows(store, b"key", SINGLE)
    first.put(rows)
    store.put([(first.keys[1], dumps(value))])
    assert kept(tmp_path) == rows


@pytest.mark.parametrize("value", OTHER_VALUES, ids=repr)
def test_parts_that_are_none_are_read_again(sample, value):
    """The light ones, found through a whole index, tell nothing of whether the others are whole."""
    policy = load_policy(sample / "incident.yml", sample)
    path = "incidents/2025/INC-2025-0022/incident.md"
    first = RememberedFiles(policy, Store(sample))
    first.document(path)
    first.save()
    store = Store(sample)
    index = set(first._index.keys)  # noqa: SLF001
    with sqlite3.connect(sample / CACHE / "cache.sqlite") as connection:
        keys = {key for (key,) in connection.execute("SELECT key FROM kept")}
    assert store.put((key, dumps(value)) for key in keys - index)
    document = RememberedFiles(policy, store).document(path)
    fresh = read_document(path, (sample / path).read_bytes(), policy.read_options)
    for name in ("positions", "judgements", "causes", "links", "record", "source"):
        assert getattr(document, name) == getattr(fresh, name)


def plain(sealed):
    """What is kept, as it is written: no type tells what it is."""
    return loads(sealed[16:], Any)


def sealed_again(key, value):
    blob = dumps(value)
    return blake2b(blob, digest_size=16, key=key[:64]).digest() + blob


def is_rows(value):
    """Whether this is a stamp, or what has gone, with rows."""
    return isinstance(value, tuple) and isinstance(value[0], bytes | list)


def is_light(value):
    return isinstance(value, tuple) and value[0] in KINDS


def is_facts(value):
    """Whether this is a record with what is told of it."""
    return isinstance(value, tuple) and len(value) > 2 and isinstance(value[0], dict)


def with_another(value, pick):
    """What is kept, with one thing in it that is of another type, wherever it may be."""
    places = list(value) if isinstance(value, dict) else []
    if isinstance(value, list | tuple):
        places = list(range(len(value)))[is_facts(value) :]  # values of a record may have any type
    if not places or pick.random() < 0.1:
        return pick.choice([1.5, [1.5], {"a": 1.5}])
    place = pick.choice(places)
    other = with_another(value[place], pick)
    if isinstance(value, dict):
        return {**value, place: other}
    return (*value[:place], other, *value[place + 1 :])


@pytest.mark.parametrize("seed", range(6))
def test_what_is_of_another_type_is_taken_for_none(run, sample, seed):
    """Each thing that is kept is sealed as it should be, and holds one value that it can't."""
    pick = random.Random(seed)  # noqa: S311
    record = sample / "incidents/2025/INC-2025-0022/incident.md"
    changed(
        record,
        "\n## ",
        "\nAlice was careless.\n<!-- mkdocs-incident: waive blaming-language until 2030-01-01: a quotation -->\n\n## ",
    )
    first = checked(run, "--no-cache")
    checked(run)
    for harmed in ("rows", "light", "parts"):
        with sqlite3.connect(sample / CACHE / "cache.sqlite") as connection:
            for key, sealed in connection.execute("SELECT key, blob FROM kept").fetchall():
                value = plain(sealed)
                kind = "rows" if is_rows(value) else "light" if is_light(value) else "parts"
                if kind == harmed:
                    other = sealed_again(key, with_another(value, pick))
                    connection.execute("UPDATE kept SET blob = ? WHERE key = ?", (other, key))
                elif kind == "rows" and (harmed == "light" or ALERT_RULES in value[1]):
                    # Rows that are whole hide what is kept of each record.
                    connection.execute("DELETE FROM kept WHERE key = ?", (key,))
        assert checked(run) == first


def without_sense(sample):
    """Have milestones of the right type, told by what is not there."""
    with sqlite3.connect(sample / CACHE / "cache.sqlite") as connection:
        for key, sealed in connection.execute("SELECT key, blob FROM kept").fetchall():
            value = plain(sealed)
            if is_rows(value) and ALERT_RULES in value[1]:
                connection.execute("DELETE FROM kept WHERE key = ?", (key,))
            elif is_facts(value):
                record, milestones, *others = value
                told = {name: {**one, "route": ()} for name, one in milestones.items()}
                other = sealed_again(key, (record, told, *others))
                connection.execute("UPDATE kept SET blob = ? WHERE key = ?", (other, key))


def is_empty(root):
    with sqlite3.connect(root / CACHE / "cache.sqlite") as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_the_gate_judges_without_what_makes_no_sense(run, sample):
    code, said, _ = first = checked(run, "--no-cache")
    checked(run)
    without_sense(sample)
    told = "What was remembered of the records made no sense (IndexError): it is forgotten\n"
    assert checked(run) == (code, said, told)
    assert is_empty(sample)
    assert checked(run) == first


@pytest.mark.parametrize(
    "asked", [["-m", "mkdocs_incident", "report", "INC-2025-0022"], ["-m", "mkdocs", "build"]]
)
def test_what_makes_no_sense_is_forgotten(run, sample, asked):
    """An error of ours does not come back: whatever led to it is not remembered."""
    (sample / "docs").mkdir()
    (sample / "mkdocs.yml").write_text(
        "site_name: X\ntheme: mkdocs\nplugins: [incident]\n", "utf-8"
    )

    def done():
        return subprocess.run(
            [sys.executable, *asked], cwd=sample, capture_output=True, text=True, check=False
        )

    checked(run)
    without_sense(sample)
    failed = done()
    assert failed.returncode
    assert "IndexError" in failed.stderr
    assert is_empty(sample)
    assert "IndexError" not in done().stderr
    assert not is_empty(sample)


@pytest.mark.parametrize("there", ["a-link", "a-dead-link", "a-pipe", "a-text"])
def test_what_stands_in_the_place_of_its_gitignore_stays(run, sample, there):
    folder, victim = sample / CACHE, sample / "victim"
    folder.mkdir()
    ignored = folder / ".gitignore"
    if there == "a-pipe":
        os.mkfifo(ignored)
    elif there == "a-text":
        ignored.write_text("mine", "utf-8")
    else:
        ignored.symlink_to(victim)
        if there == "a-link":
            victim.write_text("mine", "utf-8")
    before = ignored.lstat()
    assert checked(run) == checked(run, "--no-cache")
    assert (folder / "cache.sqlite").is_file()
    assert ignored.lstat() == before
    assert victim.exists() == (there == "a-link")
    if there in {"a-link", "a-text"}:
        assert ignored.read_text("utf-8") == "mine"


@pytest.mark.parametrize("content", [None, b"", b"not a database"])
@pytest.mark.parametrize("name", [CACHE, f"{CACHE}/cache.sqlite"])
def test_a_link_in_its_place_is_not_followed(run, sample, tmp_path_factory, name, content):
    elsewhere, link = tmp_path_factory.mktemp("elsewhere"), sample / name
    victim = elsewhere / "cache.sqlite"
    if content is not None:
        victim.write_bytes(content)
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(elsewhere if name == CACHE else victim)
    assert checked(run) == checked(run, "--no-cache")
    assert link.is_symlink()
    assert [*elsewhere.iterdir()] == ([victim] if content is not None else [])
    if content is not None:
        assert victim.read_bytes() == content


def test_a_cache_that_somebody_locked_is_passed_over(run, sample):
    first = checked(run)
    whole, path = usable(sample), sample / CACHE / "cache.sqlite"
    content = path.read_bytes()
    with sqlite3.connect(path) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        assert checked(run) == first
        connection.rollback()
    assert path.read_bytes() == content
    assert usable(sample) == whole
    assert checked(run) == first


def test_nothing_in_it_is_executed(tmp_path):
    mark = tmp_path / "mark"
    for module, name, argument in (
        ("os", "system", f"touch {mark}"),
        ("builtins", "eval", f"open({str(mark)!r}, 'w')"),
        ("mkdocs_incident.cli.changes", "subprocess.Popen", f"touch {mark}"),
        ("mkdocs_incident.cli", "main", ""),
    ):
        hostile = f"c{module}\n{name}\n(V{argument}\ntR.".encode()
        assert loads(hostile, Any) is None
    assert not mark.exists()
    for module, name in (("mkdocs_incident.diagnostic", "Location"), ("datetime", "datetime")):
        assert loads(f"c{module}\n{name}\n.".encode(), Any) is None
    assert loads(b"cdatetime\ndate\n.", Any) is date


def test_no_module_is_loaded_for_it(tmp_path, monkeypatch):
    (tmp_path / "datetimeanything.py").write_text("class datetime:\n    pass\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert loads(b"cdatetimeanything\ndatetime\n.", Any) is None
    assert "datetimeanything" not in sys.modules
