#!/bin/sh
# Each header compiles alone; the public ones without any library, as C99 and as C++.
cd "$(dirname "$0")/.." || exit 1

flags="-std=c17 -D_GNU_SOURCE -DGW_POSTGRES=1 -DGW_MARIADB=1 -DGW_FAULTS=1 -Isrc -Iinclude"
flags="$flags $(pkg-config --cflags glib-2.0 json-glib-1.0 libpq libmariadb)"

# each FOLDER COMPILER… : compile a file that includes the header and nothing else.
each() {
    folder=$1
    shift
    find "$folder" -name '*.h' -print0 | xargs -0 -r -P 2 -I{} sh -c '
        header=$1
        shift
        printf "#include \"%s\"\n" "$header" | "$@" -Wall -Werror -fsyntax-only -I. - ||
            { echo "$header does not compile alone"; exit 1; }' - {} "$@"
}

status=0
# shellcheck disable=SC2086  # the flags are words
each src cc $flags -x c || status=1
each include cc -std=c99 -pedantic -x c || status=1
each include clang -std=c++11 -x c++ || status=1
exit $status
