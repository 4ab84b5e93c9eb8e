"""What one writes in ten minutes: python-frontmatter and jsonschema: ``naive.py FOLDER SCHEMAS``."""
# ruff: noqa: INP001, T201 - a script that prints

from __future__ import annotations

import json
import sys
from pathlib import Path

import frontmatter
from jsonschema import Draft202012Validator
from records import KINDS, paths


def main(folder: str, schemas: str) -> None:
    """Validate all."""
    validators = {
        kind: Draft202012Validator(json.loads(Path(schemas, f"{kind}.json").read_text("utf-8")))
        for kind in KINDS
    }
    refused = 0
    for path in paths(folder):
        record = json.loads(json.dumps(frontmatter.load(path).metadata, default=str))
        refused += any(validators[record.get("kind", "incident")].iter_errors(record))
    print(refused)


if __name__ == "__main__":
    main(*sys.argv[1:])
