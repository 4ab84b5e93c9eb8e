"""All rules, in the order of their codes: the one place that lists them."""

from mkdocs_incident.rules.action_overdue import action_overdue
from mkdocs_incident.rules.action_without_due_date import action_without_due_date
from mkdocs_incident.rules.action_without_owner import action_without_owner
from mkdocs_incident.rules.alert_without_runbook import alert_without_runbook
from mkdocs_incident.rules.alias_bomb import alias_bomb
from mkdocs_incident.rules.bad_format import bad_format
from mkdocs_incident.rules.blaming_language import blaming_language
from mkdocs_incident.rules.broken_link import broken_link
from mkdocs_incident.rules.category_demand import category_demand
from mkdocs_incident.rules.circular_reference import circular_reference
from mkdocs_incident.rules.dangling_runbook_url import dangling_runbook_url
from mkdocs_incident.rules.date_disagrees import date_disagrees
from mkdocs_incident.rules.done_without_proof import done_without_proof
from mkdocs_incident.rules.due_beyond_horizon import due_beyond_horizon
from mkdocs_incident.rules.duplicate_action_id import duplicate_action_id
from mkdocs_incident.rules.duplicate_id import duplicate_id
from mkdocs_incident.rules.duplicate_key import duplicate_key
from mkdocs_incident.rules.duration_disagrees import duration_disagrees
from mkdocs_incident.rules.escalation_due import escalation_due
from mkdocs_incident.rules.event_after_resolution import event_after_resolution
from mkdocs_incident.rules.evidence_file_missing import evidence_file_missing
from mkdocs_incident.rules.expired_waiver import expired_waiver
from mkdocs_incident.rules.field_given_twice import field_given_twice
from mkdocs_incident.rules.first_update_late import first_update_late
from mkdocs_incident.rules.forward_fix_without_approval import forward_fix_without_approval
from mkdocs_incident.rules.front_matter_missing import front_matter_missing
from mkdocs_incident.rules.hindsight_language import hindsight_language
from mkdocs_incident.rules.horizon_without_success_criteria import horizon_without_success_criteria
from mkdocs_incident.rules.id_not_in_path import id_not_in_path
from mkdocs_incident.rules.invalid_waiver import invalid_waiver
from mkdocs_incident.rules.invalid_yaml import invalid_yaml
from mkdocs_incident.rules.major_incident_without_coordinator import (
    major_incident_without_coordinator,
)
from mkdocs_incident.rules.milestone_disagrees import milestone_disagrees
from mkdocs_incident.rules.milestone_missing import milestone_missing
from mkdocs_incident.rules.missing_evidence import missing_evidence
from mkdocs_incident.rules.missing_field import missing_field
from mkdocs_incident.rules.missing_impact import missing_impact
from mkdocs_incident.rules.missing_incident_commander import missing_incident_commander
from mkdocs_incident.rules.missing_lessons import missing_lessons
from mkdocs_incident.rules.missing_postmortem import missing_postmortem
from mkdocs_incident.rules.missing_preventive_action import missing_preventive_action
from mkdocs_incident.rules.missing_role import missing_role
from mkdocs_incident.rules.missing_root_cause import missing_root_cause
from mkdocs_incident.rules.missing_severity import missing_severity
from mkdocs_incident.rules.name_in_root_cause import name_in_root_cause
from mkdocs_incident.rules.next_update_missed import next_update_missed
from mkdocs_incident.rules.non_canonical_value import non_canonical_value
from mkdocs_incident.rules.not_a_mapping import not_a_mapping
from mkdocs_incident.rules.oversized_file import oversized_file
from mkdocs_incident.rules.plan_left_active import plan_left_active
from mkdocs_incident.rules.postmortem_overdue import postmortem_overdue
from mkdocs_incident.rules.postmortem_without_incident import postmortem_without_incident
from mkdocs_incident.rules.records_disagree import records_disagree
from mkdocs_incident.rules.review_meeting_overdue import review_meeting_overdue
from mkdocs_incident.rules.risky_action_without_rollback import risky_action_without_rollback
from mkdocs_incident.rules.rule import Rule
from mkdocs_incident.rules.runbook_empty_section import runbook_empty_section
from mkdocs_incident.rules.runbook_not_updated import runbook_not_updated
from mkdocs_incident.rules.runbook_stale import runbook_stale
from mkdocs_incident.rules.runbook_unused import runbook_unused
from mkdocs_incident.rules.runbook_without_owner import runbook_without_owner
from mkdocs_incident.rules.severity_off_matrix import severity_off_matrix
from mkdocs_incident.rules.stale_baseline import stale_baseline
from mkdocs_incident.rules.superseded_without_successor import superseded_without_successor
from mkdocs_incident.rules.timeline_gap import timeline_gap
from mkdocs_incident.rules.timeline_missing import timeline_missing
from mkdocs_incident.rules.timeline_out_of_order import timeline_out_of_order
from mkdocs_incident.rules.timeline_without_zone import timeline_without_zone
from mkdocs_incident.rules.too_few_action_items import too_few_action_items
from mkdocs_incident.rules.undeclared_recurrence import undeclared_recurrence
from mkdocs_incident.rules.undecodable_file import undecodable_file
from mkdocs_incident.rules.unexplained_downgrade import unexplained_downgrade
from mkdocs_incident.rules.unknown_alert import unknown_alert
from mkdocs_incident.rules.unknown_cause_without_follow_up import unknown_cause_without_follow_up
from mkdocs_incident.rules.unknown_field import unknown_field
from mkdocs_incident.rules.unknown_incident import unknown_incident
from mkdocs_incident.rules.unknown_kind import unknown_kind
from mkdocs_incident.rules.unknown_owner import unknown_owner
from mkdocs_incident.rules.unknown_person import unknown_person
from mkdocs_incident.rules.unknown_runbook import unknown_runbook
from mkdocs_incident.rules.unknown_service import unknown_service
from mkdocs_incident.rules.unreadable_path import unreadable_path
from mkdocs_incident.rules.unterminated_front_matter import unterminated_front_matter
from mkdocs_incident.rules.unused_waiver import unused_waiver
from mkdocs_incident.rules.update_gap import update_gap
from mkdocs_incident.rules.update_incomplete import update_incomplete
from mkdocs_incident.rules.value_not_allowed import value_not_allowed
from mkdocs_incident.rules.wont_do_without_reason import wont_do_without_reason
from mkdocs_incident.rules.wrong_type import wrong_type

RULES: tuple[Rule, ...] = (
    front_matter_missing,
    unterminated_front_matter,
    invalid_yaml,
    duplicate_key,
    not_a_mapping,
    undecodable_file,
    unreadable_path,
    oversized_file,
    alias_bomb,
    field_given_twice,
    unknown_kind,
    missing_field,
    unknown_field,
    wrong_type,
    value_not_allowed,
    bad_format,
    non_canonical_value,
    missing_severity,
    missing_incident_commander,
    severity_off_matrix,
    unexplained_downgrade,
    forward_fix_without_approval,
    unknown_cause_without_follow_up,
    missing_evidence,
    category_demand,
    major_incident_without_coordinator,
    missing_role,
    escalation_due,
    missing_preventive_action,
    missing_postmortem,
    runbook_not_updated,
    postmortem_overdue,
    too_few_action_items,
    missing_root_cause,
    missing_impact,
    missing_lessons,
    review_meeting_overdue,
    action_without_owner,
    action_without_due_date,
    duplicate_action_id,
    action_overdue,
    due_beyond_horizon,
    wont_do_without_reason,
    done_without_proof,
    unknown_owner,
    runbook_without_owner,
    runbook_empty_section,
    runbook_stale,
    runbook_unused,
    alert_without_runbook,
    risky_action_without_rollback,
    horizon_without_success_criteria,
    superseded_without_successor,
    plan_left_active,
    timeline_missing,
    timeline_out_of_order,
    timeline_without_zone,
    milestone_missing,
    milestone_disagrees,
    duration_disagrees,
    event_after_resolution,
    date_disagrees,
    timeline_gap,
    update_incomplete,
    first_update_late,
    update_gap,
    next_update_missed,
    duplicate_id,
    unknown_incident,
    unknown_runbook,
    circular_reference,
    evidence_file_missing,
    id_not_in_path,
    broken_link,
    unknown_service,
    unknown_person,
    postmortem_without_incident,
    records_disagree,
    undeclared_recurrence,
    unknown_alert,
    dangling_runbook_url,
    blaming_language,
    name_in_root_cause,
    hindsight_language,
    invalid_waiver,
    expired_waiver,
    unused_waiver,
    stale_baseline,
)

RULE_BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}

__all__ = ["RULES", "RULE_BY_NAME", "Rule"]
