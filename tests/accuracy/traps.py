#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Samples that set traps, each with its right reading, against `smtpstatus explain --json`.

usage: traps.py COMMAND FACTS-FOLDER DISPUTED.tsv   (skipped, with a message, where there is no folder)

Of trap-samples.tsv the reply code, the code as printed and the class in effect must be right; of the
Status fields in trap-samples-fields.tsv the code. Rows in DISPUTED.tsv are counted and not asked for.
"""
import json
import os
import re
import subprocess
import sys


def rows(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if not line.startswith("#")]
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:]]


def explain(command, texts):
    done = subprocess.run([command, "explain", "--json", "--lang", "en"], input="\n".join(texts) + "\n", check=True,
                          capture_output=True, encoding="utf-8")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    if len(records) != len(texts):
        sys.exit(f"{len(records)} records for {len(texts)} texts")
    return records


def samples(command, path):
    """(what, expected, got) of each row."""
    table = rows(path)
    for row, record in zip(table, explain(command, [row["input"] for row in table])):
        want = row["reply"], row["enhanced_printed"], row["enhanced_effective"]
        got = str(record.get("reply_code", "-")), record.get("reported_status", "-"), record.get("status", "-")
        # Which code fits the words best is the judge's affair; its class is not.
        want, got = (*want[:2], want[2][0]), (*got[:2], got[2][0] if want[2] != "-" else "-")
        yield row["input"], want, got


def status_fields(command, path):
    table = [row for row in rows(path) if row["where"] == "dsn-status"]
    for row, record in zip(table, explain(command, [row["input"] for row in table])):
        code = re.match(r"\d\.\d+\.\d+", row["reading"])
        yield row["input"], code[0] if code else "-", record.get("reported_status", "-")


def main():
    command, folder, disputed = sys.argv[1:]
    paths = [os.path.join(folder, name) for name in ("trap-samples.tsv", "trap-samples-fields.tsv")]
    if not all(map(os.path.exists, paths)):
        print("the samples are not here: skipped")
        return 77
    open_rows = {row["name"] for row in rows(disputed) if row["set"].startswith("trap")}
    right = open_count = 0
    wrong = []
    for text, want, got in (*samples(command, paths[0]), *status_fields(command, paths[1])):
        if want == got:
            right += 1
        elif text in open_rows:
            open_count += 1
        else:
            wrong.append(f"{text!r}: {got} instead of {want}")
    print("\n".join(wrong + [f"{right} right, {open_count} disputed, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
