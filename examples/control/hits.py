#!/usr/bin/env python3
"""Prints what a bridge's rules hit, once a second, and what happens: hits.py /run/fluke6/eth1-eth2.sock"""
import json
import socket
import sys

bridge = socket.socket(socket.AF_UNIX)
bridge.connect(sys.argv[1])
lines = bridge.makefile("rw", encoding="utf-8")
ready = json.loads(lines.readline())
print("watching", ready["left"], "<->", ready["right"], flush=True)
print(json.dumps({"id": 1, "command": "watch", "interval": 1000, "events": True}), file=lines, flush=True)
for line in lines:
    message = json.loads(line)
    if message["type"] == "stats":
        print("hits", {rule["name"]: rule["hits"] for rule in message["rules"]}, flush=True)
    elif message["type"] == "log":
        print(message["rule"], "says", message["message"], flush=True)
    elif message["type"] == "end":
        break
