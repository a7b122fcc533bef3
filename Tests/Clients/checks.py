"""What the client scripts share: where the exchange is, and a list of named checks."""

import asyncio
import os
import sys
import time
import traceback

ENDPOINT = os.environ["CLIENT_ENDPOINT"]  # host:port
AUTHORITY = os.environ["CLIENT_AUTHORITY"]  # the exchange's certification authority, PEM
KEY = os.environ["CLIENT_KEY"]
SECRET = os.environ["CLIENT_SECRET"]

REST = f"https://{ENDPOINT}/api"
STREAMS = f"wss://{ENDPOINT}"
WS_API = f"wss://{ENDPOINT}/ws-api/v3"

_checks = []


def check(function):
    """Registers a check; its name is the function's."""
    _checks.append(function)
    return function


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def expect_raises(kind, function, *arguments, **options):
    """The call fails with this exception, which is returned."""
    try:
        result = function(*arguments, **options)
    except kind as failure:
        return failure
    raise AssertionError(f"{kind} expected, got {result!r}")


def run(client):
    """Runs every check in order; the exit status is how many failed."""
    failed = 0
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    for function in _checks:
        name = function.__name__.replace("_", " ")
        started = time.monotonic()
        try:
            if asyncio.iscoroutinefunction(function):
                loop.run_until_complete(asyncio.wait_for(function(), timeout=30))
            else:
                function()
            print(f"ok      {client}: {name} ({time.monotonic() - started:.1f} s)", flush=True)
        except Exception as failure:
            failed += 1
            print(f"FAILED  {client}: {name}: {type(failure).__name__}: {failure}", flush=True)
            traceback.print_exc(file=sys.stderr)
    print(f"{client}: {len(_checks) - failed} of {len(_checks)} checks passed", flush=True)
    sys.exit(1 if failed else 0)
