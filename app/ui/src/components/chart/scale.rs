use leptos::prelude::*;

/// From values to per cent of the plot's width.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    /// Round limits around the values, with four to eight ticks.
    pub fn around(low: f64, high: f64) -> Self {
        let span = (high - low).max(1e-9);
        let magnitude = 10f64.powf((span / 4.0).log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|m| m * magnitude).into_iter().find(|step| span / step <= 8.0);
        let step = step.unwrap_or(span);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    pub fn at(self, value: f64) -> String {
        format!("{:.2}%", self.share(value) * 100.0)
    }

    pub fn share(self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Vertical lines with figures above, `top` px for the figures, down to `bottom`.
    pub fn grid(self, top: u32, bottom: u32) -> AnyView {
        let decimals = usize::from(self.step.fract() != 0.0);
        let mut ticks = Vec::new();
        let mut value = self.low;
        while value <= self.high + self.step / 2.0 {
            ticks.push(value);
            value += self.step;
        }
        ticks
            .into_iter()
            .map(|value| {
                let x = self.at(value);
                view! {
                    <line class="grid" x1=x.clone() x2=x.clone() y1=top.to_string() y2=bottom.to_string()></line>
                    <text class="mid" x=x y=(top - 6).to_string()>{format!("{value:.decimals$}")}</text>
                }
            })
            .collect_view()
            .into_any()
    }
}

/// Hundredths of a point as points, for drawing only.
pub(super) fn points(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn limits_are_round_and_enclose_the_values() {
        let scale = Scale::around(57.3, 93.1);
        assert_eq!(scale.at(55.0), "0.00%");
        assert_eq!(scale.at(95.0), "100.00%");
        assert_eq!(scale.at(75.0), "50.00%");
    }
}
