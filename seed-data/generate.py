#!/usr/bin/env python3
"""Writes the built-in seeds, `blank` and `demo`: each one's head next to this file, and what an API has of it into
that API's folder.

    python3 seed-data/generate.py

`make seeds` does that, and then makes both ready for a start (`*.head.json`, `*.sqlite`).

A seed is its head with these parts merged into it. The format is that of docs/SEEDS.md. `blank` is a managed-service
provider's helpdesk without a history; `demo` adds the history. All of it is invented: no person, company or product in
it exists.

It needs Python 3.10 and no more than its standard library. The outcome is the same bytes on every run: every choice is
drawn from one seeded `random.Random`, and no clock is read.
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

import backside.seed
import heads
import neo.seed

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


def write(name, part):
    """Writes a head or a part."""
    text = "{\n" + ",\n".join(member(key, value) for key, value in part.items()) + "\n}\n"
    (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


def main():
    write("blank.json", heads.blank())
    write("demo.json", heads.demo())
    write("neo/blank.json", neo.seed.blank())
    write("neo/demo.json", neo.seed.demo(heads.CLOCK_START))
    write("backside/blank.json", backside.seed.blank())
    write("backside/demo.json", backside.seed.demo())


if __name__ == "__main__":
    main()
