"""The workflows of the simulated contact centre, by the desk that owns them."""

from typing import Any

from etl.simulator.desks.accounts import ADDRESS_CHANGE, PASSWORD_RESET
from etl.simulator.desks.goods import PARCEL, WARRANTY
from etl.simulator.desks.health import DENIED_CLAIM
from etl.simulator.desks.network import ROUTER_FAULT, SIM_SWAP
from etl.simulator.desks.payments import CANCEL, CHARGED_TWICE, INVOICE
from etl.simulator.workflow import Workflow

WORKFLOWS: tuple[Workflow, ...] = (
    CHARGED_TWICE,
    INVOICE,
    CANCEL,
    DENIED_CLAIM,
    SIM_SWAP,
    ROUTER_FAULT,
    PARCEL,
    WARRANTY,
    PASSWORD_RESET,
    ADDRESS_CHANGE,
)


def definitions() -> list[dict[str, Any]]:
    """Every version of every workflow in the form of the definitions file."""
    return [
        {
            "workflow": workflow.id,
            "version": version.version,
            "title": workflow.title,
            "steps": [
                {
                    "id": step.id,
                    "title": step.title,
                    "type": step.type,
                    "next": step.next,
                    "required": step.required,
                    "returns_by_design": step.returns_by_design,
                    "expected_seconds": step.seconds,
                }
                for step in version.steps
            ],
        }
        for workflow in WORKFLOWS
        for version in workflow.versions
    ]


__all__ = ["WORKFLOWS", "definitions"]
