//! What reading again asks of an index file.

use std::io;

use model::{Conversation, Sequence, Uuid};

use super::super::table::Pages;
use super::super::{Bounds, Entry, Place, account_key, key, numbers};
use super::{FileIndex, invalid, place};
use crate::code::Reader;

impl FileIndex {
    /// See [`super::super::Index::newest`].
    pub(crate) fn newest(
        &self,
        conversation: Conversation,
        bounds: &Bounds,
        max: usize,
        out: &mut Vec<Entry>,
    ) -> io::Result<bool> {
        let wanted = numbers(conversation);
        let mut pages = Pages::new(&*self.file);
        if !self.may_contain(&mut pages, key(wanted))? {
            return Ok(false);
        }
        let Some((first, count)) = self.find(&mut pages, wanted)? else {
            return Ok(false);
        };
        let (mut at, mut end) = (first, first + count);
        while at < end {
            let middle = u64::midpoint(at, end);
            if bounds.ends_after(&self.entry(&mut pages, middle)?) {
                at = middle + 1;
            } else {
                end = middle;
            }
        }
        let stop = at.saturating_sub(max as u64).max(first);
        while at > stop {
            at -= 1;
            let entry = self.entry(&mut pages, at)?;
            if !bounds.begins_before(&entry) {
                return Ok(true);
            }
            out.push(entry);
        }
        Ok(false)
    }

    /// See [`super::super::Index::peers`].
    pub(crate) fn peers(
        &self,
        uuid: Uuid,
        mut more: impl FnMut(Uuid, Sequence) -> bool,
    ) -> io::Result<()> {
        let wanted = account_key(uuid);
        let mut pages = Pages::new(&*self.file);
        if self.peers.rows == 0 || !self.may_contain(&mut pages, wanted)? {
            return Ok(());
        }
        let mut at = self.peers.lower_bound(&mut pages, wanted)?;
        while at < self.peers.rows {
            let mut row = Reader(self.peers.get(&mut pages, at)?);
            if row.u64().map_err(invalid)? != wanted {
                break;
            }
            let peer = Uuid(row.u64().map_err(invalid)?);
            if !more(peer, Sequence(row.u64().map_err(invalid)?)) {
                break;
            }
            at += 1;
        }
        Ok(())
    }

    /// See [`super::super::Index::called_back`].
    pub(crate) fn called_back(
        &self,
        after: Sequence,
        max: usize,
        out: &mut Vec<(Sequence, Place)>,
    ) -> io::Result<()> {
        let mut pages = Pages::new(&*self.file);
        let (mut at, mut end) = (0, self.calls.rows);
        while at < end {
            let middle = u64::midpoint(at, end);
            if self.call(&mut pages, middle)?.0 <= after {
                at = middle + 1;
            } else {
                end = middle;
            }
        }
        for number in (at..self.calls.rows).take(max) {
            out.push(self.call(&mut pages, number)?);
        }
        Ok(())
    }

    /// See [`super::super::Index::at`].
    pub(crate) fn at(&self, sequence: Sequence) -> io::Result<Option<Entry>> {
        let mut pages = Pages::new(&*self.file);
        for number in 0..self.entries.rows {
            let entry = self.entry(&mut pages, number)?;
            if entry.sequence == sequence {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    fn call(&self, pages: &mut Pages<'_>, number: u64) -> io::Result<(Sequence, Place)> {
        let mut row = Reader(self.calls.get(pages, number)?);
        let sequence = Sequence(row.u64().map_err(invalid)?);
        Ok((sequence, place(&mut row).map_err(invalid)?))
    }
}
