#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill_track.py SMTPSTATUS [KILLS] - a log grows and is rotated while `track --position --output` reads
it and is killed, with SIGKILL, at random moments. At the end the output must be what one undisturbed run
over the whole log gives: nothing lost, nothing twice."""
import collections
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

STATUS = [("2.0.0", "sent", "250 2.0.0 Ok: queued as X%07d"),
          ("5.1.1", "bounced", "host mx.example.org[192.0.2.7] said: 550 5.1.1 no such user %d (in reply to RCPT TO command)"),
          ("4.2.2", "deferred", "host mx.example.org[192.0.2.7] said: 452 4.2.2 mailbox full %d (in reply to RCPT TO command)")]


def message(rng, number):
    """The lines of one message, each with the second it is written in."""
    queue_id = "%010X" % (0x1000000000 + number * 7919)
    start = number * 0.05
    tag = "mx1 postfix/"
    lines = [(start, tag + "smtpd[7]: %s: client=app.example.com[192.0.2.9]" % queue_id),
             (start + 1, tag + "cleanup[8]: %s: message-id=<%d@example.com>" % (queue_id, number)),
             (start + 2, tag + "qmgr[9]: %s: from=<list@example.com>, size=900, nrcpt=1 (queue active)" % queue_id)]
    at, kind = start + 3, rng.choice([0, 0, 0, 1, 2])
    while True:
        dsn, word, text = STATUS[kind]
        lines.append((at, tag + "smtp[6]: %s: to=<user%d@example.org>, relay=mx.example.org[192.0.2.7]:25, "
                      "delay=3, delays=1/0/1/1, dsn=%s, status=%s (%s)" % (queue_id, number, dsn, word, text % number)))
        if kind != 2:
            break
        at, kind = at + 60 * rng.random(), rng.choice([0, 1, 2])
    lines.append((at + 1, tag + "qmgr[9]: %s: removed" % queue_id))
    return lines


def whole_log(rng, count):
    lines = sorted(line for number in range(count) for line in message(rng, number))
    for second, text in lines:
        yield time.strftime("%b %e %H:%M:%S ", time.gmtime(1772400000 + int(second))) + text + "\n"


def rotate(folder):
    for number in (3, 2):
        old, new = (os.path.join(folder, "mail.log.%d.gz" % n) for n in (number, number + 1))
        if os.path.exists(old):
            os.rename(old, new)
    first = os.path.join(folder, "mail.log.1")
    if os.path.exists(first):
        with open(first, "rb") as source, gzip.open(first[:-1] + "2.gz", "wb") as target:
            shutil.copyfileobj(source, target)
        os.unlink(first)
    os.rename(os.path.join(folder, "mail.log"), first)


def logs(folder):
    return sorted(os.path.join(folder, n) for n in os.listdir(folder) if n.startswith("mail.log"))


def records(path):
    """Without file and line, which are others when a log has been renamed."""
    found = collections.Counter()
    with open(path, encoding="ascii") as file:
        for line in file:
            record = json.loads(line)
            record.pop("source"), record.pop("line", None)
            found[json.dumps(record, sort_keys=True)] += 1
    return found


def main():
    program, kills = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 40
    rng = random.Random(7)
    text = list(whole_log(rng, 60 * kills if kills < 200 else 12000))
    with tempfile.TemporaryDirectory() as base:
        folder = os.path.join(base, "logs")
        os.mkdir(folder)
        current = os.path.join(folder, "mail.log")
        command = [program, "track", "--json", "--zone", "+00:00", "--save-every", "20000", "--position",
                   os.path.join(base, "position"), "--output", os.path.join(base, "out")]
        killed, at, step = 0, 0, max(1, len(text) // kills)
        rotation = max(2, kills // 4)
        for turn in range(kills):
            with open(current, "a", encoding="ascii") as log:
                log.writelines(text[at:at + step])
                at += step
                log.write(text[at][:20] if at < len(text) else "")  # a line that is being written
            run = subprocess.Popen(command + logs(folder), stderr=subprocess.PIPE)
            time.sleep(rng.random() * 0.02)
            run.send_signal(signal.SIGKILL)
            run.communicate()
            killed += run.returncode == -signal.SIGKILL
            if at < len(text):
                with open(current, "a", encoding="ascii") as log:
                    log.write(text[at][20:])
                at += 1
            if turn % rotation == rotation - 1 and turn < kills - rotation:
                rotate(folder)
        with open(current, "a", encoding="ascii") as log:
            log.writelines(text[at:])
        subprocess.run(command + ["--finish"] + logs(folder), check=True)
        whole = os.path.join(base, "whole.log")
        with open(whole, "w", encoding="ascii") as log:
            log.writelines(text)
        subprocess.run([program, "track", "--json", "--zone", "+00:00", "--output", os.path.join(base, "expected"), whole],
                       check=True)
        have, want = records(os.path.join(base, "out")), records(os.path.join(base, "expected"))
        lost, twice = want - have, have - want
        print("%d runs, %d killed at work; %d records, %d lost, %d too many"
              % (kills, killed, sum(want.values()), sum(lost.values()), sum(twice.values())))
        for sign, rows in (("lost", lost), ("too many", twice)):
            for row in list(rows)[:3]:
                print(" ", sign, row[:300])
        sys.exit(1 if lost or twice or not killed else 0)


main()
