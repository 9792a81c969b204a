"""Makes fixtures/isotonic.json: isotonic regressions of random cases by scikit-learn.

    pip install -r test/oracle/metrics-requirements.txt
    python test/oracle/isotonic_oracle.py > test/oracle/fixtures/isotonic.json
"""

import json
import sys

import numpy as np
from sklearn.isotonic import IsotonicRegression

rng = np.random.default_rng(20261124)
cases = []
for n in (1, 2, 3, 7, 20, 100, 400):
    for kind in ("numbers", "outcomes"):
        for weighted in (False, True):
            trend = np.linspace(0, 1, n)
            values = trend + rng.normal(0, 0.5, n) if kind == "numbers" else (rng.random(n) < trend).astype(float)
            weights = rng.integers(1, 9, n).astype(float) if weighted else np.ones(n)
            fitted = IsotonicRegression().fit_transform(np.arange(n), values, sample_weight=weights)
            cases.append({"values": values.tolist(), "weights": weights.tolist(), "fitted": fitted.tolist()})
json.dump(cases, sys.stdout)
sys.stdout.write("\n")
