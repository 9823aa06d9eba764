use super::*;

fn table(headings: &[&str], rows: &[(u64, &[&str])]) -> Table {
    let own = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    Table {
        headings: own(headings),
        rows: rows.iter().map(|(line, cells)| Row { line: *line, cells: own(cells) }).collect(),
    }
}

async fn read_as(name: &str, bytes: &[u8]) -> Result<Table, Unread> {
    read(&Desk::default(), name, bytes.to_vec()).await
}

#[tokio::test]
async fn a_table_reads_the_same_in_every_encoding_of_an_office() {
    let text = "单位,日期\r\n云川,2026-03-05\r\n\r\n\"金,岭\",\r\n";
    let expected = table(&["单位", "日期"], &[(2, &["云川", "2026-03-05"]), (4, &["金,岭", ""])]);
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    for bytes in [text.as_bytes(), &marked, &gb] {
        assert_eq!(read_as("a.csv", bytes).await, Ok(expected.clone()));
    }
    let mut wide: Vec<u8> = vec![0xFF, 0xFE];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read_as("a.csv", &wide).await, Err(Unread::Encoding));
    assert_eq!(read_as("a.csv", b"\x81\xFF\xFF").await, Err(Unread::Encoding));
}

#[tokio::test]
async fn a_workbook_reads_back_as_it_was_written() {
    let rows = [
        vec!["云川".to_owned(), "=1+1".to_owned()],
        vec![String::new(), "-2".to_owned()],
        vec!["'撇".to_owned(), "2026-03-05".to_owned()],
    ];
    let bytes = xlsx_written("单位", &["甲", "乙"], &rows).expect("a workbook");
    let read = read_as("a.xlsx", &bytes).await.expect("a table");
    let expected = table(
        &["甲", "乙"],
        &[(2, &["云川", "=1+1"]), (3, &["", "-2"]), (4, &["'撇", "2026-03-05"])],
    );
    assert_eq!(read, expected);
    let text = csv_written(&["甲", "乙"], &rows);
    assert_eq!(read_as("a.csv", text.as_bytes()).await, Ok(expected));
}

#[tokio::test]
async fn every_limit_of_a_table_holds_at_its_edge() {
    let lines = |count: usize| format!("甲\n{}", "1\n".repeat(count));
    assert_eq!(
        read_as("a.csv", lines(ROWS_MAX).as_bytes()).await.map(|t| t.rows.len()),
        Ok(ROWS_MAX)
    );
    assert_eq!(read_as("a.csv", lines(ROWS_MAX + 1).as_bytes()).await, Err(Unread::TooManyRows));
    let wide = |count: usize| format!("{}\n", vec!["甲"; count].join(","));
    assert!(read_as("a.csv", wide(COLUMNS_MAX).as_bytes()).await.is_ok());
    assert_eq!(
        read_as("a.csv", wide(COLUMNS_MAX + 1).as_bytes()).await,
        Err(Unread::TooManyColumns)
    );
    let long = |count: usize| format!("甲\n{}\n", "稀".repeat(count));
    assert!(read_as("a.csv", long(CELL_CHARS_MAX).as_bytes()).await.is_ok());
    assert_eq!(
        read_as("a.csv", long(CELL_CHARS_MAX + 1).as_bytes()).await,
        Err(Unread::LongCell { line: 2 })
    );
    let heavy = vec![b' '; BYTES_MAX + 1];
    assert_eq!(read_as("a.csv", &heavy).await, Err(Unread::TooLarge));
    assert_eq!(read_as("a.csv", &heavy[..BYTES_MAX]).await, Err(Unread::Empty));
    let rows = vec![vec!["1".to_owned()]; ROWS_MAX + 1];
    let bytes = xlsx_written("表", &["甲"], &rows).expect("a workbook");
    assert_eq!(read_as("a.xlsx", &bytes).await, Err(Unread::TooManyRows));
    let bytes = xlsx_written("表", &["甲"], &rows[1..]).expect("a workbook");
    assert_eq!(read_as("a.xlsx", &bytes).await.map(|t| t.rows.len()), Ok(ROWS_MAX));
}

#[tokio::test]
async fn what_is_no_table_is_told_apart() {
    for (name, bytes) in [
        ("a.pdf", b"%PDF-1.4".as_slice()),
        ("a.xls", &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
    ] {
        assert_eq!(read_as(name, bytes).await, Err(Unread::Kind), "{name}");
    }
    assert_eq!(read_as("a.csv", b"").await, Err(Unread::Empty));
    assert_eq!(read_as("a.csv", b"\n , \n").await, Err(Unread::Empty));
    assert!(matches!(read_as("a.xlsx", b"a,b\n1,2\n").await, Err(Unread::Flaw(_))));
    assert!(matches!(read_as("a.xlsx", b"PK\x03\x04nothing").await, Err(Unread::Flaw(_))));
}

/// A workbook whose only filled cells are its first and the one at a far corner.
fn sparse(corner: &str) -> Vec<u8> {
    let rows = [vec!["x".to_owned()]];
    let bytes = xlsx_written("表", &["甲"], &rows).expect("a workbook");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut text).expect("its bytes");
        if name.ends_with("sheet1.xml") {
            let sheet = String::from_utf8(text).expect("XML");
            let (row, cell) = corner.split_once(' ').expect("a row and a cell");
            let far = format!(
                "<row r=\"{row}\"><c r=\"{cell}\" t=\"inlineStr\"><is><t>far</t></is></c></row></sheetData>"
            );
            text = sheet.replace("</sheetData>", &far).into_bytes();
        }
        out.start_file(name, options).expect("a part");
        std::io::Write::write_all(&mut out, &text).expect("its bytes");
    }
    out.finish().expect("an archive").into_inner()
}

#[tokio::test]
async fn a_cell_at_the_far_corner_costs_one_cell() {
    // A reader that lays the sheet out would ask for seventeen thousand million cells here.
    let far = read_as("a.xlsx", &sparse("1048576 XFD1048576")).await;
    assert_eq!(far, Err(Unread::TooManyColumns));
    let down = read_as("a.xlsx", &sparse("1048576 A1048576")).await.expect("a table");
    assert_eq!(down.rows.last().map(|row| row.line), Some(1_048_576));
    assert_eq!(down.rows.len(), 2);
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_exported_cell_opens_with_a_trigger(text in "[=+@\\-＝＋－＠\t\r\0'\"a,\n ]{0,6}") {
            let row = [vec![text.clone()]];
            let csv = csv_written(&["甲"], &row);
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(
                csv.trim_start_matches('\u{FEFF}').as_bytes(),
            );
            let cell = reader.records().nth(1).expect("a record").expect("read")[0].to_owned();
            prop_assert!(!triggers(&cell), "{cell:?}");
            prop_assert!(!triggers(&guarded(&text)));
        }

        #[test]
        fn what_comes_is_a_table_or_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let watch = crate::inspect::Watch::default();
            for name in ["a.csv", "a.xlsx"] {
                if let Err(unread) = parsed(name, &bytes, &watch) {
                    prop_assert!(!unread.to_string().is_empty());
                }
            }
        }

        #[test]
        fn a_text_comes_back_from_an_export(cells in proptest::collection::vec("[=+@\\-'甲a1,\" ]{1,8}", 1..4)) {
            let kept: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
            let bare = |cell: &String| cell.strip_prefix('\'').is_some_and(triggers);
            prop_assume!(!kept.iter().any(|cell| cell.is_empty() || bare(cell)));
            let headings: Vec<&str> = ["甲", "乙", "丙"][..kept.len()].to_vec();
            let csv = csv_written(&headings, std::slice::from_ref(&kept));
            let watch = crate::inspect::Watch::default();
            let read = parsed("a.csv", csv.as_bytes(), &watch).expect("a table");
            prop_assert_eq!(&read.rows[0].cells, &kept);
        }
    }
}
