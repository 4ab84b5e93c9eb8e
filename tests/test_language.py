"""What is found in the way records speak of people, and how well: sentences judged by hand."""

import random
import re
import time
from pathlib import Path

import pytest

from mkdocs_incident.policy import handle_key
from mkdocs_incident.policy.individuals import Individuals, Said, plain
from mkdocs_incident.rules.language import People

SENTENCES = Path(__file__).with_name("language") / "sentences.txt"
ENTRY = re.compile(r"(?P<label>blame|hindsight|fine) +(?P<held>\*)? *(?P<text>\S.*)")
GERMAN = re.compile("[äöüß]|(?i:\\b(?:der|die|das|war|ein|es|er)\\b)")
LAST = 52
"""Sentences at the end of the file, written when the phrases were done."""
PLACE = re.compile(r"^\S+?:(\d+):(\d+): \w+ (LANG\d+) (.*) \[[a-z-]+\]$", re.MULTILINE)
PATH = "incidents/INC-2025-0142/postmortem.md"
FRONT = """\
---
incidents: [INC-2025-0142]
title: Checkout was slow
status: final
{more}---
"""


@pytest.fixture
def found(write, run):
    """What `check` finds in a postmortem of this text: (line, column, code, message) each."""

    def found(body, more="", incident="", policy=""):
        files = {
            PATH: FRONT.format(more=more) + body,
            "incidents/INC-2025-0142/incident.md": "---\nid: INC-2025-0142\n" + incident + "---\n",
        }
        write({**files, "incident.yml": policy} if policy else files)
        output = run("check", "--as-of", "2025-06-16", "--select", "LANG").output
        return [(int(line), int(at), code, said) for line, at, code, said in PLACE.findall(output)]

    return found


def phrases_in(findings):
    return [(code, re.match(r"`(.*?)`", said)[1]) for _, _, code, said in findings]


# How well it finds


def sentences():
    entries = [ENTRY.fullmatch(line) for line in SENTENCES.read_text("utf-8").splitlines()]
    return [(e["label"], bool(e["held"]), e["text"]) for e in entries if e]


def measure(entries, flagged):
    guilty = {text for label, _, text in entries if label != "fine"}
    hits = {text for _, _, text in entries} & flagged
    return len(hits & guilty) / len(hits), len(hits & guilty) / len(guilty)


def test_the_set_is_what_it_says():
    entries = sentences()
    fine = sum(label == "fine" for label, _, _ in entries)
    assert len({text for _, _, text in entries}) == len(entries)
    assert min(fine, len(entries) - fine) >= 100
    assert sum(held for _, held, _ in entries) * 3 >= len(entries)
    ignored = [
        line
        for line in SENTENCES.read_text("utf-8").splitlines()
        if line and not line.startswith("#") and not ENTRY.fullmatch(line)
    ]
    assert not ignored


def test_precision_and_recall(found):
    entries = sentences()
    body = "".join(f"{text}\n\n" for _, _, text in entries)
    findings = found(f"## Summary\n\n{body}")
    lines = (FRONT.format(more="") + f"## Summary\n\n{body}").split("\n")
    flagged = {lines[line - 1] for line, *_ in findings}
    for label, held, text in entries:
        if (text in flagged) != (label != "fine"):
            print(f"wrong: {label}{' (held out)' * held}: {text}")  # noqa: T201
    for name, part in (
        ("whole set", entries),
        ("tuned on", [entry for entry in entries if not entry[1]]),
        ("held out", [entry for entry in entries if entry[1]]),
        ("written last", entries[-LAST:]),
        ("German", [entry for entry in entries if GERMAN.search(entry[2])]),
    ):
        precision, recall = measure(part, flagged)
        print(f"{name}: {len(part)} sentences, precision {precision:.2f}, recall {recall:.2f}")  # noqa: T201 - what -s is for
        assert precision >= 0.9
        assert recall >= 0.7


@pytest.mark.parametrize(("label", "code"), [("blame", "LANG001"), ("hindsight", "LANG003")])
def test_most_sentences_get_the_rule_of_their_label(found, label, code):
    texts = [text for kind, _, text in sentences() if kind == label]
    codes = [c for _, _, c, _ in found("".join(f"{text}\n\n" for text in texts))]
    assert codes.count(code) >= 0.9 * len(codes)


# Where it looks


def test_columns_are_exact(found):
    text = (
        "\n- The **operator** forgot to drain it\n\n| A |\n|---|\n| `a\\|b` c\\|d human error |\n"
    )
    lines = (FRONT.format(more="") + text).split("\n")
    places = [(line, at) for line, at, *_ in found(text)]
    assert len(places) == 2
    assert lines[places[0][0] - 1][places[0][1] - 1 :].startswith("operator** forgot to")
    assert lines[places[1][0] - 1][places[1][1] - 1 :].startswith("human error")


def test_a_phrase_runs_over_a_line_end(found):
    (finding,) = found("It was clear that the reviewer should\nhave checked the size.\n")
    assert finding[:3] == (6, 23, "LANG001")
    (finding,) = found("- First\n  - The engineer\n    forgot to look\n")
    assert finding[:2] == (7, 9)


@pytest.mark.parametrize(
    "text",
    [
        '"It was human error", said the first draft.',
        "“It was human error”, said the first draft.",
        "„Menschliches Versagen“ stand im Entwurf.",
        "The check `human error` fires.",
        "```\nhuman error\n```",
        "    human error",
        "> It was human error.",
        "<!-- not: human error -->",
        "First <!-- not:\nhuman error --> last.",
        "[A book](https://example.com/ 'human error')",
        "See <https://example.com/negligence> and https://example.com/negligence for more.",
        "## Human error",
        "## Communications\n\n- 14:30 — we told customers that it was human error",
    ],
)
def test_what_is_not_the_authors_prose_is_skipped(found, text):
    assert found(f"\n{text}\n") == []


def test_a_quotation_does_not_hide_what_stands_beside_it(found):
    text = 'The "size" was set by human error, `5` was read.\n'
    assert phrases_in(found(text)) == [("LANG001", "human error")]


def test_nothing_is_reported_twice(found):
    body = "## Root cause\n\nIt was human error.\n\n**Summary:** We should have known.\n"
    assert [code for _, _, code, _ in found(body)] == ["LANG001", "LANG003"]
    more = "root_cause: It was human error by @jane-doe\nauthors: ['@jane-doe']\n"
    assert [code for _, _, code, _ in found("", more)] == ["LANG001", "LANG002"]
    body = "## Root cause\n\n@jane-doe forgot to set the size.\n"
    assert phrases_in(found(body, "authors: ['@jane-doe']\n")) == [
        ("LANG001", "@jane-doe forgot to")
    ]


def test_front_matter_is_read_where_it_stands(found):
    more = 'root_cause: "The host was hit; it was human error"\n'
    assert found("", more)[0][:2] == (5, 39)
    more = "root_cause: >\n  The host was hit; it was human\n  error\n"
    assert found("", more)[0][:2] == (6, 28)
    more = "what_went_poorly:\n  - We should have known\n  - 12\n  - {text: 3}\n"
    assert found("", more)[0][:3] == (6, 5, "LANG003")
    assert found("", "keywords: [human error]\ntags: [human error]\n") == []


def test_a_runbook_is_not_judged(write, run):
    write({"runbooks/a.md": "---\nid: RB-a\ntitle: A\n---\nThis is human error.\n"})
    assert "LANG" not in run("check", "--select", "LANG").output


def test_a_live_incident_gets_notes_only_in_the_strict_profile(write, run):
    record = "---\nid: INC-2025-0142\ntitle: A\nstatus: {}\n---\nHuman error, it seems.\n"
    write({"incident.yml": "profile: strict\n"})
    write({"incidents/INC-2025-0142.md": record.format("investigating")})
    assert ": note LANG001" in run("check", "--select", "LANG").output
    write({"incidents/INC-2025-0142.md": record.format("closed")})
    assert ": error LANG001" in run("check", "--select", "LANG").output


# Names


CAUSE = "## Root cause\n\n{}\n"


def names(found, text, **given):
    return [phrase for code, phrase in phrases_in(found(CAUSE.format(text), **given))]


def test_people_of_the_record_and_of_its_incident(found):
    given = {
        "more": "authors: ['@ann-poe']\n",
        "incident": "incident_commander: Jane Doe (@jane)\nroles: {scribe: '@max.roe'}\n"
        "responders: [John Roe, 12, '@sre-oncall']\ndetection: {reporter: '@kim_poe'}\n"
        "timeline:\n  - {at: 2025-06-15T14:00Z, event: Alert, actor: '@lee-roe'}\n"
        "  - {at: 2025-06-15T14:01Z, event: Alert, actor: Load Balancer}\n",
    }
    text = "Jane Doe, @jane, @max.roe, John Roe, @kim_poe, @lee-roe, ann-poe and the Load Balancer."
    assert names(found, text, **given) == [
        "Jane Doe", "@jane", "@max.roe", "John Roe", "@kim_poe", "@lee-roe", "ann-poe",
    ]  # fmt: skip
    quiet = (
        "The jane tool, jane-doe.example.com, /home/ann-poe/x, me@ann-poe.example, ann-poe-laptop."
    )
    assert names(found, quiet, **given) == []


def test_teams_and_roles_may_be_named(found):
    handles = "@payments-team @sre-oncall @release-lead @on-call @dba @duty-manager @deploy-bot"
    written = "".join(f"  - '{handle}'\n" for handle in handles.split())
    given = {"incident": f"responders:\n{written}  - Duty Manager\n  - Platform Team\n"}
    assert names(found, f"{handles}, the Duty Manager and the Platform Team.", **given) == []


def test_people_and_teams_of_the_policy(found):
    policy = (
        'people:\n  "@will": {}\n  "@rose": {name: Rose}\n  "@jdoe": {name: Jane Doe}\n'
        '  "@payments-lead": {name: Payments duty lead}\nteams: ["@core"]\nservices: [ann-poe]\n'
    )
    given = {"policy": policy, "incident": "responders: ['@core', '@ann-poe']\n"}
    text = "Will it? @will did. Rose by half, and Rose left with Jane Doe, @jdoe, jdoe and @core."
    assert names(found, text, **given) == ["@will", "Rose", "Jane Doe", "@jdoe"]
    assert names(found, "The Payments duty lead, @payments-lead, ann-poe, @ann-poe.", **given) == []


def test_a_name_of_the_record_that_holds_one_of_the_policy_is_told_once(found):
    given = {
        "policy": 'people:\n  "@jdoe": {name: Jane Doe}\n',
        "more": "authors: [Jane Doe Roe]\n",
    }
    assert names(found, "Jane Doe Roe and Jane Doe.", **given) == ["Jane Doe Roe", "Jane Doe"]


def test_other_spellings_of_a_name(found):
    policy = 'people:\n  "@Strasse-Kid": {}\n  "@pat": {name: "Pat  O\'Brien"}\n  "@lee": {name: Lee O’Roe}\n'
    text = "@straße-kid, STRASSE-KID, Pat O’Brien, Pat O'Brien and Lee O'Roe."
    assert names(found, text, policy=policy) == text.removesuffix(".").replace(" and ", ", ").split(
        ", "
    )


def test_letters_that_ignoring_case_makes_one(found):
    policy = 'people:\n  "@irem-kaya": {}\n  "@ılgaz": {}\n  "@İpek-Su": {}\n  "@kim": {}\n'
    said = ("@İrem-Kaya", "ırem-kaya", "@ilgaz", "@İLGAZ", "ipek-su", "@\u212aim")
    for text in (*said, ", ".join(said)):
        assert names(found, f"{text}.", policy=policy) == text.split(", ")


def test_whom_a_text_may_name_is_whom_the_pattern_finds():
    """People of a policy are looked up by the words of a text; none whom the pattern finds is missed."""
    pick = random.Random(5)  # noqa: S311
    parts = [*"aiIİıſsSßKkÅåéüÜ.-'’_ @9", "e\u0301", "\u0301", "ann", "Poe", "O’Roe", "ﬁ", "\u212a"]

    def written(most):
        return "".join(pick.choices(parts, k=pick.randint(1, most)))

    for _ in range(3000):
        handles = {handle_key(key) for key in (written(4) for _ in range(4)) if plain(key)}
        known = {name for name in (written(5) for _ in range(4)) if plain(name)}
        said = " ".join([written(6), *pick.sample([*sorted(handles | known), written(3)], 3), "@"])
        matches = [match[0] for match in People(handles, known).pattern.finditer(said)]
        some = People(*Individuals(handles, known).within(Said.of(said)))
        found = [match[0] for match in some.pattern.finditer(said)] if any(some) else []
        assert found == matches, (handles, known, said)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("**Root cause:** set by @ann-poe\n**IC:** @ann-poe\n", 1),
        ("**Root cause:** a full disk · **IC:** @ann-poe\n", 0),
        ("## 5 Whys\n\n1. Why was it full?\n   → @ann-poe filled it\n", 1),
        ("## Contributing factors\n\n### People\n\n- @ann-poe was new\n", 1),
        ("## Root cause\n\nFirst.\n\n### Trigger\n\nThe deploy of @ann-poe.\n", 1),
        ("## What went well\n\n- @ann-poe saw it\n", 0),
        ("## Root cause\n\nDisk full.\n\n## Action items\n\n- [ ] Clean (@ann-poe)\n", 0),
    ],
)
def test_only_causes_are_searched_for_names(found, body, count):
    assert len(found(body, "authors: ['@ann-poe']\n")) == count


# German, and time


def test_german(found):
    text = "Der Entwickler hat vergessen, die Größe\nzu setzen. Wir hätten das wissen müssen.\n"
    assert phrases_in(found(text)) == [
        ("LANG001", "Entwickler hat vergessen"),
        ("LANG003", "Wir hätten das wissen müssen"),
    ]


def test_time_is_linear_in_the_text(found):
    """A hostile text takes about eight times as long when it is eight times as long."""
    words = "the engineer team who we of the on-call should have had the if only human could have "
    spent = []
    for size in (25, 200):
        text = "".join(f"{words * 60}\n\n" for _ in range(size))
        marks = "\n\n".join(mark * 20 * size for mark in ('`" ', "(", "<a", "„", "[](", "``` "))
        begun = time.perf_counter()
        found(f"{text}{marks}\n")
        spent.append(time.perf_counter() - begun)
    assert spent[1] < 8 * 4 * max(spent[0], 0.1)
