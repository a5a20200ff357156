//! Errors of the library as exceptions of the package.

use hopgate::{Error, ErrorKind, Result};
use pyo3::{exceptions::PyKeyboardInterrupt, prelude::*};

/// `hopgate.Error` with message, hint and kind; what was interrupted is `KeyboardInterrupt`.
pub fn raised(error: Error) -> PyErr {
    if error.kind() == ErrorKind::Interrupted {
        return PyKeyboardInterrupt::new_err(());
    }
    let made = Python::attach(|py| {
        let class = py.import("hopgate.errors")?.getattr("Error")?;
        class
            .call1((error.to_string(), error.help_text(), error.kind().name()))
            .map(|instance| PyErr::from_value(instance))
    });
    made.unwrap_or_else(|failed| failed)
}

/// A result of the library as one of Python.
pub trait OrRaise<T> {
    /// The value, or the exception.
    fn or_raise(self) -> PyResult<T>;
}

impl<T> OrRaise<T> for Result<T> {
    fn or_raise(self) -> PyResult<T> {
        self.map_err(raised)
    }
}
