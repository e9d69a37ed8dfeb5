#!/usr/bin/env python3
"""Golden vectors for FORMAT.md, made with Python's standard library alone.

A second implementation of the formats, written from FORMAT.md and not from lib/: the two must agree byte for byte.

    python3 test/golden/vectors.py            writes vectors.json and generators.json
    python3 test/golden/vectors.py --check    makes them again and compares; exit code 1 when they differ
"""

import base64
import hashlib
import itertools
import json
import math
import os
import struct
import sys
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))


# --- hashes (section 2) ---


def sha256(data):
    return hashlib.sha256(data).digest()


def lp(data):
    return struct.pack(">I", len(data)) + data


def H(domain, *parts):
    return sha256(lp(domain.encode("ascii")) + struct.pack(">I", len(parts)) + b"".join(lp(p) for p in parts))


def u32be(n):
    return struct.pack(">I", n)


def u64be(n):
    return struct.pack(">Q", n)


# --- values and canonical JSON (section 3) ---


class BigInt(int):
    """A bigint, which is not a number."""


class Typed:
    """A typed array: its kind and its elements."""

    CODES = {
        "int8": "b", "uint8": "B", "uint8clamped": "B", "int16": "h", "uint16": "H", "int32": "i",
        "uint32": "I", "float32": "f", "float64": "d", "bigint64": "q", "biguint64": "Q",
    }  # fmt: skip

    def __init__(self, kind, elements):
        self.kind = kind
        self.elements = elements

    def data(self):
        out = b""
        for element in self.elements:
            if isinstance(element, float) and math.isnan(element):
                out += bytes.fromhex("0000c07f" if self.kind == "float32" else "000000000000f87f")
            else:
                out += struct.pack("<" + self.CODES[self.kind], element)
        return out


def es_number(x):
    """Number::toString of ECMAScript, from the shortest digits that repr() gives."""
    x = float(x)
    if not math.isfinite(x):
        raise ValueError("not finite")
    if x == 0:
        return "0"
    sign = "-" if x < 0 else ""
    mantissa, _, exponent = repr(abs(x)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    dropped = len(whole + fraction) - len(digits)  # leading zeros
    point = len(whole) - dropped + int(exponent or "0")  # the value is 0.digits x 10^point
    digits = digits.rstrip("0")
    k, n = len(digits), point
    if k <= n <= 21:
        return sign + digits + "0" * (n - k)
    if 0 < n <= 21:
        return sign + digits[:n] + "." + digits[n:]
    if -6 < n <= 0:
        return sign + "0." + "0" * -n + digits
    e = ("+" if n > 0 else "-") + str(abs(n - 1))
    return sign + (digits if k == 1 else digits[0] + "." + digits[1:]) + "e" + e


ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def quote(text):
    text.encode("utf-8")  # refuses lone surrogates
    return '"' + "".join(ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


def encode(value):
    """The JSON form of a value: special numbers and types as tagged objects."""
    if isinstance(value, BigInt):
        return {"$bigint": str(int(value))}
    if isinstance(value, Typed):
        return {"$" + value.kind: base64.b64encode(value.data()).decode("ascii")}
    if isinstance(value, float):
        if math.isnan(value):
            return {"$number": "NaN"}
        if math.isinf(value):
            return {"$number": "Infinity" if value > 0 else "-Infinity"}
        if value == 0 and math.copysign(1, value) < 0:
            return {"$number": "-0"}
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return value


def jcs(tree):
    """RFC 8785 over JSON."""
    if tree is None or isinstance(tree, bool):
        return {None: "null", True: "true", False: "false"}[tree]
    if isinstance(tree, str):
        return quote(tree)
    if isinstance(tree, (int, float)):
        return es_number(tree)
    if isinstance(tree, list):
        return "[" + ",".join(jcs(item) for item in tree) + "]"
    keys = sorted(tree, key=lambda key: key.encode("utf-16-be"))
    return "{" + ",".join(quote(key) + ":" + jcs(tree[key]) for key in keys) + "}"


def canonical(value):
    return jcs(encode(value))


def canonical_bytes(value):
    return canonical(value).encode("utf-8")


# --- experiments (section 4) ---


def points_of(design):
    if "points" in design:
        return design["points"]
    factors = design.get("zip", design.get("product"))
    names = [factor["name"] for factor in factors]
    lists = [factor["values"] for factor in factors]
    rows = zip(*lists) if "zip" in design else itertools.product(*lists)
    return [dict(zip(names, row)) for row in rows]


def experiment_hash(document):
    return H("reprise/experiment/1", canonical_bytes(document))


def places_of(document):
    """Every chunk, by walking through points and repetitions: no index arithmetic."""
    places = []
    for index, point in enumerate(points_of(document["design"])):
        repetitions = list(range(document["repetitions"]))
        while repetitions:
            block, repetitions = repetitions[: document["chunk"]], repetitions[document["chunk"] :]
            places.append({"chunk": len(places), "pointIndex": index, "point": point, "first": block[0], "jobs": len(block)})
    return places


def default_chunk(points, repetitions):
    sizes = [m * 10**e for e in range(4) for m in (1, 2, 5) if m * 10**e <= 1000]
    fitting = [size for size in sizes if size * 1000 <= points * repetitions and size <= repetitions]
    return max(fitting, default=1)


# --- seeds (section 5) ---


def chunk_seed(experiment, chunk):
    return H("reprise/chunk-seed/1", experiment, u64be(chunk))


def job_seed(chunk, j):
    return H("reprise/job-seed/1", chunk, u32be(j))


def stream_seed(owner, label):
    return H("reprise/stream-seed/1", owner, label.encode("utf-8"))


def shared_seed(experiment, label, factors, repetition):
    return H("reprise/shared-seed/1", experiment, label.encode("utf-8"), factors.encode("utf-8"), u64be(repetition))


def seeds_of(document, chunks, labels, shared_by):
    experiment = experiment_hash(document)
    places = places_of(document)
    out = []
    for chunk in chunks:
        place = places[chunk]
        seed = chunk_seed(experiment, chunk)
        factors = canonical({name: place["point"][name] for name in shared_by})

        def streams(owner, repetition):
            return {
                "streams": [{"label": label, "seed": stream_seed(owner, label).hex()} for label in labels],
                "shared": [
                    {"label": label, "seed": shared_seed(experiment, label, factors, repetition).hex()} for label in labels
                ],
            }

        jobs = [
            {"job": j, "repetition": place["first"] + j, "seed": job_seed(seed, j).hex()}
            | streams(job_seed(seed, j), place["first"] + j)
            for j in range(min(place["jobs"], 3))
        ]
        setup = streams(seed, place["first"])
        out.append({"chunk": chunk, "seed": seed.hex(), "sharedBy": shared_by, "factors": factors, "setup": setup, "jobs": jobs})
    return out


# --- generators (section 5): seedrandom 3.0.5, seeded with 64 hex digits ---

MASK = 0xFFFFFFFF


def rotr(x, n):
    return (x >> n | x << (32 - n)) & MASK


def signed(x):
    return x - 2**32 if x & 0x80000000 else x


class Words:
    """A generator of 32-bit words: one for quick and int32, two for a double."""

    def quick(self):
        return self.word() / 2**32

    def int32(self):
        return signed(self.word())

    def double(self):
        while True:
            top = self.word() >> 11
            result = (top * 2**32 + self.word()) / 2**53
            if result != 0:
                return result


class Tychei(Words):
    """Tyche-i (Neves and Araujo, 2011), but for the last line of the step; see FORMAT.md."""

    def __init__(self, seed):
        self.a, self.b, self.c, self.d = 0, 0, 0x9E3779B9, 0x517CC1B7
        for character in [ord(c) for c in seed] + [0] * 20:
            self.b ^= character
            self.word()

    def word(self):
        a, b, c, d = self.a, self.b, self.c, self.d
        b = rotr(b, 7) ^ c
        c = (c - d) & MASK
        d = rotr(d, 8) ^ a
        a = (a - b) & MASK
        b = rotr(b, 12) ^ c
        c = (c - d) & MASK
        d = ((d << 16) & MASK) ^ (c >> 16) ^ a  # the paper: rotr(d, 16) ^ a
        a = (a - b) & MASK
        self.a, self.b, self.c, self.d = a, b, c, d
        return a


class Xor4096(Words):
    """Brent's xorgens with a Weyl sequence, seedrandom's seeding of strings."""

    WEYL = 0x61C88647

    def __init__(self, seed):
        key = [ord(c) for c in seed] + [0]
        v = w = 0
        x = [0] * 128
        for j in range(-32, max(128, len(key))):
            v ^= key[(j + 32) % len(key)]
            if j == 0:
                w = v
            v ^= (v << 10) & MASK
            v ^= v >> 15
            v ^= (v << 4) & MASK
            v ^= v >> 13
            if j >= 0:
                w = (w + self.WEYL) & MASK
                x[j & 127] ^= (v + w) & MASK
        self.x, self.i, self.w = x, 127, w
        for _ in range(512):
            self.shift()

    def shift(self):
        v = self.x[(self.i + 34) & 127]
        self.i = (self.i + 1) & 127
        t = self.x[self.i]
        v ^= (v << 13) & MASK
        t ^= (t << 17) & MASK
        v ^= v >> 15
        t ^= t >> 12
        self.x[self.i] = v ^ t
        return v ^ t

    def word(self):
        self.w = (self.w + self.WEYL) & MASK
        return (self.shift() + (self.w ^ (self.w >> 16))) & MASK


class Alea:
    """Baagoe's Alea: a multiply-with-carry generator on fractions of 32 bits."""

    def __init__(self, seed):
        self.n = float(0xEFC8249D)
        self.c = 1
        self.s = [self.mash(" "), self.mash(" "), self.mash(" ")]
        for i in range(3):
            self.s[i] -= self.mash(seed)
            if self.s[i] < 0:
                self.s[i] += 1

    def mash(self, text):
        n = self.n
        for character in text:
            n += ord(character)
            h = 0.02519603282416938 * n
            n = float(int(h) & MASK)
            h -= n
            h *= n
            n = float(int(h) & MASK)
            h -= n
            n += h * 2**32
        self.n = n
        return (int(n) & MASK) * 2**-32

    def quick(self):
        t = 2091639 * self.s[0] + self.c * 2**-32
        self.c = int(t)
        self.s = [self.s[1], self.s[2], t - self.c]
        return self.s[2]

    def int32(self):
        return signed(int(self.quick() * 2**32) & MASK)

    def double(self):
        high = self.quick()
        return high + int(self.quick() * 2**21) * 2**-53


class Arc4:
    """RC4, key the characters of the seed, the first 256 bytes dropped."""

    def __init__(self, seed):
        key = [ord(c) for c in seed]
        s = list(range(256))
        j = 0
        for i in range(256):
            j = (j + key[i % len(key)] + s[i]) & 255
            s[i], s[j] = s[j], s[i]
        self.s, self.i, self.j = s, 0, 0
        for _ in range(256):
            self.byte()

    def byte(self):
        s = self.s
        self.i = (self.i + 1) & 255
        self.j = (self.j + s[self.i]) & 255
        s[self.i], s[self.j] = s[self.j], s[self.i]
        return s[(s[self.i] + s[self.j]) & 255]

    def number(self, count):
        return int.from_bytes(bytes(self.byte() for _ in range(count)), "big")

    def quick(self):
        return self.number(4) / 2**32

    def int32(self):
        return signed(self.number(4))

    def double(self):
        n, d, x = self.number(6), 2**48, 0
        while n < 2**52:
            n, d, x = (n + x) * 256, d * 256, self.byte()
        while n >= 2**53:
            n, d, x = n // 2, d // 2, x >> 1
        return (n + x) / d


GENERATORS = {"tychei": Tychei, "alea": Alea, "xor4096": Xor4096, "arc4": Arc4}


# --- chunks and the tree (sections 6 and 7) ---


def leaf_hash(data):
    return sha256(b"\x00" + data)


def merkle_root(leaves):
    """RFC 6962 section 2.1, by its recursive definition."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\x01" + merkle_root(leaves[:k]) + merkle_root(leaves[k:]))


# --- samples (section 8) ---


def numbers_below(entropy):
    """A function that draws below a bound, each time from the next numbers."""
    counter = itertools.count()

    def below(bound):
        limit = 2**48 - 2**48 % bound
        while True:
            draw = int.from_bytes(sha256(entropy + u64be(next(counter)))[:6], "big")
            if draw < limit:
                return draw % bound

    return below


def draw_below(n, k, below):
    if k >= n:
        return list(range(n))
    drawn = set()
    for top in range(n - k, n):
        draw = below(top + 1)
        drawn.add(top if draw in drawn else draw)
    return sorted(drawn)


def draw_sample(n, k, entropy):
    return draw_below(n, k, numbers_below(entropy))


def audit_entropy(root, beacon):
    return H("reprise/sample/1", root, beacon.encode("utf-8"))


def allocate(k, sizes):
    """One each, the rest in proportion to what is left of each, by largest remainder."""
    left, over = k - len(sizes), sum(sizes) - len(sizes)
    if k >= sum(sizes):
        return list(sizes)
    quotas = [Fraction(left * (size - 1), over) for size in sizes]
    counts = [1 + math.floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(sizes)), key=lambda i: (math.floor(quotas[i]) - quotas[i], i))
    for i in by_remainder[: k - sum(counts)]:
        counts[i] += 1
    return counts


def draw_stratified(strata, k, entropy):
    """Strata are lists of ranges; here each is written out as the list of its chunks."""
    chunks = [[c for first, last in ranges for c in range(first, last + 1)] for ranges in strata]
    below = numbers_below(entropy)
    counts = allocate(k, [len(listed) for listed in chunks])
    return sorted(listed[i] for listed, count in zip(chunks, counts) for i in draw_below(len(listed), count, below))


def differing_bound(strata):
    """By trying every arrangement: likeliest[d] is the chance of a clean sample with d differing chunks, at worst."""
    likeliest = [Fraction(1)]
    for chunks, drawn in strata:
        clean = [Fraction(math.comb(chunks - d, drawn), math.comb(chunks, drawn)) for d in range(chunks + 1)]
        likeliest = [
            max(likeliest[d - own] * clean[own] for own in range(max(0, d - len(likeliest) + 1), min(d, chunks) + 1))
            for d in range(len(likeliest) + chunks)
        ]
    return max(d for d, chance in enumerate(likeliest) if chance >= Fraction(1, 20))


def simple_bound(n, k):
    """The same for one stratum of any size, by doubling and halving."""

    def escapes(d):
        few, many = min(d, k), max(d, k)  # C(n-d, k) / C(n, k) = C(n-k, d) / C(n, d)
        return 20 * math.prod(n - many - i for i in range(few)) >= math.prod(n - i for i in range(few))

    low, high = 0, 1
    while high <= n - k and escapes(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle <= n - k and escapes(middle) else (low, middle)
    return low


# --- the vectors ---


def random_bits(count, label):
    return [int.from_bytes(sha256(f"{label} {i}".encode())[:8], "big") for i in range(count)]


def number_vectors():
    near = [1e21, 1e-6, 1e-7, 2.0**53, 1e22, 1e23, 0.1, 1 / 3, 5e-324, 2.2250738585072014e-308, math.pi, 123456789012345680000.0]
    bits = [struct.unpack(">Q", struct.pack(">d", x))[0] + step for x in near for step in (-1, 0, 1)]
    short = [m * 10.0**e for m in (1, 1.5, 123, 9007199254740993) for e in range(-12, 26, 2)]
    bits += [struct.unpack(">Q", struct.pack(">d", x))[0] for x in short]
    bits += random_bits(200, "number")
    vectors = []
    for b in bits:
        x = struct.unpack(">d", struct.pack(">Q", b))[0]
        if math.isfinite(x) and x != 0:
            vectors.append({"bits": f"{b:016x}", "text": es_number(x)})
    return vectors


NAN, INF = float("nan"), float("inf")

VALUES = {
    "null": None,
    "true": True,
    "empty array": [],
    "empty object": {},
    "integer": 42,
    "negative": -1.5,
    "special numbers": [NAN, INF, -INF, -0.0, 0.0],
    "bigints": [BigInt(0), BigInt(-1), BigInt(2**64), BigInt(-(10**30))],
    "controls": "".join(chr(i) for i in range(33)) + '"\\/\x7f',
    "text": "Grüße, 世界, 😀, \u2028\u2029\ufeff\ufffd",
    "keys in UTF-16 order": {"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "ö": 4, "\x80": 5, "1": 6, "\r": 7, "": 8},
    "numeric keys": {"10": 1, "9": 2, "1": 3, "a": 4, "B": 5, "-1": 6},
    "awkward keys": {"tojson": 1, "constructor": 2, "length": 3, "hasOwnProperty": 4, "a$": 5, "_": 6},
    "nested": {"b": [{"d": 1, "c": [[], {}, [None]]}], "a": {"y": NAN, "x": {"z": BigInt(7)}}},
    "result": {"removed": 0.7333333333333333, "duration": 41, "history": Typed("float64", [0.5, NAN, -0.0, INF, 1e-300])},
}

TYPED = [
    ("int8", [-128, -1, 0, 127]),
    ("uint8", [0, 1, 254, 255]),
    ("uint8clamped", [0, 255]),
    ("int16", [-32768, -2, 258]),
    ("uint16", [0, 258, 65535]),
    ("int32", [-(2**31), 16909060]),
    ("uint32", [0, 16909060, 2**32 - 1]),
    ("float32", [0.5, -0.0, NAN, INF, -INF, 2.0**-149]),
    ("float64", [0.1, -0.0, NAN, INF, -INF, 5e-324]),
    ("bigint64", [-(2**63), -1, 72623859790382856]),
    ("biguint64", [0, 72623859790382856, 2**64 - 1]),
    ("float64", []),
    ("uint8", [1]),
    ("uint8", [1, 2]),
]


def element_text(x):
    if isinstance(x, float):
        return "NaN" if math.isnan(x) else "-0" if x == 0 and math.copysign(1, x) < 0 else es_number(x) if math.isfinite(x) else ("Infinity" if x > 0 else "-Infinity")
    return str(x)


def document(name, design, repetitions, chunk, random, seed):
    return {
        "format": "reprise/experiment/1", "name": name, "design": design, "repetitions": repetitions,
        "chunk": chunk, "random": random, "seed": seed,
    }  # fmt: skip


def factors(**lists):
    return [{"name": name, "values": values} for name, values in lists.items()]


EXPERIMENTS = [
    (
        document("sir-epidemic", {"product": factors(infect=[0.05, 0.1, 0.15], remove=[0.2, 1], nodes=[100000])}, 7, 3, "tychei", None),
        ["nodes"],
    ),
    (
        document("Größe 😀", {"zip": factors(α=[1, 2.5, -3], größe=["klein", "mittel", "groß"])}, 10, 4, "alea", "zweiter Versuch"),
        ["größe", "α"],
    ),
    (
        document(
            "listed",
            {
                "points": [
                    {"rule": "majority", "on": True, "options": {"z": [1, 2], "a": None}},
                    {"rule": "minority", "options": {}, "on": False},
                ]
            },
            5, 5, "xor4096", "",
        ),
        ["rule", "options"],
    ),
    (document("one", {"product": []}, 1, 1, "arc4", None), []),
    (
        document("wide", {"product": factors(b=[1, 2, 3, 4], a=["x", "y", "z"], c=[0.1, 0.2, 0.30000000000000004, 1e21, 1e-7])}, 1000, 128, "tychei", "7"),
        ["c", "a"],
    ),
]  # fmt: skip


def experiment_vector(doc, shared_by):
    places = places_of(doc)
    last = len(places) - 1
    shown = range(len(places)) if len(places) <= 24 else sorted({0, 1, 7, 8, 9, 23, 24, 25, 100, last - 8, last - 1, last})
    chunks = sorted({0, min(1, last), last})
    return {
        "document": doc,
        "canonical": canonical(doc),
        "hash": experiment_hash(doc).hex(),
        "points": len(points_of(doc["design"])),
        "chunks": len(places),
        "jobs": sum(place["jobs"] for place in places),
        "places": [places[i] for i in shown],
        "seeds": seeds_of(doc, chunks, ["network", "", "Würfel 😀"], shared_by),
    }


CHUNKS = [
    {"chunk": 0, "jobs": [{"result": 1}, {"result": None}]},
    {"chunk": 3, "jobs": [{"result": VALUES["result"]}, {"error": {"name": "RangeError", "message": 'no "hope"\nleft'}}]},
    {"chunk": 12, "jobs": [{"result": [NAN, -0.0, BigInt(2**70), "ü"]}]},
    {"chunk": 4, "summary": {"mean": 0.1, "n": 49}, "failed": [{"job": 17, "error": {"name": "Error", "message": ""}}]},
    {"chunk": 5, "summary": Typed("int32", [1, 2, 3]), "failed": []},
]

HASHES = [
    ("reprise/experiment/1", []),
    ("reprise/experiment/1", [b""]),
    ("reprise/experiment/1", [b"", b""]),
    ("reprise/chunk-seed/1", [bytes(range(32)), u64be(0)]),
    ("reprise/job-seed/1", [bytes(range(32)), u32be(4294967295)]),
    ("reprise/stream-seed/1", [bytes(range(32)), "Würfel".encode("utf-8")]),
    ("reprise/shared-seed/1", [bytes(range(32)), b"network", b'{"nodes":100000}', u64be(2**53 - 1)]),
    ("reprise/shared-seed/1", [b"ab", b"c", b"", b"d"]),
    ("reprise/shared-seed/1", [b"a", b"bc", b"", b"d"]),
    ("reprise/sample/1", [bytes(range(32)), "Würfel".encode("utf-8")]),
]

BEACONS = ["0", "drand quicknet 24310123: 6cb9e7a2", "6 aus 49, 25.11.2026: 3 8 17 22 39 41", "Würfel 😀", " ", "a" * 200]

STRATA = [
    ([[[0, 9]]], [1, 3, 10, 11]),
    ([[[i * 4, i * 4 + 3]] for i in range(5)], [5, 6, 9, 13, 19, 20]),
    ([[[0, 6], [10, 10]], [[7, 9]], [[11, 11], [13, 30]], [[12, 12]]], [4, 5, 7, 16, 30]),
    ([[[0, 999]], [[1000, 1000]], [[1001, 1999]]], [3, 4, 5, 6, 40]),
    ([[[5, 2**19]], [[0, 4], [2**19 + 1, 2**20 - 1]]], [2, 7]),
]

BOUNDS = [
    [(1, 1)], [(20, 1)], [(20, 19)], [(20, 18)], [(19, 18)], [(100, 95)], [(100, 96)], [(10, 0)], [(7, 0), (20, 3)],
    [(4, 1)] * 5, [(4, 2)] * 5, [(4, 2)] * 2 + [(4, 1)] * 3, [(10, 1)] * 10, [(8, 1), (3, 1), (20, 2), (1, 1)],
    [(30, 3), (30, 3), (30, 4)], [(50, 5), (3, 1), (3, 1)], [(2, 1)] * 30, [(60, 20), (60, 1)], [(5, 5), (5, 4)],
]  # fmt: skip

SIMPLE = [(20, 6), (80, 4), (100, 1), (100, 3), (100, 50), (1000, 10), (1000, 100), (1000, 299), (5000, 59), (100000, 100),
          (100000, 300), (2**24, 1), (2**24, 100), (2**24, 10000), (2**24, 2**23)]  # fmt: skip


def vectors():
    leaves = [str(i).encode("ascii") for i in range(1025)]
    hashed = [leaf_hash(leaf) for leaf in leaves]
    sizes = list(range(21)) + [31, 32, 33, 63, 64, 65, 100, 255, 256, 257, 1000, 1023, 1024, 1025]
    entropies = [b"", b"draw", bytes.fromhex("00ff" * 16)]
    samples = [(1, 1), (10, 0), (10, 3), (10, 9), (10, 10), (10, 20), (1000, 30), (2**31, 12), (7, 6), (2**47 + 1, 4)]
    grid = [(1, 1), (1, 999), (1, 1000), (1, 1999), (1, 2000), (1, 10**6), (1, 10**9), (100, 1000), (100, 10), (100, 49),
            (100, 50), (100, 51), (10**6, 1), (10**6, 3), (3, 333), (3, 334), (7, 10**5), (12, 4999), (1, 5000), (40, 25)]  # fmt: skip
    data = [b"", b"abc", bytes(range(256)), b"a" * 1000, b"x" * 55, b"x" * 56, b"x" * 64]
    return {
        "sha256": [{"bytes": d.hex(), "digest": sha256(d).hex()} for d in data],
        "hash": [{"domain": d, "parts": [p.hex() for p in ps], "digest": H(d, *ps).hex()} for d, ps in HASHES],
        "u32be": [{"n": n, "bytes": u32be(n).hex()} for n in (0, 1, 256, 2**31, 2**32 - 1)],
        "u64be": [{"n": n, "bytes": u64be(n).hex()} for n in (0, 1, 2**32 - 1, 2**32, 2**40 + 3, 2**53 - 1)],
        "numbers": number_vectors(),
        "values": [
            {"name": name, "json": encode(v), "text": canonical(v), "sha256": sha256(canonical_bytes(v)).hex()}
            for name, v in VALUES.items()
        ],
        "typed": [
            {"type": kind, "elements": [element_text(x) for x in elements], "text": canonical(Typed(kind, elements))}
            for kind, elements in TYPED
        ],
        "bigints": [{"n": str(n), "text": canonical(BigInt(n))} for n in (0, 7, -7, 2**53 + 1, -(2**200))],
        "experiments": [experiment_vector(doc, shared_by) for doc, shared_by in EXPERIMENTS],
        "defaultChunk": [{"points": p, "repetitions": r, "chunk": default_chunk(p, r)} for p, r in grid],
        "chunks": [
            {"record": encode(c), "text": canonical(c), "sha256": sha256(canonical_bytes(c)).hex(), "leaf": leaf_hash(canonical_bytes(c)).hex()}
            for c in CHUNKS
        ],
        "leaves": [{"bytes": d.hex(), "hash": leaf_hash(d).hex()} for d in (b"", b"0", b"abc", bytes(100))],
        "roots": [{"n": n, "root": merkle_root(hashed[:n]).hex()} for n in sizes],
        "samples": [
            {"n": n, "k": k, "entropy": e.hex(), "drawn": draw_sample(n, k, e)} for n, k in samples for e in entropies
        ],
        "beacons": [
            {"root": root.hex(), "beacon": beacon, "entropy": audit_entropy(root, beacon).hex()}
            for root in (merkle_root(hashed[:7]), bytes(32))
            for beacon in BEACONS
        ],
        "strata": [
            {"strata": strata, "k": k, "entropy": e.hex(), "drawn": draw_stratified(strata, k, e)}
            for strata, ks in STRATA
            for k in ks
            for e in entropies[1:]
        ],
        "bounds": [
            {"strata": [{"chunks": n, "drawn": k} for n, k in strata], "bound": differing_bound(strata)} for strata in BOUNDS
        ]
        + [{"strata": [{"chunks": n, "drawn": k}], "bound": simple_bound(n, k)} for n, k in SIMPLE],
    }


def generators():
    seeds = [bytes(range(32)).hex(), sha256(b"reprise").hex()]
    out = []
    for name, make in GENERATORS.items():
        for seed in seeds:
            vector = {"random": name, "seed": seed}
            for method in ("double", "quick", "int32"):
                generator = make(seed)
                vector[method] = [getattr(generator, method)() for _ in range(12)]
            generator = make(seed)
            order = ["double", "int32", "quick", "int32", "double", "quick", "quick", "double"]
            vector["mixed"] = [[method, getattr(generator, method)()] for method in order]
            for _ in range(10000):
                generator.double()
            vector["later"] = generator.double()
            out.append(vector)
    return {"generators": out}


def known():
    """This program against vectors that others published."""
    with open(os.path.join(HERE, "rfc8785.json"), encoding="utf-8") as file:
        rfc = json.load(file)
    for number in rfc["numbers"]:
        x = struct.unpack(">d", bytes.fromhex(number["bits"]))[0]
        assert number["text"] == (es_number(x) if math.isfinite(x) else None), number
    assert jcs(json.loads(rfc["example"]["input"])).encode("utf-8").hex() == rfc["example"]["utf8"]
    assert list(json.loads(jcs(json.loads(rfc["sorting"]["input"]))).values()) == rfc["sorting"]["order"]
    for n, k in [(1, 1), (20, 1), (20, 19), (57, 9), (200, 30)]:
        assert simple_bound(n, k) == differing_bound([(n, k)]), (n, k)
    with open(os.path.join(HERE, "rfc6962.json"), encoding="utf-8") as file:
        rfc = json.load(file)
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in rfc["leaves"]]
    assert merkle_root([]).hex() == rfc["empty"]
    for n, root in enumerate(rfc["roots"], 1):
        assert merkle_root(leaves[:n]).hex() == root, n


def text(sections):
    """JSON with one vector a line."""
    lines = []
    for name, items in sections.items():
        body = ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
        lines.append(f"{json.dumps(name)}:[\n{body}\n]")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main():
    known()
    files = {"vectors.json": text(vectors()), "generators.json": text(generators())}
    status = 0
    for name, made in files.items():
        path = os.path.join(HERE, name)
        if "--check" not in sys.argv[1:]:
            with open(path, "w", encoding="utf-8") as file:
                file.write(made)
            continue
        with open(path, encoding="utf-8") as file:
            held = file.read()
        if held != made:
            odd = next(i for i, (a, b) in enumerate(itertools.zip_longest(held.split("\n"), made.split("\n"))) if a != b)
            print(f"{name} differs from what vectors.py makes, at line {odd + 1}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
