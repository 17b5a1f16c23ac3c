"""Money: charged twice, invoice questions, cancelling a subscription."""

from etl.simulator.workflow import (
    Version,
    Workflow,
    decision,
    end,
    escalation,
    form,
    instruction,
    question,
    revise,
)

_CHARGED_TWICE_3 = Version(
    "3",
    (
        question(
            "verify-identity",
            "Verify the customer's identity",
            40,
            {
                "confirmed": ("find-charges", 92),
                "by call-back": ("find-charges", 5),
                "failed": ("escalate", 3),
            },
            required=True,
        ),
        form(
            "find-charges",
            "Find both charges",
            55,
            {
                "same day": ("charge-state", 60),
                "within a week": ("charge-state", 30),
                "older": ("charge-state", 10),
            },
        ),
        decision(
            "charge-state",
            "Is the second charge booked or only reserved?",
            35,
            {"booked": ("refund-amount", 68), "reserved": ("explain-reservation", 32)},
        ),
        instruction("explain-reservation", "Explain when the reservation lapses", 45, "confirm-customer"),
        form(
            "refund-amount",
            "Enter the refund",
            50,
            {
                "full": ("refund-approval", 80),
                "partial": ("refund-approval", 17),
                "above limit": ("escalate", 3),
            },
            required=True,
        ),
        decision(
            "refund-approval",
            "Check the refund against the limits",
            30,
            {"within limits": ("payout-method", 88), "second look": ("payout-method", 12)},
        ),
        question(
            "payout-method",
            "Where should the money go?",
            25,
            {"same card": ("confirm-customer", 76), "bank account": ("confirm-customer", 24)},
        ),
        instruction("confirm-customer", "Tell the customer what happens next", 40, "wrap-up"),
        escalation("wrap-up"),
        end(),
    ),
)
_CHARGED_TWICE_4 = revise(
    _CHARGED_TWICE_3,
    "4",
    decision(
        "charge-state",
        "Look at the booking mark: is the second charge final?",
        32,
        {
            "final": ("refund-amount", 64),
            "reserved": ("explain-reservation", 30),
            "no mark": ("ask-payments", 6),
        },
    ),
    instruction("ask-payments", "Ask the payments desk for the booking mark", 70, "refund-amount"),
)

CHARGED_TWICE = Workflow(
    "double-charge",
    "Charged twice",
    "charged twice",
    16,
    (_CHARGED_TWICE_3, _CHARGED_TWICE_4),
    ("refund limit", "reservation lapse days", "refund to closed card", "chargeback", "booking mark"),
    released=(0.0, 0.5),
    changed_step="charge-state",
    hold_share=0.08,
    month_start=1.5,
    channels={"phone": 1.2, "social": 1.3},
)

INVOICE = Workflow(
    "invoice-question",
    "Question about an invoice",
    "invoice question",
    7,
    (
        Version(
            "1",
            (
                question(
                    "find-invoice",
                    "Find the invoice",
                    35,
                    {"by number": ("kind-of-question", 70), "by customer": ("kind-of-question", 30)},
                ),
                decision(
                    "kind-of-question",
                    "What is the question about?",
                    25,
                    {
                        "amount": ("explain-items", 50),
                        "copy": ("send-copy", 30),
                        "due date": ("payment-plan", 20),
                    },
                ),
                instruction("explain-items", "Go through the items", 75, "agreed"),
                instruction("send-copy", "Send a copy", 25, "agreed"),
                form(
                    "payment-plan",
                    "Agree on a payment plan",
                    80,
                    {"two rates": ("agreed", 60), "three rates": ("agreed", 30), "refused": ("escalate", 10)},
                ),
                question(
                    "agreed",
                    "Does the customer agree?",
                    20,
                    {"yes": ("wrap-up", 90), "partly": ("wrap-up", 7), "no": ("escalate", 3)},
                ),
                escalation("wrap-up"),
                end(),
            ),
        ),
    ),
    ("vat number on invoice", "payment plan rules", "invoice copy", "late fee"),
    month_start=1.8,
    channels={"email": 1.5, "web": 1.3, "telegram": 0.6},
)

_CANCEL_4 = Version(
    "4",
    (
        question(
            "find-contract",
            "Find the contract",
            30,
            {"one contract": ("verify-identity", 85), "several contracts": ("verify-identity", 15)},
        ),
        question(
            "verify-identity",
            "Verify the customer's identity",
            35,
            {"confirmed": ("cancel-reason", 96), "failed": ("escalate", 4)},
            required=True,
        ),
        question(
            "cancel-reason",
            "Why does the customer leave?",
            40,
            {
                "price": ("offer", 38),
                "not used": ("notice-period", 30),
                "moving": ("notice-period", 17),
                "service": ("offer", 15),
            },
        ),
        decision(
            "offer",
            "Make the offer that fits",
            60,
            {"accepted": ("confirm-stay", 30), "declined": ("notice-period", 70)},
        ),
        form(
            "notice-period",
            "Work out the last day",
            50,
            {"end of term": ("effects", 60), "end of month": ("effects", 30), "at once": ("effects", 10)},
            required=True,
        ),
        instruction("effects", "Explain what ends and what stays", 35, "confirm-cancel"),
        form(
            "confirm-cancel",
            "Send the confirmation",
            30,
            {"by mail": ("wrap-up", 85), "by letter": ("wrap-up", 15)},
            required=True,
        ),
        instruction("confirm-stay", "Put the offer into the contract", 45, "wrap-up"),
        escalation("wrap-up"),
        end(),
    ),
)
_CANCEL_5 = revise(
    _CANCEL_4,
    "5",
    form(
        "notice-period",
        "Read the last day from the contract calculator",
        42,
        {
            "end of term": ("confirm-cancel", 60),
            "end of month": ("confirm-cancel", 30),
            "at once": ("confirm-cancel", 10),
        },
        required=True,
    ),
    without=("effects",),
)

CANCEL = Workflow(
    "cancel-subscription",
    "Cancel a subscription",
    "cancel subscription",
    11,
    (_CANCEL_4, _CANCEL_5),
    ("notice period", "special cancellation right", "retention offer", "contract calculator"),
    released=(0.0, 0.45),
    changed_step="notice-period",
    channels={"email": 1.3, "web": 1.4, "phone": 0.9},
)
