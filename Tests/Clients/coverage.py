"""Which of a client's methods the checks have called, and which they leave out, with reasons."""

import re

from checks import expect


class Recorder:
    """Stands before a client and notes which of its methods are asked for by name."""

    def __init__(self, client, called):
        self._client = client
        self._called = called

    def __getattr__(self, name):
        self._called.add(name)
        return getattr(self._client, name)


def snake(name):
    """`fetchOHLCVWs` as Python spells it: `fetch_ohlcv_ws`."""
    return re.sub("(?<!^)([A-Z])", r"_\1", name.replace("OHLCV", "Ohlcv")).lower()


def expect_covered(offered, called, left_out):
    """Every method that a client offers has been called or is left out, and none of both.

    `left_out` has the names by the reason, parted by spaces.
    """
    excluded = [name for names in left_out.values() for name in names.split()]
    expect(len(excluded) == len(set(excluded)), "a name is left out twice")
    excluded = set(excluded)
    expect(excluded <= offered, f"left out but not offered: {sorted(excluded - offered)}")
    expect(not excluded & called, f"left out but called: {sorted(excluded & called)}")
    expect(
        offered <= called | excluded,
        f"neither called nor left out: {sorted(offered - called - excluded)}")
