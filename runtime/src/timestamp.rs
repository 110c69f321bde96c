//! Instants as the vendors write them.

use std::time::{SystemTime, UNIX_EPOCH};

/// Year, month, day, hour, minute, second of an instant in UTC. Instants before 1970 count as 1970, ones after 9999 as
/// the end of 9999, since the vendors' formats hold no others.
fn civil(instant: SystemTime) -> [u64; 6] {
    const END: u64 = 253_402_300_799;
    let seconds = instant.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs()).min(END);
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Days counted from 0000-03-01, so that leap days end a year: 400 years hold 146,097 days.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    [year, month, day, second / 3_600, second / 60 % 60, second % 60]
}

/// `2024-05-20T08:30:15Z`, as Alibaba Cloud's `x-acs-date` has it.
pub fn extended(instant: SystemTime) -> String {
    write(instant, *b"0000-00-00T00:00:00Z", [0, 5, 8, 11, 14, 17])
}

/// `20240520T083015Z`, as Huawei Cloud's `X-Sdk-Date` has it.
pub fn basic(instant: SystemTime) -> String {
    write(instant, *b"00000000T000000Z", [0, 4, 6, 9, 11, 13])
}

/// Writes year, month, day, hour, minute and second into a template, each where it begins; faster than formatting, which
/// every signature would pay.
fn write<const LENGTH: usize>(instant: SystemTime, mut out: [u8; LENGTH], starts: [usize; 6]) -> String {
    for (at, (start, number)) in starts.into_iter().zip(civil(instant)).enumerate() {
        let mut rest = number;
        let length = if at == 0 { 4 } else { 2 };
        for digit in out.iter_mut().skip(start).take(length).rev() {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
    }
    std::str::from_utf8(&out).unwrap_or_default().to_owned()
}

/// Reads either form back.
pub fn parse(text: &str) -> Option<SystemTime> {
    let digits: Vec<u64> = match text.as_bytes() {
        [y @ .., b'Z'] => {
            let shape_ok = match y.len() {
                15 => y.get(8) == Some(&b'T'),
                19 => {
                    y.get(4) == Some(&b'-')
                        && y.get(7) == Some(&b'-')
                        && y.get(10) == Some(&b'T')
                        && y.get(13) == Some(&b':')
                        && y.get(16) == Some(&b':')
                }
                _ => false,
            };
            if !shape_ok {
                return None;
            }
            y.iter().filter(|b| b.is_ascii_digit()).map(|b| u64::from(b - b'0')).collect()
        }
        _ => return None,
    };
    if digits.len() != 14 {
        return None;
    }
    let number = |from: usize, to: usize| digits[from..to].iter().fold(0, |n, d| n * 10 + d);
    let (year, month, day) = (number(0, 4), number(4, 6), number(6, 8));
    let (hour, minute, second) = (number(8, 10), number(10, 12), number(12, 14));
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year / 400, year % 400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let days =
        (era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year).checked_sub(719_468)?;
    UNIX_EPOCH.checked_add(std::time::Duration::from_secs(days * 86_400 + hour * 3_600 + minute * 60 + second))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[track_caller]
    fn check(seconds: u64, expected: &str) {
        let instant = UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(extended(instant), expected);
        assert_eq!(basic(instant), expected.replace(['-', ':'], ""));
        assert_eq!(parse(expected), Some(instant));
        assert_eq!(parse(&basic(instant)), Some(instant));
    }

    #[test]
    fn instants_are_written_and_read_back() {
        check(0, "1970-01-01T00:00:00Z");
        check(951_782_400, "2000-02-29T00:00:00Z");
        check(1_716_193_815, "2024-05-20T08:30:15Z");
        check(1_735_689_599, "2024-12-31T23:59:59Z");
        check(4_107_542_400, "2100-03-01T00:00:00Z");
        check(253_402_300_799, "9999-12-31T23:59:59Z");
    }

    #[test]
    fn other_text_is_no_instant() {
        for text in
            ["", "Z", "2024-05-20", "2024-05-20T08:30:15", "2024-13-20T08:30:15Z", "2024x05x20T08:30:15Z", "soon"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
