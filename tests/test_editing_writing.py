"""Putting an edited file in place: all of it or nothing, never over somebody else's edit."""

import os
import stat
import subprocess
import sys

import pytest

from mkdocs_incident.editing.record_text import EditError
from mkdocs_incident.editing.writing import write_atomically

OLD = b"---\r\nid: X\r\n---\r\n"
NEW = b"other\n" * 10_000

KILLED = """
import os, pathlib, signal, sys
from mkdocs_incident.editing.writing import write_atomically

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

{when} = die
write_atomically(pathlib.Path(sys.argv[1]), "a.md", {old!r}, b"other\\n" * 10_000)
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_new_content_takes_the_place_of_the_old_one(tmp_path):
    file = tmp_path / "a.md"
    file.write_bytes(OLD)
    file.chmod(0o640)
    write_atomically(tmp_path, "a.md", OLD, NEW)
    assert file.read_bytes() == NEW
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert names(tmp_path) == ["a.md"]


def test_somebody_elses_edit_is_kept(tmp_path):
    (tmp_path / "a.md").write_bytes(b"theirs")
    with pytest.raises(EditError, match="changed by somebody else"):
        write_atomically(tmp_path, "a.md", OLD, NEW)
    assert (tmp_path / "a.md").read_bytes() == b"theirs"
    assert names(tmp_path) == ["a.md"]


@pytest.mark.parametrize("when", ["os.fsync", "pathlib.Path.chmod", "pathlib.Path.replace"])
def test_a_process_killed_before_the_last_step_leaves_the_old_file_whole(tmp_path, when):
    (tmp_path / "a.md").write_bytes(OLD)
    code = KILLED.format(when=when, old=OLD)
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, check=False)
    assert done.returncode == -9, done.stderr.decode()
    assert (tmp_path / "a.md").read_bytes() == OLD
    left = [name for name in names(tmp_path) if name != "a.md"]
    assert all(name.startswith(".") and name.endswith(".tmp") for name in left), "no record"
    write_atomically(tmp_path, "a.md", OLD, NEW)  # the next run is not in its way
    assert (tmp_path / "a.md").read_bytes() == NEW


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/b.md").write_bytes(OLD)
    (tmp_path / "a.md").symlink_to("real/b.md")
    write_atomically(tmp_path, "a.md", OLD, NEW)
    assert (tmp_path / "a.md").is_symlink()
    assert (tmp_path / "real/b.md").read_bytes() == NEW
    assert names(tmp_path / "real") == ["b.md"]


def test_a_link_that_leads_out_is_refused(tmp_path):
    root = tmp_path / "repository"
    root.mkdir()
    (tmp_path / "b.md").write_bytes(OLD)
    (root / "a.md").symlink_to("../b.md")
    with pytest.raises(EditError, match="leads out of the repository") as refused:
        write_atomically(root, "a.md", OLD, NEW)
    assert refused.value.location.path == "a.md"
    assert (tmp_path / "b.md").read_bytes() == OLD


def test_a_file_that_is_gone_is_refused(tmp_path):
    with pytest.raises(EditError, match="can't be written: no such file") as refused:
        write_atomically(tmp_path, "a.md", OLD, NEW)
    assert refused.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes where it likes")
def test_a_folder_that_is_not_writable_is_refused(tmp_path):
    (tmp_path / "a.md").write_bytes(OLD)
    tmp_path.chmod(0o500)
    with pytest.raises(EditError, match="permission denied"):
        write_atomically(tmp_path, "a.md", OLD, NEW)
    tmp_path.chmod(0o700)
