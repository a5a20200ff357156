//! The Python client's numbers are those of this crate: its module `wire.py` is made from them.

use crate::{
    made,
    numbers::{Part, numbers},
};
use std::fmt::Write;

fn module() -> String {
    let mut text = String::from(
        "\"\"\"The protocol's numbers. This file is made from software/wire: its test `python` says how.\"\"\"\n",
    );
    for part in numbers() {
        match part {
            Part::Group(about, numbers) => {
                write!(text, "\n# {}\n", wrapped(about, "\n# ")).unwrap();
                numbers.iter().for_each(|(name, number)| writeln!(text, "{name} = {number}").unwrap());
            }
            Part::Texts(about, list, texts) => {
                write!(text, "\n# {about}\n").unwrap();
                texts.iter().for_each(|(name, value)| writeln!(text, "{name} = \"{value}\"").unwrap());
                let names: Vec<&str> = texts.iter().map(|(name, _)| name.as_str()).collect();
                writeln!(text, "{list} = ({})", names.join(", ")).unwrap();
            }
            Part::Named(name, about, numbers) => {
                write!(text, "\n\nclass {name}:\n    \"\"\"{about}\"\"\"\n\n").unwrap();
                numbers.iter().for_each(|(name, number)| writeln!(text, "    {name} = {number}").unwrap());
            }
        }
    }
    text
}

/// Lines of at most 120 characters.
fn wrapped(text: &str, between: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().unwrap();
        if line.is_empty() {
            line.push_str(word);
        } else if line.len() + word.len() < 112 {
            *line += &format!(" {word}");
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join(between)
}

/// `HOPGATE_UPDATE=1 cargo test -p hopgate-wire --test it python` writes the file anew.
#[test]
fn the_python_client_has_these_numbers() {
    made("../python/hopgate/wire.py", &module(), "python");
}
