use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::error::Failure;

/// The quiet zone around the code, in modules (ISO/IEC 18004 requires four).
const QUIET_ZONE: i32 = 4;

/// Renders a text as a QR code: an SVG with one path on white.
///
/// It is black on white in every colour scheme, so every app can read it. It has no script and no
/// style, so a content security policy doesn't block it. The text only appears as modules, so
/// nothing needs escaping.
///
/// # Errors
/// The text exceeds the capacity of a QR code (over 2300 bytes).
pub(crate) fn svg(text: &str) -> Result<String, Failure> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(Failure::internal)?;
    let side = code.size() + 2 * QUIET_ZONE;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let dark = (x..code.size()).take_while(|x| code.get_module(*x, y));
            let width = i32::try_from(dark.count()).map_err(Failure::internal)?;
            if width > 0 {
                let (left, top) = (x + QUIET_ZONE, y + QUIET_ZONE);
                write!(path, "M{left} {top}h{width}v1h-{width}z").map_err(Failure::internal)?;
            }
            // The module after the run is light.
            x += width + 1;
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" \
         aria-label=\"QR code\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "otpauth://totp/Portal:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
                       &issuer=Portal&algorithm=SHA1&digits=6&period=30";

    fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
        let (_, rest) = text.split_once(start).unwrap();
        rest.split_once(end).unwrap().0
    }

    /// Paints the path on a grid, as a browser does. `true` is black.
    fn paint(svg: &str) -> Vec<Vec<bool>> {
        let side: usize = between(svg, "<rect width=\"", "\"").parse().unwrap();
        let mut grid = vec![vec![false; side]; side];
        let path = between(svg, "<path d=\"", "\"");
        for run in path.split_terminator('z') {
            let (x, rest) = run.strip_prefix('M').unwrap().split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (width, back) = rest.split_once("v1h-").unwrap();
            assert_eq!(width, back);
            let (x, y, width): (usize, usize, usize) = (
                x.parse().unwrap(),
                y.parse().unwrap(),
                width.parse().unwrap(),
            );
            grid[y][x..x + width].fill(true);
        }
        grid
    }

    fn read(svg: &str) -> String {
        const SCALE: usize = 4;
        let grid = paint(svg);
        let side = grid.len() * SCALE;
        let is_dark = |at: usize| grid[at / side / SCALE][at % side / SCALE];
        let pixel = |at: usize| if is_dark(at) { 0 } else { 255 };
        let image: Vec<u8> = (0..side * side).map(pixel).collect();
        let mut reader = quircs::Quirc::default();
        let codes: Vec<_> = reader.identify(side, side, &image).collect();
        assert_eq!(codes.len(), 1);
        let read = codes[0].as_ref().unwrap().decode().unwrap();
        String::from_utf8(read.payload).unwrap()
    }

    #[test]
    fn a_reader_finds_the_text_again() {
        let long = format!("{URL}&note={}", "%F0%9F%94%91".repeat(20));
        for text in ["a", URL, &long] {
            assert_eq!(read(&svg(text).unwrap()), text);
        }
    }

    #[test]
    fn four_modules_around_it_stay_white() {
        let grid = paint(&svg(URL).unwrap());
        let last = grid.len() - 5;
        for (y, row) in grid.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                let inside = (4..=last).contains(&x) && (4..=last).contains(&y);
                assert!(inside || !dark, "{x} {y}");
            }
        }
        assert!(grid[4][4] && grid[4][last] && grid[last][4]);
    }

    #[test]
    fn it_is_small_and_carries_nothing_a_strict_policy_stops() {
        let svg = svg(URL).unwrap();
        assert!(svg.len() < 16_000, "{}", svg.len());
        assert!(svg.contains("role=\"img\"") && svg.contains("aria-label="));
        for odd in ["style", "script", "class", "href", " on", "currentColor"] {
            assert!(!svg.contains(odd), "{odd}");
        }
    }

    #[test]
    fn a_text_too_long_is_a_failure_and_no_panic() {
        assert!(svg(&"a".repeat(2300)).is_ok());
        assert!(svg(&"a".repeat(5000)).is_err());
    }
}
