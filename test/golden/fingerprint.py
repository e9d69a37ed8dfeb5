#!/usr/bin/env python3
"""Golden digests of the fingerprint's inputs, and of what Python computes as exactly as JavaScript must.

A second implementation of the inputs and of the digest, written from FORMAT.md. For each function of Math it digests not the
function, which is the platform's own, but the quotient of its arguments (of a single one: by 3), in the same order.

    python3 test/golden/fingerprint.py            writes fingerprint.json
    python3 test/golden/fingerprint.py --check    makes it again and compares; exit code 1 when it differs
"""

import functools
import json
import os
import re
import struct
import sys

sys.dont_write_bytecode = True
from vectors import HERE, Xor4096, sha256, signed  # noqa: E402

WORDS = Xor4096(sha256(b"reprise/fingerprint/1").hex())
WORDS = [WORDS.word() for _ in range(512)]
HARD = os.path.join(HERE, "..", "..", "lib", "fingerprint", "hard.ts")


def doubles(start, count, low, high, negative):
    """Doubles put together from two words each."""
    made = []
    for k in range(count):
        a, b = WORDS[(start + 2 * k) % 512], WORDS[(start + 2 * k + 1) % 512]
        sign = a >> 31 if negative else 0
        exponent = 1023 + low + (a >> 20) % 2048 % (high - low)
        made.append(struct.unpack(">d", struct.pack(">Q", sign << 63 | exponent << 52 | (a & 0xFFFFF) << 32 | b))[0])
    return made


def hard():
    """The table of hard arguments, which is data."""
    with open(HARD, encoding="utf-8") as file:
        source = file.read()
    found = re.findall(r"^  (\w+): \[(.*?)\]", source, re.MULTILINE | re.DOTALL)
    word = r"\b[0-9a-f]{16}\b"
    return {name: [struct.unpack(">d", bytes.fromhex(w))[0] for w in re.findall(word, body)] for name, body in found}


def digest(numbers):
    nan = struct.pack("<Q", 0x7FF8000000000000)
    return sha256(b"".join(nan if x != x else struct.pack("<d", x) for x in numbers)).hex()[:16]


LOG = ((-4, 4, False), (-1023, 1024, False))
TRIGONOMETRIC = ((-4, 4, True), (-30, 1024, True))
ONE = {
    "acos": ((-4, 0, True), (-30, 0, True)),
    "acosh": ((0, 4, False), (0, 1024, False)),
    "asin": ((-4, 0, True), (-30, 0, True)),
    "asinh": ((-4, 4, True), (-40, 1024, True)),
    "atan": ((-4, 4, True), (-40, 100, True)),
    "atanh": ((-4, 0, True), (-30, 0, True)),
    "cbrt": ((-4, 4, True), (-1023, 1024, True)),
    "cos": TRIGONOMETRIC,
    "cosh": ((-4, 4, True), (-20, 9, True)),
    "exp": ((-4, 4, True), (-30, 9, True)),
    "expm1": ((-4, 4, True), (-40, 9, True)),
    "log": LOG,
    "log10": LOG,
    "log1p": ((-4, 4, False), (-40, 0, True)),
    "log2": LOG,
    "sin": TRIGONOMETRIC,
    "sinh": ((-4, 4, True), (-20, 9, True)),
    "tan": TRIGONOMETRIC,
    "tanh": ((-4, 3, True), (-20, 5, True)),
}
USUAL = (-4, 4, True)
TWO = {
    "atan2": ((USUAL, USUAL), ((-1023, 1024, True), (-1023, 1024, True))),
    "hypot": ((USUAL, USUAL), ((-500, 500, True), (-500, 500, True))),
    "pow": (((-4, 4, False), USUAL), ((-1023, 1024, False), (-10, 1, True))),
}
EXPONENTS = [2, 3, 4, 5, 10, -1, -2, 0.5, -0.5, 1.5]


def calls():
    """The arguments of all calls of each function, in order."""
    table = hard()
    made = {}
    for name, (usual, wide) in ONE.items():
        made[name] = [(x,) for x in doubles(0, 64, *usual) + doubles(128, 32, *wide) + table[name]]
    for name, (usual, wide) in TWO.items():
        pairs = []
        for count, (left, right) in ((64, usual), (32, wide)):
            pairs += zip(doubles(0, count, *left), doubles(2, count, *right))
        if name == "pow":
            pairs += [(x, EXPONENTS[k % 10]) for k, x in enumerate(doubles(4, 32, -4, 4, False))]
        if name == "hypot":
            sides = doubles(4, 96, *USUAL)
            pairs += [tuple(sides[k : k + 3]) for k in range(0, 96, 3)]
        made[name] = pairs + [tuple(table[name][k : k + 2]) for k in range(0, len(table[name]), 2)]
    return made


def quotient(arguments):
    return arguments[0] / 3 if len(arguments) == 1 else functools.reduce(lambda a, b: a / b, arguments)


def sorting():
    words = [signed(w) for w in WORDS[:256]]
    numbers = sorted(words, key=str) + sorted(words) + sorted(range(256), key=lambda i: words[i] & 7)
    nan, infinity = float("nan"), float("inf")
    mixed = [0.0, -0.0, *doubles(0, 32, -1023, 1024, True), -infinity, -0.0, 0.0]
    numbers += sorted(mixed, key=lambda x: (x, struct.pack(">d", x)[0] < 0x80)) + [nan, nan]
    return digest(numbers + sorted(WORDS[:256]))


def vectors():
    quotients = {name: digest(map(quotient, calls()[name])) for name in sorted({**ONE, **TWO})}
    return {"words": digest(map(signed, WORDS)), "quotients": quotients, "sorting": sorting()}


def main():
    path = os.path.join(HERE, "fingerprint.json")
    made = json.dumps(vectors(), indent=1) + "\n"
    if "--check" not in sys.argv[1:]:
        with open(path, "w", encoding="utf-8") as file:
            file.write(made)
        return 0
    with open(path, encoding="utf-8") as file:
        if file.read() == made:
            return 0
    print("fingerprint.json differs from what fingerprint.py makes", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
