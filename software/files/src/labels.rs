//! Labels: the class of each key.
//!
//! | source | what it is |
//! |---|---|
//! | `x.npy` | `(T)` or `(T, 1)` whole numbers: the class, from 0 |
//! | `x.npz` | the same, in the array `labels` (or `y`, or `arr_0`) |
//! | `x.csv`, `x.txt` | a label per line: whole numbers, or names, which are sorted; `#` begins a comment |
//! | `digits` | those of the built-in set |

use crate::{
    npy::{Kind, Npy},
    npz,
    patterns::builtin,
};
use hopgate_model::{Error, ErrorKind, Result, memory::MAX_OUTPUTS};
use std::{collections::BTreeSet, ffi::OsStr, path::Path};

/// The class of each of `T` keys, and the names of the classes.
///
/// ```
/// use hopgate_files::labels::Labels;
/// let labels = Labels::of_names(&["cat".into(), "ant".into(), "cat".into()])?;
/// assert_eq!((labels.of, labels.classes), (vec![1, 0, 1], vec!["ant".to_owned(), "cat".to_owned()]));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// The class of each key, `(T)`.
    pub of: Vec<u32>,
    /// A name for each class, `(C)`: of numbers, the number.
    pub classes: Vec<String>,
}

impl Labels {
    /// Of numbers from 0: there are as many classes as the greatest says, and each must have a key.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for a number below 0, a class without a key, fewer than two classes or more than a memory has.
    pub fn of_numbers(numbers: &[i64]) -> Result<Self> {
        let bad = |what: String, hint: &str| Err(Error::new(ErrorKind::Value, what).hint(hint));
        let most = MAX_OUTPUTS as i64;
        if let Some(at) = numbers.iter().position(|n| !(0..most).contains(n)) {
            let what = format!("label {at} is {}, but a class is a number from 0 to {}", numbers[at], most - 1);
            return bad(what, "number the classes from 0, or give names in a .txt, one a line");
        }
        let count = numbers.iter().max().map_or(0, |&n| n as usize + 1);
        let mut seen = vec![false; count];
        numbers.iter().for_each(|&n| seen[n as usize] = true);
        if let Some(class) = seen.iter().position(|seen| !seen) {
            let what = format!("class {class} of {count} has no key");
            return bad(what, "number the classes without gaps, or give names in a .txt, one a line");
        }
        checked(count)?;
        Ok(Labels {
            of: numbers.iter().map(|&n| n as u32).collect(),
            classes: (0..count).map(|c| c.to_string()).collect(),
        })
    }

    /// Of names, whose classes are sorted; of names that are all whole numbers, as [`Labels::of_numbers`].
    ///
    /// # Errors
    /// As [`Labels::of_numbers`].
    pub fn of_names(names: &[String]) -> Result<Self> {
        Labels::of_raw(Raw::of(names.to_vec()))
    }

    fn of_raw(raw: Raw) -> Result<Self> {
        let names = match raw {
            Raw::Numbers(numbers) => return Labels::of_numbers(&numbers),
            Raw::Names(names) => names,
        };
        let classes: Vec<String> = names.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        checked(classes.len())?;
        let of = names.iter().map(|name| classes.binary_search(name).map_or(0, |c| c as u32)).collect();
        Ok(Labels { of, classes })
    }

    /// Those for so many keys.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] for a file that cannot be read, [`ErrorKind::Format`] for one that holds no labels, [`ErrorKind::Value`] where they are
    /// not one for each key, and as [`Labels::of_numbers`].
    pub fn load(spec: &OsStr, keys: usize) -> Result<Self> {
        let shown = spec.to_string_lossy();
        let labels = read(spec, &shown).and_then(Labels::of_raw).map_err(|e| e.at(&shown))?;
        if labels.of.len() != keys {
            let what = format!("{shown}: there are {} labels, but {keys} keys", labels.of.len());
            return Err(
                Error::new(ErrorKind::Value, what).hint("give a label for each row of the keys, in their order")
            );
        }
        Ok(labels)
    }
}

fn checked(classes: usize) -> Result<()> {
    let bad = |what: String, hint: &str| Err(Error::new(ErrorKind::Value, what).hint(hint));
    match classes {
        0 => bad("there are no labels".into(), "give a label for each key"),
        1 => bad(
            "all labels are the same: there is one class only".into(),
            "a memory of classes tells at least two apart",
        ),
        2..=MAX_OUTPUTS => Ok(()),
        _ => bad(
            format!("there are {classes} classes, but a memory has at most {MAX_OUTPUTS}"),
            "names that are all different are no classes: is the right column given?",
        ),
    }
}

/// The classes that are expected of so many cues, by the numbers or the names of a memory's classes. Not every class need be among them.
///
/// # Errors
/// As [`Labels::load`]; [`ErrorKind::Value`] for a class that the memory does not have.
pub fn expected(spec: &OsStr, cues: usize, classes: &[String]) -> Result<Vec<u32>> {
    let shown = spec.to_string_lossy();
    let bad = |what: String| Error::new(ErrorKind::Value, format!("{shown}: {what}"));
    let numbered = |i: usize, n: i64| {
        let class = u32::try_from(n).ok().filter(|&class| (class as usize) < classes.len());
        class.ok_or_else(|| bad(format!("label {i} is {n}, but the memory has classes 0 to {}", classes.len() - 1)))
    };
    let named = |i: usize, name: &String| {
        let class = classes.iter().position(|class| class == name).map(|class| class as u32);
        class.ok_or_else(|| bad(format!("label {i} is {name:?}, which is no class of the memory")))
    };
    let labels: Vec<u32> = match read(spec, &shown).map_err(|e| e.at(&shown))? {
        Raw::Numbers(all) => all.into_iter().enumerate().map(|(i, n)| numbered(i, n)).collect::<Result<_>>()?,
        Raw::Names(all) => all.iter().enumerate().map(|(i, name)| named(i, name)).collect::<Result<_>>()?,
    };
    if labels.len() != cues {
        return Err(bad(format!("there are {} labels, but {cues} cues", labels.len())));
    }
    Ok(labels)
}

/// Labels as they are written.
enum Raw {
    Numbers(Vec<i64>),
    Names(Vec<String>),
}

impl Raw {
    /// Names that are all whole numbers are numbers.
    fn of(names: Vec<String>) -> Raw {
        let numbers: Option<Vec<i64>> = names.iter().map(|name| name.trim().parse().ok()).collect();
        numbers.map_or(Raw::Names(names), Raw::Numbers)
    }
}

fn read(spec: &OsStr, shown: &str) -> Result<Raw> {
    if let Some(built_in) = spec.to_str().and_then(builtin::parse) {
        let what = format!("the built-in set {shown} has no labels");
        let names = built_in?.labels.ok_or_else(|| Error::new(ErrorKind::Value, what).hint("digits has"))?;
        return Ok(Raw::of(names));
    }
    let path = Path::new(spec);
    let bytes = npz::read_up_to(path, npz::MAX_BYTES)?;
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "npy" => of_array(&Npy::parse(bytes)?),
        "npz" => of_array(&npz::Npz::parse(path, bytes)?.first_of(&["labels", "y", "arr_0"])?.1),
        "csv" | "txt" => of_text(&bytes),
        _ => Err(Error::new(ErrorKind::Format, "not a kind of file that holds labels")
            .hint("use .npy, .npz, .csv or .txt: a label for each key")),
    }
}

fn of_array(array: &Npy) -> Result<Raw> {
    let bad = |what: String| Error::new(ErrorKind::Format, what);
    if array.kind() == Kind::Text {
        return Err(bad("labels in an array must be numbers".into())
            .hint("give names in a .txt, one a line: numpy.savetxt(\"labels.txt\", names, fmt=\"%s\")"));
    }
    if !matches!(array.shape(), [_] | [_, 1]) {
        return Err(bad(format!("holds {} of shape {:?}, but labels are a list", array.type_name(), array.shape()))
            .hint("one number for each key: of one-hot rows, a.argmax(axis=1)"));
    }
    let numbers: std::result::Result<Vec<i64>, usize> = (0..array.len()).map(|i| array.int(i).ok_or(i)).collect();
    let numbers = numbers.map_err(|i| {
        Error::new(ErrorKind::Value, format!("label {i} is {}, which is no whole number", array.float(i)))
    })?;
    Ok(Raw::Numbers(numbers))
}

fn of_text(bytes: &[u8]) -> Result<Raw> {
    let text = std::str::from_utf8(bytes).map_err(|e| Error::new(ErrorKind::Format, "not UTF-8 text").because(e))?;
    let lines = text.trim_start_matches('\u{feff}').lines();
    let lines = lines.map(|line| line.split('#').next().unwrap_or_default().trim());
    Ok(Raw::of(lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::npy;

    fn load(name: &str, bytes: &[u8], keys: usize) -> Result<Labels> {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        Labels::load(path.as_os_str(), keys)
    }

    #[test]
    fn numbers_and_names() {
        let of = |l: Labels| (l.of, l.classes.join(" "));
        let numbers = (vec![1, 0, 2], "0 1 2".to_owned());
        assert_eq!(of(load("y.npy", &npy::encode(&[3], [1i64, 0, 2]), 3).unwrap()), numbers);
        assert_eq!(of(load("y.npy", &npy::encode(&[3, 1], [1.0f64, 0.0, 2.0]), 3).unwrap()), numbers);
        assert_eq!(of(load("y.txt", b"# classes\n1\n0\r\n\n2 # two\n", 3).unwrap()), numbers);
        assert_eq!(of(load("y.csv", "\u{e4}\nb\n\u{e4}\n".as_bytes(), 3).unwrap()), (vec![1, 0, 1], "b \u{e4}".into()));
        assert_eq!(Labels::load(OsStr::new("digits"), 192).unwrap().classes.len(), 10);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let array = |numbers: &[i64]| npy::encode(&[numbers.len()], numbers.iter().copied());
        let cases: [(&str, Vec<u8>, &str); 10] = [
            ("y.npy", array(&[0, 1]), "there are 2 labels, but 3 keys"),
            ("y.npy", array(&[0, 0, 0]), "one class only"),
            ("y.npy", array(&[0, 2, 0]), "class 1 of 3 has no key"),
            ("y.npy", array(&[0, -1, 1]), "label 1 is -1"),
            ("y.npy", array(&[0, 1024, 1]), "label 1 is 1024"),
            ("y.npy", npy::encode(&[3, 2], [0i64; 6]), "labels are a list"),
            ("y.npy", npy::encode(&[3], [0.5f64, 0.0, 1.0]), "label 0 is 0.5"),
            ("y.txt", b"".to_vec(), "no labels"),
            ("y.txt", b"\xff\xfe".to_vec(), "not UTF-8"),
            ("y.pdf", b"1".to_vec(), "not a kind of file"),
        ];
        for (name, bytes, what) in cases {
            let e = load(name, &bytes, 3).unwrap_err();
            assert!(e.to_string().contains(what), "{e}");
        }
        let classes = ["ant".to_owned(), "bee".to_owned()];
        let of = |bytes: &[u8], name: &str| {
            let place = tempfile::tempdir().unwrap();
            let path = place.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            expected(path.as_os_str(), 2, &classes)
        };
        assert_eq!(of(b"bee\nbee\n", "y.txt").unwrap(), [1, 1]);
        assert_eq!(of(b"1\n0\n", "y.txt").unwrap(), [1, 0]);
        for (text, what) in [("cat\nant\n", "\"cat\""), ("2\n0\n", "classes 0 to 1"), ("1\n", "1 labels, but 2 cues")] {
            assert!(of(text.as_bytes(), "y.txt").unwrap_err().to_string().contains(what));
        }
        let names: Vec<String> = (0..1025).map(|i| format!("n{i}")).collect();
        assert!(Labels::of_names(&names).unwrap_err().to_string().contains("1025 classes"));
    }
}
