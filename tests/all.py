#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run all tests in all builds: gcc, gcc with sanitizers, clang where it is installed.

usage: all.py [all]

`all` adds the slow suite and a fuzz run of each target. The last line is `N passed, N failed`.
A build keeps its folder (build, build-asan, build-clang, build-fuzz), so that a second run is quick.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PASSED = re.compile(r"^\[  PASSED  \] (\d+) test", re.M)
FAILED = re.compile(r"^\[  FAILED  \] (\w+)$", re.M)
CLOSING = re.compile(r"^(\d+) passed, (\d+) failed$", re.M)
FUZZ_SECONDS = 30

total = {"passed": 0, "failed": 0, "skipped": 0}


def quiet(command, env=None):
    """Runs a command. None if it went well, else what it printed."""
    run = subprocess.run(command, cwd=ROOT, env=dict(os.environ, **(env or {})), stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    return None if run.returncode == 0 else run.stdout


def count(entry):
    """(passed, failed, names of what failed) of one test program, by what it says itself."""
    text = (entry.get("stdout") or "") + "\n" + (entry.get("stderr") or "")
    passed, names = sum(int(n) for n in PASSED.findall(text)), FAILED.findall(text)
    failed = len(names)
    for good, bad in CLOSING.findall(text)[-1:]:
        passed, failed = passed + int(good), failed + int(bad)
    if entry["result"] not in ("OK", "EXPECTEDFAIL"):
        return passed, max(failed, 1), names or [entry["name"].split(" / ")[-1]]
    return max(passed, 1), 0, []


def tell_failure(entry, names):
    for name in names:
        print("    FAILED: " + name.replace("_", " "))
    text = (entry.get("stdout") or "") + "\n" + (entry.get("stderr") or "")
    lines = [l for l in text.splitlines() if l.strip() and "[       OK ]" not in l and "[ RUN" not in l]
    for line in lines[-40:]:
        print("      " + line)
    if entry["result"] not in ("FAIL", "OK"):
        print("      " + entry["result"].lower())


def stage(title, folder, options, suites, env=None):
    """Configures and builds in `folder`, runs the suites, adds to the totals."""
    start = time.time()
    problem = None
    if not os.path.exists(os.path.join(ROOT, folder, "build.ninja")):
        problem = quiet(["meson", "setup", folder] + options, env)
    problem = problem or quiet(["ninja", "-C", folder])
    if problem:
        print(f"{title}: the build failed")
        print("\n".join("    " + l for l in problem.splitlines()[-40:]))
        total["failed"] += 1
        return
    logs = os.path.join(ROOT, folder, "meson-logs", "testlog.json")
    if os.path.exists(logs):
        os.remove(logs)
    quiet(["meson", "test", "-C", folder, "--no-rebuild"] + suites)
    passed = failed = 0
    skipped, broken = [], []
    for line in open(logs, encoding="utf-8", errors="replace") if os.path.exists(logs) else []:
        entry = json.loads(line)
        if entry["result"] == "SKIP":
            said = [l for l in (entry.get("stdout") or "").splitlines() if l.startswith("skipped")]
            skipped.append(entry["name"].split(" / ")[-1] + (": " + said[0][9:] if said else ""))
            continue
        good, bad, names = count(entry)
        passed, failed = passed + good, failed + bad
        if bad:
            broken.append((entry, names))
    if passed + failed == 0:
        failed = 1
        print(f"{title}: no test ran")
    print(f"{title}: {passed} passed, {failed} failed ({time.time() - start:.0f} s)", flush=True)
    for entry, names in broken:
        tell_failure(entry, names)
    for name in skipped:
        print("    skipped: " + name)
    total["passed"] += passed
    total["failed"] += failed
    total["skipped"] += len(skipped)


def fuzz():
    """A short run of each fuzz target; what it finds lies in the build folder."""
    folder = os.path.join(ROOT, "build-fuzz")
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        quiet(["meson", "setup", "build-fuzz", "-Dfuzz=libfuzzer"], {"CC": "clang"})
    problem = quiet(["ninja", "-C", "build-fuzz"])
    if problem:
        print("fuzz: the build failed\n" + problem[-2000:])
        total["failed"] += 1
        return
    for program in sorted(os.listdir(os.path.join(folder, "fuzz"))):
        if not program.startswith("libfuzzer-") or program.endswith(".p"):
            continue
        name = program[len("libfuzzer-") :]
        corpus = os.path.join(folder, name + ".corpus")
        os.makedirs(corpus, exist_ok=True)
        seeds = [os.path.join(ROOT, "fuzz", name + end) for end in (".seed", ".repro", ".corpus")]
        problem = quiet([os.path.join(folder, "fuzz", program), f"-max_total_time={FUZZ_SECONDS}",
                         f"-artifact_prefix={folder}/{name}-", "-rss_limit_mb=2048", "-timeout=20",
                         corpus] + [s for s in seeds if os.path.isdir(s)])
        print(f"fuzz {name}, {FUZZ_SECONDS} s: " + ("found something" if problem else "nothing found"), flush=True)
        if problem:
            print("\n".join("    " + l for l in problem.splitlines()[-25:]))
        total["failed" if problem else "passed"] += 1


def main(args):
    everything = args[:1] == ["all"]
    sys.stdout.reconfigure(line_buffering=True)  # what is known is seen at once, in a pipe too
    print("\nTesting", flush=True)
    stage("gcc", "build", [], [] if everything else ["--no-suite", "slow"])
    stage("gcc with address and undefined behaviour sanitizers", "build-asan",
          ["-Dwerror=true", "-Db_sanitize=address,undefined", "-Db_lundef=false",
           "-Dc_args=-fno-sanitize-recover=undefined"],
          ["--suite", "unit", "--suite", "golden"] + (["--suite", "slow"] if everything else []))
    if shutil.which("clang"):
        stage("clang", "build-clang", ["-Dwerror=true"], ["--suite", "unit"], {"CC": "clang"})
        if everything:
            fuzz()
    if total["skipped"]:
        print(f"{total['skipped']} skipped")
    print(f"{total['passed']} passed, {total['failed']} failed", flush=True)
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
