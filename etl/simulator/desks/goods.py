"""Goods: a parcel that did not arrive, a warranty return."""

from etl.simulator.workflow import (
    Version,
    Workflow,
    by_design,
    decision,
    end,
    escalation,
    form,
    instruction,
    question,
    revise,
)

_PARCEL_1 = Version(
    "1",
    (
        question(
            "find-order",
            "Find the order",
            35,
            {"by number": ("tracking", 72), "by address": ("tracking", 28)},
        ),
        decision(
            "tracking",
            "What does the tracking say?",
            45,
            {
                "delivered": ("neighbours", 40),
                "in transit": ("which-item", 38),
                "lost": ("which-item", 20),
                "returned": ("which-item", 2),
            },
        ),
        question(
            "neighbours",
            "Asked neighbours and safe places?",
            40,
            {"found": ("wrap-up", 22), "not found": ("which-item", 78)},
        ),
        by_design(
            form("which-item", "Add an item", 30, {"ordered": ("item-value", 93), "gift": ("item-value", 7)})
        ),
        by_design(
            form(
                "item-value",
                "Enter its value",
                25,
                {
                    "under 50": ("another-item", 62),
                    "50 to 200": ("another-item", 30),
                    "over 200": ("another-item", 8),
                },
            )
        ),
        by_design(
            decision(
                "another-item", "Add another item?", 12, {"no": ("remedy", 62), "yes": ("which-item", 38)}
            )
        ),
        decision(
            "remedy",
            "Send again or refund?",
            40,
            {
                "send again": ("claim-carrier", 55),
                "refund": ("claim-carrier", 42),
                "above limit": ("escalate", 3),
            },
        ),
        form(
            "claim-carrier",
            "File the claim with the carrier",
            70,
            {"filed": ("tell-customer", 92), "too early": ("tell-customer", 8)},
            required=True,
        ),
        instruction("tell-customer", "Tell the customer what happens next", 35, "wrap-up"),
        escalation("wrap-up"),
        end(),
    ),
)
_PARCEL_2 = revise(
    _PARCEL_1,
    "2",
    form(
        "claim-carrier",
        "File the claim in the carrier's portal",
        62,
        {"filed": ("tell-customer", 90), "too early": ("tell-customer", 10)},
        required=True,
    ),
)

PARCEL = Workflow(
    "parcel-lost",
    "Parcel not delivered",
    "parcel not delivered",
    14,
    (_PARCEL_1, _PARCEL_2),
    ("carrier claim deadline", "safe place", "customs hold", "parcel investigation", "gift refund"),
    released=(0.0, 0.5),
    changed_step="claim-carrier",
    hold_share=0.3,
    channels={"whatsapp": 1.5, "social": 1.5, "email": 1.1},
)

WARRANTY = Workflow(
    "warranty-return",
    "Return under warranty",
    "warranty return",
    8,
    (
        Version(
            "2",
            (
                question(
                    "find-purchase",
                    "Find the purchase",
                    40,
                    {"with receipt": ("warranty-term", 80), "without receipt": ("warranty-term", 20)},
                    required=True,
                ),
                decision(
                    "warranty-term",
                    "Is it within the term?",
                    35,
                    {"yes": ("defect", 86), "goodwill": ("defect", 9), "no": ("explain-refusal", 5)},
                ),
                question(
                    "defect",
                    "What is broken?",
                    55,
                    {
                        "does not start": ("return-label", 40),
                        "part broken": ("return-label", 30),
                        "battery": ("battery-rules", 22),
                        "other": ("return-label", 8),
                    },
                ),
                instruction("battery-rules", "Read out the battery rules", 45, "return-label", required=True),
                form(
                    "return-label",
                    "Make the return label",
                    50,
                    {"print": ("remedy", 60), "code": ("remedy", 38), "pick-up": ("escalate", 2)},
                ),
                question(
                    "remedy",
                    "Repair, replace or refund?",
                    30,
                    {
                        "repair": ("tell-customer", 45),
                        "replace": ("tell-customer", 40),
                        "refund": ("tell-customer", 15),
                    },
                ),
                instruction("explain-refusal", "Explain the refusal", 80, "tell-customer"),
                instruction("tell-customer", "Tell the customer how long it takes", 30, "wrap-up"),
                escalation("wrap-up"),
                end(),
            ),
        ),
    ),
    ("warranty term", "battery shipping", "goodwill rules", "repair time"),
    hold_share=0.18,
    channels={"web": 1.5, "email": 1.2, "phone": 0.8},
)
