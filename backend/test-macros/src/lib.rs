//! Attributes for tests that use a database. Use them by their names in `backend::testing`.

use proc_macro::{TokenStream, TokenTree};

/// Generates two tests, `…::on_sqlite` and `…::on_postgres`, from an `async fn` that takes a
/// `TestPortal`:
///
/// ```text
/// #[both_databases]
/// async fn an_owner_logs_in(portal: TestPortal) { … }
/// ```
///
/// The function itself is unchanged; the tests are in a module of the same name beside it.
#[proc_macro_attribute]
pub fn both_databases(_arguments: TokenStream, function: TokenStream) -> TokenStream {
    add_tests(function, &["on_sqlite", "on_postgres"])
}

/// Like [`macro@both_databases`], but generates only `…::on_sqlite`. For behaviour that doesn't depend
/// on the database, such as how a page renders a result.
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

/// The identifier after `fn`.
fn name_of(function: &TokenStream) -> String {
    function
        .clone()
        .into_iter()
        .skip_while(|token| !matches!(token, TokenTree::Ident(word) if word.to_string() == "fn"))
        .nth(1)
        .expect("the attribute is on a function")
        .to_string()
}
