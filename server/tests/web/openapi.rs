//! `/openapi.json` lists exactly the routes of the router, and every response in these tests matches
//! its schema.

use std::collections::{BTreeSet, HashMap};
use std::ptr;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use backend::testing::{TestPortal, sqlite_only};
use http::{Method, StatusCode};
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use server::api_routes;

use crate::browser::{Browser, TestResponse};

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../openapi.json")).unwrap());

/// Checks a response against the document, if it comes from a route of the API.
pub fn check(method: &Method, path: &str, answer: &TestResponse) {
    let path = path.split('?').next().unwrap();
    let of_method =
        || operations().filter(|(_, verb, _)| verb.eq_ignore_ascii_case(method.as_str()));
    // Those that say it word by word go first, as in the router.
    let operation = of_method()
        .find(|(template, ..)| *template == path)
        .or_else(|| of_method().find(|(template, ..)| fits(template, path)));
    let Some((template, _, operation)) = operation else {
        return;
    };
    let place = format!("{method} {template} {}", answer.status);
    let response = &operation["responses"][answer.status.as_str()];
    assert!(
        !response.is_null(),
        "{place} is not documented: {}",
        answer.body
    );
    let content = &resolve(response)["content"];
    let Some(schema) = content.get("application/json").map(|json| &json["schema"]) else {
        return;
    };
    if let Err(why) = matches(schema, &answer.json()) {
        panic!("{place} is not as documented: {why}\n{}", answer.body);
    }
}

/// All operations: path template, method and description.
fn operations() -> impl Iterator<Item = (&'static str, &'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, operations)| {
        let operations: &Map<String, Value> = operations.as_object().unwrap();
        operations
            .iter()
            .map(move |(verb, operation)| (path.as_str(), verb.as_str(), operation))
    })
}

/// Whether a path matches this template.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template
            .iter()
            .zip(path)
            .all(|(one, other)| one.starts_with('{') && !other.is_empty() || *one == other)
}

fn resolve(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(path) => DOCUMENT.pointer(path.strip_prefix('#').unwrap()).unwrap(),
        None => value,
    }
}

/// Checks a value against a schema of the document, formats included.
fn matches(schema: &'static Value, value: &Value) -> Result<(), String> {
    let validator = validator(schema);
    let errors = validator.iter_errors(value);
    let errors: Vec<String> = errors
        .map(|error| format!("{} {error}", error.instance_path()))
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("; "))
    }
}

/// Compiles each schema once, because many tests check the same responses.
fn validator(schema: &'static Value) -> Arc<Validator> {
    static COMPILED: LazyLock<Mutex<HashMap<usize, Arc<Validator>>>> =
        LazyLock::new(Mutex::default);
    let compile = || {
        let mut schema = schema.clone();
        // What `$ref` points to.
        schema["components"] = DOCUMENT["components"].clone();
        let options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true);
        Arc::new(options.build(&schema).unwrap())
    };
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let of_schema = compiled.entry(ptr::from_ref(schema).addr());
    of_schema.or_insert_with(compile).clone()
}

#[test]
fn openapi_document_lists_exactly_the_routes() {
    let documented: BTreeSet<(String, &str)> = operations()
        .map(|(path, verb, _)| (verb.to_uppercase(), path))
        .collect();
    let routed: BTreeSet<(String, &str)> = api_routes()
        .into_iter()
        .map(|(method, path)| (method.to_string(), path))
        .collect();
    let missing: Vec<_> = routed.difference(&documented).collect();
    let left_over: Vec<_> = documented.difference(&routed).collect();
    assert!(
        missing.is_empty() && left_over.is_empty(),
        "not documented: {missing:?}; not routed: {left_over:?}"
    );
}

#[test]
fn every_route_has_examples_that_match_its_schema() {
    for (path, verb, operation) in operations() {
        let place = format!("{verb} {path}");
        for text in ["summary", "tags", "security"] {
            assert!(!operation[text].is_null(), "{place} has no {text}");
        }
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let named = parameters
            .filter(|parameter| parameter["in"] == "path")
            .count();
        assert_eq!(named, path.matches('{').count(), "{place}: parameters");
        let request = operation.get("requestBody").map(|body| &body["content"]);
        let responses = operation["responses"].as_object().unwrap().values();
        let responses = responses.map(|response| &resolve(response)["content"]);
        for content in request.into_iter().chain(responses) {
            for kind in content.as_object().unwrap().values() {
                let example = kind
                    .get("example")
                    .unwrap_or_else(|| panic!("{place} has no example"));
                if let Err(why) = matches(&kind["schema"], example) {
                    panic!("{place}: {why}");
                }
            }
        }
    }
}

/// JSON Schema ignores misspelled keywords.
#[test]
fn every_schema_uses_known_keywords_only() {
    let strict = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:portal:strict-schema",
        "$dynamicAnchor": "meta",
        "$ref": "https://json-schema.org/draft/2020-12/schema",
        "unevaluatedProperties": false,
    });
    let strict = jsonschema::validator_for(&strict).unwrap();
    let misspelt = json!({ "properties": { "id": { "type": "integer", "minimun": 1 } } });
    assert!(!strict.is_valid(&misspelt));
    let mut seen = 0;
    let mut left = vec![&*DOCUMENT];
    while let Some(value) = left.pop() {
        let fields = value.as_object().into_iter().flatten();
        let schema = value.get("schema").into_iter();
        let schemas = value.get("schemas").and_then(Value::as_object);
        for schema in schema.chain(schemas.into_iter().flat_map(Map::values)) {
            let errors: Vec<_> = strict.iter_errors(schema).collect();
            assert!(errors.is_empty(), "{errors:?} in {schema}");
            seen += 1;
        }
        left.extend(fields.map(|(_, value)| value));
        left.extend(value.as_array().into_iter().flatten());
    }
    assert!(seen > 100, "{seen}");
}

/// ASVS 6.4.6: administrators start a reset, and never choose a person's password.
#[test]
fn asvs_6_4_6_no_admin_route_accepts_a_password() {
    let mut seen = 0;
    for (path, verb, operation) in operations() {
        if !path.starts_with("/v1/admin") {
            continue;
        }
        seen += 1;
        let mut taken = vec![&operation["requestBody"], &operation["parameters"]];
        while let Some(value) = taken.pop() {
            match value {
                Value::Object(_) => {
                    let fields = resolve(value).as_object().unwrap();
                    for (name, value) in fields {
                        let mut secrets = ["password", "code", "token", "secret"].iter();
                        let secret = secrets.any(|word| name.contains(word));
                        assert!(!secret, "{verb} {path} takes {name}");
                        taken.push(value);
                    }
                }
                Value::Array(values) => taken.extend(values),
                _ => {}
            }
        }
    }
    assert!(seen > 15, "{seen}");
}

#[test]
fn undocumented_response_fails_the_test() {
    let answer = |status, body: &str| TestResponse {
        status,
        headers: http::HeaderMap::new(),
        body: body.to_owned(),
    };
    let seen = |path: &'static str, answer: TestResponse| {
        std::panic::catch_unwind(move || check(&Method::GET, path, &answer)).is_ok()
    };
    assert!(seen(
        "/health",
        answer(StatusCode::OK, r#"{"status":"healthy"}"#)
    ));
    assert!(!seen(
        "/health",
        answer(StatusCode::OK, r#"{"status":"well"}"#)
    ));
    assert!(!seen(
        "/health",
        answer(StatusCode::OK, r#"{"status":"healthy","version":"1"}"#)
    ));
    assert!(!seen("/health", answer(StatusCode::OK, "{}")));
    assert!(!seen(
        "/health",
        answer(StatusCode::IM_A_TEAPOT, r#"{"status":"healthy"}"#)
    ));
}

#[sqlite_only]
async fn openapi_document_is_public(portal: TestPortal) {
    let answer = Browser::new(&portal)
        .call(Method::GET, "/openapi.json")
        .await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::OK, "application/json")
    );
    assert_eq!(answer.json(), *DOCUMENT);
}
