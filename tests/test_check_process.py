"""`check` as an installed command, and on files that no repository should hold."""

import json
import os
import pty
import subprocess
import sys

import pytest
from check_support import AS_OF, INCIDENT, PATH, WITHOUT_SEVERITY, names


def test_half_a_megabyte_on_a_line(write, run):
    long = "x" * 500_000
    write(
        {
            PATH: INCIDENT.replace("severity: SEV2", f"severity: {long}") + f"\n[{long}]({long})\n",
            "incidents/INC-2025-0143.md": f"---\nid: {long}\n---\n# {long}\n\n**Severity:** {long}\n",
            "incidents/INC-2025-0144.md": f"---\n{long}: 1\n---\n- [ ] {long}\n",
            "incidents/INC-2025-0145.md": f"---\n{long}\n---\n",
            "incidents/INC-2025-0146.md": "---\n---\n"
            + "|" * 500_000
            + "\n"
            + "a|-" * 100_000
            + "\n",
        }
    )
    result = run("check", *AS_OF)
    assert result.exit_code == 1
    assert max(map(len, result.output.splitlines())) < 300


@pytest.mark.parametrize("count", [60, 70, 5000])
@pytest.mark.parametrize("brackets", ["[]", "{}", "- "])
def test_nesting(count, brackets, write, run):
    nested = "- " * count + "x" if brackets == "- " else brackets[0] * count + brackets[1] * count
    if brackets == "{}":
        nested = "{a: " * count + "1" + "}" * count
    write({PATH: INCIDENT.replace("title:", f"x-deep:\n  {nested}\ntitle:")})
    found = names(run("check", *AS_OF, "--format", "json"))
    assert found == ([] if count == 60 else ["invalid-yaml"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(write, command, tmp_path):
    write({PATH: INCIDENT})
    os.mkfifo(tmp_path / "incidents/pipe.md")
    (tmp_path / "incidents/zero.md").symlink_to("/dev/zero")
    done = subprocess.run(
        [command, "check", *AS_OF, "--format", "json"],
        cwd=tmp_path, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    found = json.loads(done.stdout)["diagnostics"]
    assert [(d["name"], d["path"]) for d in found] == [
        ("unreadable-path", "incidents/pipe.md"),
        ("unreadable-path", "incidents/zero.md"),
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_and_a_folder_without_permission(write, run, tmp_path):
    write({PATH: INCIDENT, "incidents/closed/new.md": "# New\n"})
    (tmp_path / PATH).chmod(0)
    (tmp_path / "incidents/closed").chmod(0)
    try:
        result = run("check", *AS_OF, "--format", "json")
    finally:
        (tmp_path / "incidents/closed").chmod(0o755)
    assert names(result) == ["unreadable-path", "unreadable-path"]


def test_links_in_a_circle_between_folders(write, run, tmp_path):
    write({PATH: INCIDENT})
    (tmp_path / "incidents/INC-2025-0142/up").symlink_to("..")
    (tmp_path / "runbooks").symlink_to("incidents")
    assert run("check", *AS_OF).output == "No findings in 1 record\n"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("output", ["text", "json", "github", "sarif"])
def test_a_file_name_that_is_not_utf8(output, command, tmp_path):
    folder = tmp_path / "incidents"
    folder.mkdir()
    (folder / os.fsdecode(b"caf\xe9.md")).write_text("# New\n")
    done = subprocess.run(
        [command, "check", "--format", output], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"SRC001" in done.stdout
    assert done.stderr == b""
    done.stdout.decode("utf-8")


def test_an_absolute_path_into_the_repository_works_on_one_machine_only(write, run, tmp_path):
    evidence = f"evidence:\n  - path: {tmp_path}/incidents/pool.csv\n"
    write({PATH: INCIDENT.replace("evidence:\n", evidence), "incidents/pool.csv": ""})
    result = run("check", *AS_OF, "--select", "REF")
    assert "` is an absolute path [evidence-file-missing]" in result.output


# The real command


@pytest.mark.parametrize("start", [["mkdocs-incident"], [sys.executable, "-m", "mkdocs_incident"]])
@pytest.mark.parametrize(
    ("arguments", "exit_code"), [(("runbooks",), 0), ((), 1), (("--nothing",), 2)]
)
def test_installed(start, arguments, exit_code, command, tmp_path):
    (tmp_path / "incidents").mkdir()
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "incidents/new.md").write_text(WITHOUT_SEVERITY)
    start = [command] if start == ["mkdocs-incident"] else start
    done = subprocess.run(
        [*start, "check", *AS_OF, *arguments],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == exit_code
    assert "Traceback" not in done.stderr


def test_a_terminal_without_unicode(write, command, tmp_path):
    write({PATH: INCIDENT.replace("Checkout was slow", "[Größe — 🚚]")})
    done = subprocess.run(
        [command, "check", *AS_OF], cwd=tmp_path, capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode == 1
    assert r"3 | title: [Größe \u2014 \U0001f69a]".encode("latin-1") in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_an_internal_error_does_not_look_like_a_finding(write, command, tmp_path):
    write({PATH: INCIDENT})
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [command, "check", *AS_OF],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr


def on_a_terminal(arguments, folder, **environment):
    """Run a command whose standard output is a terminal; return what it shows."""
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(arguments, cwd=folder, stdout=theirs, env={**kept, **environment})
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    process.wait()
    return shown.decode()


def test_colour_only_on_a_terminal(write, command, tmp_path):
    write({PATH: WITHOUT_SEVERITY})
    arguments = [command, "check", *AS_OF]
    assert "\x1b[1;31merror\x1b[0m" in on_a_terminal(arguments, tmp_path)
    assert "\x1b" not in on_a_terminal(arguments, tmp_path, NO_COLOR="1")
    piped = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "\x1b" not in piped.stdout
    assert "error INC001" in piped.stdout
