"""What an editor offers while somebody types: proposals, explanations, definitions, outline, repairs."""

import pytest
from lsp_support import FIRST, ONE, POLICY, TWO, player, rules, span
from lsprotocol import types


@pytest.fixture
def play(tmp_path, write):
    return player(tmp_path, write)


COMPLETIONS = [
    # Keys: those that the mapping lacks, in the order of the schema.
    ("---\nid: X\nsev█\n---\n", {"severity": "severity: "}, {"id", "kinds"}),
    ("---\nid: X\n█\n---\n", {"title": "title: ", "roles": "roles: "}, {"id"}),
    ("---\nroles:\n  scribe: x\n  tech█\n---\n", {"technical_lead": "technical_lead: "}, {"scribe", "id"}),
    ("---\naction_items:\n  - title: x\n    ow█\n    due: 2025-06-20\n", {"owner": "owner: "}, {"due", "title"}),
    ("---\naction_items:\n  - ti█\n---\n", {"title": "title: "}, {"id: "}),
    ("---\naction_items: [{title: x, ow█}]\n---\n", {"owner": "owner: "}, {"title"}),
    ("---\naction_items: [\n  {title: x,\n   ow█\n---\n", {"owner": "owner: "}, {"title"}),
    # Values of fields that have a list of them.
    ("---\nseverity: █\n---\n", {"SEV1": "SEV1", "SEV4": "SEV4"}, {"P1", "closed"}),
    ("---\nstatus: res█\n---\n", {"resolved": "resolved"}, {"final"}),
    ("---\nstatus:\n  re█\n---\n", {"resolved": "resolved"}, {"final"}),
    ("---\nkind: █\n---\n", {"postmortem": "postmortem"}, {"closed"}),
    ("---\nkind: postmortem\nstatus: █\n---\n", {"final": "final"}, {"closed"}),
    ("---\naction_items:\n- title: x\n  status: █\n---\n", {"wont-do": "wont-do"}, {"closed"}),
    ("---\nservices: [payments-api, lab█]\n---\n", {"label-service": "label-service"}, {"LabelsSlow"}),
    ("---\nservices:\n- █\n---\n", {"label-service": "label-service"}, {"@payments-lead"}),
    ("---\nalerts: [█]\n---\n", {"LabelsSlow": "LabelsSlow", "PaymentsDown": "PaymentsDown"}, {"SEV1"}),
    # People and ids, quoted where YAML asks for it.
    ("---\nincident_commander: @█\n---\n", {"@payments-lead": '"@payments-lead"'}, {"SEV1"}),
    ('---\nincident_commander: "@pay█"\n---\n', {"@payments-team": "@payments-team"}, {"SEV1"}),
    ("---\nroles: {scribe: '█'}\n---\n", {"@payments-team": "@payments-team"}, {"SEV1"}),
    ("---\nrelated: [INC-█\n---\n", {"INC-2025-0002": "INC-2025-0002"}, {"RB-payments"}),
    ("---\nrunbooks:\n  - id: █\n---\n", {"RB-payments": "RB-payments"}, {"INC-2025-0002"}),
    ("---\nid: INC-█\n---\n", {}, {"INC-2025-0002"}),
    # Where nothing is known, nothing is proposed.
    ("---\nsummary: |\n  sev█\n---\n", {}, {"severity"}),
    ("---\nstatus:█\n---\n", {}, {"resolved"}),
    ("---\nstatus: closed # res█\n---\n", {}, {"resolved"}),
    ("---█\nid: X\n---\n", {}, {"title"}),
    ("---\nid: X\n---\n\nsev█\n", {}, {"severity"}),
    # Text.
    ("---\nid: X\n---\n\nAsk @pay█ first\n", {"@payments-lead": "@payments-lead"}, {"INC-2025-0002"}),
    ("---\nid: X\n---\n\n🚚 As in inc-█\n", {"INC-2025-0002": "INC-2025-0002"}, {"RB-payments"}),
    ("---\nid: X\n---\n\nSee RB█\n", {"RB-payments": "RB-payments"}, {"INC-2025-0002"}),
    ("Without front matter: INC█", {"INC-2025-0002": "INC-2025-0002"}, {"RB-payments"}),
]  # fmt: skip


def test_what_can_be_typed_next_is_proposed(play):
    async def scene(editor):
        for ends in ("\n", "\r\n"):
            for marked, expected, absent in COMPLETIONS:
                found = await editor.complete(ONE, marked.replace("\n", ends))
                assert expected.items() <= found.items(), marked
                assert not absent & found.keys(), marked
                assert expected or not found, marked
        found = await editor.complete("incident.yml", POLICY + "rules:\n  missing-sev█\n")
        assert found["missing-severity"] == "missing-severity: "
        found = await editor.complete("incident.yml", POLICY + "prof█\n")
        assert found["profile"] == "profile: "
        assert "teams" not in found
        found = await editor.complete("incident.yml", POLICY + "profile: █\n")
        assert found == {"essential": "essential", "standard": "standard", "strict": "strict"}

    play(scene)


def test_a_proposal_says_what_it_is_and_replaces_what_was_typed(play):
    async def scene(editor):
        found = await editor.ask(
            "completion", ONE, "---\nid: X\ntitle: '🚚'\nrelated: ['🚚', INC-2025-000█\n"
        )
        item = next(item for item in found.items if item.label == "INC-2025-0002")
        assert item.detail == "SEV4 · closed · Labels print slowly"
        assert item.filter_text == "INC-2025-0002"
        assert span([item.text_edit]) == (3, 16, 3, 28)
        found = await editor.ask("completion", ONE, "---\nstat█\n")
        item = next(item for item in found.items if item.label == "status")
        assert item.detail == "Incident status"
        assert item.documentation.value == (
            "Where the response stands now. Left out, the incident counts as closed.\n\n"
            "One of `detected`, `investigating`, `identified`, `mitigating`, `monitoring`, `resolved`, `closed`"
        )
        found = await editor.ask("completion", ONE, "---\nincident_commander: @█\n")
        item = next(item for item in found.items if item.label == "@payments-lead")
        assert item.detail == "Duty lead of payments, payments"

    play(scene)


def test_hovering_tells_what_a_key_an_id_and_a_handle_are(play):
    async def scene(editor):
        async def told(marked):
            found = await editor.ask("hover", ONE, marked)
            return found and found.contents.value

        assert await told(FIRST.replace("status:", "sta█tus:")) == (
            "**Incident status**\n\n"
            "Where the response stands now. Left out, the incident counts as closed.\n\n"
            "One of `detected`, `investigating`, `identified`, `mitigating`, `monitoring`, `resolved`, `closed`"
        )
        other = (
            "**INC-2025-0002**\n\nLabels print slowly\n\n- Severity: SEV4\n- Status: closed\n"
            "- Began: 2025-05-01 10:00 UTC"
        )
        assert await told(FIRST.replace("[INC-2025", "[INC-█2025")) == other
        assert await told(FIRST.replace("and INC-2025", "and INC-20█25")) == other
        lead = "**@payments-lead**\n\nDuty lead of payments, payments"
        assert await told(FIRST.replace('"@payments-lead', '"@payments█-lead')) == lead
        assert (
            await told(FIRST.replace("(@payments-team", "(@payments-te█am"))
            == "**@payments-team**\n\nteam"
        )
        assert "Alerts: `PaymentsDown`" in await told(
            FIRST.replace("[payments-api", "[payments█-api")
        )
        assert "- resolve: 24 h" in await told(FIRST.replace("SEV3", "S█EV3"))
        assert await told(FIRST.replace("The pool", "The po█ol")) is None

    play(scene)


def test_ids_names_and_links_lead_to_where_they_are(play):
    async def scene(editor):
        async def target(marked, path=ONE):
            found = await editor.ask("definition", path, marked)
            return found and (
                found.uri.removeprefix(editor.root.as_uri() + "/"),
                found.range.start.line,
            )

        assert await target(FIRST.replace("[INC-2025", "[INC-█2025")) == (TWO, 1)
        assert await target(FIRST.replace("and INC-2025", "and INC-20█25")) == (TWO, 1)
        assert await target(FIRST.replace("runbooks/pay", "runb█ooks/pay")) == (
            "runbooks/payments.md",
            0,
        )
        assert await target(FIRST.replace("pool.csv", "pool█.csv")) == (
            "incidents/INC-2025-0001/pool.csv",
            0,
        )
        assert await target(FIRST.replace('"@payments-lead', '"@pay█ments-lead')) == (
            "incident.yml",
            6,
        )
        assert await target(FIRST.replace("(@payments-team", "(@pay█ments-team")) == (
            "incident.yml",
            7,
        )
        assert await target(FIRST.replace("[payments-api", "[payments█-api")) == ("incident.yml", 3)
        assert await target(FIRST.replace("The pool", "The po█ol")) is None
        assert await target(FIRST.replace("../../runbooks", "../../../█../etc")) is None

    play(scene)


def test_a_record_is_outlined(play):
    def tree(symbols):
        return [(s.name, s.detail, tree(s.children)) for s in symbols]

    async def scene(editor):
        await editor.open(ONE)
        asked = types.DocumentSymbolParams(types.TextDocumentIdentifier(editor.uri(ONE)))
        found = await editor.client.text_document_document_symbol_async(asked)
        assert tree(found) == [
            ("Front matter", None, [
                ("id", "INC-2025-0001", []),
                ("title", "Card payments fail 🚚", []),
                ("severity", "SEV3", []),
                ("status", "closed", []),
                ("incident_commander", '"@payments-lead"', []),
                ("services", "[payments-api]", []),
                ("related", "[INC-2025-0002]", []),
                ("evidence", "[{title: Free connections, path: pool.csv}]", []),
            ]),
            ("Card payments fail", None, [
                ("Timeline (UTC)", None, [
                    ("2025-06-10T14:23Z Detected: payments fail", None, []),
                    ("2025-06-10T15:47Z Resolved", None, []),
                ]),
                ("Action items", None, [
                    ("Refuse a pool size below 10", "@payments-team, 2025-06-20, open", []),
                ]),
                ("Root cause", None, []),
            ]),
        ]  # fmt: skip
        whole = [found]
        while whole:
            for symbol in (level := whole.pop()):
                begin, end = symbol.range.start, symbol.range.end
                assert (begin.line, begin.character) <= (symbol.selection_range.start.line,
                                                         symbol.selection_range.start.character)  # fmt: skip
                assert symbol.selection_range.end.line <= end.line
                whole.append(symbol.children)
            assert level is not None

    play(scene)


def applied(text, edits):
    """Return a text after edits whose columns count UTF-16 code units."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character))[::-1]:
        line = lines[edit.range.start.line].encode("utf-16-le")
        begin, end = edit.range.start.character * 2, edit.range.end.character * 2
        new = line[:begin] + edit.new_text.encode("utf-16-le") + line[end:]
        lines[edit.range.start.line] = new.decode("utf-16-le")
    return "\n".join(lines)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_what_has_one_right_answer_is_repaired(play, ends):
    clean = FIRST.replace("\n", ends)
    text = (
        clean.replace("SEV3", "Sev-3")
        .replace("related: [INC", "related: ['🚚', inc")
        .replace("status: closed", "status: Fixed")
    )
    after = clean.replace("related: [INC", "related: ['🚚', INC").replace(
        "status: closed", "status: resolved"
    )

    async def scene(editor):
        await editor.open(ONE, text)
        found = await editor.until(
            ONE, lambda found: rules(found).count("non-canonical-value") == 2
        )

        async def actions(place, only=None):
            asked = types.CodeActionParams(
                types.TextDocumentIdentifier(editor.uri(ONE)),
                place,
                types.CodeActionContext([], only),
            )
            return await editor.client.text_document_code_action_async(asked)

        severity = next(d for d in found if "Sev-3" in d.message)
        one, every = await actions(severity.range)
        assert (one.title, one.kind, one.is_preferred) == ("Write `SEV3`", "quickfix", True)
        assert list(one.diagnostics) == [severity]
        assert applied(text, one.edit.changes[editor.uri(ONE)]) == text.replace("Sev-3", "SEV3")
        assert every.title == "Repair 3 findings of this record"
        assert applied(text, every.edit.changes[editor.uri(ONE)]) == after
        start = types.Range(types.Position(0, 0), types.Position(0, 0))
        assert [a.title for a in await actions(start)] == [every.title]
        assert not await actions(start, ["quickfix"])
        assert [a.kind for a in await actions(start, ["source.fixAll"])] == [
            "source.fixAll.mkdocs-incident"
        ]
        await editor.type(ONE, after)
        await editor.until(ONE, lambda found: "non-canonical-value" not in rules(found))
        assert not await actions(severity.range)

    play(scene)
