#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No word of another language may be a common English one after folding, nor its stem begin one: it would speak in
English replies.

usage: foreign.py [FOLDER]
Vietnamese "đầy" (full) is "day" without its marks, Hungarian "levél" (letter) is "level"; a Portuguese "conta*"
(account) would be found in "contains".
"""
import glob
import os
import sys
import unicodedata

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LETTERS = str.maketrans({"đ": "d", "ł": "l", "ß": "ss", "ı": "i", "ø": "o", "æ": "ae"})
ENGLISH = set("""a about above after all also an and any are archive as at away bad bare be because been before being
below but by can case check client come could date day days did do does done due during each end even every far fast
few file fine first for from get gift give go got great had hand has have he head her here high him his hold how if in
into is it its just keep kind large last late left less let letter level like limit line link list local long lost low
made make man many may me mean men more most much must my name near need never new next now of off old on once one
only open or order other our out over own part past pay people per place plan point poor port pose post put read real
rest right room run same see send sent set she short side site size small so some soon sorry still stop storing such
sure take ten than that the their them then there these they thing this those time to too top try turn two under up us
use valid very via view war was way we well were what when where which while who why will wish with word work would
year yes yet you your zone abandoned client contact contacted contains contained expiration limitation posting
regular suspected""".split())


def folded(word):
    letters = unicodedata.normalize("NFD", word.strip().lower())
    return "".join(c for c in letters if not unicodedata.combining(c)).translate(LETTERS)


def concepts(path):
    """(line number, concept, [word]) of each row of a table of concepts."""
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        cells = line.rstrip("\n").split("\t")
        if not line.startswith("#") and len(cells) == 2 and cells[0] != "concept":
            yield number, cells[0].lstrip("!~^?"), cells[1].split("|")


def findings(root):
    rules = os.path.join(root, "data", "rules")
    english = {(name, word.strip()) for path in ("concepts.tsv", os.path.join("languages", "en.tsv"))
               for _, name, words in concepts(os.path.join(rules, path)) for word in words}
    for path in sorted(glob.glob(os.path.join(rules, "languages", "*.tsv"))):
        tag = os.path.basename(path)[:-4]
        for number, name, words in concepts(path) if tag != "en" else ():
            for word in words:
                own = folded(word)
                meant = ({own} & ENGLISH if own[-1:] != "*" else
                         {common for common in ENGLISH if common.startswith(own[:-1])})
                if any((name, common) not in english for common in meant):
                    yield f"languages/{tag}.tsv:{number}: {name}: '{word.strip()}' means something else in English"


def main(args):
    found = list(findings(args[0] if args else ROOT))
    print("\n".join(f"FAILED: {text}" for text in found) or "1 passed, 0 failed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
