//! 客观分: points that staff establish once for all experts.

use crate::ids::ApplicationId;
use crate::points::Points;
use std::collections::{BTreeMap, HashMap};

/// 客观分 of one criterion with the evidence it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objective {
    pub points: Points,
    pub evidence: String,
}

/// Objective points by application and criterion code.
pub type Objectives = HashMap<ApplicationId, BTreeMap<String, Objective>>;
