"""The two-state model of radCAD's benchmarks, run by radCAD: five policies, two state updates a step.

    python3 -m venv peer && peer/bin/pip install radcad==0.14.0 typing_extensions
    peer/bin/python crates/lab/peers/radcad_model.py

Prints steps a second with and without radCAD's deep copies, and the final states; `cargo bench -p weir-lab --bench paths` prints
the same states from the same equations:

    a' = a * |cos a|        b' = b + (sum of five policies of 1) * p
"""

import math
import time

from radcad import Engine, Experiment, Model, Simulation
from radcad.engine import Backend

STEPS, RUNS, P = 20_000, 5, 1


def one(params, substep, history, previous):
    return {"step": 1}


def update_a(params, substep, history, previous, signals):
    return "a", previous["a"] * abs(math.cos(previous["a"]))


def update_b(params, substep, history, previous, signals):
    return "b", previous["b"] + signals["step"] * params["p"]


BLOCKS = [
    {"policies": {}, "variables": {"a": update_a}},
    {"policies": {f"p{i}": one for i in range(5)}, "variables": {"b": update_b}},
]

if __name__ == "__main__":
    for deepcopy in (True, False):
        model = Model(initial_state={"a": 1.0, "b": 2.0}, state_update_blocks=BLOCKS, params={"p": [P]})
        experiment = Experiment(Simulation(model=model, timesteps=STEPS, runs=RUNS))
        experiment.engine = Engine(backend=Backend.SINGLE_PROCESS, deepcopy=deepcopy)
        begun = time.process_time()
        rows = experiment.run()
        used = time.process_time() - begun
        last = rows[-1]
        print(f"radCAD, deepcopy {deepcopy}: {STEPS * RUNS / used:,.0f} steps a CPU-second; a = {last['a']!r}, b = {last['b']!r}")
