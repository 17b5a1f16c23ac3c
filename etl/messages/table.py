"""Every English template by its code: a file for each subject, so that each can be read whole."""

from __future__ import annotations

from etl.messages import (
    doctor,
    explain,
    files,
    health,
    health_loads,
    inspection,
    mappings,
    parts,
    privacy,
    requests,
    rules,
    warehouse,
)

TEMPLATES: dict[str, str] = {
    **files.TEMPLATES,
    **mappings.TEMPLATES,
    **inspection.TEMPLATES,
    **warehouse.TEMPLATES,
    **requests.TEMPLATES,
    **privacy.TEMPLATES,
    **health.TEMPLATES,
    **health_loads.TEMPLATES,
    **rules.TEMPLATES,
    **explain.TEMPLATES,
    **doctor.TEMPLATES,
    **parts.TEMPLATES,
}
