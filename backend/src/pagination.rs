/// Offset and limit of a page of a list (docs/contract.md, Requests).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    offset: i64,
    limit: i64,
}

impl Slice {
    /// Returns `None` if the offset is negative or the limit is outside 1–100.
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
