#!/bin/sh
# The C code is as clang-format leaves it (make format).
cd "$(dirname "$0")/.." || exit 1
find src include tests -name '*.[ch]' -print0 | xargs -0 -r -n 1 -P 2 sh -c '
    clang-format "$0" | cmp -s - "$0" || { echo "$0: run make format"; exit 1; }'
