//! 安全密钥 (WebAuthn): a device that signs with a key that never leaves it, for this site alone. It opens sessions, and signs digests.

use super::Factor;
use super::ceremony::{Asked, Purpose, Statement, VERSION};
use crate::audit::kinds::FactorUse;
use crate::crypto::random;
use crate::{App, Context, Error, Result};
use domain::account::{Account, EnrolmentError};
use domain::second_factor::SecurityKey;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Repositories, Tx};
use uuid::Uuid;
use webauthn_rs::prelude::{
    Passkey, PasskeyAuthentication, PublicKeyCredential, RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
};

fn internal(error: &dyn std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}

/// This site, as keys know it.
///
/// # Errors
/// `Rule` where it is opened by a bare address, which keys refuse.
pub(in crate::account) fn relying_party(app: &App) -> Result<Webauthn> {
    site(&app.address).ok_or_else(|| EnrolmentError::NoDomain.into())
}

fn site(address: &str) -> Option<Webauthn> {
    let origin = Url::parse(address).ok()?;
    let domain = origin.domain()?.to_owned();
    if origin.scheme() != "https" && domain != "localhost" {
        return None;
    }
    WebauthnBuilder::new(&domain, &origin).ok()?.rp_name("衡评").build().ok()
}

fn session(ctx: &Context) -> Result<Uuid> {
    ctx.session.ok_or(Error::SignedOut)
}

fn credential(key: &SecurityKey) -> Result<Passkey> {
    Ok(serde_json::from_str(&key.credential)?)
}

fn credentials(keys: &[SecurityKey]) -> Result<Vec<Passkey>> {
    keys.iter().map(credential).collect()
}

/// By which the audit knows a key: the digest of its public key, which stays the same as its counter goes up.
///
/// # Errors
/// The key cannot be read.
pub(in crate::account) fn fingerprint(key: &SecurityKey) -> Result<String> {
    let public = serde_json::to_vec(credential(key)?.get_public_key())?;
    Ok(domain::digest::sha256(&public))
}

/// What a new key is asked, as JSON for the browser.
pub(in crate::account) fn begin(ctx: &Context, account: &Account, keys: &[SecurityKey]) -> Result<String> {
    let known = credentials(keys)?.iter().map(|own| own.cred_id().clone()).collect();
    let (question, state) = relying_party(&ctx.app)?
        .start_passkey_registration(account.id.0, &account.login, &account.name, Some(known))
        .map_err(|error| internal(&error))?;
    ctx.app.ceremonies.keep(session(ctx)?, Purpose::Register, ctx.now(), Asked::Register(state));
    Ok(serde_json::to_string(&question)?)
}

/// The credential of a key that answered rightly.
pub(in crate::account) fn finish(ctx: &Context, answer: &str) -> Result<String> {
    let refused = || Error::from(EnrolmentError::KeyRefused);
    let Some(Asked::Register(state)) = ctx.app.ceremonies.take(session(ctx)?, Purpose::Register, ctx.now()) else {
        return Err(EnrolmentError::NotBegun.into());
    };
    let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| refused())?;
    let key = relying_party(&ctx.app)?.finish_passkey_registration(&answer, &state).map_err(|_| refused())?;
    Ok(serde_json::to_string(&key)?)
}

/// What the account's keys are asked at sign-in, as JSON for the browser. `None` without keys.
pub(in crate::account) fn offer(ctx: &Context, keys: &[SecurityKey]) -> Result<Option<String>> {
    if keys.is_empty() {
        return Ok(None);
    }
    let (question, state) =
        relying_party(&ctx.app)?.start_passkey_authentication(&credentials(keys)?).map_err(|error| internal(&error))?;
    ctx.app.ceremonies.keep(session(ctx)?, Purpose::SignIn, ctx.now(), Asked::Pass(state));
    Ok(Some(serde_json::to_string(&question)?))
}

/// A key of the account.
pub(in crate::account) struct Key;

impl Factor for Key {
    /// The key with its new counter.
    type Used = SecurityKey;

    const USE: FactorUse = FactorUse::SecurityKey;

    async fn check(&self, ctx: &Context, account: &Account, answer: &str) -> Result<Option<SecurityKey>> {
        let Some(Asked::Pass(state)) = ctx.app.ceremonies.take(session(ctx)?, Purpose::SignIn, ctx.now()) else {
            return Ok(None);
        };
        let keys = ctx.store().security_keys().of(account.id).await?;
        let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return Ok(None) };
        answered(ctx, &keys, &answer, &state)
    }

    async fn spend(&self, _: &Context, tx: &Tx, _: &Account, key: &SecurityKey) -> Result<bool> {
        tx.security_keys().save(key).await?;
        Ok(true)
    }
}

/// The key that answered, as it is to be kept from now on.
fn answered(
    ctx: &Context,
    keys: &[SecurityKey],
    answer: &PublicKeyCredential,
    state: &PasskeyAuthentication,
) -> Result<Option<SecurityKey>> {
    let Ok(result) = relying_party(&ctx.app)?.finish_passkey_authentication(answer, state) else { return Ok(None) };
    for key in keys {
        let mut own = credential(key)?;
        // The counter goes up with every use, so that a copy of the key is noticed.
        if own.update_credential(&result).is_some() {
            let credential = serde_json::to_string(&own)?;
            return Ok(Some(SecurityKey { credential, used_at: Some(ctx.now()), ..key.clone() }));
        }
    }
    Ok(None)
}

/// A question to a key about a content: the question of the library with the content's digest in the place of its random number.
fn about(statement: &Statement, nonce: &str, state: PasskeyAuthentication) -> Result<PasskeyAuthentication> {
    let mut state = serde_json::to_value(state)?;
    let place = state.pointer_mut("/ast/challenge").ok_or_else(|| internal(&"no challenge"))?;
    *place = Value::String(statement.challenge(nonce));
    Ok(serde_json::from_value(state)?)
}

/// What the account's keys are asked to sign, as JSON for the browser. `None` without keys, or where keys cannot be used.
pub fn sign_offer(ctx: &Context, keys: &[SecurityKey], statement: &Statement) -> Result<Option<String>> {
    if keys.is_empty() || relying_party(&ctx.app).is_err() {
        return Ok(None);
    }
    let nonce = hex::encode(random::<16>()?);
    let (question, state) =
        relying_party(&ctx.app)?.start_passkey_authentication(&credentials(keys)?).map_err(|error| internal(&error))?;
    let state = about(statement, &nonce, state)?;
    let mut question = serde_json::to_value(question)?;
    let place = question.pointer_mut("/publicKey/challenge").ok_or_else(|| internal(&"no challenge"))?;
    *place = Value::String(statement.challenge(&nonce));
    let purpose = Purpose::Sign(statement.clone());
    ctx.app.ceremonies.keep(session(ctx)?, purpose, ctx.now(), Asked::Sign { state, nonce });
    Ok(Some(question.to_string()))
}

/// A key's signature under a content.
pub struct Signed {
    /// The key with its new counter.
    pub key: SecurityKey,
    /// Everything by which anyone can check it: JSON.
    pub proof: String,
}

/// The signature, if the answer is one under exactly this content.
///
/// # Errors
/// `Rule` for any other answer.
pub fn signed(ctx: &Context, keys: &[SecurityKey], statement: &Statement, answer: &str) -> Result<Signed> {
    let refused = || Error::from(EnrolmentError::KeyRefused);
    let purpose = Purpose::Sign(statement.clone());
    let asked = ctx.app.ceremonies.take(session(ctx)?, purpose, ctx.now());
    let Some(Asked::Sign { state, nonce }) = asked else { return Err(refused()) };
    let given: PublicKeyCredential = serde_json::from_str(answer).map_err(|_| refused())?;
    let key = answered(ctx, keys, &given, &state)?.ok_or_else(refused)?;
    // With the counter that the answer goes beyond.
    let asked = keys.iter().find(|own| own.id == key.id).ok_or_else(refused)?;
    let credential: Value = serde_json::from_str(&asked.credential)?;
    let answer = serde_json::to_value(&given)?;
    let proof = json!({
        "version": VERSION, "statement": statement, "nonce": nonce, "address": ctx.app.address,
        "credential": credential, "answer": answer,
    });
    Ok(Signed { key, proof: proof.to_string() })
}

#[derive(Deserialize)]
struct Proof {
    version: String,
    statement: Statement,
    nonce: String,
    address: String,
    credential: Passkey,
    answer: PublicKeyCredential,
}

/// Whether a proof shows that its key signed exactly this. It needs nothing but the proof itself; whose key it is, the audit says.
pub fn check_proof(statement: &Statement, proof: &str) -> bool {
    let Ok(proof) = serde_json::from_str::<Proof>(proof) else { return false };
    let checked = || {
        let site = site(&proof.address)?;
        let (_, state) = site.start_passkey_authentication(std::slice::from_ref(&proof.credential)).ok()?;
        let state = about(statement, &proof.nonce, state).ok()?;
        site.finish_passkey_authentication(&proof.answer, &state).ok()
    };
    proof.version == VERSION && proof.statement == *statement && checked().is_some()
}
