//! PDF — every byte outside of streams is read, and every stream that holds objects is unpacked:
//! what the file's own tables say is where what does not matter. What runs, opens or hides files
//! is not taken; pages with links are.

use std::collections::BTreeSet;
use std::io::{Read, Seek};

use super::archive::{INFLATED_MAX, Inflater, RATIO_FREE, RATIO_MAX};
use super::lexer::{Lexer, Token};
use super::window::Window;
use super::{Flaw, Kind, Watch, at, ends_as_archive};

/// How deep dictionaries and lists may stand in each other.
const DEPTH_MAX: usize = 200;
/// Objects whose actions are remembered, and objects of one stream.
const OBJECTS_MAX: usize = 200_000;
/// Bytes at the end in which the last mark stands.
const TAIL: u64 = 70 * 1024;
/// Bytes that may follow the last mark: line ends of careless writers.
const AFTER_MAX: usize = 1024;

/// Names that run something, reach out, or carry other files, with what people call them.
const ACTIVE: [(&[u8], &str); 15] = [
    (b"JavaScript", "脚本"),
    (b"Launch", "启动程序的动作"),
    (b"EmbeddedFile", "附带的文件"),
    (b"EmbeddedFiles", "附带的文件"),
    (b"FileAttachment", "附带的文件"),
    (b"XFA", "动态表单"),
    (b"RichMedia", "多媒体内容"),
    (b"RichMediaExecute", "多媒体内容"),
    (b"Rendition", "多媒体内容"),
    (b"Movie", "多媒体内容"),
    (b"ImportData", "导入数据的动作"),
    (b"SubmitForm", "提交数据的动作"),
    (b"GoToE", "打开附带文件的动作"),
    (b"AA", "自动触发的动作"),
    (b"AF", "附带的文件"),
];
const OPENS: &str = "打开时自动执行的动作";

pub(super) fn inspect(
    file: &mut (impl Read + Seek),
    size: u64,
    watch: &Watch,
) -> Result<Kind, Flaw> {
    let version = at(file, 5, 3.min(size.saturating_sub(5)))?;
    if !matches!(version[..], [b'1' | b'2', b'.', b'0'..=b'9']) {
        return Err(Flaw::Broken);
    }
    let end = ending(file, size)?;
    let mut scan = Scan { facts: Facts::default(), inflated: 0, watch };
    scan.file(&mut Window::over(file)?, size)?;
    match scan.facts.verdict() {
        Err(flaw) if flaw != Flaw::Broken => Err(flaw),
        verdict => end.and(verdict),
    }
}

/// The last mark is there, and nothing else comes after it. An encrypted or active file is told
/// so first: the inner result waits.
fn ending(file: &mut (impl Read + Seek), size: u64) -> Result<Result<(), Flaw>, Flaw> {
    let tail = at(file, size.saturating_sub(TAIL), size.min(TAIL))?;
    let Some(mark) = memchr::memmem::rfind(&tail, b"%%EOF") else {
        return Ok(Err(Flaw::Truncated));
    };
    let after = &tail[mark + 5..];
    let blank = |byte: &u8| matches!(byte, 0 | b'\t' | b'\n' | b'\r' | b' ' | 0x1A);
    if ends_as_archive(&tail) || !after.iter().all(blank) || after.len() > AFTER_MAX {
        return Ok(Err(Flaw::Polyglot));
    }
    if memchr::memmem::rfind(&tail[..mark], b"startxref").is_none() {
        return Ok(Err(Flaw::Truncated));
    }
    Ok(Ok(()))
}

/// What was found in all objects.
#[derive(Default)]
struct Facts {
    objects: u64,
    encrypted: bool,
    active: Option<&'static str>,
    /// Objects named by `/OpenAction`.
    opening: BTreeSet<u64>,
    /// Objects that lead to an address.
    leading: BTreeSet<u64>,
}

impl Facts {
    fn verdict(self) -> Result<Kind, Flaw> {
        if self.encrypted {
            return Err(Flaw::PdfEncrypted);
        }
        if let Some(what) = self.active {
            return Err(Flaw::PdfActive(what));
        }
        if self.opening.intersection(&self.leading).next().is_some() {
            return Err(Flaw::PdfActive(OPENS));
        }
        if self.objects == 0 { Err(Flaw::Broken) } else { Ok(Kind::Pdf) }
    }

    fn found(&mut self, what: &'static str) {
        self.active.get_or_insert(what);
    }
}

/// What the dictionary before a stream says of it.
#[derive(Clone, Debug, Default)]
struct Head {
    objects: bool,
    count: Option<u64>,
    first: Option<u64>,
    filters: Vec<Vec<u8>>,
    /// The filters stand elsewhere, or change what comes out once more.
    odd: bool,
}

/// Follows the tokens of objects.
struct Objects<'a> {
    facts: &'a mut Facts,
    depth: usize,
    /// The last two words, and with them the number of the object that begins.
    words: [Option<u64>; 2],
    number: u64,
    head: Head,
    /// A key of the outermost dictionary that waits for its value.
    key: Option<Vec<u8>>,
    /// The name before this token.
    name: Option<Vec<u8>>,
    /// `/OpenAction` waits for what it opens; inside of that dictionary, its depth.
    opens: bool,
    opening: Option<usize>,
}

impl<'a> Objects<'a> {
    fn new(facts: &'a mut Facts) -> Self {
        Self {
            facts,
            depth: 0,
            words: [None; 2],
            number: 0,
            head: Head::default(),
            key: None,
            name: None,
            opens: false,
            opening: None,
        }
    }

    /// Takes a token; true where a stream begins.
    fn take(&mut self, token: &Token) -> Result<bool, Flaw> {
        match token {
            Token::Name(name) => self.named(name),
            Token::Word(word) => return Ok(self.word(word)),
            Token::Open | Token::List => self.open(token)?,
            Token::Close | Token::EndList => self.close(),
            Token::Text => self.key = None,
        }
        if !matches!(token, Token::Name(_)) {
            self.name = None;
        }
        self.words = [None; 2];
        Ok(false)
    }

    fn open(&mut self, token: &Token) -> Result<(), Flaw> {
        if self.depth == 0 {
            self.head = Head::default();
        }
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Flaw::Broken);
        }
        let dictionary = *token == Token::Open;
        if dictionary && self.opens {
            self.opening = Some(self.depth);
        }
        if dictionary && self.name.as_deref() == Some(b"EF") {
            self.facts.found("附带的文件");
        }
        self.opens = false;
        // A list of filters keeps its key; parameters may say that more is done.
        if self.depth == 2 && self.key.as_deref() != Some(b"Filter") {
            self.key = None;
        }
        Ok(())
    }

    fn close(&mut self) {
        if self.opening == Some(self.depth) {
            self.opening = None;
        }
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 1 {
            self.key = None;
        }
    }

    fn named(&mut self, name: &[u8]) {
        if let Some((_, what)) = ACTIVE.iter().find(|(active, _)| *active == name) {
            // A tint named AA or AF is no action: those two act as keys of a dictionary only.
            if name.len() > 2 || self.depth >= 1 && self.name.as_deref() != Some(b"S") {
                self.facts.found(what);
            }
        }
        if name == b"Encrypt" {
            self.facts.encrypted = true;
        }
        if self.name.as_deref() == Some(b"S") && matches!(name, b"URI" | b"GoToR" | b"Named") {
            if self.opening.is_some() {
                self.facts.found(OPENS);
            } else if self.facts.leading.len() < OBJECTS_MAX {
                self.facts.leading.insert(self.number);
            }
        }
        self.opens = name == b"OpenAction";
        let value_of = if self.depth == 1 { self.key.take() } else { None };
        match value_of.as_deref() {
            Some(b"Type") => self.head.objects |= name == b"ObjStm",
            Some(b"Filter") => self.head.filters.push(name.to_vec()),
            None if self.depth == 1 => self.key = Some(name.to_vec()),
            None if self.depth == 2 && self.key.as_deref() == Some(b"Filter") => {
                self.head.filters.push(name.to_vec());
            }
            _ => {}
        }
        self.name = Some(name.to_vec());
    }

    fn word(&mut self, word: &[u8]) -> bool {
        let number = std::str::from_utf8(word).ok().and_then(|word| word.parse::<u64>().ok());
        let name = self.name.take();
        match word {
            b"obj" => self.begin(),
            b"stream" if self.depth == 0 => return true,
            b"R" if self.opens => {
                self.opens = false;
                if let Some(number) = self.words[0] {
                    self.facts.opening.insert(number);
                }
            }
            _ => {}
        }
        if number.is_none() {
            self.opens = false;
        } else if self.opens {
            // The reference is on its way: the name still counts.
            self.words = [self.words[1], number];
            return false;
        }
        if self.depth == 1
            && let Some(key) = self.key.take()
        {
            match key.as_slice() {
                b"N" => self.head.count = number,
                b"First" => self.head.first = number,
                b"Filter" => self.head.odd = true,
                _ => {}
            }
        }
        if name.as_deref() == Some(b"Predictor") && number.is_some_and(|number| number > 1) {
            self.head.odd = true;
        }
        self.words = [self.words[1], number];
        false
    }

    fn begin(&mut self) {
        self.facts.objects += 1;
        self.number = self.words[0].unwrap_or_default();
        (self.depth, self.key, self.opening) = (0, None, None);
        self.head = Head::default();
    }
}

/// One run over a file.
struct Scan<'a> {
    facts: Facts,
    inflated: u64,
    watch: &'a Watch,
}

impl Scan<'_> {
    fn file(&mut self, file: &mut Window<impl Read + Seek>, size: u64) -> Result<(), Flaw> {
        let mut place = 0;
        while place < size {
            let Some((head, data)) = self.objects(file, place, size)? else { return Ok(()) };
            let (end, next) = stream_end(file, data, size, self.watch)?;
            // Readers take a stream for objects by its numbers, whatever it calls itself.
            if head.objects || (head.count.is_some() && head.first.is_some()) {
                self.stream(file, data, end, &head)?;
            }
            place = next;
        }
        Ok(())
    }

    /// Reads objects until a stream begins: what it is, and where its bytes are.
    fn objects(
        &mut self,
        file: &mut Window<impl Read + Seek>,
        from: u64,
        size: u64,
    ) -> Result<Option<(Head, u64)>, Flaw> {
        let (mut lexer, mut objects) = (Lexer::new(), Objects::new(&mut self.facts));
        let mut place = from;
        while place < size {
            self.watch.check()?;
            let bytes = file.at(place, 1)?;
            if bytes.is_empty() {
                return Err(Flaw::Truncated);
            }
            for byte in bytes {
                place += 1;
                for token in lexer.push(*byte).into_iter().flatten() {
                    if objects.take(&token)? {
                        let head = std::mem::take(&mut objects.head);
                        let line = *byte == b'\r' && file.at(place, 1)?.first() == Some(&b'\n');
                        return Ok(Some((head, place + u64::from(line))));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Reads the objects inside of a stream.
    fn stream(
        &mut self,
        file: &mut Window<impl Read + Seek>,
        data: u64,
        end: u64,
        head: &Head,
    ) -> Result<(), Flaw> {
        let packed = match head.filters.as_slice() {
            [] => false,
            [one] => matches!(one.as_slice(), b"FlateDecode" | b"Fl"),
            _ => true,
        };
        let known = head.filters.is_empty() || (packed && head.filters.len() == 1);
        if head.odd || !known {
            // A stream of another sort may carry these numbers, too: only what says it holds
            // objects has to be looked into.
            return if head.objects { Err(Flaw::PdfOdd) } else { Ok(()) };
        }
        let mut inner = Inner::new(&mut self.facts, head);
        let mut inflater = packed.then(|| Inflater::new(true));
        let (mut place, mut out) = (data, 0_u64);
        let (total, watch) = (&mut self.inflated, self.watch);
        while place < end && inflater.as_ref().is_none_or(|inflater| !inflater.ended) {
            watch.check()?;
            let bytes = file.at(place, 1)?;
            if bytes.is_empty() {
                return Err(Flaw::Truncated);
            }
            let most = usize::try_from(end - place).unwrap_or(usize::MAX);
            let piece = &bytes[..bytes.len().min(most)];
            place += piece.len() as u64;
            let Some(inflater) = &mut inflater else {
                inner.take(piece)?;
                continue;
            };
            let pushed = inflater.push(piece, watch, &mut |bytes| {
                out += bytes.len() as u64;
                *total += bytes.len() as u64;
                let dense = out > RATIO_FREE && out > (place - data) * RATIO_MAX;
                if dense || *total > INFLATED_MAX {
                    return Err(Flaw::Inflates);
                }
                inner.take(bytes)
            });
            match pushed {
                // What no reader can unpack runs nowhere; half of it was read all the same.
                Err(Flaw::Broken) if !head.objects => return Ok(()),
                other => other?,
            }
        }
        inner.end()
    }
}

/// The objects in a stream: a table of numbers and places, then one object behind the other.
struct Inner<'a> {
    lexer: Lexer,
    objects: Objects<'a>,
    table: Vec<(u64, u64)>,
    count: usize,
    first: u64,
    place: u64,
    number: Option<u64>,
    at: usize,
}

impl<'a> Inner<'a> {
    fn new(facts: &'a mut Facts, head: &Head) -> Self {
        let count = head.count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default();
        Self {
            lexer: Lexer::new(),
            objects: Objects::new(facts),
            table: Vec::new(),
            count: count.min(OBJECTS_MAX),
            first: head.first.unwrap_or_default(),
            place: 0,
            number: None,
            at: 0,
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Flaw> {
        for byte in bytes {
            self.place += 1;
            self.settle();
            for token in self.lexer.push(*byte).into_iter().flatten() {
                self.token(&token)?;
            }
        }
        Ok(())
    }

    /// Which object the place belongs to. A token ends with the byte after it, which may be the
    /// first of the next object: the object changes one byte later.
    fn settle(&mut self) {
        let begins = |at: usize| self.table.get(at).map(|(_, offset)| self.first + offset + 1);
        while begins(self.at).is_some_and(|begins| begins < self.place) {
            self.objects.number = self.table[self.at].0;
            self.objects.depth = 0;
            self.at += 1;
        }
    }

    fn token(&mut self, token: &Token) -> Result<(), Flaw> {
        if self.table.len() < self.count
            && let Token::Word(word) = token
        {
            let number = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
            match (self.number.take(), number) {
                (None, number) => self.number = number,
                (Some(object), Some(offset)) => self.table.push((object, offset)),
                (Some(_), None) => {}
            }
            return Ok(());
        }
        self.objects.take(token).map(drop)
    }

    fn end(mut self) -> Result<(), Flaw> {
        self.take(b" ")
    }
}

/// Where a stream's bytes end, and where reading goes on. A stream also ends where an object
/// begins: tables may point into the middle of what looks like a picture.
fn stream_end(
    file: &mut Window<impl Read + Seek>,
    data: u64,
    size: u64,
    watch: &Watch,
) -> Result<(u64, u64), Flaw> {
    /// Bytes looked at again with those behind them: the longest beginning of an object, and more.
    const KEEP: usize = 40;
    let end_word = memchr::memmem::Finder::new(b"endstream");
    let object_word = memchr::memmem::Finder::new(b"obj");
    let mut begin = data;
    loop {
        watch.check()?;
        let bytes = file.at(begin, KEEP + 1)?;
        let end = end_word.find(bytes);
        // What begins behind the end is not asked for.
        let within = &bytes[..end.unwrap_or(bytes.len())];
        let object = object_word.find_iter(within).find_map(|place| object_begin(within, place));
        match (end, object) {
            (_, Some(object)) => {
                return Ok((begin + object as u64, begin + object as u64));
            }
            (Some(end), None) => return Ok((begin + end as u64, begin + end as u64 + 9)),
            (None, None) if bytes.len() <= KEEP => return Ok((size, size)),
            (None, None) => begin += (bytes.len() - KEEP) as u64,
        }
    }
}

/// Where `12 0 obj` begins whose last word is here, if that is what it is.
fn object_begin(bytes: &[u8], word: usize) -> Option<usize> {
    let mut place = word;
    for _ in 0..2 {
        let spaces = bytes[..place].iter().rev().take_while(|byte| byte.is_ascii_whitespace());
        let spaces = spaces.count();
        let digits = bytes[..place - spaces].iter().rev().take_while(|byte| byte.is_ascii_digit());
        let digits = digits.count();
        if spaces == 0 || digits == 0 || digits > 10 {
            return None;
        }
        place -= spaces + digits;
    }
    Some(place)
}
