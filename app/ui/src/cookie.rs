//! This program's cookies. With TLS the browser itself keeps them to this host and path (`__Host-`) and off plain connections.

use service::Transport;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    Session,
    /// The one-time message under which a form comes back.
    Flash,
    /// Browsers in which somebody has signed in before.
    Device,
}

impl Cookie {
    pub const fn name(self, transport: Transport) -> &'static str {
        match (self, transport) {
            (Self::Session, Transport::Tls) => "__Host-hengping",
            (Self::Session, Transport::Plain) => "hengping",
            (Self::Flash, Transport::Tls) => "__Host-hengping_flash",
            (Self::Flash, Transport::Plain) => "hengping_flash",
            (Self::Device, Transport::Tls) => "__Host-hengping_device",
            (Self::Device, Transport::Plain) => "hengping_device",
        }
    }

    /// The `Set-Cookie` line. `seconds` it is kept; without, until the browser closes.
    pub fn line(self, transport: Transport, value: &str, seconds: Option<u32>) -> String {
        let name = self.name(transport);
        let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let secure = if transport == Transport::Tls { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")
    }
}
