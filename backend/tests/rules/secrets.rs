//! Properties of the secret types themselves.

use std::marker::PhantomData;

use backend::{BotKey, ReportToken, Token};
use domain::{NewPassword, Password};

/// Detects whether a type implements `PartialEq`. Of two methods of the same name, the compiler takes
/// the inherent one if its bound holds, and otherwise the trait's on the reference.
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

/// A comparison that stops at the first difference reveals how much of an attempt is right. Portal's
/// own secrets can't be compared at all: `subtle` compares their hashes.
#[test]
fn asvs_11_2_4_no_secret_can_be_compared_with_equals() {
    assert!(is_comparable!(String), "it sees what there is");
    assert!(!is_comparable!(Token));
    assert!(!is_comparable!(BotKey));
    assert!(!is_comparable!(ReportToken));
    assert!(!is_comparable!(Password));
    assert!(!is_comparable!(NewPassword));
}
