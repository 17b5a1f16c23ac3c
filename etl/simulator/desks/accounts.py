"""Accounts: password reset, change of address."""

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

_PASSWORD_7 = Version(
    "7",
    (
        question(
            "find-account",
            "Find the account",
            25,
            {"by mail": ("verify-identity", 74), "by phone number": ("verify-identity", 26)},
        ),
        question(
            "verify-identity",
            "Verify identity",
            35,
            {"confirmed": ("lock-state", 95), "failed": ("escalate", 5)},
            required=True,
        ),
        decision(
            "lock-state",
            "Why can't the customer log in?",
            30,
            {"forgotten": ("reset-link", 66), "locked": ("unlock", 25), "second factor": ("factor-reset", 9)},
        ),
        instruction("unlock", "Unlock the account", 25, "reset-link"),
        form(
            "factor-reset",
            "Reset the second factor",
            75,
            {"app": ("reset-link", 70), "text message": ("reset-link", 30)},
            required=True,
        ),
        question(
            "reset-link",
            "Send the link; did it arrive?",
            60,
            {"arrived": ("log-in-test", 86), "in spam": ("log-in-test", 10), "no": ("escalate", 4)},
        ),
        question(
            "log-in-test",
            "Can the customer log in?",
            40,
            {"yes": ("security-advice", 94), "after a restart": ("security-advice", 6)},
        ),
        instruction("security-advice", "Give the security advice", 20, "wrap-up", required=True),
        escalation("wrap-up"),
        end(),
    ),
)
_PASSWORD_8 = revise(
    _PASSWORD_7,
    "8",
    question(
        "reset-link",
        "Send link or code; did it arrive?",
        48,
        {
            "arrived": ("log-in-test", 80),
            "code": ("log-in-test", 11),
            "in spam": ("log-in-test", 6),
            "no": ("escalate", 3),
        },
    ),
)

PASSWORD_RESET = Workflow(
    "password-reset",
    "Password reset",
    "password reset",
    14,
    (_PASSWORD_7, _PASSWORD_8),
    ("reset link expired", "second factor reset", "locked account", "mail in spam"),
    released=(0.0, 0.4),
    changed_step="reset-link",
    hold_share=0.01,
    channels={"chat": 1.8, "whatsapp": 1.3, "telegram": 1.5, "email": 0.6},
)

ADDRESS_CHANGE = Workflow(
    "address-change",
    "Change of address",
    "change of address",
    8,
    (
        Version(
            "2",
            (
                question(
                    "verify-identity",
                    "Verify identity",
                    35,
                    {"confirmed": ("new-address", 97), "failed": ("escalate", 3)},
                    required=True,
                ),
                form(
                    "new-address",
                    "Enter the new address",
                    50,
                    {"same country": ("valid-from", 93), "abroad": ("valid-from", 7)},
                    required=True,
                ),
                question(
                    "valid-from",
                    "From when?",
                    20,
                    {"at once": ("contracts", 55), "later": ("contracts", 45)},
                ),
                decision(
                    "contracts",
                    "Which contracts move along?",
                    45,
                    {"all": ("open-orders", 70), "some": ("open-orders", 30)},
                ),
                question(
                    "open-orders",
                    "Are parcels on their way?",
                    30,
                    {"none": ("confirm-change", 85), "redirected": ("confirm-change", 15)},
                ),
                instruction("confirm-change", "Confirm the change", 25, "wrap-up", required=True),
                escalation("wrap-up"),
                end(),
            ),
        ),
    ),
    ("address abroad", "redirect parcel", "move contracts"),
    month_start=1.3,
    channels={"web": 1.6, "email": 1.3, "phone": 0.9},
)
