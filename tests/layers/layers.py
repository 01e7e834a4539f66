#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The layers of ARCHITECTURE.md, read from the objects: arrows point down, no hidden state, no language
is large, and the shared library exports what the headers promise, no more and no less.

usage: layers.py BUILD-FOLDER HEADER-FOLDER
"""
import glob
import os
import re
import subprocess
import sys

# Each layer with the layers it may use in any way. Of all others it may use public functions at most
# where the second list says so.
LAYERS = {
    "core": ([], []),
    "read": (["core"], []),
    "track": (["core"], ["read"]),
    "say": (["core"], []),
    "write": (["core"], ["say"]),
    "lint": (["core"], ["read"]),
}
BYTES = {"memcpy", "memmove", "memset", "memcmp", "bcmp"}  # clang makes the last one of memcmp
# Of libc, without files, clock, locale and hidden state.
LIBC = BYTES | {"memchr", "memrchr", "memmem", "strlen", "strnlen", "strcmp", "strncmp",
                "strchr", "strrchr", "malloc", "calloc", "realloc", "free",
                "qsort", "bsearch", "iconv", "iconv_open", "iconv_close", "__errno_location"}
# What compilers add by themselves: position-independent code, stack protector, sanitizers, coverage.
COMPILER = re.compile(r"_GLOBAL_OFFSET_TABLE_|__stack_chk|__(asan|odr_asan|ubsan|tsan|sanitizer|gcov|llvm|start|stop)_?|"
                      r"__(u?(div|mod)(mod)?[dt]i[34]|popcount[dt]i2)$|__mem(cpy|move|set)_chk$")
LANGUAGE_BYTES = 150_000
WRITABLE = re.compile(r"\.(data(?!\.rel\.ro)|bss|tbss|tdata)|\*COM\*")


def nm(path, *options):
    return subprocess.run(["nm", *options, path], check=True, capture_output=True, text=True).stdout.splitlines()


class Library:
    def __init__(self, path):
        self.defined, self.undefined, self.writable = set(), set(), set()
        for line in nm(path, "--format=sysv"):
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) != 7:
                continue
            name, kind, section = cells[0], cells[2], cells[6]
            if kind == "U":
                self.undefined.add(name)
            elif kind.isupper() or kind == "w":
                self.defined.add(name)
            if kind in "dDbBC" and WRITABLE.match(section) and not COMPILER.match(name):
                self.writable.add(f"{name} in {section}")
        self.undefined -= self.defined
        self.undefined = {name for name in self.undefined if not COMPILER.match(name)}


def arrows(libraries):
    for layer, library in sorted(libraries.items()):
        below, public = LAYERS[layer]
        for name in sorted(library.undefined):
            owner = next((other for other in libraries if name in libraries[other].defined), None)
            if owner in below or (owner in public and not name.startswith("sst__")):
                continue
            if owner is not None:
                yield f"{layer} uses {name} of {owner}"
            elif name not in (BYTES if layer == "core" else LIBC):
                yield f"{layer} uses {name}, which is not of the functions it may call"
        for name in sorted(library.writable):
            yield f"{layer} has hidden state: {name}"


def languages(archive):
    """A language costs those who don't read it little."""
    for line in subprocess.run(["size", archive], check=True, capture_output=True, text=True).stdout.splitlines()[1:]:
        text, data, name = line.split()[0], line.split()[1], line.split()[5]
        if "texts_" in name and "texts_table" not in name and int(text) + int(data) > LANGUAGE_BYTES:
            yield f"{name} takes {int(text) + int(data)} bytes, more than {LANGUAGE_BYTES}"


def promised(folder):
    """The functions that headers declare with SST_API."""
    names = set()
    for path in glob.glob(os.path.join(folder, "**", "*.h"), recursive=True):
        text = re.sub(r"/\*.*?\*/", " ", open(path, encoding="utf-8").read(), flags=re.S)
        for prototype in re.findall(r"^SST_API\s+([^;{]*)", text, flags=re.M):
            names.add(re.search(r"(\w+)\s*\(", prototype)[1])
    return names


def exports(shared, folder):
    have = set()
    for line in nm(shared, "-D", "--defined-only"):
        name = line.split()[-1].split("@")[0]
        if name.startswith("sst_"):
            have.add(name)
        elif not name.startswith("SMTPSTATUS_") and not COMPILER.match(name):
            yield f"the shared library exports {name}"
    want = promised(folder)
    yield from (f"{name} is declared with SST_API but not exported" for name in sorted(want - have))
    yield from (f"{name} is exported but not declared with SST_API" for name in sorted(have - want))


def main():
    build, headers = sys.argv[1:]
    libraries = {}
    for layer in LAYERS:
        for path in glob.glob(os.path.join(build, layer, "lib*.a")):
            libraries[layer] = Library(path)
    shared = os.path.join(build, "libsmtpstatus.so")
    complaints = [*arrows(libraries), *exports(shared, headers)]
    complaints += languages(os.path.join(build, "say", "libsst-say.a"))
    complaints += [f"there is no library of layer {layer}" for layer in sorted(set(LAYERS) - set(libraries))]
    for complaint in complaints:
        print(complaint)
    print(f"{len(libraries)} layers looked at: {'as they should be' if not complaints else 'not as they should be'}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
