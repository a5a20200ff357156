//! Assignments that a later one always overwrites: a mutant of such a statement is the design itself.

use super::line::words;
use std::collections::{BTreeMap, BTreeSet};

/// The lines of assignments in combinational blocks that are overwritten before anything reads them: a later assignment of the same
/// block, to the same whole variable and under no condition, comes before any mention of it.
///
/// What is between cannot be seen from elsewhere: no other block runs before this one has ended.
pub(super) fn lines(verilog: &str) -> BTreeSet<usize> {
    let mut dead = BTreeSet::new();
    let mut depth = 0;
    // of each variable the assignments that nothing has read so far
    let mut unread: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, line) in verilog.lines().enumerate() {
        let line = line.trim();
        if depth == 0 {
            if line == "always @(*) begin" {
                depth = 1;
                unread.clear();
            }
            continue;
        }
        let code = line.split("//").next().unwrap_or("").trim();
        let (target, read) = match code.split_once(" = ") {
            Some((target, read)) if !code.starts_with("if ") => (Some(target), read),
            _ => (None, code),
        };
        for (_, word) in words(read) {
            unread.remove(word);
        }
        match target {
            // a part of a variable is an assignment that leaves the rest
            Some(target) if words(target).len() > 1 => {
                words(target).into_iter().for_each(|(_, word)| drop(unread.remove(word)));
            }
            Some(target) => {
                let before = unread.entry(target).or_default();
                if depth == 1 {
                    dead.extend(before.drain(..));
                }
                before.push(at);
            }
            None => {
                depth += usize::from(code.ends_with("begin"));
                depth -= usize::from(code == "end" || code.starts_with("end "));
            }
        }
    }
    dead
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_overwritten() {
        let text = "always @(*) begin
            a = 1'b0;
            b = 1'b0;
            if (c) begin
                a = d; // a
            end else begin
                b = a;
            end
            a = e;
            b = f;
            g = 1'b0;
            g = g | h;
            i[0] = 1'b0;
            i = 2'b0;
            j = 1'b0;
            if (k) begin
                j = 1'b1;
            end
        end
        always @(posedge clock) begin
            l = 1'b0;
            l = 1'b1;
        end";
        // `b = a` reads one of the first two of `a`, so both stay
        assert_eq!(super::lines(text).into_iter().collect::<Vec<_>>(), [2, 6]);
    }
}
