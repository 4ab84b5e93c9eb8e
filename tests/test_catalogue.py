"""What pages say in other languages: catalogues are complete, sites speak them, mistakes in one are told."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from site_support import CONFIGURED, ROOT, build, write

from mkdocs_incident.language.catalogue import CATALOGUES, shipped

TEMPLATES = sorted((CATALOGUES.parent.parent / "pages" / "templates").glob("*.html"))
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|\{\w+\}|</?\w+>")
HOME = "knowledge-base/index.html"


def read(path, locale=None):
    with path.open("rb") as file:
        return [message for message in read_po(file, locale=locale) if message.id]


def site(tmp_path, options="", theme="", **files):
    """Build a small repository with options of the plugin and of Material."""
    config = (
        f"site_name: Test\ntheme: {{name: material{theme}}}\nplugins:\n  - search\n"
        f"  - incident:\n      as_of: 2025-04-01\n{options}"
    )
    return build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": config, **files}))


def test_the_catalogues_are_those_of_the_code():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/update_catalogue.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_english_german_and_japanese_are_shipped():
    assert shipped() == ["de", "en", "ja"]


@pytest.mark.parametrize("language", ["de", "ja"])
def test_nothing_is_left_to_translate(language):
    for message in read(CATALOGUES / f"{language}.po", language):
        forms = (message.string,) if isinstance(message.string, str) else message.string
        assert all(forms), f"line {message.lineno}: `{message.id}` has no translation"
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("language", ["de", "ja"])
def test_a_translation_fills_in_what_the_text_does(language):
    for message in read(CATALOGUES / f"{language}.po", language):
        ids = (message.id,) if isinstance(message.id, str) else message.id
        forms = (message.string,) if isinstance(message.string, str) else message.string
        known = {name for text in ids for name in PLACEHOLDER.findall(text)}
        tags = [tag for tag in PLACEHOLDER.findall(ids[-1]) if tag.startswith("<")]
        for form in forms:
            used = PLACEHOLDER.findall(form)
            assert set(used) <= known, f"line {message.lineno}: `{form}`"
            assert [tag for tag in used if tag.startswith("<")] == tags, form
        # The last form is that of many: it has to say how many, whatever the singular does.
        needed = {name for name in PLACEHOLDER.findall(ids[-1]) if name != "{count}"}
        assert {name for name in needed if "{" not in name} <= set(
            PLACEHOLDER.findall(forms[-1])
        ) | {"%(noun)s"}, f"line {message.lineno}: `{forms[-1]}` of `{ids[-1]}`"


class _Texts(HTMLParser):
    """The words that a reader meets in HTML: text, and attributes that are read out."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in {"code", "pre", "script", "style"}
        self.found += [
            value or "" for name, value in attrs if name in {"title", "aria-label", "data-label"}
        ]

    def handle_endtag(self, tag):
        self.silent -= tag in {"code", "pre", "script", "style"}

    def handle_data(self, data):
        if not self.silent:
            self.found.append(data)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_that_no_catalogue_holds(template):
    source, inside = [], False
    for _, kind, value in Environment(autoescape=True).lex(template.read_text("utf-8")):
        if kind == "name" and value in {"trans", "endtrans"}:
            inside = value == "trans"
        elif kind == "data" and not inside:
            source.append(value)
        elif kind in {"variable_begin", "block_begin"}:
            source.append(" ")
    texts = _Texts()
    texts.feed("".join(source))
    assert [text.strip() for text in texts.found if re.search(r"[A-Za-z]{2}", text)] == []


def _pseudo(path):
    """Write a catalogue in which each text stands in brackets, so that any other one is seen."""
    with (CATALOGUES / "messages.pot").open("rb") as file:
        catalogue = read_po(file, locale="fr")
    for message in catalogue:
        if message.id and "pattern" not in (message.context or ""):
            forms = (message.id,) if isinstance(message.id, str) else message.id
            said = tuple(f"⟦{form}⟧" for form in forms)
            message.string = said if message.pluralizable else said[0]
    with path.open("wb") as file:
        write_po(file, catalogue)


GREEK_INCIDENT = """\
---
id: INC-2025-000{n}
title: Αλφα {n}
severity: SEV2
status: {status}
incident_commander: "@δελτα"
services: [βητα]
alerts: [ΓΑΜΜΑ]
runbooks: [{{id: RB-β, verdict: wrong, note: Λαθος}}]
started_at: 2025-0{n}-03T07:50Z
impact: {{summary: Ζητα, users_affected: 3000, data_loss: false}}
{more}
timeline:
  - {{at: 2025-0{n}-03T08:00Z, event: Ητα, milestone: detected}}
  - {{at: 2025-0{n}-03T08:10Z, event: Ητα, milestone: acknowledged}}
{last}---

# Αλφα {n}
"""
ENDED = """\
  - {{at: 2025-0{n}-03T08:40Z, event: Ητα, milestone: identified}}
  - {{at: 2025-0{n}-03T09:02Z, event: Ητα, milestone: mitigated}}
  - {{at: 2025-0{n}-03T09:24Z, event: Ητα, milestone: resolved}}
"""
GREEK_REVIEW = """\
---
incidents: [INC-2025-0001]
title: Θητα
status: final
published_on: 2025-01-04
root_cause: Ιωτα
five_whys: [{why: Κ?, because: Λ}]
contributing_factors:
  - {category: process, factor: Μι}
  - {category: technology, factor: Νι}
lessons_learned: [Ξι]
action_items:
  - {id: AI-1, title: Ομικρον, type: preventive, owner: "@δελτα", due: 2025-02-01, status: open, horizon: long-term}
  - {id: AI-2, title: Πι, type: process, status: wont-do, reason: Ρο}
runbook_updates:
  - {runbook: RB-β, scenario: Σιγμα, steps: {diagnosis: [Ταυ]}}
---

# Θητα
"""
GREEK_PLAN = """\
---
kind: mitigation-plan
incident: INC-2025-0001
title: Υψιλον
status: active
author: "@δελτα"
risks: [{action: Φι, risk: high, description: Χι, mitigation: Ψι}]
verification: [Ωμεγα]
horizons:
  immediate: {goal: Φι, actions: [{title: Χι, done: true}]}
  long_term: {actions: [{title: Ψι, owner: "@δελτα", due: 2025-02-01}]}
---

# Υψιλον
"""
GREEK_RUNBOOK = """\
---
id: RB-β
title: Βητα
owner: "@δελτα"
services: [βητα]
alerts: [ΓΑΜΜΑ]
reviewed_on: 2024-01-01
---

# Βητα
"""
GREEK = {
    "docs/index.md": "# Ω\n",
    "incidents/1/incident.md": GREEK_INCIDENT.format(
        n=1, status="closed", more="", last=ENDED.format(n=1)
    ),
    "incidents/1/postmortem.md": GREEK_REVIEW,
    "incidents/1/mitigation-plan.md": GREEK_PLAN,
    "incidents/2.md": GREEK_INCIDENT.format(
        n=2, status="resolved", more="recurrence_of: INC-2025-0001", last=ENDED.format(n=2)
    ),
    "incidents/3.md": GREEK_INCIDENT.format(
        n=3, status="mitigating", more="related: [INC-2025-0001]", last=""
    ),
    "runbooks/beta.md": GREEK_RUNBOOK,
}
KNOWN = re.compile(
    r"#incident|SEV\d|INC-\d+-\d+|RB-β|AI-\d|AUTO|UTC|(?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)\.?"
    r"|(?:incidents|runbooks)/[\w/.-]+",
    re.DOTALL,
)


def test_all_that_pages_say_comes_from_the_catalogue(tmp_path):
    """Records in Greek, texts in brackets: whatever else is in Latin letters was not translated."""
    _pseudo(tmp_path / "fr.po")
    config = (
        "site_name: Ω\ntheme: material\nplugins:\n  - incident:\n      on_findings: ignore\n"
        "      as_of: 2025-04-01\n      catalogue: fr.po\n"
    )
    done = build(write(tmp_path, {"mkdocs.yml": config, **GREEK}))
    assert done.code == 0, done.log
    strange = {}
    for page in sorted(done.pages() - {"404.html", "index.html"}):
        texts = _Texts()
        texts.feed(
            done.page(page).partition("<article")[2].partition(">")[2].partition("</article>")[0]
        )
        words = " ".join(" ".join(texts.found).split())
        if left := re.findall(r"[A-Za-z]{2,}[A-Za-z ]*", KNOWN.sub(" ", _without_brackets(words))):
            strange[page] = left
    assert strange == {}


def _without_brackets(words):
    """Take what stands in brackets out, from the innermost on."""
    while (less := re.sub(r"⟦[^⟦⟧]*⟧", " ", words)) != words:
        words = less
    return words


def test_the_theme_decides_what_pages_speak(tmp_path):
    done = site(tmp_path, theme=", language: de")
    home = done.text(HOME)
    assert "Kein Vorfall ist offen; 1 von 1 offenen Maßnahme ist überfällig." in home
    assert "seit 12 Tagen überfällig 20. März 2025" in home
    assert "Stand 1. Apr. 2025, 00:00 UTC" in home
    page = done.text("incidents/INC-2025-0001/incident/index.html")
    assert "3. März 2025 · 1 h 24 min" in page.replace("&middot;", "·") or "1 h 24 min" in page
    assert "geschlossen" in page
    assert "Alarme" in page


def test_the_option_is_stronger_than_the_theme(tmp_path):
    done = site(tmp_path, "      language: ja\n", theme=", language: de")
    assert "未解決のインシデントはない" in done.text(HOME)
    assert "2025年3月20日" in done.text(HOME)


def test_the_plain_themes_locale_counts_too(tmp_path):
    files = {"mkdocs.yml": CONFIGURED["mkdocs.yml"] + "theme: {name: mkdocs, locale: de}\n"}
    done = build(write(tmp_path, {**CONFIGURED, **files}))
    assert "Kein Vorfall ist offen" in done.text(HOME)


def test_a_language_of_a_country_takes_the_texts_of_the_language(tmp_path):
    done = site(tmp_path, "      language: de-AT\n")
    assert "Kein Vorfall ist offen" in done.text(HOME)


def test_a_theme_in_a_language_without_texts_gives_english(tmp_path):
    done = site(tmp_path, theme=", language: fr")
    assert done.code == 0
    assert "Pages of incidents are in English: there are no texts for the theme's `fr`" in done.log
    assert "No incident is open" in done.text(HOME)
    assert "20 Mar 2025" in done.text(HOME)


def catalogue(
    *messages, head='"Language: fr\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
):
    return (
        f'msgid ""\nmsgstr ""\n{head}"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        + "\n".join(messages)
    )


def test_a_catalogue_of_ones_own_brings_a_language(tmp_path):
    own = catalogue('msgid "No incident is open"\nmsgstr "Aucun incident en cours"\n')
    done = site(tmp_path, "      catalogue: fr.po\n", **{"fr.po": own})
    assert "Aucun incident en cours; 1 of 1 open action item is overdue" in done.text(HOME)
    assert "20 mars 2025" in done.text(HOME)


def test_a_catalogue_of_ones_own_rewords_the_shipped_texts(tmp_path):
    head = '"Language: de\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    own = catalogue('msgid "Overview"\nmsgstr "Lage"\n', head=head)
    done = site(tmp_path, "      catalogue: own.po\n", **{"own.po": own})
    assert "<title>Lage - Test</title>" in done.page(HOME)
    assert "Kein Vorfall ist offen" in done.text(HOME)


@pytest.mark.parametrize(
    ("options", "file", "said"),
    [
        ("      language: tlh\n", "", "`tlh` is no language that is known, expected such as `de`"),
        (
            "      language: fr\n",
            "",
            "There are no texts for `fr`, only for `de`, `en`, `ja`; the option `catalogue` takes some",
        ),
        (
            "      catalogue: fr.po\n",
            catalogue('msgid "As of %(moment)s"\nmsgstr "Au %(date)s"\n'),
            "Catalogue `fr.po`, line 7: the text has `date`, expected of `%(moment)s` and `%%` for a percent sign",
        ),
        (
            "      catalogue: fr.po\n",
            catalogue('msgid "Overview"\nmsgstr "100 % prêt"\n'),
            "Catalogue `fr.po`, line 7: the text has `% `, expected of none and `%%` for a percent sign",
        ),
        ("      catalogue: fr.po\n", "Overview = Aperçu\n", "Catalogue `fr.po` can't be read: "),
        ("      catalogue: fr.po\n", b"\xff\xfe", "Catalogue `fr.po` can't be read: "),
        (
            "      catalogue: fr.po\n",
            'msgid "Overview"\nmsgstr "Aperçu"\n',
            "Catalogue `fr.po` names no language; say it in its head, `Language: fr`, or in the option `language`",
        ),
    ],
)
def test_what_is_wrong_with_a_catalogue_ends_the_build_in_words(tmp_path, options, file, said):
    done = site(tmp_path, options, **({"fr.po": file} if file else {}))
    assert done.code == 1
    assert f"incident: {said}" in done.log
    assert not done.site.exists()
