"""The least that validates front matter: libyaml and jsonschema-rs: ``base.py FOLDER SCHEMAS``.

It reads every file, but no body, and gives neither positions nor rules. Prints how many records it refused.
"""
# ruff: noqa: INP001, T201 - a script that prints

from __future__ import annotations

import sys
from pathlib import Path

import jsonschema_rs
import yaml
from records import KINDS, front_matter, paths


class Loader(yaml.CSafeLoader):
    """The quickest that PyYAML has; days and times stay text, as JSON Schema wants them."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the library has it
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def main(folder: str, schemas: str) -> None:
    """Validate all."""
    validators = {
        kind: jsonschema_rs.validator_for(Path(schemas, f"{kind}.json").read_text("utf-8"))
        for kind in KINDS
    }
    refused = 0
    for path in paths(folder):
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - the least that it can cost
            record = yaml.load(front_matter(file.read()), Loader)  # noqa: S506 - a safe one
        refused += any(validators[record.get("kind", "incident")].iter_errors(record))
    print(refused)


if __name__ == "__main__":
    main(*sys.argv[1:])
