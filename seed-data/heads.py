"""What the built-in seeds have that belongs to no API."""

# A Monday. The manual and poll clocks start here, and nothing in a seed is younger.
CLOCK_START = "2026-03-02T09:00:00Z"


def blank():
    """Nothing has happened yet."""
    return {
        "understudy": 1,
        "description": (
            "A managed-service provider's helpdesk before anything has run: agents, tickets, time entries, and one "
            "credential of each kind. Every name in it is invented."
        ),
        "clock": {"mode": "real", "now": CLOCK_START, "speed": 1},
    }


def demo():
    """What has happened to `blank` up to the moment at which the sandbox's clock starts.

    All its times are relative to that moment, in seconds inside the generator and as signed durations in the file.
    """
    return {
        "understudy": 1,
        "description": (
            "The helpdesk of the seed blank with a history: a backfill in every state with its executions, and a "
            "run in every status with its steps. Times are relative to the clock's start."
        ),
        "base": "blank",
    }
