"""Prints one JSON line for each model on the command line: what a tool counts, or why it cannot."""

import contextlib
import io
import json
import sys
import time


def report(count):
    """`count` maps a path to macs, params and the operators that the tool says it left out."""
    for path in sys.argv[1:]:
        start = time.perf_counter()
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                line = count(path, said)
            line = {key: number(value) for key, value in line.items()}
        except Exception as error:  # whatever a tool does with a model it cannot take
            line = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps({**line, "seconds": time.perf_counter() - start}), flush=True)


def number(value):
    return value if value is None or isinstance(value, list) else int(round(float(value)))
