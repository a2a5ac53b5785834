#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole of lakebase-conformance, as against a real workspace, in bad weather: not one false failure;
and time and again in random order.

weather.py CONFORMANCE MOCK FIXTURES [TEST...]; TAP on stdout.
"""
import contextlib
import json
import time

import harness
from harness import Relay, Server, expect, play_real, run, test, told

PARALLEL = ["--parallel", "16", "--timeout", "20"]


def storm(server):
    server.ask("POST", "/_mock/scenarios/storm-503")


def throttle(server):
    server.fault({"rpc": "Any"}, {"type": "throttle", "retry_after": 1}, when={"probability": 0.05})


def resets(server):
    for phase in ("before", "after_commit"):
        server.fault({"rpc": "Any"}, {"type": "reset"}, phase=phase, when={"probability": 0.025})


def play(folder, weather, delay=0, most=0.02):
    """Every case that can be played is; none fails; at most a share of `most` is left undecided."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Server())
        for make in weather:
            make(server)
        url = stack.enter_context(Relay(server.url, delay)).url if delay else server.url
        begin = time.monotonic()
        _, result = play_real(url, folder, *PARALLEL)
        counts = result["counts"]
        print(f"# {counts} {result['calls']} calls, {time.monotonic() - begin:.0f} s", flush=True)
        expect(counts["fail"] == counts["error"] == 0, told(result))
        expect(counts["pass"] > 200 and counts["inconclusive"] <= most * counts["pass"], (counts, told(result)))
        expect(result["left"] == [] and not result["unproven"], result["left"])
        server.ask("DELETE", "/_mock/faults")
        expect(server.projects() == [], server.projects())


@test
def every_call_is_answered_503_five_times(folder):
    play(folder, [storm])


@test
def one_call_in_twenty_is_throttled(folder):
    play(folder, [throttle])


@test
def one_connection_in_twenty_is_reset(folder):
    play(folder, [resets])


@test
def every_request_takes_100_ms_more(folder):
    play(folder, [], delay=0.1)


@test
def all_of_it_together(folder):
    play(folder, [storm, throttle, resets], delay=0.1, most=0.1)


@test
def eight_runs_in_random_order_are_one(_):
    for _ in range(8):  # each in an order that nobody has seen
        r = run("--shuffle", "--format", "json")
        result = json.loads(r.stdout)
        expect(r.returncode == 0, ("seed", result["seed"], told(result)))


harness.main(together=6)
