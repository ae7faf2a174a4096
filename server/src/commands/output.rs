/// Prints the result of a command: the value with `--json`, the text otherwise.
#[expect(clippy::print_stdout, reason = "results of the command line go there")]
pub(super) fn print_result(json: bool, text: &str, value: &serde_json::Value) {
    if json {
        println!("{value}");
    } else {
        println!("{text}");
    }
}
