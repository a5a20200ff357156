//! Statements of a block: loops unrolled, names resolved, comments mended.

use super::expression::{Expression, Name, Scope};
use rust_hdl::core::ast::{
    VerilogBlock, VerilogBlockOrConditional, VerilogConditional, VerilogExpression, VerilogStatement,
};
use std::collections::{HashMap, HashSet};

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// What its author says of those that follow.
    Comment(String),
    /// A signal gets a value.
    Assign(String, Expression),
    /// Some are done if a condition holds, and others if not.
    If(Expression, Vec<Statement>, Vec<Statement>),
    /// Those of the case that a value is; of none, if it is another one.
    Case(Expression, Vec<(Option<u128>, Vec<Statement>)>),
}

type Result<T> = std::result::Result<T, String>;

/// The statements of a block whose signals are `names`.
pub fn lower(code: &VerilogBlock, names: &HashMap<String, Name>) -> Result<Vec<Statement>> {
    let mut out = Vec::new();
    Lowering { scope: Scope { names, loops: Vec::new() } }.block(code, &mut out)?;
    Ok(out)
}

struct Lowering<'a> {
    scope: Scope<'a>,
}

impl Lowering<'_> {
    fn block(&mut self, code: &VerilogBlock, out: &mut Vec<Statement>) -> Result<()> {
        code.iter().try_for_each(|statement| self.statement(statement, out))
    }

    fn inner(&mut self, code: &VerilogBlock) -> Result<Vec<Statement>> {
        let mut out = Vec::new();
        self.block(code, &mut out)?;
        Ok(out)
    }

    fn statement(&mut self, statement: &VerilogStatement, out: &mut Vec<Statement>) -> Result<()> {
        match statement {
            VerilogStatement::Comment(text) => out.push(Statement::Comment(mended(text))),
            VerilogStatement::Assignment(VerilogExpression::Signal(target), value) => {
                let target = self.scope.resolve(target)?;
                if !self.scope.names.contains_key(&target) {
                    return Err(format!("{target} is no signal of this block"));
                }
                out.push(Statement::Assign(target, self.scope.expression(value)?));
            }
            VerilogStatement::If(condition) => out.push(self.condition(condition)?),
            VerilogStatement::Match(choice) => {
                let of = self.scope.expression(&choice.test)?;
                let mut cases = Vec::new();
                for case in &choice.cases {
                    let value = match case.condition.as_str() {
                        "default" => None,
                        number => Some(number.parse().map_err(|_| format!("the case {number} is no number"))?),
                    };
                    cases.push((value, self.inner(&case.block)?));
                }
                out.push(Statement::Case(of, cases));
            }
            VerilogStatement::Loop(repeated) => {
                for value in repeated.from.as_usize()..repeated.to.as_usize() {
                    self.scope.loops.push((repeated.index.clone(), value));
                    self.block(&repeated.block, out)?;
                    self.scope.loops.pop();
                }
            }
            VerilogStatement::Macro(several) => self.block(several, out)?,
            VerilogStatement::Assignment(..) | VerilogStatement::SliceAssignment { .. } | VerilogStatement::Link(_) => {
                return Err(format!("{statement:?} is not written in Verilog here"));
            }
        }
        Ok(())
    }

    fn condition(&mut self, condition: &VerilogConditional) -> Result<Statement> {
        let test = self.scope.expression(&condition.test)?;
        let then = self.inner(&condition.then)?;
        let otherwise = match &condition.otherwise {
            VerilogBlockOrConditional::Block(block) => self.inner(block)?,
            VerilogBlockOrConditional::Conditional(other) => {
                let mut out = Vec::new();
                self.statement(other, &mut out)?;
                out
            }
            VerilogBlockOrConditional::None => Vec::new(),
        };
        Ok(Statement::If(test, then, otherwise))
    }
}

/// rust-hdl 0.46 cuts its `comment!("..")` by a fixed spelling that current compilers print otherwise: the macro's name and a quote
/// stay, sometimes on two lines.
fn mended(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix("comment!").or_else(|| text.strip_prefix("comment !")).unwrap_or(text);
    let text = text.trim_start().trim_start_matches(['(', '"']).trim_end_matches([')', '"']);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Calls `each` with every assignment, also those that are done on a condition.
pub fn assignments<'a>(statements: &'a [Statement], each: &mut dyn FnMut(&'a str, &'a Expression)) {
    for statement in statements {
        match statement {
            Statement::Comment(_) => {}
            Statement::Assign(target, value) => each(target, value),
            Statement::If(_, then, otherwise) => {
                assignments(then, each);
                assignments(otherwise, each);
            }
            Statement::Case(_, cases) => cases.iter().for_each(|(_, inner)| assignments(inner, each)),
        }
    }
}

/// Whether an assignment says that a register keeps what it holds.
pub fn holds(target: &str, value: &Expression) -> bool {
    let held = target.strip_suffix("$d").map(|register| format!("{register}$q"));
    matches!(value, Expression::Name(name, _) if Some(name) == held.as_ref())
}

/// What every signal is for: the comment over the first statement that gives it another value than a register has anyway. One that
/// stands in a block ends with it.
pub fn purposes<'a>(statements: &'a [Statement], around: &'a str, found: &mut HashMap<&'a str, &'a str>) {
    let mut what = around;
    for statement in statements {
        match statement {
            Statement::Comment(text) => what = text,
            Statement::Assign(target, value) => {
                if !holds(target, value) {
                    found.entry(target).or_insert(what);
                }
            }
            Statement::If(_, then, otherwise) => {
                purposes(then, what, found);
                purposes(otherwise, what, found);
            }
            Statement::Case(_, cases) => cases.iter().for_each(|(_, inner)| purposes(inner, what, found)),
        }
    }
}

/// Every name that is read.
pub fn reads<'a>(statements: &'a [Statement], found: &mut Vec<&'a str>) {
    expressions(statements, &mut |expression| expression.names(found));
}

/// The names that are read as the number of a bit, and as nothing else.
pub fn only_indices<'a>(statements: &'a [Statement], found: &mut HashSet<&'a str>) {
    let (mut all, mut indices): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    reads(statements, &mut all);
    expressions(statements, &mut |expression| expression.indices(&mut indices));
    let count = |list: &[&str], name: &str| list.iter().filter(|n| **n == name).count();
    found.extend(indices.iter().filter(|name| count(&all, name) == count(&indices, name)));
}

/// Calls `each` with every expression.
fn expressions<'a>(statements: &'a [Statement], each: &mut dyn FnMut(&'a Expression)) {
    for statement in statements {
        match statement {
            Statement::Comment(_) => {}
            Statement::Assign(_, value) => each(value),
            Statement::If(test, then, otherwise) => {
                each(test);
                expressions(then, each);
                expressions(otherwise, each);
            }
            Statement::Case(of, cases) => {
                each(of);
                cases.iter().for_each(|(_, inner)| expressions(inner, each));
            }
        }
    }
}

/// Gives other names to signals.
pub fn rename(statements: &mut [Statement], new: &HashMap<String, String>) {
    for statement in statements {
        match statement {
            Statement::Comment(_) => {}
            Statement::Assign(target, value) => {
                if let Some(other) = new.get(target) {
                    *target = other.clone();
                }
                value.rename(new);
            }
            Statement::If(test, then, otherwise) => {
                test.rename(new);
                rename(then, new);
                rename(otherwise, new);
            }
            Statement::Case(of, cases) => {
                of.rename(new);
                cases.iter_mut().for_each(|(_, inner)| rename(inner, new));
            }
        }
    }
}

/// The lines of statements, indented by `depth` steps.
pub fn print(statements: &[Statement], width_of: &dyn Fn(&str) -> usize, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    for statement in statements {
        match statement {
            Statement::Comment(text) => *out += &format!("{indent}// {text}\n"),
            Statement::Assign(target, value) => {
                *out += &format!("{indent}{target} = {};\n", bare(value).text(width_of(target)));
            }
            Statement::If(test, then, otherwise) => {
                *out += &format!("{indent}if ({}) begin\n", bare(test).text(1));
                print(then, width_of, depth + 1, out);
                if !otherwise.is_empty() {
                    *out += &format!("{indent}end else begin\n");
                    print(otherwise, width_of, depth + 1, out);
                }
                *out += &format!("{indent}end\n");
            }
            Statement::Case(of, cases) => {
                let width = of.width().unwrap_or(32);
                *out += &format!("{indent}case ({})\n", bare(of).text(width));
                for (value, inner) in cases {
                    let value = value.map_or("default".to_owned(), |v| super::expression::sized(width, v));
                    *out += &format!("{indent}    {value}: begin\n");
                    print(inner, width_of, depth + 2, out);
                    *out += &format!("{indent}    end\n");
                }
                *out += &format!("{indent}endcase\n");
            }
        }
    }
}

/// Without the parentheses around all of it.
fn bare(expression: &Expression) -> &Expression {
    match expression {
        Expression::Parentheses(inside) => bare(inside),
        other => other,
    }
}

/// Takes what says that a register holds, where it is given a value without condition later on.
pub fn take_idle_defaults(statements: &mut Vec<Statement>) {
    let mut left: HashMap<String, usize> = HashMap::new();
    for statement in statements.iter() {
        if let Statement::Assign(target, _) = statement {
            *left.entry(target.clone()).or_default() += 1;
        }
    }
    take(statements, &mut |statement| {
        let Statement::Assign(target, value) = statement else { return false };
        let later = left.get_mut(target).is_some_and(|n| {
            *n -= 1;
            *n > 0
        });
        later && holds(target, value)
    });
}

/// Takes top-level statements that `wanted` says yes to, and the comments that stand over nothing then.
pub fn take(statements: &mut Vec<Statement>, wanted: &mut dyn FnMut(&Statement) -> bool) {
    let mut kept: Vec<Statement> = Vec::new();
    for statement in statements.drain(..) {
        if wanted(&statement) {
            continue;
        }
        kept.push(statement);
    }
    // a comment at the end, or right before another one
    for at in (0..kept.len()).rev() {
        let comment = |s: Option<&Statement>| matches!(s, None | Some(Statement::Comment(_)));
        if matches!(kept[at], Statement::Comment(_)) && comment(kept.get(at + 1)) {
            kept.remove(at);
        }
    }
    *statements = kept;
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn comments_are_mended() {
        assert_eq!(mended("comment! (\"one"), "one");
        assert_eq!(mended("comment!\n   (\"two words"), "two words");
        assert_eq!(mended("block: core"), "block: core");
    }
}
