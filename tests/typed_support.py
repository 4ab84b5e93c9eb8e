"""A live incident on which people type commands."""

import pytest

INC = "INC-2025-0142"
PATH = "incidents/INC-2025-0142.md"
LIVE = """\
---
id: INC-2025-0142
title: Checkout fails
severity: SEV2
status: investigating
incident_commander: "@payments-lead"
services: [checkout]
detected_at: 2025-06-15T14:23Z
---

## Timeline (UTC)

- 2025-06-15 14:23 — Detected: alert on checkouts fires
"""
LATER = "2025-06-15T17:50Z"


@pytest.fixture
def there(write, run, tmp_path):
    """A live incident; gives a command's outcome, and the record's text."""
    write({PATH: LIVE})

    def text():
        return (tmp_path / PATH).read_text("utf-8")

    return run, text
