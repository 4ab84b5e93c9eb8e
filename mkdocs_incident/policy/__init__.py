"""What a team decides: ``incident.yml``, presets and waivers."""

from mkdocs_incident.policy.model import Person, Policy, Service, handle_key
from mkdocs_incident.policy.presets import PROFILES, Category, Profile, SeverityLevel, Tier
from mkdocs_incident.policy.reading import PolicyError, find_config, load_policy
from mkdocs_incident.policy.waivers import Waiver

__all__ = [
    "PROFILES",
    "Category",
    "Person",
    "Policy",
    "PolicyError",
    "Profile",
    "Service",
    "SeverityLevel",
    "Tier",
    "Waiver",
    "find_config",
    "handle_key",
    "load_policy",
]
