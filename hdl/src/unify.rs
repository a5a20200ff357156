//! Makes rust-hdl's output readable: one module per kind of block, not one per instance.
//!
//! rust-hdl emits a module for every instance, named by its path, so a design of 128 neurons has 128 equal
//! registers and 8 equal lanes. Modules with the same text are merged, from the leaves up, and named after their
//! `// block:` comment; registers become `reg_<width>`.

use std::collections::{BTreeMap, HashMap};

/// Merges equal modules and renames what is left; the module `root` becomes `name`, all others `name_kind`.
pub fn unify(source: &str, root: &str, name: &str) -> String {
    let source = mend_comments(source);
    let modules = split(&source);
    let known: HashMap<&str, usize> = modules.iter().enumerate().map(|(i, m)| (m.name, i)).collect();
    // children have longer paths than their parents: longest first is leaves first
    let mut order: Vec<usize> = (0..modules.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(modules[i].name.matches('$').count()), i));

    let mut final_name: HashMap<&str, String> = HashMap::new();
    let mut by_text: HashMap<String, String> = HashMap::new();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut output: Vec<(String, String)> = Vec::new();
    for i in order {
        let module = &modules[i];
        let body = rename_instances(module.body, &known, &final_name);
        let unique = match by_text.get(&body) {
            Some(existing) => existing.clone(),
            None => {
                let wanted = if module.name == root {
                    name.to_owned()
                } else {
                    format!("{name}_{}", kind(&body).unwrap_or_else(|| module.name.replace('$', "_")))
                };
                let count = taken.entry(wanted.clone()).or_insert(0);
                *count += 1;
                let unique = if *count == 1 { wanted } else { format!("{wanted}_{count}") };
                by_text.insert(body.clone(), unique.clone());
                output.push((unique.clone(), body));
                unique
            }
        };
        final_name.insert(module.name, unique);
    }
    // the reader starts at the top
    output.reverse();
    output.iter().map(|(name, body)| format!("module {name}{body}endmodule // {name}\n\n")).collect()
}

/// rust-hdl 0.46 cuts its `comment!("..")` by a fixed spelling that current compilers print otherwise, and
/// leaves the macro's name and a quote in the Verilog, sometimes across two lines.
fn mend_comments(source: &str) -> String {
    let mut parts = source.split("// comment!");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let text = part.trim_start().trim_start_matches(['(', '"']);
        out.push_str("// ");
        out.push_str(text);
    }
    out
}

struct Module<'a> {
    name: &'a str,
    /// From the port list up to `endmodule`, which is left out.
    body: &'a str,
}

fn split(source: &str) -> Vec<Module<'_>> {
    let mut modules = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find("module ") {
        rest = &rest[at + "module ".len()..];
        let Some(open) = rest.find('(') else { break };
        let name = rest[..open].trim();
        let Some(end) = rest.find("endmodule") else { break };
        modules.push(Module { name, body: &rest[open..end] });
        rest = &rest[end + "endmodule".len()..];
        rest = rest.find('\n').map_or("", |newline| &rest[newline..]);
    }
    modules
}

/// Replaces the module names of instances, which stand first on a line that ends with `(`.
fn rename_instances(body: &str, known: &HashMap<&str, usize>, names: &HashMap<&str, String>) -> String {
    let mut out = String::with_capacity(body.len());
    for line in body.lines() {
        let text = line.trim_end();
        let mut words = text.split_whitespace();
        match words.next() {
            Some(first) if text.ends_with('(') && known.contains_key(first) => {
                let indent = &text[..text.len() - text.trim_start().len()];
                let instance = words.next().unwrap_or("(");
                out.push_str(&format!("{indent}{} {instance}\n", names[first]));
            }
            _ => {
                out.push_str(text);
                out.push('\n');
            }
        }
    }
    out
}

/// What a module calls itself, or the register that it is.
fn kind(body: &str) -> Option<String> {
    if let Some(at) = body.find("// block: ") {
        let rest = &body[at + "// block: ".len()..];
        return rest.split_whitespace().next().map(str::to_owned);
    }
    if body.contains("q <= d;") {
        let width = body.lines().find(|l| l.contains("input wire") && l.trim_end().ends_with(" d;"))?;
        let bits = match width.find('[') {
            Some(open) => width[open + 1..].split(':').next()?.parse::<usize>().ok()? + 1,
            None => 1,
        };
        return Some(format!("reg_{bits}"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "
module top(a);
   input wire a;
   top$x x(
      .d(a)
   );
   top$y y(
      .d(a)
   );
endmodule // top
module top$x(d);
   // block: leaf
   input wire d;
endmodule // top$x
module top$y(d);
   // block: leaf
   input wire d;
endmodule // top$y
";

    #[test]
    fn equal_modules_become_one() {
        let text = unify(TWO, "top", "mem");
        assert_eq!(text.matches("\nmodule ").count() + 1, 2, "{text}");
        assert!(text.starts_with("module mem(a);"), "{text}");
        assert!(text.contains("mem_leaf x(") && text.contains("mem_leaf y("), "{text}");
    }

    #[test]
    fn comments_are_mended() {
        let broken = "a;\n// comment! (\"one\nb;\n// comment!\n   (\"two words\nc;\n";
        assert_eq!(mend_comments(broken), "a;\n// one\nb;\n// two words\nc;\n");
    }

    #[test]
    fn different_modules_stay_apart() {
        let text = unify(&TWO.replacen("input wire d;", "input wire [1:0] d;", 1), "top", "mem");
        assert_eq!(text.matches("module mem_leaf").count(), 2, "{text}");
        assert!(text.contains("mem_leaf_2 "), "{text}");
    }
}
