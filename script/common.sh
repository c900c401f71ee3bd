# SPDX-License-Identifier: EUPL-1.2
# Words the scripts share: progress for people, one way to fail, one way to build.

# -h or --help as the first word: the words at the top of the script.
case "${1:-}" in
  -h | --help) sed -n '3,${/^#/!q; s/^# \{0,1\}//p}' "script/$(basename "$0")"; exit 0 ;;
esac

step() { printf '\n==> %s\n' "$*"; }
fail() { printf 'verbund: %s\n' "$*" >&2; exit 1; }

# watch_log PID LOG PATTERN: while PID runs, shows how many lines of LOG match; gives the exit status of PID.
watch_log() {
  local pid=$1 log=$2 pattern=$3 count=0
  if [ -t 1 ]; then
    while kill -0 "$pid" 2>/dev/null; do
      count=$(grep -cE "$pattern" "$log" 2>/dev/null || true)
      printf '\r    %s steps done ' "$count"
      sleep 0.5
    done
    printf '\r\033[K'
  fi
  wait "$pid"
}

# build PRESET TARGET...: configures once, builds; ninja shows [done/all].
build() {
  local preset=$1
  shift
  step "Building ($preset)"
  cmake --preset "$preset" >/dev/null || fail "cmake --preset $preset failed: see above"
  cmake --build --preset "$preset" ${1:+--target "$@"}
}
