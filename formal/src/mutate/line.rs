//! What a line of Verilog can become.

use super::Change;

pub(super) fn condition(body: &str) -> Option<&str> {
    body.strip_prefix("if (")?.strip_suffix(") begin")
}

/// What a constant is declared as: `localparam [3:0] name = value;`.
pub(super) struct Constant<'a> {
    kind: &'a str,
    pub name: &'a str,
    pub value: &'a str,
}

pub(super) fn constant(body: &str) -> Option<Constant<'_>> {
    let (declared, value) = body.strip_suffix(';')?.split_once(" = ")?;
    let (kind, name) = declared.rsplit_once(' ').filter(|(kind, _)| kind.starts_with("localparam"))?;
    Some(Constant { kind, name, value })
}

/// Target, operator and value of an assignment.
fn assignment(body: &str) -> Option<(&str, &str, &str)> {
    let body = body.strip_suffix(';')?;
    let at = body.find(" = ").into_iter().chain(body.find(" <= ")).min()?;
    let (target, rest) = body.split_at(at);
    if target.contains(' ') || target.contains('"') || rest.contains('"') {
        return None;
    }
    let (operator, value) = rest[1..].split_once(' ')?;
    Some((target, operator, value))
}

/// Every change of a line.
pub(super) fn changes(line: &str, block: &str) -> Vec<Change> {
    let body = line.trim();
    let mut out = Vec::new();
    let mut push = |sort, to: String| {
        if to != body {
            out.push(Change { block: block.to_owned(), sort, from: body.to_owned(), to });
        }
    };
    if let Some(Constant { kind, name, value }) = constant(body) {
        // the number of a bit has no width
        let plain = value.parse::<u64>().ok().map(|number| (32, number));
        let Some((width, number)) = plain.or_else(|| literal(value)) else { return out };
        let mask = if width >= 64 { u64::MAX } else { (1 << width) - 1 };
        let with = |v: u64| match plain {
            Some(_) => format!("{kind} {name} = {};", v & mask),
            None => format!("{kind} {name} = {width}'h{:x};", v & mask),
        };
        push("constant up", with(number.wrapping_add(1)));
        if width > 1 {
            push("constant down", with(number.wrapping_sub(1)));
        }
        return out;
    }
    if let Some(c) = condition(body) {
        push("condition always", "if (1'b1) begin".into());
        push("condition never", "if (1'b0) begin".into());
        for (sort, text) in expressions(c) {
            push(sort, format!("if ({text}) begin"));
        }
        return out;
    }
    let Some((target, operator, value)) = assignment(body) else { return out };
    // what a register takes has its mutants where it is made, and what a port is where its variable is
    let taken = target.strip_suffix("$q").is_some_and(|register| value == format!("{register}$d"));
    if taken || value == format!("{target}$v") {
        return out;
    }
    // a default is no statement of its own
    let is_default = target.strip_suffix("$d").is_some_and(|t| value == format!("{t}$q"));
    if !is_default {
        match target.strip_suffix("$d") {
            Some(name) => push("register holds", format!("{target} {operator} {name}$q;")),
            None if operator == "=" && !is_zero(value) && !value.starts_with("1'b") => {
                push("wire is zero", format!("{target} {operator} 0;"));
            }
            None if operator == "<=" => push("not written", format!("{target} <= {target};")),
            None => {}
        }
        for (sort, text) in expressions(value) {
            push(sort, format!("{target} {operator} {text};"));
        }
    }
    out
}

/// Values that are zero already: literals, and the names of constants that are zero in every design.
fn is_zero(value: &str) -> bool {
    literal(value).is_some_and(|(_, number)| number == 0)
        || ["zero", "none", "no", "no_index", "nothing"].contains(&value)
}

/// Width and value of a sized literal.
pub(super) fn literal(text: &str) -> Option<(u32, u64)> {
    let (width, rest) = text.split_once('\'')?;
    let radix = match rest.chars().next()? {
        'h' => 16,
        'b' => 2,
        'd' => 10,
        _ => return None,
    };
    Some((width.parse().ok()?, u64::from_str_radix(&rest[1..], radix).ok()?))
}

/// Every expression with one operator or one number changed.
fn expressions(text: &str) -> Vec<(&'static str, String)> {
    let swaps = [
        (" + ", " - "),
        (" - ", " + "),
        (" & ", " | "),
        (" | ", " & "),
        (" ^ ", " ~^ "),
        (" == ", " != "),
        (" != ", " == "),
        (" < ", " <= "),
        (" <= ", " < "),
        (" >> ", " << "),
        (" << ", " >> "),
    ];
    let mut out = Vec::new();
    for (from, to) in swaps {
        for (at, _) in text.match_indices(from) {
            out.push(("operator", format!("{}{to}{}", &text[..at], &text[at + from.len()..])));
        }
    }
    for (at, _) in text.match_indices('~') {
        out.push(("not", format!("{}{}", &text[..at], &text[at + 1..])));
    }
    // sized literals, and plain indices in brackets
    for (at, word) in words(text) {
        let put = |new: String| format!("{}{new}{}", &text[..at], &text[at + word.len()..]);
        if let Some((width, number)) = literal(word) {
            out.push(("literal", put(format!("{width}'h{:x}", number ^ 1))));
            let slice = text[at + word.len()..].starts_with(")+:");
            if slice {
                out.push(("bit order", put(format!("{width}'h{:x}", number ^ 4))));
            }
        } else if let (true, Ok(number)) = (text[..at].ends_with('['), word.parse::<u64>()) {
            // of a slice the highest bit goes: one more would be cut off
            let slice = text[at + word.len()..].starts_with(':');
            match (slice, number) {
                (true, 0) => {}
                (true, _) => out.push(("slice", put((number - 1).to_string()))),
                (false, _) => out.push(("bit order", put((number ^ 1).to_string()))),
            }
        }
    }
    out
}

/// The words of a text and where they begin.
pub(super) fn words(text: &str) -> Vec<(usize, &str)> {
    let part = |c: char| c.is_ascii_alphanumeric() || "_$'".contains(c);
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (part(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorts(line: &str) -> Vec<(&'static str, String)> {
        changes(line, "x").into_iter().map(|c| (c.sort, c.to)).collect()
    }

    #[test]
    fn what_becomes_of_a_line() {
        assert_eq!(
            sorts("        rows_left$d = rows_left$q - one_index;"),
            [
                ("register holds", "rows_left$d = rows_left$q;".to_owned()),
                ("operator", "rows_left$d = rows_left$q + one_index;".to_owned())
            ]
        );
        assert_eq!(
            sorts("    localparam [3:0] sign = 4'h6;"),
            [
                ("constant up", "localparam [3:0] sign = 4'h7;".to_owned()),
                ("constant down", "localparam [3:0] sign = 4'h5;".to_owned())
            ]
        );
        assert_eq!(sorts("localparam integer sign = 6;")[0].1, "localparam integer sign = 7;");
        assert_eq!(sorts("if (~reset) begin").len(), 3);
        assert_eq!(sorts("held <= d[12:0];")[1], ("slice", "held <= d[11:0];".to_owned()));
        assert!(sorts("q = 11'h0;").iter().all(|(sort, _)| *sort == "literal"));
        assert!(sorts("waking$q <= waking$d;").is_empty());
        assert!(sorts("ready = ready$v;").is_empty());
        assert!(sorts("waking$d = waking$q;").is_empty());
    }
}
