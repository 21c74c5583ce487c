"""The topics source and its random numbers in NumPy, as src/data/topics.ts, src/math/rng.ts and
src/math/permutation.ts describe them, and the tables of experts of src/nn/expert-tables.ts. It shares no code with
the project: what the lab drew on the GPU is drawn here a second time.
"""

import math

import numpy

EVALUATION, TABLES, ROUTES = 2, 3, 5
PARITY = 0x1BD11BDA
ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
PROBABILITIES = (0.7, 0.15, 0.1, 0.05)
THRESHOLDS = (3006477107, 3650722202, 4080218931)
U32_MAX = 0xFFFFFFFF
MASKED = -100


def threefry(key, first, second):
    """Threefry-2x32-20: two arrays of uniform 32-bit integers, one pair for each pair of counters."""
    words = [numpy.uint32(word) for word in (key[0], key[1], PARITY ^ key[0] ^ key[1])]
    with numpy.errstate(over="ignore"):
        x = numpy.asarray(first, dtype=numpy.uint32) + words[0]
        y = numpy.asarray(second, dtype=numpy.uint32) + words[1]
        for group in range(5):
            for bits in ROTATIONS[group % 2]:
                x = x + y
                y = ((y << numpy.uint32(bits)) | (y >> numpy.uint32(32 - bits))) ^ x
            x = x + words[(group + 1) % 3]
            y = y + words[(group + 2) % 3] + numpy.uint32(group + 1)
    return x, y


def uniform(x, n):
    """Maps uniform 32-bit integers to uniform integers below n."""
    return (numpy.asarray(x, dtype=numpy.uint64) * numpy.uint64(n) >> numpy.uint64(32)).astype(numpy.int64)


def first_of_permutation(n, count, words):
    """The first `count` of a random permutation of n for each row of words, [rows, count]."""
    rows = len(words)
    items = numpy.tile(numpy.arange(n), (rows, 1))
    every = numpy.arange(rows)
    for i in range(count):
        position = i + uniform(words[:, i], n - i)
        chosen = items[every, position]
        items[every, position] = items[:, i]
        items[:, i] = chosen
    return items[:, :count]


def successors(source, hyper):
    """[topics, vocabulary, 4]: what may follow each token in each topic, the most probable first."""
    vocabulary, topics = source["vocabSize"], source["topics"]
    shared = math.floor(hyper["share"] * vocabulary + 0.5)
    owner = numpy.where(numpy.arange(vocabulary) < shared, 0, numpy.arange(topics)[:, None])
    rows = (owner * vocabulary + numpy.arange(vocabulary)).reshape(-1, 1)
    words, _ = threefry((hyper["seed"], TABLES), rows, numpy.arange(4)[None, :])
    return first_of_permutation(vocabulary, 4, words).reshape(topics, vocabulary, 4)


def topic_thresholds(topics, zipf):
    weights = [(rank + 1) ** -zipf for rank in range(topics)]
    total, cumulative, thresholds = sum(weights), 0.0, []
    for rank, weight in enumerate(weights):
        cumulative += weight
        share = 1.0 if rank == topics - 1 else min(1.0, cumulative / total)
        thresholds.append(rank + 1 + math.floor(share * (U32_MAX - topics)))
    return numpy.array(thresholds, dtype=numpy.int64)


def held_out_set(spec):
    """Inputs, targets and the true process's own -log p, each [documents, length], of all that a loss is taken on."""
    source, hyper, length = spec["source"], spec["hyper"], spec["seqLen"]
    lag, vocabulary = source["lag"], source["vocabSize"]
    batch = max(1, 2048 // length)
    count = batch * math.ceil(32768 / (batch * (length - lag)))
    documents = numpy.arange(count)
    key = (hyper["seed"], EVALUATION)

    thresholds = topic_thresholds(source["topics"], hyper["zipf"])
    drawn, _ = threefry(key, documents, numpy.zeros(count))
    topic = numpy.searchsorted(thresholds, uniform(drawn, int(thresholds[-1])), side="right")

    following = successors(source, hyper)
    tokens = numpy.zeros((count, length), dtype=numpy.int64)
    targets = numpy.full((count, length), MASKED)
    nll = numpy.zeros((count, length))
    for t in range(length):
        x, _ = threefry(key, documents, numpy.full(count, 1 + t))
        if t < lag:
            tokens[:, t] = uniform(x, vocabulary)
            continue
        rank = sum((x >= numpy.uint32(threshold)).astype(int) for threshold in THRESHOLDS)
        tokens[:, t] = following[topic, tokens[:, t - lag], rank]
        targets[:, t] = tokens[:, t]
        nll[:, t] = -numpy.log(numpy.array(PROBABILITIES))[rank]
    inputs = numpy.concatenate([(vocabulary + topic)[:, None], tokens[:, :-1]], axis=1)
    return inputs, targets, nll


def expert_tables(spec):
    """For each layer [keys, k], where fixed tables stand in place of a router; empty where a matrix chooses."""
    moe = spec["model"].get("moe")
    keys = {
        "token-table": spec["source"]["vocabSize"] + spec["source"]["topics"],
        "position-table": spec["seqLen"],
        "topic-table": spec["source"]["topics"],
    }.get(moe and moe["router"])
    if keys is None:
        return []
    experts, k, seed = moe["nExperts"], moe["topK"], spec["hyper"]["seed"]
    tables = []
    for layer in range(spec["model"]["nLayers"]):
        words, _ = threefry((seed, ROUTES), [[layer * 0x10000]], numpy.arange(keys)[None, :])
        first = first_of_permutation(keys, keys, words)[0]
        stages = layer * 0x10000 + 1 + numpy.arange(keys)[:, None]
        words, _ = threefry((seed, ROUTES), stages, numpy.arange(k - 1)[None, :])
        distances = first_of_permutation(experts - 1, k - 1, words)
        tables.append(numpy.concatenate([first[:, None], first[:, None] + 1 + distances], axis=1) % experts)
    return tables
