"""Files and folders that the tool knows by name in a repository's root."""

CONFIG_NAME = "incident.yml"
"""What a team decides."""
BASELINE_NAME = ".incident-baseline.json"
"""Findings that were there when the gate came."""
CACHE_NAME = ".incident_cache"
"""The folder of what was read and found earlier; its name begins with a dot, so nothing in it is a record."""
