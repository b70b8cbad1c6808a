//! The message under which a form comes back. It travels in a short-lived cookie and is shown once.

use crate::cookie::Cookie;
use crate::request::{append_cookie, caller, cookie, form_pairs};
use service::Transport;

/// Bytes of an encoded message that fit a cookie with room to spare: browsers drop one above 4,096 bytes without a word.
const LONGEST_FLASH: usize = 3_600;

/// Whether the message is good news.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlashKind {
    Done,
    Problem,
}

/// The cookie under which a plain route says what went wrong.
pub fn flash_cookie(transport: Transport, problem: &str) -> String {
    flash_line(transport, FlashKind::Problem, problem)
}

/// The cookie under which a plain route says what was done.
pub fn done_cookie(transport: Transport, message: &str) -> String {
    flash_line(transport, FlashKind::Done, message)
}

/// How this request's browser reaches the program.
fn transport() -> Transport {
    caller().map_or(Transport::Plain, |caller| caller.app.transport)
}

pub fn set_flash(kind: FlashKind, message: &str) {
    if !message.is_empty() {
        append_cookie(&flash_line(transport(), kind, message));
    }
}

fn flash_line(transport: Transport, kind: FlashKind, message: &str) -> String {
    let mark = if kind == FlashKind::Done { '1' } else { '0' };
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let mut value = encoded(&format!("{mark}{message}"));
    if value.len() > LONGEST_FLASH {
        let mut room = LONGEST_FLASH - encoded("……").len() - 1;
        let mut fits = |c: &char| {
            let need = encoded(c.encode_utf8(&mut [0; 4])).len();
            room.checked_sub(need).map(|left| room = left).is_some()
        };
        let short: String = message.chars().take_while(&mut fits).collect();
        value = encoded(&format!("{mark}{short}……"));
    }
    Cookie::Flash.line(transport, &value, Some(60))
}

/// Takes the message left by the last form; it is shown once.
pub fn take_flash() -> Option<(FlashKind, String)> {
    let transport = transport();
    let value = cookie(Cookie::Flash.name(transport))?;
    append_cookie(&Cookie::Flash.line(transport, "", Some(0)));
    let (_, text) = form_pairs(format!("m={value}").as_bytes()).pop()?;
    let kind = if text.starts_with('1') { FlashKind::Done } else { FlashKind::Problem };
    let message = text.get(1..)?.to_owned();
    (!message.is_empty()).then_some((kind, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_still_fits_a_cookie() {
        for message in ["评".repeat(2_000), "a".repeat(5_000), "短".to_owned()] {
            let cookie = flash_line(Transport::Tls, FlashKind::Problem, &message);
            assert!(cookie.len() < 4_000, "{}", cookie.len());
            assert_eq!(
                cookie.contains(&form_urlencoded::byte_serialize("……".as_bytes()).collect::<String>()),
                message.len() > 100
            );
        }
    }
}
