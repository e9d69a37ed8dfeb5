#!/usr/bin/env python3
"""A verifier of manifests, results and ledgers that shares no code with Reprise: it was written from FORMAT.md.

    python3 verify.py MANIFEST [--results results.sqlite | --chunks chunks.jsonl] [--rows rows.jsonl]
                      [--trust KEY]... [--ledger FILE]
    python3 verify.py --ledger FILE [--trust KEY]...

`--chunks` has the bytes of a chunk on each line, `--rows` is what `reprise results --format jsonl` prints: its seeds,
points and repetitions are derived again. KEY is a key as in FORMAT 12.4, or a file with one on each line. Prints one
JSON object {"valid", "problems", "checked", "unchecked"}; exit code 0 when no problem was found, 4 when one was, 2 when
it was asked wrongly. Needs Python's standard library, and for signatures python3-cryptography or python3-nacl.
Numbers like (9.3) are paragraphs of FORMAT.md.
"""

import argparse
import base64
import contextlib
import datetime
import hashlib
import json
import math
import os
import re
import sqlite3
import stat
import struct
import sys

LARGEST = 2**53 - 1
MOST_TOLD = 200  # problems that are listed; of a hostile file there may be millions


class Wrong(Exception):
    """Something is not as FORMAT.md says."""


def need(condition, what):
    if not condition:
        raise Wrong(what)


# --- hashes (2), Merkle trees (7) ---


def sha256(data):
    return hashlib.sha256(data).digest()


def hexdigest(data):
    return hashlib.sha256(data).hexdigest()


def lp(data):
    return struct.pack(">I", len(data)) + data


def H(domain, *parts):
    return sha256(lp(domain.encode()) + struct.pack(">I", len(parts)) + b"".join(map(lp, parts)))


def leaf_hash(data):
    return sha256(b"\x00" + data)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def merkle_root(leaves):
    """The root of leaf hashes: pairs level by level, an odd last one moves up, which is the tree of (7.3)."""
    if not leaves:
        return sha256(b"")
    level = list(leaves)
    while len(level) > 1:
        above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = above + level[len(level) & ~1 :]
    return level[0]


def root_of_inclusion(index, size, leaf, path):
    """The root that an inclusion proof leads to (RFC 6962 §2.1.1)."""
    need(index < size, "the number is not below the size of the tree")
    at, last, digest = index, size - 1, leaf
    for sibling in path:
        need(last > 0, "the inclusion proof is too long")
        if at & 1 or at == last:
            digest = node_hash(sibling, digest)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        at, last = at >> 1, last >> 1
    need(last == 0, "the inclusion proof is too short")
    return digest


# --- JSON (3) ---

ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')
sys.setrecursionlimit(4_000)  # json_text takes two calls a level
DEEPEST_VALUE = 500  # (3.8)
DEEPEST_TEXT = 600  # with what lies around values; a reader's own bound


def number_text(x):
    """Number::toString of ECMAScript: repr() has the shortest digits, in another layout."""
    need(math.isfinite(x), "a number is too large")
    if x.is_integer() and abs(x) < 1e15:
        return str(int(x))  # -0 becomes 0
    mantissa, _, exponent = repr(abs(x)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    point = len(whole) + int(exponent or "0")  # the value is 0.digits × 10^point
    point -= len(digits) - len(digits.lstrip("0"))
    digits = digits.strip("0")
    sign = "-" if x < 0 else ""
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits.ljust(point, "0")
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"


def string_text(text):
    return f'"{TO_ESCAPE.sub(lambda m: ESCAPES.get(m[0]) or f"{chr(92)}u{ord(m[0]):04x}", text)}"'


def utf16(text):
    """UTF-16 code units, by which keys are sorted; lone surrogates are refused (1.4)."""
    try:
        return text.encode("utf-16-be")
    except UnicodeEncodeError:
        raise Wrong("a text has a lone surrogate") from None


def json_text(value, indent=None, margin="\n"):
    """Canonical JSON (3.9), or with indent "  " the layout of a manifest (9.2)."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, str):
        return string_text(value)
    inner, comma, colon = "", ",", ":"
    if indent is not None:
        inner, colon = margin + indent, ": "
        comma = "," + inner
    close = margin if indent is not None else ""
    if isinstance(value, list):
        parts = [json_text(each, indent, inner) for each in value]
        return f"[{inner}{comma.join(parts)}{close}]" if parts else "[]"
    parts = [f"{string_text(key)}{colon}{json_text(value[key], indent, inner)}" for key in sorted(value, key=utf16)]
    return f"{{{inner}{comma.join(parts)}{close}}}" if parts else "{}"


def canonical(value):
    return encoded(json_text(value))


def encoded(text):
    utf16(text)
    return text.encode()


def double(digits):
    x = float(digits)
    need(math.isfinite(x), "a number is too large")
    return x


def members(pairs):
    found = dict(pairs)
    need(len(found) == len(pairs), "an object has a key twice")
    return found


def no_constant(name):
    raise Wrong(f"{name} is no JSON")


def parse(data):
    """Strict JSON in strict UTF-8; all numbers as doubles."""
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Wrong(f"byte {error.start} is no UTF-8") from None
    try:
        return json.loads(
            text, parse_int=double, parse_float=double, parse_constant=no_constant, object_pairs_hook=members
        )
    except ValueError as error:
        raise Wrong(f"it is no JSON: {error}") from None
    except RecursionError:
        raise Wrong("it is nested too deeply") from None


def parse_canonical(data):
    """(3.10), without the checks of values."""
    value = parse(data)
    need(canonical(value) == data, "it is not in canonical form")
    return value


# --- values (3.2 to 3.8) ---

WIDTHS = {
    "$int8": 1, "$uint8": 1, "$uint8clamped": 1, "$int16": 2, "$uint16": 2, "$int32": 4, "$uint32": 4,
    "$float32": 4, "$float64": 8, "$bigint64": 8, "$biguint64": 8,
}  # fmt: skip
NANS = {"$float32": ("f", bytes.fromhex("0000c07f")), "$float64": ("d", bytes.fromhex("000000000000f87f"))}


def from_base64(text):
    """(1.6)"""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:  # a non-ASCII text, too
        raise Wrong("base64 is malformed") from None
    need(base64.b64encode(data).decode() == text, "base64 is not in its one form")
    return data


def check_tagged(value):
    """(3.3) to (3.6)"""
    (tag, text), *more = value.items()
    need(not more and isinstance(text, str), "a key begins with $ where no tagged object is")
    if tag == "$number":
        need(text in ("NaN", "Infinity", "-Infinity", "-0"), "$number has another text")
    elif tag == "$bigint":
        need(re.fullmatch("0|-?[1-9][0-9]*", text), "$bigint is malformed")
    else:
        need(tag in WIDTHS, "a tag is unknown")
        data = from_base64(text)
        width = WIDTHS[tag]
        need(len(data) % width == 0, f"{tag} has half an element")
        if tag in NANS:
            code, nan = NANS[tag]
            for (at, x) in enumerate(struct.unpack(f"<{len(data) // width}{code}", data)):
                need(x == x or data[at * width : (at + 1) * width] == nan, f"{tag} has another NaN")


def check_value(value, tagged=True, depth=0, deepest=DEEPEST_VALUE):
    """(1.4) and (3.3) to (3.8) of parsed JSON; without tagged objects (4.4)."""
    if isinstance(value, str):
        utf16(value)
    elif isinstance(value, (list, dict)):
        if isinstance(value, dict):
            if any(key.startswith("$") for key in value):
                need(tagged, "a key begins with $")
                return check_tagged(value)
            for key in value:
                need(key not in ("__proto__", "toJSON"), f"a key is {key}")
                utf16(key)
            value = value.values()
        need(depth < deepest, "it is nested too deeply")
        for each in value:
            check_value(each, tagged, depth + 1, deepest)
    return None


# --- shapes ---


def is_int(x, low, high=LARGEST):
    return isinstance(x, float) and x.is_integer() and low <= x <= high


def is_digest(x):
    return isinstance(x, str) and re.fullmatch("[0-9a-f]{64}", x) is not None


def is_time(x):
    """(12.2)"""
    if not isinstance(x, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", x):
        return False
    try:
        return bool(datetime.datetime.strptime(x, "%Y-%m-%dT%H:%M:%S.%fZ"))
    except ValueError:
        return False


def keys(value, what, required, optional=()):
    """An object with exactly these keys, given back."""
    need(isinstance(value, dict), f"{what} is no object")
    for key in required:
        need(key in value, f"{what} has no {key}")
    for key in value:
        need(key in required or key in optional, f"{what} has a key {json.dumps(key)[:60]}")
    return value


# --- the experiment (4) ---

DOCUMENT = ("format", "name", "design", "repetitions", "chunk", "random", "seed")


def check_names(names):
    """(4.4)"""
    need(len(set(names)) == len(names), "two parameters have one name")
    for name in names:
        need(isinstance(name, str) and name, "a parameter has no name")
        need(not name.startswith("$") and name not in ("__proto__", "toJSON"), "a parameter's name is not allowed")
        need(not re.fullmatch("0|[1-9][0-9]*", name), "a parameter's name is a whole number")


def factors_of(design, kind):
    factors = design[kind]
    need(isinstance(factors, list), f"{kind} is no list")
    for factor in factors:
        keys(factor, "a factor", ("name", "values"))
        need(isinstance(factor["values"], list) and factor["values"], "a factor has no values")
        need(isinstance(factor["name"], str), "a factor's name is no text")
        for value in factor["values"]:
            check_value(value, tagged=False)
    check_names([factor["name"] for factor in factors])
    return factors


class Experiment:
    """A checked document (4.1 to 4.5), and what follows from it."""

    def __init__(self, document):
        keys(document, "the document", DOCUMENT)
        need(document["format"] == "reprise/experiment/1", "the document has another format")
        need(isinstance(document["name"], str) and document["name"], "the experiment has no name")
        need(is_int(document["repetitions"], 1), "repetitions are out of range")
        need(is_int(document["chunk"], 1, 2**32 - 1), "the chunk size is out of range")
        need(document["random"] in ("tychei", "alea", "xor4096", "arc4"), "the generator is unknown")
        need(document["seed"] is None or isinstance(document["seed"], str), "the seed is no text")
        design = document["design"]
        need(isinstance(design, dict) and len(design) == 1, "the design has not exactly one key")
        (self.kind,) = design
        need(self.kind in ("product", "zip", "points"), "the kind of design is unknown")
        self.design = design[self.kind]
        if self.kind == "points":
            need(isinstance(self.design, list) and self.design, "there is no point")
            for point in self.design:
                need(isinstance(point, dict), "a point is no object")
                need(point.keys() == self.design[0].keys(), "points have different names")
                check_value(point, tagged=False)
            check_names(list(self.design[0]))
            self.points = len(self.design)
        else:
            lengths = [len(factor["values"]) for factor in factors_of(design, self.kind)]
            if self.kind == "zip":
                need(lengths and len(set(lengths)) == 1, "a zip's factors differ in length")
            self.points = math.prod(lengths) if self.kind == "product" else lengths[0]
        self.hash = H("reprise/experiment/1", canonical(document))
        self.repetitions, self.chunk = int(document["repetitions"]), int(document["chunk"])
        self.blocks = -(-self.repetitions // self.chunk)
        self.chunks, self.jobs = self.points * self.blocks, self.points * self.repetitions
        need(self.chunks <= 2**24, "there are more than 2^24 chunks")

    def repetitions_of(self, chunk):
        """(4.8)"""
        first = chunk % self.blocks * self.chunk
        return range(first, min(first + self.chunk, self.repetitions))

    def point_of(self, chunk):
        """(4.7)"""
        at = chunk // self.blocks
        if self.kind == "points":
            return self.design[at]
        point = {}
        for factor in reversed(self.design):
            values = factor["values"]
            point[factor["name"]] = values[at % len(values)] if self.kind == "product" else values[at]
            at = at // len(values) if self.kind == "product" else at
        return point

    def chunk_seed(self, chunk):
        """(5.1)"""
        return H("reprise/chunk-seed/1", self.hash, struct.pack(">Q", chunk))

    def job_seed(self, chunk, job):
        return H("reprise/job-seed/1", self.chunk_seed(chunk), struct.pack(">I", job))


# --- Ed25519 (12.3, 12.4) ---


def ed25519():
    """A function (public key, signature, text) → bool of the first library that is here, or None."""
    with contextlib.suppress(ImportError):
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        def by_cryptography(key, signature, text):
            try:
                Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
                return True
            except (InvalidSignature, ValueError):
                return False

        return by_cryptography
    with contextlib.suppress(ImportError):
        from nacl.exceptions import CryptoError
        from nacl.signing import VerifyKey

        def by_nacl(key, signature, text):
            try:
                VerifyKey(key).verify(text, signature)
                return True
            except (CryptoError, ValueError):
                return False

        return by_nacl
    return None


VERIFIES = ed25519()
P = 2**255 - 19
OF_ORDER_8 = int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little")
SMALL = {0, 1, P - 1, OF_ORDER_8, P - OF_ORDER_8}  # y of the points whose order divides 8


class Key:
    """A key as in (12.4)."""

    def __init__(self, text):
        need(isinstance(text, str) and text.count("+") >= 2, "a key is malformed")
        self.text = text
        self.name, id_, data = text.split("+", 2)
        check_key_name(self.name)
        typed = from_base64(data)
        need(len(typed) == 33 and typed[0] == 1, "a key is not of Ed25519")
        self.public = typed[1:]
        self.id = sha256(self.name.encode() + b"\n" + typed)[:4]
        need(self.id.hex() == id_, "a key's id does not belong to it")
        y = int.from_bytes(self.public, "little") & (2**255 - 1)
        need(y < P and y not in SMALL, "a key is no point, or one of small order")


def check_key_name(name):
    """What c2sp.org/signed-note asks of names."""
    need(0 < len(name) <= 255 and not any(c.isspace() or c == "+" for c in name), "a key's name is malformed")


class Note:
    """A note (12.3): its text and its signatures."""

    def __init__(self, text):
        need(isinstance(text, str), "a note is no text")
        encoded(text)
        need(not re.search("[\x00-\x09\x0b-\x1f]", text), "a note has control characters")
        self.all = text
        at = text.rfind("\n\n")
        need(at >= 0, "a note has no signatures")
        self.text, lines = text[: at + 1], text[at + 2 :]
        need(lines.endswith("\n"), "a note does not end in a line feed")
        self.signatures = []
        for line in lines[:-1].split("\n"):
            dash, *words = line.split(" ")
            need(dash == "—" and len(words) == 2, "a line of a signature is malformed")
            check_key_name(words[0])
            data = from_base64(words[1])
            need(len(data) > 4, "a signature is too short")
            self.signatures.append((words[0], data[:4], data[4:]))

    def need_signature(self, key):
        found = [data for name, id_, data in self.signatures if (name, id_) == (key.name, key.id)]
        need(found, f"it is not signed by {key.name}")
        for signature in found:
            need(len(signature) == 64, "a signature has another length")
            if VERIFIES:
                need(VERIFIES(key.public, signature, self.text.encode()), f"the signature of {key.name} is wrong")

    def need_only(self, key):
        self.need_signature(key)
        need(len(self.signatures) == 1, "it has more than one signature")


class Checkpoint:
    """(12.5)"""

    def __init__(self, note):
        self.note = note
        lines = note.text.split("\n")
        need(len(lines) == 4, "a checkpoint's text has not three lines")
        self.origin = lines[0]
        need(re.fullmatch("reprise/ledger/[0-9a-f]{32}", self.origin), "the origin is malformed")
        need(re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]), "a checkpoint's size is malformed")
        self.size = int(lines[1])
        need(self.size <= LARGEST, "a checkpoint's size is malformed")
        self.root = from_base64(lines[2])
        need(len(self.root) == 32, "a checkpoint's root has another length")


# --- entries and ledgers (12) ---

BODIES = {
    "ledger-opened": "origin key",
    "registered": "experiment name capsule commit chunks jobs",
    "run-started": "run experiment name capsule chunks jobs commit dirty runner engines missing rerunOf sample",
    "run-resumed": "run experiment runner engines missing",
    "run-aborted": "run experiment state chunks",
    "run-sealed": "run experiment capsule root record chunks jobs failedJobs",
    "rerun-identical": "run experiment of chunks compared divergent sample entropy",
    "rerun-divergent": "run experiment of chunks compared divergent sample entropy",
    "rerun-incomplete": "run experiment of chunks compared divergent sample entropy",
    "exported": "run what files",
    "witness-added": "run record verdict key statement",
    "timestamped": "size checkpoint token",
    "note": "text about",
    "key-rotated": "from to statement",
}


def read_entry(data):
    """(12.2), of one entry by itself."""
    entry = keys(parse_canonical(data), "an entry", ("format", "seq", "prev", "time", "kind", "body"))
    check_value(entry)
    need(entry["format"] == "reprise/entry/1", "an entry has another format")
    need(is_int(entry["seq"], 0), "an entry's number is malformed")
    need(entry["prev"] is None if entry["seq"] == 0 else is_digest(entry["prev"]), "prev is malformed")
    need(is_time(entry["time"]), "an entry's time is malformed")
    need(isinstance(entry["kind"], str) and isinstance(entry["body"], dict), "an entry's kind or body is malformed")
    need((entry["kind"] == "ledger-opened") == (entry["seq"] == 0), "a ledger is not opened by its first entry alone")
    for key in BODIES.get(entry["kind"], "").split():
        need(key in entry["body"], f"an entry {entry['kind']} has no {key}")
    return entry


class Proof:
    """An entry and its tlog-proof (12.6), checked against each other and the key."""

    def __init__(self, entry, log, key):
        need(isinstance(entry, str) and isinstance(log, str), "an entry or its proof is no text")
        self.data = encoded(entry)
        self.entry = read_entry(self.data)
        self.key = Key(key)
        head, blank, note = log.partition("\n\n")
        first, *lines = head.split("\n")
        need(blank and first == "c2sp.org/tlog-proof@v1", "the tlog-proof has no head")
        need(lines and re.fullmatch("index (0|[1-9][0-9]{0,15})", lines[0]), "the tlog-proof has no index")
        need(len(lines) <= 64, "the inclusion proof is too long")
        path = [from_base64(line) for line in lines[1:]]
        need(all(len(digest) == 32 for digest in path), "a hash of the inclusion proof has another length")
        index = int(lines[0][6:])
        need(index == self.entry["seq"], "the tlog-proof is for another entry")
        self.checkpoint = Checkpoint(Note(note))
        root = root_of_inclusion(index, self.checkpoint.size, leaf_hash(self.data), path)
        need(root == self.checkpoint.root, "the inclusion proof does not lead to the checkpoint's root")
        self.checkpoint.note.need_only(self.key)


class Ledger:
    """A ledger's file (12.9)."""

    def __init__(self, data):
        body, blank, note = data.partition(b"\n\n")
        need(blank, "there is no empty line before the checkpoint")
        lines = body.split(b"\n")
        self.leaves = [leaf_hash(line) for line in lines]
        self.unsaid = []  # changes of key that the old key did not sign
        before = None
        for at, line in enumerate(lines):
            try:
                entry = read_entry(line)
                need(entry["seq"] == at, "it has another number")
                if before is None:
                    self.origin, key = entry["body"]["origin"], Key(entry["body"]["key"])
                else:
                    need(entry["prev"] == self.leaves[at - 1].hex(), "prev is not the leaf hash of the entry before")
                    need(entry["time"] >= before["time"], "it is earlier than the entry before")
                if entry["kind"] == "key-rotated":
                    key = self.rotated(entry, key)
                    if entry["body"]["statement"] is None:
                        self.unsaid.append(at)
            except Wrong as error:
                raise Wrong(f"entry {at}: {error}") from None
            before = entry
        try:
            self.checkpoint = Checkpoint(Note(note.decode("utf-8", "strict")))
        except UnicodeDecodeError:
            raise Wrong("the checkpoint is no UTF-8") from None
        self.key = key
        need(self.checkpoint.origin == self.origin, "the checkpoint is of another ledger")
        need(self.checkpoint.size == len(lines), "the checkpoint has another number of entries")
        need(self.checkpoint.root == merkle_root(self.leaves), "the checkpoint has another root")
        self.checkpoint.note.need_only(key)

    @staticmethod
    def rotated(entry, key):
        """(12.7)"""
        body = entry["body"]
        need(body["from"] == key.text, "the key that is changed is not the one before")
        after = Key(body["to"])
        if body["statement"] is not None:
            note = Note(body["statement"])
            lines = note.text.split("\n")
            need(lines[:3] == ["reprise/key-rotation/1", key.text, after.text], "the statement is about other keys")
            need(len(lines) == 5 and is_time(lines[3]), "the statement of a change of key is malformed")
            note.need_signature(key)
            note.need_signature(after)
        return after

    def need_agreement(self, checkpoint, what):
        need(checkpoint.origin == self.origin, f"{what} is of another ledger")
        need(checkpoint.size <= len(self.leaves), f"the ledger is older than {what}")
        need(merkle_root(self.leaves[: checkpoint.size]) == checkpoint.root, f"the ledger is not the one of {what}")


# --- witnesses and timestamps (9.12) ---

STATEMENT = (
    "record", "run", "experiment", "root", "key", "time", "verdict", "compared", "chunks", "divergent", "sample",
    "entropy", "beacon", "stratify", "environments", "reprise",
)  # fmt: skip


def read_statement(text, manifest):
    """(12.8); gives the statement, and its key."""
    note = Note(text)
    lines = note.text.split("\n")
    need(len(lines) == 3 and lines[0] == "reprise/witness/1", "a witness's statement is malformed")
    said = keys(parse_canonical(encoded(lines[1])), "a statement", STATEMENT)
    check_value(said)
    about = [manifest["proof"]["record"], manifest["run"].get("id")]
    about += [manifest["experiment"]["hash"], manifest["results"]["root"]]
    about.append(manifest["results"]["chunks"])
    told = [said[key] for key in (*STATEMENT[:4], "chunks")]
    need(told == about, "a witness's statement is about another record")
    need(said["verdict"] in ("identical", "divergent", "incomplete"), "a verdict is unknown")
    need(all(is_int(said[key], 0) for key in ("compared", "chunks", "divergent")), "a statement's numbers are malformed")
    need(said["sample"] is None or is_int(said["sample"], 0), "a statement's sample is malformed")
    need(said["entropy"] is None or isinstance(said["entropy"], str), "a statement's entropy is malformed")
    beacon = said["beacon"]
    need(beacon is None or isinstance(beacon, str), "a statement's beacon is malformed")
    need(said["stratify"] in (None, "point", "engine"), "a statement's strata are unknown")
    if beacon is not None:
        drawn_by = H("reprise/sample/1", bytes.fromhex(manifest["results"]["root"]), beacon.encode())
        need(said["entropy"] == drawn_by.hex(), "a statement's entropy is not made of its beacon")
    need(is_time(said["time"]) and isinstance(said["reprise"], str), "a statement's time or version is malformed")
    places = said["environments"]
    need(isinstance(places, list) and all(isinstance(each, str) for each in places), "environments are malformed")
    key = Key(said["key"])
    note.need_only(key)
    return said, key


def der(data):
    """The elements of DER, as (tag, content)."""
    found, at = [], 0
    while at < len(data):
        need(at + 2 <= len(data), "DER is cut off")
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 0x80:
            n = length & 0x7F
            need(0 < n <= 4 and at + n <= len(data), "DER has a length that cannot be")
            length, at = int.from_bytes(data[at : at + n], "big"), at + n
        need(at + length <= len(data), "DER is cut off")
        found.append((tag, data[at : at + length]))
        at += length
    return found


def time_stamped(token):
    """What an RFC 3161 token says: the hashed SHA-256 and the time. Its own signature is not checked."""
    try:
        ((_, content),) = der(from_base64(token))
        signed = der(der(der(content)[1][1])[0][1])  # SignedData
        octets = der(der(signed[2][1])[1][1])  # encapContentInfo: id-ct-TSTInfo, [0] OCTET STRING
        info = der(der(octets[0][1])[0][1])  # TSTInfo: version, policy, messageImprint, serial, time
        (_, algorithm), (_, digest) = der(info[2][1])
        need(der(algorithm)[0] == (6, bytes.fromhex("608648016503040201")), "a timestamp is not over SHA-256")
        return digest, info[4][1].decode("ascii")
    except (IndexError, ValueError, TypeError):
        raise Wrong("a timestamp is no RFC 3161 token") from None


# --- chunks (6) ---


def check_error(error):
    keys(error, "an error", ("name", "message"))
    need(all(isinstance(text, str) for text in error.values()), "an error's name or message is no text")


def failures_in(data, experiment, chunk):
    """Checks the bytes of a chunk (6.1, 6.2), and counts its failed jobs."""
    value = parse_canonical(data)
    jobs = len(experiment.repetitions_of(chunk))
    need(isinstance(value, dict) and is_int(value.get("chunk"), chunk, chunk), "it says that it is another chunk")
    if "jobs" in value:
        keys(value, "the chunk", ("chunk", "jobs"))
        need(isinstance(value["jobs"], list) and len(value["jobs"]) == jobs, "it has another number of jobs")
        failed = 0
        for job in value["jobs"]:
            need(isinstance(job, dict) and len(job) == 1, "a job has not exactly one key")
            if "error" in job:
                check_error(job["error"])
                check_value(job["error"])
                failed += 1
            else:
                check_value(keys(job, "a job", ("result",))["result"])
        return failed
    keys(value, "the chunk", ("chunk", "failed", "summary"))
    need(isinstance(value["failed"], list), "failed is no list")
    last = -1.0
    for failure in value["failed"]:
        keys(failure, "a failure", ("error", "job"))
        check_error(failure["error"])
        check_value(failure["error"])
        need(is_int(failure["job"], last + 1, jobs - 1), "failures are not those of its jobs, in order")
        last = failure["job"]
    check_value(value["summary"])
    return len(value["failed"])


def chunks_of_sqlite(path):
    """(10.2): index, bytes, and what the row says of the leaf and of failures. Reads, writes nothing beside it."""
    mode = "ro" if os.path.exists(f"{path}-wal") else "ro&immutable=1"
    uri = "file:" + re.sub(r"[?#%]", lambda m: f"%{ord(m[0]):02x}", os.path.abspath(path)) + f"?mode={mode}"
    try:
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            kind = database.execute("SELECT type FROM sqlite_schema WHERE name = 'chunks'").fetchone()
            need(kind == ("table",), "there is no table chunks")
            yield from database.execute("SELECT chunk, bytes, leaf, failed FROM chunks ORDER BY chunk")
    except sqlite3.Error as error:
        raise Wrong(f"it cannot be read: {error}") from None


def chunks_of_lines(path):
    """A chunk's bytes on each line, in order; the index is the one that they begin with, where they do."""
    index = -1
    with open(path, "rb") as file:
        for at, line in enumerate(file):
            need(line.endswith(b"\n"), f"line {at + 1} does not end in a line feed")
            claimed = re.match(rb'{"chunk":(0|[1-9][0-9]{0,8}),', line)
            index = int(claimed[1]) if claimed else index + 1
            yield index, line[:-1], None, None


# --- the whole ---


class Verification:
    """What was found so far."""

    def __init__(self, trusted):
        self.problems, self.checked, self.unchecked = [], [], []
        self.more = 0
        self.trusted = trusted

    def problem(self, where, what):
        if len(self.problems) < MOST_TOLD:
            self.problems.append({"where": where, "what": str(what)})
        else:
            self.more += 1

    @contextlib.contextmanager
    def checking(self, where, what=None):
        """Notes what goes wrong inside, and that it was checked if nothing did."""
        count = len(self.problems) + self.more
        try:
            yield
        except Wrong as error:
            self.problem(where, error)
        except RecursionError:
            self.problem(where, "it is nested too deeply")
        if what is not None and count == len(self.problems) + self.more:
            self.checked.append(what)

    def signed_by(self, where, key):
        if not VERIFIES:
            self.unchecked.append(f"{where}: the signature (neither cryptography nor nacl is here)")
        if key.text in self.trusted:
            self.checked.append(f"{where}: signed by the trusted key {key.text}")
        elif self.trusted:
            self.problem(where, f"it is signed by {key.text}, which is not to be trusted")
        else:
            self.unchecked.append(f"{where}: whose key {key.text} is")

    def answer(self):
        if self.more:
            self.problems.append({"where": "and", "what": f"{self.more} more problems"})
        return {
            "valid": not self.problems,
            "problems": self.problems,
            "checked": self.checked,
            "unchecked": self.unchecked,
        }


def read_beside(manifest_path, name, length):
    """A file beside the manifest: None when it is not there; no link is followed, and no other length read."""
    path = os.path.join(os.path.dirname(os.path.abspath(manifest_path)), name)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Wrong(f"{name}: {error.strerror}") from None
    info = os.fstat(handle)
    if not stat.S_ISREG(info.st_mode) or info.st_size != length:
        os.close(handle)
        raise Wrong(f"{name} is no file of {length} bytes")
    with open(handle, "rb") as file:
        return file.read(length + 1)


def read_manifest(data):
    """(9.2), and the shape of (9.1)."""
    manifest = parse(data)
    need((json_text(manifest, "  ") + "\n").encode() == data, "the text is not the one that a manifest has")
    check_value(manifest, deepest=DEEPEST_TEXT)
    keys(manifest, "the manifest", ("format", "experiment", "capsule", "run", "results", "proof"))
    need(manifest["format"] == "reprise/manifest/1", "the manifest has another format")
    experiment = keys(manifest["experiment"], "experiment", ("document", "hash"))
    capsule = keys(manifest["capsule"], "capsule", ("sha256", "bytes", "source"))
    results = keys(manifest["results"], "results", ("chunks", "root", "leaves"))
    signed, optional = ("entry", "log", "key"), ("registered", "timestamps", "witnesses")
    proof = keys(manifest["proof"], "proof", ("record",), (*signed, "digest", *optional))
    if len(proof) > 1:
        keys(proof, "proof", ("record", "digest"), signed + optional)
    for value in (experiment["hash"], capsule["sha256"], results["root"], proof["record"]):
        need(is_digest(value), "a digest is malformed")
    need("digest" not in proof or is_digest(proof["digest"]), "a digest is malformed")
    need(is_int(capsule["bytes"], 0), "the capsule's length is malformed")
    need(capsule["source"] is None or isinstance(capsule["source"], str), "the capsule's source is no text")
    need(is_int(results["chunks"], 1, 2**24), "the number of chunks is malformed")
    if isinstance(results["leaves"], dict):
        need(is_digest(keys(results["leaves"], "leaves", ("sha256",))["sha256"]), "a digest is malformed")
    else:
        need(isinstance(results["leaves"], list) and all(map(is_digest, results["leaves"])), "leaves are malformed")
    run = manifest["run"]
    need(isinstance(run, dict) and isinstance(run.get("id"), str), "the run has no id")
    need(isinstance(run.get("counts"), dict), "the run has no counts")
    if "earlier" in run or any(key in proof for key in (*signed, "registered", "timestamps")):
        keys(proof, "proof", ("record", "digest", *signed), optional)
    counts = run["counts"]
    need(all(is_int(counts.get(key), 0) for key in ("chunks", "jobs", "failedJobs")), "the counts are malformed")
    return manifest


def verify_leaves(seen, manifest, path):
    """(9.6); gives the leaf hashes, or None."""
    results, leaves = manifest["results"], manifest["results"]["leaves"]
    number = int(results["chunks"])
    with seen.checking("results.leaves"):
        if isinstance(leaves, dict):
            data = read_beside(path, f"{leaves['sha256']}.leaves", 32 * number)
            if data is None:
                seen.unchecked.append("leaves and root (the file of leaves is not beside the manifest)")
                return None
            need(hexdigest(data) == leaves["sha256"], "the file of leaves has another digest")
            leaves = [data[at : at + 32] for at in range(0, len(data), 32)]
        else:
            leaves = [bytes.fromhex(digest) for digest in leaves]
        need(len(leaves) == number, f"there are {len(leaves)} leaves for {number} chunks")
        with seen.checking("results.root", "leaves and root"):
            need(merkle_root(leaves).hex() == results["root"], "it is not the root of the leaves")
        return leaves
    return None


def verify_capsule(seen, manifest, path):
    """(9.5), and the input files that lie beside."""
    capsule = manifest["capsule"]
    with seen.checking("capsule"):
        data = capsule["source"]
        if data is not None:
            data = data.encode()
        else:
            data = read_beside(path, f"{capsule['sha256']}.mjs", int(capsule["bytes"]))
        if data is None:
            seen.unchecked.append("the capsule (its file is not beside the manifest)")
        else:
            need(len(data) == capsule["bytes"], f"it has {len(data)} bytes")
            need(hexdigest(data) == capsule["sha256"], "it has another digest")
            seen.checked.append("the capsule")


def same(body, expected):
    for key, value in expected.items():
        need(type(body[key]) is type(value) and body[key] == value, f"its {key} is not that of the record")


def verify_timestamps(seen, where, tokens, checkpoint):
    with seen.checking(where):
        need(isinstance(tokens, list) and all(isinstance(token, str) for token in tokens), "timestamps are malformed")
        for token in tokens:
            digest, time = time_stamped(token)
            need(digest == sha256(checkpoint.note.all.encode()), "a timestamp is over another checkpoint")
            seen.checked.append(f"{where}: over this checkpoint, says {time}")
            seen.unchecked.append(f"{where}: who made it")


def verify_proof(seen, manifest):
    """(9.9) to (9.12); gives the proofs of entries that are right, by where they are."""
    proof, run, proofs = manifest["proof"], manifest["run"], {}
    if len(proof) > 1:
        with seen.checking("proof.digest", "the proof's digest"):
            rest = {key: value for key, value in proof.items() if key != "digest"}
            need(hexdigest(canonical(rest)) == proof["digest"], "the proof has another digest")
    if "entry" in proof:
        with seen.checking("proof.entry", "entry, inclusion, checkpoint"):
            proofs["proof.log"] = verify_sealed(seen, manifest)
    else:
        seen.unchecked.append("who sealed it (a record from before version 0.3)")
        if seen.trusted:
            seen.problem("proof", "nobody signed it")
    with seen.checking("proof.registered"):
        need(("registered" in proof) == ("registered" in run), "the run and its proof differ on registration")
        if "registered" in proof:
            proofs["proof.registered.log"] = verify_registration(seen, manifest, proofs.get("proof.log"))
    with seen.checking("proof.witnesses"):
        witnesses = proof.get("witnesses", [])
        need(isinstance(witnesses, list), "witnesses are no list")
        for at, text in enumerate(witnesses):
            with seen.checking(f"proof.witnesses[{at}]"):
                said, key = read_statement(text, manifest)
                told = f"{said['verdict']}, {said['compared']:.0f} of {said['chunks']:.0f} chunks"
                seen.checked.append(f"witness {at}: {told}, signed by {key.text}")
                if key.text not in seen.trusted:
                    seen.unchecked.append(f"witness {at}: whose key {key.text} is")
    return proofs


def verify_sealed(seen, manifest):
    """(9.10)"""
    proof, counts = manifest["proof"], manifest["run"]["counts"]
    sealed = Proof(proof["entry"], proof["log"], proof["key"])
    need(sealed.entry["kind"] == "run-sealed", "it is of another kind")
    same(sealed.entry["body"], {
        "run": manifest["run"]["id"], "experiment": manifest["experiment"]["hash"],
        "capsule": manifest["capsule"]["sha256"], "root": manifest["results"]["root"], "record": proof["record"],
        "chunks": manifest["results"]["chunks"], "jobs": counts["jobs"], "failedJobs": counts["failedJobs"],
    })  # fmt: skip
    seen.signed_by("proof", sealed.key)
    if "timestamps" in proof:
        verify_timestamps(seen, "proof.timestamps", proof["timestamps"], sealed.checkpoint)
    return sealed


def verify_registration(seen, manifest, sealed):
    """(9.11); that it was before the run is checked by the ledger's numbers and the times."""
    registered = keys(manifest["proof"]["registered"], "registered", ("entry", "log", "key"), ("timestamps",))
    before = Proof(registered["entry"], registered["log"], registered["key"])
    entry, run = before.entry, manifest["run"]
    need(entry["kind"] == "registered", "it is of another kind")
    told = keys(run["registered"], "run.registered", ("seq", "time", "capsule"))
    same(entry, {"seq": told["seq"], "time": told["time"]})
    same(entry["body"], {"capsule": told["capsule"], "experiment": manifest["experiment"]["hash"]})
    if sealed is not None:
        need(before.checkpoint.origin == sealed.checkpoint.origin, "it is in another ledger than the run")
        earlier = entry["seq"] < sealed.entry["seq"] and entry["time"] <= sealed.entry["time"]
        need(earlier, "it does not come before the seal")
    planned = run.get("planned")
    begun = "run was planned" if is_time(planned) and entry["time"] <= planned else "seal"
    seen.checked.append(f"registered at {entry['time']}, before the {begun}")
    seen.signed_by("proof.registered", before.key)
    if "timestamps" in registered:
        verify_timestamps(seen, "proof.registered.timestamps", registered["timestamps"], before.checkpoint)
    return before


def verify_results(seen, manifest, experiment, leaves, chunks):
    """(9.8): every chunk that should be there, and no other."""
    number, failed, at = experiment.chunks, 0, 0
    with seen.checking("chunks", "every chunk"), seen.checking("results"):
        for index, data, row_leaf, row_failed in chunks:
            if not isinstance(index, int) or not at <= index < number:
                seen.problem(f"chunk {index}", "there is no such chunk")
                need(seen.more < 10_000, "there are too many problems to go on")
                continue
            for missing in range(at, index):
                seen.problem(f"chunk {missing}", "it is missing")
            at = index + 1
            with seen.checking(f"chunk {index}"):
                need(isinstance(data, bytes), "its bytes are none")
                leaf = leaf_hash(data)
                need(leaf == leaves[index], "it has another leaf hash than the manifest lists")
                count = failures_in(data, experiment, index)
                failed += count
                need(row_leaf is None or row_leaf == leaf.hex(), "its row has another leaf")
                need(row_failed is None or row_failed == count, "its row has another number of failed jobs")
        for missing in range(at, number):
            seen.problem(f"chunk {missing}", "it is missing")
        if not seen.problems:
            with seen.checking("run.counts"):
                need(failed == manifest["run"]["counts"]["failedJobs"], f"{failed} jobs failed in the chunks")


def verify_rows(seen, experiment, path):
    """What `reprise results` prints: seeds (5.1), points (4.7) and repetitions (4.8) are derived again."""
    with seen.checking("rows", "seeds, points and repetitions of the rows"), open(path, "rb") as file:
        jobs = {}
        for at, line in enumerate(file):
            with seen.checking(f"row {at}"):
                row = parse(line)
                need(isinstance(row, dict) and is_int(row.get("chunk"), 0, experiment.chunks - 1), "it is of no chunk")
                chunk = int(row["chunk"])
                repetitions = experiment.repetitions_of(chunk)
                job = jobs[chunk] = jobs.get(chunk, -1) + 1
                need(job < len(repetitions), "the chunk has fewer jobs")
                seed = experiment.chunk_seed(chunk) if "summary" in row else experiment.job_seed(chunk, job)
                need(row.get("seed") == seed.hex(), "it has another seed")
                need(row.get("repetition") == repetitions[job], "it has another repetition")
                need(canonical(row.get("point")) == canonical(experiment.point_of(chunk)), "it has another point")


def verify_manifest(seen, path, chunks, rows):
    """(9.8) in its order. Gives the proofs of entries that are right."""
    with seen.checking("manifest", "the exact text and shape"):
        with open(path, "rb") as file:
            manifest = read_manifest(file.read())
        with seen.checking("experiment.document"):
            experiment = Experiment(manifest["experiment"]["document"])
    if seen.problems:
        seen.unchecked.append("all the rest: the manifest cannot be read")
        return {}
    with seen.checking("proof.record", "the record's digest"):
        rest = {key: value for key, value in manifest.items() if key != "proof"}
        need(hexdigest(canonical(rest)) == manifest["proof"]["record"], "the record has another digest")
    with seen.checking("experiment.hash", "the experiment's hash"):
        need(experiment.hash.hex() == manifest["experiment"]["hash"], "it is not that of the document")
    with seen.checking("run.counts", "the counts"):
        counts = manifest["run"]["counts"]
        need(manifest["results"]["chunks"] == experiment.chunks, "results.chunks does not follow from the document")
        need(counts["chunks"] == experiment.chunks, "chunks do not follow from the document")
        need(counts["jobs"] == experiment.jobs, "jobs do not follow from the document")
    verify_capsule(seen, manifest, path)
    leaves = verify_leaves(seen, manifest, path)
    proofs = verify_proof(seen, manifest)
    if chunks is None:
        seen.unchecked.append("chunks (no results given)")
    elif leaves is None or len(leaves) != experiment.chunks:
        seen.unchecked.append("chunks (there are no leaves to compare with)")
    else:
        verify_results(seen, manifest, experiment, leaves, chunks)
    if rows is not None:
        verify_rows(seen, experiment, rows)
    seen.unchecked.append("whether the capsule gives these results (only executing it can tell)")
    return proofs


def verify_ledger(seen, path, proofs):
    """(12.9), and that the manifest's checkpoints are of this ledger."""
    with seen.checking("ledger", "the ledger"):
        with open(path, "rb") as file:
            ledger = Ledger(file.read())
        seen.signed_by("ledger", ledger.key)
        for at in ledger.unsaid:
            seen.unchecked.append(f"ledger: who changed the key at entry {at}")
        if not proofs:
            seen.unchecked.append("ledger: whether it is an older copy (no other checkpoint of it is known)")
        for where, proof in proofs.items():
            with seen.checking("ledger", f"{where} is of this ledger"):
                ledger.need_agreement(proof.checkpoint, where)


def trusted_keys(words):
    found = set()
    for word in words:
        if os.path.isfile(word):
            with open(word, encoding="utf-8") as file:
                lines = [line.strip() for line in file]
            found.update(line for line in lines if line and not line.startswith("#"))
        else:
            found.add(word)
    for key in found:
        Key(key)
    return found


def answer_to(words):
    """What the program answers to these words."""
    asked = argparse.ArgumentParser(description="Verifies a manifest of Reprise, by FORMAT.md alone.")
    asked.add_argument("manifest", nargs="?")
    results = asked.add_mutually_exclusive_group()
    results.add_argument("--results", metavar="SQLITE")
    results.add_argument("--chunks", metavar="JSONL")
    asked.add_argument("--rows", metavar="JSONL")
    asked.add_argument("--trust", metavar="KEY", action="append", default=[])
    asked.add_argument("--ledger", metavar="FILE")
    given = asked.parse_args(words)
    try:
        seen = Verification(trusted_keys(given.trust))
    except Wrong as error:
        asked.error(f"--trust: {error}")
    if given.manifest is None and given.ledger is None:
        asked.error("give a manifest, a ledger, or both")
    for path in (given.manifest, given.results, given.chunks, given.rows, given.ledger):
        if path is not None and not os.path.isfile(path):
            asked.error(f"{path} is not here")
    proofs = {}
    if given.manifest is not None:
        chunks = None
        if given.results is not None:
            chunks = chunks_of_sqlite(given.results)
        elif given.chunks is not None:
            chunks = chunks_of_lines(given.chunks)
        proofs = verify_manifest(seen, given.manifest, chunks, given.rows)
    if given.ledger is not None:
        verify_ledger(seen, given.ledger, proofs)
    return seen.answer()


if __name__ == "__main__":
    found = answer_to(sys.argv[1:])
    print(json.dumps(found))
    sys.exit(0 if found["valid"] else 4)
