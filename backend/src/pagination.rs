/// Which part of a list is wanted (docs/contract.md, Requests).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    offset: i64,
    limit: i64,
}

impl Slice {
    /// None for an offset below 0 and a limit outside of 1–100.
    #[must_use]
    pub const fn new(offset: i64, limit: i64) -> Option<Self> {
        if 0 <= offset && 1 <= limit && limit <= 100 {
            Some(Self { offset, limit })
        } else {
            None
        }
    }

    pub(crate) const fn offset(self) -> i64 {
        self.offset
    }

    pub(crate) const fn limit(self) -> i64 {
        self.limit
    }
}
