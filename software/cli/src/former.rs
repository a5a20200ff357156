//! Former names of options. Each is understood for one release, with a note that names the present one.

use std::ffi::OsString;

/// The verb (of all, where it is empty), the former name and the present one.
const OPTIONS: &[(&str, &str, &str)] = &[
    ("", "--fixed", "--no-load"),
    ("", "--seeds", "--runs"),
    ("", "--bits-budget", "--storage"),
    ("build", "--baseline", "--nearest"),
    ("board", "--noise", "--byte-errors"),
];

/// Words of a command line with the present names of options, and a note for each former one.
pub fn renamed(words: impl Iterator<Item = OsString>) -> (Vec<OsString>, Vec<String>) {
    let mut all: Vec<OsString> = words.collect();
    let verb = all.iter().skip(1).find(|word| !word.as_encoded_bytes().starts_with(b"-")).cloned();
    let mut notes = Vec::new();
    for word in all.iter_mut().skip(1).take_while(|word| *word != "--") {
        let Some(text) = word.to_str() else { continue };
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let known = |(of, former, _): &&(&str, &str, &str)| {
            *former == name && (of.is_empty() || verb.as_ref().is_some_and(|verb| verb == of))
        };
        let Some((_, _, present)) = OPTIONS.iter().find(known) else { continue };
        notes.push(format!("note: {name} is called {present} now; the former name goes with the next release"));
        *word = value.map_or_else(|| (*present).to_owned(), |value| format!("{present}={value}")).into();
    }
    (all, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> (String, usize) {
        let (words, notes) = renamed(line.split(' ').map(OsString::from));
        (words.iter().map(|word| word.to_str().unwrap()).collect::<Vec<_>>().join(" "), notes.len())
    }

    #[test]
    fn former_names_are_understood_where_they_were_options() {
        assert_eq!(of("hopgate build m --seeds 4 --fixed"), ("hopgate build m --runs 4 --no-load".into(), 2));
        assert_eq!(of("hopgate build m --baseline"), ("hopgate build m --nearest".into(), 1));
        assert_eq!(of("hopgate tune x --bits-budget=9"), ("hopgate tune x --storage=9".into(), 1));
        assert_eq!(of("hopgate -q board m --noise 0.01"), ("hopgate -q board m --byte-errors 0.01".into(), 1));
        // the flip probability of all other verbs
        assert_eq!(of("hopgate recall m --noise 0.1"), ("hopgate recall m --noise 0.1".into(), 0));
        assert_eq!(of("hopgate recall -- --seeds"), ("hopgate recall -- --seeds".into(), 0));
    }
}
