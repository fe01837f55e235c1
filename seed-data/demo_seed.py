"""The seed `demo`: what has happened to `blank` up to the moment at which the sandbox's clock starts.

All its times are relative to that moment, in seconds inside the generator and as signed durations in the file.
"""

import backfill_history
import run_history


def document(blank):
    backfills, executions = backfill_history.history(blank)
    return {
        "understudy": 1,
        "description": (
            "The helpdesk of the seed blank with a history: a backfill in every state with its executions, and a "
            "run in every status with its steps. Times are relative to the clock's start."
        ),
        "base": "blank",
        "backfills": backfills,
        "executions": executions,
        "runs": run_history.runs(blank["agent_scripts"]),
    }
