//! Which keys are stored: the centres, `P` of them, all different.

use crate::samples::{Samples, shuffle};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::{BitMatrix, bit, hamming},
    noise::{self, Purpose, Seed},
    progress::Watch,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Rounds of [`Centres::Modes`] and [`Centres::Medoids`], at most.
const ROUNDS: usize = 30;

/// How centres are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Centres {
    /// Every key, once.
    All,
    /// Keys at random; every class gives its share.
    Random,
    /// The modes of clusters of every class: each bit of a centre is that of most members (Z. Huang, *Extensions to the k-means algorithm*,
    /// Data Min. Knowl. Discov. 2, 1998).
    Modes,
    /// The medoids of clusters of every class: each centre is the key that is nearest to all members together (H.-S. Park, C.-H. Jun, *A
    /// simple and fast algorithm for K-medoids clustering*, Expert Syst. Appl. 36, 2009).
    Medoids,
    /// Those modes, moved by gradients of the loss of the answers together with the dual weights: [`learn`](mod@crate::learn).
    Learnt,
}

impl std::fmt::Display for Centres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Centres::All => "all",
            Centres::Random => "random",
            Centres::Modes => "modes",
            Centres::Medoids => "medoids",
            Centres::Learnt => "learnt",
        })
    }
}

/// The different keys of each class, in the order of the samples; a key that two classes share goes to the first sample's.
fn different(samples: &Samples) -> Vec<Vec<usize>> {
    let mut seen = BTreeSet::new();
    let first: BTreeSet<usize> = (0..samples.len()).filter(|&t| seen.insert(samples.keys().row(t))).collect();
    let members = samples.members().into_iter();
    members.map(|class| class.into_iter().filter(|t| first.contains(t)).collect()).collect()
}

/// So many in all, in proportion to these counts, which they do not exceed; every class gets one if there are enough of them.
fn shares(counts: &[usize], all: usize) -> Vec<usize> {
    let total: usize = counts.iter().sum();
    let floor = usize::from(all >= counts.len());
    let mut share: Vec<usize> = counts.iter().map(|&n| (n * all / total.max(1)).max(floor).min(n)).collect();
    // largest remainders first, then the first class; more than once round only where classes are used up
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|&c| (std::cmp::Reverse(counts[c] * all % total.max(1)), c));
    while share.iter().sum::<usize>() < all {
        let missing = all - share.iter().sum::<usize>();
        let open: Vec<usize> = order.iter().copied().filter(|&c| share[c] < counts[c]).take(missing).collect();
        open.into_iter().for_each(|c| share[c] += 1);
    }
    while share.iter().sum::<usize>() > all {
        let most = (0..share.len()).max_by_key(|&c| (share[c], c)).expect("a class");
        share[most] -= 1;
    }
    share
}

/// The centres, (P, N), that samples give without a look at any loss: [`Centres::Learnt`] begins with [`Centres::Modes`]. `count` is not
/// used by [`Centres::All`].
///
/// # Errors
/// [`ErrorKind::Value`] for no centres, or more than there are different keys.
///
/// ```
/// use hopgate_keyed::{Samples, centres::{Centres, choose}};
/// use hopgate_model::noise;
/// let samples = Samples::of_labels(noise::random(60, 32, 1), (0..60).map(|t| t % 3).collect())?;
/// let centres = choose(&samples, Centres::Modes, 12, 1, &|_| ())?;
/// assert_eq!((centres.rows(), centres.first_repeat()), (12, None));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn choose(samples: &Samples, how: Centres, count: usize, seed: u64, watch: &dyn Watch) -> Result<BitMatrix> {
    let classes = different(samples);
    let counts: Vec<usize> = classes.iter().map(Vec::len).collect();
    let all: usize = counts.iter().sum();
    if how == Centres::All {
        let mut every: Vec<usize> = classes.into_iter().flatten().collect();
        every.sort_unstable();
        return Ok(samples.keys().select(&every));
    }
    if count == 0 {
        return Err(Error::new(ErrorKind::Value, "there are no centres to store").hint("`centres` is at least 1"));
    }
    if count > samples.len() {
        let what = format!("{count} centres are more than the {} samples", samples.len());
        return Err(Error::new(ErrorKind::Value, what).hint("take fewer `centres`, or all samples"));
    }
    if count > all {
        let what = format!("{count} centres are more than the {all} different keys");
        return Err(Error::new(ErrorKind::Value, what).hint("take fewer `centres`, or all samples"));
    }
    let seed = Seed::from(seed).of(Purpose::KeyedCentres, 0);
    let mut rng = noise::rng(seed, 0);
    let mut taken: Vec<Vec<usize>> = Vec::new();
    for (mut class, share) in classes.into_iter().zip(shares(&counts, count)) {
        shuffle(&mut class, share, &mut |bound| noise::below(&mut rng, bound));
        class.truncate(share);
        class.sort_unstable();
        taken.push(class);
    }
    if how == Centres::Random || how == Centres::Learnt {
        return Ok(samples.keys().select(&taken.concat()));
    }
    let middle = if how == Centres::Medoids { medoids } else { modes };
    let mut parts = Vec::new();
    for (members, taken) in samples.members().into_iter().zip(taken) {
        parts.push(cluster(&samples.keys().select(&members), samples.keys().select(&taken), middle, watch)?);
    }
    let mut centres = BitMatrix::zeros(count, samples.neurons());
    let rows = parts.iter().flat_map(|part| (0..part.rows()).map(|r| part.row(r)));
    rows.enumerate().for_each(|(mu, row)| centres.set_row(mu, row));
    Ok(all_different(centres, samples))
}

/// What the keys say of each cluster: whose each key is, its members, and how many of them have each bit, (P, N).
struct Clusters {
    own: Vec<usize>,
    members: Vec<i64>,
    ones: Vec<i64>,
}

impl Clusters {
    /// Each key (T, N) goes to the nearest centre, the first of equals.
    fn of(keys: &BitMatrix, centres: &BitMatrix) -> Clusters {
        let (n, p) = (keys.cols(), centres.rows());
        let nearest = |t: usize| (0..p).min_by_key(|&mu| hamming(keys.row(t), centres.row(mu))).expect("a centre");
        let own: Vec<usize> = (0..keys.rows()).into_par_iter().map(nearest).collect();
        let (mut ones, mut members) = (vec![0i64; p * n], vec![0i64; p]);
        for (t, &mu) in own.iter().enumerate() {
            members[mu] += 1;
            (0..n).filter(|&i| bit(keys.row(t), i)).for_each(|i| ones[mu * n + i] += 1);
        }
        Clusters { own, members, ones }
    }
}

/// Clusters keys (T, N) around centres until nothing changes: each key goes to the nearest centre, each centre to the middle.
fn cluster(
    keys: &BitMatrix,
    mut centres: BitMatrix,
    middle: fn(&BitMatrix, &BitMatrix, &Clusters) -> BitMatrix,
    watch: &dyn Watch,
) -> Result<BitMatrix> {
    for _ in 0..ROUNDS {
        watch.go_on()?;
        if centres.rows() == 0 {
            break;
        }
        let next = middle(keys, &centres, &Clusters::of(keys, &centres));
        if next == centres {
            break;
        }
        centres = next;
    }
    Ok(centres)
}

/// Each bit of a centre is that of most members; where they are halves, it stays.
fn modes(_: &BitMatrix, centres: &BitMatrix, clusters: &Clusters) -> BitMatrix {
    let n = centres.cols();
    BitMatrix::from_fn(centres.rows(), n, |mu, i| match 2 * clusters.ones[mu * n + i] - clusters.members[mu] {
        0 => centres.get(mu, i),
        more => more > 0,
    })
}

/// Each centre is the member with the least sum of distances to all members, the first of equals. How many members have each bit says
/// that sum without a look at pairs: a member differs at bit `i` from those that have the other.
fn medoids(keys: &BitMatrix, centres: &BitMatrix, clusters: &Clusters) -> BitMatrix {
    let n = centres.cols();
    let sum = |t: usize| -> i64 {
        let (mu, row) = (clusters.own[t], keys.row(t));
        let ones = &clusters.ones[mu * n..(mu + 1) * n];
        ones.iter().enumerate().map(|(i, &ones)| if bit(row, i) { clusters.members[mu] - ones } else { ones }).sum()
    };
    let sums: Vec<i64> = (0..keys.rows()).into_par_iter().map(sum).collect();
    let mut best: Vec<Option<usize>> = vec![None; centres.rows()];
    for (t, &mu) in clusters.own.iter().enumerate() {
        if best[mu].is_none_or(|other| sums[t] < sums[other]) {
            best[mu] = Some(t);
        }
    }
    let mut next = centres.clone();
    best.iter().enumerate().for_each(|(mu, best)| best.iter().for_each(|&t| next.set_row(mu, keys.row(t))));
    next
}

/// The same, with another key in the place of each centre that repeats an earlier one: the key that is farthest from all centres, of
/// those keys that are none. There are at least as many different keys as centres.
pub(crate) fn all_different(mut centres: BitMatrix, samples: &Samples) -> BitMatrix {
    let mut at: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
    let mut repeats = Vec::new();
    for mu in 0..centres.rows() {
        if at.contains_key(centres.row(mu)) {
            repeats.push(mu);
        } else {
            at.insert(centres.row(mu).to_vec(), mu);
        }
    }
    for mu in repeats {
        let far = |t: usize| at.keys().map(|row| hamming(row, samples.keys().row(t))).min().unwrap_or(0);
        let reach: Vec<u32> = (0..samples.len()).into_par_iter().map(far).collect();
        let farthest = (0..samples.len()).rev().max_by_key(|&t| reach[t]).expect("a sample");
        let row = samples.keys().row(farthest).to_vec();
        centres.set_row(mu, &row);
        at.insert(row, mu);
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shares_are_fair(counts in proptest::collection::vec(1..50usize, 1..9), part in 0.0..=1.0f64) {
            let total: usize = counts.iter().sum();
            let all = ((part * total as f64) as usize).max(1);
            let share = shares(&counts, all);
            prop_assert_eq!(share.iter().sum::<usize>(), all);
            for (s, n) in share.iter().zip(&counts) {
                prop_assert!(s <= n && (*s > 0 || all < counts.len()));
            }
        }

        #[test]
        fn centres_are_different_and_repeatable(t in 4..60usize, n in 3..40usize, seed in 0..99u64, part in 0.05..=1.0f64) {
            let samples = Samples::of_labels(noise::random(t, n, seed), (0..t as u32).map(|t| t % 3).collect()).unwrap();
            let most = different(&samples).concat().len();
            let count = ((part * most as f64) as usize).max(1);
            for how in [Centres::All, Centres::Random, Centres::Modes, Centres::Medoids] {
                let centres = choose(&samples, how, count, seed, &|_| ()).unwrap();
                prop_assert_eq!(centres.first_repeat(), None);
                prop_assert_eq!(centres.rows(), if how == Centres::All { most } else { count });
                prop_assert_eq!(&centres, &choose(&samples, how, count, seed, &|_| ()).unwrap());
            }
            prop_assert!(choose(&samples, Centres::Random, most + 1, seed, &|_| ()).is_err());
        }
    }

    #[test]
    fn modes_are_the_middles_of_clusters() {
        // three clusters around random words: each centre finds its word
        let words = noise::random(3, 48, 5);
        let keys = noise::cues(&words, 90, 0.1, 6);
        let samples = Samples::of_labels(keys, (0..90).map(|t| t % 3).collect()).unwrap();
        assert_eq!(choose(&samples, Centres::Modes, 3, 1, &|_| ()).unwrap(), words);
    }
    #[test]
    fn medoids_are_the_members_nearest_to_all_others() {
        let keys = noise::random(40, 21, 4);
        let start = keys.select(&[0, 1, 2, 3, 4]);
        let centres = cluster(&keys, start, medoids, &|_| ()).unwrap();
        let clusters = Clusters::of(&keys, &centres);
        for mu in 0..5 {
            let members: Vec<usize> = (0..40).filter(|&t| clusters.own[t] == mu).collect();
            let sum = |row: &[u64]| members.iter().map(|&t| hamming(row, keys.row(t))).sum::<u32>();
            let least = members.iter().map(|&t| sum(keys.row(t))).min().unwrap();
            assert!(members.iter().any(|&t| keys.row(t) == centres.row(mu)) && sum(centres.row(mu)) == least, "{mu}");
        }
    }
}
