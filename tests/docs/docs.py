#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the documents say is what there is.

usage: docs.py COMMAND

Every command has a manual page; every option stands in --help and in the page, and no other does; every
page is clean by mandoc; every file and folder that a document in the root names exists; every exported
function stands in a page of section 3; every key and word of the JSON records stands in smtpstatus-json(5),
and no key that nothing writes.
"""
import json
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAN = os.path.join(ROOT, "man")
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
EVERYWHERE = {"--help"}  # every command has it; the pages need not repeat it


def text_of(path):
    with open(path, encoding="utf-8") as source:
        return source.read()


def help_of(command, *words):
    return subprocess.run([command, *words, "--help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace").stdout


def commands_of(command):
    """The commands that --help lists: lines of two blanks, a word, more blanks, words."""
    return re.findall(r"^  ([a-z]+) {2,}\S", help_of(command), re.M)


def options_of_help(text):
    """Options at the start of a line of --help: `  -j, --jobs N   how many at once`."""
    lines = re.findall(r"^ {2,}((?:-\w, )?--[a-z][a-z-]*)", text, re.M)
    return {option for line in lines for option in re.findall(r"--[a-z][a-z-]*", line)} - EVERYWHERE


def options_of_page(text):
    """Options that a page lists: `.It Fl j , Fl -jobs Ar N`."""
    items = re.findall(r"^\.It Fl .*$", text.replace("\\-", "-"), re.M)
    return {"-" + name for item in items for name in re.findall(r"Fl (-[a-z][a-z-]*)", item)} - EVERYWHERE


def pages(command):
    """All pages, those that the build makes too."""
    built = os.path.join(os.path.dirname(command), "man")
    return sorted(os.path.join(folder, name) for folder in (MAN, built) for name in os.listdir(folder)
                  if re.search(r"\.[1-8]$", name))


def page_of(name):
    path = os.path.join(MAN, f"smtpstatus-{name}.1")
    return path if os.path.exists(path) else None


def missing_pages(command):
    return [f"smtpstatus-{name}.1 is missing" for name in commands_of(command) if not page_of(name)]


def options_differ(command):
    for name in commands_of(command):
        if page_of(name):
            told, listed = options_of_help(help_of(command, name)), options_of_page(text_of(page_of(name)))
            yield from (f"{name}: {o} is in --help, but not in the page" for o in sorted(told - listed))
            yield from (f"{name}: {o} is in the page, but not in --help" for o in sorted(listed - told))


def unclean_pages(command):
    if not shutil.which("mandoc"):
        return []
    run = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"] + pages(command), stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True)
    return run.stdout.splitlines() if run.returncode else []


def uninstalled_pages(command):
    """Pages of the tree that man/meson.build does not name, and pages that it was to make and did not."""
    listed = text_of(os.path.join(MAN, "meson.build"))
    built = {os.path.basename(path) for path in pages(command)}
    for name in sorted(os.listdir(MAN)):
        if re.search(r"\.[1-8]$", name) and f"'{name}'" not in listed:
            yield f"{name} is not in man/meson.build"
        if name.endswith(".in") and name[:-3] not in built:
            yield f"{name[:-3]} is not made of {name}"


def named_files(text):
    """What a document names in backquotes as a path of the tree, or links to."""
    quoted = re.findall(r"`((?:[\w.-]+/)+[\w.*-]*|[\w-]+\.(?:md|h|c|build|py))`", text)
    return set(quoted + [link for link in re.findall(r"\]\(([^)#:]+)\)", text)])


def missing_files(_):
    for name in DOCUMENTS:
        path = os.path.join(ROOT, name)
        if not os.path.exists(path):
            yield f"{name} is missing"
            continue
        for named in sorted(named_files(text_of(path))):
            built = named.startswith(("build", "../")) or "*" in named or "NAME" in named
            known = ("", "include", "tests", "man", "data")
            if not built and not any(os.path.exists(os.path.join(ROOT, at, named)) for at in known):
                yield f"{name} names {named}, which is not there"


def untold_functions(command):
    told = "".join(text_of(path) for path in pages(command) if path.endswith(".3"))
    folder = os.path.join(ROOT, "include")
    for path in [os.path.join(folder, "smtpstatus.h")] + [
            os.path.join(folder, "smtpstatus", n) for n in sorted(os.listdir(os.path.join(folder, "smtpstatus")))
            if n.endswith(".h")]:
        for name in re.findall(r"SST_API[^;(]*?\b(sst_\w+)\(", text_of(path)):
            if name not in told:
                yield f"{name} of {os.path.basename(path)} stands in no page of section 3"


SARIF = set("driver help id level locations name region rules runs tool uri version".split())  # has its own schema


def json_page():
    return text_of(os.path.join(MAN, "smtpstatus-json.5")).split(".Sh DESCRIPTION")[1].split(".Sh EXAMPLES")[0]


def keys_of_page():
    """Keys that smtpstatus-json(5) tells of: what follows Cm."""
    lines = [line for line in json_page().splitlines() if re.match(r"\.(It |Pf \( )?Cm ", line)]
    return {key for line in lines for key in re.findall(r"(?<![\w-])[a-z][a-z0-9_]+(?![\w-])", line)} - {"It", "Cm", "Pf"}


def keys_of_source():
    """Keys that the commands write: the names that are given to a function together with the JSON writer."""
    folder = os.path.join(ROOT, "cli")
    call = re.compile(r'\b\w+\(\s*&?(?:\w+->)?json\s*,\s*"([a-z0-9_]+)"')
    return {key for name in os.listdir(folder) if name.endswith(".c")
            for key in call.findall(text_of(os.path.join(folder, name)))} - SARIF


def keys_differ(_):
    told, written = keys_of_page(), keys_of_source()
    yield from (f"{key} is written, but not in smtpstatus-json(5)" for key in sorted(written - told))
    yield from (f"{key} is in smtpstatus-json(5), but nothing writes it" for key in sorted(told - written))


def keys_in(value, path=""):
    """All keys of a record; below figures by name the names are no keys."""
    named = {"fates", "statuses", "reported_statuses", "categories", "domains", "providers", "relays", "senders",
             "hours"}
    if isinstance(value, list):
        for item in value:
            yield from keys_in(item, path)
    elif isinstance(value, dict):
        for key, below in value.items():
            if path not in named:
                yield key
            yield from keys_in(below, key)


def untold_keys(command):
    """What the commands print of the samples, as the source may hide a key."""
    told, log = keys_of_page(), os.path.join(ROOT, "tests", "docs", "mail.log")
    runs = (["read", "--all", "--explain", "--json", os.path.join(ROOT, "samples"), os.path.join(ROOT, "tests", "mail")],
            ["codes", "--json"], ["explain", "--json", "5.5.0", "5.01.1", "552 5.2.2 full", "111", "5.7.1 x", "x"],
            ["track", "--json", "--explain", log], ["track", "--json", "--attempts", log], ["report", "--json", log],
            ["lint", "--json", os.path.join(ROOT, "tests", "mail")])
    for words in runs:
        run = subprocess.run([command, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if not run.stdout:
            yield f"{' '.join(words[:2])} printed nothing"
        for line in run.stdout.splitlines():
            record = json.loads(line)
            if record["schema"] != 1 or not line.isascii():
                yield f"{words[0]}: not as the schema says: {line[:80]}"
            yield from (f"{words[0]} writes {key}, which is not in smtpstatus-json(5)"
                        for key in sorted(set(keys_in(record)) - told))


def untold_values(_):
    """Words that a record may hold: in smtpstatus-json(5), or in smtpstatus(7), which is made of the tables."""
    page = json_page()
    for row in text_of(os.path.join(ROOT, "data", "words.tsv")).splitlines():
        cells = row.split("\t")
        if cells[0] in ("permanence", "act", "side", "scope", "check", "action", "kind") and not re.search(
                r"Sq [^\n]*(?<![\w-])" + re.escape(cells[2]) + r"(?![\w-])", page):
            yield f"{cells[0]} {cells[2]} is not in smtpstatus-json(5)"


def other_programs(_):
    """A program in the README is one of examples/, which is compiled and run."""
    folder, sources = os.path.join(ROOT, "examples"), []
    for name in os.listdir(folder):
        if name.endswith(".c"):
            sources.append(text_of(os.path.join(folder, name)))
    for program in re.findall(r"^```c\n(.*?)^```", text_of(os.path.join(ROOT, "README.md")), re.M | re.S):
        if not any(program in source for source in sources):
            yield "the C program of README.md is none of examples/"


CHECKS = (
    ("every command has a manual page", missing_pages),
    ("--help and the manual page list the same options", options_differ),
    ("every manual page is clean by mandoc", unclean_pages),
    ("every manual page is installed", uninstalled_pages),
    ("what the documents name is there", missing_files),
    ("the program in the README is one that is compiled and run", other_programs),
    ("every key that is written stands in smtpstatus-json(5), and no other", keys_differ),
    ("every key that is printed stands in smtpstatus-json(5)", untold_keys),
    ("every word that a record may hold stands in smtpstatus-json(5)", untold_values),
    ("every public function stands in a manual page", untold_functions),
)


def main(args):
    failed = 0
    for what, check in CHECKS:
        wrong = list(check(os.path.abspath(args[0])))
        failed += bool(wrong)
        if wrong:
            print("FAILED: " + what)
            print("\n".join("  " + line for line in wrong))
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
