/// Where an application stands to the line. Drawn filled, square and hollow, besides the colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// 入围
    In,
    /// 边界区: the interval reaches across the line.
    Edge,
    /// 未入围
    Out,
}

impl Zone {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::In => "z-in",
            Self::Edge => "z-edge",
            Self::Out => "z-out",
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::In => "入围",
            Self::Edge => "边界区",
            Self::Out => "未入围",
        }
    }
}

/// One application of the ranked list; scores in hundredths of a point.
#[derive(Clone, Debug)]
pub struct IntervalRow {
    pub rank: u32,
    pub label: String,
    pub raw: i64,
    pub score: i64,
    /// The limits of the 90 % interval.
    pub low: i64,
    pub high: i64,
    pub zone: Zone,
}

/// The line below which nobody is taken.
#[derive(Clone, Debug)]
pub struct Quota {
    /// How many rows lie above the line.
    pub places: u32,
    pub label: String,
}
