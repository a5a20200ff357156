//! What a keyed memory is trained on: keys, and the class or the value of each.

use hopgate_model::{
    Error, ErrorKind, Result,
    bits::{BitMatrix, hamming},
    kind::Kind,
    memory::{MAX_NEURONS, MAX_OUTPUTS},
    noise::{self, Purpose, Seed},
};

/// What a key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Targets {
    /// The class of each key, below `classes`.
    Labels {
        /// `T` classes.
        labels: Vec<u32>,
        /// How many there are, `C`.
        classes: usize,
    },
    /// The value of each key, (T, M).
    Values(BitMatrix),
}

impl Targets {
    /// Outputs, `M`: classes, or bits of a value.
    pub fn outputs(&self) -> usize {
        match self {
            Targets::Labels { classes, .. } => *classes,
            Targets::Values(values) => values.cols(),
        }
    }

    /// Samples, `T`.
    pub fn len(&self) -> usize {
        match self {
            Targets::Labels { labels, .. } => labels.len(),
            Targets::Values(values) => values.rows(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether output `c` of sample `t` is to be one.
    pub fn get(&self, t: usize, c: usize) -> bool {
        match self {
            Targets::Labels { labels, .. } => labels[t] as usize == c,
            Targets::Values(values) => values.get(t, c),
        }
    }

    /// The targets of these samples, in this order.
    #[must_use]
    pub fn select(&self, samples: &[usize]) -> Self {
        match self {
            Targets::Labels { labels, classes } => {
                Targets::Labels { labels: samples.iter().map(|&t| labels[t]).collect(), classes: *classes }
            }
            Targets::Values(values) => Targets::Values(values.select(samples)),
        }
    }
}

/// `T` checked samples: keys (T, N) with classes or with values (T, M).
///
/// ```
/// use hopgate_model::{bits::BitMatrix, kind::Kind, noise};
/// use hopgate_keyed::Samples;
/// let keys = noise::random(6, 16, 1);
/// let samples = Samples::labelled(keys.clone(), vec![0, 1, 2, 0, 1, 2], 3)?;
/// assert_eq!((samples.len(), samples.neurons(), samples.outputs(), samples.kind()), (6, 16, 3, Kind::Class));
/// let error = Samples::labelled(keys.clone(), vec![0, 2, 2, 0, 2, 2], 3).unwrap_err();
/// assert_eq!(error.to_string(), "class 1 of 3 has no sample");
/// assert_eq!(Samples::sequence(keys)?.targets().outputs(), 16);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Samples {
    keys: BitMatrix,
    targets: Targets,
    kind: Kind,
}

fn bad<T>(what: impl Into<String>, hint: &str) -> Result<T> {
    Err(Error::new(ErrorKind::Value, what).hint(hint))
}

impl Samples {
    /// Keys (T, N) with a class each, below `classes`.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for no keys or keys too wide, for labels that are not as many as the keys, for fewer than two classes or
    /// more than [`MAX_OUTPUTS`], for a label beyond them, and for a class without a sample.
    pub fn labelled(keys: BitMatrix, labels: Vec<u32>, classes: usize) -> Result<Self> {
        check_keys(&keys)?;
        if labels.len() != keys.rows() {
            return bad(
                format!("there are {} labels for {} keys", labels.len(), keys.rows()),
                "`labels` holds a class for each key, in the order of the keys",
            );
        }
        if classes < 2 {
            return bad(
                format!("there is {classes} class, but a classifier needs at least two"),
                "labels count from 0; a single class needs no memory",
            );
        }
        if classes > MAX_OUTPUTS {
            return bad(
                format!("there are {classes} classes, but a memory has at most {MAX_OUTPUTS}"),
                "labels count from 0, without gaps",
            );
        }
        let mut counts = vec![0usize; classes];
        for (t, &label) in labels.iter().enumerate() {
            match counts.get_mut(label as usize) {
                Some(count) => *count += 1,
                None => {
                    let what = format!("label {label} of key {t} is beyond the {classes} classes");
                    return bad(what, "labels count from 0");
                }
            }
        }
        if let Some(class) = counts.iter().position(|&count| count == 0) {
            return bad(
                format!("class {class} of {classes} has no sample"),
                "labels count from 0, without gaps: number the classes that there are",
            );
        }
        Ok(Samples { keys, targets: Targets::Labels { labels, classes }, kind: Kind::Class })
    }

    /// The same, with as many classes as the greatest label asks for.
    ///
    /// # Errors
    /// As for [`labelled`](Self::labelled).
    pub fn of_labels(keys: BitMatrix, labels: Vec<u32>) -> Result<Self> {
        let classes = labels.iter().max().map_or(0, |&most| most as usize + 1);
        Self::labelled(keys, labels, classes)
    }

    /// Keys (T, N) with a value each, (T, M).
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for no keys or keys too wide, for values that are not as many as the keys, that have no bits, or more
    /// than [`MAX_OUTPUTS`].
    pub fn valued(keys: BitMatrix, values: BitMatrix) -> Result<Self> {
        check_keys(&keys)?;
        if values.rows() != keys.rows() {
            return bad(
                format!("there are {} values for {} keys", values.rows(), keys.rows()),
                "`values` holds a row for each key, in the order of the keys",
            );
        }
        if values.cols() == 0 || values.cols() > MAX_OUTPUTS {
            return bad(
                format!("values have {} bits, but a memory has 1 to {MAX_OUTPUTS}", values.cols()),
                "a value is a row of 0 and 1",
            );
        }
        Ok(Samples { keys, targets: Targets::Values(values), kind: Kind::Map })
    }

    /// Patterns (P, N) in their order: the value of each is the next, and that of the last is the first.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for fewer than two patterns, patterns too wide, and a pattern that occurs twice: what follows it would not be known.
    pub fn sequence(patterns: BitMatrix) -> Result<Self> {
        check_keys(&patterns)?;
        if patterns.rows() < 2 {
            return bad("a sequence of one pattern goes nowhere", "a sequence has at least two patterns");
        }
        if let Some((later, earlier)) = patterns.first_repeat() {
            return bad(
                format!("pattern {later} of the sequence repeats pattern {earlier}, so what follows is not known"),
                "make the patterns different, such as by bits that count",
            );
        }
        let t = patterns.rows();
        let next: Vec<usize> = (0..t).map(|mu| (mu + 1) % t).collect();
        let values = patterns.select(&next);
        Ok(Samples { keys: patterns, targets: Targets::Values(values), kind: Kind::Sequence })
    }

    /// The keys, (T, N).
    pub fn keys(&self) -> &BitMatrix {
        &self.keys
    }

    /// The class or the value of each.
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    /// What a memory of these answers with.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Samples, `T`.
    pub fn len(&self) -> usize {
        self.keys.rows()
    }

    /// Never: there is at least one.
    pub fn is_empty(&self) -> bool {
        self.keys.rows() == 0
    }

    /// Bits of a key, `N`.
    pub fn neurons(&self) -> usize {
        self.keys.cols()
    }

    /// Outputs, `M`: classes, or bits of a value.
    pub fn outputs(&self) -> usize {
        self.targets.outputs()
    }

    /// The class of each key; 0 for all where the answers are values.
    pub fn classes(&self) -> Vec<u32> {
        match &self.targets {
            Targets::Labels { labels, .. } => labels.clone(),
            Targets::Values(_) => vec![0; self.len()],
        }
    }

    /// Two parts: every class gives `share` of its samples, rounded, to the second, but keeps at least one in the first. Of samples with
    /// values, all count as one class. Which ones, the seed decides; both lists ascend.
    ///
    /// ```
    /// use hopgate_model::noise;
    /// use hopgate_keyed::Samples;
    /// let samples = Samples::of_labels(noise::random(40, 16, 1), (0..40).map(|t| t % 4).collect())?;
    /// let (first, second) = samples.split(0.2, 7);
    /// assert_eq!((first.len(), second.len()), (32, 8));
    /// # Ok::<(), hopgate_model::Error>(())
    /// ```
    pub fn split(&self, share: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
        let mut rng = noise::rng(Seed::from(seed).of(Purpose::KeyedSplit, 0), 0);
        let mut second = Vec::new();
        for mut members in self.members() {
            let take = (libm::round(share * members.len() as f64) as usize).min(members.len() - 1);
            shuffle(&mut members, take, &mut |bound| noise::below(&mut rng, bound));
            second.extend_from_slice(&members[..take]);
        }
        second.sort_unstable();
        let mut in_second = vec![false; self.len()];
        second.iter().for_each(|&t| in_second[t] = true);
        ((0..self.len()).filter(|&t| !in_second[t]).collect(), second)
    }

    /// The samples of each class, ascending; all of them where there are no classes.
    pub(crate) fn members(&self) -> Vec<Vec<usize>> {
        match &self.targets {
            Targets::Values(_) => vec![(0..self.len()).collect()],
            Targets::Labels { labels, classes } => {
                let mut members = vec![Vec::new(); *classes];
                labels.iter().enumerate().for_each(|(t, &label)| members[label as usize].push(t));
                members
            }
        }
    }

    /// These samples alone, in this order; a class may lose all of its own.
    #[must_use]
    pub fn select(&self, samples: &[usize]) -> Self {
        Samples { keys: self.keys.select(samples), targets: self.targets.select(samples), kind: self.kind }
    }

    /// These samples, then `copies` of each whose key has every bit flipped with probability `noise`. Without noise, these alone.
    pub(crate) fn with_flips(&self, noise: f64, copies: usize, seed: u64) -> Self {
        if noise == 0.0 || copies == 0 {
            return self.clone();
        }
        let t = self.len();
        let order: Vec<usize> = (0..t * (copies + 1)).map(|q| q % t).collect();
        let noisy = noise::flips(&self.keys.select(&order[t..]), noise, Seed::from(seed).of(Purpose::KeyedFlips, 0));
        let mut all = self.select(&order);
        (0..noisy.rows()).for_each(|q| all.keys.set_row(t + q, noisy.row(q)));
        all
    }

    /// Whether two samples with the same key and different targets make a perfect answer impossible: the first such pair.
    pub fn contradiction(&self) -> Option<(usize, usize)> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&a, &b| self.keys.row(a).cmp(self.keys.row(b)).then(a.cmp(&b)));
        let differ = |a: usize, b: usize| match &self.targets {
            Targets::Labels { labels, .. } => labels[a] != labels[b],
            Targets::Values(values) => hamming(values.row(a), values.row(b)) > 0,
        };
        let same_key = |pair: &&[usize]| self.keys.row(pair[0]) == self.keys.row(pair[1]);
        order.windows(2).filter(same_key).map(|pair| (pair[0], pair[1])).find(|&(a, b)| differ(a, b))
    }
}

fn check_keys(keys: &BitMatrix) -> Result<()> {
    if keys.rows() == 0 {
        return bad("there are no keys to train on", "a row of `keys` is a sample");
    }
    if keys.cols() == 0 || keys.cols() > MAX_NEURONS {
        let what = format!("keys have {} bits, but a memory has 1 to {MAX_NEURONS}", keys.cols());
        return bad(what, "a column of `keys` is a bit");
    }
    Ok(())
}

/// The first `count` places of a Fisher-Yates shuffle; `below` draws an integer below its argument.
pub(crate) fn shuffle(items: &mut [usize], count: usize, below: &mut dyn FnMut(u64) -> u64) {
    for k in 0..count.min(items.len()) {
        let other = k + below((items.len() - k) as u64) as usize;
        items.swap(k, other);
    }
}
