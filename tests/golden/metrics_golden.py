# SPDX-License-Identifier: Apache-2.0
"""Writes tests/golden/metrics.json: what scikit-learn says about random predictions.

Use: /usr/bin/python3 tests/golden/metrics_golden.py (Debian: python3-sklearn). Labels are one digit a clip. Some
cases have classes without a sample, classes that are never predicted, or a single clip.
"""
import json
import pathlib

import numpy
from sklearn import metrics

# (classes, clips, share of right answers, classes that no clip has, classes that are never predicted)
CASES = [
    (7, 400, 0.5, [], []),
    (7, 400, 0.1, [], []),
    (7, 120, 0.4, [], [5, 6]),
    (7, 150, 0.6, [2], []),
    (7, 150, 0.6, [0, 6], [0, 6]),
    (7, 60, 1.0, [], []),
    (7, 60, 0.0, [], []),
    (2, 80, 0.7, [], []),
    (3, 9, 0.5, [], [1]),
    (4, 1, 1.0, [], []),
]


def draw(random, class_count, clip_count, share, absent, unpredicted):
    present = [k for k in range(class_count) if k not in absent]
    sayable = [k for k in range(class_count) if k not in unpredicted]
    # Uneven classes, as FERV39k has them.
    weights = random.dirichlet(numpy.full(len(present), 2.0))
    truth = random.choice(present, clip_count, p=weights)
    wrong = (truth + random.integers(1, class_count, clip_count)) % class_count
    predicted = numpy.where(random.random(clip_count) < share, truth, wrong)
    return truth, numpy.where(numpy.isin(predicted, sayable), predicted, sayable[0])


def case(number, parameters):
    class_count = parameters[0]
    truth, predicted = draw(numpy.random.default_rng(number), *parameters)
    classes = list(range(class_count))

    def f1(average):
        return metrics.f1_score(truth, predicted, labels=classes, average=average, zero_division=0)

    return {
        "classes": class_count,
        "truth": "".join(map(str, truth)),
        "predicted": "".join(map(str, predicted)),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=classes).tolist(),
        "war": metrics.accuracy_score(truth, predicted),
        "uar": metrics.recall_score(truth, predicted, labels=sorted(set(truth)), average="macro", zero_division=0),
        "macro_f1": f1("macro"),
        "weighted_f1": f1("weighted"),
    }


def main():
    lines = [json.dumps(case(number, parameters)) for number, parameters in enumerate(CASES)]
    path = pathlib.Path(__file__).parent / "metrics.json"
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
