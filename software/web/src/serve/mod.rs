//! The playground, served from this program to browsers of this machine.
//!
//! It listens on 127.0.0.1 alone. What is served is a fixed list of texts in memory, below a path that begins with a random token: no path
//! leads to a file. Requests that a page of another origin makes are refused.

mod request;

use hopgate_files::{folder, npz};
use hopgate_model::{Error, Result};
use request::{Answer, Request};
use serde_json::json;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// What is served besides a memory: name, type and content of each file.
const PAGE: [(&str, &str, &[u8]); 21] = [
    page("app.js", include_bytes!("../../page/app.js")),
    page("board.js", include_bytes!("../../page/board.js")),
    page("contract.js", include_bytes!("../../page/contract.js")),
    page("draw.js", include_bytes!("../../page/draw.js")),
    page("folder.js", include_bytes!("../../page/folder.js")),
    page("frame.js", include_bytes!("../../page/frame.js")),
    page("grid.js", include_bytes!("../../page/grid.js")),
    page("index.html", include_bytes!("../../page/index.html")),
    page("learn.js", include_bytes!("../../page/learn.js")),
    page("line.js", include_bytes!("../../page/line.js")),
    page("memories/digits.json", include_bytes!("../../page/memories/digits.json")),
    page("memories/glyphs.json", include_bytes!("../../page/memories/glyphs.json")),
    page("memories/list.json", include_bytes!("../../page/memories/list.json")),
    page("memory.js", include_bytes!("../../page/memory.js")),
    page("npy.js", include_bytes!("../../page/npy.js")),
    page("serial.js", include_bytes!("../../page/serial.js")),
    page("served.json", include_bytes!("../../page/served.json")),
    page("stepper.js", include_bytes!("../../page/stepper.js")),
    page("style.css", include_bytes!("../../page/style.css")),
    page("view.js", include_bytes!("../../page/view.js")),
    page("wire.js", include_bytes!("../../page/wire.js")),
];

/// Files of a memory that the page reads.
const MEMORY: [&str; 7] =
    ["manifest.json", "patterns.npy", "planes.npy", "kernel.npy", "offset.npy", "labels.json", "classes.json"];
/// How long a browser may take to say what it wants, and to take it.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections at a time.
const MOST: usize = 32;

const fn page(name: &'static str, content: &'static [u8]) -> (&'static str, &'static str, &'static [u8]) {
    (name, kind_of(name), content)
}

/// What a browser takes a file for, by the end of its name.
const fn kind_of(name: &str) -> &'static str {
    let name = name.as_bytes();
    match name[name.len() - 1] {
        b'l' => "text/html; charset=utf-8",
        b'y' => "application/octet-stream",
        _ if name[name.len() - 2] == b'j' => "text/javascript; charset=utf-8",
        b's' => "text/css; charset=utf-8",
        _ => "application/json",
    }
}

/// Names of the page's files, with their contents.
pub fn files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    PAGE.into_iter().map(|(name, _, content)| (name, content))
}

/// The playground with a memory, behind a port.
pub struct Playground {
    listener: TcpListener,
    site: Arc<Site>,
}

/// What is served, and to whom.
struct Site {
    files: BTreeMap<String, (&'static str, Vec<u8>)>,
    /// The random part of every path.
    token: String,
    port: u16,
}

impl Playground {
    /// Reads a memory folder, and finds a port.
    ///
    /// # Errors
    /// Those of [`folder::open`], and [`hopgate_model::ErrorKind::Io`] where there is no port or no random number.
    pub fn open(memory: &Path) -> Result<Playground> {
        let mut given = BTreeMap::new();
        // a memory that is refused says why, as everywhere
        drop(folder::open(memory)?);
        for name in MEMORY {
            let path = memory.join(name);
            if path.exists() {
                given.insert(name.to_owned(), npz::read_file(&path)?);
            }
        }
        // the very bytes that are served, if another memory took the place meanwhile
        drop(folder::from_files(&given)?);
        let named = memory.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let served =
            json!({ "memory": given.keys().collect::<Vec<_>>(), "name": named.unwrap_or_else(|| "memory".into()) });
        let mut files: BTreeMap<String, _> =
            PAGE.into_iter().map(|(name, kind, content)| (name.to_owned(), (kind, content.to_owned()))).collect();
        files.insert("served.json".into(), ("application/json", served.to_string().into_bytes()));
        files.extend(given.into_iter().map(|(name, content)| (format!("memory/{name}"), (kind_of(&name), content))));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .map_err(|e| Error::io("listen on", Path::new("127.0.0.1"), e))?;
        let address = listener.local_addr().map_err(|e| Error::io("listen on", Path::new("127.0.0.1"), e))?;
        Ok(Playground { listener, site: Arc::new(Site { files, token: token()?, port: address.port() }) })
    }

    /// Where the page is, for a browser of this machine.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.site.port, self.site.token)
    }

    /// Serves until the program ends.
    pub fn serve(self) {
        let busy = Arc::new(AtomicUsize::new(0));
        for stream in self.listener.incoming().flatten() {
            if busy.load(Ordering::Relaxed) >= MOST {
                continue;
            }
            let (site, busy) = (self.site.clone(), busy.clone());
            busy.fetch_add(1, Ordering::Relaxed);
            std::thread::spawn(move || {
                site.talk(stream);
                busy.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }
}

impl Site {
    /// One connection: a request and its answer. What fails fails for the browser alone.
    fn talk(&self, mut stream: TcpStream) {
        let _ = stream.set_read_timeout(Some(PATIENCE)).and_then(|()| stream.set_write_timeout(Some(PATIENCE)));
        let Some(head) = request::head(&mut stream) else { return };
        let answer = Request::parse(&head).map_or(Answer::refused(400), |request| self.answer(&request));
        let _ = stream.write_all(&answer.head()).and_then(|()| stream.write_all(&answer.body));
        // what the browser may still be sending is read, so that the answer is not lost with the connection
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.take(1 << 16).read_to_end(&mut Vec::new());
    }

    fn answer(&self, request: &Request) -> Answer {
        let hosts = [format!("127.0.0.1:{}", self.port), format!("localhost:{}", self.port)];
        // a name of somebody else's that leads here (DNS rebinding) is not served
        let Some(host) = request.host.filter(|host| hosts.iter().any(|h| h == host)) else {
            return Answer::refused(421);
        };
        if request.origin.is_some_and(|origin| origin != format!("http://{host}")) || request.is_from_elsewhere() {
            return Answer::refused(403);
        }
        let path = request.path.split(['?', '#']).next().unwrap_or_default();
        let Some(rest) = path.strip_prefix('/').and_then(|path| path.split_at_checked(self.token.len())) else {
            return Answer::refused(404);
        };
        if !same(rest.0, &self.token) {
            return Answer::refused(404);
        }
        if !matches!(request.method, "GET" | "HEAD") {
            return Answer::refused(405);
        }
        let name = match rest.1 {
            "" => return Answer::moved(&format!("/{}/", self.token)),
            "/" => "index.html",
            name => name.trim_start_matches('/'),
        };
        match self.files.get(name).filter(|_| rest.1 == "/" || rest.1.len() == name.len() + 1) {
            Some((kind, content)) => Answer::file(kind, content, request.method == "HEAD"),
            None => Answer::refused(404),
        }
    }
}

/// Whether two texts are the same, in a time that does not tell how far they are.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// 128 random bits of the system, in hexadecimal digits.
fn token() -> Result<String> {
    let source = Path::new("/dev/urandom");
    let mut bytes = [0; 16];
    let read = File::open(source).and_then(|mut file| file.read_exact(&mut bytes));
    read.map_err(|e| Error::io("read", source, e))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}
