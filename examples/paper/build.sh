#!/bin/sh
# Builds paper.pdf from nothing: runs the epidemic, exports its figures for LaTeX, typesets the paper, attaches the record.
# Needs pdflatex and booktabs (Debian: texlive-latex-recommended). With RUN, a run or bundle, nothing is executed:
#
#   sh examples/paper/build.sh [RUN]
set -eu
cd "$(dirname "$0")"
run=${1:-}
if [ -z "$run" ]; then
  npx reprise run ../epidemic.ts
  run=@last
fi
rm -rf repro
npx reprise export "$run" --latex repro
for pass in 1 2; do # the second knows the number of the table
  pdflatex -interaction=nonstopmode -halt-on-error paper.tex > paper.out 2>&1 || { cat paper.out; exit 1; }
done
npx reprise attach paper.pdf --run "$run"
rm -f paper.aux paper.log paper.out
