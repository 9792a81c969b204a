"""Nearest neighbours by cosine of TF-IDF; each votes for its tags with similarity times strength."""
from bench_io import start
from text_features import TextFeatures
from vote import vote


def main() -> None:
    run = start()
    with run.timed("train"):
        features = TextFeatures(run.settings)
        train = features.fit(run.split.train_texts)
    run.size_bytes = features.size_bytes + train.nnz * 8
    with run.timed("predict"):
        similarities = (features.encode(run.split.test_texts) @ train.T).toarray()
        for space, labels in run.split.labels.items():
            run.rankings[space] = vote(similarities, labels, run.settings["k"][space])
            run.size_bytes += labels.strengths.nnz * 8
    run.write()


main()
