use serde::Deserialize;

/// How much of a page's visible text removals may take: the options of the check `removal-budget`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Budget {
    /// The share that one removal may take, in percent of the body's display columns.
    pub finding: usize,
    /// The share that all of a run may take together, in percent.
    pub file: usize,
    /// So many display columns may go whatever their share.
    pub free: usize,
}

impl Budget {
    /// Everything may go.
    pub const UNLIMITED: Self = Self {
        finding: 100,
        file: 100,
        free: usize::MAX,
    };

    /// The share in percent that `columns` are of `all`, if that is more than `percent` and not free.
    pub fn excess(&self, columns: usize, all: usize, percent: usize) -> Option<usize> {
        let over = columns > self.free && columns.saturating_mul(100) > all.saturating_mul(percent);
        over.then(|| {
            (columns.saturating_mul(100))
                .checked_div(all)
                .unwrap_or(100)
                .min(100)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_counts_past_what_is_free() {
        let budget = Budget {
            finding: 30,
            file: 40,
            free: 100,
        };
        assert_eq!(budget.excess(100, 120, budget.file), None);
        assert_eq!(budget.excess(101, 1_000, budget.file), None);
        assert_eq!(budget.excess(401, 1_000, budget.file), Some(40));
        assert_eq!(budget.excess(301, 1_000, budget.finding), Some(30));
        assert_eq!(budget.excess(500, 0, budget.file), Some(100));
        assert_eq!(Budget::UNLIMITED.excess(usize::MAX, 1, 0), None);
    }
}
