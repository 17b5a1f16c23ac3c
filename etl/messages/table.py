"""Every English template by its code: a file for each subject, so that each can be read whole."""

from __future__ import annotations

from etl.messages import explain, files, health, looks, machine, mappings, requests, rules, system, warehouse

TEMPLATES: dict[str, str] = {
    **files.TEMPLATES,
    **mappings.TEMPLATES,
    **looks.TEMPLATES,
    **warehouse.TEMPLATES,
    **requests.TEMPLATES,
    **health.TEMPLATES,
    **rules.TEMPLATES,
    **explain.TEMPLATES,
    **machine.TEMPLATES,
    **system.TEMPLATES,
}
