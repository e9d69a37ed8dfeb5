"""An epidemic on a random network, in plain Python: the line form.

Reads one job per line, {"point": {...}, "repetition": ..., "seed": "<64 hex digits>", ...}, and answers each with
one line, {"result": ...}. All it needs to know of Reprise is this, and to draw from the seed alone. The generator
is asked for random() and nothing else: of Python's generator only that sequence is promised for all versions.
"""

import json
import random
import sys

INITIAL = 10


def network(nodes, degree, draw):
    """Neighbour lists of an Erdős–Rényi network, pair by pair."""
    probability = degree / (nodes - 1)
    neighbours = [[] for _ in range(nodes)]
    for a in range(nodes):
        for b in range(a):
            if draw() < probability:
                neighbours[a].append(b)
                neighbours[b].append(a)
    return neighbours


def epidemic(neighbours, infect, remove, draw):
    """Runs one epidemic to its end: how many were ever infected, and after how many steps."""
    nodes = len(neighbours)
    infected = []
    while len(infected) < INITIAL:
        node = int(draw() * nodes)
        if node not in infected:
            infected.append(node)
    touched = [False] * nodes
    for node in infected:
        touched[node] = True

    duration = 0
    while infected:
        hit = []
        for node in infected:
            for neighbour in neighbours[node]:
                if not touched[neighbour] and draw() < infect:
                    touched[neighbour] = True
                    hit.append(neighbour)
        infected = [node for node in infected if draw() >= remove] + hit
        duration += 1
    return {"removed": sum(touched), "duration": duration}


for line in sys.stdin:
    job = json.loads(line)
    point = job["point"]
    draw = random.Random(int(job["seed"], 16)).random
    try:
        result = epidemic(network(point["nodes"], point["degree"], draw), point["infect"], point["remove"], draw)
        answer = {"result": result}
    except Exception as error:  # one bad job is a failed job, not the end of its chunk
        answer = {"error": {"name": type(error).__name__, "message": str(error)}}
    print(json.dumps(answer), flush=True)
