"""Votes of the nearest training items."""
import numpy as np
from scipy.sparse import csr_matrix

from bench_io import Labels, Ranking, rank


def vote(similarities: np.ndarray, labels: Labels, k: int) -> list[Ranking]:
    """Tags of the `k` nearest of each row of `similarities` [items, training items], by similarity times strength."""
    nearest = np.argsort(-similarities, axis=1, kind="stable")[:, :k]
    rows = np.repeat(np.arange(len(nearest)), nearest.shape[1])
    votes = np.take_along_axis(similarities, nearest, axis=1).ravel()
    weights = csr_matrix((votes, (rows, nearest.ravel())), shape=similarities.shape)
    rankings = rank((weights @ labels.strengths).toarray(), labels.tags)
    return [[(tag, score) for tag, score in best if score > 0] for best in rankings]
