//! 归属: whose a row is that is about to be written.

use super::Department;
use crate::ids::{AccountId, ExpertId};

/// 归属
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Of those who run the review.
    Review,
    /// Of one department alone: its signature, its pledge in a draw. Not even the program signs for it.
    Department(Department),
    /// Of one expert alone: what a sheet says. Not even the program scores for them.
    Expert(ExpertId),
    /// Written by an expert of themselves, and by those who run the review of the expert: recusals, sheets set aside.
    Concerning(ExpertId),
    /// Of one account alone: its second factor, its reports.
    Account(AccountId),
    /// Changed by an account's holder; reset only as an errand that two administrators have agreed to: passwords, second factors.
    Credentials(AccountId),
    /// Sessions of an account: ended by the holder, and by whoever changes what the account may do.
    BrowserSessions(AccountId),
    /// What administrators ask and agree about other people's credentials.
    Renewals,
    /// The list of accounts.
    Accounts,
    /// The roles of accounts.
    Roles,
    /// Links by which experts open their accounts.
    Invitations,
    /// Kept by the program for itself: failed sign-ins, keys, ends of retention.
    Program,
}
