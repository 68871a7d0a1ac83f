#!/usr/bin/env bash
# Makes .venv and all it needs: native libraries, a Chinese font, the Python packages, the compiled catalogue.
#
# Says nothing when there is nothing to do. Safe to repeat, and to interrupt: the stamp that says "done" is written
# last. apt-get and pip go by this machine's own configuration. PYTHON=… chooses the interpreter.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# Without bytecode every command would start two to three times slower.
unset PYTHONDONTWRITEBYTECODE

readonly STAMP=.venv/.set-up
readonly INSIDE=.venv/bin/python
# Absent from Ubuntu 22.04. Without it PDFs are larger and come out a little different each time; all else works.
readonly DISPENSABLE=libharfbuzz-subset0

say() { printf 'setup: %s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

version_of() { "$1" -c 'import sys; print(*sys.version_info[:3], sep=".")' 2>/dev/null || echo none; }

find_python() {
    local candidate
    if [[ -n ${PYTHON:-} ]]; then
        is_new_enough "$PYTHON" || fail "PYTHON=$PYTHON is no Python 3.11 or newer"
        echo "$PYTHON"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11; do
        if is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "needs Python 3.11 or newer, found $(version_of python3). Install one (Ubuntu 22.04: sudo apt-get install" \
        "python3.11 python3.11-venv) or name one: PYTHON=/path/to/python3 make …"
}

# A directory that was moved has the old path in every script, and a system upgrade can take the interpreter away.
is_environment_usable() {
    is_new_enough "$INSIDE" || return 1
    "$INSIDE" -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("pip") is None)' || return 1
    [[ -z ${PYTHON:-} || $(version_of "$PYTHON") == "$(version_of "$INSIDE")" ]] || return 1
    [[ ! -f $STAMP || $(head -n 1 "$STAMP") == "$PWD" ]]
}

# Contents, not times: a checkout touches files without changing them.
fingerprint() {
    printf '%s\n' "$PWD"
    cksum pyproject.toml constraints.txt hatch_build.py
}

known_to_apt() {
    local package
    for package in "$@"; do
        if apt-cache show "$package" &>/dev/null; then echo "$package"; fi
    done
}

install_native_packages() {
    local as_root=()
    command -v apt-get >/dev/null || fail "missing (by their Debian names): $*. Install them first:" \
        "macOS: brew install pango && brew install --cask font-noto-sans-cjk;" \
        "Fedora: dnf install pango harfbuzz google-noto-sans-cjk-fonts;" \
        "Arch: pacman -S pango harfbuzz noto-fonts-cjk"
    if [[ $(id -u) -ne 0 ]]; then
        command -v sudo >/dev/null || fail "missing: $*. As root: apt-get install --no-install-recommends $*"
        as_root=(sudo)
    fi
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0)
    say "installing with apt-get, for .venv and for drawing Chinese pages: $*"
    [[ $(known_to_apt "$@" | wc -l) -eq $# ]] || "${apt[@]}" update
    # One name that this release does not have must not keep the others out; what is missing is looked at afterwards.
    local known
    mapfile -t known < <(known_to_apt "$@")
    local install=("${apt[@]}" install --no-install-recommends -y "${known[@]}")
    # Package lists that have grown old name files that are gone: fetch new ones and try once more.
    "${install[@]}" >/dev/null || { "${apt[@]}" update && "${install[@]}" >/dev/null; }
}

provide_native_packages() {
    local python=$1 missing
    missing=$("$python" scripts/missing_packages.py)
    [[ -n $missing ]] || return 0
    # Tried before, in vain.
    [[ $missing != "$DISPENSABLE" || ! -f $STAMP ]] || return 0
    # shellcheck disable=SC2086  # one package a word
    install_native_packages $missing
    missing=$("$python" scripts/missing_packages.py)
    if [[ $missing == "$DISPENSABLE" ]]; then
        say "this release has no $DISPENSABLE: PDFs will be larger, and differ a little each time they are drawn"
        return
    fi
    [[ -z $missing ]] || fail "apt-get is done, but $python still does not find: ${missing//$'\n'/ }"
}

install_project() {
    rm -f "$STAMP"
    say "installing the Python packages into .venv (a minute or two, once)"
    local pip=("$INSIDE" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt)
    # The pip that Python brings may be too old to know dependency groups.
    "${pip[@]}" pip
    "${pip[@]}" --compile --build-constraint constraints.txt --group dev --editable '.[postgres]'
    # Fails only on a file that does not parse, which the next command reports better.
    "$INSIDE" -m compileall -q newsletter || true
    fingerprint >"$STAMP.new"
    mv "$STAMP.new" "$STAMP"
}

compile_catalogues() {
    local catalogue
    for catalogue in newsletter/locale/*/LC_MESSAGES/*.po; do
        [[ $catalogue -nt ${catalogue%.po}.mo ]] || continue
        "$INSIDE" hatch_build.py "$catalogue"
    done
}

main() {
    local python=$INSIDE
    is_environment_usable || python=$(find_python)
    [[ ! -L .venv ]] || fail ".venv is a symbolic link; remove it, so that nothing it points to is emptied"
    provide_native_packages "$python"
    [[ $python == "$INSIDE" ]] || "$python" -m venv --clear .venv
    [[ -f $STAMP && $(<"$STAMP") == "$(fingerprint)" ]] || install_project
    compile_catalogues
}

main
