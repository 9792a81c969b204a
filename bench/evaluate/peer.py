"""Time pytrec_eval on rankings and truths that are already in memory; prints seconds."""
import sys
import time

import pytrec_eval

run, qrel = {}, {}
with open(sys.argv[1], encoding="utf-8") as file:
    for i, line in enumerate(file):
        ranking, truth = (part.split("|") for part in line.rstrip("\n").split("\t"))
        run[str(i)] = {tag: float(len(ranking) - rank) for rank, tag in enumerate(ranking)}
        qrel[str(i)] = {tag: 1 for tag in truth}
started = time.perf_counter()
evaluator = pytrec_eval.RelevanceEvaluator(qrel, {"ndcg_cut.5,10", "P.1,3,5", "recall.10", "recip_rank"})
evaluator.evaluate(run)
print(time.perf_counter() - started)
