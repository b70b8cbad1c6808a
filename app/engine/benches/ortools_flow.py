"""OR-Tools' SimpleMinCostFlow on arcs written by the bench `assignment`; prints what it measured as JSON."""

import json
import sys
import time

import numpy
from ortools.graph.python import min_cost_flow

data = numpy.fromfile(sys.argv[1], dtype="<i4")
applications, experts, demand, load = (int(n) for n in data[:4])
pairs = data[4:].reshape(-1, 3)

start = time.perf_counter()
flow = min_cost_flow.SimpleMinCostFlow()
tails = numpy.ascontiguousarray(pairs[:, 0])
heads = numpy.ascontiguousarray(pairs[:, 1]) + applications
costs = -pairs[:, 2].astype(numpy.int64)
flow.add_arcs_with_capacity_and_unit_cost(tails, heads, numpy.ones(len(pairs), dtype=numpy.int64), costs)
sink = applications + experts
every = numpy.arange(applications, sink, dtype=numpy.int32)
flow.add_arcs_with_capacity_and_unit_cost(
    every,
    numpy.full(experts, sink, dtype=numpy.int32),
    numpy.full(experts, load, dtype=numpy.int64),
    numpy.zeros(experts, dtype=numpy.int64),
)
for application in range(applications):
    flow.set_node_supply(application, demand)
flow.set_node_supply(sink, -demand * applications)
built = time.perf_counter()
status = flow.solve()
solved = time.perf_counter()
if status != flow.OPTIMAL:
    sys.exit(f"not optimal: {status}")
with open("/proc/self/status", encoding="ascii") as lines:
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
print(
    json.dumps(
        {
            "build_ms": (built - start) * 1e3,
            "solve_ms": (solved - built) * 1e3,
            "objective": int(-flow.optimal_cost()),
            "peak_kb": peak,
        }
    )
)
