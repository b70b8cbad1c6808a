//! The program `hengping`: configuration, web server, command line.

pub mod config;
pub mod http;
pub mod start;
