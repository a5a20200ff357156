//! `model.npz`: a trained model, before it is quantised.
//!
//! | array | type and shape | |
//! |---|---|---|
//! | `patterns` | int8 `(P, N)` | the stored patterns as +-1 (0 and 1 are read too), all different |
//! | `alpha` | float64 `(P, M)` | the dual weights, all finite; `M` is `N` where the answer is a key |
//! | `gamma`, `lambda` | float64 scalars | the kernel's gamma > 0, the regulariser >= 0 (shape `(1,)` is read too) |
//! | `meta` | text, 0-d | a JSON object: [`ModelMeta`] |
//!
//! `meta` is a 0-d unicode array, so that numpy alone reads it: `json.loads(str(z["meta"]))`. The UTF-8
//! bytes as a 1-d uint8 array are read too, and a file without `meta` gets an empty one.

use crate::{
    atomic, kinds,
    npy::{self, Npy},
    npz::{self, Npz},
    patterns::array,
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, kind::Kind, memory::MAX_NEURONS};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A trained model: `P` patterns of `N` neurons, the keys, and the dual weights of its `M` outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The stored patterns, `(P, N)`.
    pub patterns: BitMatrix,
    /// The dual weights, `(P, M)`: `M` is `N` unless `meta.kind` says otherwise.
    pub alpha: Array2<f64>,
    /// The kernel's gamma, greater than 0: `K(d) = exp(-4*gamma*d)`.
    pub gamma: f64,
    /// The regulariser, at least 0.
    pub lambda: f64,
    /// How it was made.
    pub meta: ModelMeta,
}

/// How a model was made.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelMeta {
    /// What a recall answers.
    #[serde(skip_serializing_if = "is_auto")]
    pub kind: Kind,
    /// The solver, such as `newton`; empty if unknown.
    pub solver: String,
    /// Its iterations.
    pub iterations: u64,
    /// The KKT residual it stopped at, `max |sigma(h) - y + lambda*alpha|`.
    pub residual: f64,
    /// The seed of everything random in it.
    pub seed: u64,
    /// The version of the program.
    pub version: String,
    /// A name for each pattern, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// A name for each class, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    /// Anything else, beside the named fields in the JSON object.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// Models of version 1 say nothing of their kind, and are the same bytes as ever.
fn is_auto(kind: &Kind) -> bool {
    *kind == Kind::Auto
}

impl Model {
    /// What a recall answers.
    pub fn kind(&self) -> Kind {
        self.meta.kind
    }

    /// Outputs, `M`.
    pub fn outputs(&self) -> usize {
        self.alpha.ncols()
    }

    /// Writes `model.npz`: [`to_bytes`](Self::to_bytes).
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if the model is not valid, [`ErrorKind::Io`] if the file cannot be written, [`ErrorKind::Usage`] if its name says that it is of
    /// another kind (see [`mod@kinds`]).
    pub fn save(&self, path: &Path) -> Result<()> {
        kinds::MODEL.of(path)?;
        atomic::write(path, &self.to_bytes()?)
    }

    /// The bytes of its file. The same model gives the same bytes, always and everywhere.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if the model is not valid.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        self.check()?;
        self.all_different()?;
        let shape = [self.patterns.rows(), self.patterns.cols()];
        let signs =
            (0..shape[0]).flat_map(|r| (0..shape[1]).map(move |c| if self.patterns.get(r, c) { 1i8 } else { -1 }));
        let meta = serde_json::to_string(&self.meta)
            .map_err(|e| Error::new(ErrorKind::Value, format!("the model's meta: {e}")).because(e))?;
        npz::encode(&[
            ("patterns", npy::encode(&shape, signs)),
            ("alpha", npy::encode(&[shape[0], self.outputs()], self.alpha.iter().copied())),
            ("gamma", npy::encode(&[], [self.gamma])),
            ("lambda", npy::encode(&[], [self.lambda])),
            ("meta", npy::encode_text(&meta)),
        ])
    }

    /// Reads and checks `model.npz`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if there is no such file, [`ErrorKind::Format`] if it is none of ours,
    /// [`ErrorKind::Value`] if a value is out of range; each says which array and where.
    pub fn load(path: &Path) -> Result<Self> {
        if path.join("manifest.json").exists() {
            let what = format!("{} is a memory, not a model", path.display());
            return Err(Error::new(ErrorKind::Format, what)
                .hint("give the model that it was quantised from, as `train` writes it (.npz)"));
        }
        Self::from_npz(Npz::open(path)?, &path.display().to_string())
    }

    /// [`load`](Self::load) from the bytes of the file.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self> {
        let name = "the model";
        Self::from_npz(Npz::parse(Path::new(name), bytes)?, name)
    }

    fn from_npz(mut file: Npz, of: &str) -> Result<Self> {
        let has = |name: &str| file.names().iter().any(|there| there == name);
        if has("places") && !has("gamma") {
            return Err(Error::new(ErrorKind::Format, format!("{of} is a part of a model, not a model"))
                .hint("`train` with `join` puts the shards of a run together"));
        }
        let place = |name: &str| format!("{of}: array {name}");
        let patterns = array::bits(&file.get("patterns")?).map_err(|e| e.at(place("patterns")))?;
        let alpha = reals(&file.get("alpha")?).map_err(|e| e.at(place("alpha")))?;
        let mut scalar = |name: &str| -> Result<f64> {
            let array = file.get(name)?;
            if array.len() != 1 || array.kind() == npy::Kind::Text {
                let what = format!("must be one number, but is {} of shape {:?}", array.type_name(), array.shape());
                return Err(Error::new(ErrorKind::Format, what).at(place(name)));
            }
            Ok(array.float(0))
        };
        let (gamma, lambda) = (scalar("gamma")?, scalar("lambda")?);
        let meta = if file.names().iter().any(|n| n == "meta") {
            let text = file.get("meta")?.text().ok_or("must be a text, or its bytes as uint8".to_owned());
            text.and_then(|t| serde_json::from_str(&t).map_err(|e| e.to_string()))
                .map_err(|e| Error::new(ErrorKind::Format, e).at(place("meta")))?
        } else {
            ModelMeta::default()
        };
        let model = Model { patterns, alpha, gamma, lambda, meta };
        model.check().and_then(|()| model.all_different()).map_err(|e| e.at(of))?;
        Ok(model)
    }

    /// Fails if a pattern repeats an earlier one: `train` merges those, and the contract has none.
    fn all_different(&self) -> Result<()> {
        let Some((mu, first)) = self.patterns.first_repeat() else { return Ok(()) };
        Err(Error::new(ErrorKind::Value, format!("pattern {mu} is the same as pattern {first}"))
            .hint("the patterns of a model are all different: leave the repeats out, and train again"))
    }

    /// Checks every shape and range.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] with the first thing that is wrong.
    pub fn check(&self) -> Result<()> {
        let bad = |what: String| Err(Error::new(ErrorKind::Value, what));
        let shape = (self.patterns.rows(), self.patterns.cols());
        if shape.0 == 0 {
            return bad("the model has no patterns".into());
        }
        if shape.1 == 0 || shape.1 > MAX_NEURONS {
            return bad(format!("the patterns have {} neurons, but 1 to {MAX_NEURONS} are possible", shape.1));
        }
        let (kind, outputs) = (self.kind(), self.outputs());
        if kind.answers_keys() && self.alpha.dim() != shape {
            return bad(format!("alpha has shape {:?}, but the patterns have {shape:?}", self.alpha.dim()));
        }
        if self.alpha.nrows() != shape.0 {
            return bad(format!("alpha has {} rows, but there are {} patterns", self.alpha.nrows(), shape.0));
        }
        kind.check_outputs(outputs)?;
        if let Some(classes) = &self.meta.classes
            && (kind != Kind::Class || classes.len() != outputs)
        {
            let count = classes.len();
            return bad(format!("there are {count} names of classes for {outputs} outputs of kind {kind}"));
        }
        if let Some(((mu, i), v)) = self.alpha.indexed_iter().find(|(_, v)| !v.is_finite()) {
            return Err(Error::new(
                ErrorKind::Value,
                format!("alpha is {v} at pattern {mu}, {} {i}", if kind.answers_keys() { "neuron" } else { "output" }),
            )
            .hint("the training diverged or was interrupted: train again"));
        }
        if !(self.gamma.is_finite() && self.gamma > 0.0) {
            return bad(format!("gamma is {}, but must be greater than 0", self.gamma));
        }
        if !(self.lambda.is_finite() && self.lambda >= 0.0) {
            return bad(format!("lambda is {}, but must be at least 0", self.lambda));
        }
        if !self.meta.residual.is_finite() {
            return bad(format!("the residual is {}", self.meta.residual));
        }
        match &self.meta.labels {
            Some(l) if l.len() != shape.0 => bad(format!("there are {} labels for {} patterns", l.len(), shape.0)),
            _ => Ok(()),
        }
    }
}

/// A 2-d array of real numbers.
fn reals(numbers: &Npy) -> Result<Array2<f64>> {
    match *numbers.shape() {
        // without columns there may be more rows than any array can have
        [rows, cols] if numbers.kind() != npy::Kind::Text && !numbers.is_empty() => {
            Ok(Array2::from_shape_fn((rows, cols), |(r, c)| numbers.float(r * cols + c)))
        }
        _ => Err(array::not_a_matrix(numbers)),
    }
}
