//! Tools that are missing, too old, fail, hang or write rubbish, and requests that make no sense.

use super::{Bench, UTILISATION};
use hopgate_eda::{
    exec::{End, Run},
    flow::{BuildRequest, build, failed_path},
    tools::Health,
};
use hopgate_model::ErrorKind;
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

#[test]
fn missing() {
    let mut bench = Bench::new();
    bench.toolbox = bench.toolbox.clone().with("icepack", bench.path("nowhere"));
    let e = bench.error();
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert!(e.to_string().contains("cannot run icepack"), "{e}");
    let e = Run::new("no-such-tool", "/no/such/tool".into()).run().unwrap_err();
    assert!(e.help_text().unwrap().contains("HOPGATE_NO_SUCH_TOOL"), "{:?}", e.help_text());
}

#[test]
fn too_old() {
    let bench = Bench::new().fake("yosys", "Yosys 0.9 (git sha1 1979e0b)", "touch ../ran");
    let e = bench.error();
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert!(e.to_string().contains("yosys 0.9 (") && e.to_string().contains("is too old: hopgate needs 0.23"), "{e}");
    assert!(e.help_text().unwrap().contains("apt-get install yosys"), "{:?}", e.help_text());
    let status = bench.toolbox.doctor().into_iter().find(|s| s.name == "yosys").unwrap();
    assert_eq!(status.health, Health::TooOld("0.23".into()));
    assert!(status.how.contains("HOPGATE_YOSYS"), "{}", status.how);
    // what its libraries say is not its version
    let noisy = Bench::new().fake("nextpnr-ice40", "libGL 0.1 error\nnextpnr-ice40 (Version 0.4-1)", "exit 3");
    let tool = noisy.toolbox.require("nextpnr-ice40").unwrap();
    assert_eq!(
        (tool.version.unwrap().to_string().as_str(), tool.banner.as_str()),
        ("0.4", "nextpnr-ice40 (Version 0.4-1)")
    );
    // a version that cannot be read is not held against a tool
    let bench = Bench::new().fake("nextpnr-ice40", "nextpnr-ice40 (Version 1c9e1ae)", "exit 3");
    assert_eq!(bench.toolbox.require("nextpnr-ice40").unwrap().version, None);
}

#[test]
fn broken_before_it_starts() {
    let bench =
        Bench::new().fake("yosys", "", "echo 'error while loading shared libraries: libtcl8.6.so' >&2; exit 127");
    let e = bench.error();
    assert!(e.to_string().contains("does not work") && e.to_string().contains("libtcl8.6.so"), "{e}");
    let status = bench.toolbox.doctor().into_iter().find(|s| s.name == "yosys").unwrap();
    assert!(matches!(status.health, Health::Broken(why) if why.contains("exit code 127")));
    let bench = Bench::new().fake("icetime", "", "echo \"Can't find chipdb file for device 8k\" >&2; exit 1");
    let e = bench.error();
    assert!(e.to_string().contains("Can't find chipdb file"), "{e}");
    assert!(e.help_text().unwrap().contains("fpga-icestorm-chipdb"), "{:?}", e.help_text());
}

#[test]
fn failing_with_an_error_line() {
    let noise = "i=0; while [ $i -lt 40 ]; do echo \"noise $i\"; i=$((i+1)); done";
    let bench = Bench::new().fake("yosys", "Yosys 0.23", &format!("echo 'ERROR: Module not found'; {noise}; exit 1"));
    let e = bench.error();
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert_eq!(e.to_string(), "yosys failed with exit code 1\n  ERROR: Module not found");
    let failed = failed_path(&bench.out());
    assert!(e.help_text().unwrap().contains(&failed.display().to_string()), "{:?}", e.help_text());
    let log = fs::read_to_string(failed.join("logs/synthesis.log")).unwrap();
    assert!(log.starts_with("$ yosys -p '") && log.contains("noise 39"), "{log}");

    // without an error line, the last 15 are shown
    let bench = Bench::new().fake("yosys", "Yosys 0.23", &format!("{noise}; exit 1"));
    let text = bench.error().to_string();
    assert!(!text.contains("noise 24\n") && text.contains("noise 25\n") && text.ends_with("noise 39"), "{text}");
}

#[test]
fn killed_by_a_signal() {
    let bench = Bench::new().fake("yosys", "Yosys 0.23", "kill -SEGV $$");
    let e = bench.error();
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert!(e.to_string().contains("was killed by signal 11 (SIGSEGV"), "{e}");
}

#[test]
fn hanging() {
    let bench = Bench::new().fake("yosys", "Yosys 0.23", "echo started; sleep 60 & sleep 60");
    let start = Instant::now();
    let request = BuildRequest { timeout: Some(Duration::from_millis(400)), ..bench.request() };
    let e = build(&request, &|_| ()).unwrap_err();
    // the child in the background holds the pipe open: it must be gone too
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert!(e.to_string().contains("yosys was stopped: it took longer than"), "{e}");
    assert!(e.to_string().contains("started"), "{e}");
}

#[test]
fn a_program_that_leaves_children_behind_is_still_over() {
    let start = Instant::now();
    let out = Run::new("sh", "/bin/sh".into()).args(["-c", "sleep 60 & echo done; exit 3"]).output().unwrap();
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_eq!((out.end, out.stdout.as_str()), (End::Code(3), "done\n"));
}

#[test]
fn a_seed_that_fails_is_recorded_and_the_fastest_of_the_others_kept() {
    let place = format!(
        "for a; do case $prev in --seed) seed=$a;; --asc) asc=$a;; --report) report=$a;; esac; prev=$a; done
         if [ $seed = 2 ]; then echo 'ERROR: Failed to route net' >&2; exit 1; fi
         echo $seed > $asc; echo '{UTILISATION}' > $report"
    );
    let time = "for file; do :; done; case $file in *1.asc) mhz=101.50;; *3.asc) mhz=110.25;; esac
                echo 'Timing estimate: x'; echo \"Total path delay: 9 ns ($mhz MHz)\"";
    let bench = Bench::new().fake("nextpnr-ice40", "nextpnr (Version 0.4)", &place).fake("icetime", "", time);
    let report = build(&bench.request(), &|_| ()).unwrap();
    assert_eq!((report.best_seed, report.fmax_mhz), (3, 110.25));
    let of = |i: usize| (report.seeds[i].seed, report.seeds[i].fmax_mhz);
    assert_eq!([of(0), of(1), of(2)], [(1, Some(101.5)), (2, None), (3, Some(110.25))]);
    assert!(report.seeds[1].failure.as_ref().unwrap().contains("Failed to route net"));
    assert_eq!(fs::read_to_string(bench.out().join("top.asc")).unwrap(), "3\n");
}

#[test]
fn every_seed_fails() {
    let bench = Bench::new().fake("nextpnr-ice40", "nextpnr (Version 0.4)", "echo 'ERROR: no luck' >&2; exit 255");
    let e = bench.error();
    assert_eq!(e.kind(), ErrorKind::Tool);
    let text = "all 3 seeds failed; with seed 1: nextpnr-ice40 failed with exit code 255\n  ERROR: no luck";
    assert_eq!(e.to_string(), text);
}

#[test]
fn icetime_fails_or_says_nothing() {
    for (does, words) in [
        (
            "echo 'Timing estimate: x'; case $1$2 in -dhx8k) [ $# -gt 3 ] && exit 2;; esac",
            "icetime failed with exit code 2",
        ),
        ("echo 'Timing estimate: x'", "icetime names no frequency"),
        ("echo 'Timing estimate: x'; echo 'Total path delay: 0.00 ns (inf MHz)'", "icetime names no frequency"),
    ] {
        let e = Bench::new().fake("icetime", "", does).error();
        assert_eq!(e.kind(), ErrorKind::Tool);
        assert!(e.to_string().contains(words), "{e}");
    }
}

#[test]
fn icepack_writes_rubbish() {
    let e = Bench::new().fake("icepack", "Usage: icepack", "echo rubbish > $2").error();
    assert!(e.to_string().contains("icepack wrote 8 bytes that are no bitstream"), "{e}");
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let bench = Bench::new();
    fs::create_dir(bench.out()).unwrap();
    fs::write(bench.out().join("thesis.tex"), "years of work").unwrap();
    let e = build(&bench.request(), &|_| ()).unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Io);
    assert!(bench.out().join("thesis.tex").is_file());
}

#[test]
fn requests_that_make_no_sense() {
    let bench = Bench::new();
    let wrong = [
        BuildRequest { seeds: vec![], ..bench.request() },
        BuildRequest { seeds: vec![1, 2, 1], ..bench.request() },
        BuildRequest { top: "top; exec rm".into(), ..bench.request() },
        BuildRequest { top: String::new(), ..bench.request() },
        BuildRequest { request_mhz: Some(f64::NAN), ..bench.request() },
    ];
    for request in wrong {
        assert_eq!(build(&request, &|_| ()).unwrap_err().kind(), ErrorKind::Usage, "{request:?}");
    }
    let nowhere = BuildRequest { rtl: bench.path("nowhere"), ..bench.request() };
    assert_eq!(build(&nowhere, &|_| ()).unwrap_err().kind(), ErrorKind::Io);
    fs::create_dir(bench.path("empty")).unwrap();
    let empty = BuildRequest { rtl: bench.path("empty"), ..bench.request() };
    let e = build(&empty, &|_| ()).unwrap_err();
    assert!(e.to_string().contains("there is no Verilog in this folder"), "{e}");
}

#[test]
fn a_log_that_cannot_be_written() {
    let log = Path::new("/dev/full");
    if log.exists() {
        let e = Run::new("sh", "/bin/sh".into()).args(["-c", "echo text"]).log(log).run().unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Io, "{e}");
        assert!(e.help_text().unwrap().contains("disk is full"), "{:?}", e.help_text());
    }
}
