#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The HTML report in a real browser: opened without a network, with light and with dark colours.

usage: report_page.py SMTPSTATUS [LOG...]

No message on the console, every chart drawn, paper and ink as the scheme says. Without chromium the
test is skipped (77). With LOGs their report is opened; without, that of a log made here."""
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

TEXTS = (("2.0.0", "sent", "250 2.0.0 Ok"),
         ("5.1.1", "bounced", "host mx.example.org[192.0.2.25] said: 550 5.1.1 <b>no</b> such user & none like it"),
         ("4.2.2", "deferred", "host mx.example.org[192.0.2.25] said: 452 4.2.2 mailbox full"))


def write_log(path):
    with open(path, "w", encoding="utf-8") as log:
        for number in range(600):
            stamp = "Mar  2 %02d:%02d:00 mx1 postfix/" % (number // 60, number % 60)
            status, word, text = TEXTS[number % 3]
            queue_id = "%010X" % (0x4000000000 + number)
            log.write("%sqmgr[1]: %s: from=<shop@example.com>, size=9, nrcpt=1 (queue active)\n" % (stamp, queue_id))
            log.write("%ssmtp[2]: %s: to=<user%d@example.org>, relay=mx.example.org[192.0.2.25]:25, delay=2, "
                      "delays=0/0/1/1, dsn=%s, status=%s (%s)\n" % (stamp, queue_id, number, status, word, text))


def browse(browser, page, folder, *options):
    run = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                          "--user-data-dir=" + os.path.join(folder, "profile"), "--enable-logging=stderr",
                          "--window-size=1000,1400", *options, "file://" + page],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    told = [line for line in run.stderr.splitlines() if "CONSOLE" in line]
    return run.stdout, told


def corner(path):
    """The first pixel of a PNG: whatever its filter, nothing stands before it."""
    with open(path, "rb") as file:
        data = file.read()
    at, packed = 8, b""
    while at < len(data):
        size, = struct.unpack(">I", data[at:at + 4])
        if data[at + 4:at + 8] == b"IDAT":
            packed += data[at + 8:at + 8 + size]
        at += size + 12
    return tuple(zlib.decompressobj().decompress(packed, 4)[1:4])


def main():
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        print("skipped: there is no chromium")
        sys.exit(77)
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        logs, page = sys.argv[2:], os.path.join(folder, "report.html")
        if not logs:
            logs = [os.path.join(folder, "mail.log")]
            write_log(logs[0])
        with open(page, "wb") as out:
            subprocess.run([sys.argv[1], "report", "--format", "html", *logs], stdout=out, check=True)
        with open(page, encoding="utf-8") as file:
            source = file.read()
        dom, told = browse(browser, page, folder, "--dump-dom")
        if "</html>" not in dom:
            print("skipped: chromium does not run here")
            sys.exit(77)
        if re.search(r"<script|<b>no</b>|(src|href)=['\"]?https?:", source):
            failures.append("something in the page came from the log, or leaves it")
        if dom.count("<rect") != source.count("<rect") or dom.count("<rect") < 5:
            failures.append("%d bars are drawn, %d are in the file" % (dom.count("<rect"), source.count("<rect")))
        for name, scheme, light in (("light", "1", True), ("dark", "0", False)):
            shot = os.path.join(folder, name + ".png")
            told += browse(browser, page, folder, "--blink-settings=preferredColorScheme=" + scheme,
                           "--screenshot=" + shot)[1]
            pixel = corner(shot)
            if (sum(pixel) > 384) != light:
                failures.append("%s: the paper is %s" % (name, pixel))
        failures += told
    for failure in failures:
        print("FAILED:", failure)
    print("%d bars, light and dark, nothing on the console" % dom.count("<rect") if not failures else "")
    sys.exit(1 if failures else 0)


main()
