//! The program `hengping`: configuration, web server, command line.

pub mod cli;
pub mod config;
pub mod demo;
pub mod digests;
pub mod http;
pub mod listen;
pub mod log;
pub mod start;
