"""What the Backside API's agents do, step by step; an agent kind exists because it has a script here."""


def scripts():
    return {
        "contact_deduper": contact_deduper(),
        "ticket_triager": ticket_triager(),
        "invoice_reconciler": invoice_reconciler(),
    }


def contact_deduper():
    """Proposes merges of duplicate contacts."""
    merges = [
        {
            "keep": "con-2041", "merge": ["con-2977"], "confidence": 0.97,
            "reason": "Same name, same telephone number, one address misspelt.",
        },
        {
            "keep": "con-1108", "merge": ["con-3310", "con-3544"], "confidence": 0.88,
            "reason": "Same person before and after a change of department.",
        },
    ]
    return {
        "platform_fee_cents": 0,
        "steps": [
            llm(
                "atlas-large-2", 8,
                {"task": "Plan how to look for duplicate contacts.", "known_fields": ["name", "email", "phone"]},
                {"plan": ["list the contacts", "compare names and addresses", "score the pairs", "propose merges"]},
                tokens=(1840, 212, 0, 1536), cents=3),
            tool(
                "list_contacts", 4, {"fields": ["name", "email", "phone", "company"], "page_size": 500},
                {
                    "total": 412,
                    "sample": [
                        {"id": "con-2041", "name": "Greta Samplesen", "email": "greta.samplesen@example.com"},
                        {"id": "con-2977", "name": "Greta Samplesen", "email": "greta.sampleson@example.com"},
                    ],
                }),
            llm(
                "atlas-large-2", 14,
                {"task": "Which of the 412 contacts may be the same person?", "contacts": 412},
                {"candidates": [
                    ["con-2041", "con-2977"], ["con-1108", "con-3310", "con-3544"], ["con-0713", "con-0731"],
                ]},
                tokens=(18650, 640, 1536, 12288), cents=9),
            tool(
                "score_pairs", 6,
                {"pairs": [
                    ["con-2041", "con-2977"], ["con-1108", "con-3310"], ["con-1108", "con-3544"],
                    ["con-0713", "con-0731"],
                ]},
                {"scores": [0.97, 0.91, 0.88, 0.34]}),
            llm(
                "atlas-large-2", 11,
                {"task": "Propose merges for the pairs above the threshold.", "threshold": 0.85},
                {"merges": merges, "rejected": [["con-0713", "con-0731"]]},
                tokens=(3920, 518, 13824, 0), cents=4),
        ],
        "wait_after": None,
        "outcome": {
            "status": "succeeded",
            "output": {
                "contacts_examined": 412,
                "merges_proposed": merges,
                "pairs_rejected": 1,
                "summary": "Two merges proposed, three contacts would go.",
            },
        },
    }


def ticket_triager():
    """Reads a ticket and says where it belongs."""
    verdict = {"category": "network", "priority": "High", "board": "Network", "confidence": 0.92}
    return {
        "platform_fee_cents": 0,
        "steps": [
            tool(
                "read_ticket", 2, {"ticket": "tkt-10042"},
                {"title": "Warehouse wireless drops every hour", "company": "Nowhere Logistics"}),
            llm(
                "atlas-small-1", 5, {"task": "Classify the ticket.", "categories": ["network", "hardware", "account"]},
                {"category": "network", "confidence": 0.92}, tokens=(960, 64, 512, 0), cents=1),
            tool(
                "find_similar_tickets", 3, {"category": "network", "limit": 5},
                {"tickets": ["tkt-10017", "tkt-10029"], "usual_priority": "High"}),
            llm(
                "atlas-small-1", 4, {"task": "Decide on priority and board.", "usual_priority": "High"}, verdict,
                tokens=(1210, 88, 512, 0), cents=1),
        ],
        "wait_after": None,
        "outcome": {"status": "succeeded", "output": verdict},
    }


def invoice_reconciler():
    """Matches a month's time entries with its invoices, and waits for an approval before it corrects any."""
    corrections = [
        {"invoice": "INV-0417", "line": 3, "billed_hours": 6, "worked_hours": 4.5, "credit_cents": 18000},
        {"invoice": "INV-0422", "line": 1, "billed_hours": 2, "worked_hours": 7, "charge_cents": 60000},
    ]
    return {
        "platform_fee_cents": 0,
        "steps": [
            tool("list_invoices", 3, {"status": "open"}, {"invoices": 17, "total_cents": 1284500}),
            llm(
                "atlas-large-2", 12, {"task": "Match the invoices' lines with the time entries.", "invoices": 17},
                {"matched": 61, "unmatched": 2}, tokens=(11240, 402, 0, 8192), cents=7),
            llm(
                "atlas-large-2", 9, {"task": "Explain the lines that do not match.", "lines": 2},
                {"corrections": corrections, "needs_approval": True}, tokens=(2480, 366, 8192, 0), cents=3),
            tool(
                "write_corrections", 5, {"corrections": 2},
                {"written": 2, "invoices": ["INV-0417", "INV-0422"]}),
            llm(
                "atlas-small-1", 4, {"task": "Write the note to the billing desk."},
                {"note": "Two lines were corrected; the balance is 420.00 up."}, tokens=(890, 120, 0, 0), cents=1),
        ],
        "wait_after": 3,
        "outcome": {
            "status": "succeeded",
            "output": {
                "invoices_examined": 17, "lines_matched": 61, "corrections": corrections, "balance_cents": 42000,
            },
        },
    }


def llm(model, seconds, task, output, tokens, cents):
    """One turn of a model; `tokens` are input, output, cache read and cache write."""
    return step("llm", model, seconds, task, output, model, tokens, cents)


def tool(name, seconds, arguments, output):
    """One call of a tool: it has neither model nor tokens, and costs nothing."""
    return step("tool", name, seconds, arguments, output, None, (None, None, None, None), 0)


def step(kind, name, seconds, given, output, model, tokens, cents):
    return {
        "kind": kind,
        "name": name,
        "seconds": seconds,
        "input": given,
        "output": output,
        "model": model,
        "input_tokens": tokens[0],
        "output_tokens": tokens[1],
        "cache_read_tokens": tokens[2],
        "cache_write_tokens": tokens[3],
        "cost_usd_cents": cents,
    }
