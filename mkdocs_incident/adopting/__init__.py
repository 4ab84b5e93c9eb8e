"""Legacy documents become records: front matter is put in front, the body stays as it is.

What the front matter gets is what the record needs and its body does not tell the reader:

- ``kind``, always: it must not change when a file is moved or renamed;
- the identity, ``id`` of an incident or a runbook, ``incidents`` of a review, ``incident`` of a plan,
  unless the body has it: everything else refers to it;
- ``title``, where the heading is missing or holds more than a name, such as the date;
- ``date``, where only the title or the file's name says when it was: an incident without a day sorts
  nowhere, and its times of day mean nothing;
- ``services`` that the title or the file's name calls by a name of incident.yml, and ``alerts`` of a
  runbook that is called like its alert: both are what runbooks and incidents are found by;
- what somebody else's front matter says under another name (``sev: 2``, ``Incident Commander: …``).

Severity, status, commander, times, timeline, action items and the rest stay in the body if they stand
there: one fact, one place, and the body is what people read and mend. What nobody wrote down is
reported as missing and never made up; the findings of `check` are the debt.
"""
