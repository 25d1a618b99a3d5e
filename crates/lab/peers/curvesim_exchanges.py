"""The exchanges of examples/curvesim_exchanges.rs with curvesim: equal to the unit, and how much faster.

    python3 -m venv /tmp/curvesim && /tmp/curvesim/bin/pip install curvesim==0.5.0
    cargo build --release -p weir-lab --example curvesim_exchanges
    /tmp/curvesim/bin/python crates/lab/peers/curvesim_exchanges.py target/release/examples/curvesim_exchanges
"""

import subprocess
import sys
import time

from curvesim.pool.stableswap.pool import CurvePool

EXCHANGES = 20_000


class Generator:
    def __init__(self):
        self.state = 42

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return self.state >> 16


RUNS = 5


def run(coins):
    return max((once(coins) for _ in range(RUNS)), key=lambda result: result[1])


def once(coins):
    balances = [(1_000_000 + 100_000 * coin) * 10**18 for coin in range(coins)]
    pool = CurvePool(200, balances, coins, fee=4 * 10**6, admin_fee=5 * 10**9)
    generator = Generator()
    orders = []
    for _ in range(EXCHANGES):
        sold = generator.next() % coins
        to = (sold + 1 + generator.next() % (coins - 1)) % coins
        orders.append((sold, to, (generator.next() % 20_000_000_000 + 1) * 10**12))
    start = time.process_time()
    bought = [pool.exchange(*order)[0] for order in orders]
    return bought, EXCHANGES / (time.process_time() - start)


ours = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True)
amounts = [int(line) for line in ours.stdout.split()]
speeds = dict(line.split() for line in ours.stderr.splitlines())
for place, coins in enumerate([2, 3]):
    bought, speed = run(coins)
    same = bought == amounts[place * EXCHANGES : (place + 1) * EXCHANGES]
    ratio = float(speeds[str(coins)]) / speed
    print(f"{coins} coins: {'equal' if same else 'DIFFERENT'}; curvesim {speed:,.0f}/s, weir {float(speeds[str(coins)]):,.0f}/s, {ratio:.0f} times")
    if not same:
        sys.exit(1)
