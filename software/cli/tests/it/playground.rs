//! `hopgate show --web`: who is served, and what.

use crate::common::{PROGRAM, Place};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
};

/// A program that serves, until it is dropped.
struct Served {
    child: Child,
    address: SocketAddr,
    /// `/TOKEN`.
    base: String,
}

impl Served {
    fn new(place: &Place) -> Served {
        let mut child = start(place, &[]);
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let url = url.trim().strip_prefix("http://").unwrap();
        let (address, token) = url.split_once('/').unwrap();
        let address: SocketAddr = address.parse().unwrap();
        assert!(address.ip().is_loopback());
        Served { child, address, base: format!("/{}", token.trim_end_matches('/')) }
    }

    /// The status and the body of what a browser gets, with these further lines in its request.
    fn ask(&self, method: &str, path: &str, more: &str) -> (u16, Vec<u8>) {
        let host =
            if more.to_lowercase().contains("host:") { String::new() } else { format!("Host: {}\r\n", self.address) };
        self.say(&format!("{method} {path} HTTP/1.1\r\n{host}{more}\r\n"))
    }

    fn say(&self, request: &str) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let end = all.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(all[..end].to_vec()).unwrap();
        assert!(head.contains("Cache-Control: no-store") && head.contains("X-Content-Type-Options: nosniff"), "{head}");
        assert!(!head.to_lowercase().contains("access-control-allow"), "{head}");
        (head.split(' ').nth(1).unwrap().parse().unwrap(), all[end + 4..].to_vec())
    }
}

/// Starts it for the memory `memory`.
fn start(place: &Place, more: &[&str]) -> Child {
    let mut command = Command::new(PROGRAM);
    command.args(["show", "memory", "--web"]).args(more).current_dir(place.root());
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// What it prints with `--json` before it serves the memory `memory`; it is ended then.
pub fn announced(place: &Place) -> serde_json::Value {
    let mut child = start(place, &["--json"]);
    crate::common::first_object(&mut child)
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_page_and_the_memory_are_served_to_whom_they_are_for() {
    let place = Place::new();
    place.memory();
    let served = Served::new(&place);
    let base = served.base.clone();
    let get = |path: &str| served.ask("GET", &format!("{base}{path}"), "");
    let (status, page) = get("/");
    assert!(status == 200 && String::from_utf8_lossy(&page).contains("<title>hopgate playground"));
    assert_eq!(get("/memory/patterns.npy"), (200, std::fs::read(place.path("memory/patterns.npy")).unwrap()));
    let offered: serde_json::Value = serde_json::from_slice(&get("/served.json").1).unwrap();
    assert_eq!((&offered["name"], offered["memory"].as_array().unwrap().len()), (&"memory".into(), 5));
    for (name, content) in hopgate_web::serve::files().filter(|(name, _)| *name != "served.json") {
        assert_eq!(get(&format!("/{name}?x=1")), (200, content.to_owned()), "{name}");
    }
    assert_eq!(served.ask("HEAD", &format!("{base}/app.js"), ""), (200, Vec::new()));
    assert_eq!(served.ask("GET", &base, "").0, 308);
    assert_eq!(
        served.ask("GET", &format!("{base}/"), &format!("Host: localhost:{}\r\n", served.address.port())).0,
        200
    );
    // no two of them have a token in common
    assert_ne!(Served::new(&place).base, base);
}

#[test]
fn other_paths_tokens_hosts_and_origins_are_refused() {
    let place = Place::new();
    place.memory();
    std::fs::write(place.path("memory/secret.txt"), "secret").ok();
    std::fs::write(place.path("secret.txt"), "secret").unwrap();
    let served = Served::new(&place);
    let base = served.base.clone();
    let page = format!("{base}/");
    // paths outside, and names that are near one that is there
    for path in [
        "/../secret.txt",
        "/memory/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/memory/secret.txt",
        "/memory/",
        "/memory",
        "//index.html",
        "//etc/passwd",
        "/index.html/",
        "/.git/config",
        "/memory//patterns.npy",
        "/\\..\\secret.txt",
        "/Index.html",
        "/memories/",
    ] {
        let (status, body) = served.ask("GET", &format!("{base}{path}"), "");
        assert_eq!((status, String::from_utf8_lossy(&body).contains("secret")), (404, false), "{path}");
    }
    // other tokens: none, a shorter one, a longer one, one of other digits
    let other: String = base.chars().rev().collect::<String>().replace('/', "");
    let tokens = [
        "/",
        "/index.html",
        &base[..base.len() - 1],
        &format!("{base}0/"),
        &format!("/{other}/"),
        &format!("/{}/", "0".repeat(32)),
    ];
    for path in tokens.into_iter().filter(|path| *path != page) {
        assert_eq!(served.ask("GET", path, "").0, 404, "{path}");
    }
    // hosts: another name that leads here, none, two
    let port = served.address.port();
    for host in [
        "Host: evil.example\r\n".to_owned(),
        format!("Host: evil.example:{port}\r\n"),
        "Host: 127.0.0.1\r\n".to_owned(),
        format!("Host: 127.0.0.1:{}\r\n", port ^ 1),
    ] {
        assert_eq!(served.ask("GET", &page, &host).0, 421, "{host}");
    }
    assert_eq!(served.say(&format!("GET {page} HTTP/1.1\r\n\r\n")).0, 421);
    assert_eq!(served.ask("GET", &page, &format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n")).0, 400);
    // origins: a page of another one, also of this machine, may neither read nor send
    for more in [
        "Origin: http://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: http://127.0.0.1:1\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\n",
    ] {
        assert_eq!(served.ask("GET", &page, more).0, 403, "{more}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(served.ask(method, &page, "").0, 405, "{method}");
    }
    assert_eq!(served.say("nonsense\r\n\r\n").0, 400);
    // and it still serves
    assert_eq!(served.ask("GET", &page, "Sec-Fetch-Site: none\r\n").0, 200);
    assert_eq!(served.ask("GET", &page, "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n").0, 200);
}

#[test]
fn what_is_no_memory_and_options_without_effect_are_refused() {
    let place = Place::new();
    place.fails("show nowhere --web", 1, &["nowhere"]);
    place.fails("show memory --web --port /dev/null", 2, &["--web", "--port"]);
    place.memory();
    std::fs::write(place.path("memory/kernel.npy"), "damaged").unwrap();
    place.fails("show memory --web", 1, &["kernel.npy"]);
}
