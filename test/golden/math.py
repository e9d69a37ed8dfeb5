#!/usr/bin/env python3
"""Golden values of the functions in lib/math: arguments over all magnitudes, and what correct rounding makes of the
true results. Made with mpmath at 2500 bits, hence independent of any double-precision library.

    python3 test/golden/math.py             writes math.json
    python3 test/golden/math.py --check     makes it again and compares; exit code 1 when it differs
    python3 test/golden/math.py --errors    reads lines "name bits [bits] bits" (arguments, result), and prints for each
                                            name how far the results are from the truth, in units in the last place
"""

import hashlib
import json
import math
import os
import struct
import sys
from fractions import Fraction

from mpmath import mp, mpf

HERE = os.path.dirname(os.path.abspath(__file__))
PATH = os.path.join(HERE, "math.json")
mp.prec = 2500

TRUTH = {
    "acos": mp.acos, "acosh": mp.acosh, "asin": mp.asin, "asinh": mp.asinh, "atan": mp.atan, "atan2": mp.atan2,
    "atanh": mp.atanh, "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)), "cos": mp.cos, "cosh": mp.cosh, "exp": mp.exp,
    "expm1": lambda x: mp.exp(x) - 1, "hypot": lambda *xs: mp.sqrt(sum(x * x for x in xs)), "log": mp.log,
    "log10": lambda x: mp.log(x) / mp.log(10), "log1p": lambda x: mp.log(1 + x),
    "log2": lambda x: mp.log(x) / mp.log(2), "pow": lambda x, y: mp.power(x, y), "sin": mp.sin, "sinh": mp.sinh,
    "tan": mp.tan, "tanh": mp.tanh,
}  # fmt: skip


def bits(x):
    return struct.pack(">d", x).hex()


def double(text):
    return struct.unpack(">d", bytes.fromhex(text))[0]


def exact(x):
    """A finite mpf as a fraction."""
    sign, mantissa, exponent, _ = x._mpf_
    value = Fraction(int(mantissa)) * Fraction(2) ** exponent
    return -value if sign else value


def nearest(x):
    """The double nearest to an mpf, ties to even: Python's division of integers is correctly rounded."""
    value = exact(x)
    try:
        made = abs(value.numerator) / value.denominator
    except OverflowError:
        made = math.inf
    return -made if value < 0 else made


# --- arguments ---


def draw(name, i, salt=""):
    """64 bits that depend on nothing but these words."""
    return int.from_bytes(hashlib.sha256(f"{name} {i} {salt}".encode()).digest()[:8], "big")


def wild(name, i, salt=""):
    """A finite double with any bits."""
    for n in range(100):
        x = double(f"{draw(name, i, f'{salt} {n}'):016x}")
        if math.isfinite(x):
            return x


def unit(name, i, salt=""):
    return (draw(name, i, salt) >> 11) / 2.0**53


def between(low, high):
    return lambda name, i, salt="": low + (high - low) * unit(name, i, salt)


def magnitudes(low, high):
    """Either sign, the exponents of two spread evenly."""

    def made(name, i, salt=""):
        x = math.ldexp(1 + unit(name, i, salt + "f"), low + draw(name, i, salt + "e") % (high - low))
        return -x if draw(name, i, salt + "s") % 2 else x

    return made


def near(centre, least=-52, most=-3):
    """Near a number, closer and closer."""
    return lambda name, i, salt="": centre + magnitudes(least, most)(name, i, salt) * abs(centre)


TINY = [5e-324, 1e-323, 2.5e-310, 2.2250738585072014e-308, 2.2250738585072009e-308, 1e-300, 1e-20, 2.0**-54, 2.0**-28]
HUGE = [1.7976931348623157e308, 2.0**1023, 1e300, 1e22, 2.0**53 + 2, 2.0**53]
# The double that is nearest to a multiple of pi/2, among all, and others that are hard to reduce
ANGLES = [6381956970095103.0 * 2.0**797, 5.319372648326541e255, 1e22, 2.0**120, 1647099.0, 1647100.5, 3.0, 22.0, 355.0,
          math.pi, math.pi / 2, math.pi / 4, 3 * math.pi / 4, 2 * math.pi, 0.7853984832763671, 11.0, 710.0, 104348.0]  # fmt: skip

ANGULAR = [(magnitudes(-60, 0), 20), (between(-10, 10), 30), (between(-2e6, 2e6), 25), (magnitudes(20, 1023), 30)]
LOGARITHMIC = [(wild, 30), (near(1.0), 40), (between(0, 1), 25), (between(0.5, 2.0), 15)]
ARCS = [(between(-1, 1), 60), (magnitudes(-60, 0), 20), (near(0.5), 10), (near(-0.5), 10), (near(0.975), 10)]
WHOLE = [(magnitudes(-60, 10), 50), (between(-5, 5), 40)]

ONE = {
    "acos": (ARCS + [(near(1.0), 10), (near(-1.0), 10)], TINY),
    "acosh": ([(near(1.0), 40), (between(1, 3), 30), (magnitudes(1, 1023), 40)], HUGE),
    "asin": (ARCS + [(near(1.0), 10), (near(-1.0), 10)], TINY),
    "asinh": (WHOLE + [(wild, 20)], TINY + HUGE),
    "atan": (WHOLE + [(wild, 20), (near(0.4375), 5), (near(1.1875), 5)], TINY + HUGE),
    "atanh": (ARCS + [(near(1.0), 10), (near(-1.0), 10)], TINY),
    "cbrt": ([(wild, 70), (between(-30, 30), 30), (near(8.0), 10)], TINY + HUGE + [27.0, -64.0, 1.0, 0.001]),
    "cos": (ANGULAR, ANGLES + TINY[:4]),
    "cosh": (WHOLE + [(between(-712, 712), 20), (near(710.4758600739439, -52, -30), 10)], TINY),
    "exp": (WHOLE + [(between(-750, 711), 40), (near(709.782712893384, -52, -40), 5), (near(-745.1332191019411, -52, -40), 5)],
            [1.0, -1.0, -708.5, -740.25, -745.0] + TINY[:4]),
    "expm1": (WHOLE + [(between(-40, 711), 20), (near(0.34657359027997264), 5)], TINY),
    "log": (LOGARITHMIC, TINY + HUGE + [2.0, 10.0, math.e]),
    "log10": (LOGARITHMIC, TINY + HUGE + [10.0**n for n in range(1, 23)] + [2.0, 0.001]),
    "log1p": ([(magnitudes(-60, 0), 40), (between(-0.999, 3), 40), (magnitudes(1, 1023), 20)], TINY + HUGE + [-0.9999999999999999]),
    "log2": (LOGARITHMIC, TINY + HUGE + [2.0**n for n in (-1074, -1022, -1, 1, 2, 10, 1023)] + [3.0, 10.0]),
    "sin": (ANGULAR, ANGLES + TINY),
    "sinh": (WHOLE + [(between(-712, 712), 20), (near(710.4758600739439, -52, -30), 10)], TINY),
    "tan": (ANGULAR, ANGLES + TINY),
    "tanh": (WHOLE + [(between(-22.5, 22.5), 20)], TINY),
}  # fmt: skip
POSITIVE = {"acosh", "log", "log10", "log2"}


def inside(name, x):
    """Folded into the function's domain; None where it cannot be."""
    if name in POSITIVE:
        x = abs(x)
    if (name in ("acos", "asin") and abs(x) > 1) or (name == "atanh" and abs(x) >= 1):
        return None
    if (name == "acosh" and x < 1) or (name == "log1p" and x <= -1):
        return None
    return x


def log2(x):
    return float(mp.log(mpf(x), 2))


def pairs(name):
    """Arguments of pow, atan2 and hypot."""
    made = []
    if name == "pow":
        for i in range(40):
            made.append((between(0, 20)(name, i, "x"), between(-20, 20)(name, i, "y")))
        for i in range(30):  # any base, and an exponent that keeps the result in range, or at its ends
            x = abs(wild(name, i, "any"))
            made.append((x, between(-1080, 1028)(name, i, "to") / log2(x) if x != 1 else 2.0))
        for i in range(30):  # bases near one, and huge exponents
            x = near(1.0, -52, -10)(name, i, "near")
            made.append((x, between(-1080, 1028)(name, i, "far") / log2(x) if x != 1 else 3.0))
        for i in range(10):
            made.append((-float(draw(name, i, "b") % 30 + 2), float(draw(name, i, "e") % 40) - 15))
        made += [(10.0, 308.0), (10.0, -308.0), (10.0, 22.0), (10.0, 23.0), (10.0, -5.0), (2.0, -1074.0), (2.0, -1075.0),
                 (2.0, 0.5), (3.0, 33.0), (7.0, 18.0), (5e-324, 0.5), (1.7976931348623157e308, 0.25), (0.1, 3.0), (1.5, 1.5),
                 (1.0000000000000002, 4503599627370497.5), (0.9999999999999999, 9007199254740992.0), (2.0, 1023.9999999999999),
                 (-2.0, 3.0), (-2.0, -1074.0), (-0.5, 1075.0), (1.0 - 2.0**-21, 3e9), (1.0 + 2.0**-20, 3e9), (9.0, 0.5)]  # fmt: skip
        made = [(x, y) for x, y in made if math.isfinite(y) and y != 0]
    else:
        for i in range(40):
            made.append((between(-5, 5)(name, i, "y"), between(-5, 5)(name, i, "x")))
        for i in range(40):
            made.append((wild(name, i, "y"), wild(name, i, "x")))
        for i in range(40):
            y = wild(name, i, "like")
            made.append((y, y * magnitudes(-30, 30)(name, i, "scale")))
        made += [(5e-324, 5e-324), (5e-324, -1.0), (1e300, 1e300), (1.7e308, 1e292), (3.0, 4.0), (-1e-310, 1e-309), (1.0, -1.0)]
        made = [(y, x) for y, x in made if math.isfinite(x) and x != 0]
    if name == "hypot":
        made += [tuple(wild(name, i, str(k)) * 0.25 for k in range(2 + i % 5)) for i in range(20)]
        made += [tuple(between(-1, 1)(name, i, str(k)) for k in range(1 + i % 9)) for i in range(30)]
        made += [tuple([1e-200] * 10), tuple([3e-324 * 4] * 4), (1.0, 1e-8, 1e-8, 1e-8), (1e200,) * 3]
    return made


def arguments(name):
    if name not in ONE:
        return pairs(name)
    kinds, listed = ONE[name]
    made = [kind(name, i, str(k)) for k, (kind, count) in enumerate(kinds) for i in range(count)]
    made += listed + ([] if name in POSITIVE or name in ("acosh", "log1p") else [-x for x in listed])
    inner = [inside(name, x) for x in made]
    return [(x,) for x in inner if x is not None]


def values(name):
    seen = {}
    for words in arguments(name):
        result = nearest(TRUTH[name](*(mpf(x) for x in words)))
        seen[" ".join(map(bits, words))] = bits(result)
    return seen


def made():
    sections = []
    for name in sorted(TRUTH):
        lines = ",\n".join(json.dumps(f"{words} {result}") for words, result in values(name).items())
        sections.append(f"{json.dumps(name)}:[\n{lines}\n]")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def errors(lines):
    """How far the results in the lines are from the truth, in units in the last place of the true result."""
    worst = {}
    for line in lines:
        name, *words = line.split()
        *given, result = map(double, words)
        truth = exact(TRUTH[name](*map(mpf, given)))
        if not math.isfinite(result):
            continue
        _, exponent = math.frexp(nearest(mpf(truth.numerator) / truth.denominator))
        unit_in_last = Fraction(2) ** max(exponent - 53, -1074)
        off = float(abs(Fraction(result) - truth) / unit_in_last)
        most, at, count, rounded = worst.get(name, (-1.0, None, 0, 0))
        worst[name] = (max(off, most), given if off > most else at, count + 1, rounded + (off <= 0.5))
    for name, (most, at, count, rounded) in sorted(worst.items()):
        print(f"{name:6} {most:.3f} at {at}, correctly rounded {100 * rounded / count:.1f} % of {count}")


def main():
    if "--errors" in sys.argv[1:]:
        mp.prec = 1400
        errors(sys.stdin)
        return 0
    text = made()
    if "--check" not in sys.argv[1:]:
        with open(PATH, "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    with open(PATH, encoding="utf-8") as file:
        held = file.read()
    if held == text:
        return 0
    print("math.json differs from what math.py makes", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
