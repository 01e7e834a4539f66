# SPDX-License-Identifier: MIT
"""What from-table and check share: the English texts, languages, and reading a .po file."""
import glob
import os
import re

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def rows(path):
    """The rows of a .tsv file as lists, its heading first."""
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip() and line[0] != "#"]


def english():
    """Key -> (text, plural or None), sorted as the program sorts them."""
    texts = {}
    for path in glob.glob(os.path.join(TOP, "data/texts/*.tsv")):
        for row in rows(path)[1:]:
            plural = row[2] if len(row) > 2 and row[2] != "-" else None
            texts[row[0]] = (row[1], plural)
    return dict(sorted(texts.items(), key=lambda item: item[0].encode()))


def language(tag):
    """The row of data/languages.tsv as a dictionary."""
    table = rows(os.path.join(TOP, "data/languages.tsv"))
    for row in table[1:]:
        if row[0] == tag:
            return dict(zip(table[0], row))
    raise SystemExit(f"{tag}: not in data/languages.tsv")


def unquote(text):
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text)


def read_po(path):
    """Header text, and key -> list of forms (one, or one for each plural)."""
    header, found, entry, field = "", {}, {}, None
    with open(path, encoding="utf-8") as file:
        for line in list(file) + ["\n"]:
            line = line.rstrip("\n")
            match = re.match(r'(msgctxt|msgid_plural|msgid|msgstr)(\[\d\])? "(.*)"$', line)
            if match and (match[1] == "msgctxt" or (match[1] == "msgid" and "msgctxt" not in entry)):
                entry = {}
            if match:
                field = match[1] + (match[2] or "")
                entry[field] = unquote(match[3])
            elif line.startswith('"') and field:
                entry[field] += unquote(line[1:-1])
            if line == "" and "msgid" in entry:
                forms = [entry[k] for k in sorted(entry) if k.startswith("msgstr")]
                if "msgctxt" in entry:
                    found[entry["msgctxt"]] = forms
                else:
                    header = forms[0]
                entry, field = {}, None
    return header, found


def placeholders(text):
    return sorted(set(re.findall(r"\{[a-z]+\}", text)))
