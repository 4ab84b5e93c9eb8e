"""Tasks in a record's body have a box, whatever extensions the site's own Markdown has."""

import re

import pytest
from site_support import build, write

RECORD = """\
---
id: RB-orders
title: Orders
owner: "@orders-team"
services: [orders]
---

## Mitigation

- [ ] Rotate the logs
- [x] Restart the worker
    1. [X] Drain it first

- An [ ] in a sentence, and `[ ]` in code

## Afterwards

- [ ] Tell support

- [ ] Close the page

```
- [ ] not a task
```
"""
CONFIG = "site_name: Test\nplugins: [search, {incident: {on_findings: ignore}}]\n"
TASKS = [
    "Rotate the logs",
    "Restart the worker",
    "Drain it first",
    "Tell support",
    "Close the page",
]


@pytest.mark.parametrize(
    "extensions",
    [
        "",
        "markdown_extensions: [pymdownx.tasklist]\n",
        "markdown_extensions: [{pymdownx.tasklist: {custom_checkbox: true}}]\n",
    ],
    ids=["none", "tasklist", "own boxes"],
)
def test_each_task_has_one_box_that_says_its_state(tmp_path, extensions):
    done = build(
        write(
            tmp_path,
            {
                "mkdocs.yml": CONFIG + extensions,
                "docs/index.md": "# Home\n",
                "runbooks/orders.md": RECORD,
            },
        )
    )
    assert done.code == 0, done.log
    page = done.page("runbooks/orders/index.html")
    boxes = re.findall(r"<input([^>]*)>(?:\s*<span[^>]*></span>\s*</label>)?\s*([^<\n]*)", page)
    shown = {text.strip(): attributes for attributes, text in boxes if "checkbox" in attributes}
    assert list(shown) == TASKS
    for text, attributes in shown.items():
        is_done = text in {"Restart the worker", "Drain it first"}
        assert ("checked" in attributes) is is_done
        assert f'aria-label="{"done" if is_done else "to do"}"' in attributes
        assert "disabled" in attributes
    assert page.count("[ ]") == 3  # in the sentence, in its code, and in the block of code
    assert "[x]" not in page.lower()
