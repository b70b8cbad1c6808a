//! Stored keys and JSON back into types; what cannot be read is named, never guessed.

use crate::{Result, StoreError};
use serde::{Serialize, de::DeserializeOwned};
use std::str::FromStr;

pub fn code<T: FromStr>(key: &str) -> Result<T> {
    key.parse().map_err(|_| StoreError::Corrupt(key.to_owned()))
}

pub fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

pub fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

pub fn uscc(text: &str) -> Result<domain::uscc::Uscc> {
    domain::uscc::Uscc::parse(text).map_err(|error| StoreError::Corrupt(format!("{text}：{error}")))
}

pub fn count(value: i32) -> Result<u32> {
    u32::try_from(value).map_err(|_| StoreError::Corrupt(value.to_string()))
}
