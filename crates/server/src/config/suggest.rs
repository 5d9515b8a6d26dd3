//! What somebody may have meant.

use super::keys::KEYS;

/// Below this likeness a suggestion would only confuse.
const LIKENESS_MIN: f64 = 0.8;

/// Says that a key is not known, and which one is.
pub(super) fn unknown(key: &str) -> String {
    let hint = nearest(key)
        .map(|known| format!("; did you mean {known}?"))
        .unwrap_or_default();
    format!("unknown key {key}{hint}")
}

/// The most alike of the known keys.
pub(super) fn nearest(key: &str) -> Option<&'static str> {
    let likeness = |known: &str| strsim::jaro_winkler(key, known);
    let known = KEYS.iter().map(|(known, _)| (*known, likeness(known)));
    let best = known.max_by(|(_, one), (_, other)| one.total_cmp(other));
    best.filter(|(_, likeness)| *likeness >= LIKENESS_MIN)
        .map(|(known, _)| known)
}
