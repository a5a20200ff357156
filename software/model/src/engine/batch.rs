//! Many cues at once, on all cores.

use super::{Engine, Recall, Scratch, tile::Pending};
use crate::{
    bits::BitMatrix,
    reference::{Masks, Top},
};
use core::ops::Range;
use rayon::prelude::*;

impl Engine {
    /// `f` of the recall of every cue, in the order of the cues, whatever the number of threads.
    ///
    /// ```
    /// use hopgate_model::{engine::Engine, memory::{Memory, Parts}, noise};
    /// let patterns = noise::random(20, 64, 1);
    /// let mut kernel = vec![0; 65];
    /// kernel[0] = 1;
    /// let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel: vec![kernel], ..Parts::of(patterns) })?;
    /// let cues = noise::cues(memory.patterns(), 100, 0.1, 2);
    /// let exact = Engine::new(&memory).each(&cues, |q, _, scratch| scratch.state() == memory.patterns().row(q % 20));
    /// assert!(exact.iter().filter(|&&e| e).count() > 90);
    /// # Ok::<(), hopgate_model::Error>(())
    /// ```
    pub fn each<T: Send>(&self, cues: &BitMatrix, f: impl Fn(usize, Recall, &Scratch) -> T + Sync) -> Vec<T> {
        self.each_masked(cues, None, f)
    }

    /// The same of cues of which only some bits are known.
    ///
    /// # Panics
    /// When there are neither as many masks as cues nor one for all.
    pub fn each_masked<T: Send>(
        &self,
        cues: &BitMatrix,
        masks: Option<Masks>,
        f: impl Fn(usize, Recall, &Scratch) -> T + Sync,
    ) -> Vec<T> {
        self.tasks(cues, |team, numbers, found| {
            self.recalls(team, cues, masks, numbers, |recall, scratch, q| found.push(f(q, recall, scratch)))
        })
    }

    /// What `work` makes of the cues of every task, in the order of the cues.
    fn tasks<T: Send>(&self, cues: &BitMatrix, work: impl Fn(&mut Team, Range<usize>, &mut Vec<T>) + Sync) -> Vec<T> {
        let task = task_of(cues.rows(), self.together());
        let one = |team: &mut Team, number: usize| {
            let numbers = number * task..cues.rows().min((number + 1) * task);
            let mut found = Vec::with_capacity(numbers.len());
            work(team, numbers, &mut found);
            found
        };
        let tasks = (0..cues.rows().div_ceil(task)).into_par_iter();
        let all: Vec<Vec<T>> = tasks.map_init(|| self.team_room(), one).collect();
        behind_each_other(all)
    }

    /// The recalls of these cues: one by one where none is asked with others, which saves the way through a tile.
    fn recalls(
        &self,
        team: &mut Team,
        cues: &BitMatrix,
        masks: Option<Masks>,
        numbers: Range<usize>,
        mut each: impl FnMut(Recall, &mut Scratch, usize),
    ) {
        if team.tile.len() > 1 {
            return self.team(team, cues, masks, numbers, |pending, scratch, q| {
                let recall = self.answer(pending, scratch);
                each(recall, scratch, q)
            });
        }
        for q in numbers {
            let partial = self.load(cues.row(q), masks.map(|masks| masks.of(q)), &mut team.scratch);
            let recall = self.steps(partial, None, &mut team.scratch);
            each(recall, &mut team.scratch, q);
        }
    }

    fn team_room(&self) -> Team {
        Team { scratch: self.scratch(), tile: self.tile() }
    }

    /// The first scan of these cues, as many together as are best, then each of them.
    fn team(
        &self,
        Team { scratch, tile }: &mut Team,
        cues: &BitMatrix,
        masks: Option<Masks>,
        numbers: Range<usize>,
        mut each: impl FnMut(&mut Pending, &mut Scratch, usize),
    ) {
        let (mut first, end) = (numbers.start, numbers.end);
        while first < end {
            let numbers = first..end.min(first + self.now(scratch, tile.len()));
            first = numbers.end;
            let tile = &mut tile[..numbers.len()];
            for (pending, q) in tile.iter_mut().zip(numbers.clone()) {
                let partial = self.load(cues.row(q), masks.map(|masks| masks.of(q)), scratch);
                self.ask(pending, partial, scratch);
            }
            self.scan_together(tile, &mut scratch.trust);
            tile.iter_mut().zip(numbers).for_each(|(pending, q)| each(pending, scratch, q));
        }
    }

    /// The patterns nearest to every cue, over the bits that are known, all by default: see [`Engine::ranked`].
    pub fn each_ranked(&self, cues: &BitMatrix, masks: Option<Masks>, top: Top) -> Vec<Vec<(usize, u32)>> {
        self.tasks(cues, |team, numbers, found| {
            self.team(team, cues, masks, numbers, |pending, scratch, _| {
                let Pending { state, known, partial, distances, least, .. } = pending;
                let cue = self.cue(state, partial.masked.then_some(&*known));
                found.push(self.rank(distances, *least, top, cue, (&mut scratch.list, &mut scratch.trust)));
            })
        })
    }

    /// The recall of every cue, in the order of the cues, and the answers: the states or values that they end in, `(Q, M)`.
    ///
    /// # Panics
    /// When the cues have fewer bits than the patterns.
    pub fn all(&self, cues: &BitMatrix) -> (BitMatrix, Vec<Recall>) {
        self.all_masked(cues, None)
    }

    /// The same of cues of which only some bits are known.
    ///
    /// # Panics
    /// As [`Self::all`] and [`Self::each_masked`].
    pub fn all_masked(&self, cues: &BitMatrix, masks: Option<Masks>) -> (BitMatrix, Vec<Recall>) {
        let mut answers = BitMatrix::zeros(cues.rows(), self.outputs());
        let task = task_of(cues.rows(), self.together());
        let one = |team: &mut Team, (number, mut answers): (usize, Vec<&mut [u64]>)| {
            let first = number * task;
            let mut recalls = Vec::with_capacity(answers.len());
            self.recalls(team, cues, masks, first..first + answers.len(), |recall, scratch, q| {
                recalls.push(recall);
                answers[q - first].copy_from_slice(scratch.state());
            });
            recalls
        };
        let rows = answers.par_rows_mut().chunks(task).enumerate();
        let recalls: Vec<Vec<Recall>> = rows.map_init(|| self.team_room(), one).collect();
        (answers, behind_each_other(recalls))
    }
}

/// What the tasks found, in a vector that need not grow.
pub(super) fn behind_each_other<T>(found: Vec<Vec<T>>) -> Vec<T> {
    let mut all = Vec::with_capacity(found.iter().map(Vec::len).sum());
    found.into_iter().for_each(|mut found| all.append(&mut found));
    all
}

/// Cues that a thread takes at a time: several times as many as are asked together, but so few that every thread has some.
pub(super) fn task_of(cues: usize, together: usize) -> usize {
    let share = cues.div_ceil(rayon::current_num_threads());
    together.max(TASK).min(share).max(1)
}

/// Cues of a task: what a task costs beside them is little.
const TASK: usize = 64;

/// What a thread works with.
struct Team {
    scratch: Scratch,
    tile: Vec<Pending>,
}
