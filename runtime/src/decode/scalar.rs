//! Scalars, in whichever of JSON's types they come.

use super::{DecodeError, Decoder, Json};

/// Text; numbers and booleans are written out.
pub(super) fn string(decoder: &Decoder, value: Json) -> Result<Option<String>, DecodeError> {
    match value {
        Json::Null => Ok(None),
        Json::String(text) => Ok(Some(text)),
        Json::Number(number) => Ok(Some(number.to_string())),
        Json::Bool(flag) => Ok(Some(flag.to_string())),
        found => Err(decoder.expected("text", &found)),
    }
}

/// A whole number; text that is one, and a number whose fraction is zero, count.
pub(super) fn int64(decoder: &Decoder, value: &Json) -> Result<Option<i64>, DecodeError> {
    let number = match value {
        Json::Null => return Ok(None),
        Json::String(text) if text.trim().is_empty() => return Ok(None),
        Json::String(text) => text.trim().parse().ok(),
        Json::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
        _ => None,
    };
    number.map(Some).ok_or_else(|| decoder.expected("a whole number of 64 bits", value))
}

/// A whole number of 32 bits.
pub(super) fn int32(decoder: &Decoder, value: &Json) -> Result<Option<i32>, DecodeError> {
    let Some(number) = int64(decoder, value)? else { return Ok(None) };
    i32::try_from(number).map(Some).map_err(|_| decoder.expected("a whole number of 32 bits", value))
}

fn whole(number: f64) -> Option<i64> {
    // Beyond 2^53 a float does not hold every whole number, so none of them is taken for exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 53 bits, as tested")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// A number; text that is one counts.
pub(super) fn float64(decoder: &Decoder, value: &Json) -> Result<Option<f64>, DecodeError> {
    let number = match value {
        Json::Null => return Ok(None),
        Json::String(text) if text.trim().is_empty() => return Ok(None),
        Json::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        Json::Number(number) => number.as_f64(),
        _ => None,
    };
    number.map(Some).ok_or_else(|| decoder.expected("a number", value))
}

/// True or false; the words in any case, 1 and 0 count.
pub(super) fn boolean(decoder: &Decoder, value: &Json) -> Result<Option<bool>, DecodeError> {
    let flag = match value {
        Json::Null => return Ok(None),
        Json::Bool(flag) => Some(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Json::String(text) => match text.trim() {
            "" => return Ok(None),
            "1" => Some(true),
            "0" => Some(false),
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        },
        _ => None,
    };
    flag.map(Some).ok_or_else(|| decoder.expected("true or false", value))
}
