"""The decoder's training step in PyTorch, float64, with autograd: an implementation that shares no code with
the project. Reads the JSON of inputs.ts from standard input and writes one fixture a case into the folder
given as argument; inputs.ts says how to call it.
"""

import base64
import json
import math
import sys

import numpy
import torch
import torch.nn.functional as F

MASKED = 0xFFFFFFFF

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def learning_rate_factor(schedule, step, steps):
    """Factor of the peak learning rate; `step` counts from 0."""
    warmup = schedule["warmupSteps"]
    if step + 1 < warmup:
        rising = (step + 1) / warmup
    else:
        rising = 1.0
    if schedule["kind"] == "constant":
        return rising
    if schedule["kind"] == "cosine":
        if step <= warmup:
            return rising
        return 0.5 + 0.5 * math.cos(math.pi * (step - warmup) / (steps - warmup))
    decay = round(steps * schedule["decayFraction"])
    remaining = steps - step
    return rising * min(1.0, remaining / (decay + 1))


class Decoder:
    def __init__(self, spec, parameters):
        self.model = spec["model"]
        self.weights = {}
        for parameter in parameters:
            values = numpy.frombuffer(base64.b64decode(parameter["values"]), dtype="<f4").astype("f8")
            tensor = torch.tensor(values).reshape(parameter["shape"])
            self.weights[parameter["name"]] = tensor.requires_grad_()

    def linear(self, name, x):
        y = x @ self.weights[name + ".weight"]
        bias = self.weights.get(name + ".bias")
        return y if bias is None else y + bias

    def norm(self, name, x):
        weight = self.weights[name + ".weight"]
        if self.model["norm"] == "layernorm":
            return F.layer_norm(x, (x.shape[-1],), weight, self.weights[name + ".bias"], 1e-5)
        return x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5) * weight

    def attention(self, name, x):
        batch, length, width = x.shape
        heads = self.model["nHeads"]
        q, k, v = self.linear(name, x).split(width, dim=-1)
        q, k, v = (part.reshape(batch, length, heads, -1).transpose(1, 2) for part in (q, k, v))
        scores = q @ k.transpose(-1, -2) / math.sqrt(width / heads)
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        y = F.softmax(scores.masked_fill(future, -math.inf), dim=-1) @ v
        return y.transpose(1, 2).reshape(batch, length, width)

    def logits(self, inputs):
        activation = F.relu
        if self.model["activation"] == "gelu":
            activation = lambda x: F.gelu(x, approximate="tanh")
        x = F.embedding(inputs, self.weights["tokenEmbedding"]) + self.weights["positionEmbedding"]
        for layer in range(self.model["nLayers"]):
            name = f"layers.{layer}."
            attended = self.attention(name + "qkv", self.norm(name + "norm1", x))
            x = x + self.linear(name + "proj", attended)
            hidden = activation(self.linear(name + "fc1", self.norm(name + "norm2", x)))
            x = x + self.linear(name + "fc2", hidden)
        return self.linear("head", self.norm("finalNorm", x))


def encode(tensor):
    """Base64 of little-endian float32, or the empty string for a tensor of zeros."""
    values = tensor.detach().numpy().astype("<f4")
    return base64.b64encode(values.tobytes()).decode() if values.any() else ""


def run(case, probe_step):
    spec, hyper = case["spec"], case["spec"]["hyper"]
    decoder = Decoder(spec, case["parameters"])
    group = {parameter["name"]: parameter["group"] for parameter in case["parameters"]}
    decayed = [weight for name, weight in decoder.weights.items() if group[name] == "matrix"]
    others = [weight for name, weight in decoder.weights.items() if group[name] != "matrix"]
    optimiser = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": hyper["weightDecay"]},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=hyper["lr"],
        betas=(hyper["beta1"], hyper["beta2"]),
        eps=hyper["epsilon"],
    )
    steps = len(case["batches"])
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: learning_rate_factor(spec["schedule"], step, steps)
    )

    fixture = {"spec": spec, "torch": torch.__version__, "losses": [], "gradNorms": [], "lrs": []}
    for step, batch in enumerate(case["batches"]):
        targets = torch.tensor(batch["targets"])
        targets[targets == MASKED] = -100
        logits = decoder.logits(torch.tensor(batch["inputs"]))
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)
        optimiser.zero_grad()
        loss.backward()
        if step in (0, probe_step):
            gradients = {name: encode(weight.grad) for name, weight in decoder.weights.items()}
            fixture["first" if step == 0 else "probe"] = {"logits": encode(logits), "gradients": gradients}
        limit = hyper["clipNorm"] if hyper["clipNorm"] > 0 else math.inf
        norm = torch.nn.utils.clip_grad_norm_(list(decoder.weights.values()), limit)
        fixture["losses"].append(loss.item())
        fixture["gradNorms"].append(norm.item())
        fixture["lrs"].append(schedule.get_last_lr()[0])
        optimiser.step()
        schedule.step()
    fixture["finalNorms"] = {name: weight.detach().norm().item() for name, weight in decoder.weights.items()}
    return fixture


request = json.load(sys.stdin)
for each in request["cases"]:
    with open(f"{sys.argv[1]}/{each['name']}.json", "w") as file:
        json.dump(run(each, request["probeStep"]), file, indent=1)
        file.write("\n")
