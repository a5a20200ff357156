//! `hopgate show`: as text, as a recording, on the virtual board, and in a terminal that is left as it was.

use crate::common::Place;
use std::{
    fs,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// `memory`: 20 pictures of 6 x 5, and `other`, both with their shape.
fn pictures(place: &Place) {
    for (name, seed) in [("memory", 3), ("other", 4)] {
        place.ok(&format!("train random:N=30,P=20,seed={seed} --gamma 0.2 -o {name}.npz"));
        place.ok(&format!("quantize {name}.npz --bits 1 -o {name}"));
    }
}

/// A virtual board, ended with the test.
struct Virtual(Child);

impl Virtual {
    fn of(place: &Place, memory: &str) -> Virtual {
        let mut command = Command::new(crate::common::PROGRAM);
        command.current_dir(place.root()).args(["board", memory, "--pty", "--level", "software", "--link", "port"]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let board = Virtual(child);
        let late = Instant::now() + Duration::from_secs(20);
        while !place.path("port").exists() {
            assert!(Instant::now() < late, "the virtual board does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        board
    }
}

impl Drop for Virtual {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A memory that needs no training keeps the size of its pictures too: glyphs are 8 wide, and not 12 as a square would be.
#[test]
fn pictures_are_as_wide_as_they_were() {
    let place = Place::new();
    place.ok("memory glyphs -o memory");
    let drawn = place.ok("show memory --noise 0").out;
    assert_eq!(drawn, place.ok("show memory --noise 0 --width 8").out);
    assert_ne!(drawn, place.ok("show memory --noise 0 --width 12").out);
}

#[test]
fn one_recall_as_text() {
    let place = Place::new();
    pictures(&place);
    let clean = place.ok("show memory --noise 0 --pattern 7 --width 6").out;
    assert!(clean.contains("pattern 7") && clean.contains("the software (no --port)"), "{clean}");
    assert_eq!((clean.matches("0 wrong").count(), clean.matches('+').count()), (2, 1), "{clean}");
    // the first picture is the pattern, two characters a pixel
    let patterns: Vec<u8> = fs::read(place.path("memory/patterns.npy")).unwrap();
    let pattern = &patterns[patterns.len() - 20 * 30..][7 * 30..8 * 30];
    for (line, row) in clean.lines().skip(3).zip(pattern.chunks(6)) {
        let want: String = row.iter().map(|&bit| if bit == 1 { "##" } else { ".." }).collect();
        assert_eq!(&line[1..13], want, "{clean}");
    }
    let noisy = place.ok("show memory --noise 20 --seed 5 --width 6").out;
    assert!(noisy.contains("++") || noisy.contains("--"), "{noisy}");
    let json = place.ok("show memory --noise 0.2 --seed 5 --json").json();
    assert_eq!((&json["equal"], &json["pattern"]), (&true.into(), &0.into()));
    assert!(noisy.contains(&format!("{} wrong", json["wrong_bits"][0])), "{json} {noisy}");
    place.fails("show memory --pattern 18446744073709551615 --record a.svg", 2, &["there is no pattern"]);
    place.fails("show memory --pattern 20", 2, &["there is no pattern 20", "the memory has 20"]);
    place.fails("show memory --port nowhere", 1, &["nowhere"]);
    place.fails("show nothing", 1, &["there is no memory folder nothing"]);
}

#[test]
fn the_board_answers() {
    let place = Place::new();
    pictures(&place);
    let board = Virtual::of(&place, "other");
    let json = place.ok("show other --port port --pattern 3 --noise 0.15 --json").json();
    assert_eq!((&json["answered_by"], &json["equal"]), (&"the board at port".into(), &true.into()));
    let mut command = place.command("show memory --port port");
    let said = String::from_utf8(command.output().unwrap().stderr).unwrap();
    assert!(
        said.contains("the board holds another memory than memory") && said.contains("host --port port load memory"),
        "{said}"
    );
    place.ok("host --port port load memory");
    let text = place.ok("show memory --port port --noise 0").out;
    assert!(text.contains("the board at port: ") && text.contains("as the software answers"), "{text}");
    place.ok("show memory --port port --record a.svg --count 3 --noise 0.2");
    place.ok("show memory --port port --record b.svg --count 3 --noise 0.2");
    drop(board);
    let svg = fs::read_to_string(place.path("a.svg")).unwrap();
    assert_eq!(svg, fs::read_to_string(place.path("b.svg")).unwrap());
    let frames = svg.matches("<animate ").count();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n") && frames >= 6, "{frames} frames");
    assert_eq!(svg.matches("<g visibility=\"visible\">").count(), 1);
    assert!(svg.contains("the board: ") && svg.contains("cue") && svg.contains("answer"), "{svg}");
}

/// What `script` saw of a terminal in which `show` ran, and the keys it was given.
fn in_a_terminal(place: &Place, keys: &str, size: &str) -> String {
    let run = format!("sh -c \"echo \\$\\$ >pid; exec {} show memory\"", crate::common::PROGRAM);
    let inner = format!("stty {size}; {run}; echo code $?; stty -a");
    // a key that comes before the screen is taken is lost
    let taken = "until grep -q 1049h seen 2>/dev/null; do sleep 0.1; done; sleep 0.3";
    let line = format!("rm -f seen; ({taken}; {keys}) | script -qefc '{inner}' seen");
    // who starts the tests may have signals ignored, and then the program ignores them too
    let mut command = Command::new("env");
    command.arg("--default-signal=HUP,INT,QUIT,TERM");
    let output = command.current_dir(place.root()).args(["sh", "-c", &line]).env("TERM", "xterm").output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_terminal_is_left_as_it_was() {
    if Command::new("script").arg("--version").output().is_err() {
        crate::common::skipped("script (of util-linux) is not installed");
        return;
    }
    let place = Place::new();
    pictures(&place);
    let (taken, left, shown) = ("\u{1b}[?1049h", "\u{1b}[?1049l", "\u{1b}[?25h");
    let wait = "sleep 0.3";
    let keys = format!("printf n; {wait}; printf r; {wait}; printf ' '; {wait}; printf q; sleep 0.5");
    let seen = in_a_terminal(&place, &keys, "rows 40 cols 100");
    let end = seen.rfind(left).unwrap_or_else(|| panic!("the screen was not given back: {seen}"));
    assert!(seen.find(taken).is_some_and(|at| at < end) && seen.rfind(shown).is_some_and(|at| at <= end), "{seen}");
    assert!(
        seen[end..].contains("code 0") && seen[end..].contains(" icanon") && seen[end..].contains(" echo "),
        "{}",
        &seen[end..]
    );
    // each key changed what is drawn (colours stand between the letters)
    let letters: String = plain(&seen);
    for words in ["10 % flips", "11 % flips", "draw 2", "pattern 1"] {
        assert!(letters.contains(words), "no {words} in {letters}");
    }
    // Ctrl-C is a key here
    let seen = in_a_terminal(&place, "printf '\\003'; sleep 0.5", "rows 40 cols 100");
    assert!(seen.contains(left) && seen.contains("code 0"), "{seen}");
    // a signal from elsewhere
    let seen = in_a_terminal(&place, "kill -INT $(cat pid); sleep 0.5", "rows 40 cols 100");
    let end = seen.rfind(left).unwrap_or_else(|| panic!("the screen was not given back: {seen}"));
    assert!(seen[end..].contains("code 130") && seen[end..].contains(" icanon"), "{}", &seen[end..]);
    let seen = in_a_terminal(&place, "printf q; sleep 0.5", "rows 8 cols 30");
    assert!(plain(&seen).contains("characters are needed") && seen.contains("code 0"), "{seen}");
}

/// The text of what a terminal was sent, without its control sequences.
fn plain(seen: &str) -> String {
    let mut text = String::new();
    let mut characters = seen.chars();
    while let Some(c) = characters.next() {
        match c {
            '\u{1b}' => drop(characters.by_ref().skip(1).find(|c| c.is_ascii_alphabetic())),
            c => text.push(c),
        }
    }
    text
}
