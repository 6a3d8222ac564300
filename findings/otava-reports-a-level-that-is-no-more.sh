#!/usr/bin/env bash
# Apache Otava drops weak change points one by one, and looks anew at the two points after the one that went, not at the one
# before it. So a point may be reported with the mean and the p of a level that ended where another point was, which is gone.
# Guess: mean_after of the only change point is the mean of all numbers from there on. It is that of fewer, and nothing tells.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet apache-otava==0.8.0
cat > "$work/look.py" <<'PY'
import importlib.metadata
from otava.analysis import TTestSignificanceTester, compute_change_points
series = [101, 100, 99, 100, 102, 101, 99, 98, 99, 100, 97, 100, 103, 103, 103, 104, 105, 105, 104, 106,
          103, 105, 104, 103, 102, 102, 102, 103, 102, 103, 103, 103, 103, 103, 102, 103, 104, 105, 101, 105]
series = [float(value) for value in series]
points, _ = compute_change_points(list(series), window_len=20, max_pvalue=0.001, min_magnitude=0.0)
print("apache-otava", importlib.metadata.version("apache-otava"), "| change points:", [int(point.index) for point in points])
[point] = points
true = TTestSignificanceTester(0.001).compare(series[:point.index], series[point.index:])
print(f"reported: mean after {point.stats.mean_2:.3f}, p {point.stats.pvalue:.2g}")
print(f"of all numbers after it: mean {true.mean_2:.3f}, p {true.pvalue:.2g}")
raise SystemExit(0 if abs(point.stats.mean_2 - true.mean_2) > 0.3 else 1)
PY
"$work/venv/bin/python" "$work/look.py" || { echo "not seen any more"; exit 1; }
echo "seen: the only change point has the mean and the p of a level that is no more"
