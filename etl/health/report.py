"""Findings as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from etl.health.finding import Finding, Severity


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """What wants attention with why and what to do, then in one line each what is fine."""
    for finding in findings:
        if finding.severity != Severity.OK:
            yield f"{finding.severity.upper()}  {line(finding)}"
            yield f"    Why it matters: {finding.why}"
            yield f"    What to do: {finding.todo}"
            yield ""
    for finding in findings:
        if finding.severity == Severity.OK:
            yield f"{'ok' if finding.is_known else '?':<4}{finding.check}: {finding.message}"


def line(finding: Finding) -> str:
    """A finding in one line: check, source and what was seen."""
    source = f", {finding.source}" if finding.source else ""
    return f"{finding.check}{source}: {finding.message}"
