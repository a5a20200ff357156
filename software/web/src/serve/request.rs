//! What a browser asks, and what it is answered: as much of HTTP/1.1 as that takes.

use std::{
    io::Read,
    net::TcpStream,
    time::{Duration, Instant},
};

/// Bytes of a request's head, at most.
const MOST: usize = 16 << 10;
/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The head of a request, up to its empty line; none if it is too long, too slow, or no text.
pub fn head(stream: &mut TcpStream) -> Option<String> {
    let (mut bytes, mut part, start) = (Vec::new(), [0; 1024], Instant::now());
    while !bytes.windows(4).any(|w| w == b"\r\n\r\n") {
        let count = stream.read(&mut part).ok()?;
        if count == 0 || bytes.len() > MOST || start.elapsed() > PATIENCE {
            return None;
        }
        bytes.extend_from_slice(&part[..count]);
    }
    String::from_utf8(bytes).ok()
}

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// `GET` and so on.
    pub method: &'a str,
    /// The path, with what follows it.
    pub path: &'a str,
    /// The only host that it names.
    pub host: Option<&'a str>,
    /// The origin of the page that asks, where the browser says it.
    pub origin: Option<&'a str>,
    site: Option<&'a str>,
    mode: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// Reads the lines of a head; none if it is no request, or names two hosts or origins.
    pub fn parse(head: &'a str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, path, version) = (first.next()?, first.next()?, first.next()?);
        if first.next().is_some() || !version.starts_with("HTTP/1.") {
            return None;
        }
        let mut request = Request { method, path, host: None, origin: None, site: None, mode: None };
        for line in lines.take_while(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':')?;
            let field = match name.to_ascii_lowercase().as_str() {
                "host" => &mut request.host,
                "origin" => &mut request.origin,
                "sec-fetch-site" => &mut request.site,
                "sec-fetch-mode" => &mut request.mode,
                _ => continue,
            };
            if field.replace(value.trim()).is_some() {
                return None;
            }
        }
        Some(request)
    }

    /// Whether a page of another origin asks; it may lead its reader here, and see nothing of it.
    pub fn is_from_elsewhere(&self) -> bool {
        self.site.is_some_and(|site| !matches!(site, "same-origin" | "none")) && self.mode != Some("navigate")
    }
}

/// An answer.
pub struct Answer {
    status: u16,
    kind: &'static str,
    length: usize,
    location: Option<String>,
    /// What follows the head.
    pub body: Vec<u8>,
}

impl Answer {
    /// A file; without its content where that was not asked for.
    pub fn file(kind: &'static str, content: &[u8], head_only: bool) -> Answer {
        let body = if head_only { Vec::new() } else { content.to_owned() };
        Answer { status: 200, kind, length: content.len(), location: None, body }
    }

    /// A refusal, whose text tells nothing else.
    pub fn refused(status: u16) -> Answer {
        let body = format!("{status} {}\n", reason(status)).into_bytes();
        Answer { status, kind: "text/plain; charset=utf-8", length: body.len(), location: None, body }
    }

    /// That it is at another path.
    pub fn moved(path: &str) -> Answer {
        Answer { location: Some(path.to_owned()), ..Answer::refused(308) }
    }

    /// The head, to its empty line.
    pub fn head(&self) -> Vec<u8> {
        let mut head = format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\n\
             Cross-Origin-Opener-Policy: same-origin\r\nContent-Security-Policy: frame-ancestors 'none'\r\n\
             Permissions-Policy: serial=(self)\r\n",
            self.status,
            reason(self.status),
            self.kind,
            self.length
        );
        if self.status == 405 {
            head += "Allow: GET, HEAD\r\n";
        }
        if let Some(location) = &self.location {
            head += &format!("Location: {location}\r\n");
        }
        (head + "\r\n").into_bytes()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        403 => "Forbidden",
        405 => "Method Not Allowed",
        421 => "Misdirected Request",
        _ => "Not Found",
    }
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn requests_are_read_and_doubtful_ones_refused() {
        let head = "GET /x HTTP/1.1\r\nhost: a:1 \r\nOrigin:http://b\r\nSec-Fetch-Site: cross-site\r\n\r\nHost: c\r\n";
        let request = Request::parse(head).unwrap();
        assert_eq!(
            (request.method, request.path, request.host, request.origin),
            ("GET", "/x", Some("a:1"), Some("http://b"))
        );
        assert!(request.is_from_elsewhere());
        assert!(
            !Request::parse(&head.replace("\r\n\r\n", "\r\nSec-Fetch-Mode: navigate\r\n\r\n"))
                .unwrap()
                .is_from_elsewhere()
        );
        for bad in [
            "",
            "GET /x\r\n\r\n",
            "GET / x HTTP/1.1\r\n\r\n",
            "GET /x HTTP/2\r\n\r\n",
            "GET /x HTTP/1.1\r\nHost\r\n\r\n",
            "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        ] {
            assert_eq!(Request::parse(bad), None, "{bad:?}");
        }
    }
}
