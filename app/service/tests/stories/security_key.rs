//! Security keys: registered, passed at sign-in, used to sign exactly one content. The device is played by [`Device`].

use crate::support::{PASSWORD, World, enrol, installation, signed_in, terms};
use crate::{assert_error, assert_rule};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use domain::access::{Department, Errand, Standing};
use domain::countersign::Countersign;
use domain::renewal::Credential;
use domain::round::Gate;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use service::account::{self, Registering, Statement, check_proof};
use service::decision::{self, SignedBy};
use service::{Client, Context, Error, Restriction, round};
use sha2::{Digest, Sha256};
use store::Repositories;

/// A security key in software: one key pair, one counter.
struct Device {
    key: SigningKey,
    id: Vec<u8>,
    counter: u32,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Device {
    fn new(seed: u8) -> Self {
        Self { key: SigningKey::from_slice(&[seed; 32]).unwrap(), id: vec![seed; 16], counter: 0 }
    }

    fn client_data(question: &Value, kind: &str) -> Vec<u8> {
        let challenge = question["publicKey"]["challenge"].as_str().unwrap();
        json!({ "type": kind, "challenge": challenge, "origin": "https://hengping.example", "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    /// Flags: somebody is there and was recognised; with a credential on registering.
    fn authenticator_data(&mut self, credential: Option<Vec<u8>>) -> Vec<u8> {
        self.counter += 1;
        let mut data = Sha256::digest(b"hengping.example").to_vec();
        data.push(if credential.is_some() { 0x45 } else { 0x05 });
        data.extend(self.counter.to_be_bytes());
        data.extend(credential.unwrap_or_default());
        data
    }

    fn register(&mut self, question: &str) -> String {
        let question: Value = serde_json::from_str(question).unwrap();
        let client = Self::client_data(&question, "webauthn.create");
        let point = self.key.verifying_key().to_sec1_point(false);
        let bytes = point.as_bytes();
        // COSE: kind, algorithm, curve, x, y.
        let mut cose = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        cose.extend(&bytes[1..33]);
        cose.extend([0x22, 0x58, 0x20]);
        cose.extend(&bytes[33..]);
        let mut credential = vec![0; 16];
        credential.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        credential.extend(&self.id);
        credential.extend(cose);
        let data = self.authenticator_data(Some(credential));
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt");
        object.push(0x64);
        object.extend(b"none");
        object.push(0x67);
        object.extend(b"attStmt");
        object.extend([0xa0, 0x68]);
        object.extend(b"authData");
        object.push(0x58);
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key", "extensions": {},
            "response": { "attestationObject": text(&object), "clientDataJSON": text(&client) },
        })
        .to_string()
    }

    fn answer(&mut self, question: &str) -> String {
        let question: Value = serde_json::from_str(question).unwrap();
        let client = Self::client_data(&question, "webauthn.get");
        let data = self.authenticator_data(None);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key", "extensions": {},
            "response": {
                "authenticatorData": text(&data), "clientDataJSON": text(&client),
                "signature": text(signature.to_der().as_bytes()), "userHandle": null,
            },
        })
        .to_string()
    }
}

async fn enter(known: &Context, login: &str) -> Context {
    let token = signed_in(known, login).await;
    account::resume(&known.app, &Client::default(), &token).await.unwrap()
}

/// Registers a device in a fresh session. Returns the recovery codes.
async fn register(ctx: &Context, device: &mut Device, name: &str) -> Vec<String> {
    let Registering::Question(question) = account::keys(ctx).await.unwrap().registering else { panic!("it is fresh") };
    account::register_key(ctx, name, &device.register(&question)).await.unwrap().recovery_codes
}

#[tokio::test]
async fn a_key_is_a_second_factor_of_its_own_and_each_answer_is_taken_once() {
    let (app, clock) = installation().await;
    let known = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    let mut device = Device::new(7);
    let ctx = enter(&known, "gxt").await;
    assert_eq!(ctx.restriction, Some(Restriction::NoSecondFactor));
    assert_rule!(account::register_key(&ctx, "键", "{}").await, Moment);
    assert_eq!(register(&ctx, &mut device, " 办公室的密钥 ").await.len(), 10);

    // At the next sign-in the key is asked, and nothing else opens.
    let ctx = enter(&known, "gxt").await;
    assert_eq!(ctx.restriction, Some(Restriction::SecondFactor));
    assert_error!(account::keys(&ctx).await, Error::Restricted(Restriction::SecondFactor));
    assert_error!(account::enrolment(&ctx).await, Error::Restricted(Restriction::SecondFactor));
    let question = account::key_question(&ctx).await.unwrap().unwrap();
    let stranger = Device::new(9).answer(&question);
    assert_rule!(account::pass_with_key(&ctx, &stranger).await, Input);
    let question = account::key_question(&ctx).await.unwrap().unwrap();
    let answer = device.answer(&question);
    let token = account::pass_with_key(&ctx, &answer).await.unwrap();
    assert!(account::resume(&app, &Client::default(), &token).await.unwrap().restriction.is_none());
    assert_rule!(account::pass_with_key(&enter(&known, "gxt").await, &answer).await, Input, "验证码不正确");

    // An answer that comes too late, and one of a copy of the key, whose counter stands still.
    let ctx = enter(&known, "gxt").await;
    let late = device.answer(&account::key_question(&ctx).await.unwrap().unwrap());
    clock.pass(Duration::minutes(6));
    assert_rule!(account::pass_with_key(&ctx, &late).await, Input);
    let mut copy = Device { counter: 1, ..Device::new(7) };
    let old = copy.answer(&account::key_question(&ctx).await.unwrap().unwrap());
    assert_rule!(account::pass_with_key(&ctx, &old).await, Input);
}

#[tokio::test]
async fn a_device_that_was_begun_before_there_was_a_key_is_confirmed_only_after_the_key() {
    let (app, _) = installation().await;
    let known = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    let token = signed_in(&known, "gxt").await;
    let stranger = account::resume(&app, &Client::default(), &token).await.unwrap();
    account::enrolment(&stranger).await.unwrap();
    let owner = enter(&known, "gxt").await;
    register(&owner, &mut Device::new(7), "一").await;
    let stranger = account::resume(&app, &Client::default(), &token).await.unwrap();
    assert_error!(account::confirm(&stranger, "123456").await, Error::Restricted(Restriction::SecondFactor));
    let (rows, _) = app.program(Errand::Demonstration).audit().page("key_added", 0, 10).await.unwrap();
    assert!(rows.len() == 1 && rows[0].detail.contains("fingerprint"), "the audit knows the key");
}

#[tokio::test]
async fn keys_are_added_in_a_fresh_session_and_removed_with_the_password_but_for_the_last() {
    let (app, clock) = installation().await;
    let known = enrol(&app, "zuzhi", Standing::Organizer).await;
    let ctx = enter(&known, "zuzhi").await;
    let (mut first, mut second) = (Device::new(7), Device::new(9));
    register(&ctx, &mut first, "一").await;
    let again = enter(&known, "zuzhi").await;
    let question = account::key_question(&again).await.unwrap().unwrap();
    let token = account::pass_with_key(&again, &first.answer(&question)).await.unwrap();
    let ctx = account::resume(&app, &Client::default(), &token).await.unwrap();
    let only = account::keys(&ctx).await.unwrap().keys[0].id;
    assert_rule!(account::remove_key(&ctx, only, PASSWORD.to_owned()).await, Moment, "唯一");
    assert!(register(&ctx, &mut second, "二").await.is_empty(), "the recovery codes are there already");
    assert_rule!(account::remove_key(&ctx, only, "Wrong-2026-x".to_owned()).await, Input, "密码不正确");
    account::remove_key(&ctx, only, PASSWORD.to_owned()).await.unwrap();
    assert_error!(account::remove_key(&ctx, only, PASSWORD.to_owned()).await, Error::NotFound);
    clock.pass(Duration::minutes(6));
    assert_eq!(account::keys(&ctx).await.unwrap().registering, Registering::SignInAgain);

    // A reset takes the keys as well.
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    crate::support::reset(&admin, &security, known.actor.account, Credential::SecondFactor).await;
    assert_eq!(enter(&known, "zuzhi").await.restriction, Some(Restriction::NoSecondFactor));
}

#[tokio::test]
async fn at_a_bare_address_keys_are_refused_in_words() {
    let (app, _) = installation().await;
    let Ok(mut app) = std::sync::Arc::try_unwrap(app) else { panic!("nobody else holds it") };
    app.address = "http://10.0.0.7:3000".to_owned();
    let known = enrol(&std::sync::Arc::new(app), "zuzhi", Standing::Organizer).await;
    let ctx = enter(&known, "zuzhi").await;
    let Registering::Unavailable(why) = account::keys(&ctx).await.unwrap().registering else { panic!("http") };
    assert!(why.to_string().contains("域名"));
}

async fn signatures(world: &World) -> Vec<Countersign> {
    world.app.program(Errand::Demonstration).rounds().countersigns(world.round).await.unwrap()
}

#[tokio::test]
async fn whoever_has_a_key_signs_exactly_the_digest_with_it_and_anyone_can_check_that() {
    let world = World::new().await;
    round::set_terms(&world.industry, world.round, terms()).await.unwrap();
    let login =
        world.app.program(Errand::Demonstration).accounts().get(world.industry.actor.account).await.unwrap().login;
    let ctx = enter(&world.industry, &login).await;
    let mut device = Device::new(7);
    register(&ctx, &mut device, "密钥").await;
    let again = enter(&world.industry, &login).await;
    let question = account::key_question(&again).await.unwrap().unwrap();
    let token = account::pass_with_key(&again, &device.answer(&question)).await.unwrap();
    let ctx = account::resume(&world.app, &Client::default(), &token).await.unwrap();

    let (round, gate) = (world.round, Gate::Terms);
    let digest = decision::signing(&ctx, round, gate).await.unwrap().digest.unwrap();
    assert_rule!(decision::countersign(&ctx, round, gate, &digest).await, Input, "用它签署");
    // An answer to another question, and the right one to another content, are none.
    let sign_in = account::key_question(&ctx).await.unwrap().unwrap();
    let wrong = device.answer(&sign_in);
    assert_rule!(decision::countersign_by_key(&ctx, round, gate, &digest, &wrong).await, Input);
    let other = decision::question(&ctx, round, Gate::Shortlist, &digest).await.unwrap().unwrap();
    let wrong = device.answer(&other);
    decision::question(&ctx, round, gate, &digest).await.unwrap();
    assert_rule!(decision::countersign_by_key(&ctx, round, gate, &digest, &wrong).await, Input);
    let question = decision::question(&ctx, round, gate, &digest).await.unwrap().unwrap();
    let answer = device.answer(&question);
    decision::countersign_by_key(&ctx, round, gate, &digest, &answer).await.unwrap();
    let by: Vec<_> = decision::signing(&ctx, round, gate).await.unwrap().signed.into_iter().map(|own| own.by).collect();
    assert_eq!(by, [SignedBy::Key]);

    let sign = signatures(&world).await.remove(0);
    let proof = sign.proof.unwrap();
    let statement = Statement { round, gate, department: Department::Industry, digest };
    assert!(check_proof(&statement, &proof));
    let changed = [
        Statement { digest: "0".repeat(64), ..statement.clone() },
        Statement { department: Department::Science, ..statement.clone() },
        Statement { gate: Gate::Shortlist, ..statement.clone() },
    ];
    for other in changed {
        assert!(!check_proof(&other, &proof));
        let mut forged: Value = serde_json::from_str(&proof).unwrap();
        forged["statement"] = serde_json::to_value(&other).unwrap();
        assert!(!check_proof(&other, &forged.to_string()), "the key signed something else");
    }
    // Who has none signs as before.
    decision::countersign(&world.education, round, gate, &statement.digest).await.unwrap();
    assert!(signatures(&world).await.iter().any(|own| own.proof.is_none()));
}
