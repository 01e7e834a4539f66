#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The HTML pages as a browser draws them: nothing sticks out, nothing foreign runs, and from right to
left addresses and codes keep their order. Without Chromium the test is skipped.

usage: page_in_browser.py SMTPSTATUS MAIL...
"""
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

LANGUAGES = {"en": "ltr", "de": "ltr", "ar": "rtl", "he": "rtl", "ja": "ltr", "hi": "ltr"}
WIDTHS = (360, 900)
SKIPPED = 77
HOSTILE = """550 5.1.1 <script>document.title="ran"</script><img src=x onerror=alert(1)>
"></blockquote><h1>&#x202e;{rle}user unknown {word}"""

# Looks at the page from inside and leaves what it found as text.
PROBE = """<script>
const found = {dir: getComputedStyle(document.documentElement).direction, title: document.title,
  scripts: document.scripts.length, images: document.images.length,
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  sections: document.querySelectorAll('section').length, turned: [], out: []};
const right = document.body.getBoundingClientRect();
for (const cell of document.querySelectorAll('h1,h2,dt,dd,blockquote')) {
  const box = cell.getBoundingClientRect();
  if (box.left < right.left - 1 || box.right > right.right + 1) found.out.push(cell.textContent);
}
/* Characters of an address or code stand from left to right. */
for (const part of document.querySelectorAll('bdi')) {
  const text = part.firstChild;
  if (!text || !/^[\\x20-\\x7e]+$/.test(text.data)) continue;
  let last = null;
  for (let i = 0; i < text.length; i++) {
    const range = document.createRange();
    range.setStart(text, i); range.setEnd(text, i + 1);
    const box = range.getBoundingClientRect();
    if (last && box.top === last.top && box.left < last.left) { found.turned.push(text.data); break; }
    last = box;
  }
}
document.body.innerHTML = '<pre id=probe></pre>';
document.getElementById('probe').textContent = JSON.stringify(found);
</script>"""


def browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    return None


def look(name, page, width, folder):
    path = os.path.join(folder, "page.html")
    with open(path, "w", encoding="utf-8") as file:
        file.write(page.replace("</body>", PROBE + "</body>"))
    shown = subprocess.run(
        [name, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
         f"--window-size={width},800", "--dump-dom", "file://" + path],
        check=True, capture_output=True, text=True, timeout=120).stdout
    return json.loads(html.unescape(re.search(r'<pre id="probe">(.*?)</pre>', shown, re.S)[1]))


def complaints(what, found, direction):
    wrong = []
    if found["dir"] != direction:
        wrong.append(f"direction is {found['dir']}")
    if found["scripts"] != 1 or found["images"] != 0 or found["title"] == "ran":
        wrong.append("the words of others became markup")
    if found["wide"] > 0 or found["out"]:
        wrong.append(f"sticks out: {found['wide']} px {found['out'][:3]}")
    if found["turned"]:
        wrong.append(f"turned around: {found['turned'][:3]}")
    if found["sections"] == 0:
        wrong.append("nothing is told")
    return [f"{what}: {text}" for text in wrong]


def main():
    command, mails = sys.argv[1], sys.argv[2:]
    name = browser()
    if name is None:
        print("no Chromium here: skipped")
        return SKIPPED
    hostile = HOSTILE.format(rle="\u202e\u2066", word="x" * 300)
    wrong, looks = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for language, direction in LANGUAGES.items():
            options = ["--format", "html", "--lang", language]
            pages = {
                "read": [command, "read", "--explain", *options, *mails],
                "explain": [command, "explain", "--for", "developer", *options, hostile, "5.5.0", "552 5.2.2 full"],
            }
            for title, arguments in pages.items():
                made = subprocess.run(arguments, check=True, capture_output=True, text=True)
                if "there is no language" in made.stderr:
                    continue
                for width in WIDTHS:
                    looks += 1
                    found = look(name, made.stdout, width, folder)
                    wrong += complaints(f"{title} {language} {width}", found, direction)
    print(*wrong, f"{looks} pages looked at, {len(wrong)} complaints", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
