//! One panel's contrasts with the others.

/// Standard errors of the contrasts between one panel's severity and those of all others, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrasts {
    /// Root of their mean square.
    pub typical: f64,
    pub largest: f64,
}

impl Contrasts {
    /// `errors`: standard errors against every panel, in the order of the panels; that against `own` does not count.
    pub fn of(errors: &[f64], own: usize) -> Self {
        let others = || errors.iter().enumerate().filter(|(panel, _)| *panel != own).map(|(_, error)| *error);
        let mean_square = others().map(|error| error * error).sum::<f64>() / others().count().max(1) as f64;
        Self { typical: mean_square.sqrt(), largest: others().fold(0.0, f64::max) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_panel_does_not_count() {
        let contrasts = Contrasts::of(&[9.0, 3.0, 4.0], 0);
        assert!((contrasts.typical - 12.5_f64.sqrt()).abs() < 1e-12 && (contrasts.largest - 4.0).abs() < 1e-12);
        assert_eq!(Contrasts::of(&[9.0], 0), Contrasts { typical: 0.0, largest: 0.0 });
    }
}
