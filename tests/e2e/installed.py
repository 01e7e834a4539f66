#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs are built and run against what is installed, as a packager or another project would.

usage: installed.py BUILD-FOLDER

Installs into a folder of its own, and asks pkg-config for everything: each program of examples/ with the shared
library, the core alone linked in, and a C++ program with all headers. Skipped without pkg-config.
"""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEADERS = sorted(os.path.join(folder[len(ROOT) + 9:], name)
                 for folder, _, names in os.walk(os.path.join(ROOT, "include")) for name in names if name.endswith(".h"))
PLUS_PLUS = "".join(f"#include <{name}>\n" for name in HEADERS + ["smtpstatus/words.h", "cstdio"]) + r"""
int main()
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict{};

	evidence.text = SST_TEXT("552 5.2.2 Mailbox full");
	sst_judge(nullptr, &evidence, &verdict);
	sst_text word = sst_say_word(sst_lang_find(SST_TEXT("de"), nullptr), SST_VOCABULARY_CATEGORY, verdict.category);
	std::printf("%.*s\n", static_cast<int>(word.len), word.ptr);
}
"""
CORE = r"""
#include <smtpstatus.h>
#include <smtpstatus/words.h>
#include <stdio.h>

int main(void)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;

	evidence.text = SST_TEXT("552 5.2.2 Mailbox full");
	sst_judge(NULL, &evidence, &verdict);
	return verdict.category == SST_CATEGORY_MAILBOX_FULL ? 0 : 1;
}
"""


def run(*words, **more):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode:
        sys.exit(f"FAILED: {' '.join(words)}\n{done.stdout}")
    return done.stdout


def main(build):
    if not shutil.which("pkg-config") or not shutil.which("meson"):
        print("skipped: pkg-config or meson is not here")
        return 77
    with tempfile.TemporaryDirectory(prefix="smtpstatus-installed-") as folder:
        run("meson", "install", "-C", build, "--no-rebuild", "--destdir", folder)
        libraries = next(at for at, _, names in os.walk(folder) if "libsmtpstatus.so" in names)
        env = dict(os.environ, PKG_CONFIG_SYSROOT_DIR=folder, PKG_CONFIG_LIBDIR=os.path.join(libraries, "pkgconfig"),
                   LD_LIBRARY_PATH=libraries)
        flags = lambda name: run("pkg-config", "--cflags", "--libs", name, env=env).split()
        compiler = os.environ.get("CC", "cc").split()
        strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1"]
        for name in sorted(os.listdir(os.path.join(ROOT, "examples"))):
            if name.endswith(".c"):
                run(*compiler, "-std=c17", *strict, os.path.join(ROOT, "examples", name), "-o",
                    os.path.join(folder, name[:-2]), *flags("smtpstatus"))
        print(run(os.path.join(folder, "short"), env=env), end="")
        for name, text in (("core.c", CORE), ("all.cc", PLUS_PLUS)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
                out.write(text)
        run(*compiler, "-std=c11", *strict, os.path.join(folder, "core.c"), "-o", os.path.join(folder, "core"),
            *flags("smtpstatus-core"))
        run(os.path.join(folder, "core"))
        if shutil.which("c++"):
            run("c++", "-std=c++17", *strict, os.path.join(folder, "all.cc"), "-o", os.path.join(folder, "all"),
                *flags("smtpstatus"))
            print(run(os.path.join(folder, "all"), env=env), end="")
    print("passed")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
