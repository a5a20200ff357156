//! The page's numbers are those of this crate: its module `wire.js` is made from them.

use crate::{
    made,
    numbers::{Part, numbers},
};
use std::fmt::Write;

fn module() -> String {
    let mut text = String::from(
        "// The protocol's numbers. This file is made from software/wire: its test `javascript` says how.\n",
    );
    for part in numbers() {
        match part {
            Part::Group(about, numbers) => {
                write!(text, "\n// {about}\n").unwrap();
                numbers.iter().for_each(|(name, number)| writeln!(text, "export const {name} = {number};").unwrap());
            }
            Part::Texts(about, list, texts) => {
                let texts: Vec<String> = texts.iter().map(|(_, value)| format!("'{value}'")).collect();
                write!(text, "\n// {about}\nexport const {list} = [{}];\n", texts.join(", ")).unwrap();
            }
            Part::Named(name, about, numbers) => {
                write!(text, "\n/** {about} */\nexport const {name} = {{\n").unwrap();
                numbers.iter().for_each(|(name, number)| writeln!(text, "  {name}: {number},").unwrap());
                text += "};\n";
            }
        }
    }
    text
}

/// `HOPGATE_UPDATE=1 cargo test -p hopgate-wire --test it javascript` writes the file anew.
#[test]
fn the_page_has_these_numbers() {
    made("../web/page/wire.js", &module(), "javascript");
}
