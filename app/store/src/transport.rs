//! How the program speaks to PostgreSQL: within the machine in the clear, to another machine over TLS to whoever proves the name.

use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::net::IpAddr;

/// Whether nothing leaves the machine.
fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    options.get_socket().is_some()
        || host.starts_with('/')
        || address.map_or_else(|_| host.eq_ignore_ascii_case("localhost"), |own| own.to_canonical().is_loopback())
}

/// Another machine's certificate is verified with its name, unless the address of the database says in so many words what is to be
/// done. To prefer TLS says nothing: it is spoken if the other side, whoever that is, likes.
pub fn guarded(options: PgConnectOptions) -> PgConnectOptions {
    let silent = matches!(options.get_ssl_mode(), PgSslMode::Prefer | PgSslMode::Allow);
    if silent && !is_local(&options) { options.ssl_mode(PgSslMode::VerifyFull) } else { options }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> String {
        format!("{:?}", guarded(url.parse().unwrap()).get_ssl_mode())
    }

    #[test]
    fn another_machine_has_to_prove_its_name_unless_the_address_says_otherwise() {
        for other in [
            "postgres://hengping@db.example/hengping",
            "postgres://hengping@10.0.0.8:5433/hengping",
            "postgres://hengping@[2001:db8::8]/hengping",
            "postgres://hengping@localhost.example/hengping",
            "postgres://hengping@db.example/hengping?sslmode=prefer",
            "postgres://hengping@db.example/hengping?sslmode=allow",
            "postgres:///hengping?host=db.example",
            "postgres://hengping@localhost/hengping?hostaddr=10.0.0.8",
            "postgres://hengping@db.example/hengping?sslmode=verify-full",
        ] {
            assert_eq!(mode(other), "VerifyFull", "{other}");
        }
        assert_eq!(mode("postgres://hengping@db.example/hengping?sslmode=require"), "Require");
        assert_eq!(mode("postgres://hengping@db.example/hengping?sslmode=disable"), "Disable");
        assert_eq!(mode("postgres://hengping@db.example/hengping?sslmode=verify-ca"), "VerifyCa");
    }

    #[test]
    fn within_the_machine_it_stays_as_it_is() {
        for here in [
            "postgres://hengping@localhost/hengping",
            "postgres://hengping@127.0.0.1:5433/hengping",
            "postgres://hengping@127.1.2.3/hengping",
            "postgres://hengping@[::1]/hengping",
            "postgres:///hengping?host=/run/postgresql",
            "postgres://%2Frun%2Fpostgresql/hengping",
        ] {
            assert_eq!(mode(here), "Prefer", "{here}");
        }
    }
}
