#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""logs.py SMTPSTATUS LOG-TRUTH - logs of known truth, in every form that the generator beside this project
writes, tracked and compared row by row. Skipped (77) where the generator is not there."""
import glob
import gzip
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
    ["--lifetime", "7200", "--days", "1"], ["--rotate", "3", "--split"], ["--stamp", "iso", "--split", "--filtered", "0.3"], ["--mta", "exim"], ["--mta", "exim", "--exim-id", "new", "--rotate", "3"],
)


def split(folder):
    """Each host's lines in files of its own: HOST/mail.log.2.gz ..."""
    for path in glob.glob(os.path.join(folder, "mail.log*")):
        name = os.path.basename(path)
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
            hosts = {}
            for line in file:
                words = line.split()
                hosts.setdefault(words[3] if line[0].isalpha() else words[1], []).append(line)
        for host, lines in hosts.items():
            os.makedirs(os.path.join(folder, host), exist_ok=True)
            target = os.path.join(folder, host, name)
            with (gzip.open if path.endswith(".gz") else open)(target, "wt", encoding="utf-8") as out:
                out.writelines(lines)
        os.unlink(path)


def main():
    if not os.path.exists(GENERATE):
        print("skipped: there is no generator at %s" % GENERATE)
        sys.exit(77)
    bad = 0
    for variant in VARIANTS:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, GENERATE, "--out", folder, "--messages", "4000"] +
                           [word for word in variant if word != "--split"], check=True, stderr=subprocess.DEVNULL)
            if "--split" in variant:
                split(folder)
            run = subprocess.run([sys.argv[2], sys.argv[1], folder], stdout=subprocess.PIPE, text=True)
            print("%s %s\n%s" % ("same" if run.returncode == 0 else "DIFFERENT", " ".join(variant), run.stdout))
            bad += run.returncode != 0
    sys.exit(1 if bad else 0)


main()
