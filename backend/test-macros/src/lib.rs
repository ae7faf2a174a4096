//! The attributes that mark tests with a database. Use them by their names in `backend::testing`.

use proc_macro::{TokenStream, TokenTree};

/// Makes two tests, `…::on_sqlite` and `…::on_postgres`, of an `async fn` that takes a
/// `TestPortal`:
///
/// ```text
/// #[both_databases]
/// async fn an_owner_logs_in(portal: TestPortal) { … }
/// ```
///
/// The function stays as it is; the tests are in a module of the same name beside it.
#[proc_macro_attribute]
pub fn both_databases(_arguments: TokenStream, function: TokenStream) -> TokenStream {
    add_tests(function, &["on_sqlite", "on_postgres"])
}

/// As [`macro@both_databases`], but makes only `…::on_sqlite`: for what both databases do alike, such
/// as how a page shows what a rule answered.
#[proc_macro_attribute]
pub fn sqlite_only(_arguments: TokenStream, function: TokenStream) -> TokenStream {
    add_tests(function, &["on_sqlite"])
}

fn add_tests(function: TokenStream, databases: &[&str]) -> TokenStream {
    let name = name_of(&function);
    let tests: TokenStream = databases
        .iter()
        .map(|database| {
            parsed(&format!(
                "#[::tokio::test(flavor = \"multi_thread\")]
                 async fn {database}() {{
                     super::{name}(super::TestPortal::{database}().await).await;
                 }}"
            ))
        })
        .collect();
    let module = parsed(&format!("mod {name} {{ {tests} }}"));
    [function, module].into_iter().collect()
}

fn parsed(rust: &str) -> TokenStream {
    rust.parse().expect("the text is Rust")
}

/// The word after `fn`.
fn name_of(function: &TokenStream) -> String {
    function
        .clone()
        .into_iter()
        .skip_while(|token| !matches!(token, TokenTree::Ident(word) if word.to_string() == "fn"))
        .nth(1)
        .expect("the attribute is on a function")
        .to_string()
}
