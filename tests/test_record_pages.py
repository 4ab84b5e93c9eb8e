"""What a record's page says beside the record's own text: its steps and targets, why, what else it belongs to."""

import re
from html import unescape

import pytest
from record_pages_support import CONFIG, FOLDERS, SOURCES
from site_support import build, write


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    files = {"mkdocs.yml": CONFIG.replace("warn", "ignore"), "docs/index.md": "# Home\n"}
    files |= {
        f"{folder}.md": source for folder, source in zip(FOLDERS.values(), SOURCES, strict=True)
    }
    done = build(write(tmp_path_factory.mktemp("site"), files))
    assert done.code == 0, done.log
    return done


@pytest.fixture
def words(site):
    """The words of a page, or of one of its sections: from its heading to the next one of ours."""

    def words(name, heading=None):
        path = f"{FOLDERS[name]}/index.html"
        if heading is None:
            return unescape(site.text(path))
        parts = site.page(path).split("<h2 ")
        found = [part for part in parts if part.partition("</h2>")[0].endswith(f">{heading}")]
        assert len(found) <= 1
        section = f"<h2 {found[0].partition('</section>')[0]}" if found else ""
        return unescape(" ".join(re.sub(r"<[^>]+>", " ", section).split()))

    return words


def test_each_step_stands_beside_its_target(words):
    text = words("response")
    assert (
        " Detected 4 min "
        "Classified 5 min ✓ met: within 5 min "
        "Engaged not recorded 30 min allowed "
        "Mitigated 16 min "
        "Resolved 4 h 24 min ✗ missed: +24 min, 4 h allowed "
        "Longest silence 2 h 28 min ✗ missed: +1 h 58 min, 30 min allowed "
        "Status page told not recorded 30 min allowed no word to them with a time "
        "Mitigated before the cause was known. "
        "Not recorded: assignment of the incident commander and acknowledgement. "
    ) in text


def test_no_line_ends_between_a_number_and_its_unit(site):
    strip = site.page(f"{FOLDERS['response']}/index.html").partition("inc-measures")[2]
    for said in ("4 h 24 min<", ">+24 min, 4 h allowed<", ">+1 h 58 min, 30 min allowed<"):
        kept = re.sub(r"(?<=\d) (?=h|min)|(?<=h) (?=\d)", "\N{NO-BREAK SPACE}", said)
        assert kept in strip


def test_a_publication_is_judged_where_its_deadline_is_known(words):
    assert "postmortem: final , published in time ( 4 Mar 2025 , due 5 Mar 2025 )" in words(
        "response"
    )
    assert "published" not in words("unresolved").partition("Linked from")[0]


def test_a_detection_that_stands_for_the_start_is_no_phase(words):
    assert "09:00 UTC: respond, mitigate and monitor 1 h." in words("again")
    assert "Not recorded: start, assignment of the incident commander, ack" in words("again")


def test_a_live_incident_says_what_is_left(words):
    text = words("whole")
    assert "Resolved not yet 2 h allowed, 1 h left" in text
    assert "Longest silence 1 h ✗ missed: +45 min, 15 min allowed" in text
    assert "engineering leadership : due since 15 Jun 2025, 14:15 UTC (after 15 min)" in text
    assert "Escalation" not in words("response")


def test_what_harm_was_done_beside_the_failure_is_said(words):
    text = words("response")
    assert "Data loss yes Compliance none reported Reputation low" in text
    assert "Category data loss Systems printers" in text


def test_a_severity_that_its_facts_contradict_is_named(words):
    suggested = "Declared SEV3 . The facts suggest SEV2: 40 % of users were affected, over 10 %."
    assert suggested in words("again")
    assert "The facts suggest" not in words("whole")


def test_what_front_matter_lists_is_shown_and_what_the_body_lists_is_not_repeated(words):
    assert words("response", "What was done to end it") == (
        "What was done to end it Put the old font back rollback Result: Labels print "
        "Approved by @labels-lead"
    )
    assert words("again", "What was done to end it") == ""
    assert words("again").count("Restart of the printers") == 1
    assert words("response", "What others were told") == (
        "What others were told 3 Mar 2025, 08:30 UTC customers Identified Labels are blank "
        "3 Mar 2025, 10:00 UTC customers late Still blank Next one promised for 10:30"
    )


def test_whys_are_a_chain_that_ends_in_the_cause(words):
    chain = (
        "Why were labels blank? The font was gone. Why was it gone? A clean-up deleted it. cause"
    )
    assert words("response", "Why it happened").startswith(
        f"Why it happened From the postmortem . {chain} Contributing factors"
    )
    assert words("review", "Why it happened").startswith(f"Why it happened {chain}")
    assert words("again", "Why it happened") == ""
    assert words("again").count("The font was gone again.") == 1


def test_factors_are_a_fishbone_with_their_list(site, words):
    page = site.page(f"{FOLDERS['response']}/index.html")
    bone = re.search(r"<svg[^>]*inc-fishbone-title.*?</svg>", page, re.DOTALL)[0]
    assert "Nobody owns fonts" in bone
    assert "One volume for all" in bone
    listed = "Process Nobody owns fonts Technology One volume for all"
    assert words("response", "Why it happened").endswith(listed)


def test_a_major_incident_and_its_parts_lead_to_each_other(words):
    parts = words("whole", "Its parts")
    assert parts.startswith("Its parts Coordinated by @duty-manager . SEV2 INC-2025-0001 Labels")
    assert "SEV3 INC-2025-0002" in parts
    part = words("response", "Part of a major incident")
    assert part.startswith(
        "Part of a major incident Part of INC-2025-0003 Two depots stand still . "
        "Coordinated by @duty-manager . SEV3 INC-2025-0002"
    )
    assert words("lone part", "Part of a major incident") == (
        "Part of a major incident Part of INC-2025-0999 no such incident . Coordinator not recorded."
    )


def test_a_recurrence_says_what_had_been_promised(words):
    assert words("again", "It happened before") == (
        "It happened before It repeats INC-2025-0001 Labels are blank in all depots . "
        "Preventive action AI-1 “ Own the fonts ” had been open for 40 days, 23 days overdue"
    )
    similar = words("again", "Similar incidents")
    assert "INC-2025-0001 Labels are blank in all depots 3 Mar 2025 , this one is declared a" in (
        similar
    )
    assert "same service label-service" in similar


def test_a_closed_incident_ends_in_an_article_for_the_next_time(words):
    assert words("response", "In short, for the next time") == (
        "In short, for the next time Keywords font, blank label Problem No label could be printed. "
        "Cause The clean-up job deleted a font that only labels use. "
        "Resolution The font is part of the image. Prevention Own the fonts open "
        "Related INC-2025-0002 , INC-2025-0003 More in the postmortem ."
    )
    for name in ("whole", "stands in", "again"):
        assert words(name, "In short, for the next time") == ""


def test_a_postmortem_that_stands_for_its_incident_tells_the_response(site, words):
    assert "Resolved 30 min ✓ met: within 1 d" in words("stands in")
    assert "inc-timeline" in site.page(f"{FOLDERS['stands in']}/index.html")
    assert "inc-timeline" not in site.page(f"{FOLDERS['review']}/index.html")


def test_our_headings_are_in_the_table_of_contents(site):
    page = site.page(f"{FOLDERS['response']}/index.html")
    contents = re.findall(r'<a href="#(inc-[\w-]+|linked-from)" class="nav-link">', page)
    assert contents == [
        "inc-why", "inc-mitigations", "inc-updates", "inc-major", "inc-similar", "inc-knowledge",
        "linked-from",
    ]  # fmt: skip


def test_a_plan_shows_its_horizons_with_what_is_done_and_late(words):
    text = words("plan")
    assert (
        "Immediate 1 of 2 done Parcels move. done: Sort by hand @depot-team low risk "
        "Risk: Low (slow) "
        "open: Reboot @sre-team , 5 days overdue high risk Risk: High (may stop all) Reached when No parcel waits "
        "Long term 0 of 1 done open: Buy a second switch no owner , due 1 Sep 2025"
    ) in text
    assert words("plan", "Risks") == (
        "Risks Action Risk What may happen What is done about it Reboot high All stops By night"
    )
    assert words("plan", "How success is verified") == "How success is verified Belts run"
    assert words("plan", "When to roll back, and how").endswith("Belts stop Steps Switch it off")


def test_what_a_plan_tells_in_its_body_is_told_once(words):
    text = words("body plan")
    assert text.count("It stays as it is") == 1
    assert text.count("Belts run") == 1
    assert "1 medium risk" in text


def test_values_of_any_type_are_shown_as_text_or_not_at_all(site, words):
    assert "Why it happened" in words("odd")
    page = site.page(f"{FOLDERS['odd']}/index.html")
    for markup in ("<b>all</b>", "<script>x", "<i>y</i>", "<u>cut</u>"):
        assert markup not in page
    assert "No actions" not in words("odd plan")
