"""What a cache keeps, and what comes back from it."""

from datetime import date, datetime, timedelta, timezone

import pytest
from cache_support import SINGLE, kept

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


def test_what_is_kept_no_longer_is_gone_and_the_rest_is_there(tmp_path):
    store = Store(tmp_path)
    store.put((bytes([number]), b"blob") for number in range(10))
    assert store.count() == 10
    store.keep({b"\x03", b"\x07", b"never there"})
    assert store.count() == 2
    assert [store.get(bytes([number])) for number in (2, 3, 7)] == [None, b"blob", b"blob"]


def test_rows_that_two_runs_write_at_once_are_those_of_one(tmp_path):
    before = {str(number): (number,) for number in range(100)}
    store = Store(tmp_path)
    store.put(Rows(store, b"key", SINGLE).blobs(before))
    here, there = Rows(store, b"key", SINGLE), Rows(store, b"key", SINGLE)
    one = {**here.kept, "1": ("here",), "2": ("here",)}
    other = {name: row for name, row in there.kept.items() if name != "2"} | {"3": ("there",)}
    for rows, wanted in ((here, one), (there, other)):
        blobs = rows.blobs(wanted)
        assert sum(len(blob) for _, blob in blobs) < 200  # what changed, not all
        store.put(blobs)
        assert kept(tmp_path) == wanted


def test_changes_of_rows_that_were_written_again_since_are_passed_over(tmp_path):
    store = Store(tmp_path)
    store.put(Rows(store, b"key", SINGLE).blobs({str(number): (number,) for number in range(100)}))
    late, whole = Rows(store, b"key", SINGLE), Rows(store, b"key", SINGLE)
    other = {str(number): ("other",) for number in range(50)}
    store.put(whole.blobs(other))
    store.put(late.blobs({**late.kept, "1": ("late",)}))
    assert kept(tmp_path) == other
