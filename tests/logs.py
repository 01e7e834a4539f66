#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""logs.py SMTPSTATUS LOG-TRUTH - logs of known truth, in every form that the generator beside this project
writes, tracked and compared row by row. Skipped (77) where the generator is not there."""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GENERATE = os.path.join(ROOT, "..", "shared", "corpus", "logs", "generate.py")
VARIANTS = (
    [], ["--stamp", "iso", "--rotate", "4"], ["--stamp", "rfc5424", "--shuffle", "0.05", "--reuse", "0.05"],
    ["--ids", "long", "--filtered", "0.5", "--reuse", "0"],
    ["--start", "2025-12-30T12:00:00", "--rotate", "5", "--filtered", "0.3"],
    ["--lifetime", "7200", "--days", "1"], ["--mta", "exim"], ["--mta", "exim", "--exim-id", "new", "--rotate", "3"],
)


def main():
    if not os.path.exists(GENERATE):
        print("skipped: there is no generator at %s" % GENERATE)
        sys.exit(77)
    bad = 0
    for variant in VARIANTS:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, GENERATE, "--out", folder, "--messages", "4000"] + variant,
                           check=True, stderr=subprocess.DEVNULL)
            run = subprocess.run([sys.argv[2], sys.argv[1], folder], stdout=subprocess.PIPE, text=True)
            print("%s %s\n%s" % ("same" if run.returncode == 0 else "DIFFERENT", " ".join(variant), run.stdout))
            bad += run.returncode != 0
    sys.exit(1 if bad else 0)


main()
