//! Generates a function for each message of `languages/en.ftl`, with its placeholders as parameters,
//! and the list of language files. A missing message is then a compile error, an unused one a warning.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("languages");
    println!("cargo::rerun-if-changed={}", folder.display());
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("messages.rs"), messages(&folder.join("en.ftl"))?)?;
    fs::write(out.join("languages.rs"), files(&folder)?)?;
    Ok(())
}

/// A function for each message.
fn messages(english: &Path) -> Result<String, Box<dyn Error>> {
    let mut code = String::new();
    let text = fs::read_to_string(english)?;
    let resource = parser::parse(text.as_str())
        .map_err(|(_, errors)| format!("{}: {errors:?}", english.display()))?;
    for entry in &resource.body {
        let Entry::Message(message) = entry else {
            continue;
        };
        let (Some(pattern), key) = (&message.value, message.id.name) else {
            continue;
        };
        // `Language::name` reads it.
        if key == "language-name" {
            continue;
        }
        let mut names = BTreeSet::new();
        placeholders(pattern, &mut names);
        let source = first_line(&text, key);
        let parameters: Vec<String> = names
            .iter()
            .map(|name| format!("{}: impl Into<Value<'a>>", snake(name)))
            .collect();
        let lifetime = if names.is_empty() { "" } else { "<'a>" };
        writeln!(code, "/// ``{source}``")?;
        writeln!(
            code,
            "pub(crate) fn {}{lifetime}({}) -> String {{",
            snake(key),
            parameters.join(", ")
        )?;
        let arguments: Vec<String> = names
            .iter()
            .map(|name| format!("({name:?}, {}.into())", snake(name)))
            .collect();
        writeln!(
            code,
            "    translate({key:?}, [{}])\n}}\n",
            arguments.join(", ")
        )?;
    }
    Ok(code)
}

/// `FILES`: code and content of each language.
fn files(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut code = String::new();
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "ftl") {
            files.push(path);
        }
    }
    files.sort();
    writeln!(code, "const FILES: &[(&str, &str)] = &[")?;
    for path in files {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let path = path.display().to_string();
        writeln!(code, "    ({stem:?}, include_str!({path:?})),")?;
    }
    writeln!(code, "];")?;
    Ok(code)
}

fn placeholders(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, found);
        }
    }
}

fn of_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, found),
        Expression::Select { selector, variants } => {
            of_inline(selector, found);
            for variant in variants {
                placeholders(&variant.value, found);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => of_expression(expression, found),
        _ => {}
    }
}

fn snake(key: &str) -> String {
    key.replace('-', "_")
}

/// The English text, for the doc comment.
fn first_line<'a>(text: &'a str, key: &str) -> &'a str {
    let start = format!("{key} =");
    text.lines()
        .find_map(|line| line.strip_prefix(&start))
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .unwrap_or("(several lines)")
}
