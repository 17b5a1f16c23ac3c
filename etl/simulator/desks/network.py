"""Mobile and internet: a SIM swap, a router without connection."""

from dataclasses import replace

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

SIM_SWAP = Workflow(
    "sim-swap",
    "SIM swap",
    "sim swap",
    10,
    (
        Version(
            "5",
            (
                question(
                    "verify-identity",
                    "Verify identity with two factors",
                    50,
                    {"confirmed": ("swap-reason", 93), "one factor": ("security-questions", 7)},
                    required=True,
                ),
                question(
                    "security-questions",
                    "Ask the security questions",
                    60,
                    {"passed": ("swap-reason", 75), "failed": ("escalate", 25)},
                    required=True,
                ),
                question(
                    "swap-reason",
                    "Why is a new SIM needed?",
                    25,
                    {
                        "lost": ("block-sim", 42),
                        "new phone": ("sim-type", 47),
                        "defect": ("sim-type", 10.2),
                        "stolen, number misused": ("report-misuse", 0.5),
                    },
                ),
                instruction(
                    "report-misuse", "Report the misuse to the authority", 120, "block-sim", required=True
                ),
                instruction("block-sim", "Block the old SIM", 30, "sim-type", required=True),
                decision(
                    "sim-type",
                    "Which SIM fits the phone?",
                    35,
                    {
                        "eSIM": ("activation", 52),
                        "plastic by mail": ("delivery-address", 36),
                        "plastic in shop": ("activation", 12),
                    },
                ),
                form(
                    "delivery-address",
                    "Check the delivery address",
                    40,
                    {"as on file": ("activation", 82), "other address": ("activation", 18)},
                ),
                form(
                    "activation",
                    "Start the activation",
                    55,
                    {
                        "active": ("swap-notice", 90),
                        "pending": ("swap-notice", 8),
                        "refused": ("escalate", 2),
                    },
                ),
                instruction(
                    "swap-notice", "Send the notice to the second contact", 20, "wrap-up", required=True
                ),
                escalation("wrap-up", "Hand over to the fraud desk"),
                end(),
            ),
        ),
    ),
    ("esim phones", "swap waiting time", "number misuse", "second factor lost"),
    channels={"chat": 1.3, "sms": 2.0, "email": 0.6},
)

_ROUTER_1 = Version(
    "1",
    (
        question(
            "which-line",
            "Which line is it?",
            30,
            {"fibre": ("outage", 45), "cable": ("outage", 33), "copper": ("outage", 22)},
        ),
        decision(
            "outage",
            "Is there an outage in the area?",
            30,
            {"no": ("lights", 88), "yes": ("tell-outage", 12)},
        ),
        instruction("tell-outage", "Tell when the outage is over", 40, "wrap-up"),
        question(
            "lights",
            "Which lights are on?",
            60,
            {
                "all": ("wifi-check", 35),
                "no link": ("line-test", 40),
                "none": ("power-check", 15),
                "red": ("line-test", 10),
            },
        ),
        instruction("power-check", "Check power and cable", 70, "line-test"),
        question(
            "wifi-check",
            "Is it the line or the wireless?",
            55,
            {"wireless": ("move-channel", 65), "line": ("line-test", 35)},
        ),
        instruction("move-channel", "Move to another channel", 90, "works-now"),
        replace(
            question(
                "line-test",
                "Run the line test and restart",
                430,
                {"clean": ("works-now", 72), "errors": ("works-now", 18), "line broken": ("technician", 10)},
            ),
            pause_share=0.05,
        ),
        question(
            "works-now",
            "Does it work now?",
            35,
            {
                "yes": ("wrap-up", 78),
                "at times": ("wrap-up", 6),
                "no": ("technician", 12),
                "gone": ("escalate", 4),
            },
        ),
        form(
            "technician",
            "Book a technician",
            75,
            {"this week": ("wrap-up", 70), "next week": ("wrap-up", 30)},
        ),
        escalation("wrap-up", "Hand over to the network desk"),
        end(),
    ),
)
_ROUTER_2 = revise(
    _ROUTER_1,
    "2",
    question(
        "lights",
        "Compare the lights with the picture",
        52,
        {
            "all": ("wifi-check", 35),
            "no link": ("line-test", 40),
            "none": ("power-check", 15),
            "red": ("line-test", 10),
        },
    ),
)

ROUTER_FAULT = Workflow(
    "router-fault",
    "No internet connection",
    "no internet connection",
    10,
    (_ROUTER_1, _ROUTER_2),
    ("router lights", "line test error codes", "outage map", "channel setting", "factory reset"),
    released=(0.0, 0.6),
    changed_step="lights",
    hold_share=0.15,
    channels={"phone": 1.3, "chat": 1.2, "web": 0.7},
)
