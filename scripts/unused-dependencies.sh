#!/bin/sh
# Finds dependencies that no code of their package names, and those of the workspace that no package takes.
set -eu
cd "$(dirname "$0")/.."

problems=$(mktemp)
trap 'rm -f "$problems"' EXIT
complain() { echo "unused: $*" | tee -a "$problems" >&2; }

# Prints the names in the tables of a manifest whose heading matches a pattern, one a line: `name = ...` and `name.workspace = true`.
names() {
    awk -v heading="$2" '/^\[/ { inside = $0 ~ heading; next } inside && /^[A-Za-z0-9_-]+[ .]/ { sub(/[ .].*/, ""); print }' "$1"
}

manifests=$(git ls-files '*Cargo.toml' 2>/dev/null || find . -name Cargo.toml -not -path '*/target/*')
for manifest in $manifests; do
    [ "$manifest" != Cargo.toml ] || continue
    folder=$(dirname "$manifest")
    itself=$(sed -n 's/^name = "\(.*\)"/\1/p' "$manifest" | head -n 1)
    names "$manifest" '^.[a-z]*-?dependencies.$' | sort -u | while IFS= read -r name; do
        # a package that names itself asks for features of its own
        [ "$name" != "$itself" ] || continue
        word=$(printf '%s' "$name" | tr - _)
        grep -rqE --include='*.rs' "\\b$word(::|;| as )" "$folder" || complain "$manifest: $name"
    done
done
names Cargo.toml 'workspace.dependencies' | while IFS= read -r name; do
    # shellcheck disable=SC2086
    grep -qE "^$name([. ]|$)" $(printf '%s\n' $manifests | grep -v '^Cargo.toml$') || complain "Cargo.toml: $name, of the workspace"
done

if [ -s "$problems" ]; then exit 1; fi
echo "every dependency is used"
