"""Site percolation on a square lattice, in plain Python: the simple form.

Everything comes as arguments and the result is printed as one JSON value, so the script is just as useful by hand:

    python3 percolation.py --side 40 --occupied 0.6 --seed 2a
"""

import argparse
import json
import random


def largest_cluster(side, occupied, draw):
    """Size of the largest cluster of occupied sites, each one occupied with the same probability."""
    free = {(row, column) for row in range(side) for column in range(side) if draw() < occupied}
    largest = 0
    while free:
        edge = [free.pop()]
        size = 0
        while edge:
            row, column = edge.pop()
            size += 1
            for site in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                if site in free:
                    free.remove(site)
                    edge.append(site)
        largest = max(largest, size)
    return largest


parser = argparse.ArgumentParser()
parser.add_argument("--side", type=int, required=True)
parser.add_argument("--occupied", type=float, required=True)
parser.add_argument("--seed", type=lambda text: int(text, 16), required=True, help="hexadecimal")
words = parser.parse_args()
largest = largest_cluster(words.side, words.occupied, random.Random(words.seed).random)
print(json.dumps({"largest": largest, "share": largest / words.side**2}))
