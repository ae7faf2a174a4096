//! Looks into the sources of pages for words that stand there instead of in `languages/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What is no word of ours, or nothing that people see.
const ALLOWED: &[&str] = &[
    "portal owner create --username NAME --link",
    "nofollow ugc noopener noreferrer",
];

struct Literal {
    text: String,
    /// The code before it.
    before: String,
}

/// The texts in quotes of a source, without those of comments and tests.
fn literals(source: &str) -> Vec<Literal> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < code.len() {
        let rest = |from: usize, n: usize| code[from..].iter().take(n).collect::<String>();
        if rest(at, 2) == "//" {
            while at < code.len() && code[at] != '\n' {
                at += 1;
            }
        } else if code[at] == '\'' && (code.get(at + 2) == Some(&'\'')) {
            at += 2;
        } else if rest(at, 2) == "r#" && code.get(at + 2) == Some(&'"') {
            let text = source_until(&code, at + 3, "\"#");
            at += 3 + text.chars().count() + 1;
            found.push(literal(&code, at, text));
        } else if code[at] == '"' {
            let begin = at;
            let mut text = String::new();
            at += 1;
            while at < code.len() && code[at] != '"' {
                if code[at] == '\\' {
                    at += 1;
                    if code[at] == '\n' {
                        while code[at + 1].is_whitespace() {
                            at += 1;
                        }
                    } else {
                        text.push(code[at]);
                    }
                } else {
                    text.push(code[at]);
                }
                at += 1;
            }
            found.push(literal(&code, begin, text));
        }
        at += 1;
    }
    found
}

fn source_until(code: &[char], from: usize, end: &str) -> String {
    let rest: String = code[from..].iter().collect();
    rest.split(end).next().unwrap_or_default().to_owned()
}

fn literal(code: &[char], begin: usize, text: String) -> Literal {
    let before: String = code[begin.saturating_sub(200)..begin].iter().collect();
    let before = before.trim_end().to_owned();
    Literal { text, before }
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

/// What in a source looks like English that people are shown.
fn plain_words(source: &str, classes: &BTreeSet<String>) -> Vec<String> {
    // `notice notice-info`: names, of which the first has a style.
    let is_class = |text: &str| {
        let mut words = text.split(' ');
        words.next().is_some_and(|word| classes.contains(word))
            && words.all(|word| classes.contains(word) || word.contains('-'))
    };
    literals(source)
        .into_iter()
        .filter(|literal| is_said(&literal.text))
        .filter(|literal| !ALLOWED.contains(&literal.text.as_str()))
        .filter(|literal| !is_class(&literal.text))
        .filter(|literal| {
            // For whoever reads the code or the log.
            let for_us = ["reason =", ".expect("];
            !for_us.iter().any(|end| literal.before.ends_with(end))
                && !literal
                    .before
                    .rsplit(';')
                    .next()
                    .is_some_and(|statement| statement.contains("tracing::"))
        })
        .map(|literal| literal.text)
        .collect()
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
            let found = plain_words(&source, &style);
            left.extend(
                found
                    .iter()
                    .map(|text| format!("{}: {text}", file.display())),
            );
            looked_at += literals(&source).len();
        }
    }
    assert!(left.is_empty(), "{left:#?}");
    assert!(looked_at > 500);
}

#[test]
fn words_in_a_page_are_noticed() {
    let style = BTreeSet::from(["button".to_owned(), "button-quiet".to_owned()]);
    let found = |source| plain_words(source, &style);
    let page = r#"
        // "A comment is none."
        view! { <p class="button button-quiet">"Log in"</p> <p>{ends} " and then "</p> }
        let title = format!("Page {}", 'n'); let left = format!(". {left} of them"); let quote = '"'; let path = "M12 7.5v5M12 16.2v.1"; let at = " {name}";
        let label = "Level"; let key = "level"; let long = "one \
            sentence"; tracing::error!("this was logged"); other("this was not");
    "#;
    let expected = [
        "Log in",
        " and then ",
        "Page {}",
        ". {left} of them",
        "Level",
        "one sentence",
        "this was not",
    ];
    assert_eq!(found(page), expected);
}
