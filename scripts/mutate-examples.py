#!/usr/bin/env python3
"""Whether the examples' tests notice mistakes: changes one thing at a time in each example, and runs its tests on that.

    scripts/mutate-examples.py [NAME...]

Every verdict is turned into another one, and every number in the code is made greater by one. Prints the changes that no test noticed, and
how many were noticed. Some that nobody notices change nothing that a test could see, such as a parameter's default that each test sets.
FLUKE6 names the program if it is not the one that ./run.sh builds.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HOME = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("FLUKE6", HOME / "src/Fluke6/bin/Release/net10.0/fluke6")
OTHER_VERDICT = {"Continue": "Drop", "Drop": "Continue", "Reflect": "Continue", "Accept": "Drop"}
# Comments and texts come first, so that nothing in them is taken for code.
TOKEN = re.compile(
    r'//[^\n]*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])+\'|Verdict\.(?P<verdict>\w+)|(?<![\w.])(?P<number>0x[0-9A-Fa-f_]+|\d[\d_]*)(?![\w.]|\.\d)')


def mutants(code):
    """What changes, as a reader sees it, and the code with it."""
    for token in TOKEN.finditer(code):
        new = None
        if token["verdict"] in OTHER_VERDICT:
            new = f"Verdict.{OTHER_VERDICT[token['verdict']]}"
        elif token["number"]:
            value = int(token["number"].replace("_", ""), 0) + 1
            new = hex(value) if token["number"].startswith("0x") else str(value)
        if new is not None:
            line = code.count("\n", 0, token.start()) + 1
            yield f"line {line}: {token[0]} -> {new}", code[:token.start()] + new + code[token.end():]


def main():
    names = sys.argv[1:] or sorted(path.stem for path in (HOME / "examples").glob("*.csx"))
    noticed = missed = broken = 0
    with tempfile.TemporaryDirectory(prefix="fluke6-mutants-") as folder:
        for name in names:
            there = pathlib.Path(folder, name)
            there.mkdir()
            changes = {}
            test = (HOME / "examples" / f"{name}.test").read_text()
            for number, (what, code) in enumerate(mutants((HOME / "examples" / f"{name}.csx").read_text())):
                mutant = there / f"m{number}.csx"
                mutant.write_text(code)
                mutant.with_suffix(".test").write_text(test)
                changes[str(mutant.with_suffix(".test"))] = what
            if not changes:
                continue

            results = there / "results.xml"
            subprocess.run([PROGRAM, "test", there, "--junit", results], capture_output=True, check=False)
            suites = {suite.get("name"): suite for suite in xml.etree.ElementTree.parse(results).getroot()}
            for test, what in changes.items():
                if test not in suites:
                    broken += 1
                elif suites[test].get("failures") == "0":
                    missed += 1
                    print(f"{name}.csx, {what}", flush=True)
                else:
                    noticed += 1
    print(f"{noticed} of {noticed + missed} changes noticed; {broken} more do not compile")


if __name__ == "__main__":
    main()
