#!/usr/bin/env python3
"""A service manager that keeps descriptors, as systemd does: manager.py PROGRAM ARGUMENT...

Standard input says what to do, a line each: restart, crash, reload, stop. Standard output says what happens, in lines that begin with "manager:";
the program's own lines come in between. sd_notify(3), sd_listen_fds(3).
"""
import os
import select
import signal
import socket
import sys
import tempfile

FIRST = 3
folder = tempfile.TemporaryDirectory()
told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
told.bind(f"{folder.name}/notify")
store = []  # pairs of a name and a descriptor


def say(text):
    print(f"manager: {text}", flush=True)


def start():
    process = os.fork()
    if process:
        return process
    # Last first: names tell them apart, and not their order.
    kept = list(reversed(store))
    high = [os.dup2(descriptor, 200 + index) for index, (_, descriptor) in enumerate(kept)]
    for index, descriptor in enumerate(high):
        os.dup2(descriptor, FIRST + index)
    os.closerange(FIRST + len(kept), 300)
    os.environ.update(NOTIFY_SOCKET=f"{folder.name}/notify", FDSTORE="64")
    if kept:
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(kept)), LISTEN_FDNAMES=":".join(name for name, _ in kept))
    os.execv(sys.argv[1], sys.argv[1:])


def listen():
    text, descriptors, _, _ = socket.recv_fds(told, 4096, 8)
    fields = dict(line.split("=", 1) for line in text.decode().split("\n"))
    if "FDSTORE" in fields:
        store.extend((fields["FDNAME"], descriptor) for descriptor in descriptors)
    else:
        for descriptor in descriptors:
            os.close(descriptor)
    if "FDSTOREREMOVE" in fields:
        for entry in [entry for entry in store if entry[0] == fields["FDNAME"]]:
            os.close(entry[1])
            store.remove(entry)
    if "RELOADING" in fields:
        say(f"reloading {int(fields['MONOTONIC_USEC']) > 0}")
    if "READY" in fields:
        say(f"ready {len(store)}")


program = start()
ended = os.pidfd_open(program)
begins_again = False
for_commands = sys.stdin.fileno()
commands = b""
while True:
    for ready in select.select([told, ended, for_commands], [], [])[0]:
        if ready is told:
            listen()
        elif ready == ended:
            os.waitpid(program, 0)
            os.close(ended)
            say("ended")
            if not begins_again:
                sys.exit()
            # Whoever drives this has time to send frames that nobody waits for.
            while os.read(for_commands, 1) != b"\n":
                pass
            program = start()
            ended = os.pidfd_open(program)
        else:
            text = os.read(for_commands, 1)
            commands += text
            if text not in (b"\n", b""):
                continue
            command, commands = commands.strip().decode(), b""
            begins_again = command in ("restart", "crash")
            os.kill(program, {"crash": signal.SIGKILL, "reload": signal.SIGHUP}.get(command, signal.SIGTERM))
            if command == "":
                for_commands = ended
