//! Finds text for people that is hard-coded in the sources of pages instead of in `languages/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::Lit;

/// What is no word of ours, or nothing that people see.
const ALLOWED: &[&str] = &[
    "portal owner create --username NAME --link",
    "nofollow ugc noopener noreferrer",
];

/// The string literals of a source, without those of comments and tests, and those that only
/// developers and readers of the log see.
fn literals(source: TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = source.into_iter().collect();
    let mut found = Vec::new();
    let mut rest = &tokens[..];
    while let Some((first, mut after)) = rest.split_first() {
        match first {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                if let Some((attribute, after_attribute)) = attribute(after) {
                    after = after_attribute;
                    match &*attribute.stream().to_string().replace(' ', "") {
                        "cfg(test)" => after = after_item(after),
                        text if text.starts_with("doc=") || text.starts_with("expect(") => {}
                        _ => found.extend(literals(attribute.stream())),
                    }
                }
            }
            TokenTree::Ident(ident) if *ident == "tracing" => after = after_arguments(after),
            TokenTree::Ident(ident) if *ident == "expect" => after = after_arguments(after),
            TokenTree::Group(group) => found.extend(literals(group.stream())),
            TokenTree::Literal(literal) => {
                if let Lit::Str(text) = Lit::new(literal.clone()) {
                    found.push(text.value());
                }
            }
            TokenTree::Punct(_) | TokenTree::Ident(_) => {}
        }
        rest = after;
    }
    found
}

/// What follows a `#`: `[…]` or `![…]`, and the tokens after it.
fn attribute(tokens: &[TokenTree]) -> Option<(&Group, &[TokenTree])> {
    let at = usize::from(matches!(tokens.first(), Some(TokenTree::Punct(p)) if p.as_char() == '!'));
    match tokens.get(at) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            Some((group, &tokens[at + 1..]))
        }
        _ => None,
    }
}

/// The tokens after the first item, which ends with a block or a semicolon.
fn after_item(tokens: &[TokenTree]) -> &[TokenTree] {
    after_first(tokens, |token| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    })
}

/// The tokens after the arguments in parentheses, of a call or a macro.
fn after_arguments(tokens: &[TokenTree]) -> &[TokenTree] {
    after_first(tokens, |token| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    })
}

fn after_first(tokens: &[TokenTree], is_end: impl Fn(&TokenTree) -> bool) -> &[TokenTree] {
    match tokens.iter().position(is_end) {
        Some(end) => &tokens[end + 1..],
        None => &[],
    }
}

/// Whether a text looks like something that is said: words with a space between or at their edge, or
/// with a capital letter. What the program fills in is none of them.
fn is_said(text: &str) -> bool {
    let mut said = String::new();
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 0 => said.push(c),
            _ => {}
        }
    }
    let is_word = |word: &str| {
        word.chars().filter(|c| c.is_alphabetic()).count() > 1
            && word
                .chars()
                .all(|c| c.is_alphabetic() || ".,:;!?'’-()“”".contains(c))
    };
    let words: Vec<&str> = said.split(' ').collect();
    let several = words
        .windows(2)
        .any(|pair| is_word(pair[0]) && is_word(pair[1]));
    let at_edge = said.trim() != said && is_word(said.trim());
    let mut first = said.chars();
    let capital = first.next().is_some_and(char::is_uppercase)
        && first.next().is_some_and(char::is_lowercase);
    several || at_edge || capital
}

/// The classes that style sheets know.
fn classes(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files(folder, "css") {
        let text = fs::read_to_string(file).unwrap();
        for part in text.split('.').skip(1) {
            let name = part.split(|c: char| c != '-' && !c.is_alphanumeric());
            found.extend(name.take(1).map(str::to_owned));
        }
    }
    found
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|own| own == ending) {
            found.push(path);
        }
    }
    found
}

/// The literals that look like text for people.
fn plain_words(literals: &[String], classes: &BTreeSet<String>) -> Vec<String> {
    // `notice notice-info`: names, of which the first has a style.
    let is_class = |text: &str| {
        let mut words = text.split(' ');
        words.next().is_some_and(|word| classes.contains(word))
            && words.all(|word| classes.contains(word) || word.contains('-'))
    };
    let looks_said =
        |text: &&String| is_said(text) && !ALLOWED.contains(&text.as_str()) && !is_class(text);
    literals.iter().filter(looks_said).cloned().collect()
}

#[test]
fn what_pages_say_stands_in_the_language_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let style = classes(&root.join("../style"));
    assert!(style.contains("button-primary"));
    let (mut looked_at, mut left) = (0, Vec::new());
    for folder in ["src/pages", "src/components", "../frontend/src"] {
        for file in files(&root.join(folder), "rs") {
            let source = fs::read_to_string(&file).unwrap();
            let literals = literals(source.parse().unwrap());
            let found = plain_words(&literals, &style);
            let place = file.display();
            left.extend(found.iter().map(|text| format!("{place}: {text}")));
            looked_at += literals.len();
        }
    }
    assert!(left.is_empty(), "{left:#?}");
    assert!(looked_at > 500);
}

#[test]
fn words_in_a_page_are_noticed() {
    let style = BTreeSet::from(["button".to_owned(), "button-quiet".to_owned()]);
    let found = |source: &str| plain_words(&literals(source.parse().unwrap()), &style);
    let page = r#"
        // "A comment is none."
        view! { <p class="button button-quiet">"Log in"</p> <p>{ends} " and then "</p> }
        let title = format!("Page {}", 'n'); let left = format!(". {left} of them"); let quote = '"'; let path = "M12 7.5v5M12 16.2v.1"; let at = " {name}";
        let label = "Level"; let key = "level"; let long = "one \
            sentence"; tracing::error!("this was logged"); other("this was not");
        #[expect(dead_code, reason = "it says why")] let known = list.first().expect("it is there"); f("\u{201c}said after it\u{201d}");
        /// "So does a document."
        #[cfg(test)] mod tests { f("Within a test"); } g("after the test");
    "#;
    let expected = [
        "Log in",
        " and then ",
        "Page {}",
        ". {left} of them",
        "Level",
        "one sentence",
        "this was not",
        "“said after it”",
        "after the test",
    ];
    assert_eq!(found(page), expected);
}
