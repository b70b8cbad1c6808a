//! Where the program listens: an address of the network, or a socket in the file system that only a reverse proxy on the same machine opens.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

/// What stands before the path of a socket.
const UNIX: &str = "unix:";

/// Where the program listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Place {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// A text that names no place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("监听地址“{0}”应为“地址:端口”，或 unix: 加套接字文件的完整路径")]
pub struct NoPlace(String);

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let none = || NoPlace(text.to_owned());
        match text.strip_prefix(UNIX) {
            Some(path) if Path::new(path).is_absolute() => Ok(Self::Unix(path.into())),
            Some(_) => Err(none()),
            None => text.parse().map(Self::Tcp).map_err(|_| none()),
        }
    }
}

impl TryFrom<String> for Place {
    type Error = NoPlace;

    fn try_from(text: String) -> Result<Self, NoPlace> {
        text.parse()
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "{UNIX}{}", path.display()),
        }
    }
}

impl Place {
    /// Whether only this machine reaches it.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Tcp(address) => address.ip().to_canonical().is_loopback(),
            Self::Unix(_) => true,
        }
    }

    /// The address of the network; the loopback address for a socket.
    pub fn address(&self) -> SocketAddr {
        match self {
            Self::Tcp(address) => *address,
            Self::Unix(_) => SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        }
    }

    /// Begins to listen. A socket that an earlier run has left behind is taken away; one that somebody answers is not.
    ///
    /// # Errors
    /// The address is in use or cannot be had.
    pub async fn open(&self) -> io::Result<Listener> {
        match self {
            Self::Tcp(address) => Ok(Listener::Tcp(TcpListener::bind(address).await?)),
            #[cfg(unix)]
            Self::Unix(path) => Ok(Listener::Unix(Socket::open(path).await?)),
            #[cfg(not(unix))]
            Self::Unix(_) => Err(io::Error::from(io::ErrorKind::Unsupported)),
        }
    }
}

/// Something that accepts connections.
#[derive(Debug)]
pub enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(Socket),
}

/// A socket in the file system, which goes with its listener.
#[cfg(unix)]
#[derive(Debug)]
pub struct Socket {
    pub(super) listener: UnixListener,
    path: PathBuf,
}

#[cfg(unix)]
impl Socket {
    /// Owner and group may connect: the group is the one that the reverse proxy is a member of.
    const MODE: u32 = 0o660;

    async fn open(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::{FileTypeExt, PermissionsExt};
        if let Ok(found) = std::fs::symlink_metadata(path) {
            let answered = tokio::net::UnixStream::connect(path).await.is_ok();
            if answered || !found.file_type().is_socket() {
                return Err(io::Error::from(io::ErrorKind::AddrInUse));
            }
            std::fs::remove_file(path)?;
        }
        let own = Self { listener: UnixListener::bind(path)?, path: path.to_owned() };
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(Self::MODE))?;
        Ok(own)
    }
}

#[cfg(unix)]
impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_address_or_a_whole_path() {
        for text in ["127.0.0.1:3000", "[::1]:3000", "unix:/run/hengping/web.sock"] {
            let place: Place = text.parse().unwrap();
            assert_eq!(place.to_string(), text);
            assert!(place.is_local());
        }
        assert!(!"0.0.0.0:80".parse::<Place>().unwrap().is_local());
        for text in ["", "3000", "localhost:3000", "unix:", "unix:web.sock", "/run/web.sock"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
