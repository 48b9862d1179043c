"""How much dearer all public names of area1_provider are than `import pulumi`, which every program pays anyway.

Runs alternate, so that a busy machine slows both alike; the ratio of the medians is the figure. With a limit as
argument (1.2 is the project's own) the exit code is 1 if the ratio is above it.
"""

import statistics
import subprocess
import sys
import time

RUNS = 15
STATEMENTS = ("import pulumi", "from area1_provider import *")


def seconds(statement: str) -> float:
    """Time one fresh interpreter that runs the statement."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - started


def measure() -> dict[str, list[float]]:
    """Time each statement RUNS times, in turn, after one run of each that fills the disk cache."""
    for statement in STATEMENTS:
        seconds(statement)
    taken: dict[str, list[float]] = {statement: [] for statement in STATEMENTS}
    for _ in range(RUNS):
        for statement in STATEMENTS:
            taken[statement].append(seconds(statement))
    return taken


def main() -> int:
    """Print both and their ratio."""
    taken = measure()
    for statement, times in taken.items():
        print(f"{statement:24} median {statistics.median(times):.3f} s   fastest {min(times):.3f} s   ({RUNS} runs)")
    base, ours = (statistics.median(times) for times in taken.values())
    print(f"ratio of medians         {ours / base:.3f}")
    limit = float(sys.argv[1]) if len(sys.argv) > 1 else None
    return int(limit is not None and ours / base > limit)


if __name__ == "__main__":
    sys.exit(main())
