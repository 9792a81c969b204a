"""TF-IDF features of the linear peers and of the nearest neighbours."""
import re
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer


class TextFeatures:
    """Words and n-grams of the text; with `name`, also tokens and character 3-5-grams of its first sentence.

    Each field has length 1 on its own; those of the name may weigh less.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        words = {"sublinear_tf": True, "dtype": np.float64, "min_df": settings.get("min_df", 1)}
        self.weights = [1.0] + 2 * [settings.get("name_weight", 1.0)]
        self.fields = [
            (
                text_of,
                TfidfVectorizer(
                    ngram_range=(1, settings.get("ngrams", 2)),
                    stop_words="english" if settings.get("stop_words", False) else None,
                    **words,
                ),
            )
        ]
        if settings.get("name", False):
            self.fields.append((name_of, TfidfVectorizer(token_pattern=r"[^\W_]+", **words)))
            self.fields.append((name_of, TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), **words)))

    def fit(self, texts: list[str]) -> csr_matrix:
        return self.join([field.fit_transform(map(part, texts)) for part, field in self.fields])

    def encode(self, texts: list[str]) -> csr_matrix:
        return self.join([field.transform(map(part, texts)) for part, field in self.fields])

    def join(self, parts: list[csr_matrix]) -> csr_matrix:
        weighted = [weight * part for weight, part in zip(self.weights, parts)]
        return weighted[0] if len(parts) == 1 else hstack(weighted, format="csr")

    @property
    def size_bytes(self) -> int:
        """What storing the words and their weights takes: UTF-8, a byte between two, and 4 bytes a weight."""
        return sum(len(word.encode()) + 5 for _, field in self.fields for word in field.vocabulary_)


def text_of(text: str) -> str:
    return text


def name_of(text: str) -> str:
    """The first sentence: a package's name, a book's title, a question's title."""
    return re.split(r"\.\s", text, maxsplit=1)[0]
