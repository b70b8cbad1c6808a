//! What security keys were asked, until they answer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Timestamp;
use domain::access::Department;
use domain::ids::RoundId;
use domain::round::Gate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;
use webauthn_rs::prelude::{PasskeyAuthentication, PasskeyRegistration};

/// Seconds within which a key has to answer.
const LIFE: i64 = 300;
/// Begins what is signed, so that no other text has the same digest.
pub(super) const VERSION: &str = "hengping-signature/1";

/// What keys were asked and have not answered yet, by session. It stays in memory, and each answer is taken once.
#[derive(Debug, Default)]
pub struct Ceremonies(Mutex<HashMap<(Uuid, Purpose), (Timestamp, Asked)>>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Purpose {
    Register,
    SignIn,
    Sign(Statement),
}

#[derive(Debug)]
pub(super) enum Asked {
    Register(PasskeyRegistration),
    Pass(PasskeyAuthentication),
    Sign { state: PasskeyAuthentication, nonce: String },
}

impl Ceremonies {
    pub(super) fn keep(&self, session: Uuid, purpose: Purpose, at: Timestamp, asked: Asked) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (since, _)| is_alive(*since, at));
        kept.insert((session, purpose), (at, asked));
    }

    pub(super) fn take(&self, session: Uuid, purpose: Purpose, at: Timestamp) -> Option<Asked> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&(session, purpose)).filter(|(since, _)| is_alive(*since, at)).map(|(_, asked)| asked)
    }
}

fn is_alive(since: Timestamp, at: Timestamp) -> bool {
    (at - since).num_seconds() < LIFE
}

/// 所签内容: exactly what a key signs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Statement {
    pub round: RoundId,
    pub gate: Gate,
    pub department: Department,
    /// Digest of the content.
    pub digest: String,
}

impl Statement {
    /// What the key signs instead of a number drawn by lot.
    pub(super) fn challenge(&self, nonce: &str) -> String {
        let Self { round, gate, department, digest } = self;
        let text = format!("{VERSION}\n{round}\n{}\n{}\n{digest}\n{nonce}\n", gate.key(), department.key());
        URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
    }
}
