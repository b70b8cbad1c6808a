//! Figures as the pages of calibration write them.

/// The normal quantile of the 90 % intervals.
pub const Z90: f64 = 1.645;

/// A figure with the sign officials write, `−` for negative.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let zero = text.chars().all(|c| matches!(c, '0' | '.'));
    match (zero, value < 0.0) {
        (true, _) => text,
        (false, true) => format!("−{text}"),
        (false, false) => format!("+{text}"),
    }
}

/// A figure that a method may not be able to give.
pub fn or_dash(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "—".to_owned(), |value| format!("{value:.decimals$}").replace('-', "−"))
}
