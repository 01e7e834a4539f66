#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Feeds `smtpstatus read` what no decent program writes, and measures memory and time.

usage: hostile.py PEAK COMMAND [MEGABYTES] [--any-cost]

Each case is a mail (or a mailbox, or a packed file) of that many megabytes, 8 if not said. It must end with status
0 or 1, give at least one record, stay within MEMORY and be read at RATE or faster. --any-cost leaves out the last
two, for builds with sanitizers.
"""
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile

MEMORY = 8  # megabytes of the whole process, program and tables included
RATE = 10  # megabytes a second, on a machine that is busy with other things too
RECORDS = 20000  # records a second, likewise
PLAIN = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n"
MULTIPART = PLAIN + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
REPORT = PLAIN + (b"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
                  b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n")


def filled(head, piece, size):
    """`head` and then `piece` over and over."""
    return head + piece * (max(0, size - len(head)) // len(piece))


def nested(size, kind, depth=10000):
    parts = []
    for i in range(depth):
        if kind == "multipart":
            parts.append(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i))
        else:
            parts.append(b"Content-Type: message/rfc822\r\n\r\n")
    return (PLAIN + b"MIME-Version: 1.0\r\n" + b"".join(parts) + b"x\r\n" * 100)[:size]


def pieces(size):
    """A parameter in ten thousand pieces (RFC 2231)."""
    return PLAIN + b"Content-Type: text/plain;\r\n" + b"".join(b" name*%d=a;\r\n" % i for i in range(10000)) + b"\r\nx\r\n"


def recipients(size):
    group = b"Final-Recipient: rfc822; a%d@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    return REPORT + b"".join(group % i for i in range(size // len(group)))


CASES = {
    "a header line without end": lambda n: filled(PLAIN + b"X-Long: ", b"a" * 1000, n),
    "a folded header without end": lambda n: filled(PLAIN + b"Subject: ", b"a\r\n ", n),
    "a body line without end": lambda n: filled(PLAIN + b"\r\n", b"550 " * 250, n),
    "nothing but header fields": lambda n: filled(b"", b"X: a\r\n", n),
    "nothing but addresses in To": lambda n: filled(b"To: ", b"a@b.example, ", n),
    "empty parts": lambda n: filled(MULTIPART, b"--b\r\n\r\n", n),
    "lines that are almost the boundary": lambda n: filled(MULTIPART, b"--" + b"b" * 60 + b"\r\n", n),
    "multiparts nested ten thousand deep": lambda n: nested(n, "multipart"),
    "mails nested ten thousand deep": lambda n: nested(n, "message"),
    "a parameter in ten thousand pieces": pieces,
    "recipients without end": recipients,
    "quoted-printable that never ends": lambda n: filled(
        PLAIN + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n", b"=", n),
    "base64 in one line": lambda n: filled(PLAIN + b"Content-Transfer-Encoding: base64\r\n\r\n", b"NTUw", n),
    "angle brackets of HTML": lambda n: filled(PLAIN + b"Content-Type: text/html\r\n\r\n", b"<a ", n),
    "NUL bytes": lambda n: bytes(n),
    "noise": lambda n: random.Random(1).randbytes(n),
    "noise in an encoded word": lambda n: PLAIN[:-3] + b"=?utf-8?b?" + b"////" * (n // 4) + b"?=\r\n\r\nx\r\n",
    "carriage returns": lambda n: filled(PLAIN + b"\r\n", b"\r", n),
    "a mailbox of empty mails": lambda n: filled(b"", b"From a@example.org Mon Jan  1 00:00:00 2024\n\n", n),
    "a qmail bounce that names addresses without end": lambda n: filled(
        PLAIN + b"\r\nHi. This is the qmail-send program at example.org.\r\n", b"<a@example.org>:\r\nno\r\n\r\n", n),
    "zeros, packed a thousandfold": lambda n: gzip.compress(bytes(n * 4), 9),
}


def run(peak, command, path):
    """(status, records, megabytes at most, seconds, what was said on stderr)."""
    with tempfile.TemporaryFile() as out:
        run = subprocess.run([peak, command, "read", "--json", "--all", "--jobs", "1", path], stdout=out,
                             stderr=subprocess.PIPE, text=True, errors="replace")
        said, _, told = run.stderr.rpartition("peak ")
        kilobytes, seconds, status = told.split()
        out.seek(0)
        count = 0
        for line in out:
            count += 1
            if count <= 1000:
                json.loads(line)
    return int(status), count, int(kilobytes) / 1024, float(seconds), said[-300:]


def judge(case, size, result, any_cost):
    status, records, memory, spent, said = result
    if status not in (0, 1):
        return f"ended with status {status}: {said}"
    if records == 0 and status == 0:
        return "gave no record and no message"
    if not any_cost and memory > MEMORY:
        return f"took {memory:.0f} MB of memory; at most {MEMORY} are allowed"
    if not any_cost and spent > 1 + size / 1e6 / RATE + records / RECORDS:
        return f"took {spent:.1f} s for {size / 1e6:.0f} MB"
    return None


def main(args):
    any_cost = "--any-cost" in args
    args = [a for a in args if a != "--any-cost"]
    peak, command = os.path.abspath(args[0]), os.path.abspath(args[1])
    size = int(float(args[2]) * 1e6) if len(args) > 2 else 8000000
    failed = 0
    for case, make in CASES.items():
        with tempfile.NamedTemporaryFile(suffix=".eml") as file:
            file.write(make(size))
            file.flush()
            result = run(peak, command, file.name)
        wrong = judge(case, size, result, any_cost)
        failed += wrong is not None
        if wrong:
            print(f"FAILED: {case}: {wrong}")
        else:
            print(f"{case}: {result[1]} records, {result[2]:.1f} MB, {result[3]:.2f} s")
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
