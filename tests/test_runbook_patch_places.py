"""Where an entry of a runbook's patch goes: word for word, into the section that is there, and nowhere else."""

import pytest
from runbook_support import VERDICT, git, incident, patch_of, postmortem, repository, runbook


@pytest.mark.parametrize(
    ("written", "added"),
    [
        ("Pool - then the database, 5. in the list", "- Pool - then the database, 5. in the list"),
        ("'- Look at the log'", "- Look at the log"),
        ("'# `a: b` | *x* {{ y }} <b>'", "- # `a: b` | *x* {{ y }} <b>"),
        ("Näher 東京 🚚", "- Näher 東京 🚚"),
        ("|\n      over two\n      lines", "- over two lines"),
    ],
)
def test_entries_are_taken_word_for_word(written, added, tmp_path, run):
    more = f"runbook_updates:\n  - runbook: RB-checkout\n    diagnosis: {written}\n"
    repository(tmp_path, {**incident(), **postmortem(more=more), **runbook()})
    assert f"\n+{added}\n" in patch_of(run, tmp_path).decode()


HEAD = "---\nid: RB-checkout\ntitle: Checkout is slow\nservices: [checkout]\n"
SECTIONS = {
    "behind a list": (
        "## Diagnosis\n\n- Look at the pool\n\n## Links\n",
        "## Diagnosis\n\n- Look at the pool\n- NEW\n\n## Links\n",
    ),
    "behind prose, as a list of its own": (
        "## Diagnosis\n\nLook at the pool.\n\n## Links\n",
        "## Diagnosis\n\nLook at the pool.\n\n- NEW\n\n## Links\n",
    ),
    "in an empty section": (
        "## Diagnosis\n\n## Links\n",
        "## Diagnosis\n\n- NEW\n\n## Links\n",
    ),
    "in an empty section at the end": ("## Diagnosis\n", "## Diagnosis\n\n- NEW\n"),
    "before the section's own parts": (
        "## Diagnosis\n\n- A\n\n### More\n\n- B\n\n## Links\n",
        "## Diagnosis\n\n- A\n- NEW\n\n### More\n\n- B\n\n## Links\n",
    ),
    "before the first of its parts, as a list of its own": (
        "## Diagnosis\n\n### Case A: full disk\n\n### Case B: bad host\n\n1. Drain the host\n",
        "## Diagnosis\n\n- NEW\n\n### Case A: full disk\n\n### Case B: bad host\n\n1. Drain the host\n",
    ),
    "behind prose, before its parts": (
        "## Diagnosis\n\nTwo cases.\n\n### Case A\n\n- B\n",
        "## Diagnosis\n\nTwo cases.\n\n- NEW\n\n### Case A\n\n- B\n",
    ),
    "before bold names of its parts": (
        "## Diagnosis\n\n1. A\n\n**Case A**\n\n1. B\n\n**Case B:**\n\n1. C\n",
        "## Diagnosis\n\n1. A\n2. NEW\n\n**Case A**\n\n1. B\n\n**Case B:**\n\n1. C\n",
    ),
    "right below a line of underscored heading": (
        "Diagnosis\n---------\n\n### More\n\n- B\n",
        "Diagnosis\n---------\n\n- NEW\n\n### More\n\n- B\n",
    ),
    "under another name of the section": (
        "## Troubleshooting steps\n\n- A\n",
        "## Troubleshooting steps\n\n- A\n\n## Diagnosis\n\n- NEW\n",
    ),
    "not in a code block": (
        "```\n## Diagnosis\n```\n",
        "```\n## Diagnosis\n```\n\n## Diagnosis\n\n- NEW\n",
    ),
    "behind a list with other bullets": (
        "## Diagnosis\n\n* A\n* B\n",
        "## Diagnosis\n\n* A\n* B\n* NEW\n",
    ),
    "behind a list within a list": (
        "## Diagnosis\n\n- A\n  - B\n",
        "## Diagnosis\n\n- A\n  - B\n- NEW\n",
    ),
    "behind an entry of two lines": (
        "## Diagnosis\n\n1. A,\n   of two lines\n",
        "## Diagnosis\n\n1. A,\n   of two lines\n2. NEW\n",
    ),
    "behind an indented list": (
        "## Diagnosis\n\n  * A\n  * B\n",
        "## Diagnosis\n\n  * A\n  * B\n  * NEW\n",
    ),
    "behind a numbered list with parts": (
        "## Diagnosis\n\n1. A\n   - B\n",
        "## Diagnosis\n\n1. A\n   - B\n2. NEW\n",
    ),
    "behind numbers with brackets": (
        "## Diagnosis\n\n9) A\n",
        "## Diagnosis\n\n9) A\n10) NEW\n",
    ),
    "behind a numbered list": (
        "## Diagnosis\n\n1. A\n2. B\n",
        "## Diagnosis\n\n1. A\n2. B\n3. NEW\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), SECTIONS.values(), ids=list(SECTIONS))
def test_where_an_entry_goes(before, after, tmp_path, run):
    more = "runbook_updates:\n  - runbook: RB-checkout\n    diagnosis: NEW\n"
    repository(tmp_path, {**incident(), **postmortem(more=more), **runbook(f"{HEAD}---\n{before}")})
    git(tmp_path, "apply", "-", data=patch_of(run, tmp_path))
    edited = (tmp_path / "runbooks/checkout.md").read_text("utf-8")
    assert edited == f"{HEAD}learned_from: [INC-2025-0142]\n---\n{after}"


@pytest.mark.parametrize("line", ["title: again", "learned_from: INC-2025-0100"])
def test_front_matter_with_a_mistake_is_left_alone(line, tmp_path, run):
    """What a list would be added to is not certain there; the text still gets the lesson."""
    text = f"{HEAD}{line}\n---\n"
    repository(tmp_path, {**incident(more=VERDICT), **postmortem(), **runbook(text)})
    git(tmp_path, "apply", "-", data=patch_of(run, tmp_path))
    edited = (tmp_path / "runbooks/checkout.md").read_text("utf-8")
    assert edited.startswith(text)
    assert "- INC-2025-0142: How to tell" in edited
    assert patch_of(run, tmp_path) == b""


def test_relative_links_still_lead_to_their_files(tmp_path, run):
    note = "See [graph](evidence/pool.png), [book](../../runbooks/x.md#a), [site](https://a.example), [top](#a)"
    moved = (
        "See [graph](../incidents/INC-2025-0142/evidence/pool.png), [book](x.md#a), "
        "[site](https://a.example), [top](#a)"
    )
    more = VERDICT.partition("    note")[0] + f"    note: '{note}'\n"
    repository(tmp_path, {**incident(more=more), **postmortem(), **runbook()})
    assert f"+- INC-2025-0142: {moved}\n" in patch_of(run, tmp_path).decode()
