//! Of the types themselves.

use std::marker::PhantomData;

use backend::{BotKey, ReportToken, Token};
use domain::{NewPassword, Password};

/// Says whether a type has `==`: of the two methods of one name the compiler takes the first
/// where its bound holds, and the one behind the reference else.
struct Type<T>(PhantomData<T>);

impl<T: PartialEq> Type<T> {
    #[expect(clippy::unused_self, reason = "found by its receiver")]
    const fn is_comparable(&self) -> bool {
        true
    }
}

trait Incomparable {
    fn is_comparable(&self) -> bool {
        false
    }
}

impl<T> Incomparable for &Type<T> {}

macro_rules! is_comparable {
    ($type:ty) => {
        (&Type::<$type>(PhantomData)).is_comparable()
    };
}

/// A comparison that ends at the first difference tells how much of a guess is right. Secrets that
/// we make have none at all: their hashes are compared, by `subtle`.
#[test]
fn asvs_11_2_4_no_secret_can_be_compared_with_equals() {
    assert!(is_comparable!(String), "it sees what there is");
    assert!(!is_comparable!(Token));
    assert!(!is_comparable!(BotKey));
    assert!(!is_comparable!(ReportToken));
    assert!(!is_comparable!(Password));
    assert!(!is_comparable!(NewPassword));
}
