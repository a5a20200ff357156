//! The nearest pattern of each cue, and nothing else: replies of two words, where the board says that it can.

use super::{
    Session, cues,
    session::{CHUNK, FIRST, SOON, share_hit},
};
use crate::transport::Transport;
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix};
use hopgate_wire::{
    page::{FOUND_UNKNOWN, FOUND_WORDS},
    request::Request,
};
use std::collections::VecDeque;

/// What a board finds of a cue: of a sequence, of its last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The nearest pattern.
    pub nearest: usize,
    /// Its distance.
    pub distance: u32,
    /// Whether that is within the memory's radius.
    pub known: bool,
}

impl<T: Transport> Session<T> {
    /// Recalls cues, `(Q, N)`, of which these bits are known, `(Q, N)`; none: all of them. Of each answer only the nearest pattern and its
    /// distance come, in frames of many cues; a board of an earlier release says more, which is left out here.
    ///
    /// # Errors
    /// As [`Session::recall_masked`].
    pub fn find(
        &mut self,
        queries: &BitMatrix,
        known: Option<&BitMatrix>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Found>> {
        if !self.identity().finds {
            let trace = self.recall_masked(queries, known, progress)?;
            let all = trace.nearest.iter().zip(&trace.distance).zip(&trace.known);
            return Ok(all.map(|((&n, &distance), &known)| Found { nearest: n as usize, distance, known }).collect());
        }
        self.check_cues(queries, known)?;
        let (board, held) = (self.identity().clone(), self.held().clone());
        let answers = board.answers(held.max_steps);
        let words = |q: usize| cues::words_of(queries.row(q), known.map(|k| k.row(q)), held.neurons, &board);
        let mut found = vec![Found { nearest: 0, distance: 0, known: true }; queries.rows()];
        let (mut impossible, mut done) = (None, 0);
        let mut todo: VecDeque<usize> = (0..queries.rows()).collect();
        // one at a time at first, to see how good the line is
        let (mut chunk, mut batch) = (FIRST, 1);
        while !todo.is_empty() {
            let now: Vec<usize> = todo.drain(..chunk.min(todo.len())).collect();
            let groups: Vec<&[usize]> = now.chunks(batch).collect();
            let request = |group: &&[usize]| Request::Find { cues: group.iter().flat_map(|&q| words(q)).collect() };
            let requests: Vec<Request> = groups.iter().map(request).collect();
            let before = self.stats();
            let mut reply = |r: usize, body: Vec<u16>| {
                for (&q, said) in groups[r].iter().zip(body.chunks_exact(FOUND_WORDS * answers)) {
                    // of a sequence the last answer's, of a list the first one's
                    let at = if board.ranks > 0 { 0 } else { said.len() - FOUND_WORDS };
                    let [nearest, distance] = [said[at], said[at + 1]];
                    let known = distance & FOUND_UNKNOWN == 0;
                    let distance = u32::from(distance & !FOUND_UNKNOWN);
                    let wrong = usize::from(nearest) >= held.patterns
                        || distance as usize > held.neurons
                        || known != (!board.radius || distance <= held.radius);
                    impossible = impossible.or(wrong.then_some((nearest, distance)));
                    found[q] = Found { nearest: nearest.into(), distance, known };
                    done += 1;
                }
                progress(done);
            };
            if batch == 1 {
                self.client.run(&requests, &mut reply)?;
            } else {
                // what does not pass soon may be too long for the line
                let given_up = self.client.run_some(&requests, SOON, &mut reply)?;
                given_up.iter().flat_map(|&r| groups[r].iter().rev()).for_each(|&q| todo.push_front(q));
            }
            batch = cues::batch(&board, FOUND_WORDS * answers, share_hit(before, self.stats()));
            chunk = CHUNK;
        }
        if let Some((nearest, distance)) = impossible {
            let what =
                format!("the board finds pattern {nearest} at distance {distance}, which its memory cannot give");
            return Err(Error::new(ErrorKind::Failed, what)
                .hint("is it damaged, does it miss its clock, or does another program use it? `host selftest` tells"));
        }
        self.must_be_unchanged()?;
        Ok(found)
    }
}
