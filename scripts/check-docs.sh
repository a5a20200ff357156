#!/bin/sh
# Checks what no compiler sees: that every page of the book is listed and there, that every relative link in the pages leads
# to a file and a heading, that every file and command of ours that they name exists, and that no large file is tracked.
set -eu
cd "$(dirname "$0")/.."

problems=$(mktemp)
trap 'rm -f "$problems"' EXIT
complain() { echo "check-docs: $*" | tee -a "$problems" >&2; }

# Prints the targets of the links and pictures of a Markdown file, one a line, without fenced and inline code.
links() {
    awk '/^ *(```|~~~)/ { fenced = !fenced; next } !fenced { gsub(/`[^`]*`/, ""); print }' "$1" |
        grep -o '](\(<[^>]*>\|[^)]*\))' | sed 's/^](<\{0,1\}//; s/>\{0,1\})$//; s/ "[^"]*"$//' || true
}

# Prints the anchors of a Markdown file's headings, one a line.
anchors() {
    awk '/^ *(```|~~~)/ { fenced = !fenced; next }
        !fenced && /^#+ / { sub(/^#+ /, ""); line = tolower($0); gsub(/[^a-z0-9 _-]/, "", line); gsub(/ /, "-", line); print line }' "$1"
}

pages=$(find README.md CONTRIBUTING.md CHANGELOG.md SECURITY.md software/*/README.md hdl/README.md sim/README.md docs/src -name '*.md' | sort)

summary=docs/src/SUMMARY.md
links "$summary" | while IFS= read -r page; do
    if [ ! -f "docs/src/$page" ]; then complain "$summary lists $page, but there is no such page"; fi
done
find docs/src -name '*.md' | sort | while IFS= read -r file; do
    page=${file#docs/src/}
    if [ "$file" != "$summary" ] && ! links "$summary" | grep -qxF "$page"; then
        complain "$summary does not list $page"
    fi
done

echo "$pages" | while IFS= read -r file; do
    links "$file" | while IFS= read -r link; do
        case $link in
        http://* | https://* | mailto:*) continue ;;
        '#'*) there=$file ;;
        *) there=$(dirname "$file")/${link%%#*} ;;
        esac
        case $link in *'#'*) anchor=${link##*#} ;; *) anchor= ;; esac
        if [ ! -e "$there" ]; then
            complain "$file links to $link, which does not exist"
        elif [ -n "$anchor" ] && ! anchors "$there" | grep -qxF -e "$anchor"; then
            complain "$file links to $link, but $there has no such heading"
        fi
    done
done

# Files of ours that the pages name.
grep -ohE '`(bench|constraints|formal|fuzz|hdl|scripts|sim|software)/[A-Za-z0-9_./-]*`' $pages | tr -d '`' | sort -u |
    while IFS= read -r name; do
        if [ ! -e "$name" ]; then complain "a page names $name, which does not exist"; fi
    done

# What the pages tell people to type: targets of the Makefile, and tests by name.
grep -oh '`make [a-z0-9-]*' $pages | sed 's/.* //' | sort -u | while IFS= read -r name; do
    if [ -n "$name" ] && ! grep -q "^\([a-z-]* \)*$name\( [a-z-]*\)*:" Makefile; then complain "a page says \`make $name\`, which the Makefile does not have"; fi
done
grep -ohE 'cargo test -p hopgate[a-z-]* (--[a-z-]+ )*--test [a-z_]+( [a-z_]+::)?' $pages | sort -u | while IFS= read -r command; do
    crate=$(printf '%s' "$command" | sed 's/.*-p \([a-z-]*\).*/\1/')
    name=$(printf '%s' "$command" | sed 's/.*--test //; s|^it \(.*\)::|it/\1|')
    folder=$(grep -l "^name = \"$crate\"" hdl/Cargo.toml sim/Cargo.toml formal/Cargo.toml software/*/Cargo.toml | head -n 1)
    folder=$(dirname "$folder")/tests
    if [ ! -e "$folder/$name.rs" ] && [ ! -e "$folder/$name/main.rs" ] && [ ! -e "$folder/it/tool/${name#it/}.rs" ]; then complain "a page says \`$command\`, but there is no such test"; fi
done
grep -rnE '^ *#\[ignore' --include=*.rs hdl sim formal software | grep -v '#\[ignore = "make full' | while IFS= read -r line; do
    complain "an ignored test must say which gate runs it, #[ignore = \"make full: why\"]: $line"
done
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git -c core.quotePath=false ls-files | while IFS= read -r file; do
        if [ -f "$file" ] && [ "$(wc -c <"$file")" -gt 1048576 ]; then complain "$file is larger than 1 MiB"; fi
    done
fi

if [ -s "$problems" ]; then exit 1; fi
echo "pages, links, commands and file sizes are right"
