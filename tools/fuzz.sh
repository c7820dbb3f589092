#!/bin/sh
# Run each fuzz target for a while, beginning with its seeds: fuzz.sh [SECONDS [TARGET …]]
# New inputs gather in build-fuzz/corpus; an input that crashes stays in build-fuzz/crashes.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-300}
[ $# -eq 0 ] || shift

tools/install-packages.sh fuzz
if [ ! -e build-fuzz/build.ninja ]; then
    CC=clang meson setup build-fuzz -Dfuzz=true -Dbuildtype=debug -Doptimization=1 \
        -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link
fi
ninja -C build-fuzz

status=0
mkdir -p build-fuzz/crashes
for program in build-fuzz/tests/fuzz/fuzz-*; do
    [ -f "$program" ] && [ -x "$program" ] || continue
    name=${program##*/fuzz-}
    case " ${*:-$name} " in *" $name "*) ;; *) continue ;; esac
    seeds=tests/fuzz/corpus/$name
    mkdir -p "build-fuzz/corpus/$name"
    echo "fuzz $name for $seconds s"
    "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -verbosity=0 \
        -artifact_prefix="build-fuzz/crashes/$name-" "build-fuzz/corpus/$name" \
        $([ -d "$seeds" ] && echo "$seeds") || status=1
done
exit $status
