#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every public header compiles alone, as C11, C17 and C++, without a warning.

usage: headers.py CC CXX|- INCLUDE-FOLDER...   (headers are looked for in all of them)
"""
import glob
import os
import subprocess
import sys
import tempfile

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]


def main():
    cc, cxx, folders = sys.argv[1], sys.argv[2], sys.argv[3:]
    ways = [(cc, "c", "c11"), (cc, "c", "c17")]
    if cxx != "-":
        ways += [(cxx, "c++", "c++11"), (cxx, "c++", "c++20")]
    else:
        print("no C++ compiler here: C++ is not tried")
    headers = sorted({os.path.relpath(path, folder) for folder in folders
                      for path in glob.glob(os.path.join(folder, "smtpstatus*", "**"), recursive=True)
                      + glob.glob(os.path.join(folder, "smtpstatus.h")) if path.endswith(".h")})
    bad = 0
    with tempfile.TemporaryDirectory() as scratch:
        for header in headers:
            for compiler, language, standard in ways:
                source = os.path.join(scratch, "alone." + ("c" if language == "c" else "cc"))
                with open(source, "w", encoding="ascii") as file:
                    file.write(f"#include <{header}>\n#include <{header}>\nextern int not_empty;\n")
                done = subprocess.run([*compiler.split(), "-x", language, f"-std={standard}", *WARNINGS,
                                       *(f"-I{folder}" for folder in folders), source], capture_output=True, text=True)
                if done.returncode != 0:
                    bad += 1
                    print(f"{header} alone as {standard}:\n{done.stderr}")
    print(f"{len(headers)} headers, {len(ways)} ways each: {bad} failures")
    return 1 if bad or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
