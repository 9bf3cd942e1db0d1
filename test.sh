#!/usr/bin/env bash
# All tests: sets up what the system lacks, builds, runs every test program, and sums up in the last line.
# Arguments go to the test programs, for instance: ./test.sh -class '*Letterbox*'
set -euo pipefail

cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")"
. eng/setup.sh
. eng/build.sh

ensure_dotnet
ensure_system
build_if_changed all Detection.sln
# The page, in a real browser: Playwright unpacks to 786 MB, so only those who have a Chromium fetch it.
if command -v chromium >/dev/null; then
  build_if_changed page tests/OpenVocab.Page.Tests
else
  say "notice: there is no chromium: the tests of the page are left out (sudo apt-get install chromium)."
fi

passed=0 failed=0 skipped=0 broken=0
report=$(mktemp)
trap 'rm -f "$report"' EXIT
for program in artifacts/bin/*.Tests/release_*/*.Tests.dll; do
  status=0
  dotnet "$program" -noColor "$@" | tee "$report" || status=$?
  # Total: 87, Errors: 0, Failed: 0, Skipped: 2, Not Run: 0, Time: 0.5s; a program none of whose tests fit the arguments says Total: 0 alone.
  summary=$(grep -E '\.Tests  Total: [0-9]+' "$report" | tail -n 1 || true)
  number() {
    local found
    found=$(sed -n "s/.*$1: \([0-9]*\).*/\1/p" <<<"$summary")
    echo "${found:-0}"
  }
  if [ -z "$summary" ]; then
    echo "$program ended with status $status and without a summary"
    broken=1
    continue
  fi
  errors=$(number Errors) failures=$(number Failed) skips=$(number Skipped)
  failed=$((failed + errors + failures))
  skipped=$((skipped + skips))
  passed=$((passed + $(number Total) - failures - skips - $(number 'Not Run')))
  if [ "$status" != 0 ] && [ $((errors + failures)) = 0 ]; then broken=1; fi
done

if [ $((passed + failed)) = 0 ]; then
  echo "No test ran." >&2
  broken=1
fi
echo "tests: $passed passed, $((failed + broken)) failed, $skipped skipped"
[ $((failed + broken)) = 0 ]
