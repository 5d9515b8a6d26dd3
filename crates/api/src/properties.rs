//! What holds of whatever comes as the body of a request.

use crate::fields::Fields;

/// A body is an object or refused in one line, and each of its fields is read as what it is asked for
/// or refused with its name.
///
/// # Panics
///
/// When it is neither.
pub fn json(bytes: &[u8]) {
    let fields = match Fields::parse(bytes) {
        Ok(fields) => fields,
        Err(refusal) => {
            assert!(!refusal.why.contains('\n'), "{}", refusal.why);
            return;
        }
    };
    let names: Vec<_> = fields.names().map(str::to_owned).collect();
    assert!(names.iter().all(|name| fields.raw(name).is_some()));
    if let Ok(account) = fields.account("name") {
        assert_eq!(fields.text("name").as_deref(), Ok(&*account));
    }
    if let Ok(id) = fields.app_id("name") {
        assert_eq!(
            fields.number("name").ok(),
            Some(id.0.min(i64::MAX.cast_unsigned()))
        );
    }
    let _ = fields.topic_id("name");
    let _ = fields.id_if_present("name");
    let _ = fields.text_if_present("name");
    let _ = fields.text_or_empty("name");
    let _ = fields.flag("name", true);
    let _ = fields.texts("name", 10);
}
