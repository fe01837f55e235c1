"""Tickets and time entries: what the Neo API's filters look at and its backfills run on."""

import datetime
import random

TICKET_COUNT = 240
TIME_ENTRY_COUNT = 72
FIRST_DAY = datetime.date(2025, 9, 1)
LAST_DAY = datetime.date(2026, 3, 1)
LAST_UPDATE = datetime.datetime(2026, 3, 2, 7, 30)

COMPANIES = [
    "Imaginary Orchards", "Fabricated Fasteners", "Nowhere Logistics", "Placeholder Dental", "Make-Believe Bakery",
    "Fictional Freight", "Pretend Pottery", "Example Eyewear",
]
CONTACTS = [
    "Pippa Placeholder", "Lars Loremsson", "Wanda Testerling", "Umberto Specimen", "Greta Samplesen", "Ivo Mockvic",
    "Yuki Dummyhara", "Zora Nonesuch",
]
TECHNICIANS = ["Mira Mockfield", "Otto Stubberling", "Nell Samplewood", "Tess Dummyfort", "Basil Fixtureman"]

BOARDS = {
    "Service Desk": 44, "Workstations": 20, "Network": 14, "Onboarding": 10, "Security": 8, "Internal": 4,
}
PRIORITIES = {"Critical": 5, "High": 18, "Medium": 50, "Low": 27}
HOURS_TO_DUE = {"Critical": 4, "High": 24, "Medium": 72, "Low": 168}
SOURCES = {"Email": 46, "Phone": 20, "Portal": 22, "Monitoring": 12}

# How a ticket of the youngest, middle and oldest third tends to stand.
STATUSES_BY_AGE = [
    {"New": 34, "In Progress": 32, "Waiting on Customer": 15, "Scheduled": 9, "Resolved": 10},
    {"New": 6, "In Progress": 18, "Waiting on Customer": 20, "Scheduled": 6, "Resolved": 26, "Closed": 24},
    {"In Progress": 4, "Waiting on Customer": 10, "Resolved": 18, "Closed": 68},
]

TITLES = {
    "Service Desk": [
        "Cannot open the shared calendar", "Mail client asks for the password again and again",
        "Printer on the second floor prints blank pages", "New signature for outgoing mail",
        "Locked out after three attempts", "Spreadsheet opens read-only", "Need access to the accounting folder",
        "Meeting room screen stays dark", "Deleted a folder by mistake, please restore",
    ],
    "Workstations": [
        "Laptop does not wake from sleep", "Fan runs at full speed all day", "Second screen flickers",
        "Docking station loses the network", "Battery swells, please replace", "Disk almost full",
        "Update stuck at 63 percent",
    ],
    "Network": [
        "Warehouse wireless drops every hour", "VPN connects but nothing loads", "Branch office is slow since Monday",
        "Switch in rack 2 reports errors", "Guest wireless shows no login page",
    ],
    "Onboarding": [
        "New starter on the first of the month", "Account and laptop for an intern", "Leaver: close all accounts",
        "Change of department, new group memberships",
    ],
    "Security": [
        "Suspicious mail with an invoice attached", "Sign-in from an unknown country",
        "Endpoint protection is out of date", "Badge reader accepts an old badge",
    ],
    "Internal": ["Rotate the backup media", "Review the on-call roster", "Order spare keyboards"],
}
TAGS = ["vip", "onsite", "hardware", "recurring", "after-hours", "quote-needed"]

# Five tickets fail when run. Four always do, all on one board: no asset has their serial number. The fifth fails once
# for each workflow, so that rerunning what failed helps it.
ALWAYS_FAILING = [("New", "High"), ("New", "Medium"), ("In Progress", "Medium"), ("In Progress", "Low")]
ALWAYS_FAILING_BOARD = "Workstations"
ALWAYS_FAILING_TITLE = "Loaner laptop is not in the asset list"
ONCE_FAILING_TITLE = "Ticket was locked by another editor"

WORK_TYPES = {"Remote Support": 48, "Onsite Support": 20, "Maintenance": 18, "Project": 8, "Travel": 6}
TIME_ENTRY_STATUSES = {"Draft": 34, "Submitted": 30, "Approved": 22, "Billed": 14}
SUMMARIES = [
    "Checked the logs with the customer", "Replaced a cable and tested", "Reinstalled the driver", "Set up the account",
    "Restored files from the backup", "Called back, no answer", "Wrote the change plan", "Updated the firmware",
]


def all_entities():
    rng = random.Random(20260302)
    tickets = make_tickets(rng)
    return tickets + make_time_entries(rng, tickets)


def make_tickets(rng):
    """Oldest first; the ids and numbers rise with the creation dates."""
    instants = sorted(creation_instant(rng) for _ in range(TICKET_COUNT))
    numbers = ticket_numbers(rng, instants)
    tickets = [
        ticket(rng, index, created, number) for index, (created, number) in enumerate(zip(instants, numbers))
    ]
    mark_failing(tickets)
    mark_slow(tickets)
    return tickets


def creation_instant(rng):
    """An instant of a working day, more likely a recent one; one in twenty is of any day."""
    span = (LAST_DAY - FIRST_DAY).days
    while True:
        day = FIRST_DAY + datetime.timedelta(days=min(span, int(span * rng.random() ** 0.6 + 0.5)))
        if day.weekday() < 5 or rng.random() < 0.05:
            return datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(
                seconds=rng.randrange(6 * 3600, 18 * 3600))


def ticket_numbers(rng, instants):
    """Numbers such as `T20260112.0007`: the day, and a count within it that has gaps."""
    numbers = []
    last = {}
    for instant in instants:
        day = instant.strftime("%Y%m%d")
        last[day] = last.get(day, 0) + rng.randint(1, 4)
        numbers.append(f"T{day}.{last[day]:04}")
    return numbers


def ticket(rng, index, created, number):
    board = pick(rng, BOARDS)
    priority = pick(rng, PRIORITIES)
    status = pick(rng, STATUSES_BY_AGE[2 - min(2, 3 * index // TICKET_COUNT)])
    unassigned = status == "New" and rng.random() < 0.7
    due = created + datetime.timedelta(hours=HOURS_TO_DUE[priority])
    untouched = status == "New"
    return {
        "id": f"tkt-{10001 + index}",
        "type": "ticket",
        "number": number,
        "fields": {
            "title": rng.choice(TITLES[board]),
            "status": status,
            "priority": priority,
            "board": board,
            "company": rng.choice(COMPANIES),
            "contact": rng.choice(CONTACTS),
            "assignee": None if unassigned else rng.choice(TECHNICIANS),
            "source": pick(rng, SOURCES),
            "created_at": stamp(created),
            "updated_at": stamp(later(rng, created, hours=2 if untouched else 96)),
            "due_at": None if rng.random() < 0.12 else stamp(due),
            "hours": 0 if untouched else quarters(rng, 24),
            "tags": sorted(rng.sample(TAGS, rng.choice([0, 0, 0, 1, 1, 2]))),
        },
    }


def mark_failing(tickets):
    places = range(TICKET_COUNT * 2 // 5, TICKET_COUNT, TICKET_COUNT // 7)
    for place, (status, priority) in zip(places, ALWAYS_FAILING):
        tickets[place]["fields"] |= {
            "title": ALWAYS_FAILING_TITLE, "board": ALWAYS_FAILING_BOARD, "status": status, "priority": priority,
        }
        tickets[place]["fails"] = True
    once = tickets[TICKET_COUNT - 7]
    once["fields"] |= {
        "title": ONCE_FAILING_TITLE, "board": "Service Desk", "status": "New", "priority": "High",
    }
    once["fails"] = 1


def mark_slow(tickets):
    """Some executions take longer than a tick, some far less."""
    for place, seconds in [(11, 45), (64, 8), (118, 75), (157, 8), (190, 45), (215, 130)]:
        tickets[place]["seconds"] = seconds


def make_time_entries(rng, tickets):
    """Oldest first, each on a ticket that was worked on."""
    worked_on = [ticket for ticket in tickets if ticket["fields"]["assignee"] and ticket["fields"]["hours"]]
    chosen = sorted(rng.sample(worked_on, TIME_ENTRY_COUNT), key=lambda ticket: ticket["id"])
    entries = []
    for ticket in chosen:
        opened = datetime.datetime.strptime(ticket["fields"]["created_at"], "%Y-%m-%dT%H:%M:%SZ")
        entries.append((later(rng, opened, hours=48), ticket))
    entries.sort(key=lambda entry: entry[0])
    return [time_entry(rng, index, created, ticket) for index, (created, ticket) in enumerate(entries)]


def time_entry(rng, index, created, ticket):
    work_type = pick(rng, WORK_TYPES)
    return {
        "id": f"te-{50001 + index}",
        "type": "time_entry",
        "number": None,
        "fields": {
            "title": rng.choice(SUMMARIES),
            "status": pick(rng, TIME_ENTRY_STATUSES),
            "hours": quarters(rng, 14),
            "billable": work_type != "Travel" and rng.random() < 0.75,
            "work_type": work_type,
            "company": ticket["fields"]["company"],
            "technician": ticket["fields"]["assignee"],
            "ticket_number": ticket["number"],
            "date": created.strftime("%Y-%m-%d"),
            "created_at": stamp(created),
            "updated_at": stamp(later(rng, created, hours=24)),
        },
    }


def pick(rng, weights):
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def later(rng, instant, hours):
    """Up to so many hours after the instant, and never after the last update of all."""
    return min(instant + datetime.timedelta(seconds=rng.randrange(60, hours * 3600)), LAST_UPDATE)


def quarters(rng, most):
    """Some quarters of an hour."""
    hours = rng.randint(1, most) / 4
    return int(hours) if hours.is_integer() else hours


def stamp(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
