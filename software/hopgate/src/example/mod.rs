//! A bench for cocotb beside a design: a test that a user extends, and what runs it.

use hopgate_hdl::{Design, Top};
use hopgate_model::{Error, Result, bits::BitMatrix, memory::Memory};
use hopgate_sim::{Cues, words};

/// How a packet of a cue is answered.
const BY_CUE: &str = r#"    async def recall(self, cue):
        """All words of all answers to the words of a cue."""
        return await self.exchange(cue, ANSWERS * (ANSWER_WORDS + 3))
"#;
/// The same by a request, where packets are those.
const BY_REQUEST: &str = r#"    async def recall(self, cue):
        """All words of all answers to the words of a cue: they follow the header of a reply."""
        header, *answers = await self.exchange([@request@, *cue], 1 + ANSWERS * (ANSWER_WORDS + 3))
        assert header == @request@ | 0x80
        return answers
"#;
/// Cues of the example.
const CUES: usize = 4;

/// The names and the texts of its files.
///
/// # Errors
/// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for a board, whose pins are a UART's, and where nothing is in the core before a memory is loaded.
pub(crate) fn cocotb(design: &Design, memory: &Memory) -> Result<Vec<(String, String)>> {
    let bench = match design.top {
        Top::Core => include_str!("core.py"),
        Top::Axis { .. } => include_str!("axis.py"),
        Top::Axil { .. } => include_str!("axil.py"),
        Top::Wishbone { .. } => include_str!("wishbone.py"),
        Top::Board { .. } => {
            return Err(Error::usage("the example is a bench of a core or a wrapper, not of a board")
                .hint("`cosim --level board` recalls at the pins of a build"));
        }
    };
    let plan = &design.plan;
    if design.top == Top::Core && plan.loadable || plan.spram_lanes > 0 {
        return Err(Error::usage(
            "the example recalls what is in the core, and nothing is in this one before a memory is loaded",
        ));
    }
    let name = &design.name;
    let cues = examples(memory);
    let asked = Cues { bits: &cues, known: None };
    let vector = |q: usize| {
        let cue = asked.row(q);
        format!("    ({:?}, {:?}),\n", cue.words(plan), words::expected(memory, cue, plan.readout))
    };
    let vectors: String = (0..cues.rows()).map(vector).collect();
    let mut memories: Vec<String> = Vec::new();
    for memory in &design.memories {
        let memory = format!("{:?}: {:?}", memory.parameter, memory.file);
        // cores side by side read the same file
        if !memories.contains(&memory) {
            memories.push(memory);
        }
    }
    let memories = format!("{{{}}}", memories.join(", "));
    let timer = if bench.contains("Timer(") { ", Timer" } else { "" };
    let [answers, words] = match design.top {
        Top::Axil { .. } | Top::Wishbone { .. } => [plan.register_answers(), plan.register_words()],
        _ => [plan.answers(), plan.answer_words()],
    };
    let recall = match design.recall_header() {
        Some(header) => BY_REQUEST.replace("@request@", &format!("{header:#06x}")),
        None => BY_CUE.to_owned(),
    };
    let fill = |text: &str| {
        text.replace("@bench@", bench)
            .replace("@recall@", &recall)
            .replace("@name@", name)
            .replace("@timer@", timer)
            .replace("@vectors@", &vectors)
            .replace("@answers@", &answers.to_string())
            .replace("@words@", &words.to_string())
            .replace("@memories@", &memories)
    };
    Ok(vec![
        (format!("test_{name}.py"), fill(include_str!("test.py"))),
        (format!("run_{name}.py"), fill(include_str!("run.py"))),
    ])
}

/// Patterns of the memory, each with a bit that is turned.
fn examples(memory: &Memory) -> BitMatrix {
    let (patterns, rows) = (memory.patterns(), memory.patterns().rows());
    BitMatrix::from_fn(CUES.min(rows), patterns.cols(), |q, i| patterns.get(q, i) != (i == 7 * q % patterns.cols()))
}
