//! What `docs/src/reference/json.md` says of the objects that `--json` prints, and whether one is as it says.
//!
//! Every section of the page with a table of keys is a schema, or a shape that schemas share. A type is `text`, `path`, `number`, `count`,
//! `bool`, `record` (an object that another page describes) or the name of a shape; `list of` one; and it may be `or null`.

use serde_json::Value;
use std::{collections::BTreeMap, path::Path};

/// The keys of a section, dotted, with their types.
type Keys = BTreeMap<String, String>;

/// The page.
pub struct Page(BTreeMap<String, Keys>);

impl Page {
    /// Reads it.
    pub fn read() -> Page {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/reference/json.md");
        let text = std::fs::read_to_string(path).unwrap();
        let mut sections = BTreeMap::<String, Keys>::new();
        let mut section = String::new();
        for line in text.lines() {
            if let Some(title) = line.strip_prefix("## ").or(line.strip_prefix("### ")) {
                section = title.trim_matches('`').to_owned();
                sections.entry(section.clone()).or_default();
            }
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let key = cells.get(1).and_then(|key| key.strip_prefix('`')?.strip_suffix('`'));
            if let (Some(key), Some(kind)) = (key, cells.get(2)) {
                let kind = kind.replace('`', "");
                assert!(sections.entry(section.clone()).or_default().insert(key.into(), kind).is_none(), "{key} twice");
            }
        }
        Page(sections)
    }

    /// The schemas.
    pub fn schemas(&self) -> impl Iterator<Item = &String> {
        self.0.keys().filter(|name| name.starts_with("hopgate."))
    }

    /// Every value of a schema, by its path, with its type: shapes are taken apart, `[]` stands for each of a list.
    pub fn leaves(&self, schema: &str) -> Keys {
        let mut leaves = Keys::new();
        for section in ["every object", schema] {
            self.collect(section, "", &mut leaves);
        }
        leaves
    }

    fn collect(&self, section: &str, before: &str, leaves: &mut Keys) {
        let keys = self.0.get(section).unwrap_or_else(|| panic!("docs/src/reference/json.md has no section {section}"));
        for (key, kind) in keys {
            let (mut bare, mut list) = (kind.trim_end_matches(" or null"), String::new());
            while let Some(each) = bare.strip_prefix("list of ") {
                (bare, list) = (each, list + "[]");
            }
            let path = format!("{before}{key}{list}");
            match bare {
                "text" | "path" | "number" | "count" | "bool" | "record" => {
                    // of an element of a list only the list may be null
                    let kind = if list.is_empty() { kind.clone() } else { bare.to_owned() };
                    assert!(leaves.insert(path.clone(), kind).is_none(), "{path} twice");
                }
                shape => self.collect(shape, &format!("{path}."), leaves),
            }
        }
    }

    /// Compares an object with its schema, and says which of the schema's values are in it.
    pub fn check(&self, object: &Value) -> Vec<String> {
        let schema = object["schema"].as_str().unwrap_or_else(|| panic!("no schema: {object}"));
        let leaves = self.leaves(schema);
        let mut seen = Vec::new();
        look(object, "", &leaves, &mut seen);
        // nothing is left out: what is not known is null
        for path in leaves.keys() {
            let there = |seen: &String| {
                path == seen || path.starts_with(&format!("{seen}.")) || path.starts_with(&format!("{seen}[]"))
            };
            assert!(seen.iter().any(there), "{schema}: {path} is on the page, but not in {object:#}");
        }
        seen.retain(|path| leaves.contains_key(path));
        seen
    }
}

/// Walks a value, and demands that each end of it is on the page.
fn look(value: &Value, path: &str, leaves: &Keys, seen: &mut Vec<String>) {
    let kind = leaves.get(path).map(String::as_str);
    let fits = match (kind.map(|k| k.trim_end_matches(" or null")), value) {
        (Some("text" | "path"), Value::String(_)) | (Some("bool"), Value::Bool(_)) => true,
        (Some("record"), Value::Object(_)) => true,
        (Some("number"), Value::Number(_)) => true,
        (Some("count"), Value::Number(n)) => n.is_u64(),
        _ => false,
    };
    let below = |part: &str| leaves.keys().any(|leaf| leaf.starts_with(&format!("{path}{part}")));
    match value {
        _ if fits => seen.push(path.to_owned()),
        Value::Null
            if kind.is_some_and(|k| k.ends_with("or null")) || (kind.is_none() && (below(".") || below("[]"))) =>
        {
            seen.push(path.to_owned());
        }
        Value::Array(all) if below("[]") => {
            seen.push(path.to_owned());
            all.iter().for_each(|each| look(each, &format!("{path}[]"), leaves, seen));
        }
        Value::Object(fields) if kind.is_none() => {
            for (key, value) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                look(value, &path, leaves, seen);
            }
        }
        _ => panic!("docs/src/reference/json.md says of {path}: {kind:?}, but it is {value}"),
    }
}
