#!/usr/bin/env python3
"""Golden p-values for lib/statistics, by scipy where scipy is exact, by plain enumeration where values are tied.

Needs scipy (python3 -m pip install scipy); only the file that it writes is read by the tests.

    python3 test/golden/p-values.py            writes p-values.json
"""

import sys

HERE = sys.path.pop(0)  # or the golden math.py beside this file would be taken for Python's own
import itertools  # noqa: E402
import json  # noqa: E402
import math  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402

from scipy import stats  # noqa: E402

DRAW = random.Random(20261125)


def normals(n, shift=0.0, spread=1.0):
    return [shift + spread * DRAW.gauss(0, 1) for _ in range(n)]


def dice(n, sides, least=0):
    return [float(DRAW.randrange(least, sides)) for _ in range(n)]


def divisions(left, right):
    """Every way in which the pooled values could have been divided into samples of these sizes."""
    pooled = left + right
    for chosen in itertools.combinations(range(len(pooled)), len(left)):
        inside = set(chosen)
        yield [pooled[i] for i in chosen], [x for i, x in enumerate(pooled) if i not in inside]


def rank_sum_tied(left, right):
    ranks = dict(zip(left + right, stats.rankdata(left + right)))
    observed = sum(ranks[x] for x in left)
    sums = [sum(ranks[x] for x in a) for a, _ in divisions(left, right)]
    tails = sum(s <= observed + 1e-9 for s in sums), sum(s >= observed - 1e-9 for s in sums)
    return min(1, 2 * min(tails) / len(sums))


def distance(left, right):
    """As a whole number of 1/(m n), so that equal distances are equal."""
    m, n = len(left), len(right)
    return max(abs(sum(a <= x for a in left) * n - sum(b <= x for b in right) * m) for x in left + right)


def smirnov_tied(left, right):
    found = [distance(a, b) for a, b in divisions(left, right)]
    return sum(d >= distance(left, right) for d in found) / len(found)


def signed_rank_tied(differences):
    some = [d for d in differences if d != 0]
    ranks = stats.rankdata([abs(d) for d in some])
    observed = sum(r for r, d in zip(ranks, some) if d > 0)
    sums = [sum(r for r, s in zip(ranks, signs) if s) for signs in itertools.product([0, 1], repeat=len(some))]
    tails = sum(s <= observed + 1e-9 for s in sums), sum(s >= observed - 1e-9 for s in sums)
    return min(1, 2 * min(tails) / len(sums))


SIZES = [(1, 1), (1, 7), (3, 4), (8, 8), (20, 20), (12, 30), (35, 25)]
pairs = [(normals(m, shift), normals(n)) for m, n in SIZES for shift in (0, 1, 4)]
spreads = [(normals(m, 0, 5), normals(n)) for m, n in SIZES[3:]]
tied = [(dice(m, sides), dice(n, sides, least)) for m, n in [(2, 3), (5, 5), (4, 8), (7, 6)]
        for sides, least in ((2, 0), (3, 0), (4, 1), (9, 3))]
large = [(normals(m, shift), normals(n)) for m, n in [(60, 70), (100, 300)] for shift in (0, 0.5)]
large += [(dice(80, 6), dice(90, 7))]
differences = [normals(n, shift) for n in (1, 2, 6, 15, 40) for shift in (0, 0.5, 2)]
tied_differences = [[x - 2 for x in dice(n, 5)] for n in (2, 5, 9, 12) for _ in range(3)]
many_differences = [normals(300, 0.05), normals(400, 0.3)]
tables = [(k, n, l, m) for n, m in [(1, 1), (5, 5), (10, 20), (50, 50), (400, 1000)]
          for k, l in {(0, 0), (0, m), (1, 1), (n // 2, m // 3), (n, m // 2), (n, m)}]


def fisher(k, n, l, m):
    return float(stats.fisher_exact([[k, n - k], [l, m - l]])[1])


def holm(ps):
    """Straight from the definition, over all p-values."""
    return [min(1, max((len(ps) - j) * sorted(ps)[j] for j in range(i + 1))) for i in range(len(ps))]


def case(left, right, p):
    return {"left": left, "right": right, "p": float(p)}


ps = [[0.01, 0.02, 0.03, 0.04], [0.5], [1e-9, 0.2, 0.2, 0.9, 1.0], sorted(DRAW.random() / 5 for _ in range(12))]
GOLDEN = {
    "normal": [[z, float(stats.norm.sf(z))] for z in (-3, -0.5, 0, 0.1, 1, 1.96, 2.49, 2.5, 2.51, 4, 8, 20, 37)],
    "rankSum": [case(a, b, stats.mannwhitneyu(a, b, method="exact").pvalue) for a, b in pairs]
    + [case(a, b, rank_sum_tied(a, b)) for a, b in tied],
    "rankSumNormal": [case(a, b, stats.mannwhitneyu(a, b, method="asymptotic").pvalue) for a, b in large],
    "smirnov": [case(a, b, stats.ks_2samp(a, b, method="exact").pvalue) for a, b in pairs + spreads]
    + [case(a, b, smirnov_tied(a, b)) for a, b in tied],
    "smirnovLimit": [case(a, b, stats.kstwobign.sf(
        distance(a, b) / math.sqrt(len(a) * len(b) * (len(a) + len(b))))) for a, b in large],
    "signedRank": [{"differences": d, "p": float(stats.wilcoxon(d, method="exact").pvalue)} for d in differences]
    + [{"differences": d, "p": signed_rank_tied(d)} for d in tied_differences],
    "signedRankNormal": [{"differences": d, "p": float(
        stats.wilcoxon(d, method="asymptotic", correction=True).pvalue)} for d in many_differences],
    "fisher": [[k, n, l, m, fisher(k, n, l, m)] for k, n, l, m in sorted(tables)],
    "holm": [{"p": p, "corrected": holm(p)} for p in ps],
}

with open(os.path.join(HERE, "p-values.json"), "w", encoding="utf-8") as file:
    lines = ["%s: %s" % (json.dumps(name), json.dumps(cases)) for name, cases in GOLDEN.items()]
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
