#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""no_memory.py SMTPSTATUS - with less and less memory every command either does its work or says that there is not
enough of it and ends with status 3; none is killed by a signal. Skipped where the loader or a sanitizer wants a
gigabyte for itself."""
import os
import resource
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINES = """Mar  2 09:00:00 mx1 postfix/qmgr[9]: %010X: from=<list@example.com>, size=900, nrcpt=1 (queue active)
Mar  2 09:00:01 mx1 postfix/smtp[6]: %010X: to=<u%d@example.org>, relay=mx.example.org[192.0.2.7]:25, delay=3, \
delays=1/0/1/1, dsn=4.2.2, status=deferred (host mx.example.org[192.0.2.7] said: 452 4.2.2 full)
"""


def run(words, megabytes):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    return subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=limit,
                          timeout=60, check=False)


def main():
    program, failed, short = os.path.abspath(sys.argv[1]), 0, 0
    if run([program, "--version"], 1024).returncode != 0:
        print("skipped: the program does not start in a gigabyte")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "mail.log")
        with open(log, "w", encoding="ascii") as out:
            for number in range(60000):
                out.write(LINES % (number, number, number))
        mail = os.path.join(ROOT, "samples", "mail")
        for words in (["read", "--json", "--jobs", "4", mail], ["track", "--json", "--jobs", "4", log],
                      ["track", "--json", "--jobs", "1", log], ["report", "--json", log], ["codes"], ["lint", mail]):
            for megabytes in (10, 12, 14, 17, 20, 30, 45, 60, 80):
                if run([program, "--version"], megabytes).returncode != 0:
                    continue
                done = run([program, *words], megabytes)
                short += done.returncode == 3
                said = done.returncode != 3 or "not enough memory" in done.stderr
                if done.returncode not in (0, 1, 3) or not said:
                    failed += 1
                    print(f"FAILED: {' '.join(words)} in {megabytes} MB: {done.returncode} {done.stderr[:200]}")
    print(f"{short} times too little memory, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
