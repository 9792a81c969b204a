"""Makes fixtures/metrics.json: figures of random cases from implementations other than this project's.

    pip install -r test/oracle/metrics-requirements.txt
    python test/oracle/metrics_oracle.py > test/oracle/fixtures/metrics.json

pytrec_eval gives precision, recall, reciprocal rank, nDCG; scikit-learn gives nDCG a second time,
F1, reliability and Jaccard; scipy gives bootstrap intervals and permutation tests. Formulas without
a library are restated here with numpy from their papers, in another shape than the project's.
"""

import json
import sys
from itertools import combinations

import numpy as np
import pytrec_eval
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import f1_score, jaccard_score, ndcg_score

rng = np.random.default_rng(20261124)
VOCABULARY, OUTSIDE = 40, 12  # labels 40..51 are true labels that no ranking can hold
KS = [1, 3, 5, 10]


def ranking_case(graded):
    length = int(rng.choice([0, 1, 2, 4, 10, 20], p=[0.05, 0.1, 0.1, 0.15, 0.3, 0.3]))
    ranking = rng.permutation(VOCABULARY)[:length].tolist()
    n_true = int(rng.integers(1, 15))
    labels = rng.permutation(VOCABULARY + OUTSIDE)[:n_true].tolist()
    # trec_eval reads whole-number gains only.
    gains = rng.integers(1, 8, n_true).tolist() if graded else [1] * n_true
    return ranking, dict(zip(labels, gains))


def trec(ranking, gains, k):
    measures = {f"P_{k}", f"recall_{k}", f"ndcg_cut_{k}", "recip_rank"}
    evaluator = pytrec_eval.RelevanceEvaluator({"q": {f"d{l}": int(g) for l, g in gains.items()}}, measures)
    run = {f"d{l}": float(len(ranking) - i) for i, l in enumerate(ranking)}
    if not run:
        run = {"nothing relevant": 1.0}
    found = evaluator.evaluate({"q": run})["q"]
    return {
        "precision": found[f"P_{k}"],
        "recall": found[f"recall_{k}"],
        "ndcg": found[f"ndcg_cut_{k}"],
        "reciprocalRank": found["recip_rank"],
    }


def sklearn_ndcg(ranking, gains, k):
    truth = np.zeros(VOCABULARY + OUTSIDE)
    for label, gain in gains.items():
        truth[label] = gain
    # Everything not ranked stands behind; only the first k places of the ranking may earn.
    scores = np.full(VOCABULARY + OUTSIDE, -1.0)
    for place, label in enumerate(ranking):
        scores[label] = len(ranking) - place
    if len(ranking) < k:
        return None  # scikit-learn would let unranked labels fill the list
    return float(ndcg_score([truth], [scores], k=k))


def rankings():
    cases = []
    for i in range(120):
        graded = i % 2 == 1
        ranking, gains = ranking_case(graded)
        cases.append(
            {
                "ranking": ranking,
                "labels": [[int(l), int(g)] for l, g in gains.items()],
                "graded": graded,
                "at": {k: trec(ranking, gains, k) | {"sklearnNdcg": sklearn_ndcg(ranking, gains, k)} for k in KS},
            }
        )
    return cases


def propensities():
    counts = rng.zipf(1.6, VOCABULARY + OUTSIDE).clip(max=900) - 1
    n = 1500
    variants = {"default": (0.55, 1.5), "wikipedia": (0.5, 0.4), "amazon": (0.6, 2.6)}
    table = {}
    for name, (a, b) in variants.items():
        c = (np.log(n) - 1) * (b + 1) ** a
        table[name] = (1 / (1 + c * np.exp(-a * np.log(counts + b)))).tolist()
    p = np.array(table["default"])
    cases = []
    for _ in range(60):
        ranking, gains = ranking_case(False)
        relevant = np.zeros(VOCABULARY + OUTSIDE)
        relevant[list(gains)] = 1
        for k in (1, 3, 5):
            best_order = np.argsort(-relevant / p, kind="stable")[:k]
            discounts = 1 / np.log2(np.arange(2, k + 2))

            def ps(order, weights):
                order = np.array(order[:k], dtype=int)
                return float(np.sum((relevant / p)[order] * weights[: len(order)]))

            flat, dcg = np.full(k, 1 / k), discounts / discounts.sum()
            cases.append(
                {
                    "ranking": ranking,
                    "labels": [int(l) for l in gains],
                    "k": k,
                    "psp": {"value": ps(ranking, flat), "best": ps(best_order, flat)},
                    "psndcg": {"value": ps(ranking, dcg), "best": ps(best_order, dcg)},
                }
            )
    psp5 = [c["psp"] for c in cases if c["k"] == 5]
    ratio = sum(c["value"] for c in psp5) / sum(c["best"] for c in psp5)
    return {"counts": counts.tolist(), "nItems": n, "propensities": table, "cases": cases, "ratioAt5": ratio}


def f1():
    n, labels = 80, 12
    truth = rng.random((n, labels)) < np.linspace(0.02, 0.5, labels)
    truth[truth.sum(1) == 0, -1] = True
    predicted = truth ^ (rng.random((n, labels)) < 0.2)
    predicted[:, 0] = False
    return {
        "truth": [np.flatnonzero(row).tolist() for row in truth],
        "predicted": [np.flatnonzero(row).tolist() for row in predicted],
        "micro": float(f1_score(truth, predicted, average="micro", zero_division=0)),
        "macro": float(f1_score(truth, predicted, average="macro", zero_division=0)),
    }


def reliability():
    p = rng.beta(0.8, 2.0, 600)
    named = (rng.random(600) < p**1.4).astype(int)
    result = {"probabilities": p.tolist(), "named": named.tolist(), "bins": {}}
    for by, strategy in (("width", "uniform"), ("mass", "quantile")):
        share, mean = calibration_curve(named, p, n_bins=10, strategy=strategy)
        edges = np.linspace(0, 1, 11) if by == "width" else np.percentile(p, np.linspace(0, 100, 11))
        sizes = np.bincount(np.searchsorted(edges[1:-1], p), minlength=10)
        sizes = sizes[sizes > 0]
        error = float(np.sum(sizes * np.abs(share - mean)) / sizes.sum())
        result["bins"][by] = {
            "share": share.tolist(), "mean": mean.tolist(), "n": sizes.tolist(), "error": error,
        }
    return result


def gini_by_differences(counts):
    """Half the relative mean absolute difference: equals RecBole's documented formula, without sorting."""
    counts = np.asarray(counts, dtype=float)
    return float(np.abs(counts[:, None] - counts[None, :]).sum() / (2 * len(counts) ** 2 * counts.mean()))


def recbole_gini(counts):
    """GiniIndex as RecBole's documentation of its metrics states it."""
    ordered, n = np.sort(counts), len(counts)
    return float(np.dot(2 * np.arange(1, n + 1) - n - 1, ordered) / (n * ordered.sum()))


def exposure():
    cases = []
    for lists, k, n, skew in ((50, 5, 30, 1.0), (7, 3, 40, 2.0), (40, 10, 12, 0.3), (3, 2, 50, 0.0), (20, 4, 9, 3.0)):
        weights = (np.arange(1, n + 1) ** -float(skew)) / (np.arange(1, n + 1) ** -float(skew)).sum()
        shown = [rng.choice(n, k, replace=False, p=weights).tolist() for _ in range(lists)]
        counts = np.bincount(np.concatenate(shown), minlength=n)
        plain, slots = recbole_gini(counts), lists * k
        assert abs(plain - gini_by_differences(counts)) < 1e-12
        # Rampisela et al. 2023: subtract the least, divide by the range; closed forms for equal lengths.
        rest = slots % n
        least = (n - rest) * rest / (n * slots)
        cases.append(
            {
                "lists": shown, "k": k, "nLabels": n,
                "coverage": len(np.unique(np.concatenate(shown))) / n,
                "recbole": plain,
                "corrected": (plain - least) / (1 - k / n - least),
            }
        )
    return cases


def lists():
    n_items, n_tags = 30, 15
    tags = rng.random((n_items, n_tags)) < 0.25
    tags[tags.sum(1) == 0, 0] = True
    counts = rng.integers(1, 500, n_items)
    cases = []
    for _ in range(25):
        ranking = rng.permutation(n_items)[: int(rng.integers(2, 12))].tolist()
        top = ranking[:5]
        cases.append(
            {
                "ranking": ranking,
                "novelty": float(np.mean(-np.log2(counts[top] / 500))),
                "distance": float(np.mean([1 - jaccard_score(tags[a], tags[b]) for a, b in combinations(top, 2)])),
            }
        )
    return {"tags": [np.flatnonzero(t).tolist() for t in tags], "counts": counts.tolist(), "nItems": 500, "cases": cases}


def significance():
    intervals, tests = [], []
    for n, shift in ((12, 0.3), (60, 0.05), (200, 0.02)):
        a = rng.beta(1.2, 3, n)
        b = np.clip(a - shift + rng.exponential(0.1, n) - 0.1, 0, 1)
        for method in ("percentile", "bca"):
            found = stats.bootstrap(
                (a - b,), np.mean, n_resamples=60_000, method=method, rng=np.random.default_rng(1), batch=1000
            )
            intervals.append(
                {
                    "a": a.tolist(), "b": b.tolist(), "method": method,
                    "low": float(found.confidence_interval.low),
                    "high": float(found.confidence_interval.high),
                    "standardError": float(found.standard_error),
                }
            )
    for n, shift in ((6, 0.2), (12, 0.02), (12, 0.15)):
        a = rng.random(n)
        b = a - shift + rng.normal(0, 0.15, n)
        # 2^12 flips are few enough that scipy goes through all of them: the exact p.
        found = stats.permutation_test(
            (a - b,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
        )
        tests.append({"a": a.tolist(), "b": b.tolist(), "p": float(found.pvalue)})
    z = np.linspace(-6, 6, 49)
    return {"intervals": intervals, "tests": tests, "normal": {"z": z.tolist(), "cdf": stats.norm.cdf(z).tolist()}}


json.dump(
    {
        "rankings": rankings(), "propensity": propensities(), "f1": f1(), "reliability": reliability(),
        "exposure": exposure(), "lists": lists(), "significance": significance(),
    },
    sys.stdout,
)
sys.stdout.write("\n")
