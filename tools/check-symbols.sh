#!/bin/sh
# The library of BUILD shows godwit_* alone, and no object of src/ has variables that change.
cd "$(dirname "$0")/.." || exit 1
build=$1
status=0

library=$build/src/libgodwit.so
if [ -e "$library" ]; then
    foreign=$(nm -D --defined-only "$library" | awk '{print $3}' | grep -v '^godwit_')
    if [ -n "$foreign" ]; then
        printf 'symbols of libgodwit.so that are not godwit_*:\n%s\n' "$foreign"
        status=1
    fi
fi

# What is set once, under a lock or atomically, is called q.N (GLib's G_DEFINE_… macros make it) or
# initialized.N.
mutable=$(find "$build/src" -name '*.o' -exec objdump -t {} + 2>/dev/null | awk '
    / file format / { object = $1; next }
    $NF ~ /^(\.|__|_\.)/ || $NF ~ /^(q|initialized)\.[0-9]+$/ { next }
    {
        for (i = 2; i < NF; i++)
            if ($i ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && $i !~ /^\.data\.rel\.ro/)
                print object, $NF
    }')
if [ -n "$mutable" ]; then
    printf 'variables that change (pass them, or make them const):\n%s\n' "$mutable"
    status=1
fi
exit $status
