"""One-vs-rest linear classifiers on TF-IDF: LinearSVC or LogisticRegression of scikit-learn (liblinear).

A tag's classifier is fitted on its own, so that the weights of 10,000 tags fit in memory as float32.
"""
import numpy as np
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bench_io import Run, rank, start
from text_features import TextFeatures


def make_classifier(run: Run) -> LinearSVC | LogisticRegression:
    c = run.settings["c"]
    if run.settings["model"] == "svc":
        return LinearSVC(C=c, random_state=run.seed)
    # The dual reaches the same weights (to 0.003 of 21), 2 to 38 times as fast with more features than items.
    return LogisticRegression(C=c, solver="liblinear", dual=True, random_state=run.seed)


def main() -> None:
    run = start()
    min_uses = run.settings.get("min_uses", 1)
    with run.timed("train"):
        features = TextFeatures(run.settings)
        train = features.fit(run.split.train_texts)
    with run.timed("predict"):
        test = features.encode(run.split.test_texts)
    run.size_bytes += features.size_bytes
    for space, labels in run.split.labels.items():
        has_tag = (labels.strengths != 0).tocsc()
        uses = np.diff(has_tag.indptr)
        kept = np.flatnonzero((uses >= min_uses) & (uses < train.shape[0]))
        if len(kept) < len(uses):
            run.notes.append(f"{space}: {len(uses) - len(kept)} of {len(uses)} tags left out")
        weights = np.empty((len(kept), train.shape[1]), dtype=np.float32)
        biases = np.empty(len(kept), dtype=np.float32)

        def fit(place: int) -> None:
            truth = np.zeros(train.shape[0], dtype=np.int8)
            column = kept[place]
            truth[has_tag.indices[has_tag.indptr[column] : has_tag.indptr[column + 1]]] = 1
            classifier = make_classifier(run).fit(train, truth)
            weights[place] = classifier.coef_[0]
            biases[place] = classifier.intercept_[0]

        with run.timed("train"):
            # liblinear lets go of the interpreter's lock, so threads do.
            Parallel(n_jobs=run.threads, backend="threading")(delayed(fit)(i) for i in range(len(kept)))
        with run.timed("predict"):
            rows = test.astype(np.float32)
            parts = [rows @ weights[i : i + 256].T for i in range(0, len(kept), 256)]  # spares a whole transpose
            run.rankings[space] = rank(np.hstack(parts) + biases, [labels.tags[i] for i in kept])
        run.size_bytes += weights.nbytes + biases.nbytes
    run.write()


main()
