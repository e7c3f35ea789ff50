#!/usr/bin/env python3
"""Whether the examples' tests notice mistakes: changes one thing at a time in each example, and runs its tests on that.

    scripts/mutate-examples.py [NAME...]

Every verdict is turned into another one, and every number in the code is made greater by one. Prints the changes that no test noticed, and
how many were noticed. Changes of EQUIVALENT do nothing that a test could see; they are counted apart.
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
ALL_ARE_GUARDED = "the guard asks for what has this view, so that no frame comes to this line"
LIMIT = "a greater limit refuses no value that is allowed, and a test cannot expect a refusal"
EQUIVALENT = {
    ("dhcp-answer", "365 -> 366"): LIMIT,
    ("dhcp-answer", "65_534 -> 65535"): LIMIT,
    ("dhcp-answer", "10_000 -> 10001"): LIMIT,
    ("dhcpv6-answer", "365 -> 366"): LIMIT,
    ("dhcpv6-answer", "65_536 -> 65537"): "only the message of the 65,537th client tells",
    ("dns-answer-from-upstream", "53 -> 54"): "the default is the Internet's port: a test may not ask there",
    ("dns-answer-from-upstream", "1 -> 2"): "port 1 is the system's: no test can serve there",
    ("dns-answer-from-upstream", "65535 -> 65536"): LIMIT,
    ("dns-rewrite-aaaa", "2 -> 3"): "a buffer with room to spare, or a longer wait for the length, of which nothing has come",
    ("dns-rewrite-aaaa", "65_535 -> 65536"): "a buffer with room to spare",
    ("dns-rewrite-aaaa", "1 -> 2"): "more may wait than a message has",
    ("dns-rewrite-aaaa", "17 -> 18"): "more may wait than a message has",
    ("dns-rewrite-aaaa", "0 -> 1"): "another place in a buffer with room to spare",
    ("ip-print", "40 -> 41"): "a buffer with room to spare",
    ("ndp-advertise-unsolicited", "Verdict.Continue -> Verdict.Drop"): "it is asked for no frame: When(Guard.Never)",
    ("ndp-map-prefix", "Verdict.Continue -> Verdict.Drop"): ALL_ARE_GUARDED,
    ("ndp-set-ra-mtu", "65535 -> 65536"): LIMIT,
    ("net-corrupt", "1 -> 2"): LIMIT,
    ("net-limit-flows", "1_000_000 -> 1000001"): LIMIT,
    ("net-limit-rate", "100_000 -> 100001"): LIMIT,
    ("net-link-trace", "0 -> 1"): "a test has no trace's file to name",
    ("net-lose", "1 -> 2"): LIMIT,
    ("net-reorder", "1 -> 2"): LIMIT,
    ("net-reorder", "1000 -> 1001"): LIMIT,
    ("net-scenario", "1 -> 2"): LIMIT,
    ("net-scenario", "100_000 -> 100001"): LIMIT,
    ("net-scenario", "60_000 -> 60001"): LIMIT,
    ("net-set-hop-limit", "254 -> 255"): LIMIT,
    ("net-small-mtu", "65_535 -> 65536"): LIMIT,
    ("tcp-clamp-mss", "Verdict.Continue -> Verdict.Drop"): ALL_ARE_GUARDED,
    ("tcp-echo-syn-options", "Verdict.Continue -> Verdict.Drop"): ALL_ARE_GUARDED,
    ("tcp-echo-syn-options", "1024 -> 1025"): "one more place than the hash finds",
    ("tcp-echo-syn-options", "0 -> 1"): "the ports of the header that is kept are never read, nor the numbers that places are counted by",
    ("tcp-echo-syn-options", "2654435761 -> 2654435762"): "another hash",
    ("tcp-echo-syn-options", "22 -> 23"): "a hash of half as many places",
    ("tcp-rot13-everywhere", "1 -> 2"): "a buffer with room to spare",
    ("tcp-rot13-everywhere", "20 -> 21"): "a buffer with room to spare",
    ("tcp-set-window-scale", "14 -> 15"): LIMIT,
    ("tls-log-sni", "1 -> 2"): "a buffer with room to spare; more may wait than clients say",
    ("tls-log-sni", "16 -> 17"): "only a message of more than 65,536 bytes tells, which would be a test of 130 kB",
    ("tls-log-sni", "17 -> 18"): "a buffer with room to spare",
    ("tls-log-sni", "0 -> 1"): "another place in a buffer with room to spare, or what a number begins with that is only compared with itself",
}
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
    noticed = missed = broken = equivalent = 0
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
                elif suites[test].get("failures") == "0" and (name, what.split(": ", 1)[1]) in EQUIVALENT:
                    equivalent += 1
                elif suites[test].get("failures") == "0":
                    missed += 1
                    print(f"{name}.csx, {what}", flush=True)
                else:
                    noticed += 1
    print(f"{noticed} of {noticed + missed} changes noticed; {equivalent} more do nothing, {broken} do not compile")


if __name__ == "__main__":
    main()
