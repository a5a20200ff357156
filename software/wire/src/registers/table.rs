//! The registers for people.

use super::ALL;
use alloc::{format, string::String};

/// The tables of the book's page: the registers, and the bits of those that have some.
pub fn markdown() -> String {
    let mut text = String::from("| byte address | register | access | |\n|---|---|---|---|\n");
    for register in ALL {
        let about = register.about;
        let with = register.with.map_or(String::new(), |extra| format!(" ({})", extra.words()));
        text += &format!(
            "| 0x{:02x} | `{}` | {} | {about}{with} |\n",
            register.offset(),
            register.name,
            register.access.words()
        );
    }
    text += "\n| register | bits | name | |\n|---|---|---|---|\n";
    for register in ALL {
        for field in register.fields {
            let bits = match field.bits {
                1 => format!("{}", field.low),
                n => format!("{} to {}", field.low, field.low + n - 1),
            };
            text += &format!("| `{}` | {bits} | `{}` | {} |\n", register.name, field.name, field.about);
        }
    }
    text
}
