#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether a file keeps to what the schema of SARIF 2.1.0 demands of those parts that lint writes, and has
no property that the schema doesn't know.

usage: check.py FILE|-

With $SARIF_SCHEMA, a file with the official schema (npm has it in @microsoft/jest-sarif), the file is
validated against that too; Python's jsonschema is needed then.
"""
import json
import os
import re
import sys

LEVELS = {"none", "note", "warning", "error"}
URI = re.compile(r"(?:[A-Za-z0-9\-._~/]|%[0-9A-F]{2})*\Z")
# Of each object: the properties it must have, and those it may have besides.
OBJECTS = {
    "log": ({"version", "runs"}, {"$schema"}),
    "run": ({"tool"}, {"results", "columnKind"}),
    "tool": ({"driver"}, set()),
    "driver": ({"name"}, {"rules", "version", "semanticVersion", "informationUri"}),
    "rule": ({"id"}, {"shortDescription", "help", "defaultConfiguration", "helpUri"}),
    "configuration": (set(), {"level", "enabled"}),
    "message": ({"text"}, set()),
    "result": ({"message"}, {"ruleId", "ruleIndex", "level", "locations"}),
    "location": (set(), {"physicalLocation"}),
    "physical": ({"artifactLocation"}, {"region"}),
    "artifact": (set(), {"uri"}),
    "region": (set(), {"startLine", "snippet"}),
}


def fail(what):
    sys.exit("not SARIF: " + what)


def look(kind, value):
    needed, allowed = OBJECTS[kind]
    if not isinstance(value, dict):
        fail(f"{kind} is no object")
    if needed - value.keys() or value.keys() - needed - allowed:
        fail(f"{kind} has {sorted(value)}")
    return value


def text(kind, value):
    if not isinstance(look(kind, value)["text"], str) or not value["text"]:
        fail("an empty message")


def check_rules(driver):
    rules = [look("rule", rule) for rule in driver.get("rules", [])]
    if len({rule["id"] for rule in rules}) != len(rules):
        fail("two rules with one id")
    for rule in rules:
        text("message", rule["shortDescription"])
        text("message", rule["help"])
        if look("configuration", rule["defaultConfiguration"])["level"] not in LEVELS:
            fail("level of a rule")
    return rules


def check_result(result, rules):
    look("result", result)
    text("message", result["message"])
    if result["level"] not in LEVELS or rules[result["ruleIndex"]]["id"] != result["ruleId"]:
        fail("level or rule of a result")
    for location in result["locations"]:
        place = look("physical", look("location", location)["physicalLocation"])
        if not URI.match(look("artifact", place["artifactLocation"])["uri"]):
            fail("uri " + place["artifactLocation"]["uri"])
        line = look("region", place["region"])["startLine"]
        if not isinstance(line, int) or line < 1:
            fail("startLine")


def main():
    file = sys.stdin if sys.argv[1] == "-" else open(sys.argv[1], encoding="utf-8")
    log = look("log", json.load(file))
    if os.environ.get("SARIF_SCHEMA"):
        import jsonschema

        jsonschema.validate(log, json.load(open(os.environ["SARIF_SCHEMA"], encoding="utf-8")))
    if log["version"] != "2.1.0" or not isinstance(log["runs"], list):
        fail("version")
    results = 0
    for run in log["runs"]:
        driver = look("driver", look("tool", look("run", run)["tool"])["driver"])
        rules = check_rules(driver)
        for result in run["results"]:
            check_result(result, rules)
            results += 1
    print(f"SARIF 2.1.0, {results} results")


if __name__ == "__main__":
    main()
