//! Expressions with their widths: rust-hdl's syntax tree, in which every name is one of the block's signals.
//!
//! rust-hdl writes literals with 32 bits or more, casts by masks and nests without parentheses. Here every operand has the
//! width that it is used with, a cast is a slice or a concatenation, and precedence is said where Verilog's differs from Rust's: linters
//! have nothing to ask.

use super::collect::literal;
use evalexpr::ContextWithMutableVariables as _;
use rust_hdl::core::ast::{VerilogExpression, VerilogOp, VerilogOpUnary};
use std::collections::HashMap;

/// A name that an expression may use.
#[derive(Debug, Clone, Copy)]
pub struct Name {
    /// Its bits.
    pub width: usize,
    /// Its value, if it is a constant.
    pub value: Option<u128>,
}

/// What names mean where an expression stands: signals and constants of the block, and the loops around it.
pub struct Scope<'a> {
    /// Signals and constants.
    pub names: &'a HashMap<String, Name>,
    /// Loop variables, the innermost last.
    pub loops: Vec<(String, usize)>,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A signal or constant and its width.
    Name(String, usize),
    /// A number, as wide as what it meets.
    Number(u128),
    /// A number of so many bits.
    Literal(usize, u128),
    /// Bits of a signal: the highest, the lowest.
    Slice(String, usize, usize),
    /// One bit of a signal.
    Bit(String, Box<Expression>),
    /// So many zeros above it.
    Padded(usize, Box<Expression>),
    /// An operator before it.
    Unary(&'static str, Box<Expression>),
    /// An operator between two.
    Binary(Box<Expression>, &'static str, Box<Expression>),
    /// Parentheses that its author wrote.
    Parentheses(Box<Expression>),
}

type Result<T> = std::result::Result<T, String>;

impl Scope<'_> {
    /// The signal that a name of rust-hdl's stands for: `lane[l+1]$word` is `lane$3$word`.
    pub fn resolve(&self, name: &str) -> Result<String> {
        let name = name.strip_suffix("$next").unwrap_or(name).trim_start_matches('.');
        let mut out = String::with_capacity(name.len());
        let mut rest = name;
        while let Some((before, inside)) = rest.split_once('[') {
            let (index, after) = inside.split_once(']').ok_or_else(|| format!("{name} has no ]"))?;
            out += &format!("{before}${}", self.index(index)?);
            rest = after;
        }
        Ok(out + rest)
    }

    fn index(&self, text: &str) -> Result<usize> {
        let text = text.trim();
        if let Some((_, value)) = self.loops.iter().rev().find(|(name, _)| name == text) {
            return Ok(*value);
        }
        if let Ok(number) = text.parse() {
            return Ok(number);
        }
        let mut context = evalexpr::HashMapContext::new();
        for (name, value) in &self.loops {
            context.set_value(name.clone(), (*value as i64).into()).map_err(|e| e.to_string())?;
        }
        let value = evalexpr::eval_int_with_context(text, &context).map_err(|e| format!("the index {text}: {e}"))?;
        usize::try_from(value).map_err(|_| format!("the index {text} is {value}"))
    }

    /// The expression with the widths of its names.
    pub fn expression(&self, from: &VerilogExpression) -> Result<Expression> {
        Ok(match from {
            VerilogExpression::Signal(name) => {
                if let Some((_, value)) = self.loops.iter().rev().find(|(variable, _)| variable == name) {
                    return Ok(Expression::Number(*value as u128));
                }
                let name = self.resolve(name)?;
                let width = self.names.get(&name).ok_or_else(|| format!("{name} is no signal of this block"))?.width;
                Expression::Name(name, width)
            }
            VerilogExpression::Literal(value) => match literal(value) {
                (1, value) => Expression::Literal(1, value),
                // the width of a Rust number says nothing
                (_, value) => Expression::Number(value),
            },
            VerilogExpression::Paren(inside) => Expression::Parentheses(Box::new(self.expression(inside)?)),
            VerilogExpression::Cast(inside, width) => self.cast(self.expression(inside)?, *width)?,
            VerilogExpression::Slice(of, width, offset) => {
                let low = self.known(&self.expression(offset)?)?;
                self.bits(self.expression(of)?, low, *width)?
            }
            VerilogExpression::Index(of, index) => {
                let name = name_of(self.expression(of)?)?;
                match self.expression(index)? {
                    // a signal of one bit has no bits
                    Expression::Number(0) if self.names[&name].width == 1 => Expression::Name(name, 1),
                    index => Expression::Bit(name, Box::new(index)),
                }
            }
            VerilogExpression::Unary(operator, inside) => {
                let operator = match operator {
                    VerilogOpUnary::Not => "~",
                    VerilogOpUnary::Neg => "-",
                    VerilogOpUnary::All => "&",
                    VerilogOpUnary::Any => "|",
                    VerilogOpUnary::Xor => "^",
                };
                Expression::Unary(operator, Box::new(self.expression(inside)?))
            }
            VerilogExpression::Binary(left, operator, right) => {
                let operator = match operator {
                    VerilogOp::Add => "+",
                    VerilogOp::Sub => "-",
                    VerilogOp::Mul => "*",
                    VerilogOp::LogicalAnd => "&&",
                    VerilogOp::LogicalOr => "||",
                    VerilogOp::BitXor => "^",
                    VerilogOp::BitAnd => "&",
                    VerilogOp::BitOr => "|",
                    VerilogOp::Shl => "<<",
                    VerilogOp::Shr => ">>",
                    VerilogOp::Eq => "==",
                    VerilogOp::Lt => "<",
                    VerilogOp::Le => "<=",
                    VerilogOp::Ne => "!=",
                    VerilogOp::Ge => ">=",
                    VerilogOp::Gt => ">",
                };
                Expression::Binary(Box::new(self.expression(left)?), operator, Box::new(self.expression(right)?))
            }
            VerilogExpression::Signed(_) | VerilogExpression::Unsigned(_) | VerilogExpression::IndexReplace(..) => {
                return Err(format!("{from:?} is not written in Verilog here"));
            }
        })
    }

    /// The lowest `width` bits, or zeros above it.
    fn cast(&self, inside: Expression, width: usize) -> Result<Expression> {
        match inside {
            Expression::Parentheses(inside) => self.cast(*inside, width),
            Expression::Number(value) => Ok(Expression::Literal(width, value)),
            Expression::Binary(of, ">>", by) if self.known(&by).is_ok() => {
                let low = self.known(&by)?;
                self.bits(*of, low, width)
            }
            inside => match inside.width() {
                Some(has) if has == width => Ok(inside),
                Some(has) if has < width => Ok(Expression::Padded(width - has, Box::new(inside))),
                _ => self.lowest(inside, width),
            },
        }
    }

    /// The lowest `width` bits of something wider. Those of a sum, say, are the sum of those of its operands.
    fn lowest(&self, inside: Expression, width: usize) -> Result<Expression> {
        match inside {
            Expression::Binary(left, "<<", by) => Ok(Expression::Binary(Box::new(self.cast(*left, width)?), "<<", by)),
            Expression::Binary(left, operator @ ("+" | "-" | "&" | "|" | "^"), right) => {
                let (left, right) = (self.cast(*left, width)?, self.cast(*right, width)?);
                Ok(Expression::Binary(Box::new(left), operator, Box::new(right)))
            }
            Expression::Unary("~", of) => Ok(Expression::Unary("~", Box::new(self.cast(*of, width)?))),
            other => self.bits(other, 0, width),
        }
    }

    /// `width` bits of a signal from bit `low` on; what is beyond its last one is zero.
    fn bits(&self, of: Expression, low: usize, width: usize) -> Result<Expression> {
        let name = name_of(of)?;
        let has = self.names[&name].width;
        if low >= has {
            return Ok(Expression::Literal(width, 0));
        }
        let taken = width.min(has - low);
        let slice = match (low, taken == has, taken) {
            (0, true, _) => Expression::Name(name, has),
            (_, _, 1) => Expression::Bit(name, Box::new(Expression::Number(low as u128))),
            _ => Expression::Slice(name, low + taken - 1, low),
        };
        Ok(match width - taken {
            0 => slice,
            zeros => Expression::Padded(zeros, Box::new(slice)),
        })
    }

    /// What a constant expression is.
    fn known(&self, expression: &Expression) -> Result<usize> {
        match expression {
            Expression::Number(value) | Expression::Literal(_, value) => Ok(*value as usize),
            Expression::Name(name, _) => {
                self.names[name].value.map(|v| v as usize).ok_or_else(|| format!("{name} is no constant"))
            }
            Expression::Parentheses(inside) | Expression::Padded(_, inside) => self.known(inside),
            _ => Err(format!("{expression:?} is no constant")),
        }
    }
}

fn name_of(expression: Expression) -> Result<String> {
    match expression {
        Expression::Name(name, _) => Ok(name),
        Expression::Parentheses(inside) => name_of(*inside),
        // Verilog takes bits of names only
        other => Err(format!("bits of an expression: {}", other.text(0))),
    }
}

impl Expression {
    /// Whether it is a number, perhaps in parentheses.
    pub fn is_constant(&self) -> bool {
        match self {
            Expression::Parentheses(inside) => inside.is_constant(),
            other => matches!(other, Expression::Number(_) | Expression::Literal(..)),
        }
    }

    /// Bits; none where what it meets decides.
    pub fn width(&self) -> Option<usize> {
        match self {
            Expression::Name(_, width) | Expression::Literal(width, _) => Some(*width),
            Expression::Number(_) => None,
            Expression::Slice(_, high, low) => Some(high - low + 1),
            Expression::Bit(..) => Some(1),
            Expression::Padded(zeros, inside) => inside.width().map(|w| w + zeros),
            Expression::Unary("~" | "-", inside) | Expression::Parentheses(inside) => inside.width(),
            Expression::Unary(..) => Some(1),
            Expression::Binary(left, operator, right) => match rank(operator) {
                Rank::Shift => left.width(),
                Rank::Compare | Rank::Logic => Some(1),
                _ => left.width().or_else(|| right.width()),
            },
        }
    }

    /// Calls `each` with it and all in it.
    fn walk<'a>(&'a self, each: &mut dyn FnMut(&'a Expression)) {
        each(self);
        match self {
            Expression::Name(..) | Expression::Slice(..) | Expression::Number(_) | Expression::Literal(..) => {}
            Expression::Bit(_, inside)
            | Expression::Padded(_, inside)
            | Expression::Unary(_, inside)
            | Expression::Parentheses(inside) => inside.walk(each),
            Expression::Binary(left, _, right) => {
                left.walk(each);
                right.walk(each);
            }
        }
    }

    /// The names in it.
    pub fn names<'a>(&'a self, found: &mut Vec<&'a str>) {
        self.walk(&mut |inside| {
            if let Expression::Name(name, _) | Expression::Slice(name, ..) | Expression::Bit(name, _) = inside {
                found.push(name);
            }
        });
    }

    /// The names in it that are the number of a bit.
    pub fn indices<'a>(&'a self, found: &mut Vec<&'a str>) {
        self.walk(&mut |inside| {
            if let Expression::Bit(_, index) = inside {
                index.names(found);
            }
        });
    }

    /// Gives other names to some.
    pub fn rename(&mut self, new: &HashMap<String, String>) {
        let put = |name: &mut String| {
            if let Some(other) = new.get(name) {
                *name = other.clone();
            }
        };
        match self {
            Expression::Name(name, _) | Expression::Slice(name, ..) => put(name),
            Expression::Bit(name, index) => {
                put(name);
                index.rename(new);
            }
            Expression::Number(_) | Expression::Literal(..) => {}
            Expression::Padded(_, inside) | Expression::Unary(_, inside) | Expression::Parentheses(inside) => {
                inside.rename(new);
            }
            Expression::Binary(left, _, right) => {
                left.rename(new);
                right.rename(new);
            }
        }
    }

    /// Its Verilog where `width` bits are wanted.
    pub fn text(&self, width: usize) -> String {
        match self {
            Expression::Name(name, _) => name.clone(),
            Expression::Number(value) => sized(width, *value),
            Expression::Literal(width, value) => sized(*width, *value),
            Expression::Slice(name, high, low) => format!("{name}[{high}:{low}]"),
            Expression::Bit(name, index) => match **index {
                Expression::Number(value) => format!("{name}[{value}]"),
                _ => format!("{name}[{}]", index.text(32)),
            },
            Expression::Padded(zeros, inside) => {
                let inside = match **inside {
                    Expression::Parentheses(ref inside) => inside,
                    ref inside => inside,
                };
                format!("{{{zeros}'b0, {}}}", inside.text(width.saturating_sub(*zeros)))
            }
            Expression::Unary(operator, inside) => {
                let wide = matches!(*operator, "~" | "-");
                let inner = inside.text(if wide { width } else { inside.width().unwrap_or(width) });
                match **inside {
                    Expression::Binary(..) => format!("{operator}({inner})"),
                    _ => format!("{operator}{inner}"),
                }
            }
            Expression::Binary(left, operator, right) => {
                let rank = rank(operator);
                let both = match rank {
                    Rank::Compare => left.width().or_else(|| right.width()).unwrap_or(32),
                    Rank::Logic => 1,
                    _ => width,
                };
                // what may be grouped at will, and from the left, needs no parentheses; everything else that nests gets them
                let bare = |inner: &str, first: bool| match *operator {
                    "+" | "-" if first => matches!(inner, "+" | "-"),
                    "&" | "|" | "^" => inner == *operator,
                    _ => false,
                };
                let side = |side: &Expression, first: bool| match side {
                    Expression::Binary(_, inner, _) if !bare(inner, first) => format!("({})", side.text(both)),
                    // how far to shift has a width of its own
                    Expression::Number(value) if rank == Rank::Shift && !first => value.to_string(),
                    _ => side.text(both),
                };
                format!("{} {operator} {}", side(left, true), side(right, false))
            }
            Expression::Parentheses(inside) => match **inside {
                Expression::Binary(..) => format!("({})", inside.text(width)),
                _ => inside.text(width),
            },
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Rank {
    Shift,
    Compare,
    Logic,
    Other,
}

fn rank(operator: &str) -> Rank {
    match operator {
        "<<" | ">>" => Rank::Shift,
        "==" | "!=" | "<" | "<=" | ">" | ">=" => Rank::Compare,
        "&&" | "||" => Rank::Logic,
        _ => Rank::Other,
    }
}

/// A literal: small numbers as one counts, bits as bits, the rest in hexadecimal.
pub fn sized(width: usize, value: u128) -> String {
    match width {
        0 => value.to_string(),
        1 => format!("1'b{value}"),
        _ => format!("{width}'h{value:x}"),
    }
}
