//! Requests by hand, so that what is wrong can be sent too.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines();
        lines.find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// Sends bytes as they are, and reads until the server closes.
pub async fn raw(addr: SocketAddr, request: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Reply {
        status: status.unwrap_or_else(|| panic!("no status in {text:?}")),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

pub async fn get(addr: SocketAddr, path: &str) -> Reply {
    get_with(addr, path, "").await
}

pub async fn get_with(addr: SocketAddr, path: &str, headers: &str) -> Reply {
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\n{headers}\r\n");
    raw(addr, request.as_bytes()).await
}

pub async fn post(addr: SocketAddr, path: &str, body: &str) -> Reply {
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    raw(addr, request.as_bytes()).await
}
