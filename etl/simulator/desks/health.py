"""Insurance: a denied health claim, with its compliance steps."""

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

_CLAIM_2 = Version(
    "2",
    (
        question(
            "verify-insured",
            "Verify the insured person",
            45,
            {
                "insured": ("consent", 84),
                "authorised relative": ("consent", 13),
                "not authorised": ("escalate", 3),
            },
            required=True,
        ),
        question(
            "consent",
            "Read out and record the consent",
            30,
            {"given": ("find-claim", 97), "in writing": ("find-claim", 3)},
            required=True,
        ),
        form(
            "find-claim",
            "Find the claim and the letter",
            60,
            {"one claim": ("denial-code", 86), "several claims": ("denial-code", 14)},
        ),
        decision(
            "denial-code",
            "What does the denial code mean?",
            55,
            {
                "missing document": ("missing-documents", 42),
                "not covered": ("coverage", 33),
                "wrong code": ("recode", 20),
                "deadline missed": ("coverage", 5),
            },
        ),
        form(
            "missing-documents",
            "List what is missing",
            65,
            {"invoice": ("appeal-deadline", 55), "prescription": ("appeal-deadline", 45)},
        ),
        decision(
            "coverage",
            "Check the coverage table",
            80,
            {
                "covered": ("recode", 30),
                "not covered": ("appeal-deadline", 60),
                "exception": ("escalate", 10),
            },
        ),
        form(
            "recode",
            "Ask the clinic for the right code",
            70,
            {"by form": ("appeal-deadline", 80), "by phone": ("appeal-deadline", 20)},
        ),
        instruction("appeal-deadline", "Tell the appeal deadline", 35, "privacy-notice", required=True),
        instruction("privacy-notice", "Send the privacy notice", 20, "wrap-up", required=True),
        escalation("privacy-notice", "Hand over to the claims doctors"),
        end(),
    ),
)
_CLAIM_3 = revise(
    _CLAIM_2,
    "3",
    decision(
        "denial-code",
        "Choose the meaning from the code list",
        50,
        {
            "missing document": ("missing-documents", 42),
            "not covered": ("coverage", 36),
            "wrong code": ("recode", 22),
        },
    ),
    instruction("appeal-deadline", "Tell the appeal deadline", 35, "record-advice", required=True),
    form(
        "record-advice",
        "Record what was advised",
        30,
        {"advised": ("privacy-notice", 90), "declined": ("privacy-notice", 10)},
        required=True,
    ),
)

DENIED_CLAIM = Workflow(
    "denied-claim",
    "Denied health claim",
    "denied health claim",
    9,
    (_CLAIM_2, _CLAIM_3),
    ("denial code list", "appeal deadline", "coverage table", "authorised relative", "dental exception"),
    released=(0.0, 0.55),
    changed_step="denial-code",
    hold_share=0.22,
    channels={"phone": 1.4, "email": 1.2, "telegram": 0.3, "social": 0.4, "sms": 0.5},
)
