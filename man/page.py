#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write a manual page from NAME.in: @WORDS@ becomes the words of a verdict as data/ has them, and
@FUNCTIONS@ the headers' own documentation, so that neither can differ from the program.

usage: page.py PAGE.in OUTPUT FILE...     (tables for @WORDS@, headers for @FUNCTIONS@)
"""
import csv
import itertools
import os
import re
import sys


def text_of(path):
    with open(path, encoding="utf-8") as source:
        return source.read()


def rows(path):
    lines = (line for line in text_of(path).split("\n") if line and line[0] != "#")
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def roff(text):
    text = text.replace("\\", "\\e")
    return "\\&" + text if text[:1] in (".", "'") else text


def word_list(title, words):
    yield ".Ss " + title
    yield ".Bl -tag -width Ds"
    for word, meaning in words:
        yield f".It Sy {word}"
        yield roff(meaning)
    yield ".El"


def words(paths):
    """One list a vocabulary."""
    tables = {os.path.basename(path): rows(path) for path in paths}
    general = tables["words.tsv"]
    for vocabulary in dict.fromkeys(row["vocabulary"] for row in general):
        yield from word_list(vocabulary, [(r["name"], r["meaning"]) for r in general if r["vocabulary"] == vocabulary])
    yield from word_list("category", [(r["name"], r["definition"]) for r in tables["categories.tsv"]])
    yield from word_list("notes", [(r["name"], r["meaning"]) for r in tables["notes.tsv"]])


SENTENCE = re.compile(r"(?<=[a-zA-Z0-9)\]}\"'>`][.!?])[ )]* (?=[A-Z`(])")


def sentences(lines):
    """Running text with each sentence on a line, as mdoc wants it."""
    return [roff(sentence) for sentence in SENTENCE.split(" ".join(line.strip() for line in lines)) if sentence]


def paragraphs(comment):
    """A comment's text: a blank line parts paragraphs, an indented line is an example."""
    lines = [re.sub(r"^\s*(/\*+|\*/|\*)? ?", "", line).replace("*/", "").rstrip() for line in comment.split("\n")]
    for example, group in itertools.groupby(lines, key=lambda line: line.startswith("    ")):
        if example:
            yield from (".Bd -literal -offset indent", *(roff(line[4:]) for line in group), ".Ed")
            continue
        for blank, text in itertools.groupby(group, key=lambda line: line == ""):
            yield from [".Pp"] if blank else sentences(text)


def tidy(lines):
    """Without a .Pp where mandoc would say that it does nothing."""
    lines = list(lines)
    while lines and lines[-1] == ".Pp":
        lines.pop()
    while lines and lines[0] == ".Pp":
        lines.pop(0)
    return [l for i, l in enumerate(lines)
            if l != ".Pp" or not (lines[i + 1].startswith(".Bd") or lines[i - 1].startswith((".Ed", ".Pp")))]


CHAPTER = re.compile(r"^/\* ([A-Z][^\n]*?) -{4,}.*?\*/", re.M | re.S)
DECLARED = re.compile(r"(/\*(?:[^*]|\*(?!/))*\*/)\s*((?:^(?!/\*)[^\n]+\n)+)", re.M)
PROTOTYPE = re.compile(r"^SST_API [^;]*;[^\n]*\n", re.M)


def declarations(text):
    """(comment, code) of everything that is declared, in order; the comment may be empty."""
    found, spans = [], []
    for match in DECLARED.finditer(text):
        if not CHAPTER.match(match[1]) and "SPDX" not in match[1]:
            found.append((match.start(), match[1], match[2].rstrip()))
            spans.append(match.span())
    for match in PROTOTYPE.finditer(text):
        if not any(first <= match.start() < upto for first, upto in spans):
            found.append((match.start(), "", match[0].rstrip()))
    return [(comment, code) for _, comment, code in sorted(found)]


def functions(paths):
    """The chapters of each header."""
    for path in paths:
        text = text_of(path)
        yield f".Ss In {'smtpstatus/' if 'smtpstatus/' in path.replace(os.sep, '/') else ''}{os.path.basename(path)}"
        for comment, code in declarations(text):
            if "SST_API" not in code and "typedef" not in code and "#define" not in code:
                continue
            yield ".Bd -literal"
            yield from (roff(line.replace("SST_API ", "").replace("\t", "    ")) for line in code.split("\n"))
            yield ".Ed"
            if comment:
                yield ".Pp"
                yield from tidy(paragraphs(comment))


def main(page, output, *files):
    lines = []
    for line in text_of(page).split("\n"):
        if line == "@WORDS@":
            lines.extend(words(files))
        elif line == "@FUNCTIONS@":
            lines.extend(functions(files))
        else:
            lines.append(line)
    with open(output, "w", encoding="utf-8") as out:
        out.write("\n".join(lines))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
