"""fastText's supervised classifier with one-vs-all loss, one model a space."""
import re
import tempfile
from pathlib import Path

import fasttext

from bench_io import DEPTH, start


def tokens_of(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def main() -> None:
    run = start()
    keep = {name: run.settings[name] for name in ("lr", "epoch", "dim", "wordNgrams", "bucket")}
    for space, labels in run.split.labels.items():
        with tempfile.TemporaryDirectory() as folder, run.timed("train"):
            path = Path(folder) / "train.txt"
            with path.open("w", encoding="utf-8") as file:
                for text, row in zip(run.split.train_texts, labels.strengths, strict=True):
                    names = " ".join(f"__label__{column}" for column in row.indices)
                    if names:
                        file.write(f"{names} {tokens_of(text)}\n")
            model = fasttext.train_supervised(
                str(path), loss="ova", minCount=1, thread=run.threads, verbose=0, **keep
            )
            saved = Path(folder) / "model.bin"
            model.save_model(str(saved))
            run.size_bytes += saved.stat().st_size
        with run.timed("predict"):
            found = [model.predict(tokens_of(text), k=DEPTH) for text in run.split.test_texts]
            run.rankings[space] = [
                [(labels.tags[int(name.removeprefix("__label__"))], float(p)) for name, p in zip(*best)]
                for best in found
            ]
    run.write()


main()
