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
    def __init__(self, spec, parameters, expert_tables):
        self.model = spec["model"]
        self.first_tag = spec["source"]["vocabSize"]
        self.balance_loss = spec["hyper"]["balanceLoss"]
        self.z_loss = spec["hyper"]["zLoss"]
        self.weights = {}
        for parameter in parameters:
            values = numpy.frombuffer(base64.b64decode(parameter["values"]), dtype="<f4").astype("f8")
            tensor = torch.tensor(values).reshape(parameter["shape"])
            self.weights[parameter["name"]] = tensor.requires_grad_(parameter["group"] != "frozen")
        self.expert_tables = [torch.tensor(table) for table in expert_tables]
        if "moe" in self.model:
            self.router_biases = torch.zeros(self.model["nLayers"], self.model["moe"]["nExperts"])

    def linear(self, name, x):
        y = x @ self.weights[name + ".weight"]
        bias = self.weights.get(name + ".bias")
        return y if bias is None else y + bias

    def update_router_biases(self, rate):
        for bias, visits in zip(self.router_biases, self.visits):
            bias += rate * torch.sign(visits.double().mean() - visits)

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

    def activation(self, x):
        return F.relu(x) if self.model["activation"] == "relu" else F.gelu(x, approximate="tanh")

    def mlp(self, layer, x):
        name = f"layers.{layer}."
        return self.linear(name + "fc2", self.activation(self.linear(name + "fc1", x)))

    def table_keys(self, inputs):
        """Row of the table of experts for each token, [batch, length]."""
        router = self.model["moe"]["router"]
        if router == "token-table":
            return inputs
        if router == "position-table":
            return torch.arange(inputs.shape[1]).expand_as(inputs)
        return (inputs[:, :1] - self.first_tag).expand_as(inputs)

    def route(self, layer, x, inputs):
        """Chosen experts and their gates, both [batch, length, k]; adds to self.extra_loss."""
        moe = self.model["moe"]
        experts, k = moe["nExperts"], moe["topK"]
        if moe["router"].endswith("-table"):
            chosen = self.expert_tables[layer][self.table_keys(inputs)]
            return chosen, torch.full(chosen.shape, 1 / k)
        logits = (x @ self.weights[f"layers.{layer}.router.weight"])[..., :experts]
        chosen = torch.topk(logits + self.router_biases[layer], k).indices
        if k == 1:
            gates = F.softmax(logits, dim=-1).gather(-1, chosen)
        else:
            gates = F.softmax(logits.gather(-1, chosen), dim=-1)
        if moe["router"] == "frozen-detached":
            return chosen, gates.detach()
        fraction = F.one_hot(chosen, experts).double().mean((0, 1, 2))
        probability = F.softmax(logits, dim=-1).mean((0, 1))
        self.extra_loss = self.extra_loss + self.balance_loss * experts * (fraction * probability).sum()
        self.extra_loss = self.extra_loss + self.z_loss * torch.logsumexp(logits, dim=-1).square().mean()
        return chosen, gates

    def experts(self, layer, x, inputs):
        """All experts for all tokens, weighted by a gate that is 0 where they were not chosen."""
        name = f"layers.{layer}."
        chosen, gates = self.route(layer, x, inputs)
        self.visits.append(torch.bincount(chosen.flatten(), minlength=self.model["moe"]["nExperts"]))
        hidden = torch.einsum("btd,edf->btef", x, self.weights[name + "fc1.weight"])
        if self.model["bias"]:
            hidden = hidden + self.weights[name + "fc1.bias"]
        out = torch.einsum("btef,efd->bted", self.activation(hidden), self.weights[name + "fc2.weight"])
        if self.model["bias"]:
            out = out + self.weights[name + "fc2.bias"]
        weight = torch.zeros(out.shape[:-1]).scatter(-1, chosen, gates)
        return torch.einsum("bte,bted->btd", weight, out)

    def logits(self, inputs):
        self.extra_loss = torch.zeros(())
        self.visits = []
        x = F.embedding(inputs, self.weights["tokenEmbedding"]) + self.weights["positionEmbedding"]
        for layer in range(self.model["nLayers"]):
            name = f"layers.{layer}."
            attended = self.attention(name + "qkv", self.norm(name + "norm1", x))
            x = x + self.linear(name + "proj", attended)
            normed = self.norm(name + "norm2", x)
            x = x + (self.experts(layer, normed, inputs) if "moe" in self.model else self.mlp(layer, normed))
        return self.linear("head", self.norm("finalNorm", x))


def encode(tensor):
    """Base64 of little-endian float32, or the empty string for a tensor of zeros or a gradient that there is not."""
    if tensor is None:
        return ""
    values = tensor.detach().numpy().astype("<f4")
    return base64.b64encode(values.tobytes()).decode() if values.any() else ""


def run(case, probe_step):
    spec, hyper = case["spec"], case["spec"]["hyper"]
    decoder = Decoder(spec, case["parameters"], case["expertTables"])
    group = {parameter["name"]: parameter["group"] for parameter in case["parameters"]}
    decayed = [weight for name, weight in decoder.weights.items() if group[name] == "matrix"]
    others = [weight for name, weight in decoder.weights.items() if group[name] in ("vector", "embedding")]
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
        (loss + decoder.extra_loss).backward()
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
        if "moe" in decoder.model:
            decoder.update_router_biases(hyper["biasRate"])
    fixture["finalNorms"] = {name: weight.detach().norm().item() for name, weight in decoder.weights.items()}
    return fixture


if __name__ == "__main__":
    request = json.load(sys.stdin)
    for each in request["cases"]:
        with open(f"{sys.argv[1]}/{each['name']}.json", "w") as file:
            json.dump(run(each, request["probeStep"]), file, indent=1)
            file.write("\n")
