"""``mkdocs-incident policy``: the policy in force, and where each value comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from mkdocs_incident.check import refuse_unknown_rules
from mkdocs_incident.cli.options import config_option, format_option
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy.settings import Setting, settings
from mkdocs_incident.rules import RULES

_PLAIN = regex(r"[A-Za-z](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9])?|[0-9]+ (?:min|h|days|s)")
_TRAPS = {"true", "false", "null", "yes", "no", "on", "off"}
_WIDEST = 60
"""Comments stand in one column, unless a value is longer than this."""


@click.command("policy")
@config_option
@format_option("yaml", "json", what="the policy is")
@explain_policy_errors
def command(config: Path | None, output: str) -> None:
    """Print the policy in force, each value with where it comes from.

    What is printed as YAML is a valid incident.yml that means the same.
    """
    policy = find_policy(config)
    refuse_unknown_rules(policy)
    found = list(settings(policy))
    if output == "json":
        levels = {
            rule.name: str(
                policy.rule_levels.get(rule.name, rule.level_in(policy.profile)) or "off"
            )
            for rule in RULES
        }
        entries = [
            {"setting": ".".join(map(str, s.route)), "value": s.value, "origin": s.origin}
            for s in found
        ]
        click.echo(json.dumps({"settings": entries, "rules": levels}, indent=2, ensure_ascii=False))
        return
    lines = list(_yaml(found))
    width = min(max(len(text) for text, _ in lines), _WIDEST)
    for text, origin in lines:
        click.echo(f"{text:<{width}}  # {origin}" if origin else text)
    click.echo(f"# All other rules have the level of profile {policy.profile}:")
    click.echo("# `mkdocs-incident rules` lists them.")


def _yaml(found: list[Setting]) -> Iterator[tuple[str, str]]:
    """Yield lines of YAML, each with the origin of its value; a mapping's key has none."""
    above: tuple[str | int, ...] = ()
    for setting in found:
        *parents, name = setting.route
        for depth, parent in enumerate(parents):
            if above[: depth + 1] != setting.route[: depth + 1]:
                yield f"{'  ' * depth}{_scalar(parent)}:", ""
        above = tuple(parents)
        indent = "  " * len(parents)
        if isinstance(setting.value, list) and any(isinstance(v, dict) for v in setting.value):
            yield f"{indent}{_scalar(name)}:", setting.origin
            for entry in setting.value:
                yield f"{indent}  - {_flow(entry)}", ""
        else:
            yield f"{indent}{_scalar(name)}: {_flow(setting.value)}", setting.origin


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{_scalar(key)}: {_flow(entry)}" for key, entry in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """Return a scalar that YAML 1.1 and 1.2 read alike; JSON's strings are YAML's."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.casefold() not in _TRAPS:
        return value
    return json.dumps(value, ensure_ascii=False)
