"""Nearest neighbours by cosine of TF-IDF; each votes for its tags with similarity times strength."""
import numpy as np
from scipy.sparse import csr_matrix

from bench_io import rank, start
from text_features import TextFeatures


def main() -> None:
    run = start()
    with run.timed("train"):
        features = TextFeatures(run.settings)
        train = features.fit(run.split.train_texts)
    run.size_bytes = features.size_bytes + train.nnz * 8
    with run.timed("predict"):
        similarities = (features.encode(run.split.test_texts) @ train.T).toarray()
        order = np.argsort(-similarities, axis=1, kind="stable")
    for space, labels in run.split.labels.items():
        with run.timed("predict"):
            nearest = order[:, : run.settings["k"][space]]
            rows = np.repeat(np.arange(len(nearest)), nearest.shape[1])
            votes = np.take_along_axis(similarities, nearest, axis=1).ravel()
            weights = csr_matrix((votes, (rows, nearest.ravel())), shape=similarities.shape)
            scores = (weights @ labels.strengths).toarray()
            rankings = rank(scores, labels.tags)
            run.rankings[space] = [[(tag, score) for tag, score in best if score > 0] for best in rankings]
        run.size_bytes += labels.strengths.nnz * 8
    run.write()


main()
