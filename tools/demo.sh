#!/bin/bash
# A tour of godwit on SQLite, in a folder of its own: each command and what it really prints.
# GODWIT is the program to show (default: build/godwit).
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${GODWIT:-$root/build/godwit}")
unset DATABASE_URL GODWIT "${!GODWIT_@}"
PATH=$(dirname "$program"):$PATH

folder=$(mktemp -d "${TMPDIR:-/tmp}/godwit-demo-XXXXXX")
cd "$folder"
ln -s "$root/examples/tour" tour
ln -s "$root/tools/demo/fingerprint.py" fingerprint

title() { printf '\n# %s\n' "$1"; }
note() { printf '%s\n' "${1:+# $1}"; }

# Show a command, then run it.
run() {
    printf '\n$ %s\n' "$1"
    eval "$1"
}

# Start a run and kill it as soon as its third statement has begun, which a pipe tells at once.
kill_in_the_middle() {
    local pid line begun=no
    mkfifo events
    printf '\n$ %s\n' 'godwit up --json >result 2>events &'
    godwit up --json >result 2>events &
    pid=$!
    while read -r line; do
        if [[ $line == *'"step_begin"'*'"ordinal":3,'* ]]; then
            kill -9 "$pid"
            begun=yes
        fi
    done <events
    { wait "$pid" || true; } 2>/dev/null
    [ "$begun" = yes ] || { note 'the third statement has not begun'; exit 1; }
    note '… two of its four statements are done, the third one runs:'
    printf '$ kill -9 %%1\n'
}

title '1. A project, and its first migration'
run 'godwit init sqlite:app.db'
run 'godwit new create users'
run 'cat tour/create_users.sql >migrations/*_create_users.sql'
run 'godwit plan'
run 'godwit up --quiet'

title '2. Preferences, and confirmed addresses'
run 'godwit new add user preferences --quiet'
run 'cat tour/add_user_preferences.sql >migrations/*_add_user_preferences.sql'
run 'godwit new add email verification --quiet'
run 'cat tour/add_email_verification.sql >migrations/*_add_email_verification.sql'
run 'cat migrations/*_add_email_verification.sql'
run 'godwit up'
run 'godwit status'
run 'godwit verify'
run 'godwit down --yes'
run 'godwit up --quiet'

title '3. Killed in the middle'
run 'godwit new add logins --quiet'
run 'cat tour/add_logins.sql >migrations/*_add_logins.sql'
note
note 'A copy that nobody disturbs, to compare with:'
run 'cp app.db undisturbed.db && godwit up --quiet --url sqlite:undisturbed.db'
kill_in_the_middle
run 'godwit status'
run 'godwit up'
note
note 'logins has no key: a statement that ran twice would show. Each table as without the kill:'
run './fingerprint app.db undisturbed.db'
run 'godwit log --check | tail -n 1'

title "Now try, in $folder:"
note '    godwit plan --down            what undoing would do'
note '    godwit plan --sql --down      the same as SQL'
note '    godwit redo                   undo the newest migration and apply it again'
note '    godwit down --to 0            undo everything'
note '    godwit doctor                 is all well with this database?'
note '    godwit help                   all commands'
