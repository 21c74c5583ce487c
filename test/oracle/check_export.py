"""Opens exported weights in PyTorch and reproduces the loss that the lab measured with them.

    python3 test/oracle/check_export.py run.safetensors run.json

The held-out set is drawn anew, the decoder is that of decoder.py, in float64: loss and floor have to agree with the
recorded ones up to float32's rounding. Needs PyTorch and NumPy; ends with 1 if they do not agree.
"""

import base64
import json
import struct
import sys

import numpy
import torch
import torch.nn.functional as F

from decoder import Decoder
from source import MASKED, expert_tables, held_out_set

# Relative. A batch's loss is a float32 sum of some two thousand terms.
TOLERANCE = 2e-6
# A token whose two last experts are level in float32 may go to the other one in float64; few do.
SPARSE_TOLERANCE = 2e-5
DOCUMENTS_AT_ONCE = 64


def read_safetensors(path):
    """Tensors by name, read by the format's description alone: no package is needed."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", name
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = numpy.frombuffer(data[begin:end], dtype="<f4").reshape(entry["shape"])
    return tensors


def decoder_of(spec, tensors):
    """As decoder.py makes it, for evaluation."""
    parameters = [
        {
            "name": name,
            "shape": list(tensor.shape),
            "group": "frozen",
            "values": base64.b64encode(tensor.tobytes()).decode(),
        }
        for name, tensor in tensors.items()
        if not name.endswith("router.bias")
    ]
    decoder = Decoder(spec, parameters, expert_tables(spec))
    for name, tensor in tensors.items():
        if name.endswith("router.bias"):
            layer = int(name.split(".")[1])
            decoder.router_biases[layer] = torch.tensor(tensor[: spec["model"]["moe"]["nExperts"]].astype("f8"))
    if spec["hyper"]["biasRate"] > 0 and not any(name.endswith("router.bias") for name in tensors):
        sys.exit("This run balanced its experts by router biases, but the file has none: the loss cannot be reproduced.")
    return decoder


def measure(spec, tensors):
    """Loss and floor on the whole held-out set, nats per scored token, and the number of scored tokens."""
    inputs, targets, nll = held_out_set(spec)
    decoder = decoder_of(spec, tensors)
    total, scored = 0.0, int((targets != MASKED).sum())
    with torch.no_grad():
        for at in range(0, len(inputs), DOCUMENTS_AT_ONCE):
            logits = decoder.logits(torch.tensor(inputs[at : at + DOCUMENTS_AT_ONCE]))
            wanted = torch.tensor(targets[at : at + DOCUMENTS_AT_ONCE])
            total += F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=MASKED, reduction="sum").item()
    return total / scored, nll.sum() / scored, scored


def main(weights, description):
    with open(description) as file:
        run = json.load(file)["run"]
    loss, floor, scored = measure(run["spec"], read_safetensors(weights))
    tolerance = SPARSE_TOLERANCE if "moe" in run["spec"]["model"] else TOLERANCE
    agree = scored == run["evalTokens"]
    print(f"{run['arm']}, seed {run['seed']}: {scored} scored tokens, {run['evalTokens']} in the lab")
    for name, here, there in (("loss", loss, run["loss"]), ("floor", floor, run["floor"])):
        difference = abs(here - there) / there
        limit = TOLERANCE if name == "floor" else tolerance
        agree = agree and difference <= limit
        print(f"{name:5}  PyTorch {here:.7f}  lab {there:.7f}  relative difference {difference:.1e} (at most {limit:.0e})")
    print("They agree." if agree else "They do NOT agree.")
    return 0 if agree else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
