"""What the checks of data health found, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboard.language import _
from dashboard.language.messages import say
from dashboard.views.data_health.tables import SEVERITIES
from etl.health.finding import Finding, Severity


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """What wants attention with why and what to do, then in one line each what is fine."""
    for finding in findings:
        if finding.severity != Severity.OK:
            yield f"{_(SEVERITIES[finding.severity]).upper()}  {finding_line(finding)}"
            yield "    " + _("Why it matters: {why}", why=say(finding.why))
            yield "    " + _("What to do: {todo}", todo=say(finding.todo))
            yield ""
    fine = _(SEVERITIES[Severity.OK])
    for finding in findings:
        if finding.severity == Severity.OK:
            state = fine if finding.is_known else "?".ljust(len(fine))
            yield f"{state}  " + _("{name}: {value}", name=finding.check, value=say(finding.message))


def finding_line(finding: Finding) -> str:
    """A finding in one line: check, source and what was seen."""
    name = f"{finding.check}, {finding.source}" if finding.source else finding.check
    return _("{name}: {value}", name=name, value=say(finding.message))
