"""Time and memory of an epoch against the number of rows, and one process against two."""

import json
import os
import subprocess
import sys
import time

BATCH_SIZE, FEATURES = 512, 50


def measure(quick, say):
    """Return rows: seconds of an epoch and peak memory, each in a process of its own."""
    sizes = (1_000, 10_000, 100_000) if quick else (1_000, 10_000, 100_000, 1_000_000)
    rows = []
    for size in sizes:
        say(f"growth: {size:,} rows")
        rows.append(in_process([sys.executable], size))
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    say("growth: two processes")
    rows.append(in_process(torchrun, sizes[-1]))
    return rows


def in_process(command, size):
    """Return the row that a fresh process measures."""
    threads = "1" if len(command) > 1 else str(os.cpu_count())
    environment = {**os.environ, "OMP_NUM_THREADS": threads}
    done = subprocess.run(
        [*command, __file__, str(size)], env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def main(size):
    """Train three epochs on random rows; print the row."""
    import torch
    import torch.distributed as dist
    from torch import nn
    from torch.nn.parallel import DistributedDataParallel

    import helpers

    processes = int(os.environ.get("WORLD_SIZE", 1))
    torch.manual_seed(0)
    X, y = torch.randn(size // processes, FEATURES), torch.randn(size // processes, 1)
    model = nn.Sequential(nn.Linear(FEATURES, 64), nn.ReLU(), nn.Linear(64, 1))
    if processes > 1:
        dist.init_process_group("gloo")
        model = DistributedDataParallel(model)
    loader = helpers.make_loader(X, y, BATCH_SIZE // processes, shuffle=True)
    loss_fn, optimizer = nn.MSELoss(), torch.optim.Adam(model.parameters())
    helpers.train(model, (X[:1000], y[:1000]), loss_fn, optimizer, 1, progress=False)  # warm up
    before = memory()
    start = time.perf_counter()
    history = helpers.train(model, loader, loss_fn, optimizer, 3, progress=False)
    row = {
        "what": f"{size:,} rows, {processes} process{'es' * (processes > 1)}",
        "epoch_s": round(min(history["seconds"]), 4),
        "total_s": round(time.perf_counter() - start, 4),
        "data_mib": round(4 * X.numel() / 2**20, 1),
        "peak_mib": memory(),
        "grown_by_mib": None if before is None else round(memory() - before, 1),
    }
    if processes == 1 or dist.get_rank() == 0:
        print(json.dumps(row), flush=True)
    if processes > 1:
        dist.destroy_process_group()
        os._exit(0)  # gloo's threads may abort a process that tears Python down


def memory():
    """Return the peak memory of this process in MiB, None where it is not told (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB; bytes on a Mac
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
