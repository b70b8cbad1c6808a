//! Where the log goes beside the console: a socket of this machine, from which a log service takes it elsewhere over TLS.

use super::syslog::Message;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::{UnixDatagram, UnixStream};

const UNIX: &str = "unix:";
const TCP: &str = "tcp:";

/// The socket of a log service on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Target {
    Unix(PathBuf),
    Tcp(SocketAddr),
}

/// A text that names no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "日志去向“{0}”应为 unix: 加套接字文件的完整路径，或 tcp: 加本机地址和端口；送往其他机器的，由本机的日志服务经 TLS 转送"
)]
pub struct NoTarget(String);

impl FromStr for Target {
    type Err = NoTarget;

    fn from_str(text: &str) -> Result<Self, NoTarget> {
        let none = || NoTarget(text.to_owned());
        if let Some(path) = text.strip_prefix(UNIX) {
            return if Path::new(path).is_absolute() { Ok(Self::Unix(path.into())) } else { Err(none()) };
        }
        let address: SocketAddr = text.strip_prefix(TCP).and_then(|rest| rest.parse().ok()).ok_or_else(none)?;
        // What is written in the clear stays on the machine.
        if address.ip().to_canonical().is_loopback() { Ok(Self::Tcp(address)) } else { Err(none()) }
    }
}

impl TryFrom<String> for Target {
    type Error = NoTarget;

    fn try_from(text: String) -> Result<Self, NoTarget> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "{UNIX}{}", path.display()),
            Self::Tcp(address) => write!(f, "{TCP}{address}"),
        }
    }
}

/// A connection to the log service.
pub enum Line {
    #[cfg(unix)]
    Datagram(UnixDatagram),
    Stream(Box<dyn AsyncWrite + Send + Unpin>),
}

impl Target {
    /// # Errors
    /// Nobody listens there.
    pub async fn connect(&self) -> io::Result<Line> {
        match self {
            #[cfg(unix)]
            Self::Unix(path) => {
                let datagram = UnixDatagram::unbound()?;
                match datagram.connect(path) {
                    Ok(()) => Ok(Line::Datagram(datagram)),
                    // A socket of the other kind, or nobody at all, which the stream tells.
                    Err(_) => Ok(Line::Stream(Box::new(UnixStream::connect(path).await?))),
                }
            }
            #[cfg(not(unix))]
            Self::Unix(_) => Err(io::Error::from(io::ErrorKind::Unsupported)),
            Self::Tcp(address) => Ok(Line::Stream(Box::new(TcpStream::connect(address).await?))),
        }
    }
}

impl Line {
    /// # Errors
    /// The log service is gone.
    pub async fn send(&mut self, message: &Message) -> io::Result<()> {
        let text = message.to_string();
        match self {
            #[cfg(unix)]
            Self::Datagram(socket) => socket.send(text.as_bytes()).await.map(drop),
            // Each message is preceded by its length (RFC 6587, 3.4.1).
            Self::Stream(stream) => {
                stream.write_all(format!("{} {text}", text.len()).as_bytes()).await?;
                stream.flush().await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_stays_on_the_machine() {
        for text in ["unix:/dev/log", "tcp:127.0.0.1:601", "tcp:[::1]:601"] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), text);
        }
        for text in ["", "/dev/log", "unix:log.sock", "tcp:10.0.0.9:601", "tcp:loghost:601", "udp:127.0.0.1:514"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
