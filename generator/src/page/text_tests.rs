//! Tests of the reader of saved text.

use std::fmt::Write as _;

use super::{Block, read_text};

/// The blocks of a page, a line each, cells and items indented.
fn shown(source: &str) -> String {
    let mut out = String::new();
    show(&read_text("page.txt", source).blocks, source, 0, &mut out);
    out
}

fn show(blocks: &[Block<'_>], source: &str, depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    for block in blocks {
        match block {
            Block::Heading { level, text, .. } => writeln!(out, "{pad}h{level} {}", text.content),
            Block::Paragraph(text) => {
                assert!(source.get(text.span.range()).is_some());
                writeln!(out, "{pad}p {}", text.content)
            }
            Block::Code { text, .. } => writeln!(out, "{pad}code {text:?}"),
            Block::List { items, .. } => {
                for item in items {
                    let _ = writeln!(out, "{pad}item");
                    show(&item.blocks, source, depth + 1, out);
                }
                Ok(())
            }
            Block::Table(table) => {
                for (name, cells) in
                    std::iter::once(("header", &table.header)).chain(table.rows.iter().map(|row| ("row", &row.cells)))
                {
                    let _ = writeln!(out, "{pad}{name} of {}", cells.len());
                    for cell in cells {
                        let _ = writeln!(out, "{pad}  cell");
                        show(&cell.blocks, source, depth + 2, out);
                    }
                }
                Ok(())
            }
            Block::Note(inner) => {
                show(inner, source, depth + 1, out);
                Ok(())
            }
        }
        .expect("strings can be written to");
    }
}

#[test]
fn cells_broken_over_lines() {
    insta::assert_snapshot!(shown("A | B | C |\n---|---|---|\nx | y. Note\nIf so.\n| 1 |\nz |\n|\n| 2 |\nafter"));
}

#[test]
fn one_cell_a_line() {
    insta::assert_snapshot!(shown("A |\nB |\n---|---|\nx |\ny.\n|\nC |\nD |\n---|---|\n1 |\n2 |\nafter"));
}

#[test]
fn rows_that_open_with_a_pipe() {
    insta::assert_snapshot!(shown("|\nA |\nB |\nC |\n|\nobject | ||\n| x |\ny\n\nNote z |\n|\nafter"));
}

#[test]
fn lists_and_code() {
    insta::assert_snapshot!(shown(
        "  • a\n    • b\n  • c\n\n-\nd\n-\ne\n{\n \"k\": [1, \"}\"]\n}\n[ {\"a\":1} ]\n<R>\n<a>1</a>\n</R>\n{ no code\n"
    ));
}

#[test]
fn the_reference_pages() {
    insta::assert_snapshot!(
        "restore_instance",
        shown(include_str!("../../../specs/aliyun-r-kvstore/pages/003_9bc4ab624a84d6b4.txt"))
    );
    insta::assert_snapshot!(
        "restore_to_existing_instance",
        shown(include_str!("../../../specs/huawei-gaussdb-mysql/pages/002_b0f36896117dca13.txt"))
    );
    insta::assert_snapshot!(
        "create_backup",
        shown(include_str!("../../../specs/aliyun-rds/pages/004_ab789195386312f0.txt"))
    );
    insta::assert_snapshot!(
        "create_restore_task",
        shown(include_str!("../../../specs/aliyun-dbs/pages/001_37b1367c307c476f.txt"))
    );
    insta::assert_snapshot!(
        "restore_ddr_table",
        shown(include_str!("../../../specs/aliyun-rds/pages/000_ddb4ed04b0447021.txt"))
    );
}

/// The tables of a page, rows in brackets, cells by commas; paragraphs as they stand.
fn outline(source: &str) -> String {
    let cells = |cells: &[super::Cell<'_>]| {
        let words = cells.iter().map(|cell| match cell.blocks.as_slice() {
            [Block::Paragraph(text)] => text.content.to_string(),
            other => format!("{} blocks", other.len()),
        });
        format!("[{}]", words.collect::<Vec<_>>().join(", "))
    };
    let document = read_text("page.txt", source);
    let blocks = document.blocks.iter().map(|block| match block {
        Block::Table(table) => {
            std::iter::once(cells(&table.header)).chain(table.rows.iter().map(|row| cells(&row.cells))).collect()
        }
        Block::Paragraph(text) => text.content.to_string(),
        _ => "?".to_owned(),
    });
    blocks.collect::<Vec<String>>().join(" ")
}

#[test]
fn a_row_that_lost_a_cell_ends_with_its_last() {
    let ruled = "A | B | C |\n---|---|---|\n1 | 2 |\nafter\nmore\nD | E | F |\n---|---|---|\nx | y | z |";
    assert_eq!(outline(ruled), "[A, B, C][1, 2] after more [D, E, F][x, y, z]");
    let fenced = "|\nA |\nB |\nC |\n| 1 |\n2 |\nafter\n|\nD |\nE |\nF |\n| x |\ny |\nz |\nlast";
    assert_eq!(outline(fenced), "[A, B, C][1, 2] after [D, E, F][x, y, z] last");
    let at_the_end = "|\nA |\nB |\nC |\n| 1 |\n2 |\nafter\nlast";
    assert_eq!(outline(at_the_end), "[A, B, C][1, 2] after last");
}
