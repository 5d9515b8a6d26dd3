//! Pages of lists: how many are wanted, and whether there are more.

use crate::query;
use crate::refusal::BadParameter;

/// Rows of a page, unless the question says otherwise.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 1_000;

/// `?limit=N`.
pub(super) fn limit(query: Option<&str>) -> Result<usize, BadParameter> {
    let Some(text) = query::value(query, "limit") else {
        return Ok(LIMIT);
    };
    let limit = text.parse().ok();
    limit
        .filter(|limit| (1..=LIMIT_MAX).contains(limit))
        .ok_or_else(|| BadParameter::new("limit", format!("must be 1 to {LIMIT_MAX}")))
}

/// `?after=…`, read by somebody who knows what it is.
pub(super) fn after<T, E: ToString>(
    query: Option<&str>,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, BadParameter> {
    let read = query::value(query, "after").map(|text| read(&text));
    read.transpose()
        .map_err(|why| BadParameter::new("after", why.to_string()))
}

/// Of rows that were asked for with one more than a page has: the page, and where the next one
/// begins.
pub(super) fn cut<T>(
    mut rows: Vec<T>,
    limit: usize,
    place: impl FnOnce(&T) -> String,
) -> (Vec<T>, Option<String>) {
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more).map(place);
    (rows, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_one_to_a_thousand_rows() {
        assert_eq!(limit(None), Ok(100));
        assert_eq!(limit(Some("limit=7&x")), Ok(7));
        for query in ["limit=0", "limit=1001", "limit=x", "limit=-1", "limit="] {
            assert_eq!(limit(Some(query)).unwrap_err().field, "limit", "{query}");
        }
        let number = |query| after(Some(query), str::parse::<u64>);
        assert_eq!(number("after=5"), Ok(Some(5)));
        assert_eq!(number("limit=5"), Ok(None));
        assert_eq!(number("after=x").unwrap_err().field, "after");
    }

    #[test]
    fn only_a_page_that_is_not_the_last_says_where_to_go_on() {
        let cut = |rows: &[u8]| cut(rows.to_vec(), 2, ToString::to_string);
        assert_eq!(cut(&[1, 2, 3]), (vec![1, 2], Some("2".into())));
        assert_eq!(cut(&[1, 2]), (vec![1, 2], None));
        assert_eq!(cut(&[]), (vec![], None));
    }
}
