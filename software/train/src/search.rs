//! Searches: for the gamma that recalls noisy cues best, and for the best memory that fits.

mod gamma;
mod memory;

pub use gamma::{CANDIDATES, GammaOptions, GammaSearch, Tried, gamma_from_noise, search_gamma};
pub use memory::{Candidate, Found, GAMMAS, SearchOptions, search_memory, within_storage};
