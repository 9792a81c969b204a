"""What the peers share: reading a split, ranking tags, writing what came out with time, memory and size."""
import argparse
import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

DEPTH = 20
SPACES = ("item", "user")
Ranking = list[tuple[str, float]]


@dataclass
class Labels:
    """The training tags of one space; `strengths` has shape [items, tags], 1 where none was given."""

    tags: list[str]
    strengths: csr_matrix


@dataclass
class Split:
    train_texts: list[str]
    test_texts: list[str]
    labels: dict[str, Labels]


@dataclass
class Run:
    """Settings of a run, and what it adds up."""

    split: Split
    settings: dict[str, Any]
    seed: int
    threads: int
    cache: Path
    out: Path
    rankings: dict[str, list[Ranking]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: {"train": 0.0, "predict": 0.0})
    cpu_seconds: dict[str, float] = field(default_factory=lambda: {"train": 0.0, "predict": 0.0})
    size_bytes: int = 0
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        started, cpu_started = time.perf_counter(), time.process_time()
        yield
        self.seconds[what] += time.perf_counter() - started
        self.cpu_seconds[what] += time.process_time() - cpu_started

    def write(self) -> None:
        result = {
            "rankings": self.rankings,
            "trainSeconds": self.seconds["train"],
            "trainCpuSeconds": self.cpu_seconds["train"],
            "predictSeconds": self.seconds["predict"],
            "peakRssBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "sizeBytes": self.size_bytes,
            "notes": self.notes,
        }
        self.out.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")


def start() -> Run:
    """Read the command line and the split that it names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True, help="folder with train.jsonl and test.jsonl")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="folder for models that runs share")
    parser.add_argument("--settings", type=json.loads, default={})
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    return Run(read_split(args.data), args.settings, args.seed, args.threads, args.cache, args.out)


def read_split(folder: Path) -> Split:
    train, test = (read_rows(folder / f"{part}.jsonl") for part in ("train", "test"))
    labels = {space: read_labels([row.get(f"{space}_tags", []) for row in train]) for space in SPACES}
    return Split(
        [row["text"] for row in train],
        [row["text"] for row in test],
        {space: of for space, of in labels.items() if of.tags},
    )


def read_rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def read_labels(lists: list[list[tuple[str, float | None]]]) -> Labels:
    columns: dict[str, int] = {}
    rows, cells, values = [], [], []
    for row, tags in enumerate(lists):
        for tag, strength in tags:
            rows.append(row)
            cells.append(columns.setdefault(tag, len(columns)))
            values.append(1.0 if strength is None else strength)
    shape = (len(lists), len(columns))
    return Labels(list(columns), csr_matrix((values, (rows, cells)), shape=shape, dtype=np.float32))


def rank(scores: np.ndarray, tags: list[str]) -> list[Ranking]:
    """The best tags of each row of `scores` [items, tags]; ties go to the tag that training showed first."""
    rankings = []
    for row in scores:
        best = np.argsort(-row, kind="stable")[:DEPTH]
        rankings.append([(tags[i], float(row[i])) for i in best])
    return rankings
