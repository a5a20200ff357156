//! `hopgate demo --learn`: a board that begins empty and is taught over its pins, one, two and more examples of each class.

use super::{super::asked::Asked, Args, RUNS};
use crate::ui::{Ui, table};
use hopgate::{
    Board, BuildOptions, Error, ErrorKind, HardwareOptions, Result,
    classify::classes_of_patterns,
    hardware::Room,
    keyed::{Centres, FreeMemory, KeyedData, KeyedModelReport, KeyedOptions},
    pins::AtPins,
};
use hopgate_eda::finished::Finished;
use hopgate_files::{atomic, folder};
use hopgate_host::client::{LineOptions, Session};
use hopgate_lab::{
    chart::{Axis, BLACK, Chart, Figure, GREY, RED, Series},
    classes::{of_memory, of_nearest},
};
use hopgate_model::{
    bits::BitMatrix,
    kernel::gamma_of_noise,
    learn::{Learner, Stored},
};
use hopgate_sim::{
    Chip, Level, Waveform,
    bench::{BoardBench, stream::Stream},
};
use hopgate_train::quantizer::MemoryOptions;
use serde_json::{Value, json};
use std::{fmt::Write, time::Instant};

/// Examples of each class.
const EXAMPLES: [usize; 4] = [1, 2, 5, 10];

/// What the board and the things beside it got right, after so many examples of each class.
struct Lesson {
    examples: usize,
    stored: usize,
    /// At the pins, of the keys that were asked there.
    board: f64,
    /// Of all keys: the same memory in software, its nearest patterns, and a trained model of the same examples.
    memory: f64,
    nearest: f64,
    trained: f64,
}

/// Runs it.
pub fn run(args: &Args, data: &Asked, board: &Board, start: Instant, ui: &Ui) -> Result<()> {
    let samples = &data.trained.samples;
    let classes = samples.outputs();
    let labels: Vec<usize> =
        (0..samples.len()).map(|t| (0..classes).find(|&c| samples.targets().get(t, c)).unwrap_or(0)).collect();
    let taught = |n: usize| -> Vec<usize> {
        let of = |c: usize| labels.iter().enumerate().filter(move |&(_, &label)| label == c).map(|(t, _)| t).take(n);
        (0..classes).flat_map(of).collect()
    };
    let most = taught(EXAMPLES[EXAMPLES.len() - 1]).len();
    ui.note(format!(
        "1/5  keys       {} bits, {classes} classes ({}); {} to ask",
        samples.neurons(),
        data.trained.source,
        data.right.len()
    ));

    // the board is built for the first examples, and forgets them
    let first = KeyedData::of_part(&data.trained, &taught(1));
    let gamma = gamma_of_noise(args.noise);
    let begun = FreeMemory::of(&first, gamma, &MemoryOptions::default())?;
    let out = &args.output;
    folder::save(&begun.made, &out.join("memory"), &begun.record)?;
    let room = Room { patterns: most, ..Room::default() };
    let hardware = HardwareOptions::new().learns(true).room(room).on(&begun.made, board)?;
    let bar = ui.follow("building the bitstream");
    let options = BuildOptions::new().runs(args.runs.unwrap_or(2 * RUNS));
    let built = hopgate::build(&begun.made, &hardware, board, &options, &out.join("build"), &bar)?;
    drop(bar);
    built.warnings.iter().for_each(|w| ui.warn(w));
    let build = &built.report;
    ui.note(format!(
        "2/5  bitstream  {:.1} MHz by {}, the board needs {:.0}",
        build.fmax_mhz, build.judge, build.clock_mhz
    ));

    let level = if board.family.readback().is_some() { Level::Bitstream } else { Level::Board };
    let chip = Chip::build(&Finished::open(&out.join("build"))?, level, Waveform::Off)?;
    let line = AtPins::new(Stream::new(BoardBench::of(&chip, None)?)?, build.clock_mhz * 1e6);
    let mut session = Session::connect(line, LineOptions { seed: args.seed, ..LineOptions::default() })?;
    let mut learner = Learner::new(&begun.made, session.identity().patterns)?;
    while session.held().patterns > 0 {
        session.forget(0)?;
        learner.forget(0)?;
    }
    ui.note(format!("3/5  the board  at its pins, level {level}; it forgot what it was built with, and holds nothing"));

    let asked = data.asked.bits.rows().min(args.pin_cues as usize);
    let at_pins = data.asked.bits.select(&(0..asked).collect::<Vec<_>>());
    let bar = ui.bar("teaching and asking", (most + EXAMPLES.len() * asked) as u64);
    let mut lessons = Vec::new();
    for examples in EXAMPLES {
        let rows = taught(examples);
        for &t in &rows {
            let (key, class) = (samples.keys().row(t), labels[t]);
            let (said, want) = (session.store(key, Some(class))?.stored, learner.store(key, Some(class))?);
            must_equal(said == want, &format!("example {t}: the board says {said:?}, the model {want:?}"))?;
            bar.inc(u64::from(matches!(said, Stored::New(_))));
        }
        // what it learnt outlasts the button
        session.transport().press_reset(20);
        let memory = learner.memory()?;
        let answers = session.recognise(&at_pins)?;
        bar.inc(asked as u64);
        let classify = of_memory(&memory);
        let want = classify(&at_pins);
        let got: Vec<usize> = answers.iter().filter_map(|one| one.ranking.map(|r| r.class)).collect();
        must_equal(got == want, "the board gives another class than the model")?;
        let of_patterns = classes_of_patterns(&memory).unwrap_or_default();
        let right = |answers: &[usize]| share(answers, &data.right);
        lessons.push(Lesson {
            examples,
            stored: session.held().patterns,
            board: right(&got),
            memory: right(&classify(&data.asked.bits)),
            nearest: right(&of_nearest(memory.patterns(), &of_patterns)(&data.asked.bits)),
            trained: right(&trained(&data.trained, &rows, &data.asked.bits, args.seed, ui)?),
        });
    }
    bar.finish_and_clear();
    let learnt = session.memory(&mut |_| ())?;
    must_equal(learnt.patterns() == learner.memory()?.patterns(), "the board holds other patterns than the model")?;
    folder::save(
        &learnt,
        &out.join("learnt"),
        &serde_json::Map::from_iter([("learnt".into(), json!({"where": "on the device"}))]),
    )?;
    ui.note(format!("4/5  lessons    {} examples stored, {asked} keys asked after each lesson and a press of the button: every answer as the model's", learnt.patterns().rows()));

    atomic::write(&out.join("learning.svg"), picture(&lessons, data)?.as_bytes())?;
    let json = json!({
        "version": env!("CARGO_PKG_VERSION"), "seed": args.seed, "classes": classes, "gamma": gamma, "level": level.to_string(),
        "asked_at_pins": asked, "asked": data.right.len(), "build": build,
        "lessons": lessons.iter().map(Lesson::json).collect::<Vec<_>>(),
    });
    atomic::write(&out.join("report.json"), format!("{json:#}\n").as_bytes())?;
    hopgate_web::report::save(out)?;
    atomic::write(&out.join("report.md"), markdown(&lessons, data, build, asked, level).as_bytes())?;
    ui.note(format!("5/5  report     {}, report.html\n", out.join("report.md").display()));
    let result = json!({ "outputs": { "results": ui.path(out) }, "report": json });
    ui.result("demo/1", &result, || {
        let all = data.right.len();
        let head = ["examples a class", "stored", &format!("board, {asked} keys"), &format!("memory, {all} keys")];
        let mut rows = vec![head.into_iter().chain(["nearest example", "trained"]).map(String::from).collect()];
        rows.extend(lessons.iter().map(Lesson::row));
        rows.push(vec!["seconds".into(), format!("{:.0}", start.elapsed().as_secs_f64())]);
        table(&rows)
    })
}

impl Lesson {
    fn json(&self) -> Value {
        json!({
            "examples": self.examples, "stored": self.stored, "board": self.board, "memory": self.memory,
            "nearest": self.nearest, "trained": self.trained,
        })
    }

    fn row(&self) -> Vec<String> {
        let share = |x: f64| format!("{x:.4}");
        vec![
            self.examples.to_string(),
            self.stored.to_string(),
            share(self.board),
            share(self.memory),
            share(self.nearest),
            share(self.trained),
        ]
    }
}

fn must_equal(equal: bool, what: &str) -> Result<()> {
    match equal {
        true => Ok(()),
        false => {
            Err(Error::new(ErrorKind::Failed, what.to_owned()).hint("this is a fault of hopgate: please report it"))
        }
    }
}

/// What a trained model of the same examples answers.
fn trained(all: &KeyedData, rows: &[usize], keys: &BitMatrix, seed: u64, ui: &Ui) -> Result<Vec<usize>> {
    let part = KeyedData::of_part(all, rows);
    let options = KeyedOptions::new(rows.len()).how(Centres::All).seed(seed);
    let model = KeyedModelReport::train(&part, &options, &ui.follow("training beside it"))?;
    super::classes::float_classes(&model, keys)
}

fn share(answers: &[usize], right: &[u32]) -> f64 {
    let same = answers.iter().zip(right).filter(|&(&class, &right)| class == right as usize).count();
    same as f64 / answers.len().max(1) as f64
}

fn picture(lessons: &[Lesson], data: &Asked) -> Result<String> {
    let line = |label: &str, colour, of: fn(&Lesson) -> f64| {
        Series::line(label, colour, lessons.iter().map(|l| (l.examples as f64, of(l))))
    };
    let title = format!("Right classes of {} keys, {} bits", data.right.len(), data.asked.bits.cols());
    let series = vec![
        line("trained on the same", BLACK, |l| l.trained),
        line("nearest example", GREY, |l| l.nearest),
        line("the board's memory", RED, |l| l.memory),
    ];
    Figure::of(
        Chart::new(title, Axis::number("examples of each class"), Axis::percent("right class"), series).with_values(),
    )
    .svg()
}

fn markdown(
    lessons: &[Lesson],
    data: &Asked,
    build: &hopgate_eda::report::BuildReport,
    asked: usize,
    level: Level,
) -> String {
    let mut md = format!(
        "# A board that learns: {}\n\nThe board began empty. It was taught over its pins (level {level}), and asked {asked} keys after each lesson, behind a press of \
         the reset button. Every answer, and every stored pattern, is that of the model in software.\n\n\
         | examples a class | stored | board, {asked} keys | memory, all {} keys | nearest example | trained on the same |\n|---|---|---|---|---|---|\n",
        data.trained.source,
        data.right.len()
    );
    for lesson in lessons {
        let _ = writeln!(md, "| {} |", lesson.row().join(" | "));
    }
    let _ = write!(
        md,
        "\nThe board's column is of the keys that were asked at its pins, the others of all. The memory needs no training: a pattern is one row. *Nearest example* is the class of the nearest stored key; *trained on the same* is a KLR model \
         of the same examples, in float.\n\n![Accuracy against the number of examples](learning.svg)\n\n{} at {:.1} MHz, {:.0} needed. What was learnt is in `learnt/`.\n",
        build.board, build.fmax_mhz, build.clock_mhz
    );
    md
}
