//! The copies on this machine, each sealed for its account.

use crate::scoring::desk::entries::Entries;
use aes_gcm::aead::{Aead, KeyInit, Nonce, Payload};
use aes_gcm::{Aes256Gcm, Key};
use serde::{Deserialize, Serialize};
use web_sys::Storage;

const NONCE: usize = 12;

/// What was typed, and the state of the sheet it was typed on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Copy {
    pub version: u32,
    pub base: Entries,
    pub entries: Entries,
    /// Saves that were sent and not answered.
    pub unanswered: Vec<String>,
}

pub struct Copies {
    storage: Storage,
    owner: String,
    cipher: Aes256Gcm,
}

impl Copies {
    /// The copies of an account; none where the browser keeps nothing.
    pub fn open(owner: &str, key: &str) -> Option<Self> {
        let storage = web_sys::window()?.local_storage().ok()??;
        let key = hex::decode(key).ok()?;
        let key: Key<Aes256Gcm> = key.as_slice().try_into().ok()?;
        Some(Self { storage, owner: owner.to_owned(), cipher: Aes256Gcm::new(&key) })
    }

    fn name(&self, sheet: &str) -> String {
        format!("hengping:copy:{}:{sheet}", self.owner)
    }

    /// Writes a copy and reads it back; whether it is there.
    pub fn write(&self, sheet: &str, copy: &Copy) -> bool {
        let name = self.name(sheet);
        let Some(sealed) = self.seal(&name, copy) else { return false };
        self.storage.set_item(&name, &sealed).is_ok() && self.storage.get_item(&name).ok().flatten() == Some(sealed)
    }

    fn seal(&self, name: &str, copy: &Copy) -> Option<String> {
        let mut nonce = [0; NONCE];
        super::send::fill_random(&mut nonce)?;
        let text = serde_json::to_vec(copy).ok()?;
        let payload = Payload { msg: &text, aad: name.as_bytes() };
        let sealed = self.cipher.encrypt(&Nonce::<Aes256Gcm>::from(nonce), payload).ok()?;
        Some(hex::encode([nonce.as_slice(), &sealed].concat()))
    }

    pub fn read(&self, sheet: &str) -> Option<Copy> {
        let name = self.name(sheet);
        let text = self.storage.get_item(&name).ok()??;
        let bytes = hex::decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: name.as_bytes() };
        let opened = self.cipher.decrypt(&Nonce::<Aes256Gcm>::from(*nonce), payload).ok()?;
        serde_json::from_slice(&opened).ok()
    }

    pub fn remove(&self, sheet: &str) {
        let _ = self.storage.remove_item(&self.name(sheet));
    }
}
