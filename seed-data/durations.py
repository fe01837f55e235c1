"""Instants as seconds from the clock's start, and as the signed ISO 8601 durations that seeds have."""

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def iso(seconds):
    """`-93784` is `-P1DT2H3M4S`; None stays None."""
    if seconds is None:
        return None
    if seconds == 0:
        return "-P0D"
    days, rest = divmod(abs(seconds), DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    time = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if count)
    return ("-" if seconds < 0 else "+") + "P" + (f"{days}D" if days else "") + (f"T{time}" if time else "")
