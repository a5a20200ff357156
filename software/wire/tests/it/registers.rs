//! The registers of a core behind a bus: the table, what is made of it, and that a C compiler takes it.

use hopgate_model::kind::Kind;
use hopgate_wire::registers::{ALL, BYTES, Device, NUMBER_BITS, c, markdown, option, status, svd};
use std::{fs, path::Path, process::Command};

fn device(kind: Kind) -> Device {
    Device {
        name: "hopgate_axil".into(),
        version: "1.2.3".into(),
        kind,
        neurons: 37,
        outputs: 10,
        cue_words: 3,
        answer_words: if kind == Kind::Class { 6 } else { 3 },
        answers: 1,
        masks: false,
        requests: None,
        window: 255,
        loads: false,
        learns: false,
        auto_store: false,
        streams: false,
    }
}

/// One of each kind, and all that can be asked for.
fn devices() -> Vec<Device> {
    let plain = Kind::ALL.map(device);
    let requests = Kind::ALL.map(|kind| {
        let learns = matches!(kind, Kind::Auto | Kind::Class);
        Device { requests: Some(1), loads: true, learns, auto_store: learns, ..device(kind) }
    });
    let masked = Device { masks: true, cue_words: 6, ..device(Kind::Auto) };
    let streamed = [Device { streams: true, ..device(Kind::Auto) }, Device { streams: true, ..requests[0].clone() }];
    plain.into_iter().chain(requests).chain([masked]).chain(streamed).collect()
}

#[test]
fn registers_and_fields_do_not_overlap() {
    assert_eq!(BYTES, 4 << NUMBER_BITS);
    assert!(ALL.iter().enumerate().all(|(number, register)| register.number == number), "in order, without gaps");
    assert!(ALL.iter().all(|register| register.offset() < BYTES));
    for register in ALL {
        let mut taken = 0u32;
        for field in register.fields {
            let mask = ((1 << field.bits) - 1) << field.low;
            assert!(taken & mask == 0 && mask < 1 << 16, "{} of {}", field.name, register.name);
            taken |= mask;
        }
    }
    // what interrupts has one place in all three registers
    let events = |name: &str| ALL.iter().find(|r| r.name == name).unwrap().fields;
    let mask = |name: &str| events(name).iter().fold(0, |all, field| all | 1 << field.low);
    assert_eq!((mask("ENABLE"), mask("PENDING")), (status::EVENTS, status::EVENTS));
    for field in events("ENABLE") {
        assert!(events("STATUS").iter().any(|other| other.name == field.name && other.low == field.low));
    }
}

#[test]
fn options_say_what_was_built() {
    let all =
        Device { masks: true, requests: Some(1), loads: true, learns: true, streams: true, ..device(Kind::Class) };
    assert_eq!(all.options(), 2 | 0x7c | 1 << option::MAP);
    assert_eq!(device(Kind::Auto).options(), 1 << option::MAP);
}

/// `HOPGATE_UPDATE=1 cargo test -p hopgate-wire --test it registers` writes the tables of the page anew.
#[test]
fn the_page_has_these_registers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/reference/wrappers.md");
    let page = fs::read_to_string(&path).unwrap();
    let (begin, end) = ("<!-- registers -->\n", "<!-- end of registers -->\n");
    let (before, rest) = page.split_once(begin).expect("where the tables begin");
    let (_, after) = rest.split_once(end).expect("where they end");
    let wanted = format!("{before}{begin}\n{}\n{end}{after}", markdown());
    if std::env::var_os("HOPGATE_UPDATE").is_some() {
        fs::write(&path, &wanted).expect("written");
    } else {
        assert!(page == wanted, "{}: HOPGATE_UPDATE=1 cargo test -p hopgate-wire --test it registers", path.display());
    }
}

/// Compiles a program that includes the header and uses everything; what the compiler says.
fn compiled(folder: &Path, header: &str, program: &str) -> String {
    fs::write(folder.join("memory.h"), header).unwrap();
    fs::write(folder.join("main.c"), format!("#include \"memory.h\"\n{program}")).unwrap();
    let options = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-O1", "-o", "main", "main.c"];
    let run = Command::new("cc").args(options).current_dir(folder).output().expect("a C compiler: cc");
    String::from_utf8_lossy(&run.stderr).into_owned()
}

fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("hopgate-registers-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_header_is_c99_of_every_kind() {
    let folder = folder("kinds");
    for device in devices() {
        let said =
            compiled(&folder, &c::header(&device), "int main(void) { return (int)HOPGATE_AXIL_NEURONS - 37; }\n");
        assert_eq!(said, "", "{device:?}");
    }
    // a header that is wrong is found
    let broken = c::header(&device(Kind::Auto)).replace("uint16_t status;", "");
    assert_ne!(compiled(&folder, &broken, "int main(void) { return 0; }\n"), "");
    fs::remove_dir_all(&folder).unwrap();
}

/// The functions against a register file in C: words go where they should, and requests end where their replies do.
#[test]
fn the_header_does_what_it_says() {
    let folder = folder("use");
    let device = Device { requests: Some(1), loads: true, learns: true, auto_store: true, ..device(Kind::Class) };
    let header = c::header(&device).replace("#include <stdint.h>", "#include <stdint.h>\n#include \"fake.h\"");
    fs::write(folder.join("fake.h"), include_str!("fake.h")).unwrap();
    assert_eq!(compiled(&folder, &header, include_str!("fake.c")), "");
    let run = Command::new(folder.join("main")).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_svd_has_every_register() {
    for device in devices() {
        let text = svd::svd(&device);
        let count = |what: &str| text.matches(what).count();
        assert_eq!(count("<register>"), device.registers().count());
        for tag in ["device", "peripheral", "registers", "register", "fields", "field", "name", "description"] {
            let opened = count(&format!("<{tag}>")) + count(&format!("<{tag} "));
            assert_eq!(opened, count(&format!("</{tag}>")), "{tag}");
        }
        let fields: usize = device.registers().map(|r| r.fields.len()).sum();
        assert_eq!(count("<field>"), fields);
    }
}
