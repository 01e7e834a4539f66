#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run the examples that stand in Markdown files and manual pages, and compare what they print.

usage: run.py [--accept] [--command PATH] [--locale NAME] [--only TEXT] FILE|FOLDER...

A test is one heading with all blocks below it; the heading says in words what holds. Three kinds of
fenced blocks do something, all others are prose:

    ```console                      each line that starts with "$ " is run by sh; "> " continues it.
    $ smtpstatus explain 5.1.1      The lines below are what stdout and stderr give, in that order of
    ...                             arrival. A status other than 0 is the last line: [exit 2]
    ```

    ```file NAME [crlf] [escapes]   is written to NAME before the commands run. crlf: lines end in CRLF.
    ```                             escapes: \\r \\n \\t \\0 \\\\ \\xHH stand for bytes, line ends do not count.

    ```input COMMAND                COMMAND gets the block on stdin; the next block, ```output, holds
    ```                             what it prints.

A line `<!-- needs: gzip json -->` below a heading: the test is left out where `smtpstatus --version` does not name
all of these; "terminals" are there if a terminal can be opened.

A line "..." in expected output stands for any number of lines. In a manual page (NAME.1 to NAME.8) every
.Bd -literal block with a "$ " line is a console block.

Commands run in a fresh folder, with `samples`, `data` and `tests` of the project in it, $SMTPSTATUS and
`smtpstatus` being the built command, the programs of examples/ beside it, TZ=UTC and 80 columns. --accept rewrites what differs.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINKED = ("samples", "data", "tests")
SECONDS = 60
ESCAPE = re.compile(rb"\\(x[0-9A-Fa-f]{2}|[rnt0\\])")
PLAIN = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"0": b"\0", b"\\": b"\\"}


class Block:
    """A fenced block: lines[first:upto] are its content."""

    def __init__(self, info, first, upto, roff=False):
        self.info, self.first, self.upto, self.roff = info, first, upto, roff


class Test:
    def __init__(self, path, name, line):
        self.path, self.name, self.line, self.blocks, self.needs = path, name, line, [], set()


def markdown_tests(path, lines):
    test = Test(path, os.path.basename(path), 1)
    tests, i = [test], 0
    while i < len(lines):
        fence = re.match(rb"^(```+)(.*)$", lines[i])
        if fence:
            end = i + 1
            while end < len(lines) and lines[end].rstrip() != fence[1]:
                end += 1
            test.blocks.append(Block(fence[2].decode().strip(), i + 1, end))
            i = end
        elif lines[i].startswith(b"<!-- needs: "):
            test.needs = set(lines[i].decode().split()[2:-1])
        elif lines[i].startswith(b"#"):
            test = Test(path, lines[i].lstrip(b"# ").decode(), i + 1)
            tests.append(test)
        i += 1
    return tests


def manual_tests(path, lines):
    test, tests, i = Test(path, os.path.basename(path), 1), [], 0
    tests.append(test)
    while i < len(lines):
        if lines[i].startswith(b".Bd -literal"):
            end = next(n for n in range(i, len(lines)) if lines[n].startswith(b".Ed"))
            if any(l.startswith(b"$ ") for l in lines[i:end]):
                test = Test(path, f"the example at line {i + 1} of {os.path.basename(path)}", i + 1)
                test.blocks.append(Block("console", i + 1, end, roff=True))
                tests.append(test)
            i = end
        i += 1
    return tests


def from_roff(line):
    return line.replace(b"\\&", b"").replace(b"\\-", b"-").replace(b"\\e", b"\\")


def to_roff(line):
    line = line.replace(b"\\", b"\\e")
    return b"\\&" + line if line[:1] in (b".", b"'") else line


def unescape(text):
    text = text.replace(b"\n", b"")
    return ESCAPE.sub(lambda m: PLAIN.get(m[1]) or bytes([int(m[1][1:], 16)]), text)


def content(block, lines, words):
    body = b"".join(line + b"\n" for line in lines[block.first : block.upto])
    if "escapes" in words:
        return unescape(body)
    return body.replace(b"\n", b"\r\n") if "crlf" in words else body


def matches(want, got):
    """Whether `got` is `want`, where a line "..." of `want` stands for any lines."""
    if b"..." not in want:
        return want == got
    parts, at = [[]], 0
    for line in want:
        if line == b"...":
            parts.append([])
        else:
            parts[-1].append(line)
    if got[: len(parts[0])] != parts[0]:
        return False
    at = len(parts[0])
    for part in parts[1:-1]:
        while at + len(part) <= len(got) and got[at : at + len(part)] != part:
            at += 1
        if at + len(part) > len(got):
            return False
        at += len(part)
    last = parts[-1]
    return len(got) - len(last) >= at and (not last or got[-len(last) :] == last)


class Runner:
    def __init__(self, command, locale):
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("LC_")}
        for name in ("LANG", "LANGUAGE", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
            self.env.pop(name, None)
        self.env.update(LANG=locale, LC_MESSAGES="C.UTF-8", LC_COLLATE="C.UTF-8", TZ="UTC", COLUMNS="80", TERM="dumb", SMTPSTATUS=command)
        # A command leaves its memory to the system when it ends; the unit tests look for leaks.
        self.env["ASAN_OPTIONS"] = self.env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        build = os.path.dirname(command)
        version = subprocess.run([command, "--version"], stdout=subprocess.PIPE, text=True).stdout
        self.features = set(version.split("\nwith ")[-1].split()) | terminals()
        self.env["PATH"] = f"{build}:{build}/examples:" + self.env.get("PATH", "/usr/bin:/bin")

    def shell(self, command, folder, stdin=b""):
        """What the command prints, as lines, with its exit status."""
        try:
            run = subprocess.run(["sh", "-c", command], cwd=folder, env=self.env, input=stdin,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS)
            text, status = run.stdout, run.returncode
        except subprocess.TimeoutExpired as late:
            text, status = (late.output or b"") + b"\n[no end after %d seconds]" % SECONDS, 0
        lines = text.split(b"\n")
        if lines[-1] == b"":
            lines.pop()
        else:
            lines[-1] += b"[no line end]"
        return lines + ([b"[exit %d]" % status] if status else [])


def console(block, lines, run, folder):
    """Runs a console block. Yields (command, wanted lines, real lines, first, upto)."""
    i = block.first
    clean = from_roff if block.roff else lambda line: line
    while i < block.upto:
        if not lines[i].startswith(b"$ "):
            i += 1
            continue
        command = clean(lines[i][2:])
        i += 1
        while i < block.upto and lines[i].startswith(b"> "):
            command += b"\n" + clean(lines[i][2:])
            i += 1
        first = i
        while i < block.upto and not lines[i].startswith(b"$ "):
            i += 1
        upto = i
        yield command, [clean(l) for l in lines[first:upto]], run.shell(command, folder), first, upto


def run_test(test, lines, run, folder):
    """Runs all blocks of a test. Yields the same as console()."""
    for name in LINKED:
        if os.path.isdir(os.path.join(ROOT, name)):
            os.symlink(os.path.join(ROOT, name), os.path.join(folder, name))
    for block in test.blocks:
        words = block.info.split()
        if words[:1] == ["file"]:
            path = os.path.join(folder, words[1])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as out:
                out.write(content(block, lines, words[2:]))
    waiting = None
    for block in test.blocks:
        words = block.info.split()
        if words[:1] == ["console"]:
            yield from console(block, lines, run, folder)
        elif words[:1] == ["input"]:
            options = [w for w in words[1:3] if w in ("crlf", "escapes")]
            command = block.info[len("input") :].strip()
            while command.split()[:1] and command.split()[0] in options:
                command = command.split(None, 1)[1]
            waiting = command.encode(), run.shell(command.encode(), folder, content(block, lines, options))
        elif words[:1] == ["output"] and waiting:
            yield waiting[0], lines[block.first : block.upto], waiting[1], block.first, block.upto
            waiting = None


def tell(test, command, want, got):
    show = lambda lines: [line.decode("utf-8", "backslashreplace") for line in lines]
    print(f"FAILED: {test.name} ({os.path.relpath(test.path)}:{test.line})")
    print("  $ " + command.decode("utf-8", "backslashreplace").replace("\n", "\n  > "))
    for line in list(difflib.unified_diff(show(want), show(got), "expected", "printed", lineterm="", n=2))[:60]:
        print("    " + line)


def run_file(path, run, options):
    """Returns (passed, failed, rewritten)."""
    with open(path, "rb") as source:
        lines = source.read().split(b"\n")
    manual = re.search(r"\.[1-8]$", path)
    passed = failed = 0
    edits = []
    for test in (manual_tests if manual else markdown_tests)(path, lines):
        if not any(b.info.split()[:1] in (["console"], ["input"]) for b in test.blocks):
            continue
        if options["only"] and options["only"] not in test.name and options["only"] not in path:
            continue
        if not test.needs <= run.features:
            print(f"left out, for want of {', '.join(sorted(test.needs - run.features))}: {test.name}")
            continue
        folder, good = tempfile.mkdtemp(prefix="smtpstatus-golden-"), True
        try:
            for command, want, got, first, upto in run_test(test, lines, run, folder):
                if not matches(want, got):
                    good = False
                    edits.append((first, upto, [to_roff(l) for l in got] if manual else got))
                    if not options["accept"]:
                        tell(test, command, want, got)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        passed, failed = passed + good, failed + (not good)
    if options["accept"] and edits:
        for first, upto, got in reversed(edits):
            lines[first:upto] = got
        with open(path, "wb") as out:
            out.write(b"\n".join(lines))
        print(f"rewritten: {os.path.relpath(path)}, {len(edits)} places")
        return passed + failed, 0, True
    return passed, failed, False


def terminals():
    """A folder to change root into may have no /dev/pts."""
    try:
        for end in os.openpty():
            os.close(end)
    except OSError:
        return set()
    return {"terminals"}


def made_locale(name):
    """The locale's name if there is one such, made by localedef if need be; None if it can't be had."""
    have = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.lower().split()
    if name.lower().replace("-", "") in [h.replace("-", "") for h in have]:
        return name
    base, _, charset = name.partition(".")
    folder = os.path.join(tempfile.gettempdir(), f"smtpstatus-locales-{os.getuid()}")
    os.makedirs(folder, exist_ok=True)
    if not os.path.isdir(os.path.join(folder, name)):
        new = tempfile.mkdtemp(dir=folder)
        try:  # made aside and renamed, since another test may be at it too
            subprocess.run(["localedef", "-i", base, "-f", charset or "UTF-8", os.path.join(new, name)],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            os.rename(os.path.join(new, name), os.path.join(folder, name))
        except OSError:
            pass
        shutil.rmtree(new, ignore_errors=True)
    if not os.path.isdir(os.path.join(folder, name)):
        return None
    os.environ["LOCPATH"] = folder
    return name


def main(args):
    options = {"accept": False, "only": "", "command": os.environ.get("SMTPSTATUS", "build/smtpstatus"),
               "locale": "C.UTF-8"}
    paths = []
    while args:
        arg = args.pop(0)
        if arg == "--accept":
            options["accept"] = True
        elif arg in ("--command", "--locale", "--only") and args:
            options[arg[2:]] = args.pop(0)
        elif arg.startswith("-"):
            print(__doc__)
            return 0 if arg == "--help" else 2
        elif os.path.isdir(arg):
            paths += sorted(os.path.join(arg, n) for n in os.listdir(arg) if re.search(r"\.(md|[1-8])$", n))
        else:
            paths.append(arg)
    command = os.path.abspath(options["command"])
    if not os.access(command, os.X_OK):
        print(f"run.py: there is no program {command}; build first", file=sys.stderr)
        return 2
    if options["locale"] != "C.UTF-8" and not made_locale(options["locale"]):
        print(f"skipped: there is no locale {options['locale']} here and localedef can't make it")
        return 77
    run = Runner(command, options["locale"])
    passed = failed = 0
    for path in paths:
        good, bad, _ = run_file(path, run, options)
        passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
