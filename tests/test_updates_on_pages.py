"""What others were told, on an incident's page: the lines as they were sent, and whom they were sent to."""

import re
from html import unescape

import pytest
from record_pages_support import CONFIG
from site_support import build, write

RECORD = """\
---
id: INC-2025-0001
title: Labels wait
severity: SEV2
status: closed
incident_commander: "@labels-lead"
communications:
{entries}---

## Timeline (UTC)

- 2025-03-03 08:00 — Detected: the queue is old
- 2025-03-03 12:00 — Resolved
"""
TEXT = """\
Update {number} · 2025-03-03 {hour}:30 UTC
Labels wait in <b>all</b> depots

Done:
- The label team is on it

Doing:
- They look at `labels.parcels.example`

Next update: soon
"""
PAGE = "incidents/INC-2025-0001/incident/index.html"


def entry(number, text, audience="stakeholders"):
    hour = f"{7 + number:02}"
    lines = "".join(f"      {line}\n" for line in text.format(number=number, hour=hour).split("\n"))
    return (
        f"  - at: 2025-03-03T{hour}:30Z\n    audience: {audience}\n    status: investigating\n"
        f"    text: |\n{lines}"
    )


@pytest.fixture
def page_of(tmp_path):
    def page_of(*entries, language="en"):
        config = f"{CONFIG.replace('warn', 'ignore')}      language: {language}\n"
        record = RECORD.format(entries="".join(entries))
        files = {"mkdocs.yml": config, "docs/index.md": "# Home\n", PAGE[:-11] + ".md": record}
        done = build(write(tmp_path, files))
        assert done.code == 0, done.log
        return done.page(PAGE)

    return page_of


def told(page):
    """The list of updates, each with its texts and which of them are folded."""
    section = page.partition('id="inc-updates"')[2].partition("</section>")[0]
    return [
        [
            ("folded" if "<summary>" in before else "shown", unescape(re.sub("<[^>]+>", "", text)))
            for before, text in re.findall(
                r'(<summary>[^<]*</summary>)?\s*<div class="inc-sent__text">(.*?)</div>',
                entry,
                re.DOTALL,
            )
        ]
        for entry in section.split("<li>")[1:]
    ]


def test_a_text_keeps_its_lines_and_is_text(page_of):
    page = page_of(entry(1, TEXT))
    assert told(page) == [
        [
            (
                "shown",
                (
                    "Update 1 · 2025-03-03 08:30 UTC\nLabels wait in <b>all</b> depots\n\nDone:\n"
                    "- The label team is on it\n\nDoing:\n- They look at labels.parcels.example\n\n"
                    "Next update: soon"
                ),
            )
        ]
    ]
    assert "&lt;b&gt;all&lt;/b&gt; depots" in page
    assert "<code>labels.parcels.example</code>" in page


def test_the_timeline_says_in_a_line_what_was_told(page_of):
    page = page_of(entry(1, TEXT), entry(2, "Labels are printed again, but **slowly**"))
    drawing = unescape(page.partition("<svg class=")[2].partition("</figure>")[0])
    titles = set(re.findall(r"UTC: (Update[^<]*)</title>", drawing))
    rows = re.findall(r"<td>(Update[^<]*?) ?<", drawing)
    assert titles == {
        "Update to stakeholders: investigating",
        "Update to stakeholders: Labels are printed again, but slowly, late",
    }
    assert rows == [title.removesuffix(", late") for title in sorted(titles, reverse=True)]


def test_only_where_there_is_much_of_it_long_texts_are_folded(page_of):
    few = told(page_of(*(entry(number, TEXT) for number in range(1, 5))))
    assert [kind for text in few for kind, _ in text] == ["shown"] * 4
    many = told(page_of(entry(1, "In short"), *(entry(number, TEXT) for number in range(2, 9))))
    first, *long = many
    assert first == [("shown", "In short")]
    assert len(long) == 7
    for (shown, head), (folded, rest) in long:
        assert (shown, folded) == ("shown", "folded")
        assert head.splitlines()[1:] == ["Labels wait in <b>all</b> depots"]
        assert rest.splitlines()[0] == "Done:"
        assert rest.endswith("Next update: soon")


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("de", "stakeholders", "Beteiligte"),
        ("de", "status-page", "Statusseite"),
        ("de", "legal, Executives, partner PT-0412", "Rechtsabteilung, Geschäftsführung, partner PT-0412"),
        ("ja", "customers", "顧客"),
        ("en", "Executives, claims desk", "Executives, claims desk"),
    ],
)  # fmt: skip
def test_audiences_that_are_words_of_ours_are_in_the_language_of_the_site(
    page_of, language, written, said
):
    page = page_of(entry(1, "x", written), language=language)
    section = page.partition('id="inc-updates"')[2]
    assert f"<strong>{said}</strong>" in section
    drawing = unescape(page.partition("<svg class=")[2].partition("</figure>")[0])
    title = re.search(r"UTC: ([^<]*): x</title>", drawing)[1]
    assert said in title
