"""Score items with a student bundle from Python: onnxruntime, tokenizers and numpy, nothing of tagdistill.

usage: score_bundle.py BUNDLE ITEMS.json TOP_K
ITEMS.json: [{"text": ".."} or {"text": "..", "embedding": [..]}, ..]
Prints one JSON object: "scores", [{"item": [["tag", 0.9], ..], "user": ..}, ..], and what the model was fed.

To run it in Spark or Ray, make one Student in each worker and call score() on lists of 64 items or so.
docs/formats.md describes the files that are read here.
"""
import json
import math
import re
import struct
import sys
import unicodedata

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

MAX_TEXT_UNITS = 65_536
SUFFIXES = ["ies", "ers", "ing", "ian", "es", "ed", "er", "s", "y"]
JS_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
LEAD_END = re.compile(rf"\n|[.!?](?=[{JS_SPACE}])|[。！？]")
# Names of the characters that Unicode counts as Han, Hiragana, Katakana or Thai.
ALONE = ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "CJK RADICAL", "KANGXI", "IDEOGRAPHIC ITERATION",
         "IDEOGRAPHIC NUMBER", "VERTICAL IDEOGRAPHIC", "HANGZHOU", "OLD CHINESE", "VIETNAMESE ALTERNATE",
         "HIRAGANA", "HENTAIGANA", "KATAKANA LETTER", "KATAKANA ITERATION", "KATAKANA VOICED",
         "THAI CHARACTER", "THAI DIGIT")


# Text. Lengths and places are counted in UTF-16 units, as JavaScript does.

def units(text):
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2").tolist()


def cut(text, n_units):
    return text.encode("utf-16-le", "surrogatepass")[: 2 * n_units].decode("utf-16-le", "surrogatepass")


def split_words(text):
    """Runs of letters, marks and digits; Han, kana and Thai characters stand alone."""
    words, word = [], ""
    for char in unicodedata.normalize("NFKC", cut(text, MAX_TEXT_UNITS)).lower() + " ":
        is_alone = ord(char) >= 0x0E00 and unicodedata.name(char, "").startswith(ALONE)
        if unicodedata.category(char)[0] in "LMN" and not is_alone:
            word += char
            continue
        if word:
            words.append(word)
        word = ""
        if is_alone:
            words.append(char)
    return words


def lead_of(text):
    start = cut(re.sub(rf"^[{JS_SPACE}]+", "", text), 160)
    end = LEAD_END.search(start)
    return start[: end.start()] if end else start


# Hashes of words and pairs, 32 bits.

def mix(h):
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return (h ^ (h >> 16)) or 1


def hash_units(word):
    h = 0x811C9DC5
    for unit in word:
        h = ((h ^ unit) * 0x01000193) & 0xFFFFFFFF
    return mix(h)


def hash_pair(first, second):
    rotated = ((second << 15) | (second >> 17)) & 0xFFFFFFFF
    return mix(((first * 0x9E3779B1) & 0xFFFFFFFF) ^ rotated)


def hash_stem(word):
    length = len(units(word))
    suffix = next((s for s in SUFFIXES if length - len(s) >= 4 and word.endswith(s)), "")
    return hash_units(units(word)[: length - len(suffix)])


def ngrams(words, longest):
    hashes, last_pair = [], 0
    for i, word in enumerate(words):
        hash_ = hash_units(units(word))
        hashes.append(hash_)
        if longest >= 2 and i >= 1:
            if longest >= 3 and i >= 2:
                hashes.append(hash_pair(last_pair, hash_))
            last_pair = hash_pair(last, hash_)
            hashes.append(last_pair)
        last = hash_
    return hashes


def lead_features(words):
    hashes = []
    for i, word in enumerate(words):
        hash_ = hash_units(units("\u0001" + word))
        hashes.append(hash_)
        if i > 0:
            hashes.append(hash_pair(last, hash_))
        last = hash_
        framed = units(f"<{word}>")
        for length in (3, 4, 5):
            pieces = (framed[start : start + length] for start in range(len(framed) - length + 1))
            hashes.extend(hash_pair(length, hash_units(piece)) for piece in pieces)
    return hashes


def probability(calibration, logit, column):
    scale, shift, knots = calibration["scale"], calibration["shift"], calibration["knots"]
    x = logit + calibration["tagShifts"].get(str(column), 0)
    if not knots:
        log_odds = scale * x + shift
    elif knots[0][0] < x < knots[-1][0]:
        log_odds = np.interp(x, *zip(*knots))
    else:
        knot = knots[0] if x <= knots[0][0] else knots[-1]
        log_odds = knot[1] + scale * (x - knot[0])
    return 1 / (1 + math.exp(-log_odds))


def padded(rows, filler, dtype):
    width = max([1, *(len(row) for row in rows)])
    return np.array([list(row) + [filler] * (width - len(row)) for row in rows], dtype=dtype)


class Student:
    def __init__(self, folder, threads=1):
        def read(name, mode="rb"):
            with open(f"{folder}/{name}", mode) as file:
                return file.read()

        self.manifest = manifest = json.loads(read("manifest.json"))
        assert manifest["formatVersion"] == 2, manifest["formatVersion"]
        encoder = manifest["encoder"]
        assert "hub" not in encoder, "run the hub encoder as well, and put its vector before the given one"
        self.bag, self.tokens, self.given = encoder["bag"], encoder.get("tokens"), encoder.get("given")
        if self.tokens:
            tokenizer = json.loads(read("tokenizer.json"))
            self.unknown = tokenizer["model"]["vocab"][tokenizer["model"]["unk_token"]]
            self.tokenizer = Tokenizer.from_str(json.dumps(tokenizer))
            self.tokenizer.no_truncation()
            self.tokenizer.no_padding()
        table = read("features.bin")
        n, m = struct.unpack_from("<II", table)
        hashes, stems = np.frombuffer(table, "<u4", n, 8), np.frombuffer(table, "<u4", m, 8 + 8 * n)
        self.idf = np.frombuffer(table, "<f4", n, 8 + 4 * n)
        self.row_of = {int(hash_): row for row, hash_ in enumerate(hashes)}
        self.stem_of = {int(hash_): row for row, hash_ in enumerate(stems)}
        self.tags = {space: [None] * of["nTags"] for space, of in manifest["spaces"].items()}
        for line in read("tags.jsonl").splitlines():
            tag = json.loads(line)
            self.tags[tag["space"]][tag["row"]] = tag["tag"]
        self.calibration = json.loads(read("calibration.json"))
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        name = "model_quantized" if manifest["model"]["precision"] == "int8" else "model"
        self.session = ort.InferenceSession(f"{folder}/onnx/{name}.onnx", options, ["CPUExecutionProvider"])

    def features(self, text):
        """Rows of features.bin, their weights, and stems: (1 + ln tf) * idf, brought to one length for text and lead."""
        words = split_words(text)[: self.bag["maxWords"]]
        sections = [(1, ngrams(words, self.bag["wordNgrams"]))]
        if self.bag["leadWeight"] > 0:
            sections.append((self.bag["leadWeight"], lead_features(split_words(lead_of(text)))))
        counts, rows = {}, [[] for _ in sections]
        for own, (_, hashes) in zip(rows, sections):
            for row in (self.row_of[hash_] for hash_ in hashes if hash_ in self.row_of):
                if row not in counts:
                    own.append(row)
                counts[row] = counts.get(row, 0) + 1
        ids, weights = [], []
        for own, (length, _) in zip(rows, sections):
            raw = np.array([(1 + math.log(counts[row])) * self.idf[row] for row in own])
            ids += own
            weights += list(raw * length / np.linalg.norm(raw)) if own else []
        stems = dict.fromkeys(self.stem_of.get(hash_stem(word)) for word in words)
        return ids, weights, [stem for stem in stems if stem is not None]

    def token_ids(self, text):
        whole = cut(text, MAX_TEXT_UNITS).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        ids = self.tokenizer.encode(whole, add_special_tokens=False).ids
        return [id_ for id_ in ids[: self.tokens["maxTokens"]] if id_ != self.unknown]

    def feeds(self, items, top_k):
        ids, weights, stems = zip(*(self.features(item.get("text", "")) for item in items))
        inputs = self.manifest["model"]["inputs"]
        feeds = {
            inputs["ids"]: padded(ids, 0, np.int32),
            inputs["weights"]: padded(weights, 0, np.float32),
            inputs["stems"]: padded(stems, self.bag["nStems"], np.int32),
            inputs["k"]: np.array([top_k], dtype=np.int64),
        }
        if self.tokens:
            tokens = [self.token_ids(item.get("text", "")) for item in items]
            feeds[inputs["tokens"]] = padded(tokens, self.tokens["nTokens"], np.int32)
        if self.given:
            vectors = np.array([item.get("embedding") or [0] * self.given["nDims"] for item in items], np.float64)
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
            feeds[inputs["vectors"]] = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
        return feeds

    def score(self, items, top_k=10):
        """The best tags of each item, a space: lists of (tag, probability), best first."""
        outputs = self.manifest["model"]["outputs"]
        names = [outputs[space][part] for space in self.tags for part in ("logits", "indices")]
        values = iter(self.session.run(names, self.feeds(items, top_k)))
        scores = [{} for _ in items]
        for space in self.tags:
            for own, logits, columns in zip(scores, next(values), next(values)):
                own[space] = [
                    (self.tags[space][column], probability(self.calibration[space], float(logit), column))
                    for logit, column in zip(logits, columns)
                ]
        return scores


if __name__ == "__main__":
    bundle, items_path, k = sys.argv[1:]
    with open(items_path, encoding="utf-8") as file:
        given = json.load(file)
    student = Student(bundle)
    texts = [item.get("text", "") for item in given]
    result = {
        "scores": student.score(given, int(k)),
        "features": [student.features(text)[0] for text in texts],
        "weights": [[float(weight) for weight in student.features(text)[1]] for text in texts],
        "stems": [student.features(text)[2] for text in texts],
        "tokens": [student.token_ids(text) if student.tokens else [] for text in texts],
    }
    sys.stdout.write(json.dumps(result))
