#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""disk_full.py SMTPSTATUS - the output can't be written while `track --follow` works: it says so, ends
with status 3 and keeps its position where it was; with room again the next run gives what one undisturbed
run gives. The full disk is a limit on the size of a file."""
import os
import resource
import signal
import subprocess
import sys
import tempfile

LINES = """Mar  2 09:%02d:%02d mx1 postfix/qmgr[9]: %010X: from=<list@example.com>, size=900, nrcpt=1 (queue active)
Mar  2 09:%02d:%02d mx1 postfix/smtp[6]: %010X: to=<u%d@example.org>, relay=mx.example.org[192.0.2.7]:25, delay=3, delays=1/0/1/1, dsn=2.0.0, status=sent (250 2.0.0 Ok)
Mar  2 09:%02d:%02d mx1 postfix/qmgr[9]: %010X: removed
"""


def limit():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("mail.log", "w", encoding="ascii") as log:
            for number in range(2000):
                moment = (number // 60 % 60, number % 60)
                queue_id = 0x4000000000 + number
                log.write(LINES % (*moment, queue_id, *moment, queue_id, number, *moment, queue_id))
        command = [program, "track", "--json", "--position", "position", "--output", "out.json", "--save-every", "20000"]
        full = subprocess.run([*command, "--follow", "mail.log"], stderr=subprocess.PIPE, text=True, preexec_fn=limit,
                              timeout=60, check=False)
        with open("out.json", encoding="ascii") as out:
            before = out.read().count("\n")
        again = subprocess.run([*command, "--finish", "mail.log"], check=False)
        whole = subprocess.run([program, "track", "--json", "mail.log"], stdout=subprocess.PIPE, text=True, check=True)
        with open("out.json", encoding="ascii") as out:
            same = sorted(out) == sorted(whole.stdout.splitlines(True))
    print("full: status %d, %d whole records, said: %s" % (full.returncode, before, full.stderr.strip()))
    print("again: status %d, %s" % (again.returncode, "the same as undisturbed" if same else "DIFFERENT"))
    good = full.returncode == 3 and "out.json" in full.stderr and again.returncode == 0 and same and before > 0
    sys.exit(0 if good else 1)


main()
