//! What a host of a URL is: a name, or an address in one of its many spellings.

use std::net::{IpAddr, Ipv4Addr};

/// A host that can be one.
pub(super) enum Host<'a> {
    /// To be looked up.
    Name(&'a str),
    /// Needs no looking up, however it is spelled.
    Address(IpAddr),
}

impl<'a> Host<'a> {
    /// `None` when it is neither.
    pub(super) fn read(host: &'a str) -> Option<Self> {
        if let Some(inside) = host.strip_prefix('[') {
            let address = inside.strip_suffix(']')?.parse().ok()?;
            return Some(Self::Address(IpAddr::V6(address)));
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let dotless = host.strip_suffix('.').unwrap_or(host);
        let has_labels = dotless.split('.').all(|label| !label.is_empty());
        if !has_labels || !host.bytes().all(is_plain) {
            return None;
        }
        let last = dotless.rsplit('.').next()?;
        if number(last).is_some() || last.bytes().all(|byte| byte.is_ascii_digit()) {
            return v4(dotless).map(|address| Self::Address(IpAddr::V4(address)));
        }
        Some(Self::Name(host))
    }
}

/// As `inet_aton` reads it, and so every resolver: one to four numbers, decimal, octal or
/// hexadecimal, the last of which fills what is left.
fn v4(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u32> = text.split('.').map(number).collect::<Option<_>>()?;
    let (last, first) = parts.split_last()?;
    if first.len() > 3 || first.iter().any(|part| *part > 255) {
        return None;
    }
    let bits_left = 32 - 8 * u32::try_from(first.len()).ok()?;
    if u64::from(*last) >= 1 << bits_left {
        return None;
    }
    let whole = first.iter().zip([24, 16, 8]);
    let whole = whole.fold(*last, |whole, (part, shift)| whole | part << shift);
    Some(Ipv4Addr::from(whole))
}

fn number(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let (digits, radix) = match lower.strip_prefix("0x") {
        Some("") => return Some(0),
        Some(hex) => (hex, 16),
        None if lower.len() > 1 && lower.starts_with('0') => (&lower[1..], 8),
        None => (&*lower, 10),
    };
    u32::from_str_radix(digits, radix).ok()
}
