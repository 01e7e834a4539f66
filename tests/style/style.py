#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The rules of CONTRIBUTING.md that a program can check. Each finding names file, line and rule.

usage: style.py [FOLDER]
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = ("core", "read", "track", "say", "write", "cli", "gen", "include", "tests", "fuzz", "bench", "examples",
           "tools")
LINES, FUNCTION, COLUMNS, NESTING = 800, 80, 100, 4
# Behind each stands the reason why: no end of the buffer, the locale's say, hidden state.
BANNED = re.compile(r"\b(gets|sprintf|vsprintf|strcpy|strcat|strncpy|strncat|strtok|atoi|atol|atof|"
                    r"sscanf|fscanf|scanf|setlocale|alloca|ctime|asctime|localtime|gmtime|rand|srand|"
                    r"isalpha|isdigit|isalnum|isspace|isupper|islower|isxdigit|isprint|toupper|tolower|"
                    r"strcasecmp|strncasecmp|strcoll|strtod)\s*\(")
FREE = ("tests", "fuzz", "bench", "examples", "tools")  # where only the worst are banned
EVERYWHERE = re.compile(r"\b(gets|sprintf|vsprintf|strcpy|strcat|strtok|alloca)\s*\(")


def sources(root):
    for folder in FOLDERS:
        for path, _, names in sorted(os.walk(os.path.join(root, folder))):
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    yield os.path.relpath(os.path.join(path, name), root)


def without_comments(text):
    """The code with comments and literals blanked, line by line as it was."""
    blank = lambda m: re.sub(r"[^\n]", " ", m[0])
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'", blank, text, flags=re.S)


def width(line):
    return len(line.expandtabs(8))


def functions(lines):
    """(name, first line, number of lines) of each function, by the brace in the first column."""
    start = None
    for number, line in enumerate(lines):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start is not None:
            head = start
            while head > 0 and lines[head - 1].strip() and not lines[head - 1].startswith("}"):
                head -= 1
            name = re.search(r"(\w+)\s*\(", " ".join(lines[head:start]))
            if name:
                yield name[1], head + 1, number - head + 1
            start = None


def check(root):
    """Findings by rule: {rule: [text]}."""
    found = {rule: [] for rule in (
        "no file is longer than %d lines" % LINES, "no function is longer than %d lines" % FUNCTION,
        "no line is wider than %d columns" % COLUMNS, "blocks are nested at most %d deep" % NESTING,
        "goto only leads to done", "no function that is banned for its dangers is called",
        "every source file names its licence in the first line", "no blanks at the end of a line",
        "no mark of unfinished work")}
    long, large, wide, deep, jump, banned, licence, blanks, marks = found.values()
    for path in sources(root):
        text = open(os.path.join(root, path), encoding="utf-8").read()
        lines, code = text.split("\n"), without_comments(text).split("\n")
        if len(lines) - 1 > LINES:
            long.append(f"{path}: {len(lines) - 1} lines")
        if "SPDX-License-Identifier: MIT" not in lines[0]:
            licence.append(path)
        large.extend(f"{path}:{at}: {name}, {size} lines" for name, at, size in functions(code) if size > FUNCTION)
        calls = EVERYWHERE if path.split("/")[0] in FREE else BANNED
        for number, (line, plain) in enumerate(zip(lines, code), 1):
            at = f"{path}:{number}"
            if width(line) > COLUMNS:
                wide.append(f"{at}: {width(line)} columns")
            if plain.endswith("{") and len(plain) - len(plain.lstrip("\t")) > NESTING:
                deep.append(at)
            if re.search(r"\bgoto\s+(?!done\b)", plain):
                jump.append(f"{at}: {plain.strip()}")
            call = calls.search(plain)
            if call and not path.startswith(("cli/", "gen/")):
                banned.append(f"{at}: {call[1]}")
            if line != line.rstrip():
                blanks.append(at)
            if re.search(r"\b(TO" r"DO|FIX" r"ME|HA" r"CK)\b", line):
                marks.append(at)
    return found


def main(args):
    found = check(args[0] if args else ROOT)
    for rule, places in found.items():
        if places:
            print(f"FAILED: {rule}")
            print("\n".join("  " + place for place in places))
    failed = sum(bool(places) for places in found.values())
    print(f"{len(found) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
