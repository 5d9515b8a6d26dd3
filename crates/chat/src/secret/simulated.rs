//! Random bytes that are the same in every run: for simulations alone, and on the thread alone that
//! asked for them.

use std::cell::RefCell;

type Source = Box<dyn FnMut(&mut [u8])>;

thread_local! {
    static SOURCE: RefCell<Option<Source>> = const { RefCell::new(None) };
}

/// From now on, what is random on this thread comes from `source`; with `None` from the system again.
pub fn replace(source: Option<Source>) {
    SOURCE.set(source);
}

/// Whether the bytes came from a simulation.
pub(super) fn fill(bytes: &mut [u8]) -> bool {
    SOURCE.with_borrow_mut(|source| {
        let Some(source) = source else { return false };
        source(bytes);
        true
    })
}
