//! The shape of the workspace: which crate may know which, and that the documents say what is there.

use crate::common::Place;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Each crate of the workspace, with the crates of the workspace that it needs (to be built; and to be tested).
fn dependencies() -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let of = |package: &serde_json::Value, kinds: &[Option<&str>]| -> BTreeSet<String> {
        let all = package["dependencies"].as_array().unwrap().iter();
        let ours = all.filter(|d| d["path"].is_string() && kinds.contains(&d["kind"].as_str()));
        ours.map(|d| d["name"].as_str().unwrap().to_owned()).collect()
    };
    let packages = json["packages"].as_array().unwrap().iter();
    let entry = |p| (of(p, &[None, Some("build")]), of(p, &[Some("dev")]));
    packages.map(|p| (p["name"].as_str().unwrap().to_owned(), entry(p))).collect()
}

#[test]
fn dependencies_point_one_way() {
    // each crate, and what it may need
    let may = [
        ("hopgate-model", vec![]),
        ("hopgate-files", vec!["hopgate-model"]),
        ("hopgate-wire", vec!["hopgate-model"]),
        ("hopgate-train", vec!["hopgate-model", "hopgate-files"]),
        ("hopgate-keyed", vec!["hopgate-model", "hopgate-files", "hopgate-train"]),
        ("hopgate-lab", vec!["hopgate-model", "hopgate-files", "hopgate-train", "hopgate-keyed"]),
        ("hopgate-hdl", vec!["hopgate-model", "hopgate-files", "hopgate-wire"]),
        ("hopgate-eda", vec!["hopgate-model", "hopgate-files", "hopgate-hdl"]),
        ("hopgate-host", vec!["hopgate-model", "hopgate-files", "hopgate-wire"]),
        (
            "hopgate-sim",
            vec!["hopgate-model", "hopgate-files", "hopgate-wire", "hopgate-hdl", "hopgate-eda", "hopgate-host"],
        ),
        ("hopgate-formal", vec!["hopgate-model", "hopgate-files", "hopgate-hdl", "hopgate-eda", "hopgate-sim"]),
        (
            "hopgate",
            vec![
                "hopgate-model",
                "hopgate-files",
                "hopgate-wire",
                "hopgate-train",
                "hopgate-keyed",
                "hopgate-hdl",
                "hopgate-eda",
                "hopgate-sim",
                "hopgate-host",
            ],
        ),
        ("hopgate-web", vec!["hopgate-model", "hopgate-files"]),
        (
            "hopgate-cli",
            vec![
                "hopgate",
                "hopgate-model",
                "hopgate-files",
                "hopgate-wire",
                "hopgate-train",
                "hopgate-lab",
                "hopgate-hdl",
                "hopgate-eda",
                "hopgate-sim",
                "hopgate-host",
                "hopgate-web",
            ],
        ),
    ];
    let found = dependencies();
    let known: BTreeSet<_> = may.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        found.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        known,
        "a crate that this test does not know"
    );
    for (name, allowed) in &may {
        let (needed, for_tests) = &found[*name];
        let wrong: Vec<_> = needed.iter().filter(|d| !allowed.contains(&d.as_str())).collect();
        assert!(wrong.is_empty(), "{name} must not need {wrong:?}");
        // tests may look sideways, but nothing looks at the binary
        assert!(!for_tests.contains("hopgate-cli"), "the tests of {name} need the binary's crate");
    }
    let (all, _) = &found["hopgate"];
    assert_eq!(all.len(), 8, "the library joins every other one: {all:?}");
}

#[test]
fn every_library_asks_for_documentation_and_allows_no_unsafe_code() {
    let lints = read("Cargo.toml");
    assert!(lints.contains("missing_docs = \"deny\"") && lints.contains("unsafe_code = \"deny\""));
    for member in [
        "hdl",
        "sim",
        "formal",
        "software/model",
        "software/files",
        "software/wire",
        "software/train",
        "software/keyed",
        "software/lab",
        "software/eda",
        "software/host",
        "software/hopgate",
        "software/web",
        "software/cli",
    ] {
        let manifest = read(&format!("{member}/Cargo.toml"));
        let own = manifest.contains("missing_docs = \"deny\"") && member == "sim"; // the bridge to Verilator is unsafe
        assert!(own || manifest.contains("[lints]\nworkspace = true"), "{member}");
        assert!(manifest.contains("license.workspace = true"), "{member}");
    }
    assert!(root().join("Cargo.lock").exists());
    assert!(read(".ci/run").contains("make test"));
}

/// The code of a page, and of the pages of the book, line by line: fenced or indented blocks, and inline code.
fn code(text: &str) -> Vec<String> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced || line.starts_with("    ") {
            found.push(line.trim().to_owned());
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// Every page: README and the book.
fn pages() -> Vec<(String, String)> {
    let (mut names, mut folders) = (vec!["README.md".to_owned()], vec!["docs/src".to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap().map(Result::unwrap) {
            let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                folders.push(name);
            } else if name.ends_with(".md") {
                names.push(name);
            }
        }
    }
    names.sort();
    names.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

#[test]
fn make_targets_in_the_documents_exist() {
    let makefile = read("Makefile");
    let mut seen = BTreeSet::new();
    for (page, text) in pages() {
        for line in code(&text).iter().filter_map(|l| l.strip_prefix("make ").map(str::to_owned)) {
            let words = line.split('#').next().unwrap_or_default().split_whitespace();
            for target in words.filter(|w| !w.contains('=') && !w.starts_with('-')) {
                let defined =
                    makefile.lines().any(|l| l.split(':').next().is_some_and(|t| t.split(' ').any(|t| t == target)));
                assert!(defined, "{page}: make {target}");
                seen.insert(target.to_owned());
            }
        }
    }
    for target in ["demo", "test"] {
        assert!(seen.contains(target), "no page mentions make {target}");
    }
    // `make` alone lists them
    for target in &seen {
        assert!(makefile.contains(&format!("'make {target} ")), "make help does not list {target}");
    }
}

/// The help of a verb, and of the verbs below it.
fn help_of(place: &Place, verb: &str) -> String {
    let help = place.ok(&format!("{verb} --help")).out;
    let below = help.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let names = below.filter_map(|l| l.split_whitespace().next()).filter(|n| *n != "help");
    let all: Vec<String> = names.map(|name| place.ok(&format!("{verb} {name} --help")).out).collect();
    help.clone() + &all.concat()
}

#[test]
fn verbs_and_options_in_the_documents_exist() {
    let place = Place::new();
    let mut help: BTreeMap<String, String> = BTreeMap::new();
    let mut commands = 0;
    for (page, text) in pages() {
        for line in code(&text) {
            let line = line.split(" #").next().unwrap_or_default();
            let Some((_, line)) =
                line.split_once("hopgate ").filter(|(before, _)| before.is_empty() || before.ends_with('/'))
            else {
                continue;
            };
            let mut words = line.split_whitespace();
            let Some(verb) = words.next().filter(|v| v.chars().all(|c| c.is_ascii_lowercase())) else { continue };
            let help = help.entry(verb.to_owned()).or_insert_with(|| help_of(&place, verb));
            // `-` alone is standard input or output
            for option in words.filter(|w| w.starts_with('-') && *w != "-") {
                let option = option.split('=').next().unwrap_or(option);
                let there = help.split_whitespace().any(|w| w.trim_end_matches(',') == option);
                assert!(there, "{page}: hopgate {verb} has no {option}");
            }
            commands += 1;
        }
    }
    assert!(commands > 15 && help.len() >= 9, "{commands} commands of {} verbs", help.len());
}

#[test]
fn the_reference_of_the_command_line_is_what_the_program_says() {
    let place = Place::new();
    let made = place.ok("manual --json -o manual/").json();
    let files: Vec<&str> = made["files"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()).collect();
    assert!(["hopgate.1", "hopgate-train.1", "hopgate-host-selftest.1", "_hopgate"].iter().all(|f| files.contains(f)));
    let options = fs::read_to_string(place.path("manual/options.md")).unwrap();
    assert!(options.contains("\n| `--fold F` | `1` |"), "{options}");
    let page = read("docs/src/reference/command-line.md");
    let (begin, end) = ("<!-- options: begin -->\n", "<!-- options: end -->\n");
    let (head, rest) = page.split_once(begin).unwrap();
    let (written, tail) = rest.split_once(end).unwrap();
    if std::env::var_os("HOPGATE_UPDATE").is_some() {
        let new = format!("{head}{begin}\n{options}\n{end}{tail}");
        fs::write(root().join("docs/src/reference/command-line.md"), new).unwrap();
        return;
    }
    assert_eq!(written.trim(), options.trim(), "HOPGATE_UPDATE=1 cargo test -p hopgate-cli the_reference writes it");
}

#[test]
fn the_manual_is_that_of_every_verb_and_replaces_nothing_else() {
    let place = Place::new();
    place.ok("manual -o manual/");
    let text = |name: &str| fs::read_to_string(place.path(&format!("manual/{name}"))).unwrap();
    assert!(text("hopgate-train.1").contains("\\-\\-gamma"), "{}", text("hopgate-train.1"));
    for shell in ["hopgate.bash", "_hopgate", "hopgate.fish"] {
        assert!(text(shell).contains("quantize") && text(shell).contains("gamma"), "{shell}");
    }
    // a second time in its own place, and not in that of something else
    place.ok("manual -o manual/");
    fs::write(place.path("manual/mine.txt"), "mine").unwrap();
    place.fails("manual -o manual/", 1, &["manual"]);
    assert_eq!(text("mine.txt"), "mine");
}
