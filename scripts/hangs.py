#!/usr/bin/env python3
"""Rules that hang, in every way there is, one after another in one running bridge, under a ping: does the process live, how long is traffic
out, what is left behind? To be run as root, from anywhere, after ./run.sh built the program. Exit status 1 if a limit was missed.

  scripts/hangs.py --rounds 10              200 hangs; about ten minutes
  scripts/hangs.py --rounds 2 --load 4      while four processes want all of the processors
"""
import argparse, collections, json, os, re, shutil, signal, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KINDS = {
    "empty loop": "while (true) { }",
    "TLV walk": 'var found = new List<string>(); var payload = frame.Payload; for (int at = 0; at < payload.Length; at += payload[at] & 0) { if (found.Count < 100) found.Add($"{payload[at]:x2}"); else found.Clear(); }',
    "regex": "if (System.Text.RegularExpressions.Regex.IsMatch(new string('a', 40) + '!', \"^(a+)+$\")) return Verdict.Drop;",
    "dictionary": "var d = new Dictionary<int,string>(); while (true) d[d.Count % 1000] = new string('x', 100);",
    "LINQ": 'while (true) Enumerable.Range(0, 1000).Where(n => n % 2 == 0).Select(n => $"{n}").ToList();',
    "LINQ inside the library": "Enumerable.Repeat(1, int.MaxValue).SelectMany(n => Enumerable.Repeat(n, int.MaxValue)).LongCount();",
    "catch-all": "while (true) { try { throw new Exception(); } catch { } }",
    "strings": 'string t = ""; while (true) t = t.Length > 10000 ? "" : t + "x";',
    "walk of headers": "while (true) frame.TryGetIpv4(out _);",
    "setter": "frame.TryGetIpv4(out var ip); while (true) ip.TimeToLive++;",
    "payload": 'while (true) frame.ReplacePayload("abc"u8);',
    "log": 'while (true) Log($"{frame.Length}");',
    "send": "while (true) Send(Side.Right, new byte[60]);",
    "timers": "while (true) After(TimeSpan.FromHours(1), () => { }).Dispose();",
    "posted work": "while (true) { try { Post(() => { }); } catch (InvalidOperationException) { } }",
    "keep": 'while (true) Keep("x", () => new List<int>());',
    "sleep": "System.Threading.Thread.Sleep(-1);",
    "lock": "var free = new object(); var taken = new System.Threading.ManualResetEventSlim(); new System.Threading.Thread(() => { lock (free) { taken.Set(); System.Threading.Thread.Sleep(10_000); } }) { IsBackground = true }.Start(); taken.Wait(); lock (free) { }",
    "task": "new System.Threading.Tasks.TaskCompletionSource().Task.Wait();",
    "blocking read": "using var s = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0)); IPEndPoint? f = null; s.Receive(ref f);",
}

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--rounds", type=int, default=1, help="how often each kind")
parser.add_argument("--load", type=int, default=0, help="processes that want a processor meanwhile")
parser.add_argument("--longest", type=float, default=1.2, help="how long traffic may be out, in seconds")
parser.add_argument("--kinds", help="only kinds whose names hold this")
parser.add_argument("--program", default=f"{ROOT}/src/Fluke6/bin/Release/net10.0/fluke6")
options = parser.parse_args()

NAME = f"hangs{os.getpid()}"
A, B = f"{NAME}-a", f"{NAME}-b"
folder = tempfile.mkdtemp(prefix="hangs-")
rules = f"{folder}/rules"
os.mkdir(rules)
processes = []


def shell(command):
    return subprocess.run(command, shell=True, capture_output=True, text=True)


def start(*command, **streams):
    processes.append(subprocess.Popen(command, **streams))
    return processes[-1]


def clean(*_):
    for process in processes:
        process.kill()
        process.wait()
    shell(f"ip netns del {A}; ip netns del {B}")
    shutil.rmtree(folder, ignore_errors=True)
    if _:
        sys.exit(1)


def written(kind=None):
    lines = (json.loads(line) for line in open(f"{folder}/out") if line.endswith("\n"))
    return [line for line in lines if kind in (None, line["type"])]


def wait(condition, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        if bridge.poll() is not None:
            sys.exit(f"THE BRIDGE ENDED with {bridge.returncode}: {open(f'{folder}/err').read()[-2000:]}")
        if condition():
            return True
        time.sleep(0.05)
    return False


def status(field):
    return int(re.search(rf"{field}:\s+(\d+)", open(f"/proc/{bridge.pid}/status").read()).group(1))


signal.signal(signal.SIGTERM, clean)
failed = []
waits = collections.defaultdict(list)
try:
    for name in (A, B):
        assert shell(f"ip netns add {name}").returncode == 0, "needs root"
    with open(f"{rules}/20-other.csx", "w") as rule:
        rule.write("Verdict Apply(ref Frame frame) => Verdict.Continue;\n")
    bridge = start(options.program, "bridge", f"tap:eth0@{A}", f"tap:eth0@{B}", "-r", rules, "--stats", "json",
                   stdout=open(f"{folder}/out", "w"), stderr=open(f"{folder}/err", "w"))
    assert wait(lambda: written("ready")), "not ready"
    for name, address in ((A, "192.0.2.1"), (B, "192.0.2.2")):
        shell(f"ip -n {name} addr add {address}/24 dev eth0; ip -n {name} link set eth0 up")
    shell(f"ip netns exec {A} ping -c 2 -w 10 192.0.2.2")
    for _ in range(options.load):
        start("sh", "-c", "while :; do :; done")

    kinds = {kind: body for kind, body in KINDS.items() if not options.kinds or options.kinds in kind}
    hangs = 0
    for _ in range(options.rounds):
        for kind, body in kinds.items():
            reloads, faults = len(written("reload")), len(written("fault"))
            hangs += 1
            with open(f"{rules}/10-hang.csx", "w") as rule:
                rule.write(f"// {hangs}\nVerdict Apply(ref Frame frame)\n{{\n    if (!frame.TryGetIpv4(out _) || frame.Length != 55) "
                           f"return Verdict.Continue;\n    {body}\n    return Verdict.Continue;\n}}\n")
            wait(lambda: len(written("reload")) > reloads)
            reload = written("reload")[-1]
            if not reload["ok"]:
                failed.append(f"{kind} was not loaded: {reload['diagnostics']}")
                print(failed[-1], flush=True)
                continue
            ping = start("ip", "netns", "exec", A, "ping", "-i", "0.02", "-c", "90", "-W", "3", "192.0.2.2", stdout=subprocess.PIPE, text=True)
            time.sleep(0.1)
            shell(f"ip netns exec {A} ping -c 1 -W 3 -s 13 192.0.2.2")
            times = [float(found) for found in re.findall(r"time=([\d.]+)", ping.communicate()[0])]
            processes.remove(ping)
            told = wait(lambda: len(written("fault")) > faults, 5)
            fault = written("fault")[-1] if told else {"message": "NO FAULT"}
            longest = max(times, default=99_000) / 1000
            waits[kind].append(longest)
            print(f"{hangs:4} {kind:24} {len(times)}/90 pings, out for {longest:5.3f} s, threads {status('Threads'):3}, "
                  f"RSS {status('VmRSS') // 1024} MiB, {fault['message'][:40]} at {fault.get('at')}", flush=True)
            if longest > options.longest or len(times) < 90 or not told:
                failed.append(f"{kind}: out for {longest:.3f} s, {len(times)}/90 pings, fault told: {told}")

    longest = sorted(one for all in waits.values() for one in all)
    left = written("stats")[-1]
    print(f"{hangs} hangs, {len(kinds)} kinds: 0 processes ended; traffic was out for {longest[len(longest) // 2]:.3f} s (median), "
          f"{longest[-1]:.3f} s at the most; {left['threadsLeftBehind']} threads left behind, {status('Threads')} in all, RSS {status('VmRSS') // 1024} MiB")
    bridge.terminate()
    if (ended := bridge.wait(10)) != 0:
        failed.append(f"the bridge ended with {ended}")
    for line in failed:
        print(f"MISSED: {line}")
finally:
    clean()
sys.exit(1 if failed else 0)
