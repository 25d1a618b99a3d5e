//! Aligned tables.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// A table with a header, words on the left and numbers on the right.
pub struct Sheet {
    table: Table,
    words: usize,
}

impl Sheet {
    /// A table whose first `words` columns hold words; the others hold numbers.
    pub fn new(words: usize, header: &[&str]) -> Self {
        let mut table = Table::new();
        table
            .load_preset(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(header);
        Self { table, words }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.table.add_row(cells);
    }

    /// The table as text, each line indented by two spaces and ended.
    pub fn text(mut self) -> String {
        for (index, column) in self.table.column_iter_mut().enumerate() {
            let right = index >= self.words;
            column.set_cell_alignment(if right {
                CellAlignment::Right
            } else {
                CellAlignment::Left
            });
            column.set_padding((0, 2));
        }
        let mut text = String::new();
        for (index, line) in self.table.lines().enumerate() {
            let line = line.trim_end().to_owned();
            let line = if index == 0 {
                crate::shell::faint(line)
            } else {
                line
            };
            text.push_str("  ");
            text.push_str(&line);
            text.push('\n');
        }
        text
    }
}
