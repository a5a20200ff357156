//! What became of mutants: the table of it, which shards leave and a join reads.

use crate::survivors::Reasons;
use hopgate_model::{Error, ErrorKind, Result};
use hopgate_sim::{trial::Noticed, tried::trials};
use std::collections::BTreeMap;

/// The table's first line.
const HEAD: &str = "mutant,trials,killed in,by,equivalent in,reason";

/// What became of a mutant so far.
#[derive(Debug, Clone, Default)]
pub struct Fate {
    /// Where, and by what, it was noticed.
    pub killed: Option<(&'static str, Noticed)>,
    /// Trials that have it.
    pub trials: Vec<&'static str>,
    /// Trials in which it is proved to be equivalent.
    pub proved: Vec<&'static str>,
    /// Whether a proof was tried and did not come.
    pub open: bool,
    /// Its first form; empty where it comes from a table.
    pub example: String,
}

/// What counts of it.
enum Class {
    Killed,
    Equivalent,
    Argued,
    Open,
}

impl Fate {
    fn is_equivalent(&self) -> bool {
        self.killed.is_none() && self.proved.len() == self.trials.len()
    }

    fn class(&self, reason: Option<&str>) -> Class {
        match (self.killed, self.is_equivalent(), reason) {
            (Some(_), ..) => Class::Killed,
            (None, true, _) => Class::Equivalent,
            (None, false, Some(_)) => Class::Argued,
            (None, false, None) => Class::Open,
        }
    }
}

/// Mutants by their keys.
#[derive(Debug, Clone, Default)]
pub struct Fates(pub BTreeMap<String, Fate>);

impl Fates {
    /// That of a mutant of a trial.
    pub fn entry(&mut self, key: String, trial: &'static str, example: &str) -> &mut Fate {
        let fate = self.0.entry(key).or_insert_with(|| Fate { example: example.to_owned(), ..Fate::default() });
        if !fate.trials.contains(&trial) {
            fate.trials.push(trial);
        }
        fate
    }

    /// Those that no trial notices.
    pub fn living(&self) -> impl Iterator<Item = &String> {
        self.0.iter().filter(|(_, fate)| fate.killed.is_none()).map(|(key, _)| key)
    }

    /// The table of all, which a join reads.
    pub fn table(&self, reasons: &Reasons) -> String {
        let mut table = format!("{HEAD}\n");
        for (key, fate) in &self.0 {
            let (place, how) = fate.killed.map_or(("", String::new()), |(place, how)| (place, how.to_string()));
            let reason = match fate.killed {
                None if !fate.is_equivalent() => reasons.of(key).unwrap_or(""),
                _ => "",
            };
            let proved = if fate.killed.is_none() { fate.proved.join(" ") } else { String::new() };
            let trials = fate.trials.join(" ");
            table +=
                &format!("{},{},{place},{how},{},{}\n", quoted(key), quoted(&trials), quoted(&proved), quoted(reason));
        }
        table
    }

    /// Adds what a table of other trials says. A mutant that several of them notice is killed in the first of these; what was proved is not taken over.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] with the line that is no row of a table.
    pub fn join(&mut self, table: &str) -> Result<()> {
        let bad = |line: &str| Error::new(ErrorKind::Format, format!("this is no row of a table of mutants: {line}"));
        let mut lines = table.lines();
        if lines.next() != Some(HEAD) {
            return Err(bad(table.lines().next().unwrap_or("")));
        }
        let names: Vec<&str> = trials().iter().map(|t| t.name()).collect();
        let order = |name: &str| names.iter().position(|known| *known == name);
        for line in lines {
            let fields = fields(line);
            let [key, trials, place, how, _, _] = fields.as_slice() else { return Err(bad(line)) };
            let trial = |name: &str| order(name).ok_or_else(|| bad(line));
            for name in trials.split(' ') {
                self.entry(key.clone(), names[trial(name)?], "");
            }
            let Some(fate) = self.0.get_mut(key) else { return Err(bad(line)) };
            fate.trials.sort_by_key(|name| order(name));
            if !place.is_empty() {
                let at = trial(place)?;
                let how = Noticed::ALL.into_iter().find(|n| n.to_string() == *how).ok_or_else(|| bad(line))?;
                if fate.killed.is_none_or(|(name, _)| Some(at) < order(name)) {
                    fate.killed = Some((names[at], how));
                }
            }
        }
        Ok(())
    }

    /// How many there are of each block, and what became of them.
    pub fn counts(&self, reasons: &Reasons) -> String {
        let mut blocks: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
        for (key, fate) in &self.0 {
            let block = key.split_once(": ").map_or(key.as_str(), |(block, _)| block);
            blocks.entry(block).or_default()[fate.class(reasons.of(key)) as usize] += 1;
        }
        let rows = blocks.into_iter().map(|(block, counts)| {
            let [killed, equivalent, argued, open] = counts;
            format!("{block},{},{killed},{equivalent},{argued},{open}\n", counts.iter().sum::<usize>())
        });
        format!("block,mutants,killed,equivalent,argued,open\n{}", rows.collect::<String>())
    }

    /// Those that live, the trials that have them, and why they may.
    pub fn survivors(&self, reasons: &Reasons) -> String {
        let mut table = String::from("mutant,trials,equivalent in,reason\n");
        for (key, fate) in self.0.iter().filter(|(_, fate)| fate.killed.is_none()) {
            let reason = if fate.is_equivalent() { "" } else { reasons.of(key).unwrap_or("") };
            let [trials, proved] = [&fate.trials, &fate.proved].map(|names| quoted(&names.join(" ")));
            table += &format!("{},{trials},{proved},{}\n", quoted(key), quoted(reason));
        }
        table
    }

    /// Prints who lives without a reason, and the counts; gives the number of those.
    pub fn say(&self, reasons: &Reasons) -> usize {
        let mut counts = [0; 4];
        for (key, fate) in &self.0 {
            let class = fate.class(reasons.of(key));
            if matches!(class, Class::Open) {
                let (trials, proved) = (fate.trials.join(" "), fate.proved.join(" "));
                println!("lives: {key}\n       {}\n       in {trials}; equivalent in {proved}", fate.example);
            }
            counts[class as usize] += 1;
        }
        let [killed, equivalent, explained, open] = counts;
        println!(
            "{} mutants: {killed} killed, {equivalent} proved equivalent, {explained} live for a stated reason, {open} live",
            self.0.len()
        );
        open
    }
}

/// A field in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The fields of a line with commas, quoted or not.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            // a quote within quotes is written twice
            '"' if quoted && rest.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            _ => field.push(c),
        }
    }
    fields.push(field);
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_sim::trial::TRIALS;

    #[test]
    fn tables_of_shards_are_that_of_all() {
        let [first, second, third] = [TRIALS[0].name, TRIALS[1].name, TRIALS[2].name];
        let key = "vote: \"q\", a -> b;".to_owned();
        let shard = |trial: &'static str, killed: Option<Noticed>| {
            let mut fates = Fates::default();
            fates.entry(key.clone(), trial, "an example").killed = killed.map(|how| (trial, how));
            fates.entry(format!("{trial}: its own"), trial, "");
            fates.table(&Reasons::default())
        };
        let tables = [shard(third, Some(Noticed::Hangs)), shard(first, None), shard(second, Some(Noticed::Answer))];
        let mut all = Fates::default();
        tables.iter().for_each(|table| all.join(table).unwrap());
        assert_eq!(all.0[&key].trials, [first, second, third]);
        assert_eq!(all.0[&key].killed, Some((second, Noticed::Answer)), "the first that notices it");
        assert_eq!(all.living().count(), 3);
        assert_eq!(all.say(&Reasons::default()), 3);
        // and again from its own table
        let mut again = Fates::default();
        again.join(&all.table(&Reasons::default())).unwrap();
        assert_eq!(again.table(&Reasons::default()), all.table(&Reasons::default()));
    }

    #[test]
    fn counts_and_survivors() {
        let [first, second] = [TRIALS[0].name, TRIALS[1].name];
        let mut fates = Fates::default();
        fates.entry("vote: a, b".to_owned(), first, "").killed = Some((first, Noticed::Answer));
        let proved = ["vote: proved", "vote: argued", "vote: open"];
        for (key, proved) in proved.into_iter().zip([&[first, second][..], &[first], &[]]) {
            for trial in [first, second] {
                fates.entry(key.to_owned(), trial, "").proved = proved.to_vec();
            }
        }
        fates.entry("scan: \"q\"".to_owned(), second, "");
        let reasons = Reasons::parse("Never read.\n    vote: argued\n").unwrap();
        assert_eq!(
            fates.counts(&reasons),
            "block,mutants,killed,equivalent,argued,open\nscan,1,0,0,0,1\nvote,4,1,1,1,1\n"
        );
        let rows = [
            format!("\"scan: \"\"q\"\"\",\"{second}\",\"\",\"\""),
            format!("\"vote: argued\",\"{first} {second}\",\"{first}\",\"Never read.\""),
            format!("\"vote: open\",\"{first} {second}\",\"\",\"\""),
            format!("\"vote: proved\",\"{first} {second}\",\"{first} {second}\",\"\""),
        ];
        assert_eq!(fates.survivors(&reasons), format!("mutant,trials,equivalent in,reason\n{}\n", rows.join("\n")));
        assert_eq!(fates.say(&reasons), 2);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let mut fates = Fates::default();
        assert!(fates.join("").is_err() && fates.join("property,case\n").is_err());
        for row in [
            "\"a\",\"b\"",
            "\"a\",\"no_such_trial\",,,\"\",\"\"",
            &format!("\"a\",\"{0}\",{0},by magic,\"\",\"\"", TRIALS[0].name),
        ] {
            assert!(fates.join(&format!("{HEAD}\n{row}\n")).is_err(), "{row}");
        }
    }

    #[test]
    fn quotes() {
        assert_eq!(fields("\"a \"\"b\"\", c\",,d,\"\",\"\"\"\""), ["a \"b\", c", "", "d", "", "\""]);
    }
}
