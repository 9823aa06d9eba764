//! 水印 — who looks and when, in the image itself: a number, never a name.
//!
//! The letters are drawn here, five by seven dots each, so that no font is needed and every
//! number looks the same. A slanted pattern over the whole page leaves no corner without it.

/// Dots of a letter from left to right, with the one between two letters.
const ADVANCE: i64 = 6;
/// Dots of a letter from top to bottom.
const HEIGHT: i64 = 7;
/// Dots between two lines of the pattern.
const LINE: i64 = 34;
/// Dots between two marks on a line.
const BETWEEN: i64 = 10;
/// Pixels of a dot: as large as a line of text at 110 dpi.
const DOT: i64 = 3;
/// How much of a pixel a mark takes away, in 256ths: seen on white, and read through.
const STRENGTH: u32 = 56;
/// Slant of the pattern, in thousandths: up to the right by a quarter.
const SLANT: i64 = 250;

/// What is drawn: letters, digits and a few strokes; anything else is a gap.
fn rows(letter: char) -> [u8; 7] {
    match letter {
        '0' => [14, 17, 19, 21, 25, 17, 14],
        '1' => [4, 12, 4, 4, 4, 4, 14],
        '2' => [14, 17, 1, 2, 4, 8, 31],
        '3' => [31, 2, 4, 2, 1, 17, 14],
        '4' => [2, 6, 10, 18, 31, 2, 2],
        '5' => [31, 16, 30, 1, 1, 17, 14],
        '6' => [6, 8, 16, 30, 17, 17, 14],
        '7' => [31, 1, 2, 4, 8, 8, 8],
        '8' => [14, 17, 17, 14, 17, 17, 14],
        '9' => [14, 17, 17, 15, 1, 2, 12],
        'A' => [14, 17, 17, 31, 17, 17, 17],
        'B' => [30, 17, 17, 30, 17, 17, 30],
        'C' => [14, 17, 16, 16, 16, 17, 14],
        'D' => [28, 18, 17, 17, 17, 18, 28],
        'E' => [31, 16, 16, 30, 16, 16, 31],
        'F' => [31, 16, 16, 30, 16, 16, 16],
        '-' => [0, 0, 0, 14, 0, 0, 0],
        ':' => [0, 4, 4, 0, 4, 4, 0],
        _ => [0; 7],
    }
}

/// The mark of a viewer at a time, as it is drawn.
pub fn words(number: &str, at: &str) -> String {
    format!("{number} {at}").to_uppercase()
}

/// Draws a mark all over a picture of red, green and blue.
pub(super) fn draw(pixels: &mut [u8], width: usize, words: &str) {
    let letters: Vec<[u8; 7]> = words.chars().map(rows).collect();
    let advance = i64::try_from(letters.len()).unwrap_or(0) * ADVANCE + BETWEEN;
    let (mut x, mut y) = (0_i64, 0_i64);
    let width = i64::try_from(width).unwrap_or(i64::MAX);
    for pixel in pixels.chunks_exact_mut(3) {
        if is_ink(&letters, advance, x, y) {
            for part in pixel {
                *part = darker(*part);
            }
        }
        x += 1;
        if x == width {
            (x, y) = (0, y + 1);
        }
    }
}

fn darker(part: u8) -> u8 {
    let left = u32::from(part) * (256 - STRENGTH) / 256;
    u8::try_from(left).unwrap_or(part)
}

/// Whether a letter of the pattern covers this pixel.
fn is_ink(letters: &[[u8; 7]], advance: i64, x: i64, y: i64) -> bool {
    let down = (y * 1000 + x * SLANT) / 1000 / DOT;
    let line = down.div_euclid(LINE);
    let row = down.rem_euclid(LINE);
    if row >= HEIGHT {
        return false;
    }
    // Every other line is shifted: nothing lies between the marks of all lines.
    let across = (x / DOT + line.rem_euclid(2) * advance / 2).rem_euclid(advance);
    let letter = usize::try_from(across / ADVANCE).ok().and_then(|at| letters.get(at));
    let (Some(rows), Ok(row)) = (letter, usize::try_from(row)) else { return false };
    let column = across % ADVANCE;
    column < 5 && rows[row] >> (4 - column) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn white(width: usize, height: usize) -> Vec<u8> {
        vec![255; width * height * 3]
    }

    #[test]
    fn a_mark_is_in_every_part_of_the_page_and_leaves_it_readable() {
        let (width, height) = (909, 1286);
        let mut pixels = white(width, height);
        draw(&mut pixels, width, &words("3f9a04c1", "2026-03-05 09:30"));
        let grey = |x: usize, y: usize| pixels[(y * width + x) * 3] < 255;
        for (left, top) in [(0, 0), (600, 0), (0, 1000), (600, 1000), (300, 500)] {
            let dots = (top..top + 280)
                .flat_map(|y| (left..left + 300).map(move |x| (x, y)))
                .filter(|(x, y)| grey(*x, *y))
                .count();
            assert!(dots > 1000, "{left} {top}: {dots}");
        }
        assert!(pixels.iter().all(|part| *part >= 190), "text on it stays darker by far");
    }

    #[test]
    fn two_viewers_have_two_images() {
        let marked = |words: &str| {
            let mut pixels = white(300, 300);
            draw(&mut pixels, 300, words);
            pixels
        };
        assert_ne!(marked("3F9A04C1 2026-03-05 09:30"), marked("3F9A04C2 2026-03-05 09:30"));
        assert_ne!(marked("3F9A04C1 2026-03-05 09:30"), marked("3F9A04C1 2026-03-05 09:31"));
        assert_eq!(marked(""), white(300, 300));
    }
}
