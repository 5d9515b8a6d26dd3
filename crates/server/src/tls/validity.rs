//! From when to when a certificate is good: two times, some way into its DER.
//!
//! ```text
//! Certificate = { tbs { [0] version?, serial, algorithm, issuer, validity { notBefore, notAfter }, … }, … }
//! ```

use std::time::Duration;

use der::asn1::{AnyRef, GeneralizedTime, UtcTime};
use der::{DateTime, Decode as _, SliceReader, Tag, Tagged as _};

/// Both times belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    /// Since 1970.
    pub(super) not_before: Duration,
    /// Since 1970.
    pub(super) not_after: Duration,
}

impl Validity {
    /// Of a certificate in DER.
    pub(super) fn of(certificate: &[u8]) -> der::Result<Self> {
        let certificate = AnyRef::decode(&mut SliceReader::new(certificate)?)?;
        let tbs = AnyRef::decode(&mut SliceReader::new(certificate.value())?)?;
        let mut fields = SliceReader::new(tbs.value())?;
        let first = AnyRef::decode(&mut fields)?;
        if matches!(first.tag(), Tag::ContextSpecific { .. }) {
            let _serial = AnyRef::decode(&mut fields)?;
        }
        let _algorithm = AnyRef::decode(&mut fields)?;
        let _issuer = AnyRef::decode(&mut fields)?;
        let validity = AnyRef::decode(&mut fields)?;
        let mut times = SliceReader::new(validity.value())?;
        Ok(Self {
            not_before: time(&mut times)?,
            not_after: time(&mut times)?,
        })
    }
}

/// Two digits for the year up to 2049, four after it.
fn time(times: &mut SliceReader<'_>) -> der::Result<Duration> {
    let time = AnyRef::decode(times)?;
    if time.tag() == Tag::UtcTime {
        Ok(time.decode_as::<UtcTime>()?.to_unix_duration())
    } else {
        Ok(time.decode_as::<GeneralizedTime>()?.to_unix_duration())
    }
}

/// As in 2026-09-01.
pub(crate) fn date(since_1970: Duration) -> String {
    DateTime::from_unix_duration(since_1970).map_or_else(
        |_| "9999-12-31".to_owned(),
        |time| format!("{:04}-{:02}-{:02}", time.year(), time.month(), time.day()),
    )
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn certificate(from: i32, to: i32) -> Vec<u8> {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 2, 3);
        params.not_after = date_time_ymd(to, 4, 5);
        let key = KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn both_times_are_read_in_both_forms() {
        for (from, to) in [(1999, 2049), (2024, 2050), (2051, 2299)] {
            let validity = Validity::of(&certificate(from, to)).unwrap();
            assert_eq!(date(validity.not_before), format!("{from}-02-03"));
            assert_eq!(date(validity.not_after), format!("{to}-04-05"));
        }
    }

    #[test]
    fn no_bytes_are_too_bad_to_be_looked_at() {
        let good = certificate(2024, 2050);
        for end in 0..good.len().min(200) {
            assert!(Validity::of(&good[..end]).is_err());
        }
        for at in 0..200 {
            for flipped in [0x00, 0x01, 0x7f, 0x80, 0xff] {
                let mut bad = good.clone();
                bad[at] = flipped;
                let _ = Validity::of(&bad);
            }
        }
    }
}
