#!/usr/bin/env python3
"""Writes the two built-in seeds, `blank.json` and `demo.json`, next to this file.

    python3 seed-data/generate.py

`make seeds` does that, and then makes both ready for a start (`*.prepared`).

The format is that of docs/SEEDS.md. `blank` is a managed-service provider's helpdesk without a history; `demo` adds the
history. All of it is invented: no person, company or product in it exists.

It needs Python 3.10 and no more than its standard library. The outcome is the same bytes on every run: every choice is
drawn from one seeded `random.Random`, and no clock is read.
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

import blank_seed
import demo_seed

FOLDER = pathlib.Path(__file__).resolve().parent


def compact(value):
    """The value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def member(name, value):
    """A top-level member: a list has a line for each item, `agent_scripts` one for each kind, all else is one line."""
    if isinstance(value, list):
        items = ",\n".join("    " + compact(item) for item in value)
        return f"  {compact(name)}: [\n{items}\n  ]"
    if name == "agent_scripts":
        kinds = ",\n".join(f"    {compact(kind)}: {compact(script)}" for kind, script in value.items())
        return f"  {compact(name)}: {{\n{kinds}\n  }}"
    return f"  {compact(name)}: {compact(value)}"


def write(name, document):
    """Writes one seed."""
    text = "{\n" + ",\n".join(member(key, value) for key, value in document.items()) + "\n}\n"
    (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


def main():
    blank = blank_seed.document()
    write("blank.json", blank)
    write("demo.json", demo_seed.document(blank))


if __name__ == "__main__":
    main()
