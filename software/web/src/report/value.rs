//! Numbers and texts in the JSON of a run.

use serde_json::Value;

/// A number, if it is one.
pub fn number(of: &Value, path: &str) -> Option<f64> {
    of.pointer(path)?.as_f64()
}

/// A whole number, if it is one.
pub fn count(of: &Value, path: &str) -> Option<u64> {
    of.pointer(path)?.as_u64()
}

/// A text, if it is one.
pub fn text<'a>(of: &'a Value, path: &str) -> Option<&'a str> {
    of.pointer(path)?.as_str()
}

/// A list; an empty one if it is none.
pub fn list<'a>(of: &'a Value, path: &str) -> &'a [Value] {
    of.pointer(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A share in percent, without needless digits.
pub fn percent(share: f64) -> String {
    format!("{} %", (share * 1000.0).round() / 10.0)
}
