//! Tables of fixed-size rows in pages of 4 KiB, each with its checksum: a page is read and checked
//! when it is needed, and nothing is kept in memory.

use std::io;

use super::super::disk::DiskFile;

/// A page with its checksum.
pub(super) const PAGE_BYTES: usize = 4096;
/// Without it.
pub(super) const PAGE_ROOM: usize = PAGE_BYTES - 4;

/// Where a table is in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Bytes of a row.
    pub(super) row: usize,
    /// How many.
    pub(super) rows: u64,
    /// Its first page.
    pub(super) page: u64,
}

impl Table {
    /// Pages of a table.
    pub(super) fn pages(&self) -> u64 {
        self.rows.div_ceil(self.rows_per_page())
    }

    /// The page after its last one; `None` for one that no file can hold.
    pub(super) fn end(&self) -> Option<u64> {
        self.page.checked_add(self.pages())
    }

    fn rows_per_page(&self) -> u64 {
        (PAGE_ROOM / self.row) as u64
    }

    /// A row.
    pub(super) fn get<'p>(&self, pages: &'p mut Pages<'_>, number: u64) -> io::Result<&'p [u8]> {
        let page = pages.get(self.page + number / self.rows_per_page())?;
        let place = usize::try_from(number % self.rows_per_page()).map_err(io::Error::other)?;
        Ok(&page[place * self.row..][..self.row])
    }

    /// The first row whose key is not below a given one. Rows begin with their key, little-endian,
    /// ascending and evenly spread, so that its place can be guessed.
    pub(super) fn lower_bound(&self, pages: &mut Pages<'_>, key: u64) -> io::Result<u64> {
        let per_page = self.rows_per_page();
        let (mut low, mut high) = (0, self.pages());
        let mut guess = u64::try_from((u128::from(key) * u128::from(high)) >> 64).unwrap_or(0);
        let mut step = 1;
        while low < high {
            let first = guess * per_page;
            let last = (first + per_page).min(self.rows) - 1;
            if self.key(pages, first)? >= key {
                high = guess;
                guess = guess.saturating_sub(step).max(low);
            } else if self.key(pages, last)? < key {
                low = guess + 1;
                guess = (guess + step).min(high.saturating_sub(1)).max(low);
            } else {
                return self.lower_bound_within(pages, key, first, last);
            }
            step *= 2;
        }
        Ok((low * per_page).min(self.rows))
    }

    fn lower_bound_within(
        &self,
        pages: &mut Pages<'_>,
        key: u64,
        mut low: u64,
        mut high: u64,
    ) -> io::Result<u64> {
        while low < high {
            let middle = u64::midpoint(low, high);
            if self.key(pages, middle)? < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    fn key(&self, pages: &mut Pages<'_>, number: u64) -> io::Result<u64> {
        let row = self.get(pages, number)?;
        let key = row.first_chunk().ok_or(io::ErrorKind::InvalidData)?;
        Ok(u64::from_le_bytes(*key))
    }
}

/// Reads pages; the last one is kept.
pub(super) struct Pages<'a> {
    file: &'a dyn DiskFile,
    number: Option<u64>,
    page: Box<[u8]>,
}

impl<'a> Pages<'a> {
    /// Of a file.
    pub(super) fn new(file: &'a dyn DiskFile) -> Self {
        Self {
            file,
            number: None,
            page: vec![0; PAGE_BYTES].into(),
        }
    }

    /// A page without its checksum; [`io::ErrorKind::InvalidData`] when that is wrong.
    pub(super) fn get(&mut self, number: u64) -> io::Result<&[u8]> {
        if self.number != Some(number) {
            self.number = None;
            self.file
                .read_at(&mut self.page, number * PAGE_BYTES as u64)?;
            let (room, crc) = self.page.split_at(PAGE_ROOM);
            if crc32c::crc32c(room).to_le_bytes() != crc {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("the checksum of page {number} is wrong"),
                ));
            }
            self.number = Some(number);
        }
        Ok(&self.page[..PAGE_ROOM])
    }
}

/// Writes rows into pages at the end of a buffer.
pub(super) struct TableWriter<'a> {
    out: &'a mut Vec<u8>,
    row: usize,
    rows: u64,
    page: u64,
    page_start: usize,
}

impl<'a> TableWriter<'a> {
    /// Begins a table of rows with so many bytes. The buffer holds whole pages.
    pub(super) fn new(out: &'a mut Vec<u8>, row: usize) -> Self {
        Self {
            page: (out.len() / PAGE_BYTES) as u64,
            page_start: out.len(),
            out,
            row,
            rows: 0,
        }
    }

    /// Appends a row.
    pub(super) fn push(&mut self, put_row: impl FnOnce(&mut Vec<u8>)) {
        if self.out.len() - self.page_start + self.row > PAGE_ROOM {
            self.end_page();
        }
        put_row(self.out);
        self.rows += 1;
    }

    /// Ends the table.
    pub(super) fn finish(mut self) -> Table {
        if self.out.len() > self.page_start {
            self.end_page();
        }
        Table {
            row: self.row,
            rows: self.rows,
            page: self.page,
        }
    }

    fn end_page(&mut self) {
        end_page(self.out, self.page_start);
        self.page_start = self.out.len();
    }
}

/// Fills a page up and appends its checksum.
pub(super) fn end_page(out: &mut Vec<u8>, start: usize) {
    out.resize(start + PAGE_ROOM, 0);
    let crc = crc32c::crc32c(&out[start..]);
    out.extend_from_slice(&crc.to_le_bytes());
}
