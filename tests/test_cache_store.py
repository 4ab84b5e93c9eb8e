"""What a cache keeps, and what comes back from it."""

import sqlite3
from datetime import date, datetime, timedelta, timezone

import pytest
from cache_support import CACHE, SINGLE, kept

from mkdocs_incident.cache.pickles import dumps, loads
from mkdocs_incident.cache.rows import Rows
from mkdocs_incident.cache.store import Store
from mkdocs_incident.diagnostic import Finding, Level, Location


def test_what_findings_are_made_of_comes_back():
    finding = Finding(Location("a.md", 3), "Said", level=Level.NOTE)
    moment = datetime(2025, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    value = (finding, date(2025, 1, 1), moment)
    assert loads(dumps(value), tuple[Finding, date, datetime]) == value
    routes = {("a", 1): (Location("a.md", 3),)}
    assert loads(dumps(routes), dict[tuple[str | int, ...], tuple[Location]]) == routes


@pytest.mark.parametrize("kind", [int, list[bytes], tuple[str, int], dict[str, Location]])
def test_what_is_of_another_type_does_not_come_back(kind):
    assert loads(dumps(("a", "b")), kind) is None
    assert loads(dumps({"a": ("a.md", "b")}), kind) is None


def test_what_is_not_in_use_is_forgotten_once_it_is_much(tmp_path):
    store = Store(tmp_path)

    def known(count, in_use=lambda: {b"\x03", b"\x07", b"never there"}):
        store.put((bytes([number]), bytes(9_000)) for number in range(count))
        store.tidy(in_use)
        return [number for number in range(count) if store.get(bytes([number])) is not None]

    assert known(10, lambda: pytest.fail("who asks, where nothing is too much")) == [*range(10)]
    assert known(20) == [*range(20)]
    assert known(40) == [3, 7]
    assert known(4) == [*range(4)]
    assert known(8) == [3, 7]
    store.forget()
    assert store.get(b"\x03") is None


def size(root):
    with sqlite3.connect(root / CACHE / "cache.sqlite") as connection:
        return connection.execute("SELECT sum(length(blob)) FROM kept").fetchone()[0]


def test_rows_that_two_runs_write_at_once_are_those_of_one(tmp_path):
    before = {str(number): (number,) for number in range(100)}
    store = Store(tmp_path)
    Rows(store, b"key", SINGLE).put(before)
    whole = size(tmp_path)
    here, there = Rows(store, b"key", SINGLE), Rows(store, b"key", SINGLE)
    one = {**here.kept, "1": ("here",), "2": ("here",)}
    other = {name: row for name, row in there.kept.items() if name != "2"} | {"3": ("there",)}
    for rows, wanted in ((here, one), (there, other)):
        rows.put(wanted)
        assert size(tmp_path) < whole + 200  # what changed, not all
        assert kept(tmp_path) == wanted


def test_changes_of_rows_that_were_written_again_since_are_passed_over(tmp_path):
    store = Store(tmp_path)
    Rows(store, b"key", SINGLE).put({str(number): (number,) for number in range(100)})
    late, whole = Rows(store, b"key", SINGLE), Rows(store, b"key", SINGLE)
    other = {str(number): ("other",) for number in range(50)}
    whole.put(other)
    late.put({**late.kept, "1": ("late",)})
    assert kept(tmp_path) == other
