#!/usr/bin/env python3
"""How long Fluke6 takes to start, with and without kept rules, how soon the first save is live, and what memory it takes then. To be run as root,
from anywhere; builds nothing.

  FLUKE6=artifacts/fluke6/fluke6 scripts/bench/start.py --runs 5

Prints the median, the least and the most of the runs, on a machine that does nothing else if the figures are to mean anything.
"""
import argparse, json, os, shutil, signal, statistics, subprocess, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RULES = ["tcp-strip-sack-permitted", "tcp-clamp-mss", "tcp-log-options", "ndp-rewrite-ra-prefix", "ndp-answer-solicitations"]
SAVED = "tcp-clamp-mss"
NAMESPACE = f"fl6start-{os.getpid()}"
TICKS = os.sysconf("SC_CLK_TCK")

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--runs", type=int, default=5)
options = parser.parse_args()
program = os.path.abspath(os.environ.get("FLUKE6", f"{ROOT}/artifacts/fluke6/fluke6"))
results = {}


def note(what, value):
    results.setdefault(what, []).append(value)


def stat(process):
    with open(f"/proc/{process}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()


def cpu(process):
    """Seconds that a process has used, in all its threads."""
    fields = stat(process)
    return (int(fields[11]) + int(fields[12])) / TICKS


def compiler_of(bridge):
    """The compiler's process, which is a child of the bridge's; None if there is none."""
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline", "rb") as file:
                if b"Fluke6.Scripting" in file.read() and int(stat(process)[1]) == bridge:
                    return int(process)
        except OSError:    # it ended meanwhile
            pass
    return None


def memory(process):
    """MB that are resident, and the process's share of them."""
    with open(f"/proc/{process}/smaps_rollup") as file:
        fields = dict(line.split(":") for line in file if ":" in line and "kB" in line)
    return [int(fields[name].split()[0]) / 1000 for name in ("Rss", "Pss")]


class Bridge:
    def __init__(self, rules, environment):
        began = time.monotonic()
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", NAMESPACE, program, "bridge", "tap:start0", "tap:start1", "-r", rules, "--headless", "--stats", "json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.until("ready")
        self.start = time.monotonic() - began
        self.cpu = cpu(self.process.pid)

    def until(self, kind):
        for line in self.process.stdout:
            message = json.loads(line)
            if message["type"] == kind:
                return message
        raise SystemExit(f"the bridge ended: {self.process.stderr.read()}")

    def until_compiler_is_idle(self):
        last = None
        while (compiler := compiler_of(self.process.pid)) is None or last != (last := cpu(compiler)):
            time.sleep(0.5)
        return compiler

    def save(self, rules, number):
        """Seconds from the save to the line that tells of it, and those that the bridge itself says."""
        path = f"{rules}/{SAVED}.csx"
        with open(path) as file:
            text = file.read()
        with open(f"{path}.new", "w") as file:
            file.write(f"{text}// {number} {time.monotonic_ns()}\n")
        began = time.monotonic()
        os.rename(f"{path}.new", path)
        message = self.until("reload")
        return time.monotonic() - began, message["milliseconds"] / 1000

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate()


def check(path, environment):
    began = time.monotonic()
    before = os.times()
    subprocess.run([program, "check", path], check=True, stdout=subprocess.DEVNULL, env=environment)
    after = os.times()
    return time.monotonic() - began, after.children_user + after.children_system - before.children_user - before.children_system


def measure(folder, run):
    environment = os.environ | {"XDG_CACHE_HOME": f"{folder}/cache-{run}"}
    rules = f"{folder}/rules-{run}"
    os.mkdir(rules)
    for name in RULES:
        shutil.copy(f"{ROOT}/examples/{name}.csx", rules)

    seconds, used = check(f"{rules}/{SAVED}.csx", environment)
    note("check of one rule, nothing kept: s", seconds)
    note("check of one rule, nothing kept: CPU s", used)
    seconds, used = check(f"{rules}/{SAVED}.csx", environment)
    note("check of one rule, kept: s", seconds)
    note("check of one rule, kept: CPU s", used)
    shutil.rmtree(environment["XDG_CACHE_HOME"])

    bridge = Bridge(rules, environment)
    note("ready with five rules, nothing kept: s", bridge.start)
    note("ready with five rules, nothing kept: CPU s of the bridge", bridge.cpu)
    bridge.end()

    bridge = Bridge(rules, environment)
    note("ready with five rules, kept: s", bridge.start)
    note("ready with five rules, kept: CPU s of the bridge", bridge.cpu)
    compiler = bridge.until_compiler_is_idle()
    for name, process in (("bridge", bridge.process.pid), ("compiler", compiler)):
        for kind, value in zip(("resident", "its share"), memory(process)):
            note(f"before the first save, {name}: {kind}, MB", value)
    for what in ("first", "second", "third"):
        seconds, told = bridge.save(rules, run)
        note(f"{what} save live: s", seconds)
        note(f"{what} save, as the bridge says: s", told)
    for name, process in (("bridge", bridge.process.pid), ("compiler", compiler)):
        note(f"after three saves, {name}: resident, MB", memory(process)[0])
    bridge.end()

    bridge = Bridge(rules, environment)
    note("save right after ready, while the compiler prepares: s", bridge.save(rules, run)[0])
    bridge.end()


folder = tempfile.mkdtemp()
subprocess.run(["ip", "netns", "add", NAMESPACE], check=True)
try:
    for run in range(options.runs):
        measure(folder, run)
finally:
    subprocess.run(["ip", "netns", "delete", NAMESPACE], check=True)
    shutil.rmtree(folder)
for what, values in results.items():
    print(f"{what:58} {statistics.median(values):8.3f}   ({min(values):.3f} to {max(values):.3f})")
