#!/bin/sh
# Install the Debian packages of a group of packages.txt, saying which and why.
# Silent and fast when all are there: install-packages.sh GROUP
set -eu

group=$1
list=$(dirname "$0")/packages.txt
policy=/usr/sbin/policy-rc.d

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing_packages() {
    grep -E "^$group[[:space:]]" "$list" | while read -r _ package reason; do
        is_installed "$package" || echo "$package $reason"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian starts a database server as soon as it is installed; the tests start their own instead.
forbid_services() {
    [ ! -e "$policy" ] || return 0
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    trap 'as_root rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
}

if ! command -v dpkg-query >/dev/null; then
    echo "this is not Debian: please install by hand what $list lists for '$group'" >&2
    exit 0
fi

missing=$(missing_packages)
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "missing packages, and neither root nor sudo to install them:" >&2
    echo "$missing" >&2
    exit 1
fi

echo "installing packages for '$group':" >&2
echo "$missing" | sed 's/^\([^ ]*\) \(.*\)/  \1 (\2)/' >&2
forbid_services
as_root apt-get -qq update
# shellcheck disable=SC2046  # package names hold no blanks
as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install --no-install-recommends -y $(echo "$missing" | cut -d' ' -f1) >/dev/null
