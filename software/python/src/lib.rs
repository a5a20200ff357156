//! The compiled part of the Python package `hopgate`: arrays in, arrays out, and what the library reports as JSON. All that a user sees is in
//! Python, beside this: names, checks of types, pictures.

mod arrays;
mod cues;
mod data;
mod error;
mod hardware;
mod job;
mod memory;
mod model;
mod recall;

/// The module.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use super::{
        cues::{boards, cues, gamma_of_noise},
        data::Data,
        memory::Memory,
        model::{Model, train_keyed, train_patterns},
    };
}
